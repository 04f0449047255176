//! The mails that are owed. A mail is written in the transaction of its cause;
//! any number of servers share the work, because claiming is one statement.

use std::{fmt, time::Duration};

use domain::{DisplayName, EmailAddress, Language, Timestamp, UserId, random};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QuerySelect, Statement, entity::prelude::Uuid, sea_query::Expr,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::mail::{ActiveModel, Column, Entity, Model},
    users,
};

/// Noted of a row whose recipient or name the domain types refuse.
const MALFORMED: &str = "the row is malformed";

/// The outbox, read through `C`.
#[derive(Debug)]
pub struct Outbox<'a, C>(pub(crate) &'a C);

/// A mail's id, the same over all tries to send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailId(pub(crate) Uuid);

/// Where a mail is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It was not tried yet, or its first try is not over.
    Queued,
    /// A try failed, and there will be another.
    Delayed {
        /// What went wrong.
        error: String,
    },
    /// A mail server took it.
    Sent,
    /// It was given up.
    Failed {
        /// What went wrong.
        error: String,
    },
}

/// A mail to be sent.
#[derive(Clone)]
pub struct NewMail {
    /// Whose account it is about: it is theirs to see and goes with them. Nobody's where
    /// it says that there is none.
    pub user_id: Option<UserId>,
    /// Whom to.
    pub to: EmailAddress,
    /// What to call them.
    pub to_name: Option<DisplayName>,
    /// What it is written in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The whole mail as HTML.
    pub html: String,
    /// From when on it is of no use.
    pub expires_at: Timestamp,
}

/// A mail that this process alone may try to send until its lease ends.
#[derive(Clone)]
pub struct ClaimedMail {
    /// The mail's id.
    pub id: MailId,
    /// Whom to.
    pub to: EmailAddress,
    /// What to call them.
    pub to_name: Option<DisplayName>,
    /// What it is written in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
    /// The whole mail as HTML.
    pub html: String,
    /// Tries before this one.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: Timestamp,
    /// From when on it is of no use.
    pub expires_at: Timestamp,
}

impl MailId {
    /// An id that no mail has.
    pub fn generate() -> Self {
        Self(sea_orm::sqlx::types::uuid::Builder::from_random_bytes(random::bytes()).into_uuid())
    }
}

impl fmt::Display for MailId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// What mails hold is nobody's business: links in them are keys.
impl fmt::Debug for NewMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewMail(…)")
    }
}

impl fmt::Debug for ClaimedMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClaimedMail({})", self.id)
    }
}

impl<C: Reads> Outbox<'_, C> {
    /// Where the mail is on its way; `None` when it is not known any more.
    pub async fn find_state(&self, id: MailId) -> Result<Option<MailState>, StoreError> {
        let row = Entity::find_by_id(id.0).one(self.0.connection()).await?;
        Ok(row.map(|row| match (row.sent_at, row.failed_at, row.last_error) {
            (Some(_), ..) => MailState::Sent,
            (None, Some(_), error) => MailState::Failed { error: error.unwrap_or_default() },
            (None, None, Some(error)) => MailState::Delayed { error },
            (None, None, None) => MailState::Queued,
        }))
    }

    /// When the next mail is due, if any is waiting.
    pub async fn next_due_at(&self) -> Result<Option<Timestamp>, StoreError> {
        let due: Option<Option<i64>> = Entity::find()
            .select_only()
            .column_as(Column::DueAt.min(), "due_at")
            .filter(Column::DueAt.is_not_null())
            .into_tuple()
            .one(self.0.connection())
            .await?;
        Ok(due.flatten().map(Timestamp::from_millis))
    }
}

impl Outbox<'_, WriteTx> {
    /// Queues a mail, due at once.
    pub async fn insert(&self, new: NewMail, now: Timestamp) -> Result<MailId, StoreError> {
        let id = MailId::generate();
        let row = ActiveModel {
            id: Set(id.0),
            recipient: Set(new.to.as_str().to_owned()),
            recipient_name: Set(new.to_name.map(|name| name.as_str().to_owned())),
            subject: Set(new.subject),
            text_body: Set(new.text),
            html_body: Set(new.html),
            created_at: Set(now.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
            due_at: Set(Some(now.as_millis())),
            attempts: Set(0),
            sent_at: Set(None),
            failed_at: Set(None),
            last_error: Set(None),
            language: Set(new.language.tag().to_owned()),
            user_id: Set(new.user_id.map(users::uuid)),
        };
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        Ok(id)
    }

    /// Takes up to `limit` due mails, the oldest first, for `lease`: nobody else
    /// gets them before it ends. A row that is no mail is put aside as failed, so
    /// that it holds up no other (CRA-06).
    pub async fn claim(
        &self,
        limit: u32,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let connection = self.0.connection();
        let skip = if self.0.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!(
                "UPDATE outbox SET due_at = $1, attempts = attempts + 1 WHERE id IN \
                 (SELECT id FROM outbox WHERE due_at <= $2 ORDER BY due_at LIMIT $3 {skip}) \
                 RETURNING *"
            ),
            [(now + lease).as_millis().into(), now.as_millis().into(), i64::from(limit).into()],
        );
        let rows = connection.query_all_raw(statement).await?;
        let mut mails = Vec::with_capacity(rows.len());
        for row in &rows {
            let row = Model::from_query_result(row, "")?;
            let id = MailId(row.id);
            if let Ok(mail) = claimed(row) {
                mails.push(mail);
            } else {
                tracing::error!(mail_id = %id, error = MALFORMED, "mail given up");
                self.set_failed(id, now, MALFORMED).await?;
            }
        }
        mails.sort_by_key(|mail| mail.created_at);
        Ok(mails)
    }

    /// Notes that the mail was sent, and wipes what it said.
    pub async fn set_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError> {
        self.end(id, Column::SentAt, now, None).await
    }

    /// Notes that the mail will never be sent and why, and wipes what it said.
    pub async fn set_failed(
        &self,
        id: MailId,
        now: Timestamp,
        error: &str,
    ) -> Result<(), StoreError> {
        self.end(id, Column::FailedAt, now, Some(error)).await
    }

    /// Notes that a try failed and when the next may begin.
    pub async fn set_retry(
        &self,
        id: MailId,
        next_attempt_at: Timestamp,
        error: &str,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(next_attempt_at.as_millis()))
            .col_expr(Column::LastError, Expr::value(error))
            .filter(Column::Id.eq(id.0))
            .filter(Column::DueAt.is_not_null())
            .exec(self.0.connection())
            .await?;
        Ok(())
    }

    async fn end(
        &self,
        id: MailId,
        moment: Column,
        now: Timestamp,
        error: Option<&str>,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(None::<i64>))
            .col_expr(moment, Expr::value(now.as_millis()))
            .col_expr(Column::TextBody, Expr::value(""))
            .col_expr(Column::HtmlBody, Expr::value(""))
            .col_expr(Column::LastError, Expr::value(error))
            .filter(Column::Id.eq(id.0))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }
}

