//! What a product holds about a person besides the account: in the export, and in the deletion.

use std::fmt;

use async_trait::async_trait;
use domain::UserId;
use store::{Store, StoreError, WriteTx};

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
