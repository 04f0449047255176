//! What a visitor sees when there is no page to show: what happened, what to do
//! next and what to quote when asking for help. No cause, no stack.

use maud::{Markup, Render, html};

use super::texts;

/// The content of an error page.
#[derive(Clone, Debug)]
pub(crate) struct ErrorPage<'a> {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The heading, which is the title of the page as well, and the explanation.
    pub(crate) words: (&'static str, &'static str),
    /// What to quote when asking for help.
    pub(crate) request_id: &'a str,
}

impl Render for ErrorPage<'_> {
    fn render(&self) -> Markup {
        let (title, text) = self.words;
        html! {
            section.card.mishap {
                p.status aria-hidden="true" { (self.status) }
                h1 { (title) }
                p.lead { (text) }
                p { a.button href="/" { (texts::TO_HOME) } }
                p.hint { (texts::REQUEST_ID) " " code { (self.request_id) } }
            }
        }
    }
}
