//! The fields of all our forms, declared here once: their names, and whether what was
//! sent in them may be given back. What is not declared is neither read nor given
//! back; a secret is read alone (LOG-12).

use std::fmt;

use maud::Render;

/// A field of a form of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldName {
    /// A code from a mail.
    Code,
    /// The proof that the form is ours.
    CsrfToken,
    /// The password that an account has, where another is asked for too.
    CurrentPassword,
    /// An address.
    Email,
    /// The name of the one field to judge.
    Field,
    /// The language of the pages.
    Language,
    /// What to call a person.
    Name,
    /// The page to go on to.
    Next,
    /// A password, old or new.
    Password,
    /// Whether a session outlives the browser.
    Remember,
    /// That somebody was told that a password goes.
    Renew,
    /// A role.
    Role,
}

/// What may become of an answer when its form comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Echo {
    /// It is shown, or travels along unseen.
    Given,
    /// It is dropped.
    Withheld,
}

impl FieldName {
    const ALL: [Self; 12] = [
        Self::Code,
        Self::CsrfToken,
        Self::CurrentPassword,
        Self::Email,
        Self::Field,
        Self::Language,
        Self::Name,
        Self::Next,
        Self::Password,
        Self::Remember,
        Self::Renew,
        Self::Role,
    ];

    const fn declaration(self) -> (&'static str, Echo) {
        match self {
            Self::Code => ("code", Echo::Withheld),
            Self::CsrfToken => ("csrf_token", Echo::Withheld),
            Self::CurrentPassword => ("current_password", Echo::Withheld),
            Self::Email => ("email", Echo::Given),
            Self::Field => ("field", Echo::Given),
            Self::Language => ("language", Echo::Given),
            Self::Name => ("name", Echo::Given),
            Self::Next => ("next", Echo::Given),
            Self::Password => ("password", Echo::Withheld),
            Self::Remember => ("remember", Echo::Given),
            Self::Renew => ("renew", Echo::Given),
            Self::Role => ("role", Echo::Given),
        }
    }

    /// The name as forms have it.
    pub(crate) const fn as_str(self) -> &'static str {
        self.declaration().0
    }

    /// The fields whose answers may be given back.
    pub(crate) fn echoed() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|name| name.declaration().1 == Echo::Given)
    }
}

/// The names are words of ours, with nothing to escape in them.
impl Render for FieldName {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(self.as_str());
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LOG-12.
    #[test]
    fn what_sounds_like_a_secret_is_never_given_back() {
        for name in FieldName::echoed() {
            for word in ["password", "token", "code", "secret"] {
                assert!(!name.as_str().contains(word), "{name}");
            }
        }
    }

    #[test]
    fn no_two_fields_share_a_name() {
        for (index, name) in FieldName::ALL.iter().enumerate() {
            let others = FieldName::ALL.iter().skip(index + 1);
            assert!(others.into_iter().all(|other| other.as_str() != name.as_str()), "{name}");
        }
    }
}
