//! The reasons for which a log-in is refused, for the timeline, the log and the operator. A
//! visitor never learns the reason: it would tell which accounts exist (OWASP ASVS 5.0, 6.3.8).

use std::{fmt, str::FromStr};

/// The reason for which a password or a code was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// The account has another password.
    WrongPassword,
    /// The password of the account was made unusable, and no new one was set since.
    VoidPassword,
    /// The answer of a passkey is wrong.
    WrongPasskey,
    /// The answer of a passkey is right, but a copy of the passkey seems to be in use.
    CopiedPasskey,
    /// The password is right, but the address is not confirmed.
    Unconfirmed,
    /// The password is right, but the account is disabled.
    Disabled,
    /// The password is right, but the code of the second factor is wrong or was used.
    WrongCode,
    /// The password is right, but too many codes were tried at the account.
    ThrottledCode,
    /// The account had too many tries from browsers without its device cookie.
    ThrottledAccount,
    /// The account had too many tries from this browser, which has its device cookie.
    ThrottledDevice,
    /// This network made too many tries, at any accounts.
    ThrottledClient,
}

/// The error for a text that is not the name of a [`RefusalReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such reason")]
pub struct UnknownReason;

impl RefusalReason {
    /// All reasons.
    pub const ALL: [Self; 11] = [
        Self::WrongPassword,
        Self::VoidPassword,
        Self::WrongPasskey,
        Self::CopiedPasskey,
        Self::Unconfirmed,
        Self::Disabled,
        Self::WrongCode,
        Self::ThrottledCode,
        Self::ThrottledAccount,
        Self::ThrottledDevice,
        Self::ThrottledClient,
    ];

    /// Returns the name of the reason in the log and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::VoidPassword => "void_password",
            Self::WrongPasskey => "wrong_passkey",
            Self::CopiedPasskey => "copied_passkey",
            Self::Unconfirmed => "unconfirmed",
            Self::Disabled => "disabled",
            Self::WrongCode => "wrong_code",
            Self::ThrottledCode => "throttled_code",
            Self::ThrottledAccount => "throttled_account",
            Self::ThrottledDevice => "throttled_device",
            Self::ThrottledClient => "throttled_client",
        }
    }

    /// Returns whether the password was refused unchecked, because of too many tries.
    pub const fn is_throttled(self) -> bool {
        matches!(
            self,
            Self::ThrottledCode
                | Self::ThrottledAccount
                | Self::ThrottledDevice
                | Self::ThrottledClient
        )
    }
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for RefusalReason {
    type Err = UnknownReason;

    fn from_str(text: &str) -> Result<Self, UnknownReason> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text).ok_or(UnknownReason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_reasons_lead_back_to_them() {
        for reason in RefusalReason::ALL {
            assert_eq!(reason.to_string().parse(), Ok(reason));
        }
        assert_eq!("hunch".parse::<RefusalReason>(), Err(UnknownReason));
    }
}
