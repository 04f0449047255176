//! A row of `security_events`: an event of an account, or several refused passwords counted
//! together. `user_id` is null once the account is deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "security_events")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) event: String,
    pub(crate) actor: String,
    pub(crate) created_at: i64,
    pub(crate) ip_address: String,
    pub(crate) user_agent: String,
    pub(crate) request_id: String,
    pub(crate) actor_id: Option<Uuid>,
    pub(crate) reason: Option<String>,
    pub(crate) refusals: Option<i64>,
    pub(crate) last_at: Option<i64>,
    pub(crate) note: Option<String>,
    pub(crate) role: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
