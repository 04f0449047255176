//! The proof that a form was sent from a page of ours (cross-site request forgery).
//!
//! First the browser's own word, `Sec-Fetch-Site` and `Origin`; then a token in a
//! hidden field or a header. The token is an HMAC, bound to the session of a
//! signed-in visitor and to a random cookie of an anonymous one, so that nothing
//! has to be stored and a token of before the log-in is worth nothing after it.
//! A token in the query is not looked at.

use std::{fmt, sync::OnceLock};

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{SessionKey, random};
use poem::http::{HeaderMap, HeaderName, header};

use crate::{extract::Submission, ui::FieldName};

const HEADER: &str = "x-csrf-token";

/// What the tokens of one visitor are bound to.
enum Binding {
    /// The session.
    Session(SessionKey),
    /// The cookie that the visitor has, or gets when a token is asked for.
    Cookie(OnceLock<String>),
}

/// Makes and checks the tokens of one visitor; does not print them.
pub(crate) struct Csrf {
    key: MacKey,
    binding: Binding,
    had_cookie: bool,
    token: OnceLock<String>,
}

impl Csrf {
    /// For a signed-in visitor.
    pub(crate) fn of_session(key: MacKey, session: SessionKey) -> Self {
        Self { key, binding: Binding::Session(session), had_cookie: true, token: OnceLock::new() }
    }

    /// For an anonymous visitor with the cookie `value`, if any.
    pub(crate) fn of_cookie(key: MacKey, value: Option<&str>) -> Self {
        let cookie = OnceLock::new();
        if let Some(value) = value {
            cookie.get_or_init(|| value.to_owned());
        }
        let binding = Binding::Cookie(cookie);
        Self { key, binding, had_cookie: value.is_some(), token: OnceLock::new() }
    }

    /// The token for the forms of this visitor.
    pub(crate) fn token(&self) -> &str {
        self.token.get_or_init(|| {
            let signature = match &self.binding {
                Binding::Session(key) => self.key.sign(&[b"session", key.as_bytes()]),
                Binding::Cookie(cookie) => {
                    let value =
                        cookie.get_or_init(|| BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()));
                    self.key.sign(&[b"cookie", value.as_bytes()])
                }
            };
            BASE64_URL_SAFE_NO_PAD.encode(signature)
        })
    }

    /// The cookie that the browser has to be given, because a token was made for it.
    pub(crate) fn new_cookie(&self) -> Option<&str> {
        match &self.binding {
            Binding::Cookie(cookie) if !self.had_cookie => cookie.get().map(String::as_str),
            _ => None,
        }
    }

    /// Whether the request carries the token of this visitor, as a field or a header.
    pub(crate) fn is_proven(&self, headers: &HeaderMap, submission: &Submission) -> bool {
        let Ok(field) = submission.value(FieldName::CsrfToken) else { return false };
        if !self.had_cookie {
            return false;
        }
        let header = headers.get(HEADER).map(|value| value.to_str().unwrap_or_default());
        let given = header.unwrap_or(field);
        let Ok(signature) = BASE64_URL_SAFE_NO_PAD.decode(given) else { return false };
        match &self.binding {
            Binding::Session(key) => self.key.verify(&[b"session", key.as_bytes()], &signature),
            Binding::Cookie(cookie) => cookie
                .get()
                .is_some_and(|value| self.key.verify(&[b"cookie", value.as_bytes()], &signature)),
        }
    }
}

impl fmt::Debug for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csrf(…)")
    }
}

/// Whether the browser says that another site made it send the request.
///
/// A page without a referrer, such as the one that takes a new password, sends the
/// origin `null`; there the browser's word about the site has to vouch for it.
pub(crate) fn is_foreign(headers: &HeaderMap, own_origin: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_foreign_site = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let is_foreign_origin = match text(header::ORIGIN) {
        None => false,
        Some("null") => site != Some("same-origin"),
        Some(origin) => origin != own_origin,
    };
    is_foreign_site || is_foreign_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    /// LGG-06.
    #[test]
    fn neither_token_nor_cookie_is_printed() {
        let secret = auth::keys::SecretKey::new(vec![1; 32]).unwrap();
        let key = || secret.derive(auth::keys::KeyPurpose::Csrf);
        let known = Csrf::of_cookie(key(), Some("a-cookie"));
        let new = Csrf::of_cookie(key(), None);
        let signed_in = Csrf::of_session(key(), SessionKey::of("id"));

        for csrf in [known, new, signed_in] {
            assert!(!csrf.token().is_empty());
            assert_eq!(format!("{csrf:?}"), "Csrf(…)");
        }
    }

    /// CSRF-02, CSRF-03.
    #[test]
    fn what_another_site_sent_is_foreign() {
        let own = "https://app.test";
        for foreign in [
            headers(&[("sec-fetch-site", "cross-site")]),
            headers(&[("sec-fetch-site", "same-site"), ("origin", "https://app.test")]),
            headers(&[("origin", "https://evil.test")]),
            headers(&[("origin", "null")]),
            headers(&[("origin", "http://app.test")]),
        ] {
            assert!(is_foreign(&foreign, own), "{foreign:?}");
        }
        for ours in [
            headers(&[]),
            headers(&[("sec-fetch-site", "same-origin"), ("origin", "https://app.test")]),
            headers(&[("sec-fetch-site", "none")]),
            headers(&[("sec-fetch-site", "same-origin"), ("origin", "null")]),
        ] {
            assert!(!is_foreign(&ours, own), "{ours:?}");
        }
    }
}
