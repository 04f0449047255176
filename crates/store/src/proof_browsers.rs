//! The browser that a pending proof of an address is bound to. A proof can be bound to another
//! browser, unbound, or turned into a decoy that its browser cannot tell from a valid proof.

use domain::{TokenHash, UserId, random};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement, sea_query::Expr};

use crate::{
    AddressProofs, ProofPurpose, StoreError,
    address_proofs::of_user,
    database::{Reads, WriteTx},
    entities::address_proof::{Column, Entity},
    users::uuid,
};

impl AddressProofs<'_, WriteTx> {
    /// Binds the proof to another browser.
    pub async fn rebind(
        &self,
        token_hash: &TokenHash,
        browser_hash: [u8; 32],
    ) -> Result<(), StoreError> {
        let proof = Column::TokenHash.eq(token_hash.as_bytes().to_vec());
        let browser = Expr::value(browser_hash.to_vec());
        let rebind = Entity::update_many().col_expr(Column::BrowserHash, browser).filter(proof);
        Ok(rebind.exec(self.0.connection()).await.map(drop)?)
    }

    /// Unbinds the sign-up proof of the user from its browser. From then on only the link confirms
    /// the address.
    pub async fn unbind(&self, user_id: UserId) -> Result<(), StoreError> {
        let nobodys = Expr::value(random::bytes::<32>().to_vec());
        let proofs = Entity::update_many().col_expr(Column::BrowserHash, nobodys);
        let proofs = proofs.filter(of_user(user_id, ProofPurpose::SignUp));
        Ok(proofs.exec(self.0.connection()).await.map(drop)?)
    }

    /// Turns the sign-up proof of the user into a decoy: link and code become invalid. The browser
    /// that requested it notices no difference, because the decoy keeps name and hash of the
    /// sign-up.
    pub async fn anonymize(&self, user_id: UserId) -> Result<(), StoreError> {
        let connection = self.0.connection();
        let statement = Statement::from_sql_and_values(
            connection.get_database_backend(),
            "UPDATE address_proofs SET user_id = NULL, token_hash = $2, code_mac = $3, \
             name = (SELECT name FROM users WHERE id = $1), \
             password_hash = (SELECT password_hash FROM users WHERE id = $1) \
             WHERE user_id = $1 AND purpose = 'sign_up'",
            [
                uuid(user_id).into(),
                random::bytes::<32>().to_vec().into(),
                random::bytes::<32>().to_vec().into(),
            ],
        );
        Ok(connection.execute_raw(statement).await.map(drop)?)
    }
}
