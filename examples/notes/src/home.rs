//! The home page.

use hypermedia::{
    answer::{Answer, View},
    page_context::PageContext,
    ui::Indexing,
};
use maud::html;
use poem::handler;

use crate::{notes, published};

#[handler]
pub(crate) fn index(context: &PageContext) -> Answer {
    let main = html! {
        section.hero {
            h1 { "Notes that stay yours" }
            p.lead { "Write notes, find them on any device, and publish the ones you want to share." }
            div.actions {
                @if context.principal.is_some() {
                    a.button href=(notes::PATH) { "Go to your notes" }
                } @else if context.offers_sign_up() {
                    a.button href="/signup" { "Sign up" }
                }
                a.button.quiet href=(published::PATH) { "Read published notes" }
            }
        }
    };
    Answer::page(View { title: "Home", indexing: Indexing::Public, form: None, main })
}
