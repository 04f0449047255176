//! The repository of accounts: look-ups, sign-up, name, language and password hash. Roles,
//! confirmation, address changes, disabling and deletion are in files of their own. Every change
//! that a cached principal shows invalidates the cache.

use domain::{DisplayName, EmailAddress, Language, Role, Timestamp, User, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
    entity::prelude::Uuid,
    sea_query::{Expr, LockType},
};

use crate::{
    StoreError,
    cache_change::Change,
    database::{Reads, WriteTx},
    entities::user::{ActiveModel, Column, Entity, Model},
    search_text::search_text,
};

/// The repository of accounts, which reads through `C`.
#[derive(Debug)]
pub struct Users<'a, C>(pub(crate) &'a C);

/// The values of a new account.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The id of the account.
    pub id: UserId,
    /// The address for mails and log-ins.
    pub email: EmailAddress,
    /// The display name.
    pub name: DisplayName,
    /// The hash of the password in PHC format.
    pub password_hash: String,
    /// The role.
    pub role: Role,
    /// The language of mails.
    pub language: Language,
    /// The time at which the address was confirmed, if it already was.
    pub confirmed_at: Option<Timestamp>,
}

impl<C: Reads> Users<'_, C> {
    /// Returns the user with this id.
    pub async fn find(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let row = Entity::find_by_id(uuid(id)).one(self.0.connection()).await?;
        row.as_ref().map(user).transpose()
    }

    /// Returns the user with this address, and the hash of the password in PHC format.
    pub async fn find_by_email(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<(User, String)>, StoreError> {
        let found = Entity::find()
            .filter(Column::Email.eq(email.as_str()))
            .all(self.0.connection())
            .await?
            .pop();
        found
            .map(|row| {
                let user = user(&row)?;
                Ok((user, row.password_hash))
            })
            .transpose()
    }
}

impl NewUser {
    /// Returns the user of the account, once it is added.
    pub fn user(&self, now: Timestamp) -> User {
        User {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            role: self.role.clone(),
            language: self.language,
            created_at: now,
            confirmed_at: self.confirmed_at,
            disabled_at: None,
            delete_after: None,
            last_seen_at: None,
            second_factor_since: None,
            factor_reset_at: None,
            device_generation: 0,
        }
    }
}

