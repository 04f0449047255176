//! Reads and writes the cookies of the product. A cookie counts only if it comes exactly once and
//! under exactly its name: libraries decode names first, so that `__%48ost-acme-session` overrides
//! `__Host-acme-session`.
//!
//! Threats: a subdomain or a network attacker who sets one of these cookies (SES-04, SES-05), and
//! cookies that scripts or other sites can use.

use std::{fmt::Write, time::Duration};

use domain::Brand;
use poem::http::{HeaderMap, HeaderValue, header};

/// How long a browser is known as one that logged in before.
pub(crate) const DEVICE_AGE: Duration = Duration::from_hours(365 * 24);
/// How long a browser keeps the language that was chosen in it.
pub(crate) const LANGUAGE_AGE: Duration = Duration::from_hours(365 * 24);
/// How long a tab that was opened beside others keeps the cookie of its own forms.
const TAB_AGE: Duration = Duration::from_hours(24);
/// How long a browser keeps the cookie of a pending log-in: longer than that waits, so that the
/// visitor is told why it is over.
pub(crate) const PENDING_AGE: Duration = Duration::from_hours(1);
/// The tab cookies that are read.
const MAX_TABS: usize = 8;
/// The prefix of their names; the beginning of the value follows.
const TAB_PREFIX: &str = "csrf-";
/// Characters of the value in the name.
const TAB_NAME_LENGTH: usize = 8;

/// How long a browser knows the address that it asked for a link for.
pub(crate) const RESET_REQUEST_AGE: Duration = Duration::from_hours(1);
/// How long a flash waits for the page it is shown on.
pub(crate) const FLASH_AGE: Duration = Duration::from_mins(5);

/// The cookies that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// The id of the session.
    Session,
    /// The value that the CSRF tokens of an anonymous visitor are bound to.
    Csrf,
    /// The proof that this browser has logged in before.
    Device,
    /// The sentence for the next page.
    Flash,
    /// Identifies a browser that asked to prove an address.
    Proof,
    /// The language that was chosen on a page.
    Language,
    /// The address that a link to a new password was asked for.
    ResetRequest,
    /// The log-in that waits for a second factor.
    PendingLogIn,
    /// The browser in which a log-in asks for no second factor.
    Remembered,
}

const ALL: [Cookie; 9] = [
    Cookie::Session,
    Cookie::Csrf,
    Cookie::Device,
    Cookie::Flash,
    Cookie::Proof,
    Cookie::Language,
    Cookie::ResetRequest,
    Cookie::PendingLogIn,
    Cookie::Remembered,
];

/// The prefix of names over https: browsers accept such a cookie from this host only.
const HOST_PREFIX: &str = "__Host-";

/// How the cookies of this site are named: `slug-session`, over https `__Host-slug-session`. The
/// slug keeps apart the products on several ports of one host, which share their cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CookieNames {
    slug: &'static str,
    is_secure: bool,
}

impl CookieNames {
    /// The names for the product, over https where `is_secure` is set.
    pub const fn new(brand: &'static Brand, is_secure: bool) -> Self {
        Self { slug: brand.slug, is_secure }
    }

    const fn prefix(self) -> &'static str {
        if self.is_secure { HOST_PREFIX } else { "" }
    }

    /// What follows the prefix and the slug in a cookie of this product.
    fn strip(self, cookie: &[u8]) -> Option<&[u8]> {
        let rest = cookie.strip_prefix(self.prefix().as_bytes())?;
        rest.strip_prefix(self.slug.as_bytes())?.strip_prefix(b"-")
    }
}

impl Cookie {
    /// The name without the prefixes.
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Csrf => "csrf",
            Self::Device => "device",
            Self::Flash => "flash",
            Self::Proof => "proof",
            Self::Language => "language",
            Self::ResetRequest => "reset",
            Self::PendingLogIn => "login",
            Self::Remembered => "browser",
        }
    }

    fn is_named(self, name: &[u8]) -> bool {
        name == self.name().as_bytes()
    }
}

/// The cookies of one request.
#[derive(Clone, Copy)]
pub(crate) struct Cookies<'a>([Given<'a>; ALL.len()]);

/// The values of a request under the name of a cookie.
#[derive(Clone, Copy)]
enum Given<'a> {
    Nothing,
    Value(&'a [u8]),
    /// More than one value.
    Doubtful,
}

