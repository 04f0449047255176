//! A sentence for the visitor, with one moment and one link at most: the shape of every field
//! error, form error and flash. It holds text, never markup.

use std::borrow::Cow;

use domain::Timestamp;
use maud::{Markup, Render, html};

use super::moment::{Moment, in_sentence};

/// A sentence, with an optional moment in it and an optional link after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    text: Cow<'static, str>,
    moment: Option<Box<Told>>,
    link: Option<Link>,
}

/// A moment, with its text in the sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    at: Timestamp,
    text: String,
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

    /// The sentence that is made with the moment, which is an element in it.
    pub fn about(moment: Moment, sentence: fn(&str) -> String) -> Self {
        Self::from(sentence(&moment.text())).with_moment(moment)
    }

    /// The same sentence, in which the text of the moment is an element, for the script to tell it
    /// in the visitor's zone.
    #[must_use]
    pub fn with_moment(self, moment: Moment) -> Self {
        let told = Told { at: moment.at, text: moment.text() };
        Self { moment: Some(Box::new(told)), ..self }
    }

    /// The sentence without its link.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl From<&'static str> for Message {
    fn from(text: &'static str) -> Self {
        Self { text: Cow::Borrowed(text), moment: None, link: None }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self { text: Cow::Owned(text), moment: None, link: None }
    }
}

impl Render for Message {
    fn render(&self) -> Markup {
        let told = self.moment.as_deref();
        let split = told.and_then(|told| Some((self.text.split_once(&told.text)?, told)));
        html! {
            @match split {
                Some(((before, after), told)) => {
                    (before) (in_sentence(told.at, &told.text)) (after)
                },
                None => (self.text),
            }
            @if let Some(link) = &self.link {
                " " a href=(link.href) { (link.label) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::Language;

    use super::*;
    use crate::ui::Texts;

    #[test]
    fn a_sentence_has_its_moment_as_an_element() {
        let at = Timestamp::from_millis(1_800_000_059_999);
        let moment = Moment { texts: Texts::of(Language::English), at };

        let message = Message::about(moment, |moment| format!("Open <until> {moment}."));

        assert_eq!(message.text(), "Open <until> 15 January 2027, 08:00 UTC.");
        assert_eq!(
            message.render().into_string(),
            r#"Open &lt;until&gt; <time datetime="2027-01-15T08:00Z" data-exact>15 January 2027, 08:00 UTC</time>."#
        );
    }
}
