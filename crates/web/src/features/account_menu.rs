//! The end of the navigation bar: to log in or sign up or, for a user, the profile and to log out.

use hypermedia::{
    page_context::PageContext,
    ui::{Icon, current},
};
use maud::{Markup, html};

use super::log_out;
use crate::texts::Texts;

pub(crate) fn view(context: &PageContext) -> Markup {
    let texts = &Texts::of(context.language()).account;
    let current = |path| current(&context.path, path);
    html! {
        @if let Some(principal) = &context.principal {
            a href="/profile" aria-current=[current("/profile")] {
                (Icon::User)
                span.unseen { (texts.profile_of) " " }
                span.name { (principal.name.as_str()) }
            }
            (log_out::form(context))
        } @else {
            a href="/login" aria-current=[current("/login")] { (texts.log_in) }
            a href="/signup" aria-current=[current("/signup")] { (texts.sign_up) }
        }
    }
}
