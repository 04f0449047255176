//! The error page: the problem, the next step, and the id to quote when asking for help. It shows
//! no cause and no stack.

use maud::{Markup, Render, html};

use super::Texts;

/// The content of an error page.
#[derive(Clone, Debug)]
pub struct ErrorPage<'a> {
    /// The words around the explanation.
    pub texts: &'static Texts,
    /// The HTTP status.
    pub status: u16,
    /// The heading, which is the title of the page as well, and the explanation.
    pub words: (&'static str, &'static str),
    /// The id to quote when asking for help.
    pub request_id: &'a str,
}

impl Render for ErrorPage<'_> {
    fn render(&self) -> Markup {
        let (title, text) = self.words;
        let texts = &self.texts.frame;
        html! {
            section.card.error_response {
                p.status aria-hidden="true" { (self.status) }
                h1 { (title) }
                p.lead { (text) }
                p { a.button href="/" { (texts.to_home) } }
                p.hint { (texts.request_id) " " code { (self.request_id) } }
            }
        }
    }
}
