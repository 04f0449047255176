//! The account of a person who has proven the address, by a sign-up or by an invitation: the name
//! and the password that the person chose, and a role.

use domain::{DisplayName, EmailAddress, Password, Role, SecurityEvent, Timestamp, User, UserId};
use store::{Constraint, NewUser, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    password::{PasswordHash, PasswordProblem},
    timeline::{Origin, record},
};

/// The account to be made. In the same transaction the caller has locked the account that has the
/// address, by [`store::Users::lock_by_email`], and has spent the proof of the address after that.
/// In another order two transactions could wait for each other.
pub(crate) struct ProvenAccount<'a> {
    /// The account that was locked.
    pub(crate) holder: Option<User>,
    pub(crate) email: &'a EmailAddress,
    pub(crate) name: &'a DisplayName,
    pub(crate) password: &'a PasswordHash,
    pub(crate) role: Role,
}

impl Context {
    /// Judges the password of a new account and hashes it.
    pub(crate) async fn hash_first_password(
        &self,
        password: &Password,
        owner: (&EmailAddress, &DisplayName),
    ) -> Result<Result<PasswordHash, PasswordProblem>, Fault> {
        if let Err(problem) = self.judge.judge(password, Some(owner)).await? {
            return Ok(Err(problem));
        }
        Ok(Ok(self.hasher.hash(password).await?))
    }

    /// Makes the account, with a confirmed address, in place of one that was never confirmed and
    /// never logged in to. Fails with [`Constraint::UserEmail`] if the address has another account,
    /// or if another user can still revert to it.
    pub(crate) async fn insert_proven(
        &self,
        tx: &WriteTx,
        account: ProvenAccount<'_>,
        client: &Client,
        now: Timestamp,
    ) -> Result<User, StoreError> {
        let ProvenAccount { holder, email, name, password, role } = account;
        if let Some(holder) = holder {
            if !is_unclaimed(tx, &holder).await? {
                return Err(StoreError::Conflict(Constraint::UserEmail));
            }
            tx.users().delete_unconfirmed(holder.id).await?;
            tracing::info!(user_id = %holder.id, "an unconfirmed account gave way");
        }
        let new = NewUser {
            id: UserId::generate(),
            email: email.clone(),
            name: name.clone(),
            password_hash: password.as_str().to_owned(),
            role,
            language: client.language,
            confirmed_at: Some(now),
        };
        tx.users().insert(&new, now).await?;
        for event in [SecurityEvent::SignedUp, SecurityEvent::AddressConfirmed] {
            record(tx, new.id, event, Origin::owner(client), now).await?;
        }
        tracing::info!(user_id = %new.id, "signed up");
        Ok(new.user(now))
    }
}

/// Whether anyone may have typed the address of the account: it is unconfirmed and was never logged
/// in to.
pub(super) async fn is_unclaimed(tx: &WriteTx, user: &User) -> Result<bool, StoreError> {
    let has_logged_in = tx.users().has_logged_in(user.id).await?;
    let is_bare = user.confirmed_at.is_none() && user.disabled_at.is_none();
    Ok(is_bare && user.role == Role::USER && !has_logged_in)
}
