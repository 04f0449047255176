//! Inviting, sending again and withdrawing: the same for a page and for a command.

use domain::{EmailAddress, Language, SecurityEvent, Timestamp};
use store::{Constraint, Invitation, InvitationId, NewInvitationLink, StoreError, WriteTx};

use super::{
    INVITATION_LIFETIME, Invite, InviteError, Invited, Inviter, PURPOSE, ResendInvitationError,
    RevokeInvitationError,
};
use crate::{
    Fault, RESEND_PAUSE,
    context::Context,
    mail::{Envelope, invitation as mails},
    services::Administration,
    sign_up::owner_of,
    throttle::{self, Refused},
};

impl Administration<'_> {
    /// Invites the address, or tells the owner of its account to log in. The account keeps its role.
    pub async fn invite(
        self,
        inviter: Inviter<'_>,
        invite: &Invite,
    ) -> Result<Invited, InviteError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        if let Err(Refused { retry_after }) =
            self.0.take_invitation(&tx, inviter, invite, now).await?
        {
            tx.commit().await?;
            tracing::info!("invitation throttled");
            return Err(InviteError::Throttled { retry_after });
        }
        let owner = owner_of(&tx, &invite.email, now).await?;
        inviter.record(&tx, SecurityEvent::UserInvited, &invite.role, now).await?;
        let of = self.0.envelope(INVITATION_LIFETIME, now);
        if let Some(owner) = owner {
            if owner.disabled_at.is_none() {
                tx.outbox().insert(mails::has_account(&of, &owner), now).await?;
            }
            tx.commit().await?;
            self.0.outbox.wake();
            inviter.log("an account was invited", None);
            return Ok(Invited::HasAccount(owner.id));
        }
        let new = self.0.new_invitation(inviter, invite, &of, now);
        let (id, language) = (new.id, new.language);
        tx.outbox().insert(mails::invitation(&of, &invite.email, language), now).await?;
        tx.invitations().insert(new).await.map_err(|error| match error {
            StoreError::Conflict(Constraint::InvitedEmail) => InviteError::AlreadyInvited,
            other => other.into(),
        })?;
        tx.commit().await?;
        self.0.outbox.wake();
        inviter.log("invited", Some(id));
        Ok(Invited::Mailed)
    }

    /// Returns the open invitation of the address, expired or not.
    pub async fn find_invitation(
        self,
        email: &EmailAddress,
    ) -> Result<Option<InvitationId>, Fault> {
        let found = self.0.store.invitations().find_by_email(email).await?;
        Ok(found.map(|invitation| invitation.id))
    }

    /// Mails another link, which is valid for seven days from now on, and revokes the previous one.
    /// `inviter` becomes the inviter.
    pub async fn resend_invitation(
        self,
        inviter: Inviter<'_>,
        id: InvitationId,
    ) -> Result<(), ResendInvitationError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let found = tx.invitations().find(id).await?.filter(|it| it.accepted_at.is_none());
        let found = found.ok_or(ResendInvitationError::NoSuchInvitation)?;
        let age = now - found.sent_at;
        if let Some(retry_after) = RESEND_PAUSE.checked_sub(age).filter(|rest| !rest.is_zero()) {
            return Err(ResendInvitationError::TooSoon { retry_after });
        }
        if self.0.settings.roles.find(found.role.as_str()).is_err() {
            return Err(ResendInvitationError::UnknownRole);
        }
        let invite = Invite { email: found.email, role: found.role };
        let taken = self.0.take_invitation(&tx, inviter, &invite, now).await?;
        if let Err(Refused { retry_after }) = taken {
            tx.commit().await?;
            return Err(ResendInvitationError::TooSoon { retry_after });
        }
        if owner_of(&tx, &invite.email, now).await?.is_some() {
            return Err(ResendInvitationError::HasAccount);
        }
        // The event before the row: a deletion of the inviter locks them in this order.
        inviter.record(&tx, SecurityEvent::UserInvited, &invite.role, now).await?;
        let of = self.0.envelope(INVITATION_LIFETIME, now);
        let mail = mails::invitation(&of, &invite.email, found.language);
        tx.outbox().insert(mail, now).await?;
        let former = tx.invitations().renew(id, &self.0.link_of(inviter, &of, now)).await?;
        let former = former.ok_or(ResendInvitationError::NoSuchInvitation)?;
        tx.outbox().delete_waiting(former).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        inviter.log("invitation sent again", Some(id));
        Ok(())
    }

    /// Withdraws the invitation: its link opens nothing any more, and a mail that waits is not sent.
    pub async fn revoke_invitation(
        self,
        inviter: Inviter<'_>,
        id: InvitationId,
    ) -> Result<(), RevokeInvitationError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let found = tx.invitations().find(id).await?;
        let found = found.ok_or(RevokeInvitationError::NoSuchInvitation)?;
        inviter.record(&tx, SecurityEvent::InvitationRevoked, &found.role, now).await?;
        let gone = tx.invitations().delete_open(id).await?;
        let gone = gone.ok_or(RevokeInvitationError::NoSuchInvitation)?;
        tx.outbox().delete_waiting(gone.mail_id).await?;
        tx.commit().await?;
        inviter.log("invitation withdrawn", Some(id));
        Ok(())
    }
}

impl Context {
    /// Counts a mail of an invitation against the limits of the admin and of the address.
    async fn take_invitation(
        &self,
        tx: &WriteTx,
        inviter: Inviter<'_>,
        invite: &Invite,
        now: Timestamp,
    ) -> Result<Result<(), Refused>, StoreError> {
        let of_account = inviter.user_id().and_then(|id| self.throttle.invitation_of_account(id));
        let of_address = self.throttle.invitation_of_address(&invite.email);
        throttle::take(tx, &[of_account, of_address], now).await
    }

    fn new_invitation(
        &self,
        inviter: Inviter<'_>,
        invite: &Invite,
        of: &Envelope<'_>,
        now: Timestamp,
    ) -> Invitation {
        let (language, note) = match inviter {
            Inviter::Admin(_, client, note) => (client.language, note.as_text()),
            Inviter::Operator => (Language::default(), None),
        };
        let link = self.link_of(inviter, of, now);
        Invitation {
            id: InvitationId::generate(),
            token_hash: link.token_hash,
            email: invite.email.clone(),
            role: invite.role.clone(),
            language,
            invited_by: link.invited_by,
            note: note.map(str::to_owned),
            mail_id: link.mail_id,
            created_at: now,
            sent_at: now,
            expires_at: link.expires_at,
            accepted_at: None,
            user_id: None,
        }
    }

    fn link_of(
        &self,
        inviter: Inviter<'_>,
        of: &Envelope<'_>,
        now: Timestamp,
    ) -> NewInvitationLink {
        NewInvitationLink {
            token_hash: self.link_key.token(of.id).hash(PURPOSE),
            invited_by: inviter.user_id(),
            mail_id: of.id,
            sent_at: now,
            expires_at: of.expires_at,
        }
    }
}
