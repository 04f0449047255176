//! Another address, before the first is confirmed: only in the browser that signed up. The answer
//! tells no more than sign-up does about who has an account. The same address once more asks for
//! another mail.

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, User};
use store::{AddressProof, StoreError, WriteTx};

use super::resend::still_unproven;
use crate::{
    Client, Fault, SignupMode,
    address_proof::{BrowserHash, ResendProofError, retry_on_conflict},
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
    /// A failure that the visitor did not cause.
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
        let correcting = retry_on_conflict(|| {
            let now = self.0.clock.now();
            self.try_correct(Correction { email, browser, client, now })
        });
        correcting.await??;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_correct(self, correction: Correction<'_>) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = correction;
        let tx = self.0.store.begin().await?;
        let proof = tx.address_proofs().find_of_browser(&browser.0, now).await?;
        let Some(proof) = proof.filter(|proof| proof.used_at.is_none()) else {
            return Ok(Err(CorrectAddressError::NoProof));
        };
        let throttle = &self.0.throttle;
        let is_other = proof.email != *email;
        // Another mail to the same address is counted by what sends it.
        let address = if is_other { throttle.proof_of_address(email) } else { None };
        let buckets = [throttle.signup_of_client(client), address];
        let taken = throttle::take(&tx, &buckets, now).await?;
        let corrected = match taken {
            Err(Refused { retry_after }) => Err(CorrectAddressError::Throttled { retry_after }),
            Ok(()) if is_other => self.move_to(&tx, &proof, &correction).await?,
            Ok(()) => self.resend(&tx, &proof, browser, (client, now)).await?.map_err(Into::into),
        };
        if taken.is_ok() && corrected.is_err() {
            // There was no mail, so the address has one left; the network has tried.
            throttle::give_back(&tx, &[address]).await?;
        }
        tx.commit().await?;
        Ok(corrected)
    }

    /// With `confirmed` sign-up, the same as a sign-up with the other address, also for the browser
    /// of an account that was made before: a refusal would tell that the address is taken.
    async fn move_to(
        self,
        tx: &WriteTx,
        proof: &AddressProof,
        correction: &Correction<'_>,
    ) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = *correction;
        match (self.0.settings.accounts.signup, proof.user_id) {
            (SignupMode::Closed, _) => Ok(Err(CorrectAddressError::NoProof)),
            (SignupMode::Open, Some(_)) => match still_unproven(tx, proof).await? {
                Some(user) => self.correct_user(tx, &user, correction).await,
                None => Ok(Err(CorrectAddressError::NoProof)),
            },
            (SignupMode::Open | SignupMode::Confirmed, _) => {
                self.0.queue_sign_up(tx, email, browser, (client, now)).await.map(Ok)
            }
        }
    }

    async fn correct_user(
        self,
        tx: &WriteTx,
        user: &User,
        correction: &Correction<'_>,
    ) -> Result<Corrected, StoreError> {
        let Correction { email, browser, client, now } = *correction;
        let is_taken = tx.users().find_by_email(email).await?.is_some()
            || tx.email_changes().find_reserver(email, now).await?.is_some_and(|id| id != user.id);
        if is_taken {
            return Ok(Err(CorrectAddressError::EmailTaken));
        }
        tx.users().correct_email(user, email, now).await?;
        revoke(tx, user.id, RevocationReason::AddressCorrected).await?;
        let corrected = User { email: email.clone(), ..user.clone() };
        let origin = Origin::owner(client);
        record(tx, user.id, SecurityEvent::AddressCorrected, origin, now).await?;
        self.0.queue_proof(tx, &corrected, browser, now).await.map(Ok)
    }
}
