//! The table `notes`: every query asks for the owner, but those for what is published.

use domain::{Timestamp, UserId, random};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, entity::prelude::*, sea_query::Expr,
};
use store::{Reads, StoreError, WriteTx};

/// Notes on one page of a list.
const PAGE_SIZE: u64 = 20;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notes")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) published_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What the owner writes.
pub(crate) struct Draft {
    pub(crate) title: String,
    pub(crate) body: String,
}

/// The last note of a page.
pub(crate) type Cursor = (Timestamp, [u8; 16]);

/// Up to twenty notes, and where the next ones begin.
pub(crate) struct Page {
    pub(crate) notes: Vec<Model>,
    pub(crate) next: Option<Cursor>,
}

/// The notes of the owner, the newest first.
pub(crate) async fn list(
    reads: &impl Reads,
    owner: UserId,
    after: Option<Cursor>,
) -> Result<Page, StoreError> {
    let own = Entity::find().filter(Column::UserId.eq(key(owner)));
    page(reads, own, Column::CreatedAt, after, |note| Some(note.created_at)).await
}

/// The published notes of all owners, the newest first.
pub(crate) async fn list_published(
    reads: &impl Reads,
    after: Option<Cursor>,
) -> Result<Page, StoreError> {
    let published = Entity::find().filter(Column::PublishedAt.is_not_null());
    page(reads, published, Column::PublishedAt, after, |note| note.published_at).await
}

async fn page(
    reads: &impl Reads,
    select: Select<Entity>,
    order: Column,
    after: Option<Cursor>,
    moment: fn(&Model) -> Option<i64>,
) -> Result<Page, StoreError> {
    let after = after.map(|(at, id)| {
        let (at, id) = (at.as_millis(), Uuid::from_bytes(id));
        let same = Condition::all().add(order.eq(at)).add(Column::Id.lt(id));
        Condition::any().add(order.lt(at)).add(same)
    });
    let mut notes = select
        .apply_if(after, QueryFilter::filter)
        .order_by_desc(order)
        .order_by_desc(Column::Id)
        .limit(PAGE_SIZE + 1)
        .all(reads.connection())
        .await?;
    let more = notes.len() > usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX);
    if more {
        notes.pop();
    }
    let last = notes.last().filter(|_| more);
    let next =
        last.and_then(|note| Some((Timestamp::from_millis(moment(note)?), note.id.into_bytes())));
    Ok(Page { notes, next })
}

/// Everything of the owner, for the export.
pub(crate) async fn all(reads: &impl Reads, owner: UserId) -> Result<Vec<Model>, StoreError> {
    let own = Entity::find().filter(Column::UserId.eq(key(owner)));
    Ok(own.order_by_asc(Column::CreatedAt).all(reads.connection()).await?)
}

/// The note, if it is the owner's.
pub(crate) async fn find(
    reads: &impl Reads,
    key: (UserId, Uuid),
) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find().filter(own(key)).one(reads.connection()).await?)
}

pub(crate) async fn insert(
    tx: &WriteTx,
    owner: UserId,
    draft: Draft,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(Uuid::from_bytes(random::bytes())),
        user_id: Set(key(owner)),
        title: Set(draft.title),
        body: Set(draft.body),
        created_at: Set(now.as_millis()),
        updated_at: Set(now.as_millis()),
        published_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(tx.connection()).await?;
    Ok(())
}

/// Whether the note is the owner's and was changed.
pub(crate) async fn update(
    tx: &WriteTx,
    key: (UserId, Uuid),
    draft: Draft,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let set = Entity::update_many()
        .col_expr(Column::Title, Expr::value(draft.title))
        .col_expr(Column::Body, Expr::value(draft.body))
        .col_expr(Column::UpdatedAt, Expr::value(now.as_millis()));
    Ok(set.filter(own(key)).exec(tx.connection()).await?.rows_affected > 0)
}

/// Publishes the note, if it is the owner's and is not published.
pub(crate) async fn publish(
    tx: &WriteTx,
    key: (UserId, Uuid),
    now: Timestamp,
) -> Result<bool, StoreError> {
    let set = Entity::update_many().col_expr(Column::PublishedAt, Expr::value(now.as_millis()));
    let draft = own(key).add(Column::PublishedAt.is_null());
    Ok(set.filter(draft).exec(tx.connection()).await?.rows_affected > 0)
}

/// Whether the note was the owner's and is deleted.
pub(crate) async fn delete(tx: &WriteTx, key: (UserId, Uuid)) -> Result<bool, StoreError> {
    let deleted = Entity::delete_many().filter(own(key)).exec(tx.connection()).await?;
    Ok(deleted.rows_affected > 0)
}

fn own((owner, id): (UserId, Uuid)) -> Condition {
    Condition::all().add(Column::Id.eq(id)).add(Column::UserId.eq(key(owner)))
}

fn key(user: UserId) -> Uuid {
    Uuid::from_bytes(*user.as_bytes())
}
