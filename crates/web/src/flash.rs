//! The sentence shown once, on the page after the one that caused it.
//!
//! It travels in a signed cookie that names a sentence; no text of a visitor is
//! in it but the address that the log-in page fills in. The next page shows it and
//! takes the cookie back.

use auth::keys::MacKey;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::EmailAddress;

use crate::ui::{Message, Texts};

/// What the cookie calls the sentence that has an address with it.
const SIGNED_UP: &str = "signed_up";

/// Declares the sentences that need nothing but their name: how the cookie calls each,
/// which is how the texts call it too.
macro_rules! flashes {
    ($($(#[$doc:meta])* $flash:ident: $name:ident,)+) => {
        /// What was just done.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub(crate) enum Flash {
            /// An account was made.
            SignedUp(EmailAddress),
            $($(#[$doc])* $flash,)+
        }

        impl Flash {
            /// Every one that says nothing of an address.
            const PLAIN: &[Self] = &[$(Self::$flash,)+];

            /// The sentence.
            pub(crate) fn message(&self, texts: &Texts) -> Message {
                match self {
                    Self::SignedUp(_) => texts.flashes.signed_up.into(),
                    $(Self::$flash => texts.flashes.$name.into(),)+
                }
            }

            const fn name(&self) -> &'static str {
                match self {
                    Self::SignedUp(_) => SIGNED_UP,
                    $(Self::$flash => stringify!($name),)+
                }
            }
        }
    };
}

flashes! {
    /// Somebody logged in.
    LoggedIn: logged_in,
    /// Somebody logged out.
    LoggedOut: logged_out,
    /// A reset mail was asked for.
    ResetRequested: reset_requested,
    /// A new password was set.
    PasswordReset: password_reset,
    /// An address was confirmed.
    AddressConfirmed: address_confirmed,
    /// An address was mended before its confirmation.
    AddressCorrected: address_corrected,
    /// Another mail to confirm an address was asked for.
    ProofSent: proof_sent,
    /// A new address was asked for.
    EmailChangeRequested: email_change_requested,
    /// An account has another address.
    EmailChanged: email_changed,
    /// An account has its old address back.
    EmailChangeUndone: email_change_undone,
    /// A user got another role.
    RoleChanged: role_changed,
    /// The name was changed.
    NameChanged: name_changed,
    /// The password was changed.
    PasswordChanged: password_changed,
    /// A session was ended from another.
    SessionEnded: session_ended,
    /// Every other session was ended.
    OtherSessionsEnded: other_sessions_ended,
    /// An owner said that it was somebody else.
    TakenBack: taken_back,
    /// An account is to be deleted.
    DeletionRequested: deletion_requested,
    /// An account is kept after all.
    DeletionCancelled: deletion_cancelled,
}

impl Flash {
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
        if name == SIGNED_UP {
            let email = EmailAddress::parse(std::str::from_utf8(&email).ok()?);
            return email.ok().map(Self::SignedUp);
        }
        Self::PLAIN.iter().find(|flash| flash.name() == name).cloned()
    }
}

#[cfg(test)]
mod tests {
    use auth::keys::{KeyPurpose, SecretKey};

    use super::*;

    #[test]
    fn a_flash_survives_the_way_through_the_browser_and_no_other_is_believed() {
        let key = SecretKey::new(vec![1; 32]).unwrap().derive(KeyPurpose::Flash);
        let signed_up = Flash::SignedUp(EmailAddress::parse("mia@example.org").unwrap());
        let value = signed_up.encode(&key);

        for flash in Flash::PLAIN.iter().chain([&signed_up]) {
            assert_eq!(Flash::decode(&flash.encode(&key), &key).as_ref(), Some(flash));
        }
        let forged = value.replacen(SIGNED_UP, "logged_in", 1);
        for wrong in ["", "a.b", "logged_in..", forged.as_str()] {
            assert_eq!(Flash::decode(wrong, &key), None, "{wrong}");
        }
    }
}
