//! The calm middle of a page that has one thing to do.

use maud::{Markup, Render, html};

/// A heading, what belongs to it, and where else one may want to go.
#[derive(Clone, Debug)]
pub struct Card<'a> {
    /// The page's `h1`.
    pub title: &'a str,
    /// One sentence below the heading.
    pub lead: Option<&'a str>,
    /// The content, mostly a form.
    pub body: Markup,
    /// Links to the neighbouring pages.
    pub foot: Option<Markup>,
}

impl Render for Card<'_> {
    fn render(&self) -> Markup {
        html! {
            section.card {
                h1 { (self.title) }
                @if let Some(lead) = self.lead { p.lead { (lead) } }
                (self.body)
                @if let Some(foot) = &self.foot { div.foot { (foot) } }
            }
        }
    }
}
