//! Taking a change of address back by the link in the mail to the old one, for a week.
//!
//! The first person to prove an address decides: a later owner of the account keeps no address,
//! password or session of it (EML-02).

use std::time::Duration;

use domain::{EmailAddress, SecurityEvent, Timestamp, Token, TokenPurpose, User, UserId};
use store::{EmailChange, NewMail, StoreError, WriteTx};

use super::error::{EmailChangeError, lock};
use crate::{
    Client,
    context::Context,
    deletion::keep,
    mail::{email_change as mails, messages},
    password::PasswordHash,
    password_reset::replace_password,
    services::OwnAccount,
    timeline::{Origin, record},
};

/// How long a new address can be confirmed.
pub(super) const CONFIRM_LIFETIME: Duration = Duration::from_hours(24);
/// How long a change can be undone.
pub(super) const UNDO_LIFETIME: Duration = Duration::from_hours(7 * 24);

impl OwnAccount<'_> {
    /// The notice to the old address, with the link that takes the change back.
    pub(super) async fn keep_way_back(
        self,
        tx: &WriteTx,
        user: &User,
        new: &EmailAddress,
        now: Timestamp,
    ) -> Result<NewMail, StoreError> {
        let of = self.0.envelope(UNDO_LIFETIME, now);
        let change = EmailChange {
            undo_hash: self.0.link_key.token(of.id).hash(TokenPurpose::UndoEmailChange),
            user_id: user.id,
            old_email: user.email.clone(),
            new_email: new.clone(),
            created_at: now,
            expires_at: of.expires_at,
        };
        tx.email_changes().insert(change).await?;
        Ok(mails::email_changed(&of, user))
    }

    /// Returns the address that the token could give back now. Spends nothing.
    pub async fn check_email_undo(self, token: &Token) -> Result<EmailAddress, EmailChangeError> {
        self.find_undo(token).await.map(|(_, email)| email)
    }

    /// Reverts the account to its old address. Every session ends, every token is void, the
    /// password is unusable, a pending deletion is cancelled, and a link to set a new password is
    /// mailed to the old address. Returns the account's id.
    pub async fn undo_email_change(
        self,
        token: &Token,
        client: &Client,
    ) -> Result<UserId, EmailChangeError> {
        let ((user_id, _), now) = (self.find_undo(token).await?, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let user = lock(&tx, user_id).await?;
        let undo_hash = token.hash(TokenPurpose::UndoEmailChange);
        let change = tx.email_changes().find(&undo_hash, now).await?;
        let change = change.ok_or(EmailChangeError::InvalidToken)?;
        let origin = Origin::owner(client);
        let user = self.0.revert(&tx, user, &change, origin, now).await?;
        replace_password(&tx, user.id, &PasswordHash::unusable()).await?;
        // The change was asked for in a session at most so long before it was confirmed.
        let window = CONFIRM_LIFETIME + self.0.settings.session.sudo_lifetime;
        let since = self.0.prepared_since(&tx, user.id, (change.created_at, window)).await?;
        self.0.remove_factors_since(&tx, &user, (since, origin), now).await?;
        let of = self.0.envelope(self.0.settings.accounts.reset_lifetime, now);
        self.0.insert_reset_token(&tx, user.id, &of, now).await?;
        tx.outbox().insert(messages::password_reset(&of, &user), now).await?;
        keep(&tx, user.id, origin, now).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, "change of address undone");
        Ok(user.id)
    }

    async fn find_undo(self, token: &Token) -> Result<(UserId, EmailAddress), EmailChangeError> {
        let (hash, now) = (token.hash(TokenPurpose::UndoEmailChange), self.0.clock.now());
        let found = self.0.store.email_changes().find(&hash, now).await?;
        let EmailChange { user_id, old_email, .. } = found.ok_or(EmailChangeError::InvalidToken)?;
        Ok((self.find_enabled(Some(user_id)).await?, old_email))
    }
}

impl Context {
    /// Gives the locked user the old address back, and spends this change and every later one. The
    /// address that the account loses gets a notice.
    pub(crate) async fn revert(
        &self,
        tx: &WriteTx,
        user: User,
        change: &EmailChange,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<User, StoreError> {
        tx.email_changes().spend(&change.undo_hash, now).await?;
        let lost = mails::email_undone(&self.envelope(UNDO_LIFETIME, now), &user);
        tx.outbox().insert(lost, now).await?;
        tx.users().set_email(user.id, &change.old_email, now).await?;
        record(tx, user.id, SecurityEvent::EmailChangeUndone, origin, now).await?;
        Ok(User { email: change.old_email.clone(), ..user })
    }
}
