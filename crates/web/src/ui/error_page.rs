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
    /// The way onward; `None` offers the home page.
    pub(crate) action: Option<Action<'a>>,
}

/// A way onward.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Action<'a> {
    /// Where it leads.
    pub(crate) href: &'a str,
    /// What it is called.
    pub(crate) label: &'a str,
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
        let home = Action { href: "/", label: texts::TO_HOME };
        let action = self.action.unwrap_or(home);
        html! {
            section.card.mishap {
                p.status aria-hidden="true" { (self.status) }
                h1 { (title) }
                p.lead { (text) }
                p { a.button href=(action.href) { (action.label) } }
                p.hint { (texts::REQUEST_ID) " " code { (self.request_id) } }
            }
        }
    }
}
