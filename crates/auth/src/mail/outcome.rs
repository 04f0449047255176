//! The outcome of one try to send a mail, and the time of the next.

use std::time::Duration;

use domain::{Timestamp, random};
use store::ClaimedMail;

use super::{SendError, causes::Causes};
use crate::counters::MailOutcome;

/// The pause after the first try.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause of all.
const MAX_PAUSE: Duration = Duration::from_hours(1);
/// The longest pause as a part of a mail's life: a link that is good for an hour is
/// still delivered when the mail server was away for most of it.
const PAUSES_PER_LIFE: u32 = 12;
/// The pause before a mail goes out again that the mail server may have already: long enough
/// for a server that was just slow, and for the recipient to have looked.
pub(super) const DOUBT_PAUSE: Duration = Duration::from_hours(4);
/// Tries after which a mail is put aside whatever its life, so that no mail can be
/// the ruin of one server after the other (CRA-06).
const MAX_TRIES: u32 = 250;

/// The error of a mail that was useless before it could be sent.
pub(crate) const TOO_LATE: &str = "too late";

/// The outcome of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The mail server has it.
    Sent,
    /// It goes on from this moment.
    Retry {
        /// When it is due again.
        at: Timestamp,
        /// The error.
        error: String,
        /// Whether the mail server may have the mail already.
        is_doubtful: bool,
    },
    /// It is put aside for good.
    Failed {
        /// The error.
        error: String,
    },
    /// The same, because the recipient does not exist.
    NoRecipient {
        /// The reply of the mail server.
        error: String,
    },
}

impl Outcome {
    /// The kind for the metrics.
    pub(super) const fn kind(&self) -> MailOutcome {
        match self {
            Self::Sent => MailOutcome::Sent,
            Self::Retry { .. } => MailOutcome::Delayed,
            Self::Failed { .. } | Self::NoRecipient { .. } => MailOutcome::Failed,
        }
    }

    /// Tells the operator. What mails wait for is said by [`super::causes`].
    pub(super) fn log(&self, mail: &ClaimedMail) {
        let (mail_id, kind, tries) = (mail.id, &mail.kind, mail.attempts + 1);
        let user_id = mail.user_id.map(|id| id.to_string());
        match self {
            Self::Sent => tracing::info!(%mail_id, user_id, kind, tries, "mail sent"),
            Self::Retry { error, .. } => {
                tracing::info!(%mail_id, user_id, kind, tries, error, "mail not sent yet");
            }
            Self::Failed { error } => {
                tracing::error!(%mail_id, user_id, kind, tries, error, "mail given up");
            }
            // Visitors can name any address, so this is no alarm.
            Self::NoRecipient { error } => {
                tracing::info!(%mail_id, user_id, kind, tries, error, "mail given up");
            }
        }
    }
}

/// Why a mail is not even tried: it is of no use any more (RST-14), or was tried often
/// enough by servers that did not live to tell.
pub(super) fn before_try(mail: &ClaimedMail, now: Timestamp) -> Option<Outcome> {
    if mail.expires_at <= now {
        return Some(Outcome::Failed { error: TOO_LATE.to_owned() });
    }
    (mail.attempts >= MAX_TRIES).then(|| Outcome::Failed { error: "too many tries".to_owned() })
}

/// The outcome of a try; the cause of a delay is noted in `causes`.
pub(super) fn of_try(
    mail: &ClaimedMail,
    sent: Result<(), SendError>,
    causes: &mut Causes,
    now: Timestamp,
) -> Outcome {
    let Err(failed) = sent else { return Outcome::Sent };
    let error = failed.to_string();
    match failed {
        SendError::NoRecipient(_) => Outcome::NoRecipient { error },
        SendError::Unbuildable => Outcome::Failed { error },
        SendError::Later(cause) => {
            causes.note(&cause, now);
            after_failure(mail, error, now)
        }
        SendError::Doubtful(cause) => {
            causes.note(&cause, now);
            after_doubt(mail, error, now)
        }
    }
}

/// Another try after a pause, unless there were enough or the mail will be of no use
/// by then.
pub(super) fn after_failure(mail: &ClaimedMail, error: String, now: Timestamp) -> Outcome {
    let at = now + jittered(pause(mail.attempts, mail.expires_at - mail.created_at));
    if mail.attempts + 1 >= MAX_TRIES || at >= mail.expires_at {
        return Outcome::Failed { error };
    }
    Outcome::Retry { at, error, is_doubtful: false }
}

