//! A row of `invitations`: an address that was invited, with the role that it gets. The token of the
//! link is stored as SHA-256, which includes the purpose.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) token_hash: Vec<u8>,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) language: String,
    pub(crate) invited_by: Option<Uuid>,
    pub(crate) note: Option<String>,
    pub(crate) mail_id: Uuid,
    pub(crate) created_at: i64,
    pub(crate) sent_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) accepted_at: Option<i64>,
    pub(crate) user_id: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
