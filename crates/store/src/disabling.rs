//! Disabled accounts: setting the time at which an account was disabled, and look-ups that skip
//! disabled accounts. Sessions end in `sessions.rs`.

use domain::{Timestamp, User, UserId};

use crate::{
    StoreError, Users,
    database::WriteTx,
    entities::user::{Column, Model},
    users::user,
};

impl Users<'_, WriteTx> {
    /// Locks the account until the transaction ends, and returns the user. Returns `None` if the
    /// account is disabled or deleted.
    pub async fn lock_enabled(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.lock_enabled_row(id).await?.as_ref().map(user).transpose()
    }

    /// Locks the account until the transaction ends, and returns the hash of the password. A log-in
    /// and a password change therefore run one after the other. Returns `None` if the account is
    /// disabled or deleted.
    pub async fn lock_password_hash(&self, id: UserId) -> Result<Option<String>, StoreError> {
        Ok(self.lock_enabled_row(id).await?.map(|row| row.password_hash))
    }

    /// Locks the account as [`Self::lock_password_hash`] does, and returns the user with the hash.
    pub async fn lock_credentials(&self, id: UserId) -> Result<Option<(User, String)>, StoreError> {
        let row = self.lock_enabled_row(id).await?;
        row.map(|row| Ok((user(&row)?, row.password_hash))).transpose()
    }

    /// Disables the account since the given time, or enables it. Returns `false` if it was
    /// disabled or enabled already.
    pub async fn set_disabled(
        &self,
        id: UserId,
        since: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.set_moment(id, Column::DisabledAt, since).await
    }

    /// Locks the row as [`Self::lock_row`] does. Returns `None` if the account is disabled or
    /// deleted.
    async fn lock_enabled_row(&self, id: UserId) -> Result<Option<Model>, StoreError> {
        Ok(self.lock_row(id).await?.filter(|row| row.disabled_at.is_none()))
    }
}

#[cfg(test)]
mod tests {
    use domain::Role;

    use crate::{
        Freshness,
        testing::{NOW, insert_user, new_session, stores},
    };

    /// LOG-06: the cache is not used after an account was disabled.
    #[tokio::test]
    async fn an_account_that_is_disabled_has_no_principal_that_is_remembered() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let new = new_session(mia, "one");
            let tx = store.begin().await.unwrap();
            tx.sessions().insert(&new, NOW).await.unwrap();
            tx.commit().await.unwrap();
            let find = async || {
                store.sessions().find_principal(&new.key, Freshness::Cached).await.unwrap()
            };
            assert!(find().await.is_some());

            let tx = store.begin().await.unwrap();
            assert!(tx.users().set_disabled(mia, Some(NOW)).await.unwrap());
            tx.commit().await.unwrap();

            assert!(find().await.is_none());
        }
    }
}
