//! The one check of the use of a passkey, for log-ins, second steps and questions within a session.
//!
//! The challenge is spent first, whatever comes of the answer. The stored counter is compared and
//! written under the lock of the account, after the signature was checked (PSK-03).

use domain::{Passkey, RefusalReason, Timestamp, User, UserId};
use serde::de::DeserializeOwned;
use store::{StoreError, StoredPasskey, WriteTx};
use webauthn_rs::prelude::{DiscoverableAuthentication, PublicKeyCredential};

use super::{
    ceremony::{CeremonyPurpose, OpenCeremony, PasskeyAnswer, PasskeyCeremony},
    relying_party::{InvalidAnswer, user_handle},
};
use crate::{
    Client, Fault,
    context::Context,
    mail::FactorNews,
    refusal_notes::{Attempt, Refusal},
    throttle::{self, Bucket, Refused},
};

/// The owner of an account, proven by a passkey that verified its user.
pub(crate) struct ProvenByPasskey {
    /// The user, with a locked row.
    pub(crate) user: User,
    pub(crate) passkey: Passkey,
}

/// The reason for which nothing is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PasskeyRefusal {
    /// The account of the passkey, if it is one.
    pub(crate) user_id: Option<UserId>,
    pub(crate) reason: RefusalReason,
}

/// A ceremony after its challenge was spent, with its answer, unparsed.
pub(crate) enum SpentCeremony<S> {
    /// The answer may be checked, once.
    Fresh(S),
    /// It is too old, was answered before, or is not of this form.
    Expired,
    /// Too many tries.
    Throttled(Refused),
}

impl PasskeyRefusal {
    pub(super) const fn wrong(user_id: Option<UserId>) -> Self {
        Self { user_id, reason: RefusalReason::WrongPasskey }
    }

    pub(super) const fn throttled() -> Self {
        Self { user_id: None, reason: RefusalReason::ThrottledClient }
    }
}

impl Context {
    /// Asks for the use of a passkey: one of `known`, or any that the authenticator finds. Writes
    /// nothing. `None` where browsers have no passkeys.
    pub(super) fn begin_passkey_use(
        &self,
        purpose: CeremonyPurpose,
        known: &[StoredPasskey],
        form_token: &str,
    ) -> Option<PasskeyCeremony> {
        let challenge = self.relying_party.as_ref()?.ask_for_use(known)?;
        purpose.seal(&self.sealing, form_token, challenge, self.clock.now())
    }

    /// Counts the try and spends the challenge, in a transaction of its own: it stays spent even if
    /// the answer cannot be looked at.
    pub(crate) async fn spend_ceremony<S: DeserializeOwned>(
        &self,
        answer: &PasskeyAnswer,
        purpose: CeremonyPurpose,
        bucket: Option<Bucket>,
    ) -> Result<SpentCeremony<S>, StoreError> {
        let now = self.clock.now();
        let Some(ceremony) = purpose.open::<S>(&self.sealing, answer, now) else {
            return Ok(SpentCeremony::Expired);
        };
        let OpenCeremony { state, hash, expires_at } = ceremony;
        let tx = self.store.begin().await?;
        if let Err(refused) = throttle::take(&tx, &[bucket], now).await? {
            return Ok(SpentCeremony::Throttled(refused));
        }
        let is_first = tx.passkeys().spend(&hash, expires_at).await?;
        tx.commit().await?;
        Ok(if is_first { SpentCeremony::Fresh(state) } else { SpentCeremony::Expired })
    }

    /// Checks the answer to a spent challenge and records the use of the passkey, when `tx`
    /// commits. `expected` is the user that the passkey has to belong to; without one, the answer
    /// has to name the user. A refusal writes nothing but the notice about a copied passkey, which
    /// [`Self::refuse_passkey`] commits.
    pub(crate) async fn prove_passkey(
        &self,
        tx: &WriteTx,
        (state, answer): (DiscoverableAuthentication, &PublicKeyCredential),
        expected: Option<UserId>,
        now: Timestamp,
    ) -> Result<Result<ProvenByPasskey, PasskeyRefusal>, StoreError> {
        let Some(relying_party) = &self.relying_party else {
            return Ok(Err(PasskeyRefusal::wrong(None)));
        };
        let Some((stored, user)) = lock_owner(tx, answer.get_credential_id()).await? else {
            return Ok(Err(PasskeyRefusal::wrong(None)));
        };
        let user_id = stored.user_id;
        let refused = |reason| Ok(Err(PasskeyRefusal { user_id: Some(user_id), reason }));
        // The user that the answer names, or else the one that is known without it.
        let named = user_handle(answer).or(expected.filter(|_| !has_user_handle(answer)));
        if named != Some(user_id) || expected.is_some_and(|expected| expected != user_id) {
            return refused(RefusalReason::WrongPasskey);
        }
        match relying_party.verify(answer, state, &stored) {
            Ok(_) if user.disabled_at.is_some() => refused(RefusalReason::Disabled),
            Ok(verified) => {
                let (passkey, state) = (stored.passkey, verified.state);
                tx.passkeys().set_used(passkey.id, &verified.credential, state, now).await?;
                Ok(Ok(ProvenByPasskey { user, passkey }))
            }
            Err(InvalidAnswer::Copied) => {
                self.tell_of_copy(tx, &user, &stored.passkey, now).await?;
                refused(RefusalReason::CopiedPasskey)
            }
            Err(InvalidAnswer::Wrong(error)) => {
                tracing::info!(%user_id, %error, "the answer of a passkey is wrong");
                refused(RefusalReason::WrongPasskey)
            }
            Err(InvalidAnswer::Unreadable) => {
                tracing::error!(%user_id, "a stored passkey cannot be read");
                refused(RefusalReason::WrongPasskey)
            }
        }
    }

    /// Notes the refusal, and sends the notice that it may have caused.
    pub(super) async fn refuse_passkey(
        &self,
        tx: WriteTx,
        (attempt, refusal): (Attempt, PasskeyRefusal),
        client: &Client,
    ) -> Result<(), Fault> {
        tx.commit().await?;
        self.outbox.wake();
        let PasskeyRefusal { user_id, reason } = refusal;
        self.note_refusal(Refusal { attempt, user_id, reason }, client);
        Ok(())
    }

    /// Tells the owner that a copy of a passkey seems to be in use, as often as of wrong factors.
    async fn tell_of_copy(
        &self,
        tx: &WriteTx,
        user: &User,
        passkey: &Passkey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mails = self.throttle.misuse_mails(b"copied passkey mails", user.id);
        if throttle::take(tx, &[Some(mails)], now).await?.is_err() {
            return Ok(());
        }
        self.queue_factor_notice(tx, user, FactorNews::PasskeyCopied(&passkey.name)).await
    }
}

/// Locks the owner of the passkey, and returns the passkey as it is under the lock.
async fn lock_owner(
    tx: &WriteTx,
    credential_id: &[u8],
) -> Result<Option<(StoredPasskey, User)>, StoreError> {
    let Some(found) = tx.passkeys().find_by_credential_id(credential_id).await? else {
        return Ok(None);
    };
    tx.users().lock(found.user_id).await?;
    let locked = tx.passkeys().find_by_credential_id(credential_id).await?;
    let user = tx.users().find(found.user_id).await?;
    Ok(locked.filter(|locked| locked.user_id == found.user_id).zip(user))
}

/// Whether the answer has a user handle, even one that is no user.
fn has_user_handle(answer: &PublicKeyCredential) -> bool {
    answer.get_user_unique_id().is_some_and(|handle| !handle.is_empty())
}
