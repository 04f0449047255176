//! The lists of mails that wait and of mails that were given up, for admins. Bodies are not read,
//! because their links give access to accounts.

use std::time::Duration;

use domain::{Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, entity::prelude::Uuid};

use crate::{
    MailId, Outbox, StoreError, UserMail,
    database::{Reads, WriteTx},
    user_mails::mail,
    values::Values,
};

/// The number up to which mails are counted.
const MAX_COUNTED: u64 = 1_000;

/// The mails to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MailFilter {
    /// Mails that wait, the next try first.
    #[default]
    Waiting,
    /// Mails that were given up, the latest first.
    Failed,
}

/// A mail of a list.
#[derive(Clone, Debug)]
pub struct ListedMail {
    /// The id of the mail.
    pub id: MailId,
    /// The account that the mail is about, if there is one.
    pub user_id: Option<UserId>,
    /// The kind.
    pub kind: String,
    /// The mail, without its body.
    pub mail: UserMail,
}

/// The end of a page of mails. The next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailCursor {
    /// The time by which the list is ordered, of the last mail of the page.
    pub at: Timestamp,
    /// The id of that mail.
    pub id: MailId,
}

/// A page of mails.
#[derive(Clone, Debug)]
pub struct MailPage {
    /// The mails.
    pub mails: Vec<ListedMail>,
    /// The end of this page, if there is another one.
    pub next: Option<MailCursor>,
}

impl MailFilter {
    /// All filters.
    pub const ALL: [Self; 2] = [Self::Waiting, Self::Failed];

    /// Returns the column of the order, the operator of the cursor, and the direction.
    const fn order(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Waiting => ("due_at", ">", "ASC"),
            Self::Failed => ("failed_at", "<", "DESC"),
        }
    }
}

impl MailId {
    /// Reads an id from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Reads an id as it is printed.
    pub fn parse(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl<C: Reads> Outbox<'_, C> {
    /// Returns up to `limit` mails after the cursor `after`.
    pub async fn list(
        &self,
        filter: MailFilter,
        after: Option<MailCursor>,
        limit: u64,
    ) -> Result<MailPage, StoreError> {
        let (column, operator, direction) = filter.order();
        let mut values = Values::default();
        let place = after.map(|after| (after.at, after.id.0));
        let beyond = values.beyond(column, operator, place);
        let sql = format!(
            "SELECT recipient, COALESCE(NULLIF(subject, ''), kind), created_at, attempts, last_error, sent_at, failed_at, \
             due_at, id, user_id, kind, {column} FROM outbox \
             WHERE {column} IS NOT NULL AND {beyond} \
             ORDER BY {column} {direction}, id {direction} LIMIT {}",
            limit + 1
        );
        let connection = self.0.connection();
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values.0);
        let rows = connection.query_all_raw(statement).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mails = rows.iter().take(most).map(listed).collect::<Result<_, _>>()?;
        let last = rows.get(most.saturating_sub(1)).filter(|_| rows.len() > most);
        let next = last.map(|row| {
            let at = row.try_get_by_index(11).map(Timestamp::from_millis)?;
            Ok::<_, StoreError>(MailCursor { at, id: MailId(row.try_get_by_index(8)?) })
        });
        Ok(MailPage { mails, next: next.transpose()? })
    }

    /// Counts the mails of each filter, in the order of [`MailFilter::ALL`], up to 1 000 and one
    /// more, which stands for any larger number.
    pub async fn count_listed(&self) -> Result<[u64; MailFilter::ALL.len()], StoreError> {
        let connection = self.0.connection();
        let counts = MailFilter::ALL.map(|filter| {
            let (column, most) = (filter.order().0, MAX_COUNTED + 1);
            format!(
                "(SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE {column} IS NOT NULL \
                 LIMIT {most}) AS few)"
            )
        });
        let sql = format!("SELECT {}", counts.join(", "));
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        let row = connection.query_one_raw(statement).await?;
        let mut counted = [0; MailFilter::ALL.len()];
        for (index, count) in counted.iter_mut().enumerate() {
            let found: Option<i64> =
                row.as_ref().map(|row| row.try_get_by_index(index)).transpose()?;
            *count = found.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
        }
        Ok(counted)
    }

    /// Returns the mail, or `None` if it was deleted.
    pub async fn find_listed(&self, id: MailId) -> Result<Option<ListedMail>, StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT recipient, COALESCE(NULLIF(subject, ''), kind), created_at, attempts, last_error, sent_at, failed_at, \
             due_at, id, user_id, kind FROM outbox WHERE id = $1",
            [id.0.into()],
        );
        connection.query_one_raw(statement).await?.as_ref().map(listed).transpose()
    }
}

