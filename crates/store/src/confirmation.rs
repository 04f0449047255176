//! Accounts with an unconfirmed address. They are confirmed, corrected, replaced by the account of
//! the person who proves the address, or deleted after some time. No change here applies to a
//! confirmed account.

use domain::{EmailAddress, SecurityEvent, Timestamp, User, UserId};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryResult, QuerySelect,
    Statement, entity::prelude::Uuid, sea_query::Expr,
};

use crate::{
    Store, StoreError, Users,
    cache_change::Change,
    database::{Reads, WriteTx},
    entities::{
        security_event,
        user::{Column, Entity},
    },
    search_text::search_text,
    users::{user, uuid},
};

/// Most accounts deleted in one transaction.
const BATCH: usize = 500;

/// The condition for accounts that were created before `$1` and never confirmed. Excludes admins,
/// disabled accounts (deletion would free their addresses), accounts with a pending deletion, and
/// accounts with a proof that is valid at `$2`.
const OVERDUE: &str = "confirmed_at IS NULL AND role = 'user' AND created_at < $1 \
     AND disabled_at IS NULL AND delete_after IS NULL \
     AND NOT EXISTS (SELECT 1 FROM address_proofs p WHERE p.user_id = users.id \
     AND p.expires_at > $2)";

impl<C: Reads> Users<'_, C> {
    /// Returns whether the timeline of the account has a log-in.
    pub async fn has_logged_in(&self, id: UserId) -> Result<bool, StoreError> {
        let found: Option<Uuid> = security_event::Entity::find()
            .select_only()
            .column(security_event::Column::Id)
            .filter(security_event::Column::UserId.eq(uuid(id)))
            .filter(security_event::Column::Event.eq(SecurityEvent::LoggedIn.as_str()))
            .limit(1)
            .into_tuple()
            .one(self.0.connection())
            .await?;
        Ok(found.is_some())
    }
}

impl Users<'_, WriteTx> {
    /// Locks the account with this address until the transaction ends. Returns the user, and the
    /// hash of the password in PHC format.
    pub async fn lock_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<(User, String)>, StoreError> {
        let mut query = Entity::find().filter(Column::Email.eq(email.as_str()));
        if self.0.is_postgres() {
            query = query.lock_exclusive();
        }
        let found = query.all(self.0.connection()).await?.pop();
        found.map(|row| Ok((user(&row)?, row.password_hash))).transpose()
    }

    /// Confirms the address. Returns `false` if it was confirmed already.
    pub async fn set_confirmed(&self, id: UserId, now: Timestamp) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::ConfirmedAt, Expr::value(now.as_millis()))
            .filter(Column::Id.eq(uuid(id)))
            .filter(Column::ConfirmedAt.is_null())
            .exec(self.0.connection())
            .await?;
        if done.rows_affected == 1 {
            self.0.note(Change::User(id));
        }
        Ok(done.rows_affected == 1)
    }

    /// Deletes an unconfirmed account, and anonymizes its events.
    pub async fn delete_unconfirmed(&self, id: UserId) -> Result<(), StoreError> {
        self.0.security_events().anonymize(id).await?;
        Entity::delete_many()
            .filter(Column::Id.eq(uuid(id)))
            .filter(Column::ConfirmedAt.is_null())
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        Ok(())
    }

    /// Sets the address of an unconfirmed account.
    ///
    /// Fails with [`Constraint::UserEmail`](crate::Constraint::UserEmail) if the address is taken,
    /// or if another user can still revert to it.
    pub async fn correct_email(
        &self,
        old: &User,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Email, Expr::value(email.as_str()))
            .col_expr(Column::SearchText, Expr::value(search_text(&old.name, email)))
            .filter(Column::Id.eq(uuid(old.id)))
            .filter(Column::ConfirmedAt.is_null())
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(old.id));
        self.refuse_reserved(email, old.id, now).await
    }
}