/// Schedules one more try, hours later, for a mail that the mail server may have, and none after a
/// second doubt: at worst the mail arrives twice, with one `Message-ID`. A mail with a short
/// lifetime is sent again after half of the rest of it.
pub(super) fn after_doubt(mail: &ClaimedMail, error: String, now: Timestamp) -> Outcome {
    let at = now + DOUBT_PAUSE.min((mail.expires_at - now) / 2);
    if mail.was_doubtful || mail.attempts + 1 >= MAX_TRIES || at >= mail.expires_at {
        return Outcome::Failed { error };
    }
    Outcome::Retry { at, error, is_doubtful: true }
}

/// Doubles from try to try up to an hour, or to a twelfth of the mail's life.
fn pause(earlier_tries: u32, life: Duration) -> Duration {
    let longest = (life / PAUSES_PER_LIFE).clamp(FIRST_PAUSE, MAX_PAUSE);
    let doubled =
        2_u32.checked_pow(earlier_tries).and_then(|factor| FIRST_PAUSE.checked_mul(factor));
    doubled.map_or(longest, |pause| pause.min(longest))
}

/// Three quarters of `pause` to all of it: mails that failed together do not all come
/// back at once.
fn jittered(pause: Duration) -> Duration {
    let [random] = random::bytes();
    pause.saturating_sub(pause * u32::from(random) / (4 * 256))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::{self, NOW};

    const HOUR: Duration = Duration::from_hours(1);
    const WEEK: Duration = Duration::from_hours(7 * 24);

    #[test]
    fn pauses_double_from_five_seconds_to_an_hour() {
        let pauses: Vec<u64> = (0..12).map(|tries| pause(tries, WEEK).as_secs()).collect();
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]);
        assert_eq!(pause(u32::MAX, WEEK), HOUR);
    }

    #[test]
    fn a_mail_of_short_life_is_tried_more_often() {
        assert_eq!(pause(100, HOUR), Duration::from_mins(5));
        assert_eq!(pause(100, Duration::ZERO), FIRST_PAUSE);
    }

    #[test]
    fn jitter_takes_a_quarter_at_most() {
        for _ in 0..1_000 {
            let pause = jittered(HOUR);
            assert!(pause <= HOUR && pause > HOUR * 3 / 4, "{pause:?}");
        }
    }

    #[tokio::test]
    async fn a_mail_is_given_up_when_the_next_try_would_be_too_late_or_one_too_many() {
        let store = testing::store().await;
        testing::queue(&store, testing::new_mail("mia@example.org")).await;
        let mut mail = testing::claim(&store, NOW).await.remove(0);
        let after = |mail: &ClaimedMail, now| after_failure(mail, "down".to_owned(), now);

        assert!(matches!(after(&mail, NOW), Outcome::Retry { .. }));
        let last_moment = mail.expires_at - Duration::from_secs(1);
        assert!(matches!(after(&mail, last_moment), Outcome::Failed { .. }));
        mail.attempts = MAX_TRIES - 1;
        assert!(matches!(after(&mail, NOW), Outcome::Failed { .. }));
        assert_eq!(before_try(&mail, NOW), None);
        mail.attempts = MAX_TRIES;
        assert!(before_try(&mail, NOW).is_some());
    }

    /// MAI-02.
    #[tokio::test]
    async fn a_doubtful_mail_goes_out_once_more_hours_later_and_not_again() {
        let store = testing::store().await;
        testing::queue(&store, testing::new_mail("mia@example.org")).await;
        let mut mail = testing::claim(&store, NOW).await.remove(0);
        let after = |mail: &ClaimedMail, now| after_doubt(mail, "silence".to_owned(), now);
        let retry = |at| Outcome::Retry { at, error: "silence".to_owned(), is_doubtful: true };

        assert_eq!(after(&mail, NOW), retry(NOW + HOUR / 2), "half of an hour");
        mail.expires_at = NOW + WEEK;
        assert_eq!(after(&mail, NOW), retry(NOW + DOUBT_PAUSE));
        assert!(matches!(after(&mail, mail.expires_at), Outcome::Failed { .. }));
        mail.was_doubtful = true;
        assert!(matches!(after(&mail, NOW), Outcome::Failed { .. }));
        assert!(matches!(after_failure(&mail, String::new(), NOW), Outcome::Retry { .. }));
    }
}