impl<'a> Cookies<'a> {
    /// Reads the cookies of a request.
    pub(crate) fn of(headers: &'a HeaderMap, names: CookieNames) -> Self {
        let mut cookies = [Given::Nothing; ALL.len()];
        for (name, value) in pairs(headers, names) {
            for (cookie, given) in ALL.iter().zip(&mut cookies) {
                if cookie.is_named(name) {
                    given.add(value);
                }
            }
        }
        Self(cookies)
    }

    /// The value of the cookie, `None` unless there is exactly one and it is
    /// well-formed.
    pub(crate) fn get(&self, cookie: Cookie) -> Option<&'a str> {
        self.0.get(cookie as usize)?.well_formed()
    }
}

impl<'a> Given<'a> {
    fn add(&mut self, value: &'a [u8]) {
        let is_first = matches!(self, Self::Nothing);
        *self = if is_first { Self::Value(value) } else { Self::Doubtful };
    }

    fn well_formed(self) -> Option<&'a str> {
        let Self::Value(value) = self else { return None };
        well_formed(value)
    }
}

/// The value behind a name, without the equals sign.
fn well_formed(value: &[u8]) -> Option<&str> {
    let value = value.strip_prefix(b"=")?;
    let is_ours = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'=');
    if value.is_empty() || !value.iter().all(is_ours) {
        return None;
    }
    str::from_utf8(value).ok()
}

/// The values that forms of tabs are bound to that were opened at the same time, before any of them
/// had a cookie: under one name the browser would keep only the last.
pub(crate) fn of_tabs(headers: &HeaderMap, names: CookieNames) -> impl Iterator<Item = &str> {
    let of_tabs = pairs(headers, names).filter_map(|(name, value)| {
        let (start, value) = (name.strip_prefix(TAB_PREFIX.as_bytes())?, well_formed(value)?);
        (start.len() == TAB_NAME_LENGTH && value.as_bytes().starts_with(start)).then_some(value)
    });
    of_tabs.take(MAX_TABS)
}

/// Sets the cookie of a tab, under a name of its own.
pub(crate) fn set_of_tab(value: &str, names: CookieNames) -> HeaderValue {
    let start = value.get(..TAB_NAME_LENGTH).unwrap_or_default();
    write(&[TAB_PREFIX, start].concat(), value, names, Some(TAB_AGE))
}

/// The value of one cookie, as [`Cookies::get`] has it.
pub(crate) fn find(headers: &HeaderMap, cookie: Cookie, names: CookieNames) -> Option<&str> {
    let mut given = Given::Nothing;
    for (name, value) in pairs(headers, names) {
        if cookie.is_named(name) {
            given.add(value);
        }
    }
    given.well_formed()
}

/// Names and what follows each: an equals sign and the value, if they are well-formed.
fn pairs(headers: &HeaderMap, names: CookieNames) -> impl Iterator<Item = (&[u8], &[u8])> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|b| *b == b';'));
    pairs.filter_map(move |pair| {
        let pair = pair.trim_ascii();
        let pair = names.strip(pair)?;
        let (name, _) = pair.split_at(pair.iter().position(|b| *b == b'=').unwrap_or(pair.len()));
        Some(pair.split_at(name.trim_ascii_end().len()))
    })
}

/// Sets the cookie, until the browser closes or for `age`.
pub(crate) fn set(
    cookie: Cookie,
    value: &str,
    names: CookieNames,
    age: Option<Duration>,
) -> HeaderValue {
    write(cookie.name(), value, names, age)
}

