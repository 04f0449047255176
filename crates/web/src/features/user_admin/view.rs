//! The list of users.

use auth::{ListUsers, UserPage};
use domain::{Role, User, UserId};
use maud::{Markup, Render, html};

use super::{LIST, encode_cursor};
use crate::{
    answer::View,
    ui::{ActionForm, Discretion, Empty, FieldName, Pager, Search, Table, Weight, texts},
    visit::Visit,
};

/// The list; `kept` is the user whose role had to stay, and where their form was.
pub(super) fn page(
    visit: &Visit,
    list: &ListUsers,
    found: &UserPage,
    kept: Option<(UserId, &str)>,
) -> View {
    let here = address(list);
    let is_kept = |user: &&User| kept.is_some_and(|(id, _)| id == user.id);
    let form = |user| match kept.filter(|_| is_kept(&user)) {
        Some((_, there)) => role_form(visit, user, there, Some(texts::LAST_ADMIN)),
        None => role_form(visit, user, &here, None),
    };
    let forms: Vec<Markup> = found.users.iter().map(form).collect();
    let rows = found.users.iter().zip(&forms).map(|(user, form)| row(user, form.clone())).collect();
    let table = Table { caption: texts::USERS, columns: &texts::USER_COLUMNS, rows };
    let next = found.next.map(encode_cursor);
    let kept_form = found.users.iter().zip(forms.iter()).find(|(user, _)| is_kept(user));
    let main = html! {
        section.wide {
            h1 { (texts::USERS) }
            (Search { action: LIST, label: texts::SEARCH_USERS, query: &list.search })
            @if found.users.is_empty() {
                (Empty { title: texts::NO_USERS, text: texts::NO_USERS_TEXT })
            } @else {
                div.panel.users { (table) }
            }
            (Pager {
                action: LIST,
                query: &list.search,
                is_first: list.after.is_none(),
                next: next.as_deref(),
            })
        }
    };
    View {
        title: texts::USERS,
        discretion: Discretion::Unlisted,
        form: kept_form.map(|(_, form)| form.clone()),
        main,
    }
}

fn row(user: &User, form: Markup) -> Vec<Markup> {
    let email = html! {
        (user.email)
        @if user.delete_after.is_some() { " " span.tag { (texts::TO_BE_DELETED) } }
    };
    vec![html! { (user.name) }, email, html! { (texts::role(user.role)) }, form]
}

/// A button that makes an admin of a user, or a user of an admin.
fn role_form(visit: &Visit, user: &User, here: &str, error: Option<&str>) -> Markup {
    let (role, label) = match user.role {
        Role::User => (Role::Admin, texts::MAKE_ADMIN),
        Role::Admin => (Role::User, texts::MAKE_USER),
    };
    ActionForm {
        id: &format!("role-form-{}", user.id),
        action: &format!("{LIST}/{}/role", user.id),
        csrf_token: visit.csrf.token(),
        hidden: vec![(FieldName::Role, role.as_str()), (FieldName::Next, here)],
        error,
        label,
        spoken: Some(&texts::change_role_of(label, user.name.as_str())),
        weight: Weight::Quiet,
    }
    .render()
}

/// The address of this very part of the list.
fn address(list: &ListUsers) -> String {
    let search = Some(("q", list.search.clone())).filter(|(_, words)| !words.is_empty());
    let page = list.after.map(|cursor| ("page", encode_cursor(cursor)));
    let query: Vec<_> = search.into_iter().chain(page).collect();
    match serde_urlencoded::to_string(query) {
        Ok(query) if !query.is_empty() => format!("{LIST}?{query}"),
        _ => LIST.to_owned(),
    }
}
