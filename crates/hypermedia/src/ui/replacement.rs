//! A part of an answer to htmx for another place than the answer itself, such as a second form of
//! the page.

use maud::{Markup, Render, html};

use super::swap;

/// Content that takes the place of an element of the page. Only htmx understands it: it belongs in
/// the form of a [`View`](crate::answer::View), and in no page.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// The id of the element, which the page has to have.
    pub id: &'a str,
    /// The new element.
    pub content: &'a Markup,
}

impl Render for Replacement<'_> {
    fn render(&self) -> Markup {
        html! {
            hx-partial hx-target={ "#" (self.id) } hx-swap=(swap::FORM) { (self.content) }
        }
    }
}
