//! Changing the address of an account. The new address takes effect when its recipient follows the
//! link. The old address is notified and, if it was proven, can revert the change ([`undo`]).
//!
//! A link confirms exactly the address that it was mailed to (CVE-2026-32700), for the account that
//! asked, in any browser, and logs no one in. An account with an unproven address gives the address
//! up ([`unconfirmed_holder`]).

mod error;
mod pending;
mod unconfirmed_holder;
mod undo;

use std::time::Duration;

use domain::{
    EmailAddress, Principal, SecurityEvent, Timestamp, Token, TokenPurpose, UserId, random,
};
use store::{AddressProof, ClaimedMail, MailId, NewMail, ProofPurpose, StoreError, WriteTx};

pub use self::error::EmailChangeError;
use self::error::lock;
pub use self::pending::{PendingEmailChange, ResendEmailChangeError};
use self::{
    unconfirmed_holder::may_be_removed,
    undo::{CONFIRM_LIFETIME, UNDO_LIFETIME},
};
use crate::{
    Client, Fault,
    context::Context,
    fault::ending_in_fault,
    mail::{Envelope, email_change as mails},
    mail_requests::Purpose,
    revocation::{RevocationReason, revoke},
    services::OwnAccount,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// Why no mail was queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestEmailChangeError {
    /// It is the account's address.
    #[error("the address is the account's")]
    Unchanged,
    /// Too many changes were asked for.
    #[error("too many changes")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// The session that asks was ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RequestEmailChangeError);

impl OwnAccount<'_> {
    /// Queues the request for a mail with a link to the new address, in place of an earlier one. If
    /// another account has proven the address, its owner is notified instead. The answer, its cost
    /// and the stored rows about the principal are the same in both cases. The session must still
    /// be alive.
    pub async fn request_email_change(
        self,
        principal: &Principal,
        new: &EmailAddress,
        client: &Client,
    ) -> Result<(), RequestEmailChangeError> {
        if *new == principal.email {
            return Err(RequestEmailChangeError::Unchanged);
        }
        let (throttle, now) = (&self.0.throttle, self.0.clock.now());
        let user_id = principal.user_id;
        let tx = self.0.store.begin().await?;
        let bucket = throttle.email_change_of_account(user_id);
        if let Err(Refused { retry_after }) = throttle::take(&tx, &[bucket], now).await? {
            tx.commit().await?;
            tracing::info!("change of address throttled");
            return Err(RequestEmailChangeError::Throttled { retry_after });
        }
        // The link is good without a session: one that has ended meanwhile asks for none.
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(RequestEmailChangeError::SessionEnded)?;
        tx.address_proofs().delete_of_user(user_id, ProofPurpose::EmailChange).await?;
        let event = SecurityEvent::EmailChangeRequested;
        record(&tx, user_id, event, Origin::owner(client), now).await?;
        let of = self.0.envelope(CONFIRM_LIFETIME, now);
        // Many accounts must not fill one mailbox. The answer does not tell.
        let mut mail_id = None;
        if throttle::take(&tx, &[throttle.email_change_of_address(new)], now).await?.is_ok() {
            let asked = (Some(user_id), new, client);
            let purpose = Purpose::EmailChange;
            mail_id = Some(self.0.queue_request(&tx, &purpose, asked, &of, now).await?);
        }
        let token = self.0.link_key.token(of.id);
        tx.address_proofs().insert(new_proof(user_id, new, &token, mail_id, now)).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(%user_id, "change of address requested");
        Ok(())
    }

    /// Returns the address that the token could confirm now. Spends nothing.
    pub async fn check_email_change(self, token: &Token) -> Result<EmailAddress, EmailChangeError> {
        self.find_change(token).await.map(|(_, email)| email)
    }

    /// Gives the account the address that the token was mailed to. Every other session
    /// ends than the visitor's own, reset links are void, and the old address gets a
    /// notice, with a way back if it was proven.
    pub async fn confirm_email_change(
        self,
        token: &Token,
        visitor: Option<&Principal>,
        client: &Client,
    ) -> Result<(), EmailChangeError> {
        let ((user_id, _), now) = (self.find_change(token).await?, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let gone = self.remove_unconfirmed_holder(&tx, user_id, token, now).await?;
        let user = lock(&tx, user_id).await?;
        let spent = tx.address_proofs().spend(&token.hash(TokenPurpose::ProveAddress), now).await?;
        let proof = spent.ok_or(EmailChangeError::InvalidToken)?;
        tx.users().set_email(user.id, &proof.email, now).await?;
        let own = visitor.filter(|visitor| visitor.user_id == user.id);
        revoke(&tx, user.id, RevocationReason::EmailChanged(own.map(|own| own.session_key)))
            .await?;
        let notice = match user.confirmed_at {
            Some(_) => self.keep_way_back(&tx, &user, &proof.email, now).await?,
            // The old address is unproven: its mailbox may belong to a stranger.
            None => mails::email_left(&self.0.envelope(UNDO_LIFETIME, now), &user),
        };
        self.0.queue_notice(&tx, &user, notice, now).await?;
        record(&tx, user.id, SecurityEvent::EmailChanged, Origin::owner(client), now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "address changed");
        if let Some(gone) = gone {
            tracing::info!(user_id = %gone, "an unconfirmed account gave way");
        }
        Ok(())
    }

    async fn find_change(self, token: &Token) -> Result<(UserId, EmailAddress), EmailChangeError> {
        let (hash, now) = (token.hash(TokenPurpose::ProveAddress), self.0.clock.now());
        let found = self.0.store.address_proofs().find(&hash, now).await?;
        let found = found.filter(|proof| proof.purpose == ProofPurpose::EmailChange);
        let AddressProof { user_id, email, .. } = found.ok_or(EmailChangeError::InvalidToken)?;
        Ok((self.find_enabled(user_id).await?, email))
    }

    /// Checks that the user exists and is enabled.
    async fn find_enabled(self, user_id: Option<UserId>) -> Result<UserId, EmailChangeError> {
        let user_id = user_id.ok_or(EmailChangeError::InvalidToken)?;
        let user = self.0.store.users().find(user_id).await?;
        let user = user.filter(|user| user.disabled_at.is_none());
        user.map(|user| user.id).ok_or(EmailChangeError::InvalidToken)
    }
}

impl Context {
    /// The mail to the new address that a user asked for: the link, or a notice to an owner who has
    /// the address by now.
    pub(crate) async fn write_email_change_mail(
        &self,
        tx: &WriteTx,
        request: &ClaimedMail,
    ) -> Result<Option<NewMail>, StoreError> {
        let Some(user_id) = request.user_id else { return Ok(None) };
        let (new, asked_at) = (&request.to, request.created_at);
        let of = Envelope::new(&self.mail_site, request.id, CONFIRM_LIFETIME, asked_at);
        Ok(Some(match tx.users().lock_by_email(new).await? {
            Some((owner, _)) if !may_be_removed(&owner) => mails::email_wanted(&of, &owner),
            Some(_) | None => mails::confirm_email(&of, user_id, new, request.language),
        }))
    }
}

/// The proof of the new address, for every recipient alike. Only its link proves the address.
fn new_proof(
    user_id: UserId,
    new: &EmailAddress,
    token: &Token,
    mail_id: Option<MailId>,
    now: Timestamp,
) -> AddressProof {
    AddressProof {
        token_hash: token.hash(TokenPurpose::ProveAddress),
        browser_hash: random::bytes(),
        code_mac: random::bytes(),
        tries_left: 0,
        user_id: Some(user_id),
        purpose: ProofPurpose::EmailChange,
        email: new.clone(),
        mail_id,
        used_at: None,
        created_at: now,
        expires_at: now + CONFIRM_LIFETIME,
    }
}
