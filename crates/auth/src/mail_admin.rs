//! The mails that wait and that were given up, for admins: the list, another try, and a test mail.
//! The caller has checked [`domain::Permission::MANAGE_MAIL`]; the route table asks for it.
//!
//! A mail that was given up has no content any more, because links in it would stay valid. Only a
//! mail that can be made anew is sent again: one with a link to a new password.

use std::time::Duration;

use domain::{AuditNote, Principal};
use store::{ListedMail, MailCursor, MailFilter, MailId, MailPage, MailPlace};

use crate::{
    Client, Fault, Order, OrderError,
    fault::ending_in_fault,
    mail::{LEASE, MailKind, messages},
    services::Administration,
};

/// Mails on one page of a list.
const PAGE_SIZE: u64 = 30;
/// How long a test mail is tried.
const TEST_LIFETIME: Duration = Duration::from_hours(1);

/// Why a mail is not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendAgainError {
    /// There is no such mail.
    #[error("there is no such mail")]
    NoSuchMail,
    /// The mail was sent, is being sent, or cannot be made anew.
    #[error("the mail cannot be sent again")]
    NotRepeatable,
    /// Anything that is no fault of the admin's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(SendAgainError);

impl Administration<'_> {
    /// Up to 30 mails, without what they say.
    pub async fn list_mails(
        self,
        filter: MailFilter,
        after: Option<MailCursor>,
    ) -> Result<MailPage, Fault> {
        Ok(self.0.store.outbox().list(filter, after, PAGE_SIZE).await?)
    }

    /// The number of mails of each filter, up to 1 000 and one more.
    pub async fn count_mails(self) -> Result<[u64; MailFilter::ALL.len()], Fault> {
        Ok(self.0.store.outbox().count_listed().await?)
    }

    /// Sends a waiting mail now, and makes one that was given up anew.
    pub async fn send_mail_again(
        self,
        principal: &Principal,
        mail_id: MailId,
        client: &Client,
    ) -> Result<(), SendAgainError> {
        let found = self.0.store.outbox().find_listed(mail_id).await?;
        let found = found.ok_or(SendAgainError::NoSuchMail)?;
        match (found.mail.place, found.user_id) {
            (MailPlace::Waiting(_), _) => self.send_now(mail_id).await?,
            (MailPlace::Failed(_), Some(user_id)) if is_repeatable(&found) => {
                let order = (&Order::SendReset, &AuditNote::default());
                match self.order_as_admin(principal, user_id, order, client).await {
                    Ok(_) => {}
                    Err(OrderError::Fault(fault)) => return Err(fault.into()),
                    Err(
                        OrderError::NoAccount
                        | OrderError::LastAdmin
                        | OrderError::Unconfirmed
                        | OrderError::Disabled
                        | OrderError::NoFactor
                        | OrderError::OtherAdmin
                        | OrderError::OwnAccount,
                    ) => return Err(SendAgainError::NotRepeatable),
                }
            }
            (MailPlace::Failed(_) | MailPlace::Sent(_), _) => {
                return Err(SendAgainError::NotRepeatable);
            }
        }
        tracing::info!(actor = %principal.user_id, %mail_id, "mail sent again by an admin");
        Ok(())
    }

    async fn send_now(self, mail_id: MailId) -> Result<(), SendAgainError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let is_due = tx.outbox().set_due(mail_id, LEASE, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        if is_due { Ok(()) } else { Err(SendAgainError::NotRepeatable) }
    }

    /// Queues a test mail to the address of the principal.
    pub async fn send_test_mail(self, principal: &Principal) -> Result<(), Fault> {
        let now = self.0.clock.now();
        let user = self.0.store.users().find(principal.user_id).await?;
        let user = user.ok_or(Fault::AccountGone)?;
        let tx = self.0.store.begin().await?;
        let mail = messages::test_mail(&self.0.envelope(TEST_LIFETIME, now), &user);
        tx.outbox().insert(mail, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(actor = %principal.user_id, "test mail queued");
        Ok(())
    }
}

/// Whether a mail that was given up can be made anew.
pub fn is_repeatable(mail: &ListedMail) -> bool {
    let links = [MailKind::PasswordReset, MailKind::TakenBack, MailKind::Invitation];
    mail.user_id.is_some() && links.iter().any(|kind| kind.name() == mail.kind)
}

/// The class of the cause that a mail was not sent. What the mail server said is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTrouble {
    /// The mail server refused it.
    Refused,
    /// The mail server could not be reached, or the connection broke.
    Unreachable,
    /// Its content was of no use any more.
    Expired,
}

impl MailTrouble {
    /// Returns the class of an error of the outbox.
    pub fn of(error: &str) -> Self {
        match error {
            crate::mail::TOO_LATE => Self::Expired,
            error if crate::mail::is_reply(error) => Self::Refused,
            _ => Self::Unreachable,
        }
    }
}
