//! The list of users: filters, search, order, and a row per user that leads to the user's page.

use auth::{UserFilter, UserOrder, UserPage, UserQuery};
use domain::{Timestamp, User};
use hypermedia::{
    answer::View,
    page_context::PageContext,
    ui::{Empty, Indexing, Moment, Table},
};
use maud::{Markup, Render, html};

use super::{PATH, SEARCH, export, kept, place};
use crate::{
    features::admin::{Section, filters, pager, role_label, user_path},
    texts::Texts,
};

/// The list.
pub(super) fn page(
    context: &PageContext,
    query: &UserQuery,
    found: &UserPage,
    counts: &[u64],
) -> View {
    let texts = Texts::of(context.language());
    let rows = found.users.iter().map(|user| row(context, user)).collect();
    let columns = &texts.admin.user_columns;
    let table = Table { caption: texts.account.users, columns, rows };
    let first = UserQuery { after: None, ..query.clone() };
    let next = found.next.map(|next| UserQuery { after: Some(next), ..query.clone() });
    let body = html! {
        h1 { (texts.account.users) }
        (filters(texts, &filter_links(texts, &first, counts)))
        (search(texts, query))
        (orders(texts, &first))
        @if found.users.is_empty() {
            (Empty { title: texts.pages.no_users, text: texts.pages.no_users_text })
        } @else {
            div.panel.compact { (table) }
        }
        (pager(texts, query.after.map(|_| place(&first)), next.map(|next| place(&next))))
        @if !found.users.is_empty() { (export::form(context, &first, None)) }
    };
    View {
        title: texts.account.users,
        indexing: Indexing::Unlisted,
        form: None,
        main: Section::Users.page(context, &body),
    }
}

fn filter_links<'a>(
    texts: &'a Texts,
    query: &UserQuery,
    counts: &[u64],
) -> Vec<(&'a str, String, bool, u64)> {
    let filters = UserFilter::ALL.into_iter().zip(counts);
    let link = |(filter, count): (UserFilter, &u64)| {
        let address = place(&UserQuery { filter, ..query.clone() });
        ((texts.admin.filter)(filter), address, filter == query.filter, *count)
    };
    filters.map(link).collect()
}

/// The search, within the filter and in the order of the list.
fn search(texts: &Texts, query: &UserQuery) -> Markup {
    html! {
        search {
            form.search method="get" action=(PATH) {
                (kept(query))
                label for="q" { (texts.pages.search_users) }
                input id="q" name=(SEARCH) type="search" value=(query.search) autocomplete="off"
                    inputmode="search" enterkeyhint="search" spellcheck="false";
                button type="submit" { (texts.frame.search) }
            }
        }
    }
}

fn orders(texts: &Texts, query: &UserQuery) -> Markup {
    html! {
        p.orders {
            (texts.admin.sort_by)
            @for order in UserOrder::ALL {
                " "
                a href=(place(&UserQuery { order, ..query.clone() }))
                    aria-current=[(order == query.order).then_some("true")] {
                    ((texts.admin.order)(order))
                }
            }
        }
    }
}

fn row(context: &PageContext, user: &User) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let email = html! { (user.email) (tags(texts, user)) };
    vec![
        html! { a href=(user_path(user.id)) { (user.name) } },
        email,
        html! { (role_label(context, &user.role)) },
        Moment { texts, at: user.created_at }.render(),
        moment(texts, user.last_seen_at),
    ]
}

/// The marks of an account that is not as others are.
pub(in crate::features::admin) fn tags(texts: &Texts, user: &User) -> Markup {
    let tags = [
        (user.disabled_at.is_some(), texts.pages.disabled),
        (user.confirmed_at.is_none(), texts.pages.unconfirmed),
        (user.delete_after.is_some(), texts.data.to_be_deleted),
    ];
    html! {
        @for (_, tag) in tags.iter().filter(|(is_so, _)| *is_so) { " " span.tag { (tag) } }
    }
}

/// A time that may not have come.
pub(in crate::features::admin) fn moment(texts: &'static Texts, at: Option<Timestamp>) -> Markup {
    let never = || html! { (texts.admin.never) };
    at.map_or_else(never, |at| Moment { texts, at }.render())
}
