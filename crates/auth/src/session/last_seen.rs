//! When sessions were last in use, noted in memory and written down in batches, so
//! that reading a page writes nothing. A crash loses the last notes and no more.

use std::time::Duration;

use crate::{Fault, context::Context, services::Sessions};

/// How old the note of a session's last use may grow before it is renewed.
const PRECISION: Duration = Duration::from_mins(1);
/// How many times finer than the idle limit the notes are.
const NOTES_PER_LIMIT: u32 = 10;
/// Sessions written down in one transaction, which keeps others from writing.
const BATCH: usize = 300;

impl Sessions<'_> {
    /// How old the note of a session's last use may grow before it is renewed: a
    /// minute, or a tenth of the idle limit where that is less.
    pub(super) fn last_seen_precision(self) -> Duration {
        let limit = self.0.settings.session.idle_timeout;
        limit.map_or(PRECISION, |limit| PRECISION.min(limit / NOTES_PER_LIMIT))
    }
}

impl Context {
    /// Writes down the last use of sessions that was only noted in memory. A note counts until it
    /// is written, so that no session seems idle meanwhile.
    pub(crate) async fn save_last_seen(&self) -> Result<(), Fault> {
        for batch in self.last_seen.list().chunks(BATCH) {
            let tx = self.store.begin().await?;
            tx.sessions().set_last_seen(batch).await?;
            tx.commit().await?;
            self.last_seen.forget(batch);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::{Clock, SessionKey, Timestamp};
    use store::DatabaseSettings;
    use url::Url;

    use super::*;
    use crate::{Accounts, AuthSettings, keys::SecretKey, session::LastSeen};

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    async fn accounts(idle_timeout: Option<Duration>) -> Accounts {
        let url = "sqlite::memory:".to_owned().try_into().unwrap();
        let database = DatabaseSettings { url, ..DatabaseSettings::default() };
        let mut settings = AuthSettings::default();
        settings.session.idle_timeout = idle_timeout;
        let secret = SecretKey::new(vec![1; 32]).unwrap();
        let url = Url::parse("https://app.test").unwrap();
        let opened = Accounts::open(&database, settings, &secret, url, Clock::manual(NOW)).await;
        let accounts = opened.unwrap();
        accounts.operations().migrate().await.unwrap();
        accounts
    }

    /// SES-08.
    #[tokio::test]
    async fn notes_are_ten_times_finer_than_the_idle_limit_and_a_minute_at_most() {
        for (limit, expected) in [(None, 60), (Some(3_600), 60), (Some(600), 60), (Some(60), 6)] {
            let accounts = accounts(limit.map(Duration::from_secs)).await;
            assert_eq!(
                accounts.sessions().last_seen_precision(),
                Duration::from_secs(expected),
                "{limit:?}"
            );
        }
    }

    /// SES-08: while the database is away, no session becomes idle.
    #[tokio::test]
    async fn a_note_that_could_not_be_written_down_is_kept() {
        let accounts = accounts(None).await;
        let key = SessionKey::of("id");
        accounts.0.last_seen.note(key, NOW);
        accounts.close().await;

        assert!(accounts.0.save_last_seen().await.is_err());

        assert_eq!(accounts.0.last_seen.find(&key), Some(NOW));
    }

    #[tokio::test]
    async fn more_sessions_than_fit_into_a_batch_are_all_written_down() {
        let accounts = accounts(None).await;
        for n in 0..=2 * BATCH {
            accounts.0.last_seen.note(SessionKey::of(&n.to_string()), NOW);
        }
        let before = accounts.operations().statement_count();

        accounts.0.save_last_seen().await.unwrap();

        assert!(accounts.0.last_seen.list().is_empty());
        assert!(accounts.operations().statement_count() - before > 2 * BATCH as u64);
    }

    #[test]
    fn a_note_made_during_a_save_is_not_forgotten_by_it() {
        let noted = LastSeen::default();
        let (key, later) = (SessionKey::of("id"), NOW + Duration::from_secs(1));
        noted.note(key, NOW);
        let saved = noted.list();

        noted.note(key, later);
        noted.forget(&saved);

        assert_eq!(noted.find(&key), Some(later));
    }
}
