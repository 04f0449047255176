//! What was posted, before any form knows its fields: names and values as text.
//!
//! Poem's own extractor answers missing and doubled fields in plain text and reads
//! the query of a GET; this one reads the body, and leaves the judging to the
//! forms. Invalid UTF-8 becomes U+FFFD, which every field of ours refuses.

use std::fmt;

use poem::{FromRequest, Request, RequestBody, http::header};
use zeroize::Zeroizing;

use crate::{error::Error, middleware::RawBody};

/// Most fields of a form.
const MAX_FIELDS: usize = 64;
const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a posted form. Holds passwords, so it never prints itself.
#[derive(Clone)]
pub(crate) struct Submission(Vec<(String, Zeroizing<String>)>);

impl Submission {
    /// Reads the body that the request came with.
    pub(crate) fn read(request: &Request) -> Result<Self, Error> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case(FORM_TYPE) {
            return Err(Error::UnsupportedMediaType);
        }
        let body = request.data::<RawBody>().map(|body| body.0.as_ref()).unwrap_or_default();
        let mut fields = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields.len() == MAX_FIELDS {
                return Err(Error::BadRequest);
            }
            fields.push((name.into_owned(), Zeroizing::new(value.into_owned())));
        }
        Ok(Self(fields))
    }

    /// The field's value, empty where it is missing.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Whether the field was sent, as a ticked box is.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Whether the field was sent more than once, so that nobody can say which
    /// value counts.
    pub(crate) fn is_doubled(&self, name: &str) -> bool {
        self.0.iter().filter(|(field, _)| field == name).nth(1).is_some()
    }

    /// Every field, in the order in which they came.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl<'a> FromRequest<'a> for &'a Submission {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        request.data::<Submission>().ok_or_else(|| Error::BadRequest.into())
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Submission(…)")
    }
}
