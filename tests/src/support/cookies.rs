//! The cookie jar of a browser (RFC 6265bis): the cookies that it refuses, deletes and sends.
//! Expiry follows the clock of the test. The jar is for one site, so it refuses `Domain`.

use std::time::Duration;

use domain::{Clock, Timestamp};
use url::Url;

/// A cookie as the server set it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "cookies are like that")]
pub struct Cookie {
    /// The name, prefix included.
    pub name: String,
    /// The value.
    pub value: String,
    /// `Path`.
    pub path: Option<String>,
    /// `Max-Age`, in seconds.
    pub max_age: Option<i64>,
    /// Whether there is an `Expires`.
    pub has_expires: bool,
    /// `Secure`.
    pub secure: bool,
    /// `HttpOnly`.
    pub http_only: bool,
    /// `SameSite`.
    pub same_site: Option<String>,
    /// Whether there is a `Domain`.
    pub has_domain: bool,
}

/// The cookies of one browser.
#[derive(Clone, Debug)]
pub struct CookieJar {
    clock: Clock,
    cookies: Vec<(Cookie, Option<Timestamp>)>,
}

impl Cookie {
    /// Reads a `Set-Cookie` header.
    pub fn parse(header: &str) -> Self {
        let mut parts = header.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|pair| pair.split_once('=')).unwrap_or_default();
        let mut cookie = Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            path: None,
            max_age: None,
            has_expires: false,
            secure: false,
            http_only: false,
            same_site: None,
            has_domain: false,
        };
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name.to_ascii_lowercase().as_str() {
                "path" => cookie.path = Some(value.to_owned()),
                "max-age" => cookie.max_age = value.parse().ok(),
                "expires" => cookie.has_expires = true,
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = Some(value.to_owned()),
                "domain" => cookie.has_domain = true,
                _ => {}
            }
        }
        cookie
    }

    /// Returns the reason why a browser at `origin` would refuse the cookie, if it would.
    pub fn refusal(&self, origin: &Url) -> Option<&'static str> {
        let is_secure_site = origin.scheme() == "https";
        let is_host = self.name.to_ascii_lowercase().starts_with("__host-");
        if self.name.is_empty() {
            Some("has no name")
        } else if self.has_domain {
            Some("has a Domain")
        } else if self.secure && !is_secure_site {
            Some("is Secure on a site without https")
        } else if is_host && (!self.secure || self.path.as_deref() != Some("/")) {
            Some("has the prefix __Host- without Secure and Path=/")
        } else if self.name.len() + self.value.len() > 4096 {
            Some("is longer than 4096 bytes")
        } else if self.has_expires && self.max_age.is_none() {
            Some("has Expires without Max-Age")
        } else {
            None
        }
    }
}

