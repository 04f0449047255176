//! Pending proofs of addresses, by a mailed link or a mailed code.
//!
//! A proof is found by its link (the hash of a token) or by the browser that requested it. A decoy
//! is a proof without a user. It behaves like the others but confirms nothing, so that no form
//! reveals which addresses have accounts.

use std::fmt;

use domain::{DisplayName, EmailAddress, Timestamp, TokenHash, UserId};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, QueryFilter,
    QueryOrder,
    entity::prelude::Uuid,
    sea_query::{Expr, Query, ReturningClause},
};

use crate::{
    MailId, StoreError,
    database::{Reads, WriteTx},
    entities::address_proof::{ActiveModel, Column, Entity, Model},
    users::{email, name, uuid},
};

/// The repository of pending proofs, which reads through `C`.
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

/// A pending proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressProof {
    /// The hash of the token in the link.
    pub token_hash: TokenHash,
    /// The hash of the cookie of the browser that requested the proof.
    pub browser_hash: [u8; 32],
    /// The account that gets the address, or `None` for a decoy.
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
    /// The sign-up, if it has not created an account.
    pub pending: Option<PendingSignUp>,
}

/// The values of a sign-up that has not created an account. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingSignUp {
    /// The display name.
    pub name: DisplayName,
    /// The hash of the password in PHC format.
    pub password_hash: String,
    /// Whether the sign-up used this address or a mistyped one.
    pub signed_up: SignedUpWith,
}

/// The address for which the password of a sign-up was hashed. A log-in checks the hash of the
/// account and that of a pending sign-up in one run of the hasher. That works only if both were
/// hashed for the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedUpWith {
    /// The address of this proof.
    ThisAddress,
    /// A mistyped address, which was corrected since. The password cannot be used until the
    /// address is confirmed, whether the address has an account or not.
    AnotherAddress,
}

impl PendingSignUp {
    fn is_mended(&self) -> bool {
        self.signed_up == SignedUpWith::AnotherAddress
    }
}

