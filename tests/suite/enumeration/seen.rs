//! What a stranger sees of an answer: everything, but for what differs between any two.

use tests::{Answer, Cookie};

use crate::passkeys;

/// The answer. Cookies are told by name, attributes and the length of their value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) status: u16,
    headers: Vec<String>,
    cookies: Vec<Cookie>,
    pub(super) body: String,
}

impl Seen {
    /// The answer without its own id, its date, and these texts, which the visitor sent or knows.
    pub(super) fn of(answer: &Answer, own: &[&str]) -> Self {
        let id = answer.header("x-request-id").unwrap_or("-");
        let mask = |text: &str| {
            let masked = own.iter().fold(text.to_owned(), |text, own| {
                text.replace(own, "*").replace(&own.replace('@', "%40"), "*")
            });
            masked.replace(id, "*")
        };
        let header = |(name, value): (&reqwest::header::HeaderName, &_)| match name.as_str() {
            "date" | "set-cookie" => name.to_string(),
            _ => format!("{name}: {}", mask(text(value))),
        };
        let mut headers: Vec<_> = answer.headers.iter().map(header).collect();
        headers.sort();
        let veil = |cookie: Cookie| Cookie { value: "*".repeat(cookie.value.len()), ..cookie };
        let cookies = answer.cookies().into_iter().map(veil).collect();
        let body = mask(&passkeys::without_challenge(&answer.body));
        Self { status: answer.status(), headers, cookies, body }
    }
}

fn text(value: &reqwest::header::HeaderValue) -> &str {
    value.to_str().expect("a header is ASCII")
}