impl Store {
    /// Deletes accounts that were created before `made_before` and never confirmed. Keeps admins,
    /// disabled accounts, and accounts with a pending deletion or a valid proof. Returns how many
    /// were deleted.
    pub async fn sweep_unconfirmed(
        &self,
        made_before: Timestamp,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut total = 0;
        loop {
            let tx = self.begin().await?;
            let overdue = overdue(&tx, made_before, now).await?;
            for id in &overdue {
                // The user may be the actor of events of others, as a former admin.
                tx.security_events().forget_actor(*id).await?;
                tx.users().delete_unconfirmed(*id).await?;
            }
            tx.commit().await?;
            total += overdue.len() as u64;
            if overdue.len() < BATCH {
                return Ok(total);
            }
        }
    }
}

/// Returns a batch of overdue accounts, locked so that none is confirmed before its deletion.
async fn overdue(
    tx: &WriteTx,
    made_before: Timestamp,
    now: Timestamp,
) -> Result<Vec<UserId>, StoreError> {
    let connection = tx.connection();
    let backend = connection.get_database_backend();
    let statement = Statement::from_sql_and_values(
        backend,
        overdue_sql(backend),
        [made_before.as_millis().into(), now.as_millis().into()],
    );
    let rows = connection.query_all_raw(statement).await?;
    let id = |row: &QueryResult| {
        let id: Uuid = row.try_get_by_index(0)?;
        Ok(UserId::from_bytes(id.into_bytes()))
    };
    rows.iter().map(id).collect()
}

/// Selects the accounts of [`OVERDUE`], the oldest first, by the index on unconfirmed accounts.
pub(crate) fn overdue_sql(backend: DbBackend) -> String {
    let lock = if backend == DbBackend::Postgres { "FOR UPDATE" } else { "" };
    format!("SELECT id FROM users WHERE {OVERDUE} ORDER BY created_at LIMIT {BATCH} {lock}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Role;

    use super::*;
    use crate::testing::{NOW, insert_user, new_session, stores};

    const WEEK: Duration = Duration::from_hours(7 * 24);

    async fn addresses(store: &Store) -> Vec<String> {
        let page = store.users().list(&crate::UserQuery::default(), 9).await.unwrap();
        let mut addresses: Vec<_> = page.users.iter().map(|user| user.email.to_string()).collect();
        addresses.sort();
        addresses
    }

    /// REG-13.
    #[tokio::test]
    async fn accounts_that_nobody_confirmed_go_in_time_and_no_others() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            insert_user(store, "leo@example.org", Role::USER).await;
            insert_user(store, "ada@example.org", Role::ADMIN).await;
            let tx = store.begin().await.unwrap();
            assert!(tx.users().set_confirmed(mia, NOW).await.unwrap());
            assert!(!tx.users().set_confirmed(mia, NOW).await.unwrap());
            tx.commit().await.unwrap();

            assert_eq!(store.sweep_unconfirmed(NOW, NOW + WEEK).await.unwrap(), 0);
            let later = NOW + Duration::from_millis(1);
            assert_eq!(store.sweep_unconfirmed(later, NOW + WEEK).await.unwrap(), 1);
            assert_eq!(addresses(store).await, ["ada@example.org", "mia@example.org"]);
        }
    }

    #[tokio::test]
    async fn a_log_in_is_told_by_the_timeline() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let tx = store.begin().await.unwrap();
            tx.sessions().insert(&new_session(mia, "one"), NOW).await.unwrap();
            assert!(!tx.users().has_logged_in(mia).await.unwrap());
            let event = crate::NewSecurityEvent {
                user_id: mia,
                event: SecurityEvent::LoggedIn,
                actor: domain::EventActor::Owner,
                actor_id: None,
                refusals: None,
                note: None,
                role: None,
                ip_address: String::new(),
                user_agent: String::new(),
                request_id: String::new(),
            };
            tx.security_events().insert(event, NOW).await.unwrap();
            assert!(tx.users().has_logged_in(mia).await.unwrap());
        }
    }
}
