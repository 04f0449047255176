//! The profile in the words of Acme Notes; all other account pages are as they come.

use domain::Principal;
use hypermedia::{answer::View, page_context::PageContext, ui::Indexing};
use maud::html;

use crate::notes;

pub(crate) fn profile(_: &PageContext, principal: &Principal) -> View {
    let main = html! {
        section.card {
            h1 { (principal.name.as_str()) "’s notebook" }
            p.lead { "You are logged in as " (principal.email.as_str()) "." }
            p { a href=(notes::PATH) { "Your notes" } }
            p { a href="/settings/profile" { "Account settings" } }
        }
    };
    View { title: "Profile", indexing: Indexing::Unlisted, form: None, main }
}
