//! What a visitor sees when there is no page to show: what happened, what to do
//! next and what to quote when asking for help. No cause, no stack.

use maud::{Markup, Render, html};

use super::texts;

/// The content of an error page.
#[derive(Clone, Debug)]
pub(crate) struct ErrorPage<'a> {
    /// The HTTP status, which chooses the words.
    pub(crate) status: u16,
    /// What to quote when asking for help.
    pub(crate) request_id: &'a str,
}

impl ErrorPage<'_> {
    /// The heading, which is the title of the page as well.
    pub(crate) const fn title(&self) -> &'static str {
        texts::error_page(self.status).0
    }
}

impl Render for ErrorPage<'_> {
    fn render(&self) -> Markup {
        let (title, text) = texts::error_page(self.status);
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
