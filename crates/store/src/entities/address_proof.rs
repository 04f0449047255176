//! A row of `address_proofs`: a proof of an address. The token and the cookie of the browser are
//! stored as SHA-256, the code as a MAC. The table has three more columns, which the previous
//! release writes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "address_proofs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) token_hash: Vec<u8>,
    pub(crate) browser_hash: Vec<u8>,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) purpose: String,
    pub(crate) email: String,
    pub(crate) code_mac: Vec<u8>,
    pub(crate) tries_left: i32,
    pub(crate) mail_id: Uuid,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
