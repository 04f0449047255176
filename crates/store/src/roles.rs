//! The roles of users. One active admin always remains, even after simultaneous changes, because
//! the rows of all admins are locked before one of them loses the role.
//!
//! Guards against pre-hijacking: a user with an unconfirmed address gets no role but `user`, and a
//! user with a new role has no address change that can be reverted.

use domain::{Role, User, UserId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::Uuid,
    sea_query::Expr,
};

use crate::{
    StoreError, Users,
    cache_change::Change,
    database::{Reads, WriteTx},
    entities::user::{Column, Entity, Model},
    users::uuid,
};

/// The result of a change of role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// The role was changed. The value is the former role.
    Changed(Role),
    /// The user already has the role.
    Unchanged,
    /// The user is the last active admin and keeps the role.
    LastAdmin,
    /// The address of the user is not confirmed, so that the user gets no role but `user`.
    Unconfirmed,
    /// There is no such user.
    NoSuchUser,
}

impl Users<'_, WriteTx> {
    /// Sets the role of the user. Refuses to take the role from the last active admin, and to
    /// give a user with an unconfirmed address a role other than `user`. Deletes the revertible
    /// address changes of a user with such a role, and the log-in of the user that is pending.
    pub async fn set_role(&self, id: UserId, role: &Role) -> Result<RoleChange, StoreError> {
        let admins = self.lock_admins().await?;
        let Some(user) = self.find(id).await? else { return Ok(RoleChange::NoSuchUser) };
        if *role != Role::USER && user.role != *role && user.confirmed_at.is_none() {
            return Ok(RoleChange::Unconfirmed);
        }
        self.change_role(&user, role, &admins).await
    }

    /// Makes the user an admin without a check of the address. The caller confirms the address in
    /// the same transaction.
    pub async fn promote(&self, id: UserId) -> Result<RoleChange, StoreError> {
        let admins = self.lock_admins().await?;
        let Some(user) = self.find(id).await? else { return Ok(RoleChange::NoSuchUser) };
        self.change_role(&user, &Role::ADMIN, &admins).await
    }

    async fn change_role(
        &self,
        user: &User,
        role: &Role,
        admins: &[Uuid],
    ) -> Result<RoleChange, StoreError> {
        let id = user.id;
        if user.role == *role {
            return Ok(RoleChange::Unchanged);
        }
        if user.role.is_admin() && admins.iter().all(|admin| *admin == uuid(id)) {
            return Ok(RoleChange::LastAdmin);
        }
        Entity::update_many()
            .col_expr(Column::Role, Expr::value(role.as_str()))
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        // Its browser would begin a session as of the former role.
        self.0.pending_log_ins().delete_of_user(id).await?;
        if *role != Role::USER {
            self.0.email_changes().delete_of_user(id).await?;
        }
        Ok(RoleChange::Changed(user.role.clone()))
    }

    /// Returns whether the user is the only active admin. The answer holds until the transaction
    /// ends.
    pub async fn is_last_admin(&self, id: UserId) -> Result<bool, StoreError> {
        let admins = self.lock_admins().await?;
        Ok(admins.iter().any(|admin| *admin == uuid(id)) && admins.len() <= 1)
    }

    /// Locks the rows of all active admins without a pending deletion, ordered by id to avoid
    /// deadlocks. Returns those with a confirmed address, because with `confirmed` sign-up the
    /// others cannot log in. Returns all if none is confirmed. On SQLite the transaction already
    /// holds the only write lock.
    async fn lock_admins(&self) -> Result<Vec<Uuid>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::Role.eq(Role::ADMIN.as_str()))
            .filter(Column::DisabledAt.is_null())
            .filter(Column::DeleteAfter.is_null())
            .order_by_asc(Column::Id);
        if self.0.is_postgres() {
            query = query.lock_exclusive();
        }
        let rows = query.all(self.0.connection()).await?;
        let nobody_has = rows.iter().all(|row| row.confirmed_at.is_none());
        let counts = |row: &Model| nobody_has || row.confirmed_at.is_some();
        Ok(rows.into_iter().filter(counts).map(|row| row.id).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{NOW, insert_user, stores};

    /// REG-12, ADM-04.
    #[tokio::test]
    async fn only_a_confirmed_address_makes_an_admin_and_the_last_such_admin_stays() {
        for test in stores().await {
            let mia = insert_user(&test.store, "mia@example.org", Role::USER).await;
            let ada = insert_user(&test.store, "ada@example.org", Role::ADMIN).await;
            let tx = test.store.begin().await.unwrap();
            let users = tx.users();
            let set = async |id, role: Role| users.set_role(id, &role).await.unwrap();
            assert_eq!(set(mia, Role::ADMIN).await, RoleChange::Unconfirmed);
            assert!(users.is_last_admin(ada).await.unwrap());

            users.set_confirmed(mia, NOW).await.unwrap();
            assert_eq!(set(mia, Role::ADMIN).await, RoleChange::Changed(Role::USER));

            assert!(users.is_last_admin(mia).await.unwrap());
            assert!(!users.is_last_admin(ada).await.unwrap());
            assert_eq!(set(mia, Role::USER).await, RoleChange::LastAdmin);
            users.set_confirmed(ada, NOW).await.unwrap();
            assert_eq!(set(mia, Role::USER).await, RoleChange::Changed(Role::ADMIN));
        }
    }
}
