//! A button that downloads a file. The browser saves the answer and stays on the page. htmx is not
//! involved: it would put the answer into the page.

use maud::{Markup, Render, html};

use super::{FieldName, Weight};

/// A button that posts to an address of this site, which answers with a file.
#[derive(Clone, Debug)]
pub struct DownloadForm<'a> {
    /// One of [`super::ids`].
    pub id: &'static str,
    /// Where it posts to.
    pub action: &'a str,
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// Names and values that travel unseen.
    pub hidden: Vec<(FieldName, &'a str)>,
    /// Why there is no file.
    pub error: Option<&'a str>,
    /// The text of the button.
    pub label: &'a str,
    /// The request to press the button once more, which then has the focus.
    pub again: Option<&'a str>,
    /// How much the button stands out.
    pub weight: Weight,
}

impl Render for DownloadForm<'_> {
    fn render(&self) -> Markup {
        html! {
            form id=(self.id) method="post" action=(self.action) {
                input type="hidden" name=(FieldName::CSRF_TOKEN) value=(self.csrf_token);
                @for (name, value) in &self.hidden {
                    input type="hidden" name=(name) value=(value);
                }
                @if let Some(error) = self.error {
                    p.error id={ (self.id) "-error" } role="alert" { (error) }
                }
                @if let Some(again) = self.again {
                    p.notice role="status" { (again) }
                }
                button.quiet[self.weight == Weight::Quiet] type="submit"
                    autofocus[self.again.is_some()] {
                    (self.label)
                }
            }
        }
    }
}
