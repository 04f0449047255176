//! Accepting an invitation: by the link of its mail, in any browser. Looking at the link spends
//! nothing, because mail scanners follow links.

use domain::{EmailAddress, Role, SecurityEvent, Timestamp, Token, User};
use store::{Constraint, Invitation, StoreError, WriteTx};

use super::{PURPOSE, is_authorized};
use crate::{
    Client, Fault,
    password::PasswordHash,
    services::Registration,
    session_start::{LoggedIn, SessionStart},
    sign_up::{CompleteSignUp, CompleteSignUpError, ProvenAccount, SignUpLink, SignUpLinkError},
    timeline::{Origin, record},
    ways_in::WayIn,
};

impl Registration<'_> {
    /// Returns the effect that the link of an invitation would have. Spends nothing. Never returns
    /// [`SignUpLinkError::Closed`].
    pub async fn check_invitation(self, token: &Token) -> Result<SignUpLink, SignUpLinkError> {
        let (hash, now) = (token.hash(PURPOSE), self.0.clock.now());
        let store = &self.0.store;
        let found = store.invitations().find_by_token(&hash, now).await?;
        let found = found.ok_or(SignUpLinkError::InvalidToken)?;
        let user = self.0.find_user(&found.email).await?;
        let user = user.filter(|user| user.confirmed_at.is_some());
        match (found.accepted_at.is_some(), user) {
            (true, Some(user)) if user.disabled_at.is_some() => Err(SignUpLinkError::InvalidToken),
            (_, Some(user)) => Ok(SignUpLink::HasAccount(user.email)),
            (true, None) => Err(SignUpLinkError::InvalidToken),
            (false, None) => {
                let inviter = match found.invited_by {
                    Some(id) => store.users().find(id).await?,
                    None => None,
                };
                if !is_authorized(&found, inviter.as_ref(), &self.0.settings) {
                    return Err(SignUpLinkError::InvalidToken);
                }
                Ok(SignUpLink::Valid(found.email))
            }
        }
    }

    /// Makes the account, with its address confirmed and its role, spends the link and logs in.
    pub async fn accept_invitation(
        self,
        new: CompleteSignUp,
        client: &Client,
    ) -> Result<LoggedIn, CompleteSignUpError> {
        let email = match self.check_invitation(&new.token).await? {
            SignUpLink::Valid(email) => email,
            SignUpLink::HasAccount(email) => return Err(CompleteSignUpError::HasAccount(email)),
        };
        let hash = self.0.hash_first_password(&new.password, (&email, &new.name)).await?;
        let hash = hash.map_err(CompleteSignUpError::Password)?;
        let made = self.make_invited_account(&new, (&email, hash), client).await;
        let made = made.map_err(|error| match error {
            StoreError::Conflict(Constraint::UserEmail) => CompleteSignUpError::HasAccount(email),
            other => Fault::from(other).into(),
        })?;
        Ok(made.ok_or(SignUpLinkError::InvalidToken)?)
    }

    /// The account and its first session in one transaction: of many uses of a link at once one
    /// succeeds. `None` if it was spent or withdrawn, or if its inviter does not answer for it any
    /// more.
    async fn make_invited_account(
        self,
        CompleteSignUp { token, name, .. }: &CompleteSignUp,
        (email, hash): (&EmailAddress, PasswordHash),
        client: &Client,
    ) -> Result<Option<LoggedIn>, StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let holder = tx.users().lock_by_email(email).await?.map(|(user, _)| user);
        let Some(invitation) = tx.invitations().accept(&token.hash(PURPOSE), now).await? else {
            return Ok(None);
        };
        let inviter = match invitation.invited_by {
            Some(id) => tx.users().find(id).await?,
            None => None,
        };
        if !is_authorized(&invitation, inviter.as_ref(), &self.0.settings) {
            return Ok(None);
        }
        let role = invitation.role.clone();
        let account = ProvenAccount { holder, email, name, password: &hash, role };
        let user = self.0.insert_proven(&tx, account, client, now).await?;
        record_invitation(&tx, &user, &invitation, now).await?;
        tx.invitations().assign(invitation.id, user.id).await?;
        let start = SessionStart { way: WayIn::SignUp, remember: false, device: None };
        let begun = self.0.begin_session_in(&tx, user, start, client).await?;
        tx.commit().await?;
        tracing::info!(invitation = %invitation.id, "invitation accepted");
        Ok(begun.map(|(logged_in, _)| logged_in))
    }
}

/// Who invited, with which role and why, in the timeline of the new account.
async fn record_invitation(
    tx: &WriteTx,
    user: &User,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<(), StoreError> {
    let origin = Origin::inviter(invitation.invited_by, invitation.note.as_deref());
    let with_role = origin.with_role(&invitation.role);
    record(tx, user.id, SecurityEvent::Invited, with_role, now).await?;
    if invitation.role != Role::USER {
        let event = SecurityEvent::of_new_role(&Role::USER, &invitation.role);
        let origin = if event == SecurityEvent::RoleChanged { with_role } else { origin };
        record(tx, user.id, event, origin, now).await?;
    }
    Ok(())
}
