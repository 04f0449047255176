//! A form that asks for a passkey and for nothing else.

use maud::{Markup, Render, html};

use super::{Field, FieldName, PasskeyPrompt, form::frame};

/// A form that has the button of a passkey alone.
#[derive(Clone, Debug)]
pub struct PasskeyForm<'a> {
    /// Unique on the page.
    pub id: &'a str,
    /// Where it posts to.
    pub action: &'a str,
    /// The token that proves that the page came from here.
    pub csrf_token: &'a str,
    /// Hidden fields.
    pub hidden: Vec<(FieldName, &'a str)>,
    /// The questions above the button.
    pub fields: Vec<Field<'a>>,
    /// The button.
    pub prompt: PasskeyPrompt<'a>,
}

impl Render for PasskeyForm<'_> {
    fn render(&self) -> Markup {
        let content = html! {
            @for field in &self.fields { (field) }
            (self.prompt)
        };
        frame(self.id, self.action, self.csrf_token, &self.hidden, &content)
    }
}
