//! The notes of a user: list, write, change, delete. For every other user a note is not there.

mod migration;
mod personal_data;
pub(crate) mod repository;
mod view;

use hypermedia::{
    answer::{Answer, View},
    error::Error,
    extract::{Authenticated, FormState, LocalPath, Submission, cursor, parse},
    flash::Flash,
    page_context::PageContext,
    routes::Group,
    ui::FieldName,
};
use poem::{
    handler,
    web::{Path, Query},
};
use sea_orm::prelude::Uuid;
use serde::Deserialize;
use store::Changes;

pub(crate) use self::personal_data::OwnNotes;
use self::repository::{Cursor, Draft};

/// The list.
pub(crate) const PATH: &str = "/notes";

const TITLE: FieldName = FieldName::new("title");
const BODY: FieldName = FieldName::new("body");
const FIELDS: &[FieldName] = &[TITLE, BODY];
/// The longest title and the longest text, in characters.
const MAX_TITLE: usize = 120;
const MAX_BODY: usize = 10_000;

/// The schema of the notes.
pub(crate) fn migrations() -> Changes {
    vec![Box::new(migration::Migration)]
}

pub(crate) fn routes(group: Group) -> Group {
    group
        .get(PATH, index)
        .form("/notes/new", FIELDS, new_page, new, create)
        .form("/notes/{id}", FIELDS, edit_page, edit, update)
        .post("/notes/{id}/delete", &[], destroy)
}

/// The query of a list; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    page: String,
}

impl IndexQuery {
    /// Where the page begins.
    pub(crate) fn after(query: poem::Result<Query<Self>>) -> Option<Cursor> {
        let Self { page } = query.map(|Query(query)| query).unwrap_or_default();
        cursor::decode(&page)
    }
}

#[handler]
async fn index(
    context: &PageContext,
    principal: &Authenticated,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let after = IndexQuery::after(query);
    let store = context.accounts().store();
    let found = repository::list(store, principal.user_id, after).await?;
    Ok(Answer::page(view::list(context, &found, after.is_none())))
}

#[handler]
fn new(context: &PageContext) -> Answer {
    Answer::page(new_page(context, &FormState::default()))
}

#[handler]
async fn create(
    context: &PageContext,
    principal: &Authenticated,
    submission: &Submission,
) -> Result<Answer, Error> {
    let mut state = FormState::of(submission);
    let Some(draft) = draft(context, &mut state, submission) else {
        return Ok(Answer::invalid(new_page(context, &state)));
    };
    let now = context.accounts().clock().now();
    let tx = context.accounts().store().begin().await?;
    repository::insert(&tx, principal.user_id, draft, now).await?;
    tx.commit().await?;
    Ok(to_list("Note saved."))
}

#[handler]
async fn edit(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let store = context.accounts().store();
    let note = repository::find(store, (principal.user_id, note_id(&id)?)).await?;
    let note = note.ok_or(Error::NotFound)?;
    let state = FormState::default().with_value(TITLE, &note.title).with_value(BODY, &note.body);
    Ok(Answer::page(edit_page(context, &state)))
}

#[handler]
async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let (key, now) = ((principal.user_id, note_id(&id)?), context.accounts().clock().now());
    let mut state = FormState::of(submission);
    let Some(draft) = draft(context, &mut state, submission) else {
        return Ok(Answer::invalid(edit_page(context, &state)));
    };
    let tx = context.accounts().store().begin().await?;
    if !repository::update(&tx, key, draft, now).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(to_list("Note saved."))
}

#[handler]
async fn destroy(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
) -> Result<Answer, Error> {
    let tx = context.accounts().store().begin().await?;
    if !repository::delete(&tx, (principal.user_id, note_id(&id)?)).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(to_list("Note deleted."))
}

fn new_page(context: &PageContext, state: &FormState) -> View {
    view::form(context, state, "New note")
}

fn edit_page(context: &PageContext, state: &FormState) -> View {
    view::form(context, state, "Edit note")
}

/// What was typed, or its errors in `state`.
fn draft(context: &PageContext, state: &mut FormState, submission: &Submission) -> Option<Draft> {
    let texts = &context.texts();
    let title = state.parse(texts, submission, TITLE, parse::text(MAX_TITLE));
    let body = state.parse(texts, submission, BODY, parse::multi_line(MAX_BODY));
    Some(Draft { title: title?, body: body? })
}

pub(crate) fn note_id(text: &str) -> Result<Uuid, Error> {
    Uuid::try_parse(text).map_err(|_| Error::NotFound)
}

pub(crate) fn to_list(done: &'static str) -> Answer {
    Answer::redirect(LocalPath::of(PATH)).with_flash(Flash::new(done))
}
