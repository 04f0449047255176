//! What a product does together with the accounts: its own events in the timeline, and its own mails.

use std::time::Duration;

use domain::{Principal, SecurityEvent, Timestamp, User};
use store::{StoreError, WriteTx};

use crate::{
    Accounts, Client,
    mail::{ProductMail, product_mail},
    timeline::{Origin, record},
};

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
        let mail = product_mail(&self.0.envelope(lifetime, now), user, mail);
        tx.outbox().insert(mail, now).await.map(drop)
    }

    /// Tells the worker that there is a mail to send.
    pub fn wake_outbox(&self) {
        self.0.outbox.wake();
    }
}
