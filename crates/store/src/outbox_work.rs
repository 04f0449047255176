//! The work on the outbox: leasing mails and recording outcomes.
//!
//! Any number of nodes share the work, because a lease is taken by one statement. A lease or a
//! pause is stored with its start and its end. A start in the future shows that the clock was set
//! back since.

use std::time::Duration;

use domain::{Timestamp, UserId};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter,
    QueryResult, QuerySelect, Statement, entity::prelude::Uuid, sea_query::Expr,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::mail::{Column, Entity, Model},
    outbox::{ClaimedMail, MailId, MailPriority, Outbox, Pause},
    users,
};

/// The error for a row with a recipient or a name that the domain types refuse.
const MALFORMED: &str = "the row is malformed";

impl<C: Reads> Outbox<'_, C> {
    /// Returns whether [`Outbox::rescue`] would find a mail, without a write lock.
    pub async fn is_to_be_rescued(
        &self,
        (lease, longest): (Duration, Duration),
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let found = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(beyond_any_pause(lease, longest, now))
            .into_tuple::<Uuid>()
            .one(self.0.connection())
            .await?;
        Ok(found.is_some())
    }
}

impl Outbox<'_, WriteTx> {
    /// Leases up to `limit` due mails, by priority and then by age. Until `lease` ends no other
    /// worker gets them. A malformed row is marked as failed, so that it does not block other
    /// mails (CRA-06).
    pub async fn claim(
        &self,
        limit: u32,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
        let mut mails = Vec::new();
        let mut left = i64::from(limit);
        for rank in MailPriority::RANKS {
            let rows = self.lease_due(rank, left, lease, now).await?;
            left -= i64::try_from(rows.len()).unwrap_or(left);
            let mut claimed = self.read(rows, now).await?;
            claimed.sort_by_key(|mail| mail.created_at);
            mails.append(&mut claimed);
            if left <= 0 {
                break;
            }
        }
        Ok(mails)
    }

    /// Leases due mails of one rank. Reads only one range of the index on priority and due
    /// time.
    async fn lease_due(
        &self,
        rank: i16,
        limit: i64,
        lease: Duration,
        now: Timestamp,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let connection = self.0.connection();
        let skip = if self.0.is_postgres() { "FOR UPDATE SKIP LOCKED" } else { "" };
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            format!(
                "UPDATE outbox SET due_at = $1, paused_at = $2, attempts = attempts + 1 \
                 WHERE id IN (SELECT id FROM outbox WHERE priority = $3 AND due_at <= $2 \
                 ORDER BY due_at LIMIT $4 {skip}) RETURNING *"
            ),
            [(now + lease).as_millis().into(), now.as_millis().into(), rank.into(), limit.into()],
        );
        Ok(connection.query_all_raw(statement).await?)
    }

    async fn read(
        &self,
        rows: Vec<QueryResult>,
        now: Timestamp,
    ) -> Result<Vec<ClaimedMail>, StoreError> {
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
        Ok(mails)
    }

    /// Records that the mail was sent, and deletes its content.
    pub async fn set_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError> {
        self.end(id, Column::SentAt, now, None).await
    }

    /// Records that the mail was given up, and the error, and deletes the content.
    pub async fn set_failed(
        &self,
        id: MailId,
        now: Timestamp,
        error: &str,
    ) -> Result<(), StoreError> {
        self.end(id, Column::FailedAt, now, Some(error)).await
    }

    /// Records that a try failed, and when the next may begin. Has no effect on a mail that was
    /// sent or given up.
    pub async fn set_retry(
        &self,
        id: MailId,
        pause: Pause,
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut update = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(pause.until.as_millis()))
            .col_expr(Column::PausedAt, Expr::value(now.as_millis()))
            .col_expr(Column::LastError, Expr::value(error));
        if pause.is_doubtful {
            update = update.col_expr(Column::DoubtfulAt, Expr::value(now.as_millis()));
        }
        update
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
            .col_expr(Column::Request, Expr::value(None::<String>))
            .col_expr(Column::LastError, Expr::value(error))
            .filter(Column::Id.eq(id.0))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }

    /// Makes mails due at once that wait too long because the clock was set back by more than
    /// `lease`. Skips `own`, which this process is sending. No pause is longer than `longest`.
    /// Returns the number of mails.
    pub async fn rescue(
        &self,
        own: &[MailId],
        (lease, longest): (Duration, Duration),
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let updated = Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(now.as_millis()))
            .col_expr(Column::PausedAt, Expr::value(now.as_millis()))
            .filter(beyond_any_pause(lease, longest, now))
            .filter(Column::Id.is_not_in(own.iter().map(|id| id.0)))
            .exec(self.0.connection())
            .await?;
        Ok(updated.rows_affected)
    }
}

/// Selects the mails with a due time further ahead than any pause, or with a pause that starts in
/// the future. In both cases the clock was set back (CLK-01).
fn beyond_any_pause(lease: Duration, longest: Duration, now: Timestamp) -> Condition {
    let begun_later = Column::PausedAt.gt((now + lease).as_millis());
    let too_long = Column::DueAt.gt((now + longest).as_millis());
    Condition::all()
        .add(Column::DueAt.gt((now + lease).as_millis()))
        .add(Condition::any().add(begun_later).add(too_long))
}

