//! What users are. Somebody is left to look after the accounts, whatever happens at
//! once: the rows of all admins are locked before one of them goes. Nobody becomes an
//! admin who may not be who the address says (pre-hijacking), or who can be made to give
//! the account back by whoever had another address.

use domain::{Role, UserId};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, entity::prelude::Uuid,
    sea_query::Expr,
};

use crate::{
    StoreError, Users,
    announcer::Change,
    database::{Reads, WriteTx},
    entities::user::{Column, Entity},
    users::uuid,
};

/// What became of a change of role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleChange {
    /// The user had this role and has the new one now.
    Changed(Role),
    /// The user had the role already.
    Unchanged,
    /// The user is the last admin and stays one.
    LastAdmin,
    /// There is no such user.
    NoSuchUser,
}

impl Users<'_, WriteTx> {
    /// Gives the user another role. The last admin stays one, however many try to
    /// change that at once: the rows of all admins are locked first. Whoever becomes one
    /// keeps no change of address that can be undone.
    pub async fn set_role(&self, id: UserId, role: Role) -> Result<RoleChange, StoreError> {
        let admins = self.lock_admins().await?;
        let Some(user) = self.find(id).await? else { return Ok(RoleChange::NoSuchUser) };
        if user.role == role {
            return Ok(RoleChange::Unchanged);
        }
        if user.role == Role::Admin && admins.iter().all(|admin| *admin == uuid(id)) {
            return Ok(RoleChange::LastAdmin);
        }
        Entity::update_many()
            .col_expr(Column::Role, Expr::value(role.as_str()))
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        self.0.note(Change::User(id));
        if role == Role::Admin {
            self.0.email_changes().delete_of_user(id).await?;
        }
        Ok(RoleChange::Changed(user.role))
    }

    /// Whether the user is the only admin who can log in and stays; nobody can change
    /// that before this transaction ends.
    pub async fn is_last_admin(&self, id: UserId) -> Result<bool, StoreError> {
        let admins = self.lock_admins().await?;
        Ok(admins.iter().any(|admin| *admin == uuid(id)) && admins.len() <= 1)
    }

    /// Locks the rows of all admins who can log in and are not about to go, in one order. On SQLite the
    /// transaction holds the only write lock already.
    async fn lock_admins(&self) -> Result<Vec<Uuid>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::Role.eq(Role::Admin.as_str()))
            .filter(Column::DisabledAt.is_null())
            .filter(Column::DeleteAfter.is_null())
            .order_by_asc(Column::Id);
        if self.0.is_postgres() {
            query = query.lock_exclusive();
        }
        let rows = query.all(self.0.connection()).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}
