//! A question that is asked over the page, so that nothing on the page is lost. The
//! script opens it; the browser keeps the focus in it and closes it on Escape.

use maud::{Markup, Render, html};

use super::Texts;

/// A question over the page, for the region `#dialog`.
#[derive(Clone, Debug)]
pub struct Dialog<'a> {
    /// The words of its own.
    pub texts: &'static Texts,
    /// The heading.
    pub title: &'a str,
    /// One sentence below it.
    pub lead: &'a str,
    /// The form that asks.
    pub body: Markup,
}

impl Render for Dialog<'_> {
    fn render(&self) -> Markup {
        html! {
            dialog aria-labelledby="dialog-title" {
                h2 id="dialog-title" { (self.title) }
                p.lead { (self.lead) }
                (self.body)
                form method="dialog" { button.quiet type="submit" { (self.texts.frame.cancel) } }
            }
        }
    }
}
