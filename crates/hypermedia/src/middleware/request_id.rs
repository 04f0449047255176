//! The ids of requests: random per process and counted, so that they cost next to
//! nothing. One that a trusted proxy sends is kept; anybody else's is ignored, or
//! visitors could forge lines of the log.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::random;
use poem::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that an id comes and goes in.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 64;

/// Digits and letters that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The id of a request in the log and on error pages.
#[derive(Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

/// Unique ids of requests.
#[derive(Debug)]
pub(super) struct Ids {
    prefix: Vec<u8>,
    next: AtomicU64,
}

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The id as a header.
    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }

    /// The id that a proxy of ours has given, if it is one.
    pub(super) fn from_proxy(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(X_REQUEST_ID)?;
        let is_word = value.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        (is_word && (1..=MAX_LENGTH).contains(&value.len())).then(|| Self(value.clone()))
    }
}

impl Ids {
    /// Ids of a process that begins.
    pub(super) fn new() -> Self {
        let mut prefix = Vec::new();
        push_base32(&mut prefix, u128::from_le_bytes(random::bytes()));
        prefix.push(b'-');
        Self { prefix, next: AtomicU64::new(1) }
    }

    /// The next one.
    pub(super) fn next(&self) -> RequestId {
        let mut id = Vec::with_capacity(MAX_LENGTH);
        id.extend_from_slice(&self.prefix);
        push_base32(&mut id, self.next.fetch_add(1, Ordering::Relaxed).into());
        let value = HeaderValue::from_maybe_shared(bytes::Bytes::from(id));
        RequestId(value.unwrap_or_else(|_| HeaderValue::from_static("unnamed")))
    }
}

fn push_base32(text: &mut Vec<u8>, number: u128) {
    let digits = (128 - number.leading_zeros()).div_ceil(5).max(1);
    for digit in (0..digits).rev() {
        let index = usize::try_from((number >> (5 * digit)) & 31).unwrap_or_default();
        text.extend(ALPHABET.get(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::testing::request_from;

    #[test]
    fn ids_are_words_and_differ() {
        let ids = Ids::new();
        let (one, other) = (ids.next(), ids.next());

        assert_ne!(one, other);
        assert!(one.as_str().ends_with("-1"), "{one:?}");
        assert!((20..=MAX_LENGTH).contains(&one.as_str().len()), "{one:?}");
        assert!(one.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }

    #[test]
    fn numbers_are_written_in_base_32() {
        let base32 = |number| {
            let mut text = Vec::new();
            push_base32(&mut text, number);
            String::from_utf8(text).unwrap()
        };

        assert_eq!((base32(0), base32(31), base32(32)), ("0".into(), "z".into(), "10".into()));
        assert_eq!(base32(u128::MAX).len(), 26);
    }

    /// LGG-05.
    #[test]
    fn an_id_from_outside_is_kept_only_if_it_is_a_short_word() {
        let given = |id: &str| {
            RequestId::from_proxy(request_from("192.0.2.1", &[("x-request-id", id)]).headers())
        };

        assert_eq!(given("abc-123").unwrap().as_str(), "abc-123");
        for wrong in ["", "a b", "a\u{2028}", "a_b", &"a".repeat(65)] {
            assert_eq!(given(wrong), None, "{wrong}");
        }
    }
}