fn claimed(row: Model) -> Result<ClaimedMail, StoreError> {
    Ok(ClaimedMail {
        id: MailId(row.id),
        to: users::email(&row.recipient)?,
        to_name: row.recipient_name.as_deref().map(users::name).transpose()?,
        language: users::language(&row.language),
        subject: row.subject,
        text: row.text_body,
        html: row.html_body,
        attempts: u32::try_from(row.attempts - 1).unwrap_or(0),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Store, testing::NOW, testing::stores};

    const LEASE: Duration = Duration::from_mins(1);

    async fn queue(store: &Store) -> MailId {
        let mail = NewMail {
            user_id: None,
            to: EmailAddress::parse("mia@example.org").unwrap(),
            to_name: None,
            language: Language::English,
            subject: "Hello".to_owned(),
            text: "https://app.test/reset-password/secret".to_owned(),
            html: "<p>secret</p>".to_owned(),
            expires_at: NOW + LEASE * 60,
        };
        let tx = store.begin().await.unwrap();
        let id = tx.outbox().insert(mail, NOW).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn claim(store: &Store, now: Timestamp) -> Vec<ClaimedMail> {
        let tx = store.begin().await.unwrap();
        let mails = tx.outbox().claim(10, LEASE, now).await.unwrap();
        tx.commit().await.unwrap();
        mails
    }

    /// RAC-06.
    #[tokio::test]
    async fn of_many_workers_one_gets_a_mail_until_its_lease_ends() {
        for test in stores().await {
            for _ in 0..10 {
                queue(&test.store).await;
            }
            let workers: Vec<_> = (0..8)
                .map(|_| {
                    let store = test.store.clone();
                    tokio::spawn(async move { claim(&store, NOW).await.len() })
                })
                .collect();
            let mut claimed = 0;
            for worker in workers {
                claimed += worker.await.unwrap();
            }

            assert_eq!(claimed, 10);
            assert!(claim(&test.store, NOW + LEASE - Duration::from_millis(1)).await.is_empty());
            assert_eq!(claim(&test.store, NOW + LEASE).await.len(), 10);
        }
    }

    /// RST-02.
    #[tokio::test]
    async fn a_sent_mail_is_never_due_again_and_says_nothing_any_more() {
        for test in stores().await {
            let id = queue(&test.store).await;
            let tx = test.store.begin().await.unwrap();
            tx.outbox().set_sent(id, NOW).await.unwrap();
            tx.outbox().set_retry(id, NOW, "late").await.unwrap();
            tx.commit().await.unwrap();

            assert_eq!(test.store.outbox().next_due_at().await.unwrap(), None);
            let row = Entity::find_by_id(id.0).one(test.store.connection()).await.unwrap().unwrap();
            assert_eq!((row.text_body.as_str(), row.html_body.as_str()), ("", ""));
        }
    }

    /// CRA-06.
    #[tokio::test]
    async fn a_row_that_is_no_mail_is_put_aside_and_holds_up_no_other() {
        for test in stores().await {
            let wrong = [
                (queue(&test.store).await, Column::Recipient, "no address"),
                (queue(&test.store).await, Column::RecipientName, "two\r\nlines"),
            ];
            for (id, column, text) in wrong {
                let update = Entity::update_many().col_expr(column, Expr::value(text));
                let update = update.filter(Column::Id.eq(id.0));
                update.exec(test.store.connection()).await.unwrap();
            }
            let good = queue(&test.store).await;

            let claimed = claim(&test.store, NOW).await;

            assert_eq!(claimed.iter().map(|mail| mail.id).collect::<Vec<_>>(), [good]);
            for (id, ..) in wrong {
                let row = Entity::find_by_id(id.0).one(test.store.connection()).await.unwrap();
                let row = row.unwrap();
                assert_eq!((row.due_at, row.failed_at), (None, Some(NOW.as_millis())));
                assert_eq!(row.last_error.as_deref(), Some(MALFORMED));
            }
        }
    }
}
