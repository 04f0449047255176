//! The name of a field of a form, declared once beside its form, with whether the value may be
//! shown again. A field that a route does not declare is neither read nor shown again; a secret
//! is read only (LOG-12).

use std::fmt;

use maud::Render;

/// The name of a form field: the `name` and the `id` of its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldName {
    name: &'static str,
    is_secret: bool,
}

impl FieldName {
    /// The token that proves that the form was sent from a page of this site.
    pub const CSRF_TOKEN: Self = Self::secret("csrf_token");
    /// The name of the single field to check.
    pub const FIELD: Self = Self::new("field");
    /// The language of the pages.
    pub const LANGUAGE: Self = Self::new("language");
    /// The state that checks the answer of an authenticator.
    pub const CEREMONY: Self = Self::secret("ceremony");
    /// The answer of an authenticator, as JSON.
    pub const PASSKEY: Self = Self::secret("passkey");
    /// The page to go on to.
    pub const NEXT: Self = Self::new("next");

    /// A field that a refused form shows again, and that a saved submission keeps.
    pub const fn new(name: &'static str) -> Self {
        Self { name, is_secret: false }
    }

    /// A field that is never shown again and never saved, such as a password or a code.
    pub const fn secret(name: &'static str) -> Self {
        Self { name, is_secret: true }
    }

    /// The name as forms have it.
    pub const fn as_str(self) -> &'static str {
        self.name
    }

    /// Whether the value is never shown again and never saved.
    pub const fn is_secret(self) -> bool {
        self.is_secret
    }
}

impl Render for FieldName {
    fn render_to(&self, buffer: &mut String) {
        self.name.render_to(buffer);
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
