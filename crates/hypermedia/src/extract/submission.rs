//! A posted form: the names and values of its declared fields, as text.
//!
//! Poem's own extractor answers missing and doubled fields in plain text and reads the query of a
//! GET. This one reads the body, and leaves validation to the forms. Invalid UTF-8 becomes U+FFFD,
//! which every field refuses.

use std::fmt;

use auth::SavedSubmission;
use poem::{FromRequest, Request, RequestBody, http::header};
use zeroize::Zeroizing;

use crate::{error::Error, middleware::RawBody, ui::FieldName};

/// Most fields of a form.
const MAX_FIELDS: usize = 64;
/// The media type of forms.
pub const FORM_TYPE: &str = "application/x-www-form-urlencoded";

/// The declared fields of a posted form. Holds passwords, so it never prints itself.
#[derive(Clone)]
pub struct Submission(Vec<(FieldName, Zeroizing<String>)>);

/// A field was sent more than once, so that no value of it counts (LOG-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubled;

impl Submission {
    /// Reads the token and the declared `fields` from the body; any other field is dropped.
    pub fn read(request: &Request, fields: &[FieldName]) -> Result<Self, Error> {
        let content_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        if !media_type.eq_ignore_ascii_case(FORM_TYPE) {
            return Err(Error::UnsupportedMediaType);
        }
        let body = request.data::<RawBody>().map(|body| body.0.as_ref()).unwrap_or_default();
        if form_urlencoded::parse(body).nth(MAX_FIELDS).is_some() {
            return Err(Error::BadRequest);
        }
        let sent = form_urlencoded::parse(body);
        let sent = sent.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
        Ok(Self::of(sent, fields))
    }

    /// The fields of a saved submission, in the form that has the declared `fields`.
    pub fn of_saved(saved: SavedSubmission, fields: &[FieldName]) -> Self {
        Self::of(saved.fields.into_iter().map(|(name, value)| (name, value.into())), fields)
    }

    /// A submission for a test.
    #[cfg(test)]
    pub(super) fn sent(sent: &[(&str, &str)], fields: &[FieldName]) -> Self {
        let own = |(name, value): &(&str, &str)| (String::from(*name), String::from(*value).into());
        Self::of(sent.iter().map(own), fields)
    }

    fn of(sent: impl Iterator<Item = (String, Zeroizing<String>)>, fields: &[FieldName]) -> Self {
        let declared = |name: &str| {
            let mut all = fields.iter().chain(&[FieldName::CSRF_TOKEN]);
            all.find(|field| field.as_str() == name).copied()
        };
        Self(sent.filter_map(|(name, value)| Some((declared(&name)?, value))).collect())
    }

    /// The submission as it may be saved: without secrets.
    pub fn to_saved(&self, path: &str) -> SavedSubmission {
        let own = |(name, value): (FieldName, &str)| (name.as_str().to_owned(), value.to_owned());
        SavedSubmission::new(path.to_owned(), self.shown_again().map(own).collect())
    }

    /// The value of the field, empty where it is missing.
    pub fn value(&self, name: FieldName) -> Result<&str, Doubled> {
        let mut values = self.0.iter().filter(|(field, _)| *field == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(Doubled),
            (Some((_, value)), None) => Ok(value),
            (None, None) => Ok(""),
        }
    }

    /// Whether the field was sent, as a ticked box is.
    pub fn has(&self, name: FieldName) -> bool {
        self.0.iter().any(|(field, _)| *field == name)
    }

    /// The names of the secret fields that were filled in.
    pub(super) fn typed_secrets(&self) -> impl Iterator<Item = FieldName> {
        let typed = self.0.iter().filter(|(name, value)| name.is_secret() && !value.is_empty());
        typed.map(|(name, _)| *name)
    }

    /// The values that a form may show again: of fields that were sent once and are no secrets.
    pub fn shown_again(&self) -> impl Iterator<Item = (FieldName, &str)> {
        let shown = self.0.iter().filter(|(name, _)| !name.is_secret());
        shown
            .filter(|(name, _)| self.value(*name).is_ok())
            .map(|(name, value)| (*name, value.as_str()))
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

    const CODE: FieldName = FieldName::secret("code");
    const EMAIL: FieldName = FieldName::new("email");
    const ROLE: FieldName = FieldName::new("role");

    fn submission(sent: &[(&str, &str)]) -> Submission {
        Submission::sent(sent, &[CODE, EMAIL, ROLE])
    }

    /// LOG-04.
    #[test]
    fn a_field_that_came_twice_has_no_value() {
        let sent = submission(&[("role", "user"), ("code", "7"), ("role", "admin")]);

        assert_eq!(sent.value(ROLE), Err(Doubled));
        assert_eq!(sent.value(CODE), Ok("7"));
        assert_eq!(sent.value(EMAIL), Ok(""));
    }

    /// LOG-12.
    #[test]
    fn secrets_and_undeclared_fields_are_not_shown_again() {
        let sent = submission(&[
            ("csrf_token", "t"),
            ("email", "mia@example.test"),
            ("code", "7"),
            ("new_password", "a goose"),
            ("role", "user"),
            ("role", "admin"),
        ]);

        let shown: Vec<_> = sent.shown_again().collect();

        assert_eq!(shown, [(EMAIL, "mia@example.test")]);
        assert!(sent.typed_secrets().any(|name| name == CODE));
        assert_eq!(submission(&[("code", "")]).typed_secrets().count(), 0);
        assert!(sent.has(FieldName::CSRF_TOKEN) && sent.has(CODE));
    }
}