impl fmt::Debug for PendingSignUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PendingSignUp(…)")
    }
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
        self.find_valid(Column::TokenHash, token_hash.as_bytes(), now).await
    }

    /// Returns the latest proof that this browser requested, if it is valid.
    pub async fn find_of_browser(
        &self,
        browser_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        self.find_valid(Column::BrowserHash, browser_hash, now).await
    }

    /// Returns the valid proof of a sign-up with this address for which a mail was queued last,
    /// with or without an account.
    pub async fn find_of_sign_up(
        &self,
        email: &EmailAddress,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let found = Entity::find()
            .filter(Column::Email.eq(email.as_str()))
            .filter(Column::Purpose.eq(ProofPurpose::SignUp.as_str()))
            .filter(Column::MailId.ne(Uuid::nil()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .order_by_desc(Column::CreatedAt)
            .one(self.0.connection())
            .await?;
        found.map(proof).transpose()
    }

    async fn find_valid(
        &self,
        column: Column,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let found = Entity::find()
            .filter(column.eq(hash.to_vec()))
            .filter(Column::ExpiresAt.gt(now.as_millis()))
            .one(self.0.connection())
            .await?;
        found.map(proof).transpose()
    }
}

impl AddressProofs<'_, WriteTx> {
    /// Adds a proof. It replaces the older proofs of the same browser, and those of the same user
    /// and purpose. A mailed proof of a sign-up also replaces all proofs of sign-ups with the same
    /// address, with or without an account. Otherwise the person who requested the older one could
    /// tell these cases apart.
    pub async fn insert(&self, new: AddressProof) -> Result<(), StoreError> {
        let mut older = Condition::any().add(Column::BrowserHash.eq(new.browser_hash.to_vec()));
        if let Some(user_id) = new.user_id {
            older = older.add(of_user(user_id, new.purpose));
        }
        if new.purpose == ProofPurpose::SignUp && new.mail_id.is_some() {
            let same = Column::Email.eq(new.email.as_str());
            older = older.add(same.and(Column::Purpose.eq(new.purpose.as_str())));
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
            is_mended: Set(new.pending.as_ref().is_some_and(PendingSignUp::is_mended)),
            name: Set(new.pending.as_ref().map(|pending| pending.name.as_str().to_owned())),
            password_hash: Set(new.pending.map(|pending| pending.password_hash)),
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
            .and_where(Column::TriesLeft.gt(0))
            .returning(ReturningClause::All);
        self.returned(update).await
    }

    /// Deletes the proofs of sign-ups with this address, and returns how many. Proofs of address
    /// changes stay, because their disappearance would tell their users that the address lost its
    /// account.
    pub async fn delete_of_address(&self, email: &EmailAddress) -> Result<u64, StoreError> {
        let sign_up = Column::Purpose.eq(ProofPurpose::SignUp.as_str());
        self.delete(Condition::all().add(Column::Email.eq(email.as_str())).add(sign_up)).await
    }

    /// Deletes the proofs of the user for this purpose, and returns how many.
    pub async fn delete_of_user(
        &self,
        user_id: UserId,
        purpose: ProofPurpose,
    ) -> Result<u64, StoreError> {
        self.delete(of_user(user_id, purpose)).await
    }

    /// Spends the proof and returns it. Returns `None` if it is unknown, spent or expired. Of
    /// simultaneous attempts one succeeds.
    pub async fn spend(
        &self,
        token_hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<AddressProof>, StoreError> {
        let mut delete = Query::delete();
        delete
            .from_table(Entity)
            .and_where(Column::TokenHash.eq(token_hash.as_bytes().to_vec()))
            .and_where(Column::ExpiresAt.gt(now.as_millis()))
            .returning(ReturningClause::All);
        self.returned(delete).await
    }

    async fn delete(&self, which: Condition) -> Result<u64, StoreError> {
        let done = Entity::delete_many().filter(which).exec(self.0.connection()).await?;
        Ok(done.rows_affected)
    }

    async fn returned(
        &self,
        statement: impl sea_orm::StatementBuilder,
    ) -> Result<Option<AddressProof>, StoreError> {
        let row = self.0.connection().query_one(&statement).await?;
        row.map(|row| proof(Model::from_query_result(&row, "")?)).transpose()
    }
}

pub(crate) fn of_user(user_id: UserId, purpose: ProofPurpose) -> Condition {
    let purpose = Column::Purpose.eq(purpose.as_str());
    Condition::all().add(Column::UserId.eq(uuid(user_id)).and(purpose))
}

fn proof(row: Model) -> Result<AddressProof, StoreError> {
    let corrupt = || StoreError::corrupt("a proof of address");
    let bytes = |bytes: Vec<u8>| <[u8; 32]>::try_from(bytes).map_err(|_| corrupt());
    let signed_up =
        if row.is_mended { SignedUpWith::AnotherAddress } else { SignedUpWith::ThisAddress };
    let pending = match (row.name, row.password_hash) {
        (Some(text), Some(password_hash)) => {
            Some(PendingSignUp { name: name(&text)?, password_hash, signed_up })
        }
        _ => None,
    };
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
        pending,
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
            pending: None,
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
            let decoy = AddressProof { email: leo, ..new(None, 2) };
            keep(store, &decoy).await;

            let proofs = store.address_proofs();
            assert_eq!(proofs.find(&one.token_hash, NOW).await.unwrap(), Some(one.clone()));
            assert_eq!(proofs.find_of_browser(&[2; 32], NOW).await.unwrap(), Some(decoy.clone()));
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

    /// ENU-08: a proof with a user and a decoy are replaced in the same way.
    #[tokio::test]
    async fn a_proof_goes_with_a_newer_one_of_the_same_address_and_is_disowned_in_silence() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let pending = PendingSignUp {
                name: DisplayName::parse("Mia").unwrap(),
                password_hash: "hash".to_owned(),
                signed_up: SignedUpWith::ThisAddress,
            };
            let decoy = AddressProof { pending: Some(pending), ..new(None, 1) };
            keep(store, &decoy).await;
            let email = &decoy.email;
            let proofs = store.address_proofs();
            assert_eq!(proofs.find_of_sign_up(email, NOW).await.unwrap(), Some(decoy.clone()));

            let real = new(Some(mia), 2);
            keep(store, &real).await;
            keep(store, &AddressProof { mail_id: None, ..new(None, 3) }).await;
            assert_eq!(proofs.find_of_browser(&[1; 32], NOW).await.unwrap(), None);
            assert_eq!(proofs.find_of_sign_up(email, NOW).await.unwrap(), Some(real.clone()));

            let tx = store.begin().await.unwrap();
            tx.address_proofs().rebind(&real.token_hash, [4; 32]).await.unwrap();
            tx.address_proofs().anonymize(mia).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(proofs.find(&real.token_hash, NOW).await.unwrap(), None);
            let left = proofs.find_of_browser(&[4; 32], NOW).await.unwrap().unwrap();
            assert_eq!((left.user_id, left.mail_id), (None, real.mail_id));
            assert_eq!(left.pending.unwrap().password_hash, "$argon2id$old");
            assert_ne!(left.code_mac, real.code_mac);
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
