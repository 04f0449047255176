//! Correcting a mistyped address before it is confirmed: only in the browser that signed up. The
//! answer tells no more than sign-up does about who has an account. A "correction" to the same
//! address asks for another mail.

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, User, UserId};
use store::{AddressProof, PendingSignUp, SignedUpWith, StoreError, WriteTx};

use super::{
    Addressee, BrowserHash, NewAccount, ResendProofError,
    mailbox::still_unproven,
    retried,
    submission::{self, Holder, is_nobodys},
};
use crate::{
    Client, Fault, SignupMode,
    pace::in_step,
    revocation::{RevocationReason, revoke},
    services::Registration,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// Why the address stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectAddressError {
    /// There is nothing to prove.
    #[error("there is nothing to prove")]
    NoProof,
    /// The address has an account; told only where sign-up tells it too.
    #[error("the address has an account")]
    EmailTaken,
    /// Too many came from this network or went to this address, or the last mail to it is
    /// too young.
    #[error("too many")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

type Corrected = Result<(), CorrectAddressError>;

impl From<ResendProofError> for CorrectAddressError {
    fn from(error: ResendProofError) -> Self {
        match error {
            ResendProofError::NoProof => Self::NoProof,
            ResendProofError::TooSoon { retry_after } => Self::Throttled { retry_after },
            ResendProofError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// A correction, and where it comes from.
struct Correction<'a> {
    email: &'a EmailAddress,
    browser: BrowserHash,
    client: &'a Client,
    now: Timestamp,
}

impl Registration<'_> {
    /// Changes the sign-up of the browser with this cookie to another address and queues the mail
    /// for it. The earlier mail is void.
    pub async fn correct_address(
        self,
        cookie: &str,
        email: &EmailAddress,
        client: &Client,
    ) -> Corrected {
        let browser = BrowserHash::of(cookie);
        let correcting = retried(|| {
            let now = self.0.clock.now();
            self.try_correct(Correction { email, browser, client, now })
        });
        Box::pin(in_step(correcting)).await??;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_correct(self, correction: Correction<'_>) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = correction;
        let tx = self.0.store.begin().await?;
        let Some(proof) = tx.address_proofs().find_of_browser(&browser.0, now).await? else {
            return Ok(Err(CorrectAddressError::NoProof));
        };
        let throttle = &self.0.throttle;
        let is_mended = proof.email != *email;
        // Another mail to the same address is counted by what sends it.
        let address = if is_mended { throttle.proof_of_address(email) } else { None };
        let buckets = [throttle.signup_of_client(client), address];
        let taken = throttle::take(&tx, &buckets, now).await?;
        let corrected = match taken {
            Err(Refused { retry_after }) => Err(CorrectAddressError::Throttled { retry_after }),
            Ok(()) if is_mended => self.mend(&tx, proof, &correction).await?,
            Ok(()) => self.resend(&tx, proof, browser, (client, now)).await?.map_err(Into::into),
        };
        if taken.is_ok() && corrected.is_err() {
            // There was no mail, so the address has one left; the network has tried.
            throttle::give_back(&tx, &[address]).await?;
        }
        tx.commit().await?;
        Ok(corrected)
    }

    async fn mend(
        self,
        tx: &WriteTx,
        proof: AddressProof,
        correction: &Correction<'_>,
    ) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = *correction;
        match (still_unproven(tx, &proof).await?, proof) {
            (Some((user, hash)), _) => self.correct_user(tx, &user, hash, correction).await,
            (None, AddressProof { user_id: None, email: before, pending: Some(pending), .. }) => {
                leave_nobody(tx, &before).await?;
                let signed_up = SignedUpWith::AnotherAddress;
                let pending = PendingSignUp { signed_up, ..pending };
                let new = NewAccount { email: email.clone(), pending };
                self.0.apply_sign_up(tx, &new, browser, (client, now)).await.map(Ok)
            }
            (None, _) => Ok(Err(CorrectAddressError::NoProof)),
        }
    }

    async fn correct_user(
        self,
        tx: &WriteTx,
        user: &User,
        hash: String,
        correction: &Correction<'_>,
    ) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = *correction;
        let is_open = self.0.settings.accounts.signup == SignupMode::Open;
        if !is_open {
            // The same result as if the address had been typed correctly at once. An unclaimed
            // account moves to the other address. A user who was logged in before addresses had to
            // be confirmed keeps the old one: a refused move to a taken address would tell that it
            // is taken.
            if is_nobodys(tx, user).await? {
                tx.users().delete_unconfirmed(user.id).await?;
            }
            let signed_up = SignedUpWith::AnotherAddress;
            let (name, password_hash) = (user.name.clone(), hash);
            let pending = PendingSignUp { name, password_hash, signed_up };
            let new = NewAccount { email: email.clone(), pending };
            self.0.apply_sign_up(tx, &new, browser, (client, now)).await?;
            return Ok(Ok(()));
        }
        let taken = match submission::holder(tx, email, now).await? {
            Holder::Unproven(owner) | Holder::Owner(owner) => Some(owner),
            Holder::Nobody => None,
        };
        if taken.is_some_and(|owner| owner.id != user.id) {
            return Ok(Err(CorrectAddressError::EmailTaken));
        }
        tx.users().correct_email(user, email, now).await?;
        revoke(tx, user.id, RevocationReason::AddressCorrected).await?;
        let corrected = User { email: email.clone(), ..user.clone() };
        let origin = Origin::owner(client);
        record(tx, user.id, SecurityEvent::AddressCorrected, origin, now).await?;
        self.0.queue_proof(tx, Addressee::Unproven(&corrected, None), browser, now).await.map(Ok)
    }
}

/// Runs the statements of leaving an unclaimed account without one, so that the time does not tell
/// that there was no account.
async fn leave_nobody(tx: &WriteTx, before: &EmailAddress) -> Result<(), StoreError> {
    let nobody = UserId::generate();
    tx.users().lock_by_email(before).await?;
    tx.users().has_logged_in(nobody).await?;
    tx.users().delete_unconfirmed(nobody).await
}
