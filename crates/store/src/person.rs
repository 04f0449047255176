//! The personal data of a user in the tables, for the export and for the deletion. The rows for
//! the export contain no keys, hashes or tokens.

use domain::{Timestamp, User, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect,
    Statement, Value, entity::prelude::Uuid,
};

use crate::{
    AddressProofs, EmailChange, EmailChanges, Outbox, StoreError, Users,
    database::{Reads, WriteTx},
    email_changes::change,
    entities::{
        email_change,
        user::{Column, Entity},
    },
    users::{user, uuid},
};

/// The condition for mails to the user `$1`. A mail without a name went to an address that the user
/// requested and does not have yet. The user sees it once the account has that address.
const MAILS_TO_USER: &str = "user_id = $1 AND (recipient_name IS NOT NULL \
     OR recipient = (SELECT email FROM users WHERE id = $1))";

/// A mail to the user, without its body.
#[derive(Clone, Debug)]
pub struct PersonalMail {
    /// The recipient.
    pub to: String,
    /// The recipient's display name.
    pub to_name: Option<String>,
    /// The subject.
    pub subject: String,
    /// The language.
    pub language: String,
    /// The time at which the mail was queued.
    pub created_at: Timestamp,
    /// The time after which the mail is useless and is not sent.
    pub expires_at: Timestamp,
    /// The time at which a mail server accepted the mail.
    pub sent_at: Option<Timestamp>,
    /// The time at which the mail was given up.
    pub failed_at: Option<Timestamp>,
}

/// A pending proof of an address of the user.
#[derive(Clone, Debug)]
pub struct PersonalProof {
    /// The purpose: `sign_up` or `email_change`.
    pub purpose: String,
    /// The address.
    pub email: String,
    /// The time of the request.
    pub created_at: Timestamp,
    /// The time from which the proof is invalid.
    pub expires_at: Timestamp,
}

impl<C: Reads> Outbox<'_, C> {
    /// Returns the mails to the user, the newest first. Omits mails to an address that the user
    /// requested and does not have, because they would reveal whether it has another account
    /// (ENU-04).
    pub async fn list_of_user(&self, user_id: UserId) -> Result<Vec<PersonalMail>, StoreError> {
        let sql = format!(
            "SELECT recipient, recipient_name, subject, created_at, expires_at, sent_at, \
             failed_at, language FROM outbox WHERE {MAILS_TO_USER} ORDER BY created_at DESC, id"
        );
        let rows = query(self.0, &sql, [uuid(user_id).into()]).await?;
        let mail = |row: &QueryResult| {
            Ok(PersonalMail {
                to: row.try_get_by_index(0)?,
                to_name: row.try_get_by_index(1)?,
                subject: row.try_get_by_index(2)?,
                created_at: row.try_get_by_index(3).map(Timestamp::from_millis)?,
                expires_at: row.try_get_by_index(4).map(Timestamp::from_millis)?,
                sent_at: row.try_get_by_index::<Option<i64>>(5)?.map(Timestamp::from_millis),
                failed_at: row.try_get_by_index::<Option<i64>>(6)?.map(Timestamp::from_millis),
                language: row.try_get_by_index(7)?,
            })
        };
        rows.iter().map(mail).collect()
    }
}

impl<C: Reads> AddressProofs<'_, C> {
    /// Returns the pending proofs of the user, and those of other accounts for the user's confirmed
    /// address, the newest first.
    pub async fn list_of_user(&self, user_id: UserId) -> Result<Vec<PersonalProof>, StoreError> {
        let sql = "SELECT purpose, email, created_at, expires_at FROM address_proofs \
             WHERE used_at IS NULL AND (user_id = $1 OR email = (SELECT email FROM users \
             WHERE id = $1 AND confirmed_at IS NOT NULL)) \
             ORDER BY created_at DESC, token_hash";
        let rows = query(self.0, sql, [uuid(user_id).into()]).await?;
        let proof = |row: &QueryResult| {
            Ok(PersonalProof {
                purpose: row.try_get_by_index(0)?,
                email: row.try_get_by_index(1)?,
                created_at: row.try_get_by_index(2).map(Timestamp::from_millis)?,
                expires_at: row.try_get_by_index(3).map(Timestamp::from_millis)?,
            })
        };
        rows.iter().map(proof).collect()
    }
}

impl<C: Reads> EmailChanges<'_, C> {
    /// Returns the address changes of the user that can be reverted, with their times, the newest
    /// first.
    pub async fn list_of_user(
        &self,
        user_id: UserId,
    ) -> Result<Vec<(Timestamp, EmailChange)>, StoreError> {
        let rows = email_change::Entity::find()
            .filter(email_change::Column::UserId.eq(uuid(user_id)))
            .order_by_desc(email_change::Column::CreatedAt)
            .all(self.0.connection())
            .await?;
        rows.iter().map(|row| Ok((Timestamp::from_millis(row.created_at), change(row)?))).collect()
    }
}

impl<C: Reads> Users<'_, C> {
    /// Returns up to `limit` users with an overdue deletion, the longest overdue first.
    pub async fn list_to_delete(
        &self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        self.list_due(Column::DeleteAfter, now, limit).await
    }

    /// Returns up to `limit` users whose moment in this column has come, the longest overdue first.
    pub(crate) async fn list_due(
        &self,
        column: Column,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(column.lte(now.as_millis()))
            .order_by_asc(column)
            .limit(limit)
            .into_tuple()
            .all(self.0.connection())
            .await?;
        Ok(ids.into_iter().map(|id| UserId::from_bytes(id.into_bytes())).collect())
    }
}

