//! A sentence for the visitor, with one link at most: the shape of every field
//! error, form error and flash. It holds text, never markup.

use std::borrow::Cow;

use maud::{Markup, Render, html};

/// A sentence, with an optional link after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    text: Cow<'static, str>,
    link: Option<Link>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    href: &'static str,
    label: &'static str,
}

impl Message {
    /// The same sentence followed by a link. Both parts are constants, so that no
    /// address made of input can end up in it.
    #[must_use]
    pub fn with_link(self, href: &'static str, label: &'static str) -> Self {
        Self { link: Some(Link { href, label }), ..self }
    }

    /// The sentence without its link.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&'static str> for Message {
    fn from(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), link: None }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), link: None }
    }
}

impl Render for Message {
    fn render(&self) -> Markup {
        html! {
            (self.text)
            @if let Some(link) = &self.link {
                " " a href=(link.href) { (link.label) }
            }
        }
    }
}
