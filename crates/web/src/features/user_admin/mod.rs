//! The list of users, and changing a user's role.

mod view;

use auth::{ChangeRoleError, ListUsers, UserCursor};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Role, Timestamp, UserId};
use poem::{
    handler,
    web::{Path, Query},
};
use serde::Deserialize;

use crate::{
    answer::Answer,
    error::Error,
    extract::{Authenticated, LocalPath, Submission},
    flash::Flash,
    ui::FieldName,
    visit::Visit,
};

/// The address of the list.
const LIST: &str = "/admin/users";

/// What the list is asked for; what cannot be read is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    q: String,
    page: String,
}

#[handler]
pub(crate) async fn index(
    visit: &Visit,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { q, page } = query.map(|Query(query)| query).unwrap_or_default();
    // PostgreSQL takes no NUL, and HTML shows none.
    let q = q.replace(char::is_control, "");
    let list = ListUsers { search: q, after: decode_cursor(&page) };
    let found = visit.accounts().list_users(&list).await?;
    Ok(Answer::page(view::page(visit, &list, &found, None)))
}

#[handler]
pub(crate) async fn update(
    visit: &Visit,
    principal: &Authenticated,
    Path(id): Path<String>,
    submission: &Submission,
) -> Result<Answer, Error> {
    let id: UserId = id.parse().map_err(|_| Error::NotFound)?;
    let role: Role = submission.value(FieldName::Role)?.parse().map_err(|_| Error::BadRequest)?;
    let next = submission.value(FieldName::Next).ok().and_then(|next| visit.site.pages.find(next));
    let next = next.filter(|next| next.path() == LIST).unwrap_or_else(|| LocalPath::of(LIST));
    match visit.accounts().change_role(principal, id, role, &visit.client()).await {
        Ok(()) => Ok(Answer::redirect(next).with_flash(Flash::RoleChanged)),
        Err(ChangeRoleError::NoSuchUser) => Err(Error::NotFound),
        Err(ChangeRoleError::LastAdmin) => {
            let list = ListUsers { search: principal.email.as_str().to_owned(), after: None };
            let found = visit.accounts().list_users(&list).await?;
            Ok(Answer::invalid(view::page(visit, &list, &found, Some((id, next.as_str())))))
        }
        Err(ChangeRoleError::Fault(fault)) => Err(fault.into()),
    }
}

/// Where a page begins, as one word in its address.
fn encode_cursor(cursor: UserCursor) -> String {
    let mut bytes = cursor.created_at.as_millis().to_be_bytes().to_vec();
    bytes.extend(cursor.id.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn decode_cursor(text: &str) -> Option<UserCursor> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (moment, id) = bytes.split_first_chunk::<8>()?;
    let created_at = Timestamp::from_millis(i64::from_be_bytes(*moment));
    Some(UserCursor { created_at, id: UserId::from_bytes(id.try_into().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_way_through_an_address() {
        let cursor = UserCursor { created_at: Timestamp::from_millis(-5), id: UserId::generate() };
        assert_eq!(decode_cursor(&encode_cursor(cursor)), Some(cursor));
        for wrong in ["", "2", "%", "AAAA", &"A".repeat(90)] {
            assert_eq!(decode_cursor(wrong), None, "{wrong}");
        }
    }
}
