//! Proofs of addresses, by a mailed link or a mailed code.
//!
//! A proof is found by its link (the hash of a token) or by the browser that requested it. One
//! without a user is of a sign-up that has made no account yet. A used proof confirms nothing any
//! more; it stays until it expires, so that its link and its browser can be told that it was used.

use domain::{EmailAddress, Timestamp, TokenHash, UserId, random};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    UpdateMany,
    entity::prelude::Uuid,
    sea_query::{Expr, Query, ReturningClause},
};

use crate::{
    MailId, StoreError,
    database::{Reads, WriteTx},
    entities::address_proof::{ActiveModel, Column, Entity, Model},
    users::{email, uuid},
};

/// The repository of proofs, which reads through `C`.
#[derive(Debug)]
pub struct AddressProofs<'a, C>(pub(crate) &'a C);

/// The purpose of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProofPurpose {
    /// Confirming the address of a sign-up.
    SignUp,
    /// Confirming the new address of an account.
    EmailChange,
}

/// A proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressProof {
    /// The hash of the token in the link.
    pub token_hash: TokenHash,
    /// The hash of the cookie of the browser that requested the proof.
    pub browser_hash: [u8; 32],
    /// The account that gets the address, or `None` for a sign-up without an account.
    pub user_id: Option<UserId>,
    /// The purpose.
    pub purpose: ProofPurpose,
    /// The address that the mail was sent to, which is the one that is confirmed
    /// (CVE-2026-32700).
    pub email: EmailAddress,
    /// The MAC of the code in the mail.
    pub code_mac: [u8; 32],
    /// The number of tries that are left for the code.
    pub tries_left: u32,
    /// The mail, if one was sent.
    pub mail_id: Option<MailId>,
    /// The time of the request.
    pub created_at: Timestamp,
    /// The time from which the proof is invalid.
    pub expires_at: Timestamp,
    /// The time at which the address was confirmed.
    pub used_at: Option<Timestamp>,
}

impl ProofPurpose {
    /// All purposes.
    pub const ALL: [Self; 2] = [Self::SignUp, Self::EmailChange];

    const fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::EmailChange => "email_change",
        }
    }
}

impl<C: Reads> AddressProofs<'_, C> {
    /// Returns the proof with this link, if it is valid. Does not spend it.
    pub async fn find(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let found = self.find_even_used(token_hash, now).await?;
        Ok(found.filter(|proof| proof.used_at.is_none()))
    }

    /// Returns the proof with this link, if it has not expired, used or not.
    pub async fn find_even_used(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        self.find_current(Column::TokenHash.eq(token_hash.as_bytes().to_vec()).into(), now).await
    }

    /// Returns the latest proof that this browser requested, if it has not expired, used or not.
    pub async fn find_of_browser(
        &self,
        browser_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        self.find_current(Column::BrowserHash.eq(browser_hash.to_vec()).into(), now).await
    }

    /// Returns the proof of the user for this purpose, if it is valid.
    pub async fn find_of_user(
        &self,
        user_id: UserId,
        purpose: ProofPurpose,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let found = self.find_current(of_user(user_id, purpose), now).await?;
        Ok(found.filter(|proof| proof.used_at.is_none()))
    }

    async fn find_current(
        &self,
        which: Condition,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let found = Entity::find()
            .filter(which)
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(self.0.connection())
            .await?;
        found.map(proof).transpose()
    }
}