impl CookieJar {
    /// Creates an empty jar.
    pub fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), cookies: Vec::new() }
    }

    /// Stores the cookie of a `Set-Cookie` header.
    ///
    /// # Panics
    ///
    /// Panics if a browser would refuse the cookie, because the server cannot have intended that.
    pub fn store(&mut self, header: &str, origin: &Url) {
        let cookie = Cookie::parse(header);
        if let Some(refusal) = cookie.refusal(origin) {
            panic!("the cookie {:?} {refusal}", cookie.name);
        }
        let same = |other: &Cookie| other.name == cookie.name && other.path == cookie.path;
        self.cookies.retain(|(other, _)| !same(other));
        let expiry = match cookie.max_age {
            Some(..=0) => return,
            Some(seconds) => {
                let age = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
                Some(self.clock.now() + age)
            }
            None => None,
        };
        self.cookies.push((cookie, expiry));
    }

    /// Returns the cookies that are sent to `path`.
    pub fn sent_to(&self, path: &str) -> Vec<&Cookie> {
        let now = self.clock.now();
        let alive = self.cookies.iter().filter(|(_, end)| end.is_none_or(|end| now < end));
        alive.map(|(cookie, _)| cookie).filter(|cookie| path_matches(cookie, path)).collect()
    }

    /// Returns the `Cookie` header for `path`.
    pub fn header(&self, path: &str) -> Option<String> {
        let sent = self.sent_to(path);
        let pairs = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value));
        Some(pairs.collect::<Vec<_>>().join("; ")).filter(|header| !header.is_empty())
    }

    /// Returns the cookie called `name`, unless it has expired.
    pub fn get(&self, name: &str) -> Option<&Cookie> {
        self.alive().find(|cookie| cookie.name == name)
    }

    fn alive(&self) -> impl Iterator<Item = &Cookie> {
        let now = self.clock.now();
        let alive = self.cookies.iter().filter(move |(_, end)| end.is_none_or(|end| now < end));
        alive.map(|(cookie, _)| cookie)
    }

    /// Returns the session cookie of whatever product.
    pub fn session(&self) -> Option<&Cookie> {
        self.alive().find(|cookie| cookie.name.ends_with("-session"))
    }

    /// Adds a cookie that the server did not set, for example a stolen one.
    pub fn plant(&mut self, name: &str, value: &str) {
        let cookie = Cookie::parse(&format!("{name}={value}; Path=/"));
        self.remove(name);
        self.cookies.push((cookie, None));
    }

    /// Removes every cookie called `name`.
    pub fn remove(&mut self, name: &str) {
        self.cookies.retain(|(cookie, _)| cookie.name != name);
    }

    /// Deletes the session cookies, as closing the browser does.
    pub fn close_window(&mut self) {
        self.cookies.retain(|(_, end)| end.is_some());
    }

    /// Deletes all cookies.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }
}

fn path_matches(cookie: &Cookie, path: &str) -> bool {
    let prefix = cookie.path.as_deref().unwrap_or("/");
    let rest = path.strip_prefix(prefix);
    rest.is_some_and(|rest| rest.is_empty() || prefix.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn https() -> Url {
        Url::parse("https://latchkey.test").unwrap()
    }

    #[test]
    fn a_cookie_lives_as_long_as_it_says() {
        let clock = Clock::manual(Timestamp::from_millis(0));
        let mut jar = CookieJar::new(&clock);
        jar.store("__Host-latchkey-session=a; Path=/; Secure; HttpOnly; Max-Age=60", &https());
        jar.store("flash=b; Path=/", &https());

        assert_eq!(jar.header("/login").as_deref(), Some("__Host-latchkey-session=a; flash=b"));
        jar.close_window();
        assert_eq!(jar.header("/").as_deref(), Some("__Host-latchkey-session=a"));
        clock.advance(Duration::from_mins(1));
        assert_eq!(jar.header("/"), None);
    }

    #[test]
    fn a_removal_works_only_with_the_same_path() {
        let mut jar = CookieJar::new(&Clock::manual(Timestamp::default()));
        jar.store("a=1; Path=/account", &https());

        jar.store("a=; Path=/; Max-Age=0", &https());
        assert_eq!(jar.header("/account/x").as_deref(), Some("a=1"));
        assert_eq!(jar.header("/accounts"), None);
        jar.store("a=; Path=/account; Max-Age=0", &https());
        assert_eq!(jar.header("/account"), None);
    }

    #[test]
    fn cookies_that_browsers_refuse_are_told_from_others() {
        let http = Url::parse("http://localhost:8080").unwrap();
        let is_refused = |header, origin: &Url| Cookie::parse(header).refusal(origin).is_some();

        assert!(!is_refused("session=a; Path=/; HttpOnly", &http));
        assert!(is_refused("a=b; Secure", &http));
        assert!(is_refused("__Host-a=b; Secure", &https()));
        assert!(is_refused("__Host-a=b; Secure; Path=/; Domain=latchkey.test", &https()));
        assert!(is_refused("a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT", &https()));
    }
}
