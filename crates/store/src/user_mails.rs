//! The latest mails to a user with their delivery states, for the operator. Bodies are not read,
//! because their links give access to the account.

use domain::{Timestamp, User};
use sea_orm::{ConnectionTrait, QueryResult, Statement};

use crate::{Outbox, StoreError, database::Reads, users::uuid};

/// A mail to a user, without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserMail {
    /// The recipient: the present, a former or a future address of the user.
    pub to: String,
    /// The subject; the kind of the mail until it is written.
    pub subject: String,
    /// The time at which the mail was queued.
    pub created_at: Timestamp,
    /// The number of tries.
    pub attempts: u32,
    /// The delivery state.
    pub place: MailPlace,
    /// The error of the last try, if it failed.
    pub error: Option<String>,
}

/// The delivery state of a mail, with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPlace {
    /// The mail waits. The next try may begin at this time.
    Waiting(Timestamp),
    /// A mail server accepted the mail at this time.
    Sent(Timestamp),
    /// The mail was given up at this time.
    Failed(Timestamp),
}

impl<C: Reads> Outbox<'_, C> {
    /// Returns up to `limit` mails about the account of the user or to its address, the newest
    /// first.
    pub async fn list_latest(&self, user: &User, limit: u64) -> Result<Vec<UserMail>, StoreError> {
        let connection = self.0.connection();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "SELECT recipient, COALESCE(NULLIF(subject, ''), kind), created_at, attempts, last_error, sent_at, failed_at, \
             due_at FROM outbox WHERE user_id = $1 OR recipient = $2 \
             ORDER BY created_at DESC, id LIMIT $3",
            [uuid(user.id).into(), user.email.as_str().into(), limit.into()],
        );
        let rows = connection.query_all_raw(statement).await?;
        rows.iter().map(mail).collect()
    }
}

/// Reads the columns in the order of [`Outbox::list_latest`].
pub(crate) fn mail(row: &QueryResult) -> Result<UserMail, StoreError> {
    let moment = |index| {
        let millis: Option<i64> = row.try_get_by_index(index)?;
        Ok::<_, StoreError>(millis.map(Timestamp::from_millis))
    };
    let created_at = moment(2)?.unwrap_or(Timestamp::from_millis(0));
    let attempts: i32 = row.try_get_by_index(3)?;
    let place = match (moment(5)?, moment(6)?) {
        (Some(sent_at), _) => MailPlace::Sent(sent_at),
        (None, Some(failed_at)) => MailPlace::Failed(failed_at),
        (None, None) => MailPlace::Waiting(moment(7)?.unwrap_or(created_at)),
    };
    Ok(UserMail {
        to: row.try_get_by_index(0)?,
        subject: row.try_get_by_index(1)?,
        created_at,
        attempts: u32::try_from(attempts).unwrap_or(0),
        place,
        error: row.try_get_by_index(4)?,
    })
}