impl Users<'_, WriteTx> {
    /// Sets the time after which the account is deleted, or clears it. Returns `false` if it was
    /// set or cleared already.
    pub async fn set_delete_after(
        &self,
        id: UserId,
        moment: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.set_moment(id, Column::DeleteAfter, moment).await
    }

    /// Locks the user until the transaction ends, so that no row is added to the account. Returns
    /// `None` if there is no such user.
    pub async fn lock_to_delete(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let mut query = Entity::find_by_id(uuid(id));
        if self.0.is_postgres() {
            // Stronger than the lock of an update. A row that is added meanwhile would otherwise
            // remain without its user.
            query = query.lock_exclusive();
        }
        query.one(self.0.connection()).await?.as_ref().map(user).transpose()
    }
}

async fn query<const N: usize>(
    reads: &impl Reads,
    sql: &str,
    values: [Value; N],
) -> Result<Vec<QueryResult>, StoreError> {
    let connection = reads.connection();
    let backend = connection.get_database_backend();
    Ok(connection.query_all_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{DisplayName, EmailAddress, EventActor, Language, Role, SecurityEvent};
    use sea_orm::DbBackend;

    use super::*;
    use crate::{
        MailId, MailPriority, NewMail, NewSecurityEvent, Store,
        testing::{NOW, insert_user, migrate_down_below, stores},
    };

    const HOUR: Duration = Duration::from_hours(1);
    const OWNERS: &str = "m20261123_000015_name_owners_and_actors";

    /// Adds a mail in the form before mails had owners. Its subject is the number.
    async fn add_mail(store: &Store, number: u32, to: &str, name: Option<&str>, at: Timestamp) {
        let connection = store.connection();
        let id = match connection.get_database_backend() {
            DbBackend::Postgres => format!("'00000000-0000-4000-8000-0000000000{number:02}'"),
            _ => "randomblob(16)".to_owned(),
        };
        let name = name.map_or("NULL".to_owned(), |name| format!("'{name}'"));
        let at = at.as_millis();
        let sql = format!(
            "INSERT INTO outbox (id, recipient, recipient_name, subject, text_body, html_body, \
             created_at, expires_at, attempts) \
             VALUES ({id}, '{to}', {name}, '{number}', '', '', {at}, 0, 0)"
        );
        connection.execute_unprepared(&sql).await.unwrap();
    }

    async fn change_address(store: &Store, user_id: UserId, at: Timestamp) {
        let event = NewSecurityEvent {
            user_id,
            event: SecurityEvent::EmailChanged,
            actor: EventActor::Owner,
            actor_id: None,
            refusals: None,
            note: None,
            role: None,
            ip_address: String::new(),
            user_agent: String::new(),
            request_id: String::new(),
        };
        let tx = store.begin().await.unwrap();
        tx.security_events().insert(event, at).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn subjects(store: &Store, user_id: UserId) -> Vec<String> {
        let mails = store.outbox().list_of_user(user_id).await.unwrap();
        let mut subjects: Vec<_> = mails.into_iter().map(|mail| mail.subject).collect();
        subjects.sort();
        subjects
    }

    /// MIG-01: the migration sets an owner only if it is certain. No user gets the mail of another.
    #[tokio::test]
    async fn mails_of_before_are_those_of_the_account_that_had_the_address() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            change_address(store, leo, NOW + HOUR).await;
            migrate_down_below(store, OWNERS).await;
            let named = Some("Zoë Muster");
            add_mail(store, 1, "mia@example.org", named, NOW + HOUR).await;
            add_mail(store, 2, "mia@example.org", named, NOW - HOUR).await;
            add_mail(store, 3, "mia@example.org", None, NOW + HOUR).await;
            add_mail(store, 4, "mia@example.org", Some("Zoe"), NOW + HOUR).await;
            add_mail(store, 5, "leo@example.org", named, NOW).await;
            add_mail(store, 6, "leo@example.org", named, NOW + HOUR).await;
            add_mail(store, 7, "eve@example.org", named, NOW + HOUR).await;

            store.migrate_up().await.unwrap();

            assert_eq!(subjects(store, mia).await, ["1"]);
            assert_eq!(subjects(store, leo).await, ["6"]);
        }
    }

    /// ENU-04: a mail to a requested address is deleted with the user, but the user does not see
    /// it before the account has the address.
    #[tokio::test]
    async fn a_mail_to_an_address_that_was_asked_for_is_unseen_until_it_is_the_users() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let new = EmailAddress::parse("new@example.org").unwrap();
            let old = EmailAddress::parse("old@example.org").unwrap();
            let tx = store.begin().await.unwrap();
            for (to, name) in [(&new, None), (&old, Some("Zoe"))] {
                let mail = NewMail {
                    id: MailId::generate(),
                    kind: "password_reset",
                    priority: MailPriority::Owner,
                    user_id: Some(mia),
                    to: to.clone(),
                    to_name: name.map(|name| DisplayName::parse(name).unwrap()),
                    language: Language::English,
                    subject: to.to_string(),
                    text: String::new(),
                    html: String::new(),
                    expires_at: NOW + HOUR,
                };
                tx.outbox().insert(mail, NOW).await.unwrap();
            }
            tx.commit().await.unwrap();

            assert_eq!(subjects(store, mia).await, [old.as_str()]);
            let tx = store.begin().await.unwrap();
            tx.users().set_email(mia, &new, NOW).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(subjects(store, mia).await, [new.as_str(), old.as_str()]);
            let tx = store.begin().await.unwrap();
            tx.users().delete(mia).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(store.outbox().next_due_at().await.unwrap(), None);
        }
    }
}
