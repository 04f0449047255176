//! A row of `outbox`: a mail that is asked for, queued, sent or given up. The bodies are empty once
//! it is sent or given up.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) recipient: String,
    pub(crate) recipient_name: Option<String>,
    pub(crate) subject: String,
    pub(crate) text_body: String,
    pub(crate) html_body: String,
    pub(crate) created_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) due_at: Option<i64>,
    pub(crate) attempts: i32,
    pub(crate) sent_at: Option<i64>,
    pub(crate) failed_at: Option<i64>,
    pub(crate) last_error: Option<String>,
    pub(crate) language: String,
    pub(crate) user_id: Option<Uuid>,
    pub(crate) kind: String,
    pub(crate) priority: i16,
    pub(crate) doubtful_at: Option<i64>,
    pub(crate) paused_at: Option<i64>,
    pub(crate) request: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
