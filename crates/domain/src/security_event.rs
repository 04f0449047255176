//! The events of account activity, and their actors. An event holds no details: the row in the
//! store has the time, the device and the account.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::{FactorKind, Role};

/// An event in the life of an account that its owner can read in the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SecurityEvent {
    /// The account was created.
    SignedUp,
    /// A sign-up used an address that the account has or can revert to.
    SignUpAttempted,
    /// The address was confirmed.
    AddressConfirmed,
    /// The address was corrected before it was confirmed.
    AddressCorrected,
    /// The password was made unusable, because the person who set it had not confirmed the
    /// address.
    PasswordVoided,
    /// A log-in started a session.
    LoggedIn,
    /// A log-in was refused: the password was wrong, or there were too many tries.
    LogInRefused,
    /// The operator reset the throttles of the account.
    LimitsCleared,
    /// The user gave the password again within a session.
    Reauthenticated,
    /// The user logged out of a session.
    LoggedOut,
    /// A session was ended from another session.
    SessionEnded,
    /// All sessions except the present one were ended.
    OtherSessionsEnded,
    /// The name was changed.
    NameChanged,
    /// An address change was requested, and a link was mailed to the new address.
    EmailChangeRequested,
    /// An address change was cancelled before its link was used.
    EmailChangeCancelled,
    /// The account got a new address.
    EmailChanged,
    /// An address change was reverted: the account has its former address again.
    EmailChangeUndone,
    /// The password was changed with knowledge of the old one.
    PasswordChanged,
    /// The password was removed: the account is opened by passkeys alone.
    PasswordRemoved,
    /// A password reset was requested.
    PasswordResetRequested,
    /// A new password was set by a mailed link.
    PasswordReset,
    /// All sessions were ended.
    AllSessionsEnded,
    /// Log-ins ask for a second factor from now on.
    SecondFactorOn,
    /// The last second factor was removed: log-ins ask for the password alone.
    SecondFactorOff,
    /// An authentication app was added. The note is its name.
    AppAdded,
    /// An authentication app was removed. The note is its name.
    AppRemoved,
    /// A passkey was added. The note is its name.
    PasskeyAdded,
    /// A passkey was removed. The note is its name.
    PasskeyRemoved,
    /// The user got new recovery codes.
    RecoveryCodesRenewed,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Log-ins in a browser ask for no second factor for some time.
    BrowserRemembered,
    /// Log-ins in a remembered browser ask for a second factor again.
    BrowserForgotten,
    /// After a right password, a link to remove lost second factors was mailed.
    FactorResetRequested,
    /// The wait after which the second factors are removed began.
    FactorResetBegun,
    /// The wait was stopped: the second factors stay.
    FactorResetStopped,
    /// All second factors were removed without a proof of one.
    FactorsReset,
    /// The account was disabled.
    Disabled,
    /// The account was enabled again.
    Enabled,
    /// The owner reported a compromise by the link in a notice.
    CompromiseReport,
    /// The personal data of the owner was exported.
    Exported,
    /// The deletion of the account was requested.
    DeletionRequested,
    /// The deletion of the account was cancelled.
    DeletionCancelled,
    /// The account was deleted. This event names no account.
    Deleted,
    /// The account got the role of an admin.
    BecameAdmin,
    /// The account lost the role of an admin.
    BecameUser,
    /// The account got another role of the product.
    RoleChanged,
    /// The user, who may see all accounts, downloaded a list of them.
    UsersExported,
    /// The account was made by an invitation of the actor.
    Invited,
    /// The user invited an address, or sent the invitation again.
    UserInvited,
    /// The user withdrew an invitation.
    InvitationRevoked,
    /// An event of the product, by its name, such as `notes.published`. The dot tells it from the
    /// events above.
    Product(Cow<'static, str>),
}

/// The error for a text that is not the name of a [`SecurityEvent`] or an
/// [`EventActor`](crate::EventActor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no such event or actor")]
pub struct UnknownEvent;

