//! Checks a password against the stored hashes. The check costs one run of Argon2 for every
//! address, with or without an account.
//!
//! With `confirmed` sign-up, the password of a pending sign-up for a taken address gets
//! the same answer as that of an unconfirmed account, so that the answer does not tell
//! them apart. The password of a sign-up with a corrected address matches nothing.

use domain::{EmailAddress, Password, RefusalReason, User, UserId};
use store::{AddressProof, SignedUpWith};

use crate::{
    Fault, SignupMode,
    context::Context,
    password::{MatchTime, PasswordHash, PasswordMatch},
};

/// An address and a password, as a visitor gave them.
pub(crate) struct GivenCredentials {
    pub(crate) email: EmailAddress,
    pub(crate) password: Password,
}

/// The result of a check.
pub(crate) enum CredentialCheck {
    Match {
        user: User,
        hash: PasswordHash,
        rehash: bool,
    },
    /// The password of a pending sign-up, with the account at the address, if any.
    Pending(Option<UserId>),
    /// The log-in is refused for this reason, with the account, if any.
    Refused(Option<UserId>, RefusalReason),
}

/// The effect of a right password.
#[derive(Clone, Copy)]
enum PasswordEffect {
    /// It lets its owner in.
    LogIn,
    /// It leads to the page that asks to confirm the address, as the password of a pending
    /// sign-up does.
    Proof,
    /// As much as a wrong one.
    Nothing,
}

impl PasswordEffect {
    const fn match_time(self) -> MatchTime {
        match self {
            Self::LogIn => MatchTime::OfTheHash,
            Self::Proof | Self::Nothing => MatchTime::OfAMismatch,
        }
    }
}

impl Context {
    /// Checks the password of the account with the address. Costs one run of Argon2, and another
    /// one when the hash is renewed.
    pub(crate) async fn check_password(
        &self,
        credentials: &GivenCredentials,
    ) -> Result<CredentialCheck, Fault> {
        let checked = self.check_once(credentials).await?;
        let CredentialCheck::Match { user, hash, rehash: true } = checked else {
            return Ok(checked);
        };
        if let Some(hash) = self.renew_hash(&credentials.password, &user, &hash).await? {
            return Ok(CredentialCheck::Match { user, hash, rehash: false });
        }
        // Another try renewed the hash first, or the password was changed.
        self.check_once(credentials).await
    }

    async fn check_once(&self, credentials: &GivenCredentials) -> Result<CredentialCheck, Fault> {
        let users = self.store.users();
        let found = users.find_by_email(&credentials.email).await?;
        let (user, hash) =
            found.map(|(user, hash)| (user, PasswordHash::from_stored(hash))).unzip();
        let sign_up = self.find_pending_sign_up(&credentials.email).await?;
        let pending = sign_up.as_ref().and_then(pending_hash);
        // Before the password is looked at: else the question would tell that it is right.
        let effect = self.password_effect(user.as_ref(), sign_up.as_ref()).await?;
        let stored = (hash.as_ref(), effect.match_time());
        let hasher = &self.hasher;
        let matched = hasher.verify_either(&credentials.password, stored, pending.as_ref()).await;
        let user_id = user.as_ref().map(|user| user.id);
        Ok(match (matched?, effect, user, hash) {
            (PasswordMatch::Match { rehash }, PasswordEffect::LogIn, Some(user), Some(hash)) => {
                // A new salt would differ from that of the hash beside it.
                CredentialCheck::Match { user, hash, rehash: rehash && pending.is_none() }
            }
            (PasswordMatch::Match { .. }, PasswordEffect::Proof, Some(user), Some(hash)) => {
                CredentialCheck::Match { user, hash, rehash: false }
            }
            (PasswordMatch::MatchBeside, ..) => CredentialCheck::Pending(user_id),
            (PasswordMatch::Match { .. }, _, Some(user), _) if user.disabled_at.is_some() => {
                CredentialCheck::Refused(user_id, RefusalReason::Disabled)
            }
            (PasswordMatch::Match { .. }, ..) => {
                CredentialCheck::Refused(user_id, RefusalReason::Unconfirmed)
            }
            (PasswordMatch::Mismatch, _, _, Some(hash)) if hash.is_unusable() => {
                CredentialCheck::Refused(user_id, RefusalReason::VoidPassword)
            }
            (PasswordMatch::Mismatch, ..) => {
                CredentialCheck::Refused(user_id, RefusalReason::WrongPassword)
            }
        })
    }

