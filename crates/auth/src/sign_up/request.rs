//! Asking for a mail to sign up with: a link and a code for the owner of a free address, a notice
//! for the owner of an account. The worker writes it after the answer, which is the same for every
//! address and looks at no account (REG-02, ENU-03).

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, User};
use store::{ClaimedMail, NewMail, StoreError, WriteTx};

use super::account::is_unclaimed;
use crate::{
    Client, Fault, SignupMode,
    address_proof::{BrowserHash, PROOF_LIFETIME, ProofCookie, ProofSecrets, retry_on_conflict},
    context::Context,
    mail::{Envelope, messages},
    mail_requests::{Purpose, Visitor},
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
    /// A failure that the visitor did not cause.
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
        retry_on_conflict(|| self.try_request_sign_up(email, cookie.hash(), client)).await?;
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
            let unmailed = self.0.new_proof(email, None, &ProofSecrets::unusable(), to, now);
            tx.address_proofs().insert(unmailed).await?;
        } else {
            self.0.queue_sign_up(&tx, email, browser, (client, now)).await?;
        }
        tx.commit().await
    }
}

impl Context {
    /// Queues the request for the mail of a sign-up with the address, and stores the proof that the
    /// browser waits for. Looks at no account.
    pub(crate) async fn queue_sign_up(
        &self,
        tx: &WriteTx,
        email: &EmailAddress,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<(), StoreError> {
        let of = self.envelope(PROOF_LIFETIME, now);
        let purpose = Purpose::SignUp(Visitor::of(client));
        let mail_id = self.queue_request(tx, &purpose, (None, email, client), &of, now).await?;
        let secrets = self.proof_secrets(mail_id);
        let proof = self.new_proof(email, None, &secrets, (browser, Some(mail_id)), now);
        tx.address_proofs().insert(proof).await
    }

    /// The mail that `client` asked for at `request.created_at`: the link and the code for a free
    /// address, a notice to the owner of an account.
    pub(crate) async fn write_sign_up_mail(
        &self,
        tx: &WriteTx,
        request: &ClaimedMail,
        client: &Client,
    ) -> Result<NewMail, StoreError> {
        let (email, asked_at) = (&request.to, request.created_at);
        let of = Envelope::new(&self.mail_site, request.id, PROOF_LIFETIME, asked_at);
        let request_id = &client.request_id;
        let Some(owner) = owner_of(tx, email, asked_at).await? else {
            tracing::info!(request_id, "sign-up requested");
            let code = self.link_key.code(request.id);
            return Ok(messages::sign_up(&of, email, request.language, &code));
        };
        let event = SecurityEvent::SignUpAttempted;
        record(tx, owner.id, event, Origin::anyone(client), asked_at).await?;
        tracing::info!(user_id = %owner.id, request_id, "sign-up with the address of an account");
        Ok(messages::account_exists(&of, &owner))
    }
}

/// Finds the owner of the address: of an account, or the user who can still revert to the address.
/// The latter gets the mail at this address.
pub(crate) async fn owner_of(
    tx: &WriteTx,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    if let Some((holder, _)) = tx.users().lock_by_email(email).await? {
        return Ok(if is_unclaimed(tx, &holder).await? { None } else { Some(holder) });
    }
    let Some(reserver) = tx.email_changes().find_reserver(email, now).await? else {
        return Ok(None);
    };
    let reserver = tx.users().find(reserver).await?;
    Ok(reserver.map(|user| User { email: email.clone(), ..user }))
}
