//! Mails that are asked for, and written later.
//!
//! A request is a row of the outbox without content. It names what is wanted and an address, and
//! inserting it reads nothing, so that it costs the same whether the address has an account or not.

use std::fmt;

use domain::{EmailAddress, Language, Timestamp, UserId};
use sea_orm::{ActiveValue::NotSet, ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::mail::{ActiveModel, Column, Entity},
    outbox::{MailId, MailPriority, NewMail, Outbox, due_row},
};

/// The values of a new request. `Debug` hides them.
#[derive(Clone)]
pub struct MailRequest {
    /// The id of the mail to be.
    pub id: MailId,
    /// The user who asks, if one is logged in. The request is deleted with the account.
    pub user_id: Option<UserId>,
    /// The kind, for the log.
    pub kind: &'static str,
    /// The recipient.
    pub to: EmailAddress,
    /// The language of the person who asks.
    pub language: Language,
    /// What is asked for, for the code that writes the mail.
    pub request: String,
    /// The time after which the mail is useless and is not written.
    pub expires_at: Timestamp,
}

impl fmt::Debug for MailRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailRequest(…)")
    }
}

impl Outbox<'_, WriteTx> {
    /// Queues a request that is due at once.
    pub async fn insert_request(
        &self,
        new: MailRequest,
        now: Timestamp,
    ) -> Result<MailId, StoreError> {
        let MailRequest { id, user_id, kind, to, language, request, expires_at } = new;
        let mail = NewMail {
            id,
            user_id,
            kind,
            priority: MailPriority::Unproven,
            to,
            to_name: None,
            language,
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            expires_at,
        };
        let row = due_row(mail, MailPriority::REQUEST, Some(request), now);
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        Ok(id)
    }

    /// Turns the request with the id of `mail` into that mail, which is due at once. Returns `false`
    /// if the request is gone or was answered already.
    pub async fn write(&self, mail: NewMail, now: Timestamp) -> Result<bool, StoreError> {
        let (id, rank) = (mail.id, mail.priority.rank());
        let row = ActiveModel { created_at: NotSet, ..due_row(mail, rank, None, now) };
        let update = Entity::update_many().set(row).filter(is_request(id));
        let updated = update.exec(self.0.connection()).await?;
        Ok(updated.rows_affected > 0)
    }

    /// Deletes a request that leads to no mail. Returns `false` as [`write`](Self::write) does.
    pub async fn withdraw(&self, id: MailId) -> Result<bool, StoreError> {
        let request = Entity::delete_many().filter(is_request(id));
        Ok(request.exec(self.0.connection()).await?.rows_affected > 0)
    }
}

fn is_request(id: MailId) -> Condition {
    Condition::all().add(Column::Id.eq(id.0)).add(Column::Request.is_not_null())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sea_orm::ConnectionTrait;

    use super::*;
    use crate::{
        ClaimedMail, Store,
        testing::{NOW, migrate_down_below, stores},
    };

    const LEASE: Duration = Duration::from_mins(1);
    const REQUESTS: &str = "m20261129_000061_request_mails";

    fn address(text: &str) -> EmailAddress {
        EmailAddress::parse(text).unwrap()
    }

    async fn ask(store: &Store) -> MailId {
        let request = MailRequest {
            id: MailId::generate(),
            user_id: None,
            kind: "password_reset",
            to: address("mia@example.org"),
            language: Language::German,
            request: "a link".to_owned(),
            expires_at: NOW + LEASE * 60,
        };
        let tx = store.begin().await.unwrap();
        let id = tx.outbox().insert_request(request, NOW).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    fn mail(id: MailId) -> NewMail {
        NewMail {
            id,
            user_id: None,
            kind: "no_account",
            priority: MailPriority::Owner,
            to: address("mia@example.org"),
            to_name: None,
            language: Language::English,
            subject: "Hello".to_owned(),
            text: "text".to_owned(),
            html: "html".to_owned(),
            expires_at: NOW + LEASE,
        }
    }

    async fn write(store: &Store, mail: NewMail) -> bool {
        let tx = store.begin().await.unwrap();
        let is_written = tx.outbox().write(mail, NOW).await.unwrap();
        tx.commit().await.unwrap();
        is_written
    }

    async fn claim(store: &Store, now: Timestamp) -> Vec<ClaimedMail> {
        let tx = store.begin().await.unwrap();
        let mails = tx.outbox().claim(10, LEASE, now).await.unwrap();
        tx.commit().await.unwrap();
        mails
    }

    #[tokio::test]
    async fn a_request_becomes_a_mail_once_and_its_tries_begin_then() {
        for test in stores().await {
            let id = ask(&test.store).await;
            let request = claim(&test.store, NOW).await.remove(0);
            assert_eq!((request.id, request.request.as_deref()), (id, Some("a link")));

            assert!(write(&test.store, mail(id)).await);
            assert!(!write(&test.store, NewMail { text: "other".to_owned(), ..mail(id) }).await);

            let written = claim(&test.store, NOW).await.remove(0);
            assert_eq!((written.text.as_str(), written.kind.as_str()), ("text", "no_account"));
            assert_eq!((written.id, written.request, written.attempts), (id, None, 0));
        }
    }

    #[tokio::test]
    async fn a_request_is_withdrawn_and_a_mail_is_not() {
        for test in stores().await {
            let [kept, gone] = [ask(&test.store).await, ask(&test.store).await];
            assert!(write(&test.store, mail(kept)).await);
            let tx = test.store.begin().await.unwrap();
            assert!(!tx.outbox().withdraw(kept).await.unwrap());
            assert!(tx.outbox().withdraw(gone).await.unwrap());
            tx.commit().await.unwrap();

            let left: Vec<_> = claim(&test.store, NOW).await.iter().map(|mail| mail.id).collect();
            assert_eq!(left, [kept]);
        }
    }

    /// MIG-01: a mail that the release before queued is sent, and going back leaves it no mail
    /// whose link it could not put in.
    #[tokio::test]
    async fn mails_of_the_release_before_are_claimed_and_it_is_left_none_that_it_cannot_send() {
        for test in stores().await {
            let store = &test.store;
            let old = ask(store).await;
            assert!(write(store, mail(old)).await);
            let before = "UPDATE outbox SET priority = 0";
            store.connection().execute_unprepared(before).await.unwrap();
            let [new, request] = [ask(store).await, ask(store).await];
            assert!(write(store, mail(new)).await);
            let mut claimed: Vec<_> =
                claim(store, NOW).await.into_iter().map(|mail| mail.id).collect();
            assert_eq!((claimed.remove(0), claimed), (request, vec![old, new]));

            migrate_down_below(store, REQUESTS).await;
            store.migrate_up().await.unwrap();

            let left: Vec<_> = claim(store, NOW + LEASE).await.iter().map(|mail| mail.id).collect();
            assert_eq!(left, [old]);
        }
    }
}