impl AddressProofs<'_, WriteTx> {
    /// Adds a proof. It replaces the older proof of the same browser, and that of the same user and
    /// purpose.
    pub async fn insert(&self, new: AddressProof) -> Result<(), StoreError> {
        let mut older = Condition::any().add(Column::BrowserHash.eq(new.browser_hash.to_vec()));
        if let Some(user_id) = new.user_id {
            older = older.add(of_user(user_id, new.purpose));
        }
        self.delete(older).await?;
        let row = ActiveModel {
            token_hash: Set(new.token_hash.as_bytes().to_vec()),
            browser_hash: Set(new.browser_hash.to_vec()),
            user_id: Set(new.user_id.map(uuid)),
            purpose: Set(new.purpose.as_str().to_owned()),
            email: Set(new.email.as_str().to_owned()),
            code_mac: Set(new.code_mac.to_vec()),
            tries_left: Set(i32::try_from(new.tries_left).unwrap_or(i32::MAX)),
            mail_id: Set(new.mail_id.map_or(Uuid::nil(), |id| id.0)),
            created_at: Set(new.created_at.as_millis()),
            expires_at: Set(new.expires_at.as_millis()),
            used_at: Set(new.used_at.map(Timestamp::as_millis)),
        };
        Ok(Entity::insert(row).exec_without_returning(self.0.connection()).await.map(drop)?)
    }

    /// Counts a try at the code of this browser's proof, and returns the proof. Returns `None` if
    /// there is no valid proof or no try is left. It is one statement, so that simultaneous tries
    /// are counted exactly.
    pub async fn take_try(
        &self,
        browser_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let mut update = Query::update();
        update
            .table(Entity)
            .value(Column::TriesLeft, Expr::col(Column::TriesLeft).sub(1))
            .and_where(Column::BrowserHash.eq(browser_hash.to_vec()))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .and_where(Column::UsedAt.is_null())
            .and_where(Column::TriesLeft.gt(0))
            .returning(ReturningClause::All);
        self.returned(update).await
    }

    /// Spends the proof and returns it. Returns `None` if it is unknown, spent or expired. Of
    /// simultaneous attempts one succeeds.
    pub async fn spend(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let mut update = Query::update();
        update
            .table(Entity)
            .value(Column::UsedAt, now.as_millis())
            .and_where(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .and_where(Column::UsedAt.is_null())
            .returning(ReturningClause::All);
        self.returned(update).await
    }

    /// Spends the proof of the user for this purpose, if there is one.
    pub async fn spend_of_user(
        &self,
        user_id: UserId,
        purpose: ProofPurpose,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let spend = Entity::update_many().col_expr(Column::UsedAt, Expr::value(now.as_millis()));
        self.update(spend.filter(unused_of_user(user_id, purpose))).await
    }

    /// Assigns the spent proof of a sign-up to the account that it has made.
    pub async fn assign(&self, token_hash: &TokenHash, user_id: UserId) -> Result<(), StoreError> {
        let assign = Entity::update_many().col_expr(Column::UserId, Expr::value(uuid(user_id)));
        self.update(assign.filter(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))).await
    }

    /// Binds the proof to another browser.
    pub async fn rebind(
        &self,
        token_hash: &TokenHash,
        browser_hash: [u8; 32],
    ) -> Result<(), StoreError> {
        let browser = Expr::value(browser_hash.to_vec());
        let rebind = Entity::update_many().col_expr(Column::BrowserHash, browser);
        self.update(rebind.filter(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))).await
    }

    /// Unbinds the sign-up proof of the user from its browser. From then on only the link confirms
    /// the address.
    pub async fn unbind(&self, user_id: UserId) -> Result<(), StoreError> {
        let unknown = Expr::value(random::bytes::<32>().to_vec());
        let unbind = Entity::update_many().col_expr(Column::BrowserHash, unknown);
        self.update(unbind.filter(of_user(user_id, ProofPurpose::SignUp))).await
    }

    /// Deletes the proofs of sign-ups with this address, and returns how many. Proofs of address
    /// changes stay, because their disappearance would tell their users that the address lost its
    /// account.
    pub async fn delete_of_address(&self, email: &EmailAddress) -> Result<u64, StoreError> {
        let sign_up = Column::Purpose.eq(ProofPurpose::SignUp.as_str());
        self.delete(Condition::all().add(Column::Email.eq(email.as_str())).add(sign_up)).await
    }

    /// Deletes the proofs of the user for this purpose that are not used, and returns how many.
    pub async fn delete_of_user(
        &self,
        user_id: UserId,
        purpose: ProofPurpose,
    ) -> Result<u64, StoreError> {
        self.delete(unused_of_user(user_id, purpose)).await
    }

    async fn delete(&self, which: Condition) -> Result<u64, StoreError> {
        let done = Entity::delete_many().filter(which).exec(self.0.connection()).await?;
        Ok(done.rows_affected)
    }

    async fn update(&self, update: UpdateMany<Entity>) -> Result<(), StoreError> {
        Ok(update.exec(self.0.connection()).await.map(drop)?)
    }

    async fn returned(
        &self,
        statement: impl sea_orm::StatementBuilder,
    ) -> Result<Option<AddressProof>, StoreError> {
        let row = self.0.connection().query_one(&statement).await?;
        row.map(|row| proof(Model::from_query_result(&row, "")?)).transpose()
    }
}

