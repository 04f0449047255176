//! Checks a password against the stored hash. The check costs one run of Argon2 for every address,
//! with or without an account.

use domain::{EmailAddress, Password, RefusalReason, User, UserId};

use crate::{
    Fault, SignupMode,
    context::Context,
    password::{MatchTime, PasswordHash, PasswordMatch},
    refusal_notes::Attempt,
};

/// An address and a password, as a visitor gave them.
pub(crate) struct GivenCredentials {
    pub(crate) email: EmailAddress,
    pub(crate) password: Password,
}

/// The result of a check.
pub(crate) enum CredentialCheck {
    Match {
        user: Box<User>,
        hash: PasswordHash,
        rehash: bool,
    },
    /// The log-in is refused for this reason, with the account, if any.
    Refused(Option<UserId>, RefusalReason),
}

/// The effect of a right password.
#[derive(Clone, Copy)]
enum PasswordEffect {
    /// It lets its owner in.
    LogIn,
    /// It leads to the page that asks to confirm the address.
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
        attempt: Attempt,
    ) -> Result<CredentialCheck, Fault> {
        let checked = self.check_once(credentials, attempt).await?;
        let CredentialCheck::Match { user, hash, rehash: true } = checked else {
            return Ok(checked);
        };
        if let Some(hash) = self.renew_hash(&credentials.password, &user, &hash).await? {
            return Ok(CredentialCheck::Match { user, hash, rehash: false });
        }
        // Another try renewed the hash first, or the password was changed.
        self.check_once(credentials, attempt).await
    }

    async fn check_once(
        &self,
        credentials: &GivenCredentials,
        attempt: Attempt,
    ) -> Result<CredentialCheck, Fault> {
        let found = self.store.users().find_by_email(&credentials.email).await?;
        let (user, hash) =
            found.map(|(user, hash)| (user, PasswordHash::from_stored(hash))).unzip();
        // Before the password is looked at: else the question would tell that it is right.
        let effect = self.password_effect(user.as_ref(), attempt).await?;
        let password = &credentials.password;
        let matched = self.hasher.verify(password, hash.as_ref(), effect.match_time()).await?;
        let user_id = user.as_ref().map(|user| user.id);
        Ok(match (matched, effect, user, hash) {
            (PasswordMatch::Match { rehash }, PasswordEffect::LogIn, Some(user), Some(hash)) => {
                CredentialCheck::Match { user: Box::new(user), hash, rehash }
            }
            (PasswordMatch::Match { .. }, PasswordEffect::Proof, Some(user), Some(hash)) => {
                CredentialCheck::Match { user: Box::new(user), hash, rehash: false }
            }
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

    /// What the account's password admits to. With `confirmed` sign-up that takes one query more,
    /// for every address: an account that was made before, was never confirmed and never logged in
    /// to is no more than an address that anyone may have typed, and a sign-up replaces it.
    async fn password_effect(
        &self,
        user: Option<&User>,
        attempt: Attempt,
    ) -> Result<PasswordEffect, Fault> {
        let enabled = user.filter(|user| user.disabled_at.is_none());
        let is_mode = self.settings.accounts.signup == SignupMode::Confirmed;
        if !is_mode || attempt == Attempt::Confirmation {
            return Ok(enabled.map_or(PasswordEffect::Nothing, |_| PasswordEffect::LogIn));
        }
        let unproven = enabled.filter(|user| user.confirmed_at.is_none());
        let id = unproven.map_or_else(UserId::generate, |user| user.id);
        let has_logged_in = self.store.users().has_logged_in(id).await?;
        Ok(match (enabled, unproven) {
            (None, _) => PasswordEffect::Nothing,
            (Some(_), None) => PasswordEffect::LogIn,
            (_, Some(_)) if has_logged_in => PasswordEffect::Proof,
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