fn claimed(row: Model) -> Result<ClaimedMail, StoreError> {
    Ok(ClaimedMail {
        id: MailId(row.id),
        user_id: row.user_id.map(|id| UserId::from_bytes(id.into_bytes())),
        kind: row.kind,
        was_doubtful: row.doubtful_at.is_some(),
        to: users::email(&row.recipient)?,
        to_name: row.recipient_name.as_deref().map(users::name).transpose()?,
        language: users::language(&row.language),
        subject: row.subject,
        text: row.text_body,
        html: row.html_body,
        request: row.request,
        attempts: u32::try_from(row.attempts - 1).unwrap_or(0),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
    })
}

#[cfg(test)]
mod tests {
    use domain::{EmailAddress, Language};

    use super::*;
    use crate::{NewMail, Store, testing::NOW, testing::stores};

    const LEASE: Duration = Duration::from_mins(1);

    async fn queue(store: &Store) -> MailId {
        queue_as(store, MailPriority::Owner).await
    }

    async fn queue_as(store: &Store, priority: MailPriority) -> MailId {
        let mail = NewMail {
            id: MailId::generate(),
            user_id: None,
            kind: "password_reset",
            priority,
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

    /// RES-09.
    #[tokio::test]
    async fn mails_to_owners_are_claimed_before_any_number_of_others() {
        for test in stores().await {
            let mut strangers = Vec::new();
            for _ in 0..12 {
                strangers.push(queue_as(&test.store, MailPriority::Unproven).await);
            }
            let owners = [queue(&test.store).await, queue(&test.store).await];

            let first = claim(&test.store, NOW).await;

            assert_eq!(first.len(), 10);
            assert!(first[..2].iter().all(|mail| owners.contains(&mail.id)));
            assert!(first[2..].iter().all(|mail| strangers.contains(&mail.id)));
            assert_eq!(claim(&test.store, NOW).await.len(), 4);
        }
    }

    /// MAI-02.
    #[tokio::test]
    async fn a_doubt_is_kept_over_later_tries() {
        for test in stores().await {
            let id = queue(&test.store).await;
            let mut doubts = vec![claim(&test.store, NOW).await[0].was_doubtful];
            for is_doubtful in [true, false] {
                let tx = test.store.begin().await.unwrap();
                let pause = Pause { until: NOW, is_doubtful };
                tx.outbox().set_retry(id, pause, "silence", NOW).await.unwrap();
                tx.commit().await.unwrap();
                doubts.push(claim(&test.store, NOW).await[0].was_doubtful);
            }

            assert_eq!(doubts, [false, true, true]);
        }
    }

    /// CLK-01: a stored time is compared with a clock that was set back since.
    #[tokio::test]
    async fn what_waits_because_the_clock_was_set_back_is_rescued() {
        const LONGEST: Duration = Duration::from_hours(4);
        let rescue = async |store: &Store, own: &[MailId], now| {
            let found = store.outbox().is_to_be_rescued((LEASE, LONGEST), now).await.unwrap();
            let tx = store.begin().await.unwrap();
            let rescued = tx.outbox().rescue(own, (LEASE, LONGEST), now).await.unwrap();
            tx.commit().await.unwrap();
            (found, rescued)
        };
        for test in stores().await {
            let store = &test.store;
            let [long, short, own] = [queue(store).await, queue(store).await, queue(store).await];
            claim(store, NOW).await;
            let tx = store.begin().await.unwrap();
            for (id, pause) in [(long, LONGEST), (short, LEASE / 12)] {
                let pause = Pause { until: NOW + pause, is_doubtful: false };
                tx.outbox().set_retry(id, pause, "down", NOW).await.unwrap();
            }
            tx.commit().await.unwrap();

            assert_eq!(rescue(store, &[own], NOW).await, (false, 0), "nothing is wrong");
            let back = NOW - LEASE * 10;
            assert_eq!(rescue(store, &[own], back).await, (true, 2));
            let due: Vec<_> = claim(store, back).await.iter().map(|mail| mail.id).collect();
            assert!(due.contains(&long) && due.contains(&short) && due.len() == 2);

            let far = format!("UPDATE outbox SET due_at = {}", i64::MAX / 2);
            store.connection().execute_unprepared(&far).await.unwrap();
            assert_eq!(rescue(store, &[], NOW).await, (true, 3), "of before paused_at was kept");
        }
    }

    /// RST-02.
    #[tokio::test]
    async fn a_sent_mail_is_never_due_again_and_says_nothing_any_more() {
        for test in stores().await {
            let id = queue(&test.store).await;
            let tx = test.store.begin().await.unwrap();
            tx.outbox().set_sent(id, NOW).await.unwrap();
            let pause = Pause { until: NOW, is_doubtful: false };
            tx.outbox().set_retry(id, pause, "late", NOW).await.unwrap();
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
