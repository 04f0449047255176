//! The result of a sign-up where no answer may tell whether the address is taken: a new account,
//! the account of the latest sign-up, or a notice to the owner.

use domain::{EmailAddress, Role, SecurityEvent, Timestamp, User, UserId};
use store::{AddressProof, NewUser, PendingSignUp, SignedUpWith, StoreError, WriteTx};

use super::{Addressee, BrowserHash, new_proof, retried};
use crate::{
    Client, Fault,
    context::Context,
    pace::in_step,
    services::Registration,
    throttle,
    timeline::{Origin, record},
};

/// An account that a visitor asks for.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount {
    pub(crate) email: EmailAddress,
    pub(crate) pending: PendingSignUp,
}

impl Registration<'_> {
    /// Carries a sign-up out as far as the state of its address allows, and queues one mail in
    /// every case. Beyond the limit of the address it changes nothing and queues none; the browser
    /// can ask again later.
    pub(crate) async fn submit_sign_up(
        self,
        new: &NewAccount,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), Fault> {
        in_step(retried(|| self.try_submit_sign_up(new, browser, client))).await?;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_submit_sign_up(
        self,
        new: &NewAccount,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let tx = self.0.store.begin().await?;
        let buckets = [self.0.throttle.proof_of_address(&new.email)];
        if throttle::take(&tx, &buckets, now).await?.is_err() {
            tracing::info!("sign-up without a mail: too many to this address");
            let pending = Some(new.pending.clone());
            let unmailed = AddressProof { pending, ..new_proof(&new.email, browser, now) };
            tx.address_proofs().insert(unmailed).await?;
        } else {
            self.0.apply_sign_up(&tx, new, browser, (client, now)).await?;
        }
        tx.commit().await
    }
}

impl Context {
    /// Applies a sign-up within `tx`, for [`Registration::submit_sign_up`] and for a correction. Runs
    /// the same number of statements in every case, so that time tells nothing (ENU-03).
    pub(super) async fn apply_sign_up(
        &self,
        tx: &WriteTx,
        new: &NewAccount,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<(), StoreError> {
        let PendingSignUp { name, password_hash, signed_up } = &new.pending;
        let origin = Origin::owner(client);
        let user = match holder(tx, &new.email, now).await? {
            Holder::Nobody => self.insert_unconfirmed(tx, new, client, now).await?,
            Holder::Unproven(user) => {
                let language = client.language;
                tx.users().take_over(&user, name, language, password_hash, now).await?;
                User { name: name.clone(), language, ..user }
            }
            Holder::Owner(owner) => {
                tx.users().leave_as_is(&new.email, now).await?;
                let origin = Origin::anyone(client);
                record(tx, owner.id, SecurityEvent::SignUpAttempted, origin, now).await?;
                tracing::info!(user_id = %owner.id, "sign-up with the address of an account");
                let addressee = Addressee::Owner(&owner, Some(new.pending.clone()));
                return self.queue_proof(tx, addressee, browser, now).await;
            }
        };
        record(tx, user.id, SecurityEvent::SignedUp, origin, now).await?;
        tracing::info!(user_id = %user.id, "signed up");
        let pending = match signed_up {
            SignedUpWith::ThisAddress => None,
            SignedUpWith::AnotherAddress => Some(new.pending.clone()),
        };
        self.queue_proof(tx, Addressee::Unproven(&user, pending), browser, now).await
    }

    /// The same as [`Self::apply_sign_up`] for a repeated request. When the address is `found` to have an
    /// owner, it runs no more statements than another mail for an unconfirmed account does.
    pub(super) async fn reapply_sign_up(
        &self,
        tx: &WriteTx,
        new: &NewAccount,
        found: Option<User>,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<(), StoreError> {
        match found.filter(|user| user.confirmed_at.is_some() || user.disabled_at.is_some()) {
            Some(owner) => {
                let addressee = Addressee::Owner(&owner, Some(new.pending.clone()));
                self.queue_proof(tx, addressee, browser, now).await
            }
            None => self.apply_sign_up(tx, new, browser, (client, now)).await,
        }
    }

    /// Adds an account that still has to be confirmed.
    pub(crate) async fn insert_unconfirmed(
        &self,
        tx: &WriteTx,
        new: &NewAccount,
        client: &Client,
        now: Timestamp,
    ) -> Result<User, StoreError> {
        let row = NewUser {
            id: UserId::generate(),
            email: new.email.clone(),
            name: new.pending.name.clone(),
            password_hash: new.pending.password_hash.clone(),
            role: Role::USER,
            language: client.language,
            confirmed_at: None,
        };
        tx.users().insert(&row, now).await?;
        let NewUser { id, email, name, role, language, confirmed_at, .. } = row;
        Ok(User {
            id,
            email,
            name,
            role,
            language,
            created_at: now,
            confirmed_at,
            disabled_at: None,
            delete_after: None,
            device_generation: 0,
        })
    }
}

/// The account that has the address.
pub(super) enum Holder {
    /// It is free.
    Nobody,
    /// An account with an unproven address.
    Unproven(User),
    /// The owner, or the user who can still revert to the address. The latter gets the mail at this
    /// address.
    Owner(User),
}

/// Finds the account that has the address, with three queries whatever the answers are (ENU-03).
pub(super) async fn holder(
    tx: &WriteTx,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Holder, StoreError> {
    let found = tx.users().lock_by_email(email).await?;
    let reserver = tx.email_changes().find_reserver(email, now).await?;
    Ok(match (found, reserver) {
        (Some((user, _)), _) if is_nobodys(tx, &user).await? => Holder::Unproven(user),
        (Some((owner, _)), _) => Holder::Owner(owner),
        (None, Some(id)) => match tx.users().find(id).await? {
            Some(owner) => Holder::Owner(User { email: email.clone(), ..owner }),
            None => Holder::Nobody,
        },
        (None, None) => {
            tx.users().has_logged_in(UserId::generate()).await?;
            Holder::Nobody
        }
    })
}

/// Finds the user who can still revert to the address, with it as the recipient of mails. Always
/// two queries.
pub(super) async fn returning(
    tx: &WriteTx,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<User>, StoreError> {
    let reserver = tx.email_changes().find_reserver(email, now).await?;
    let owner = tx.users().find(reserver.unwrap_or_else(UserId::generate)).await?;
    Ok(owner.map(|owner| User { email: email.clone(), ..owner }))
}

/// Whether the account is unclaimed: unconfirmed and never logged in to.
pub(super) async fn is_nobodys(tx: &WriteTx, user: &User) -> Result<bool, StoreError> {
    let has_logged_in = tx.users().has_logged_in(user.id).await?;
    let is_bare = user.confirmed_at.is_none() && user.disabled_at.is_none();
    Ok(is_bare && user.role == Role::USER && !has_logged_in)
}
