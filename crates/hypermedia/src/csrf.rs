//! The proof that a form was sent from a page of ours (cross-site request forgery).
//!
//! First the browser's `Sec-Fetch-Site` and `Origin` are checked, then a token in a hidden field or
//! a header. The token is an HMAC, bound to the session of a logged-in visitor or to a random
//! cookie of an anonymous one: nothing has to be stored, and a token from before the log-in is
//! invalid after it. A token in the query is ignored.
//!
//! Behind the signature a token names, unsigned, the user that its page was for. That proves
//! nothing and only chooses the text of a refusal.

use std::{fmt, sync::OnceLock};

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Principal, SessionKey, UserId, random};
use poem::http::{HeaderMap, HeaderName, header};

use crate::{
    cookies::{self, CookieNames},
    extract::Submission,
    ui::FieldName,
};

const HEADER: &str = "x-csrf-token";
/// The mark of a token in a form that came back because its sender had no cookie.
const AGAIN: &str = "again";
/// Bytes of what a token says of a user.
const USER_BYTES: usize = 6;

/// The value that the tokens of one visitor are bound to.
enum Binding {
    /// The session of a user.
    Session { session: SessionKey, user: UserId },
    /// The cookie that the visitor has, or gets when a token is asked for.
    Cookie { value: OnceLock<String>, names: CookieNames, is_again: bool },
}

/// The reason why the token of a refused form is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stale {
    /// It was open for too long, or nothing can be told.
    Page,
    /// It was opened before its sender had logged in.
    BeforeLogIn,
    /// It was opened by another user.
    OtherUser,
    /// It came back once for want of a cookie, and the cookie is still not there.
    WithoutCookies,
}

/// Makes and checks the tokens of one visitor; does not print them.
pub struct Csrf {
    key: MacKey,
    binding: Binding,
    had_cookie: bool,
    token: OnceLock<String>,
}

impl Csrf {
    /// For a signed-in visitor.
    pub fn of_session(key: MacKey, principal: &Principal) -> Self {
        let binding = Binding::Session { session: principal.session_key, user: principal.user_id };
        Self { key, binding, had_cookie: true, token: OnceLock::new() }
    }

    /// For an anonymous visitor with the cookie `value`, if any.
    pub fn of_cookie(key: MacKey, value: Option<&str>, names: CookieNames) -> Self {
        let cookie = OnceLock::new();
        if let Some(value) = value {
            cookie.get_or_init(|| value.to_owned());
        }
        let binding = Binding::Cookie { value: cookie, names, is_again: false };
        Self { key, binding, had_cookie: value.is_some(), token: OnceLock::new() }
    }

    /// The same, in the answer to a form.
    #[must_use]
    pub fn after_form(mut self) -> Self {
        if let Binding::Cookie { is_again, .. } = &mut self.binding {
            *is_again = !self.had_cookie;
        }
        self
    }

    /// The token for the forms of this visitor.
    pub fn token(&self) -> &str {
        self.token.get_or_init(|| {
            let (signature, said) = match &self.binding {
                Binding::Session { session, user } => {
                    (self.key.sign(&[b"session", session.as_bytes()]), self.name_of(*user))
                }
                Binding::Cookie { value, is_again, .. } => {
                    let value =
                        value.get_or_init(|| BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<16>()));
                    let said = if *is_again { AGAIN.to_owned() } else { String::new() };
                    (self.key.sign(&[b"cookie", value.as_bytes()]), said)
                }
            };
            let mut token = BASE64_URL_SAFE_NO_PAD.encode(signature);
            if !said.is_empty() {
                token.extend([".", &said]);
            }
            token
        })
    }

    /// The cookie that the browser has to be given, because a token was made for it.
    pub fn new_cookie(&self) -> Option<&str> {
        match &self.binding {
            Binding::Cookie { value, .. } if !self.had_cookie => value.get().map(String::as_str),
            _ => None,
        }
    }

    /// Whether the request carries the token of this visitor, as a field or a header.
    pub fn is_proven(&self, headers: &HeaderMap, submission: &Submission) -> bool {
        let Some((signature, _)) = given(headers, submission) else { return false };
        if !self.had_cookie {
            return false;
        }
        match &self.binding {
            Binding::Session { session, .. } => {
                self.key.verify(&[b"session", session.as_bytes()], &signature)
            }
            Binding::Cookie { value, names, .. } => {
                let is_of =
                    |value: &str| self.key.verify(&[b"cookie", value.as_bytes()], &signature);
                value.get().is_some_and(|value| is_of(value))
                    || cookies::of_tabs(headers, *names).any(is_of)
            }
        }
    }

    /// The name of a user in tokens; it reveals nothing.
    fn name_of(&self, user: UserId) -> String {
        let name = self.key.sign(&[b"user", user.as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode(name.get(..USER_BYTES).unwrap_or_default())
    }

    /// The reason why the form's token is stale.
    pub fn stale(&self, headers: &HeaderMap, submission: &Submission) -> Stale {
        let Some((_, said)) = given(headers, submission) else { return Stale::Page };
        match &self.binding {
            Binding::Session { user, .. } if said == self.name_of(*user) => Stale::Page,
            Binding::Session { .. } if said.is_empty() || said == AGAIN => Stale::BeforeLogIn,
            Binding::Session { .. } => Stale::OtherUser,
            Binding::Cookie { .. } if said == AGAIN && !self.had_cookie => Stale::WithoutCookies,
            Binding::Cookie { .. } => Stale::Page,
        }
    }
}

/// The token of a request: its signature, and the unsigned part.
fn given<'a>(headers: &'a HeaderMap, submission: &'a Submission) -> Option<(Vec<u8>, &'a str)> {
    let field = submission.value(FieldName::CSRF_TOKEN).ok()?;
    let header = headers.get(HEADER).map(|value| value.to_str().unwrap_or_default());
    let token = header.unwrap_or(field);
    let (signature, said) = token.split_once('.').unwrap_or((token, ""));
    let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
    (!signature.is_empty()).then_some((signature, said))
}

impl fmt::Debug for Csrf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Csrf(…)")
    }
}

/// Whether the browser says that another site made it send the request.
///
/// A page without a referrer, such as the one for a new password, sends the origin `null`, which
/// does not tell the site. Over plain http no other header tells it either, so the token decides:
/// it is bound to a cookie that no other site can read.
pub fn is_foreign(headers: &HeaderMap, own_origin: &str) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let is_foreign_site = site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let is_foreign_origin = match text(header::ORIGIN) {
        None | Some("null") => false,
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
        let names = CookieNames::new(&domain::Brand::EXAMPLE, true);
        let known = Csrf::of_cookie(key(), Some("a-cookie"), names);
        let new = Csrf::of_cookie(key(), None, names);

        for csrf in [known, new] {
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
            headers(&[("sec-fetch-site", "cross-site"), ("origin", "null")]),
            headers(&[("sec-fetch-site", "same-site"), ("origin", "null")]),
            headers(&[("origin", "https://evil.test")]),
            headers(&[("origin", "http://app.test")]),
        ] {
            assert!(is_foreign(&foreign, own), "{foreign:?}");
        }
        for ours in [
            headers(&[]),
            headers(&[("sec-fetch-site", "same-origin"), ("origin", "https://app.test")]),
            headers(&[("sec-fetch-site", "none")]),
            headers(&[("origin", "null")]),
            headers(&[("sec-fetch-site", "same-origin"), ("origin", "null")]),
        ] {
            assert!(!is_foreign(&ours, own), "{ours:?}");
        }
    }
}
