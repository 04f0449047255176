//! The admin area: the list of users, a page per user, the invitations, the audit trail and the
//! mails.
//!
//! Each page has a permission of its own. A link is shown only to those who may follow it; the
//! policies of the routes decide.

pub(crate) mod events;
pub(crate) mod invitations;
pub(crate) mod mails;
pub(crate) mod user;
pub(crate) mod users;

use auth::MAX_COUNTED;
use domain::{AuditNote, AuditNoteError, Permission, Role, UserId};
use hypermedia::{
    extract::LocalPath,
    page_context::PageContext,
    policy::Policy,
    routes::Routes,
    ui::{Choice, FieldName},
};
use maud::{Markup, html};

use crate::texts::Texts;

/// The reason of an action.
const REASON: FieldName = FieldName::new("reason");

/// The admin area, with a permission for each page. What changes something needs a recent log-in
/// too.
pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .group(Policy::Permission(Permission::READ_USERS), |group| {
            group.get(users::PATH, users::index).get(user::PATH, user::show)
        })
        .group(Policy::RecentPermission(Permission::READ_USERS), |group| {
            group.download_with(
                users::export::EXPORT_PATH,
                users::export::FIELDS,
                users::PATH,
                users::export::page,
                users::export::create,
            )
        })
        .group(Policy::RecentPermission(Permission::MANAGE_USERS), |group| {
            let role = user::Action::Role;
            let group = group.post(user::FORMER_ROLE_PATH, role.fields(), user::Act(role));
            user::Action::ALL.into_iter().fold(group, |group, action| {
                group.post(action.path(), action.fields(), user::Act(action))
            })
        })
        .group(Policy::Permission(Permission::MANAGE_USERS), |group| {
            group.get(invitations::PATH, invitations::index)
        })
        .group(Policy::RecentPermission(Permission::MANAGE_USERS), |group| {
            group
                .post(invitations::PATH, invitations::FIELDS, invitations::create)
                .post(invitations::RESEND_PATH, &[], invitations::update)
                .post(invitations::REVOKE_PATH, &[], invitations::destroy)
        })
        .group(Policy::Permission(Permission::READ_EVENTS), |group| {
            group.get(events::PATH, events::index)
        })
        .group(Policy::Permission(Permission::MANAGE_MAIL), |group| {
            group.get(mails::PATH, mails::index)
        })
        .group(Policy::RecentPermission(Permission::MANAGE_MAIL), |group| {
            group.post(mails::TEST_PATH, &[], mails::create).post(
                mails::SEND_PATH,
                &[],
                mails::update,
            )
        })
}

/// A page of the admin area.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Users,
    Invitations,
    Events,
    Mails,
}

impl Section {
    const ALL: [Self; 4] = [Self::Users, Self::Invitations, Self::Events, Self::Mails];

    const fn path(self) -> &'static str {
        match self {
            Self::Users => users::PATH,
            Self::Invitations => invitations::PATH,
            Self::Events => events::PATH,
            Self::Mails => mails::PATH,
        }
    }

    const fn permission(self) -> Permission {
        match self {
            Self::Users => Permission::READ_USERS,
            Self::Invitations => Permission::MANAGE_USERS,
            Self::Events => Permission::READ_EVENTS,
            Self::Mails => Permission::MANAGE_MAIL,
        }
    }

    const fn label(self, texts: &Texts) -> &'static str {
        match self {
            Self::Users => texts.account.users,
            Self::Invitations => texts.invitations.title,
            Self::Events => texts.admin.events,
            Self::Mails => texts.admin.mails,
        }
    }

    /// The content of a page of the section, below the way to the others.
    fn page(self, context: &PageContext, body: &Markup) -> Markup {
        let texts = Texts::of(context.language());
        html! {
            nav.tabs aria-label=(texts.admin.nav) {
                @for section in Self::ALL.into_iter().filter(|it| may(context, it.permission())) {
                    a href=(section.path()) aria-current=[(section == self).then_some("page")] {
                        (section.label(texts))
                    }
                }
            }
            section.wide.admin { (body) }
        }
    }
}

/// Whether the visitor's role allows it, to show a link or a button.
fn may(context: &PageContext, permission: Permission) -> bool {
    context.principal.as_ref().is_some_and(|user| context.accounts().may(user, permission))
}

/// The reason of an action, or why it is none.
fn note(texts: &Texts, text: &str) -> Result<AuditNote, &'static str> {
    AuditNote::parse(text).map_err(|error| match error {
        AuditNoteError::TooLong => texts.admin.reason_too_long,
        AuditNoteError::Unprintable => texts.admin.reason_unprintable,
    })
}

/// The page of a user.
fn user_path(id: UserId) -> String {
    format!("{}/{id}", users::PATH)
}

/// A path that is made of a constant and an id.
fn local(path: &str) -> LocalPath {
    LocalPath::parse(path).unwrap_or_else(|| LocalPath::of(users::PATH))
}

/// The address of a list with these parameters; empty ones are left out.
fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given: Vec<_> = parameters.iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_urlencoded::to_string(given) {
        Ok(query) if !query.is_empty() => format!("{path}?{query}"),
        _ => path.to_owned(),
    }
}

/// The way to the next page of a list, and back to its beginning.
fn pager(texts: &Texts, first: Option<String>, next: Option<String>) -> Markup {
    html! {
        @if first.is_some() || next.is_some() {
            nav.pager aria-label=(texts.frame.pager) {
                @if let Some(first) = first {
                    a.button.quiet rel="first" href=(first) { (texts.frame.first) }
                }
                @if let Some(next) = next {
                    a.button.quiet rel="next" href=(next) { (texts.frame.next) }
                }
            }
        }
    }
}

/// The links to the filters of a list: text, address, whether it is this one, and the count.
fn filters(texts: &Texts, links: &[(&str, String, bool, u64)]) -> Markup {
    html! {
        nav.filters aria-label=(texts.admin.filters) {
            @for (label, address, is_current, count) in links {
                a href=(address) aria-current=[is_current.then_some("true")] {
                    (label) " " span.count { (counted(*count)) }
                }
            }
        }
    }
}

/// A number of rows, which were counted up to a limit.
fn counted(count: u64) -> String {
    if count > MAX_COUNTED { format!("{MAX_COUNTED}+") } else { count.to_string() }
}

/// A select of a form with GET, whose first entry chooses nothing.
fn select(name: FieldName, label: &str, any: &str, choices: &[Choice<'_>], chosen: &str) -> Markup {
    html! {
        label {
            span { (label) }
            select name=(name) autocomplete="off" {
                option value="" { (any) }
                @for choice in choices {
                    option value=(choice.value) selected[choice.value == chosen] { (choice.label) }
                }
            }
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_the_parameters_that_are_given() {
        assert_eq!(address("/admin/users", &[("q", ""), ("page", "")]), "/admin/users");
        let full = address("/admin/users", &[("q", "a & b"), ("filter", "admins"), ("sort", "")]);
        assert_eq!(full, "/admin/users?q=a+%26+b&filter=admins");
    }

    #[test]
    fn what_was_not_counted_to_the_end_says_so() {
        let counts = [0, 7, 1_000, 1_001].map(counted);
        assert_eq!(counts, ["0", "7", "1000", "1000+"]);
    }
}
