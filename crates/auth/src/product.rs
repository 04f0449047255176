//! What a product does together with the accounts: its own rows in the export and in the deletion,
//! its own events in the timeline, and its own mails.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use domain::{Principal, SecurityEvent, Timestamp, User, UserId};
use store::{Store, StoreError, WriteTx};

use crate::{
    Accounts, Client,
    mail::{ProductMail, product_mail},
    timeline::{Origin, record},
};

/// The personal data of a product.
///
/// A table with a foreign key to `users` has `ON DELETE CASCADE`: unconfirmed accounts are deleted
/// in bulk, without a call of [`PersonalData::erase`].
#[async_trait]
pub trait PersonalData: fmt::Debug + Send + Sync {
    /// Everything that the product holds about the user, for the section `product` of the export,
    /// without secrets.
    async fn export(&self, store: &Store, user_id: UserId)
    -> Result<serde_json::Value, StoreError>;

    /// Removes what the foreign keys do not, in the transaction that deletes the account. Does
    /// nothing by default.
    async fn erase(&self, _tx: &WriteTx, _user_id: UserId) -> Result<(), StoreError> {
        Ok(())
    }
}

impl Accounts {
    /// Adds an event of the product to the timeline of the principal, once `tx` commits. `name`
    /// has a dot, as in `notes.published`, and a text in the product's `EventLabel`s.
    pub async fn record_product_event(
        &self,
        tx: &WriteTx,
        principal: &Principal,
        name: &'static str,
        client: &Client,
    ) -> Result<(), StoreError> {
        let (event, now) = (SecurityEvent::of_product(name), self.0.clock.now());
        record(tx, principal.user_id, event, Origin::owner(client), now).await
    }

    /// Queues a mail of the product to `user`, once `tx` commits; it is given up after `lifetime`.
    /// Call [`Accounts::wake_outbox`] after the commit.
    pub async fn queue_product_mail(
        &self,
        tx: &WriteTx,
        user: &User,
        mail: ProductMail,
        lifetime: Duration,
    ) -> Result<(), StoreError> {
        let now: Timestamp = self.0.clock.now();
        let mail = product_mail(&self.0.mail_site, user, mail, now + lifetime);
        tx.outbox().insert(mail, now).await.map(drop)
    }

    /// Tells the worker that there is a mail to send.
    pub fn wake_outbox(&self) {
        self.0.outbox.wake();
    }
}
