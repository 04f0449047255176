//! Asking for a mail to sign up with: a link and a code for the owner of a free address, a notice
//! for the owner of an account. The answer, its cost and the stored rows are the same (REG-02).

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, User, UserId};
use store::{StoreError, WriteTx};

use super::account::is_unclaimed;
use crate::{
    Client, Fault, SignupMode,
    address_proof::{BrowserHash, PROOF_LIFETIME, ProofCookie, ProofSecrets, retried},
    context::Context,
    mail::messages,
    pace::in_step,
    services::Registration,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// Why no mail was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestSignUpError {
    /// Sign-up is closed.
    #[error("sign-up is closed")]
    Closed,
    /// Too many sign-ups came from this network.
    #[error("too many sign-ups")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refused> for RequestSignUpError {
    fn from(Refused { retry_after }: Refused) -> Self {
        tracing::info!("sign-up throttled");
        Self::Throttled { retry_after }
    }
}

impl Registration<'_> {
    /// Asks for a mail to the address. Beyond the limit of the address there is none, and the
    /// browser can ask again later. The cookie identifies the browser, which waits for the mail.
    pub async fn request_sign_up(
        self,
        email: &EmailAddress,
        client: &Client,
    ) -> Result<ProofCookie, RequestSignUpError> {
        if self.0.settings.accounts.signup == SignupMode::Closed {
            return Err(RequestSignUpError::Closed);
        }
        self.0.take(&[self.0.throttle.signup_of_client(client)]).await??;
        let cookie = ProofCookie::generate();
        in_step(retried(|| self.try_request_sign_up(email, cookie.hash(), client))).await?;
        self.0.outbox.wake();
        Ok(cookie)
    }

    async fn try_request_sign_up(
        self,
        email: &EmailAddress,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let buckets = [self.0.throttle.proof_of_address(email)];
        if throttle::take(&tx, &buckets, now).await?.is_err() {
            tracing::info!("sign-up without a mail: too many to this address");
            let to = (browser, None);
            let unmailed = self.0.new_proof(email, None, &ProofSecrets::of_none(), to, now);
            tx.address_proofs().insert(unmailed).await?;
        } else {
            self.0.queue_sign_up(&tx, email, browser, (client, now)).await?;
        }
        tx.commit().await
    }
}

impl Context {
    /// Queues the mail of a sign-up with the address, and stores the proof that the browser waits
    /// for. Runs the same number of statements whatever has become of the address (ENU-03); only
    /// the mail differs.
    pub(crate) async fn queue_sign_up(
        &self,
        tx: &WriteTx,
        email: &EmailAddress,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<(), StoreError> {
        let of = self.envelope(PROOF_LIFETIME, now);
        let secrets = self.proof_secrets(of.id);
        let mail = if let Some(owner) = owner(tx, email, now).await? {
            let (event, origin) = (SecurityEvent::SignUpAttempted, Origin::anyone(client));
            record(tx, owner.id, event, origin, now).await?;
            tracing::info!(user_id = %owner.id, "sign-up with the address of an account");
            messages::account_exists(&of, &owner)
        } else {
            tx.security_events().anonymize(UserId::generate()).await?;
            tracing::info!("sign-up requested");
            messages::sign_up(&of, email, client.language, &secrets.code)
        };
        let mail_id = Some(tx.outbox().insert(mail, now).await?);
        let proof = self.new_proof(email, None, &secrets, (browser, mail_id), now);
        tx.address_proofs().insert(proof).await
    }
}

/// Finds the owner of the address: of an account, or the user who can still revert to the address.
/// The latter gets the mail at this address. Four queries whatever the answers are.
async fn owner(
    tx: &WriteTx,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let holder = tx.users().lock_by_email(email).await?.map(|(user, _)| user);
    let reserver = tx.email_changes().find_reserver(email, now).await?;
    let reserver = tx.users().find(reserver.unwrap_or_else(UserId::generate)).await?;
    if let Some(user) = holder {
        return Ok(if is_unclaimed(tx, &user).await? { None } else { Some(user) });
    }
    tx.users().has_logged_in(UserId::generate()).await?;
    Ok(reserver.map(|user| User { email: email.clone(), ..user }))
}
