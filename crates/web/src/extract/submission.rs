//! What was posted, before any form knows its fields: names and values as text.
//!
//! Poem's own extractor answers missing and doubled fields in plain text and reads
//! the query of a GET; this one reads the body, and leaves the judging to the
//! forms. Invalid UTF-8 becomes U+FFFD, which every field of ours refuses.

use std::fmt;

use auth::SavedSubmission;
use poem::{FromRequest, Request, RequestBody, http::header};
use zeroize::Zeroizing;

use crate::{error::Error, middleware::RawBody, ui::FieldName};

/// Most fields of a form.
const MAX_FIELDS: usize = 64;
/// What forms of ours are sent as.
pub(crate) const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a posted form. Holds passwords, so it never prints itself.
#[derive(Clone)]
pub(crate) struct Submission(Vec<(String, Zeroizing<String>)>);

/// A field that was sent more than once, so that nobody can say which value counts
/// (LOG-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubled;

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

    /// What was sent in a form that was held.
    pub(crate) fn of(form: SavedSubmission) -> Self {
        Self(form.fields.into_iter().map(|(name, value)| (name, value.into())).collect())
    }

    /// The form as it may be held: without secrets.
    pub(crate) fn held(&self, path: &str) -> SavedSubmission {
        let own = |(name, value): (FieldName, &str)| (name.as_str().to_owned(), value.to_owned());
        SavedSubmission { path: path.to_owned(), fields: self.echoed().map(own).collect() }
    }

    /// The field's value, empty where it is missing.
    pub(crate) fn value(&self, name: FieldName) -> Result<&str, Doubled> {
        let mut values = self.0.iter().filter(|(field, _)| field == name.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Doubled),
            (Some((_, value)), None) => Ok(value),
            (None, None) => Ok(""),
        }
    }

    /// Whether the field was sent, as a ticked box is.
    pub(crate) fn has(&self, name: FieldName) -> bool {
        self.0.iter().any(|(field, _)| field == name.as_str())
    }

    /// What may be given back: the fields that were sent once and are no secrets.
    pub(crate) fn echoed(&self) -> impl Iterator<Item = (FieldName, &str)> {
        let sent = FieldName::echoed().filter(|name| self.has(*name));
        sent.filter_map(|name| Some((name, self.value(name).ok()?)))
    }
}

impl<'a> FromRequest<'a> for &'a Submission {
    async fn from_request(request: &'a Request, _body: &mut RequestBody) -> poem::Result<Self> {
        request.data::<Submission>().ok_or_else(|| Error::BadRequest.into())
    }
}

impl From<Doubled> for Error {
    fn from(_: Doubled) -> Self {
        Self::BadRequest
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Submission(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submission(fields: &[(&str, &str)]) -> Submission {
        let own = |(name, value): &(&str, &str)| (String::from(*name), String::from(*value).into());
        Submission(fields.iter().map(own).collect())
    }

    /// LOG-04.
    #[test]
    fn a_field_that_came_twice_has_no_value() {
        let sent = submission(&[("role", "user"), ("next", "/"), ("role", "admin")]);

        assert_eq!(sent.value(FieldName::Role), Err(Doubled));
        assert_eq!(sent.value(FieldName::Next), Ok("/"));
        assert_eq!(sent.value(FieldName::Email), Ok(""));
    }

    /// LOG-12.
    #[test]
    fn secrets_and_fields_that_no_form_has_are_not_given_back() {
        let sent = submission(&[
            ("csrf_token", "t"),
            ("email", "mia@example.test"),
            ("password", "a goose"),
            ("current_password", "a goose"),
            ("new_password", "a goose"),
            ("role", "user"),
            ("role", "admin"),
        ]);

        let echoed: Vec<_> = sent.echoed().collect();

        assert_eq!(echoed, [(FieldName::Email, "mia@example.test")]);
    }
}