fn of_user(user_id: UserId, purpose: ProofPurpose) -> Condition {
    let purpose = Column::Purpose.eq(purpose.as_str());
    Condition::all().add(Column::UserId.eq(uuid(user_id)).and(purpose))
}

fn unused_of_user(user_id: UserId, purpose: ProofPurpose) -> Condition {
    of_user(user_id, purpose).add(Column::UsedAt.is_null())
}

fn proof(row: Model) -> Result<AddressProof, StoreError> {
    let corrupt = || StoreError::corrupt("a proof of address");
    let bytes = |bytes: Vec<u8>| <[u8; 32]>::try_from(bytes).map_err(|_| corrupt());
    let purpose = ProofPurpose::ALL.into_iter().find(|one| one.as_str() == row.purpose);
    Ok(AddressProof {
        token_hash: TokenHash::from_bytes(bytes(row.token_hash)?),
        browser_hash: bytes(row.browser_hash)?,
        user_id: row.user_id.map(|id: Uuid| UserId::from_bytes(id.into_bytes())),
        purpose: purpose.ok_or_else(corrupt)?,
        email: email(&row.email)?,
        code_mac: bytes(row.code_mac)?,
        tries_left: u32::try_from(row.tries_left).unwrap_or(0),
        mail_id: Some(row.mail_id).filter(|id| !id.is_nil()).map(MailId),
        created_at: Timestamp::from_millis(row.created_at),
        expires_at: Timestamp::from_millis(row.expires_at),
        used_at: row.used_at.map(Timestamp::from_millis),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::{Role, Token, TokenPurpose};

    use super::*;
    use crate::{
        Store,
        testing::{NOW, insert_user, stores},
    };

    fn new(user_id: Option<UserId>, browser: u8) -> AddressProof {
        AddressProof {
            token_hash: Token::generate().hash(TokenPurpose::ProveAddress),
            browser_hash: [browser; 32],
            user_id,
            purpose: ProofPurpose::SignUp,
            email: EmailAddress::parse("mia@example.org").unwrap(),
            code_mac: [7; 32],
            tries_left: 10,
            mail_id: Some(MailId(Uuid::from_u128(u128::from(browser)))),
            created_at: NOW,
            expires_at: NOW + Duration::from_hours(24),
            used_at: None,
        }
    }

    async fn keep(store: &Store, new: &AddressProof) {
        let tx = store.begin().await.unwrap();
        tx.address_proofs().insert(new.clone()).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn take_try(store: &Store, browser: u8) -> Option<AddressProof> {
        let tx = store.begin().await.unwrap();
        let proof = tx.address_proofs().take_try(&[browser; 32], NOW).await.unwrap();
        tx.commit().await.unwrap();
        proof
    }

    async fn spend(store: &Store, hash: TokenHash, now: Timestamp) -> Option<AddressProof> {
        let tx = store.begin().await.unwrap();
        let proof = tx.address_proofs().spend(&hash, now).await.unwrap();
        tx.commit().await.unwrap();
        proof
    }

    #[tokio::test]
    async fn a_proof_is_found_by_its_link_and_by_its_browser_and_spent_once() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let one = new(Some(mia), 1);
            keep(store, &one).await;
            let leo = EmailAddress::parse("leo@example.org").unwrap();
            let leos = AddressProof { email: leo, ..new(None, 2) };
            keep(store, &leos).await;

            let proofs = store.address_proofs();
            assert_eq!(proofs.find(&one.token_hash, NOW).await.unwrap(), Some(one.clone()));
            assert_eq!(proofs.find_of_browser(&[2; 32], NOW).await.unwrap(), Some(leos.clone()));
            assert_eq!(proofs.find_of_browser(&[3; 32], NOW).await.unwrap(), None);
            assert_eq!(proofs.find(&one.token_hash, one.expires_at).await.unwrap(), None);
            assert_eq!(spend(store, one.token_hash, one.expires_at).await, None);

            let uses = (0..12).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { spend(&store, one.token_hash, NOW).await })
            });
            let mut winners = 0;
            for one_use in uses.collect::<Vec<_>>() {
                winners += usize::from(one_use.await.unwrap().is_some());
            }
            assert_eq!(winners, 1);
        }
    }

    #[tokio::test]
    async fn a_newer_proof_of_the_user_or_of_the_browser_replaces_the_older() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let (older, newer) = (new(Some(mia), 1), new(Some(mia), 2));
            keep(store, &older).await;
            keep(store, &newer).await;
            let other = AddressProof { purpose: ProofPurpose::EmailChange, ..new(Some(mia), 3) };
            keep(store, &other).await;
            let leo = EmailAddress::parse("leo@example.org").unwrap();
            keep(store, &AddressProof { email: leo, ..new(None, 3) }).await;

            let proofs = store.address_proofs();
            assert_eq!(proofs.find(&older.token_hash, NOW).await.unwrap(), None);
            assert_eq!(proofs.find(&other.token_hash, NOW).await.unwrap(), None);
            assert!(proofs.find(&newer.token_hash, NOW).await.unwrap().is_some());
        }
    }

    /// A stranger who asks for a mail to the same address voids nothing of the owner's.
    #[tokio::test]
    async fn proofs_of_one_address_in_two_browsers_are_valid_beside_each_other() {
        for test in stores().await {
            let store = &test.store;
            let (owners, strangers) = (new(None, 1), new(None, 2));
            keep(store, &owners).await;
            keep(store, &strangers).await;

            assert!(spend(store, strangers.token_hash, NOW).await.is_some());

            let found = store.address_proofs().find(&owners.token_hash, NOW).await.unwrap();
            assert_eq!(found, Some(owners));
        }
    }

    #[tokio::test]
    async fn a_used_proof_of_a_sign_up_is_found_with_its_account_and_confirms_nothing() {
        for test in stores().await {
            let store = &test.store;
            let one = new(None, 1);
            keep(store, &one).await;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let tx = store.begin().await.unwrap();
            tx.address_proofs().spend(&one.token_hash, NOW).await.unwrap().unwrap();
            tx.address_proofs().assign(&one.token_hash, mia).await.unwrap();
            assert_eq!(tx.address_proofs().delete_of_user(mia, one.purpose).await.unwrap(), 0);
            tx.commit().await.unwrap();

            let used = AddressProof { user_id: Some(mia), used_at: Some(NOW), ..one };
            let proofs = store.address_proofs();
            assert_eq!(proofs.find(&used.token_hash, NOW).await.unwrap(), None);
            assert_eq!(take_try(store, 1).await, None);
            let found = proofs.find_even_used(&used.token_hash, NOW).await.unwrap();
            assert_eq!(found, Some(used.clone()));
            assert_eq!(proofs.find_of_browser(&[1; 32], NOW).await.unwrap(), Some(used));
        }
    }

    #[tokio::test]
    async fn ten_codes_are_heard_however_many_come_at_once() {
        for test in stores().await {
            let store = &test.store;
            keep(store, &new(None, 1)).await;

            let tries = (0..25).map(|_| {
                let store = store.clone();
                tokio::spawn(async move { take_try(&store, 1).await })
            });
            let mut heard = 0;
            for a_try in tries.collect::<Vec<_>>() {
                heard += usize::from(a_try.await.unwrap().is_some());
            }
            assert_eq!(heard, 10);
        }
    }
}
