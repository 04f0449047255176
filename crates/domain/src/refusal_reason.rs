//! Why a password was refused, for the timeline, the log and the operator; never for the visitor
//! who gave it.

use std::{fmt, str::FromStr};

/// Why a password was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefusalReason {
    /// The account has another password.
    WrongPassword,
    /// The account has no password that works: it was voided, and none was set since.
    VoidPassword,
    /// The password is right, and the address is not confirmed.
    Unconfirmed,
    /// The password is right, and the account is disabled.
    Disabled,
    /// There were too many tries at the account from browsers unknown to it.
    ThrottledAccount,
    /// There were too many tries at the account from this browser, which it knows.
    ThrottledDevice,
    /// There were too many tries from this network, whatever account they were at.
    ThrottledClient,
}

/// A text that names no [`RefusalReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such reason")]
pub struct UnknownReason;

impl RefusalReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::WrongPassword,
        Self::VoidPassword,
        Self::Unconfirmed,
        Self::Disabled,
        Self::ThrottledAccount,
        Self::ThrottledDevice,
        Self::ThrottledClient,
    ];

    /// The reason's name in the log and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::VoidPassword => "void_password",
            Self::Unconfirmed => "unconfirmed",
            Self::Disabled => "disabled",
            Self::ThrottledAccount => "throttled_account",
            Self::ThrottledDevice => "throttled_device",
            Self::ThrottledClient => "throttled_client",
        }
    }

    /// Whether the password was not looked at, as there were too many tries.
    pub const fn is_throttled(self) -> bool {
        matches!(self, Self::ThrottledAccount | Self::ThrottledDevice | Self::ThrottledClient)
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
