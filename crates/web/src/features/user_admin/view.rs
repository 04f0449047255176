//! The list of users.

use auth::{ListUsers, UserPage};
use domain::{Role, User, UserId};
use hypermedia::{
    answer::View,
    page_context::PageContext,
    ui::{
        ActionForm, Choice, ChoiceField, Empty, FieldName, Indexing, Pager, Search, Table, Weight,
    },
};
use maud::{Markup, Render, html};

use super::{LIST, encode_cursor, role_label};
use crate::{fields, texts::Texts};

/// The user with the role that had to stay.
#[derive(Clone, Copy)]
pub(super) struct Kept<'a> {
    pub(super) id: UserId,
    /// Where their form was.
    pub(super) there: &'a str,
    /// Why.
    pub(super) error: &'a str,
}

/// The list.
pub(super) fn page(
    context: &PageContext,
    list: &ListUsers,
    found: &UserPage,
    kept: Option<Kept<'_>>,
) -> View {
    let texts = Texts::of(context.language());
    let here = address(list);
    let is_kept = |user: &&User| kept.is_some_and(|kept| kept.id == user.id);
    let form = |user| match kept.filter(|_| is_kept(&user)) {
        Some(kept) => role_form(context, user, kept.there, Some(kept.error)),
        None => role_form(context, user, &here, None),
    };
    let forms: Vec<Markup> = found.users.iter().map(form).collect();
    let rows = found
        .users
        .iter()
        .zip(&forms)
        .map(|(user, form)| row(context, user, form.clone()))
        .collect();
    let table = Table { caption: texts.account.users, columns: &texts.pages.user_columns, rows };
    let next = found.next.map(encode_cursor);
    let kept_form = found.users.iter().zip(forms.iter()).find(|(user, _)| is_kept(user));
    let main = html! {
        section.wide {
            h1 { (texts.account.users) }
            (Search { texts, action: LIST, label: texts.pages.search_users, query: &list.search })
            @if found.users.is_empty() {
                (Empty { title: texts.pages.no_users, text: texts.pages.no_users_text })
            } @else {
                div.panel.users { (table) }
            }
            (Pager {
                texts,
                action: LIST,
                query: &list.search,
                is_first: list.after.is_none(),
                next: next.as_deref(),
            })
        }
    };
    View {
        title: texts.account.users,
        indexing: Indexing::Unlisted,
        form: kept_form.map(|(_, form)| form.clone()),
        main,
    }
}

fn row(context: &PageContext, user: &User, form: Markup) -> Vec<Markup> {
    let texts = Texts::of(context.language());
    let tags = [
        (user.disabled_at.is_some(), texts.pages.disabled),
        (user.confirmed_at.is_none(), texts.pages.unconfirmed),
        (user.delete_after.is_some(), texts.data.to_be_deleted),
    ];
    let email = html! {
        (user.email)
        @for (_, tag) in tags.iter().filter(|(is_so, _)| *is_so) { " " span.tag { (tag) } }
    };
    vec![html! { (user.name) }, email, form]
}

/// The role of a user, and the way to another.
fn role_form(context: &PageContext, user: &User, here: &str, error: Option<&str>) -> Markup {
    let texts = Texts::of(context.language());
    let label = texts.pages.change_role;
    let roles = context.accounts().settings().roles;
    let former = Some(user.role.clone()).filter(|role| roles.find(role.as_str()).is_err());
    let named = |role: Role| (role.to_string(), role_label(context, &role));
    let options: Vec<_> = former.into_iter().chain(roles.all()).map(named).collect();
    ActionForm {
        id: &format!("role-form-{}", user.id),
        action: &format!("{LIST}/{}/role", user.id),
        csrf_token: context.csrf.token(),
        hidden: vec![(FieldName::NEXT, here)],
        choice: Some(ChoiceField {
            name: fields::ROLE,
            label: &format!("{}: {}", texts.pages.role, user.name),
            options: options.iter().map(|(value, label)| Choice { value, label }).collect(),
            chosen: user.role.as_str(),
        }),
        error,
        label,
        spoken: Some(&format!("{label}: {}", user.name)),
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
