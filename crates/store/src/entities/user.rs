//! A row of `users`: an account with the hash of its password. The hash never becomes part of
//! [`domain::User`].

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) search_text: String,
    pub(crate) password_hash: String,
    pub(crate) role: String,
    pub(crate) created_at: i64,
    pub(crate) confirmed_at: Option<i64>,
    pub(crate) disabled_at: Option<i64>,
    pub(crate) delete_after: Option<i64>,
    pub(crate) last_seen_at: i64,
    pub(crate) language: String,
    pub(crate) device_generation: i64,
    pub(crate) second_factor_since: Option<i64>,
    pub(crate) factor_reset_at: Option<i64>,
    pub(crate) factor_reset_step_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
