//! The list of users.

use auth::{ListUsers, UserPage};
use domain::{Role, User, UserId};
use maud::{Markup, html};

use super::encode_cursor;
use crate::{
    answer::View,
    ui::{Discretion, Empty, Pager, Search, Table, csrf_field, texts},
    visit::Visit,
};

const LIST: &str = "/admin/users";

/// The list; `kept` is the user whose role had to stay.
pub(super) fn page(
    visit: &Visit,
    list: &ListUsers,
    found: &UserPage,
    kept: Option<UserId>,
) -> View {
    let forms: Vec<Markup> =
        found.users.iter().map(|user| role_form(visit, user, kept == Some(user.id))).collect();
    let rows = found.users.iter().zip(&forms).map(|(user, form)| row(user, form.clone())).collect();
    let table = Table { caption: texts::USERS, columns: &texts::USER_COLUMNS, rows };
    let next = found.next.map(encode_cursor);
    let kept_form = found.users.iter().zip(forms.iter()).find(|(user, _)| kept == Some(user.id));
    let main = html! {
        section.wide {
            h1 { (texts::USERS) }
            (Search { action: LIST, label: texts::SEARCH_USERS, query: &list.search })
            @if found.users.is_empty() {
                (Empty { title: texts::NO_USERS, text: texts::NO_USERS_TEXT })
            } @else {
                div.panel { (table) }
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
    vec![html! { (user.name) }, html! { (user.email) }, html! { (texts::role(user.role)) }, form]
}

/// A button that makes an admin of a user, or a user of an admin.
fn role_form(visit: &Visit, user: &User, is_kept: bool) -> Markup {
    let (role, label) = match user.role {
        Role::User => (Role::Admin, texts::MAKE_ADMIN),
        Role::Admin => (Role::User, texts::MAKE_USER),
    };
    let id = format!("role-form-{}", user.id);
    let action = format!("{LIST}/{}/role", user.id);
    html! {
        form.inline id=(id) method="post" action=(action)
            hx-post=(action) hx-target="this" hx-swap="outerHTML"
            hx-sync="this:drop" hx-disable="find [type=submit]" {
            (csrf_field(visit.csrf.token()))
            input type="hidden" name="role" value=(role);
            @if is_kept {
                p.error id={ (id) "-error" } role="alert" { (texts::LAST_ADMIN) }
            }
            button.quiet type="submit" aria-label=(texts::change_role_of(label, user.name.as_str())) {
                (label)
            }
        }
    }
}
