//! How strongly the user of a session was proven (OWASP ASVS 5.0, 6.1.3).

use std::{fmt, str::FromStr};

/// How the user of a session was proven, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// By the password alone.
    Password,
    /// By the password, in a browser in which a factor was given at most 30 days before.
    RememberedBrowser,
    /// By the password, and by a code of an authentication app or a recovery code.
    PasswordAndCode,
    /// By a passkey that verified its user.
    Passkey,
}

/// The error for a text that is not the name of an [`Assurance`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such assurance")]
pub struct UnknownAssurance;

impl Assurance {
    /// All of them, the weakest first.
    pub const ALL: [Self; 4] =
        [Self::Password, Self::RememberedBrowser, Self::PasswordAndCode, Self::Passkey];

    /// Returns whether a factor was given, which a remembered browser does not prove.
    pub fn is_by_factor(self) -> bool {
        self > Self::RememberedBrowser
    }

    /// Returns whether two factors were proven, so that it opens an account with a second factor.
    pub const fn has_two_factors(self) -> bool {
        !matches!(self, Self::Password)
    }

    /// Returns the name in the database and in the data export.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::RememberedBrowser => "remembered_browser",
            Self::PasswordAndCode => "password_and_code",
            Self::Passkey => "passkey",
        }
    }
}

impl fmt::Display for Assurance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Assurance {
    type Err = UnknownAssurance;

    fn from_str(text: &str) -> Result<Self, UnknownAssurance> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or(UnknownAssurance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name_and_the_password_is_the_weakest() {
        for assurance in Assurance::ALL {
            assert_eq!(assurance.to_string().parse(), Ok(assurance));
            assert_eq!(assurance.has_two_factors(), assurance > Assurance::Password);
        }
        assert!(Assurance::ALL.is_sorted());
        assert_eq!("none".parse::<Assurance>(), Err(UnknownAssurance));
    }
}