impl Outbox<'_, WriteTx> {
    /// Makes a waiting mail due now. Returns `false` for a mail that does not wait, and for one
    /// that a server may be sending: its pause is a lease of this length.
    pub async fn set_due(
        &self,
        id: MailId,
        lease: Duration,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let connection = self.0.connection();
        let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "UPDATE outbox SET due_at = $2, paused_at = $2 WHERE id = $1 AND due_at > $2 \
             AND due_at <> paused_at + $3",
            [id.0.into(), now.as_millis().into(), lease.into()],
        );
        Ok(connection.execute_raw(statement).await?.rows_affected() == 1)
    }
}

fn listed(row: &QueryResult) -> Result<ListedMail, StoreError> {
    let user_id: Option<Uuid> = row.try_get_by_index(9)?;
    Ok(ListedMail {
        id: MailId(row.try_get_by_index(8)?),
        user_id: user_id.map(|id| UserId::from_bytes(id.into_bytes())),
        kind: row.try_get_by_index(10)?,
        mail: mail(row)?,
    })
}

#[cfg(test)]
mod tests {
    use domain::{EmailAddress, Language};

    use super::*;
    use crate::{
        MailPriority, NewMail, Pause, Store,
        testing::{NOW, stores},
    };

    const LEASE: Duration = Duration::from_mins(1);

    async fn queue(store: &Store, number: u32) -> MailId {
        let mail = NewMail {
            id: MailId::generate(),
            user_id: None,
            kind: "password_reset",
            priority: MailPriority::Owner,
            to: EmailAddress::parse(&format!("mia{number}@example.org")).unwrap(),
            to_name: None,
            language: Language::English,
            subject: "Hello".to_owned(),
            text: "secret".to_owned(),
            html: "<p>secret</p>".to_owned(),
            expires_at: NOW + LEASE * 600,
        };
        let tx = store.begin().await.unwrap();
        let id = tx.outbox().insert(mail, NOW + LEASE * number).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    #[tokio::test]
    async fn mails_that_wait_and_that_failed_are_listed_page_by_page() {
        for test in stores().await {
            let store = &test.store;
            let mut ids = Vec::new();
            for number in 0..5 {
                ids.push(queue(store, number).await);
            }
            let tx = store.begin().await.unwrap();
            for (number, id) in (0..).zip(&ids[..2]) {
                let moment = NOW + LEASE * number;
                tx.outbox().set_failed(*id, moment, "the mail server replied 550").await.unwrap();
            }
            tx.commit().await.unwrap();

            for (filter, expected) in [
                (MailFilter::Waiting, vec![ids[2], ids[3], ids[4]]),
                (MailFilter::Failed, vec![ids[1], ids[0]]),
            ] {
                let (mut found, mut after) = (Vec::new(), None);
                loop {
                    let page = store.outbox().list(filter, after, 1).await.unwrap();
                    found.extend(page.mails.iter().map(|mail| mail.id));
                    after = page.next;
                    if after.is_none() {
                        break;
                    }
                }
                assert_eq!(found, expected, "{filter:?}");
            }
            assert_eq!(store.outbox().count_listed().await.unwrap(), [3, 2]);
            let failed = store.outbox().find_listed(ids[0]).await.unwrap().unwrap();
            assert_eq!(failed.mail.error.as_deref(), Some("the mail server replied 550"));
        }
    }

    /// A mail that a server is sending would be sent twice.
    #[tokio::test]
    async fn a_mail_is_made_due_unless_a_server_is_sending_it() {
        for test in stores().await {
            let store = &test.store;
            let id = queue(store, 0).await;
            let set_due = async |now| {
                let tx = store.begin().await.unwrap();
                let done = tx.outbox().set_due(id, LEASE, now).await.unwrap();
                tx.commit().await.unwrap();
                done
            };
            let tx = store.begin().await.unwrap();
            assert_eq!(tx.outbox().claim(1, LEASE, NOW).await.unwrap().len(), 1);
            tx.commit().await.unwrap();
            assert!(!set_due(NOW + Duration::from_secs(1)).await);

            let pause = Pause { until: NOW + LEASE * 9, is_doubtful: false };
            let tx = store.begin().await.unwrap();
            tx.outbox().set_retry(id, pause, "no", NOW + Duration::from_secs(2)).await.unwrap();
            tx.commit().await.unwrap();
            assert!(set_due(NOW + Duration::from_secs(3)).await);

            let due = store.outbox().next_due_at().await.unwrap();
            assert_eq!(due, Some(NOW + Duration::from_secs(3)));
            let tx = store.begin().await.unwrap();
            tx.outbox().set_failed(id, NOW, "no").await.unwrap();
            tx.commit().await.unwrap();
            assert!(!set_due(NOW + Duration::from_secs(4)).await);
        }
    }
}
