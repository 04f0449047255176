//! The list of users, and changing a user's role.

mod view;

use auth::{ChangeRoleError, ListUsers, UserCursor};
use domain::{Role, UserId};
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, Submission, cursor},
    flash::Flash,
    page_context::PageContext,
    ui::FieldName,
};
use poem::{
    handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::{fields, texts::Texts};

/// The address of the list.
const LIST: &str = "/admin/users";

/// The query of the list; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    q: String,
    page: String,
}

/// The fields of the form.
pub(crate) const FIELDS: &[FieldName] = &[fields::ROLE, FieldName::NEXT];

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { q, page } = query.map(|Query(query)| query).unwrap_or_default();
    // PostgreSQL takes no NUL, and HTML shows none.
    let q = q.replace(char::is_control, "");
    let list = ListUsers { search: q, after: decode_cursor(&page) };
    let found = context.accounts().administration().list_users(&list).await?;
    Ok(Answer::page(view::page(context, &list, &found, None)))
}

#[handler]
pub(crate) async fn update(
    context: &PageContext,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let roles = context.accounts().settings().roles;
    let role = roles.find(submission.value(fields::ROLE)?).map_err(|_| Error::BadRequest)?;
    let next =
        submission.value(FieldName::NEXT).ok().and_then(|next| context.site.page_paths.find(next));
    let next = next.filter(|next| next.path() == LIST).unwrap_or_else(|| LocalPath::of(LIST));
    let texts = Texts::of(context.language());
    match context
        .accounts()
        .administration()
        .change_role(principal, id, role, &context.client())
        .await
    {
        Ok(()) => Ok(Answer::redirect(next)
            .with_flash(Flash::new(Texts::of(context.language()).flashes.role_changed))),
        Err(ChangeRoleError::NoSuchUser) => Err(Error::NotFound),
        Err(ChangeRoleError::LastAdmin) => refuse(context, id, &next, texts.pages.last_admin).await,
        Err(ChangeRoleError::Unconfirmed) => refuse(context, id, &next, texts.pages.no_admin).await,
        Err(ChangeRoleError::Fault(fault)) => Err(fault.into()),
    }
}

/// The list with this user alone; the form says why the role stays.
async fn refuse(
    context: &PageContext,
    id: UserId,
    next: &LocalPath,
    error: &'static str,
) -> Result<Answer, Error> {
    let found = context.accounts().administration().list_user(id).await?;
    let address = found.users.first().map(|user| user.email.as_str().to_owned());
    let list = ListUsers { search: address.unwrap_or_default(), after: None };
    let kept = view::Kept { id, there: next.as_str(), error };
    Ok(Answer::invalid(view::page(context, &list, &found, Some(kept))))
}

/// The name of a role as people read it. A role that the product no longer has keeps the name that
/// the database has.
pub(crate) fn role_label(context: &PageContext, role: &Role) -> String {
    let texts = Texts::of(context.language());
    match context.accounts().settings().roles.definition(role) {
        Some(known) => (known.label)(context.language()).to_owned(),
        None if *role == Role::USER => texts.pages.role_user.to_owned(),
        None if role.is_admin() => texts.pages.role_admin.to_owned(),
        None => role.to_string(),
    }
}

fn encode_cursor(cursor: UserCursor) -> String {
    cursor::encode(cursor.created_at, cursor.id.as_bytes())
}

fn decode_cursor(text: &str) -> Option<UserCursor> {
    let (created_at, id) = cursor::decode(text)?;
    Some(UserCursor { created_at, id: UserId::from_bytes(id) })
}
