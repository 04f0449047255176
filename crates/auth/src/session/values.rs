//! The values that a session keeps between requests, as a store for the library's
//! `tower_sessions::Session`.
//!
//! Opened with the values that were read together with the principal, so that reading costs no
//! statement. Saving replaces the values only if they are unchanged since: two simultaneous
//! requests do not overwrite each other, and an ended session stays ended.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{Principal, SessionKey, Timestamp};
use store::{Store, StoreError};
use time::OffsetDateTime;
use tower_sessions::{
    Expiry, Session, SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

pub(super) struct SessionValues {
    store: Store,
    key: SessionKey,
    expires_at: Timestamp,
    values: Mutex<String>,
}

impl SessionValues {
    /// The id that the library sees has nothing to do with the cookie: the store
    /// knows the session already.
    pub(super) fn open(store: Store, principal: &Principal) -> Session {
        let store = Self {
            store,
            key: principal.session_key,
            expires_at: principal.expires_at,
            values: Mutex::new(principal.session_values.clone()),
        };
        let expiry = Expiry::AtDateTime(date_time(principal.expires_at));
        Session::new(Some(Id(0)), Arc::new(store), Some(expiry))
    }

    fn values(&self) -> String {
        self.values.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl SessionStore for SessionValues {
    async fn create(&self, _record: &mut Record) -> Result<()> {
        Err(Error::Backend("a session begins with a log-in".to_owned()))
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let old = self.values();
        let new = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        if replace(&self.store, &self.key, &old, &new).await.map_err(|error| backend(&error))? {
            *self.values.lock().unwrap_or_else(PoisonError::into_inner) = new;
            Ok(())
        } else {
            Err(Error::Backend("the session ended or was written meanwhile".to_owned()))
        }
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let data = serde_json::from_str(&self.values())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: date_time(self.expires_at) }))
    }

    async fn delete(&self, _id: &Id) -> Result<()> {
        let tx = self.store.begin().await.map_err(|error| backend(&error))?;
        tx.sessions().delete(&self.key).await.map_err(|error| backend(&error))?;
        tx.commit().await.map_err(|error| backend(&error))
    }
}

impl fmt::Debug for SessionValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionValues(…)")
    }
}

async fn replace(
    store: &Store,
    key: &SessionKey,
    old: &str,
    new: &str,
) -> std::result::Result<bool, StoreError> {
    let tx = store.begin().await?;
    let replaced = tx.sessions().set_values(key, old, new).await?;
    tx.commit().await?;
    Ok(replaced)
}

fn backend(error: &StoreError) -> Error {
    Error::Backend(error.to_string())
}

fn date_time(moment: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(moment.as_seconds()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