impl SecurityEvent {
    /// All events but those of products.
    pub const ALL: &[Self] = &[
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
        Self::EmailChangeCancelled,
        Self::EmailChanged,
        Self::EmailChangeUndone,
        Self::PasswordChanged,
        Self::PasswordRemoved,
        Self::PasswordResetRequested,
        Self::PasswordReset,
        Self::AllSessionsEnded,
        Self::SecondFactorOn,
        Self::SecondFactorOff,
        Self::AppAdded,
        Self::AppRemoved,
        Self::PasskeyAdded,
        Self::PasskeyRemoved,
        Self::RecoveryCodesRenewed,
        Self::RecoveryCodeUsed,
        Self::BrowserRemembered,
        Self::BrowserForgotten,
        Self::FactorResetRequested,
        Self::FactorResetBegun,
        Self::FactorResetStopped,
        Self::FactorsReset,
        Self::Disabled,
        Self::Enabled,
        Self::CompromiseReport,
        Self::Exported,
        Self::DeletionRequested,
        Self::DeletionCancelled,
        Self::Deleted,
        Self::BecameAdmin,
        Self::BecameUser,
        Self::RoleChanged,
        Self::UsersExported,
        Self::Invited,
        Self::UserInvited,
        Self::InvitationRevoked,
    ];

    /// An event of the product: `name` has a dot, as in `notes.published`.
    pub const fn of_product(name: &'static str) -> Self {
        Self::Product(Cow::Borrowed(name))
    }

    /// Returns the event of a change from the role `former` to `role`.
    pub fn of_new_role(former: &Role, role: &Role) -> Self {
        match (former.is_admin(), role.is_admin()) {
            (_, true) => Self::BecameAdmin,
            (true, false) => Self::BecameUser,
            (false, false) => Self::RoleChanged,
        }
    }

    /// Returns the event of a new factor.
    pub const fn of_added_factor(kind: FactorKind) -> Self {
        match kind {
            FactorKind::AuthenticationApp => Self::AppAdded,
            FactorKind::Passkey => Self::PasskeyAdded,
        }
    }

    /// Returns the event of a factor that was removed.
    pub const fn of_removed_factor(kind: FactorKind) -> Self {
        match kind {
            FactorKind::AuthenticationApp => Self::AppRemoved,
            FactorKind::Passkey => Self::PasskeyRemoved,
        }
    }

    /// Returns the name of the event in the log and in the database.
    pub fn as_str(&self) -> &str {
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
            Self::EmailChangeCancelled => "email_change_cancelled",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::PasswordChanged => "password_changed",
            Self::PasswordRemoved => "password_removed",
            Self::PasswordResetRequested => "password_reset_requested",
            Self::PasswordReset => "password_reset",
            Self::AllSessionsEnded => "all_sessions_ended",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::AppAdded => "authentication_app_added",
            Self::AppRemoved => "authentication_app_removed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::BrowserRemembered => "browser_remembered",
            Self::BrowserForgotten => "browser_forgotten",
            Self::FactorResetRequested => "factor_reset_requested",
            Self::FactorResetBegun => "factor_reset_begun",
            Self::FactorResetStopped => "factor_reset_stopped",
            Self::FactorsReset => "factors_reset",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::CompromiseReport => "not_me",
            Self::Exported => "exported",
            Self::DeletionRequested => "deletion_requested",
            Self::DeletionCancelled => "deletion_cancelled",
            Self::Deleted => "deleted",
            Self::BecameAdmin => "became_admin",
            Self::BecameUser => "became_user",
            Self::RoleChanged => "role_changed",
            Self::UsersExported => "users_exported",
            Self::Invited => "invited",
            Self::UserInvited => "user_invited",
            Self::InvitationRevoked => "invitation_revoked",
            Self::Product(name) => name,
        }
    }
}

impl fmt::Display for SecurityEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SecurityEvent {
    type Err = UnknownEvent;

    fn from_str(text: &str) -> Result<Self, UnknownEvent> {
        if text.contains('.') {
            return Ok(Self::Product(Cow::Owned(text.to_owned())));
        }
        Self::ALL.iter().find(|event| event.as_str() == text).cloned().ok_or(UnknownEvent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::EventActor;

    #[test]
    fn names_lead_back_to_what_they_name() {
        let product = SecurityEvent::of_product("notes.published");
        for event in SecurityEvent::ALL.iter().chain([&product]) {
            assert_eq!(event.to_string().parse().as_ref(), Ok(event));
        }
        for actor in EventActor::ALL {
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert_eq!("hacked".parse::<SecurityEvent>(), Err(UnknownEvent));
        assert_eq!("".parse::<EventActor>(), Err(UnknownEvent));
    }
}