fn write(name: &str, value: &str, names: CookieNames, age: Option<Duration>) -> HeaderValue {
    let (prefix, slug) = (names.prefix(), names.slug);
    let mut text = format!("{prefix}{slug}-{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    if names.is_secure {
        text.push_str("; Secure");
    }
    if let Some(age) = age {
        let _ = write!(text, "; Max-Age={}", age.as_secs());
    }
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// Removes the cookie, with the attributes that it was set with.
pub(crate) fn remove(cookie: Cookie, names: CookieNames) -> HeaderValue {
    set(cookie, "", names, Some(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HTTP: CookieNames = CookieNames::new(&Brand::EXAMPLE, false);
    const HTTPS: CookieNames = CookieNames::new(&Brand::EXAMPLE, true);

    fn session(lines: &[&str], names: CookieNames) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("cookie", HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        Cookies::of(&headers, names).get(Cookie::Session).map(str::to_owned)
    }

    /// CSRF-10.
    #[test]
    fn the_cookies_of_tabs_are_found_by_their_values_and_are_few() {
        let found = |line: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", line.parse().unwrap());
            of_tabs(&headers, HTTPS).map(str::to_owned).collect::<Vec<_>>()
        };
        let set = set_of_tab("abcdefgh12", HTTPS);
        let (pair, attributes) = set.to_str().unwrap().split_once("; ").unwrap();
        assert_eq!(attributes, "Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400");

        assert_eq!(found(pair), ["abcdefgh12"]);
        for other in [
            "__Host-example-csrf=abcdefgh12",
            "__Host-example-csrf-=abcdefgh12",
            "__Host-example-csrf-abcdefgx=abcdefgh12",
            "example-csrf-abcdefgh=abcdefgh12",
        ] {
            assert!(found(other).is_empty(), "{other}");
        }
        assert_eq!(found(&[pair; 20].join("; ")).len(), MAX_TABS);
    }

    /// Two products on one host, on two ports, get each other's cookies.
    #[test]
    fn the_cookies_of_another_product_are_not_ours() {
        for other in ["other-session=a", "example-notes-session=a", "session=a"] {
            assert_eq!(session(&[other], HTTP), None, "{other}");
            let both = format!("{other}; example-session=b");
            assert_eq!(session(&[&both], HTTP).as_deref(), Some("b"), "{other}");
        }
    }

    #[test]
    fn the_one_cookie_of_that_name_is_found() {
        for line in [
            "example-session=a-B_9.=",
            "x=1; example-session=a-B_9.=",
            " example-session=a-B_9.= ; y=",
            "a;example-session=a-B_9.=",
        ] {
            assert_eq!(session(&[line], HTTP).as_deref(), Some("a-B_9.="), "{line}");
        }
        assert_eq!(session(&["x=1", "example-session=abc"], HTTP).as_deref(), Some("abc"));
        assert_eq!(
            session(&["example-session=no; __Host-example-session=yes"], HTTPS).as_deref(),
            Some("yes")
        );
    }

    /// SES-04, SES-05.
    #[test]
    fn a_cookie_that_somebody_else_may_have_planted_is_nobodys() {
        for line in [
            "__%48ost-example-session=a",
            "__host-example-session=a",
            "example-session=a",
            "\"__Host-example-session\"=a",
            "__Host-example-session=a; __Host-example-session=b",
            "__Host-example-session=a; __Host-example-session=a",
            "__Host-example-session=a; __Host-example-session",
            "__Host-example-session =a; __Host-example-session=a",
            "__Host-example-session",
            "__Host-example-session=",
            "__Host-example-session=\"a\"",
            "__Host-example-session=a b",
            "__Host-example-session=a%20",
            "__Host-example-session=a,b",
            "__Host-example-session=\u{e9}",
            "=__Host-example-session",
        ] {
            assert_eq!(session(&[line], HTTPS), None, "{line}");
        }
        assert_eq!(session(&["__Host-example-session=a", "__Host-example-session=b"], HTTPS), None);
    }

    #[test]
    fn cookies_are_for_this_host_and_no_script() {
        let set = |names, age| set(Cookie::Session, "abc", names, age);

        assert_eq!(set(HTTP, None), "example-session=abc; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(
            set(HTTPS, Some(Duration::from_hours(24))),
            "__Host-example-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=86400"
        );
        assert_eq!(
            remove(Cookie::Session, HTTPS),
            "__Host-example-session=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn whatever_is_found_was_sent_under_the_name_and_is_well_formed(
            lines in prop::collection::vec("(session|__Host-example-session|[ -~]{0,4})?[ =;\t]{0,3}[!-~\u{e9}]{0,8}", 0..4)
        ) {
            let lines: Vec<_> = lines.iter().map(String::as_str).collect();
            if let Some(value) = session(&lines, HTTPS) {
                let pair = format!("={value}");
                prop_assert!(lines.iter().any(|line| line.contains("__Host-example-session") && line.contains(&pair)));
                prop_assert!(value.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.=".contains(&b)));
            }
        }
    }
}
