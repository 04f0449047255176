//! The profile in the words of Acme Notes; all other account pages are as they come.

use domain::Principal;
use hypermedia::{answer::View, page_context::PageContext, ui::Indexing};
use maud::html;

use crate::notes;

pub(crate) fn profile(_: &PageContext, principal: &Principal) -> View {
    let main = html! {
        section.card {
            h1 { "The notebook of " (principal.name.as_str()) }
            p.lead { "You log in as " (principal.email.as_str()) "." }
            p { a href=(notes::PATH) { "Your notes" } }
            p { a href="/settings/profile" { "Settings of your account" } }
        }
    };
    View { title: "Profile", indexing: Indexing::Unlisted, form: None, main }
}
