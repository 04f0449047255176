//! Mails that are asked for by address.
//!
//! A visitor can name any address, and must not learn whether it has an account: neither from the
//! answer nor from the time that it takes (ENU-02, ENU-04). So the answer does not depend on it. The
//! use case queues a [`Purpose`], and the worker of the outbox finds the owner of the address and
//! writes the mail.

use std::net::IpAddr;

use domain::{EmailAddress, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{ClaimedMail, MailId, MailRequest, StoreError, WriteTx};

use crate::{Client, context::Context, mail::Envelope};

/// What a mail is asked for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "purpose", rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// A new password.
    PasswordReset(Visitor),
    /// A new account.
    SignUp(Visitor),
    /// Another address for the account of this user.
    EmailChange,
}

/// The visitor who asks, for the timeline of the account that has the address.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Visitor {
    address: IpAddr,
    user_agent: String,
    request_id: String,
}

impl Visitor {
    pub(crate) fn of(client: &Client) -> Self {
        Self {
            address: client.address,
            user_agent: client.user_agent.clone(),
            request_id: client.request_id.clone(),
        }
    }

    fn client(&self) -> Client {
        Client::new(self.address, &self.user_agent).in_request(&self.request_id)
    }
}

impl Purpose {
    const fn kind(&self) -> &'static str {
        match self {
            Self::PasswordReset(_) => "password_reset",
            Self::SignUp(_) => "finish_sign_up",
            Self::EmailChange => "email_change",
        }
    }
}

impl Context {
    /// Queues a request by `client`, or by the user who is logged in there. The mail has the id
    /// and the life of the envelope.
    pub(crate) async fn queue_request(
        &self,
        tx: &WriteTx,
        purpose: &Purpose,
        (user_id, to, client): (Option<UserId>, &EmailAddress, &Client),
        of: &Envelope<'_>,
        now: Timestamp,
    ) -> Result<MailId, StoreError> {
        let request = MailRequest {
            id: of.id,
            user_id,
            kind: purpose.kind(),
            to: to.clone(),
            language: client.language,
            request: serde_json::to_string(purpose).unwrap_or_default(),
            expires_at: of.expires_at,
        };
        tx.outbox().insert_request(request, now).await
    }

    /// Writes the mail of a request, or withdraws the request if none is to be sent. One
    /// transaction with everything that the link of the mail needs. A purpose of a newer release is
    /// left to the servers that know it.
    pub(crate) async fn write_mail(&self, request: &ClaimedMail) -> Result<(), StoreError> {
        let purpose = request.request.as_deref().map(serde_json::from_str);
        let Some(Ok(purpose)) = purpose else { return Ok(()) };
        let now = self.clock.now();
        let tx = self.store.begin().await?;
        let mail = match purpose {
            Purpose::PasswordReset(visitor) => {
                self.write_reset_mail(&tx, request, &visitor.client(), now).await?
            }
            Purpose::SignUp(visitor) => {
                Some(self.write_sign_up_mail(&tx, request, &visitor.client()).await?)
            }
            Purpose::EmailChange => self.write_email_change_mail(&tx, request).await?,
        };
        let outbox = tx.outbox();
        let is_first = match mail {
            Some(mail) => outbox.write(mail, now).await?,
            None => outbox.withdraw(request.id).await?,
        };
        // If another server was quicker, nothing of this is committed.
        if is_first { tx.commit().await } else { Ok(()) }
    }
}
