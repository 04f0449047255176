//! Lets a product export and delete the data that it holds about a person besides the account.

use std::fmt;

use async_trait::async_trait;
use domain::UserId;
use store::{Store, StoreError, WriteTx};

/// The personal data of a product.
///
/// A table with a foreign key to `users` must have `ON DELETE CASCADE`: unconfirmed accounts are
/// deleted in bulk, without a call of [`PersonalData::erase`].
#[async_trait]
pub trait PersonalData: fmt::Debug + Send + Sync {
    /// Returns everything that the product holds about the user, without secrets, for the section
    /// `product` of the export.
    async fn export(&self, store: &Store, user_id: UserId)
    -> Result<serde_json::Value, StoreError>;

    /// Removes what the foreign keys do not, in the transaction that deletes the account. Does
    /// nothing by default.
    async fn erase(&self, _tx: &WriteTx, _user_id: UserId) -> Result<(), StoreError> {
        Ok(())
    }
}
