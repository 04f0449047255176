//! The page for a mailed link that cannot be used. Unknown, used, replaced and expired links get the
//! same page, so it tells nothing about a link.

use hypermedia::{
    answer::{Answer, View},
    page_context::PageContext,
    ui::{Card, Indexing},
};
use maud::{Render, html};

use crate::texts::Texts;

/// The page with a button that leads to `path`. `lead` replaces the usual explanation.
pub(crate) fn page(context: &PageContext, lead: Option<&str>, path: &str, label: &str) -> Answer {
    let texts = Texts::of(context.language());
    let (title, text) = texts.errors.page(410);
    let body = html! { p { a.button href=(path) { (label) } } };
    let card = Card { title, lead: lead.or(Some(text)), body, foot: None };
    Answer::gone(View { title, indexing: Indexing::Secret, form: None, main: card.render() })
}
