//! Addresses on this site. Everything that ends in `Location` or `HX-Push-Url` and
//! was not written by us passes through here (open redirect, header injection).

use std::fmt;

use domain::Token;
use poem::http::uri::PathAndQuery;

use crate::ui::FieldName;

/// Longest address, in bytes.
const MAX_LENGTH: usize = 2_048;

/// A path with an optional query, in the characters that a request may ask for it
/// in, that no browser takes for another site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Reads an address that came from outside.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.chars();
        let is_local = chars.next() == Some('/') && !matches!(chars.next(), Some('/' | '\\'));
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let has_no_fragment = !text.contains('#');
        let is_short = text.len() <= MAX_LENGTH;
        let can_be_asked_for = || text.parse::<PathAndQuery>().is_ok();
        (is_local && is_plain && has_no_fragment && is_short && can_be_asked_for())
            .then(|| Self(text.to_owned()))
    }

    /// An address that is written in the code.
    pub fn of(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// The address below this one that holds the token.
    #[must_use]
    pub fn with_token(self, token: &Token) -> Self {
        Self(format!("{}/{}", self.0, token.expose().as_str()))
    }

    /// The same page, which leads on to `next` in the end.
    #[must_use]
    pub fn with_next(self, next: &str) -> Self {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair(FieldName::NEXT.as_str(), next)
            .finish();
        Self(format!("{}?{query}", self.0))
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// Path and query.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RED-01, RED-03, RED-04.
    #[test]
    fn what_a_browser_takes_for_another_site_is_refused() {
        for text in [
            "",
            "x",
            "/?\"",
            "//e.x",
            "///e.x",
            "/\\e.x",
            "\\/e.x",
            "\\\\\\e.x",
            " //e.x",
            "\t//e.x",
            "http:e.x",
            "https:/e.x",
            "HTTPS://e.x",
            "//u@e.x",
            ".e.x",
            "javascript:alert(1)",
            "data:text/html,x",
            "\u{ff0f}\u{ff0f}e.x",
            "/\u{ff0f}e.x",
            "/a b",
            "/a\r\nX: y",
            "/a#b",
            "path:/x target:body",
            "{\"path\":\"/x\"}",
        ] {
            assert_eq!(LocalPath::parse(text), None, "{text:?}");
        }
        assert_eq!(LocalPath::parse(&format!("/{}", "a".repeat(3_000))), None);
        assert_eq!(LocalPath::parse("/a?b=c&d=/e").unwrap().path(), "/a");
    }

    proptest! {
        /// RED-01.
        #[test]
        fn whatever_is_accepted_stays_on_the_site(text in "[/\\\\ \\t?#@:.a-z%\u{ff0f}]{0,24}") {
            if let Some(path) = LocalPath::parse(&text) {
                let base = url::Url::parse("https://app.test/page").unwrap();
                let joined = base.join(path.as_str()).unwrap();
                prop_assert_eq!(joined.origin(), base.origin());
            }
        }
    }
}
