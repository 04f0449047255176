//! The ids of requests: random, or as a trusted proxy sends them. Anybody else's are
//! ignored, or visitors could forge lines of the log.

use domain::random;
use poem::http::{HeaderMap, HeaderName, HeaderValue};

/// The header that an id comes and goes in.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 64;

/// The id of a request in the log and on error pages.
#[derive(Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// A new, random id.
    pub(super) fn generate() -> Self {
        let id = format!("{:032x}", u128::from_le_bytes(random::bytes()));
        Self(HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("unnamed")))
    }

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::testing::request_from;

    #[test]
    fn ids_are_words_and_differ() {
        let (one, other) = (RequestId::generate(), RequestId::generate());

        assert_ne!(one, other);
        assert_eq!(one.as_str().len(), 32, "{one:?}");
        assert!(one.as_str().bytes().all(|b| b.is_ascii_alphanumeric()), "{one:?}");
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
