//! Accounts that the operator lets nobody log in to: since when, and how whatever would
//! open one finds it locked.

use domain::{Timestamp, User, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    StoreError, Users,
    database::{Reads, WriteTx},
    entities::user::{Column, Entity},
    users::{user, uuid},
};

impl Users<'_, WriteTx> {
    /// The account, which nobody else can change or log in to before this transaction
    /// ends; `None` where nobody can log in: it is disabled or gone.
    pub async fn lock_enabled(&self, id: UserId) -> Result<Option<User>, StoreError> {
        let row = self.lock_row(id).await?;
        row.filter(|row| row.disabled_at.is_none()).as_ref().map(user).transpose()
    }

    /// Says since when nobody can log in to the account, if so; `false` when it was
    /// so already.
    pub async fn set_disabled(
        &self,
        id: UserId,
        since: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let other = if since.is_some() {
            Column::DisabledAt.is_null()
        } else {
            Column::DisabledAt.is_not_null()
        };
        let done = Entity::update_many()
            .col_expr(Column::DisabledAt, Expr::value(since.map(Timestamp::as_millis)))
            .filter(Column::Id.eq(uuid(id)))
            .filter(other)
            .exec(self.0.connection())
            .await?;
        Ok(done.rows_affected == 1)
    }
}