impl Users<'_, WriteTx> {
    /// Adds an account.
    ///
    /// Fails with [`Constraint::UserEmail`](crate::Constraint::UserEmail) if the address is taken,
    /// or if another user can still revert to it.
    pub async fn insert(&self, new: &NewUser, now: Timestamp) -> Result<(), StoreError> {
        let row = ActiveModel {
            id: Set(uuid(new.id)),
            email: Set(new.email.as_str().to_owned()),
            name: Set(new.name.as_str().to_owned()),
            search_text: Set(search_text(&new.name, &new.email)),
            password_hash: Set(new.password_hash.clone()),
            role: Set(new.role.as_str().to_owned()),
            created_at: Set(now.as_millis()),
            confirmed_at: Set(new.confirmed_at.map(Timestamp::as_millis)),
            disabled_at: Set(None),
            delete_after: Set(None),
            last_seen_at: Set(0),
            language: Set(new.language.tag().to_owned()),
            device_generation: Set(0),
            second_factor_since: Set(None),
            factor_reset_at: Set(None),
            factor_reset_step_at: Set(None),
        };
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        self.refuse_reserved(&new.email, new.id, now).await
    }

    /// Locks the account until the transaction ends. Changes of the account and log-ins wait.
    /// Returns `false` if there is no such user.
    pub async fn lock(&self, id: UserId) -> Result<bool, StoreError> {
        Ok(self.lock_row(id).await?.is_some())
    }

    /// Sets the display name. Returns `false` if the user has that name already, or if there is
    /// no such user.
    pub async fn set_name(&self, id: UserId, name: &DisplayName) -> Result<bool, StoreError> {
        let Some(row) = self.lock_row(id).await? else { return Ok(false) };
        if row.name == name.as_str() {
            return Ok(false);
        }
        Entity::update_many()
            .col_expr(Column::Name, Expr::value(name.as_str()))
            .col_expr(Column::SearchText, Expr::value(search_text(name, &email(&row.email)?)))
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        Ok(true)
    }

    /// Sets the language of mails to the user.
    pub async fn set_language(&self, id: UserId, language: Language) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::Language, Expr::value(language.tag()))
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }

    /// Locks the row of the user and returns it. Every transaction takes this lock before other
    /// locks on data of the user, so that no deadlock occurs. Other transactions can still add
    /// rows that refer to the user.
    pub(crate) async fn lock_row(&self, id: UserId) -> Result<Option<Model>, StoreError> {
        let mut query = Entity::find_by_id(uuid(id));
        if self.0.is_postgres() {
            query = query.lock(LockType::NoKeyUpdate);
        }
        Ok(query.one(self.0.connection()).await?)
    }

    /// Sets or clears the time in `column`. Returns `false` if it was set or cleared already.
    pub(crate) async fn set_moment(
        &self,
        id: UserId,
        column: Column,
        moment: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let is_other = if moment.is_some() { column.is_null() } else { column.is_not_null() };
        let done = Entity::update_many()
            .col_expr(column, Expr::value(moment.map(Timestamp::as_millis)))
            .filter(Column::Id.eq(uuid(id)))
            .filter(is_other)
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        Ok(done.rows_affected == 1)
    }

    /// Replaces the hash of the password, and invalidates all device cookies of the account.
    /// Returns `false` if there is no such user.
    pub async fn set_password_hash(&self, id: UserId, hash: &str) -> Result<bool, StoreError> {
        let next = Expr::col(Column::DeviceGeneration).add(1);
        let done = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(hash))
            .col_expr(Column::DeviceGeneration, next)
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Replaces the hash `old` by `new`, which is of the same password. Returns `false` if the
    /// hash is no longer `old`: a log-in that renews a hash must not undo a password change.
    pub async fn renew_password_hash(
        &self,
        id: UserId,
        old: &str,
        new: &str,
    ) -> Result<bool, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::PasswordHash, Expr::value(new))
            .filter(Column::Id.eq(uuid(id)))
            .filter(Column::PasswordHash.eq(old))
            .exec(self.0.connection())
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Deletes the account, and by foreign keys the rows that belong to it. Returns `false` if
    /// there is no such user.
    pub async fn delete(&self, id: UserId) -> Result<bool, StoreError> {
        let done = Entity::delete_by_id(uuid(id)).exec(self.0.connection()).await?;
        self.0.note(Change::User(id));
        Ok(done.rows_affected == 1)
    }
}

pub(crate) fn uuid(id: UserId) -> Uuid {
    Uuid::from_bytes(*id.as_bytes())
}

pub(crate) fn email(text: &str) -> Result<EmailAddress, StoreError> {
    EmailAddress::parse(text).map_err(|_| StoreError::corrupt("an address"))
}

/// Reads a name by the rule for stored names, so that names of older rules stay readable.
pub(crate) fn name(text: &str) -> Result<DisplayName, StoreError> {
    DisplayName::from_stored(text).map_err(|_| StoreError::corrupt("a name"))
}

/// Reads a language. An unknown one, as a newer release may write, becomes the default.
pub(crate) fn language(tag: &str) -> Language {
    tag.parse().unwrap_or_default()
}

