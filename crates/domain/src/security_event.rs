//! The events of an account, in the words of its timeline.

use std::{fmt, str::FromStr};

use crate::Role;

/// Something that a person wants to know of their account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SecurityEvent {
    /// The account was made.
    SignedUp,
    /// A sign-up came with the address, which the account has or can revert to.
    SignUpAttempted,
    /// The address was proven.
    AddressConfirmed,
    /// The address was changed before anybody was shown to read mail there.
    AddressCorrected,
    /// The password was made unusable, because the person who set it had proven nothing.
    PasswordVoided,
    /// A session began.
    LoggedIn,
    /// A password or too many tries were refused.
    LogInRefused,
    /// The tries counted against the account were forgotten.
    LimitsCleared,
    /// The password was given again, within a session.
    Reauthenticated,
    /// A session was ended from within.
    LoggedOut,
    /// A session was ended from another.
    SessionEnded,
    /// Every session but the one that asked was ended.
    OtherSessionsEnded,
    /// The name was changed.
    NameChanged,
    /// A link was mailed to an address that the account is to have.
    EmailChangeRequested,
    /// The account has another address.
    EmailChanged,
    /// The account has the address again that it had before.
    EmailChangeUndone,
    /// The password was changed with knowledge of the old one.
    PasswordChanged,
    /// A link to set a new password was asked for.
    PasswordResetRequested,
    /// A new password was set by a mailed link.
    PasswordReset,
    /// Every session was ended.
    AllSessionsEnded,
    /// The account was disabled.
    Disabled,
    /// Logging in is possible again.
    Enabled,
    /// The owner reported a compromise by the link in a notice.
    CompromiseReport,
    /// Everything that is held about the owner was handed out.
    Exported,
    /// The account is to be deleted.
    DeletionRequested,
    /// The account is kept after all.
    DeletionCancelled,
    /// The account was deleted; the event names no account.
    Deleted,
    /// The account became an admin's.
    BecameAdmin,
    /// The account is no admin's any more.
    BecameUser,
}

/// The actor of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventActor {
    /// The owner, or a person who could act as the owner.
    Owner,
    /// An admin, on the site.
    Admin,
    /// The operator, by a command.
    Operator,
    /// An unknown visitor: a form that takes an address.
    Anyone,
}

/// A text that names no [`SecurityEvent`] or no [`EventActor`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such event or actor")]
pub struct UnknownEvent;

impl SecurityEvent {
    /// Every event.
    pub const ALL: [Self; 29] = [
        Self::SignedUp,
        Self::SignUpAttempted,
        Self::AddressConfirmed,
        Self::AddressCorrected,
        Self::PasswordVoided,
        Self::LoggedIn,
        Self::LogInRefused,
        Self::LimitsCleared,
        Self::Reauthenticated,
        Self::LoggedOut,
        Self::SessionEnded,
        Self::OtherSessionsEnded,
        Self::NameChanged,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::EmailChangeUndone,
        Self::PasswordChanged,
        Self::PasswordResetRequested,
        Self::PasswordReset,
        Self::AllSessionsEnded,
        Self::Disabled,
        Self::Enabled,
        Self::CompromiseReport,
        Self::Exported,
        Self::DeletionRequested,
        Self::DeletionCancelled,
        Self::Deleted,
        Self::BecameAdmin,
        Self::BecameUser,
    ];

    /// The event of getting `role`.
    pub const fn of_new_role(role: Role) -> Self {
        match role {
            Role::Admin => Self::BecameAdmin,
            Role::User => Self::BecameUser,
        }
    }

    /// The event's name in the log and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedUp => "signed_up",
            Self::SignUpAttempted => "sign_up_attempted",
            Self::AddressConfirmed => "address_confirmed",
            Self::AddressCorrected => "address_corrected",
            Self::PasswordVoided => "password_voided",
            Self::LoggedIn => "logged_in",
            Self::LogInRefused => "log_in_refused",
            Self::LimitsCleared => "limits_cleared",
            Self::Reauthenticated => "reauthenticated",
            Self::LoggedOut => "logged_out",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::NameChanged => "name_changed",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::PasswordChanged => "password_changed",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordReset => "password_reset",
            Self::AllSessionsEnded => "all_sessions_ended",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::CompromiseReport => "not_me",
            Self::Exported => "exported",
            Self::DeletionRequested => "deletion_requested",
            Self::DeletionCancelled => "deletion_cancelled",
            Self::Deleted => "deleted",
            Self::BecameAdmin => "became_admin",
            Self::BecameUser => "became_user",
        }
    }
}

impl EventActor {
    /// Every actor.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Operator, Self::Anyone];

    /// The actor's name in the log and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Anyone => "anyone",
        }
    }
}

impl fmt::Display for SecurityEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for EventActor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SecurityEvent {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL.into_iter().find(|event| event.as_str() == text).ok_or(UnknownEvent)
    }
}

impl FromStr for EventActor {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        Self::ALL.into_iter().find(|actor| actor.as_str() == text).ok_or(UnknownEvent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        for event in SecurityEvent::ALL {
            assert_eq!(event.to_string().parse(), Ok(event));
        }
        for actor in EventActor::ALL {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert_eq!("hacked".parse::<SecurityEvent>(), Err(UnknownEvent));
        assert_eq!("".parse::<EventActor>(), Err(UnknownEvent));
    }
}
