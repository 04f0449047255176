//! The list of users.

pub(crate) mod export;
mod view;

use auth::{UserCursor, UserFilter, UserOrder, UserQuery};
use domain::UserId;
use hypermedia::{
    answer::Answer,
    error::Error,
    extract::{FormState, Submission, cursor},
    page_context::PageContext,
    ui::FieldName,
};
use maud::{Markup, html};
use poem::{handler, web::Query};
use serde::Deserialize;

pub(in crate::features::admin) use self::view::{moment, tags};
use super::address;

/// The address of the list.
pub(crate) const PATH: &str = "/admin/users";

/// The words searched for.
const SEARCH: FieldName = FieldName::new("q");
/// The users to list.
const FILTER: FieldName = FieldName::new("filter");
/// The order of the list.
const SORT: FieldName = FieldName::new("sort");

/// The query of the list; malformed values are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct IndexQuery {
    q: String,
    filter: String,
    sort: String,
    page: String,
}

#[handler]
pub(crate) async fn index(
    context: &PageContext,
    query: poem::Result<Query<IndexQuery>>,
) -> Result<Answer, Error> {
    let IndexQuery { q, filter, sort, page } = query.map(|Query(query)| query).unwrap_or_default();
    let query = UserQuery { after: decode_cursor(&page), ..read(&q, &filter, &sort) };
    let administration = context.accounts().administration();
    let found = administration.list_users(&query).await?;
    let counts = administration.count_users().await?;
    Ok(Answer::page(view::page(context, &query, &found, &counts)))
}

fn read(search: &str, filter: &str, sort: &str) -> UserQuery {
    let (mut filters, mut orders) = (UserFilter::ALL.into_iter(), UserOrder::ALL.into_iter());
    UserQuery {
        // PostgreSQL takes no NUL, and HTML shows none.
        search: search.replace(char::is_control, ""),
        filter: filters.find(|it| filter_name(*it) == filter).unwrap_or_default(),
        order: orders.find(|it| order_name(*it) == sort).unwrap_or_default(),
        after: None,
    }
}

/// The list that the form of the export is about.
fn read_form(submission: &Submission) -> Result<UserQuery, Error> {
    let [search, filter, sort] = [SEARCH, FILTER, SORT].map(|name| submission.value(name));
    Ok(read(search?, filter?, sort?))
}

/// The same, when the form is shown again.
fn read_state(state: &FormState) -> UserQuery {
    let [search, filter, sort] = [SEARCH, FILTER, SORT].map(|name| state.value(name));
    read(search, filter, sort)
}

/// The name of a filter in the address; the default has none.
const fn filter_name(filter: UserFilter) -> &'static str {
    match filter {
        UserFilter::All => "",
        UserFilter::Admins => "admins",
        UserFilter::Unconfirmed => "unconfirmed",
        UserFilter::Disabled => "disabled",
        UserFilter::ToBeDeleted => "to-be-deleted",
    }
}

/// The name of an order in the address; the default has none.
const fn order_name(order: UserOrder) -> &'static str {
    match order {
        UserOrder::Created => "",
        UserOrder::Oldest => "oldest",
        UserOrder::LastSeen => "last-seen",
        UserOrder::LongestUnseen => "longest-unseen",
    }
}

/// The filter and the order as hidden fields.
fn kept(query: &UserQuery) -> Markup {
    let values = [(FILTER, filter_name(query.filter)), (SORT, order_name(query.order))];
    html! {
        @for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// The address of this part of the list.
fn place(query: &UserQuery) -> String {
    let page = query.after.map(encode_cursor).unwrap_or_default();
    let [filter, sort] = [filter_name(query.filter), order_name(query.order)];
    let search = query.search.as_str();
    address(PATH, &[("q", search), ("filter", filter), ("sort", sort), ("page", &page)])
}

fn encode_cursor(cursor: UserCursor) -> String {
    cursor::encode(cursor.at, cursor.id.as_bytes())
}

fn decode_cursor(text: &str) -> Option<UserCursor> {
    let (at, id) = cursor::decode(text)?;
    Some(UserCursor { at, id: UserId::from_bytes(id) })
}
