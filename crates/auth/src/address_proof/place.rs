//! What a sign-up makes of an address where no answer may tell whether it is taken: an
//! account, the account of whoever signed up last, or a word to its owner.

use domain::{EmailAddress, Role, SecurityEvent, Timestamp, User, UserId};
use store::{AddressProof, NewUser, PendingSignUp, StoreError, WriteTx};

use super::{Addressee, BrowserHash, new_proof, retried};
use crate::{
    Accounts, Client, Fault, throttle,
    timeline::{Origin, record},
};

/// An account that somebody would like.
#[derive(Clone, Debug)]
pub(crate) struct NewAccount {
    pub(crate) email: EmailAddress,
    pub(crate) pending: PendingSignUp,
}

impl Accounts {
    /// Makes of a sign-up what can be made of it, and queues one mail whatever that is.
    /// Beyond the limit of the address it makes nothing and queues none; the browser
    /// can ask again later.
    pub(crate) async fn place(
        &self,
        new: &NewAccount,
        browser: BrowserHash,
        client: &Client,
    ) -> Result<(), Fault> {
        retried(|| self.try_place(new, browser, client)).await?;
        self.0.outbox.wake();
        Ok(())
    }

    async fn try_place(
        &self,
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
            self.settle(&tx, new, browser, (client, now)).await?;
        }
        tx.commit().await
    }

    /// The part of [`Self::place`] that is the same wherever the wish comes from.
    pub(super) async fn settle(
        &self,
        tx: &WriteTx,
        new: &NewAccount,
        browser: BrowserHash,
        (client, now): (&Client, Timestamp),
    ) -> Result<(), StoreError> {
        let PendingSignUp { name, password_hash } = &new.pending;
        let user = match owner(tx, &new.email, now).await? {
            None => self.insert_unconfirmed(tx, new, client, now).await?,
            Some((user, hash)) if is_nobodys(tx, &user).await? => {
                let is_same = hash == *password_hash && user.name == *name;
                if is_same && user.language == client.language {
                    return self.queue_proof(tx, Addressee::Unproven(&user), browser, now).await;
                }
                let language = client.language;
                tx.users().take_over(&user, name, language, password_hash, now).await?;
                User { name: name.clone(), language, ..user }
            }
            Some((owner, _)) => {
                tracing::info!(user_id = %owner.id, "sign-up with the address of an account");
                let addressee = Addressee::Owner(&owner, Some(new.pending.clone()));
                return self.queue_proof(tx, addressee, browser, now).await;
            }
        };
        record(tx, user.id, SecurityEvent::SignedUp, Origin::owner(client), now).await?;
        tracing::info!(user_id = %user.id, "signed up");
        self.queue_proof(tx, Addressee::Unproven(&user), browser, now).await
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
            role: Role::User,
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
        })
    }
}

/// Whose the address is: of whoever has it, or can still go back to it. The latter is
/// written to where the address leads.
pub(super) async fn owner(
    tx: &WriteTx,
    email: &EmailAddress,
    now: Timestamp,
) -> Result<Option<(User, String)>, StoreError> {
    if let Some(found) = tx.users().lock_by_email(email).await? {
        return Ok(Some(found));
    }
    let Some(id) = tx.email_changes().find_reserver(email, now).await? else { return Ok(None) };
    let owner = tx.users().find(id).await?;
    Ok(owner.map(|owner| (User { email: email.clone(), ..owner }, String::new())))
}

/// Whether the account is nobody's yet: who was in it has something to lose.
pub(super) async fn is_nobodys(tx: &WriteTx, user: &User) -> Result<bool, StoreError> {
    Ok(user.confirmed_at.is_none()
        && user.disabled_at.is_none()
        && user.role == Role::User
        && !tx.users().has_logged_in(user.id).await?)
}
