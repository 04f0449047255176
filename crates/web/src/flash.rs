//! The sentence shown once, on the page after the one that caused it.
//!
//! It travels in a signed cookie that names a sentence; no text of a visitor is
//! in it but the address that the log-in page fills in. The next page shows it and
//! takes the cookie back.

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::EmailAddress;

use crate::ui::{Message, Texts};

/// What was just done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flash {
    /// An account was made.
    SignedUp(EmailAddress),
    /// Somebody logged in.
    LoggedIn,
    /// Somebody logged out.
    LoggedOut,
    /// A reset mail was asked for.
    ResetRequested,
    /// A new password was set.
    PasswordReset,
    /// An address was confirmed.
    AddressConfirmed,
    /// An address was mended before its confirmation.
    AddressCorrected,
    /// Another mail to confirm an address was asked for.
    ProofSent,
    /// A new address was asked for.
    EmailChangeRequested,
    /// An account has another address.
    EmailChanged,
    /// An account has its old address back.
    EmailChangeUndone,
    /// A user got another role.
    RoleChanged,
    /// The name was changed.
    NameChanged,
    /// The password was changed.
    PasswordChanged,
    /// A session was ended from another.
    SessionEnded,
    /// Every other session was ended.
    OtherSessionsEnded,
    /// An owner said that it was somebody else.
    TakenBack,
    /// An account is to be deleted.
    DeletionRequested,
    /// An account is kept after all.
    DeletionCancelled,
}

impl Flash {
    /// The sentence.
    pub(crate) fn message(&self, texts: &Texts) -> Message {
        let texts = &texts.flashes;
        match self {
            Self::SignedUp(_) => texts.signed_up.into(),
            Self::LoggedIn => texts.logged_in.into(),
            Self::LoggedOut => texts.logged_out.into(),
            Self::ResetRequested => texts.reset_requested.into(),
            Self::PasswordReset => texts.password_reset.into(),
            Self::AddressConfirmed => texts.address_confirmed.into(),
            Self::AddressCorrected => texts.address_corrected.into(),
            Self::ProofSent => texts.proof_sent.into(),
            Self::EmailChangeRequested => texts.email_change_requested.into(),
            Self::EmailChanged => texts.email_changed.into(),
            Self::EmailChangeUndone => texts.email_change_undone.into(),
            Self::RoleChanged => texts.role_changed.into(),
            Self::NameChanged => texts.name_changed.into(),
            Self::PasswordChanged => texts.password_changed.into(),
            Self::SessionEnded => texts.session_ended.into(),
            Self::OtherSessionsEnded => texts.other_sessions_ended.into(),
            Self::TakenBack => texts.taken_back.into(),
            Self::DeletionRequested => texts.deletion_requested.into(),
            Self::DeletionCancelled => texts.deletion_cancelled.into(),
        }
    }

    /// The address to fill in on the log-in page.
    pub(crate) fn email(&self) -> Option<&EmailAddress> {
        match self {
            Self::SignedUp(email) => Some(email),
            _ => None,
        }
    }

    /// The cookie's value.
    pub(crate) fn encode(&self, key: &MacKey) -> String {
        let name = self.name();
        let email = self.email().map_or("", EmailAddress::as_str);
        let signature = key.sign(&[name.as_bytes(), email.as_bytes()]);
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        format!("{name}.{}.{}", encode(email.as_bytes()), encode(&signature))
    }

    /// Reads the cookie's value, `None` when it is not ours.
    pub(crate) fn decode(value: &str, key: &MacKey) -> Option<Self> {
        let mut parts = value.split('.');
        let (name, email, signature) = (parts.next()?, parts.next()?, parts.next()?);
        let email = BASE64_URL_SAFE_NO_PAD.decode(email).ok()?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !key.verify(&[name.as_bytes(), &email], &signature) {
            return None;
        }
        match name {
            "signed_up" => {
                EmailAddress::parse(std::str::from_utf8(&email).ok()?).ok().map(Self::SignedUp)
            }
            "logged_in" => Some(Self::LoggedIn),
            "logged_out" => Some(Self::LoggedOut),
            "reset_requested" => Some(Self::ResetRequested),
            "password_reset" => Some(Self::PasswordReset),
            "address_confirmed" => Some(Self::AddressConfirmed),
            "address_corrected" => Some(Self::AddressCorrected),
            "proof_sent" => Some(Self::ProofSent),
            "email_change_requested" => Some(Self::EmailChangeRequested),
            "email_changed" => Some(Self::EmailChanged),
            "email_change_undone" => Some(Self::EmailChangeUndone),
            "role_changed" => Some(Self::RoleChanged),
            "name_changed" => Some(Self::NameChanged),
            "password_changed" => Some(Self::PasswordChanged),
            "session_ended" => Some(Self::SessionEnded),
            "other_sessions_ended" => Some(Self::OtherSessionsEnded),
            "taken_back" => Some(Self::TakenBack),
            "deletion_requested" => Some(Self::DeletionRequested),
            "deletion_cancelled" => Some(Self::DeletionCancelled),
            _ => None,
        }
    }

    const fn name(&self) -> &'static str {
        match self {
            Self::SignedUp(_) => "signed_up",
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::ResetRequested => "reset_requested",
            Self::PasswordReset => "password_reset",
            Self::AddressConfirmed => "address_confirmed",
            Self::AddressCorrected => "address_corrected",
            Self::ProofSent => "proof_sent",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::EmailChangeUndone => "email_change_undone",
            Self::RoleChanged => "role_changed",
            Self::NameChanged => "name_changed",
            Self::PasswordChanged => "password_changed",
            Self::SessionEnded => "session_ended",
            Self::OtherSessionsEnded => "other_sessions_ended",
            Self::TakenBack => "taken_back",
            Self::DeletionRequested => "deletion_requested",
            Self::DeletionCancelled => "deletion_cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use auth::keys::{KeyPurpose, SecretKey};

    use super::*;

    #[test]
    fn a_flash_survives_the_way_through_the_browser_and_no_other_is_believed() {
        let key = SecretKey::new(vec![1; 32]).unwrap().derive(KeyPurpose::Flash);
        let flash = Flash::SignedUp(EmailAddress::parse("mia@example.org").unwrap());
        let value = flash.encode(&key);

        assert_eq!(Flash::decode(&value, &key), Some(flash));
        let forged = value.replacen("signed_up", "logged_in", 1);
        for wrong in ["", "a.b", "logged_in..", forged.as_str()] {
            assert_eq!(Flash::decode(wrong, &key), None, "{wrong}");
        }
    }
}
