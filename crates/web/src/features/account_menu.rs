//! The end of the navigation bar: to log in or sign up or, for a user, a menu with the settings, the
//! admin area and the way out. The menu is a `<details>`, so it opens without script.

use domain::{Permission, Principal};
use hypermedia::{
    navigation::NavigationEntry,
    page_context::PageContext,
    policy::Policy,
    ui::{Icon, current, ids},
};
use maud::{Markup, html};

use super::{admin, log_out};
use crate::{paths, texts::Texts};

/// The pages of the admin area. The menu links the first that the user may see.
pub(crate) const ADMIN_LINKS: &[NavigationEntry] = &[
    NavigationEntry {
        label: |language| Texts::of(language).account.users,
        path: admin::users::PATH,
        policy: Policy::Permission(Permission::READ_USERS),
    },
    NavigationEntry {
        label: |language| Texts::of(language).admin.events,
        path: admin::events::PATH,
        policy: Policy::Permission(Permission::READ_EVENTS),
    },
    NavigationEntry {
        label: |language| Texts::of(language).admin.mails,
        path: admin::mails::PATH,
        policy: Policy::Permission(Permission::MANAGE_MAIL),
    },
];

pub(crate) fn view(context: &PageContext) -> Markup {
    let texts = &Texts::of(context.language()).account;
    let current = |path| current(&context.path, path);
    html! {
        @if let Some(principal) = &context.principal {
            (menu(context, principal))
        } @else {
            a href=(paths::LOG_IN) aria-current=[current(paths::LOG_IN)] { (texts.log_in) }
            @if context.offers_sign_up() {
                a href=(paths::SIGN_UP) aria-current=[current(paths::SIGN_UP)] { (texts.sign_up) }
            }
        }
    }
}

fn menu(context: &PageContext, principal: &Principal) -> Markup {
    let texts = &Texts::of(context.language()).account;
    let current = |path| current(&context.path, path);
    let may = |user: &Principal, permission| context.accounts().may(user, permission);
    let admin_area = ADMIN_LINKS.iter().find(|entry| entry.is_shown(Some(principal), may));
    html! {
        details.menu id=(ids::ACCOUNT_MENU) {
            summary {
                (Icon::User)
                span.unseen { (texts.menu_of) " " }
                span.name { (principal.name.as_str()) }
            }
            div {
                a href=(paths::PROFILE) aria-current=[current(paths::PROFILE)] { (texts.settings) }
                @if let Some(entry) = admin_area {
                    a href=(entry.path) aria-current=[current(entry.path)] {
                        ((entry.label)(context.language()))
                    }
                }
                (log_out::form(context))
            }
        }
    }
}