pub(crate) fn user(row: &Model) -> Result<User, StoreError> {
    Ok(User {
        id: UserId::from_bytes(row.id.into_bytes()),
        email: email(&row.email)?,
        name: name(&row.name)?,
        role: Role::from_database(&row.role),
        language: language(&row.language),
        created_at: Timestamp::from_millis(row.created_at),
        confirmed_at: row.confirmed_at.map(Timestamp::from_millis),
        disabled_at: row.disabled_at.map(Timestamp::from_millis),
        delete_after: row.delete_after.map(Timestamp::from_millis),
        last_seen_at: (row.last_seen_at > 0).then(|| Timestamp::from_millis(row.last_seen_at)),
        second_factor_since: row.second_factor_since.map(Timestamp::from_millis),
        factor_reset_at: row.factor_reset_at.map(Timestamp::from_millis),
        device_generation: u64::try_from(row.device_generation)
            .map_err(|_| StoreError::corrupt("a generation of devices"))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Constraint, RoleChange, UserQuery,
        testing::{NOW, insert_user, new_user, stores},
    };

    #[tokio::test]
    async fn an_address_has_one_account() {
        for test in stores().await {
            let first = insert_user(&test.store, "mia@example.org", Role::USER).await;

            let tx = test.store.begin().await.unwrap();
            let second = tx.users().insert(&new_user("mia@example.org", Role::USER), NOW).await;
            drop(tx);

            assert!(matches!(second, Err(StoreError::Conflict(Constraint::UserEmail))));
            let email = EmailAddress::parse("Mia@Example.org").unwrap();
            let (found, hash) = test.store.users().find_by_email(&email).await.unwrap().unwrap();
            assert_eq!((found.id, hash.as_str()), (first, "$argon2id$old"));
        }
    }

    /// ADM-03, RAC-04.
    #[tokio::test]
    async fn two_admins_who_demote_each_other_at_once_leave_one() {
        for test in stores().await {
            let admins = [
                insert_user(&test.store, "a@example.org", Role::ADMIN).await,
                insert_user(&test.store, "b@example.org", Role::ADMIN).await,
            ];
            for _ in 0..200 {
                let demote = |id| {
                    let store = test.store.clone();
                    async move {
                        let tx = store.begin().await.unwrap();
                        let change = tx.users().set_role(id, &Role::USER).await.unwrap();
                        tx.commit().await.unwrap();
                        change
                    }
                };
                let (a, b) = tokio::join!(demote(admins[0]), demote(admins[1]));

                let changed = RoleChange::Changed(Role::ADMIN);
                assert!(
                    [(changed.clone(), RoleChange::LastAdmin), (RoleChange::LastAdmin, changed)]
                        .contains(&(a, b))
                );
                let tx = test.store.begin().await.unwrap();
                for id in admins {
                    tx.users().promote(id).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        }
    }

    #[tokio::test]
    async fn the_list_is_searched_in_every_script_and_paged_without_gaps() {
        for test in stores().await {
            for n in 0..5 {
                insert_user(&test.store, &format!("user_{n}@example.org"), Role::USER).await;
            }
            let users = test.store.users();

            let mut seen = Vec::new();
            let search = |text: &str| UserQuery { search: text.to_owned(), ..Default::default() };
            let mut query = search("zoë");
            loop {
                let page = users.list(&query, 2).await.unwrap();
                seen.extend(page.users.iter().map(|user| user.id));
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 5);
            assert_eq!(users.list(&search("user_3@"), 9).await.unwrap().users.len(), 1);
            assert_eq!(users.list(&search("user%"), 9).await.unwrap().users.len(), 0);
        }
    }

    #[tokio::test]
    async fn a_new_name_is_found_by_a_search_and_the_same_one_is_no_change() {
        for test in stores().await {
            let id = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let name = DisplayName::parse("Åsa Änd").unwrap();
            let tx = test.store.begin().await.unwrap();

            assert!(tx.users().set_name(id, &name).await.unwrap());
            assert!(!tx.users().set_name(id, &name).await.unwrap());
            assert!(!tx.users().set_name(UserId::generate(), &name).await.unwrap());
            tx.commit().await.unwrap();

            let found = async |search: &str| {
                let query = UserQuery { search: search.to_owned(), ..UserQuery::default() };
                test.store.users().list(&query, 9).await.unwrap().users
            };
            assert_eq!(found("åsa").await[0].name, name);
            assert_eq!(found("mia@").await.len(), 1);
            assert!(found("zoë").await.is_empty());
        }
    }

    #[tokio::test]
    async fn a_renewed_hash_does_not_undo_a_password_change() {
        for test in stores().await {
            let id = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let tx = test.store.begin().await.unwrap();

            assert!(tx.users().set_password_hash(id, "changed").await.unwrap());
            assert!(!tx.users().renew_password_hash(id, "$argon2id$old", "new").await.unwrap());
            assert!(tx.users().renew_password_hash(id, "changed", "renewed").await.unwrap());
            tx.commit().await.unwrap();

            let email = EmailAddress::parse("mia@example.org").unwrap();
            let found = test.store.users().find_by_email(&email).await.unwrap();
            let (user, hash) = found.unwrap();
            assert_eq!((hash.as_str(), user.device_generation), ("renewed", 1));
        }
    }
}