    /// The pending sign-up for the address. Queried with or without an account.
    async fn find_pending_sign_up(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<AddressProof>, Fault> {
        if self.settings.accounts.signup != SignupMode::Confirmed {
            return Ok(None);
        }
        let proofs = self.store.address_proofs();
        Ok(proofs.find_of_sign_up(email, self.clock.now()).await?)
    }

    /// Hashes another password for the account with this address. A pending sign-up with
    /// the address goes on as before: its password still leads to the mailbox page, so that
    /// the stranger who signed up does not learn that the owner was here.
    pub(crate) async fn hash_for_account(
        &self,
        password: &Password,
        email: &EmailAddress,
    ) -> Result<PasswordHash, Fault> {
        let beside = match self.find_pending_sign_up(email).await? {
            // The account itself is of that sign-up, and its password the one that stands.
            Some(AddressProof { user_id: Some(_), pending: None, .. }) => {
                self.find_hash(email).await?
            }
            sign_up => sign_up.as_ref().and_then(pending_hash),
        };
        Ok(self.hasher.hash_beside(password, beside.as_ref()).await?)
    }

    /// What the account's password admits to, with one query for every address. With `confirmed`
    /// sign-up, the password of an unconfirmed account counts for as long as that of a pending
    /// sign-up for a taken address: a difference would tell whether the address is taken.
    async fn password_effect(
        &self,
        user: Option<&User>,
        sign_up: Option<&AddressProof>,
    ) -> Result<PasswordEffect, Fault> {
        let enabled = user.filter(|user| user.disabled_at.is_none());
        if self.settings.accounts.signup != SignupMode::Confirmed {
            return Ok(enabled.map_or(PasswordEffect::Nothing, |_| PasswordEffect::LogIn));
        }
        let unproven = enabled.filter(|user| user.confirmed_at.is_none());
        let id = unproven.map_or_else(UserId::generate, |user| user.id);
        let has_logged_in = self.store.users().has_logged_in(id).await?;
        let is_fresh =
            sign_up.is_some_and(|proof| proof.user_id == Some(id) && proof.pending.is_none());
        Ok(match (enabled, unproven) {
            (None, _) => PasswordEffect::Nothing,
            (Some(_), None) => PasswordEffect::LogIn,
            (_, Some(_)) if is_fresh || has_logged_in => PasswordEffect::Proof,
            (_, Some(_)) => PasswordEffect::Nothing,
        })
    }

    /// Hashes the password with the present parameters (ASVS 11.4.2); `None` if `old` is no longer
    /// the stored hash.
    async fn renew_hash(
        &self,
        password: &Password,
        user: &User,
        old: &PasswordHash,
    ) -> Result<Option<PasswordHash>, Fault> {
        let new = self.hasher.hash(password).await?;
        let tx = self.store.begin().await?;
        let renewed = tx.users().renew_password_hash(user.id, old.as_str(), new.as_str()).await?;
        tx.commit().await?;
        Ok(renewed.then_some(new))
    }
}

/// The hash of a pending sign-up for a taken address that a log-in may match. The hash of a
/// corrected sign-up is left out: it was made beside the hash of another address or of none, and a
/// match would tell which.
fn pending_hash(sign_up: &AddressProof) -> Option<PasswordHash> {
    let pending = sign_up.pending.as_ref()?;
    let is_of_address = pending.signed_up == SignedUpWith::ThisAddress;
    is_of_address.then(|| PasswordHash::from_stored(pending.password_hash.clone()))
}
