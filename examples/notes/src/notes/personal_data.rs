//! The notes in the export of their owner. They go with the account by their foreign key.

use async_trait::async_trait;
use auth::{ExportedTime, PersonalData};
use domain::{Timestamp, UserId};
use serde_json::{Value, json};
use store::{Store, StoreError};

use super::repository;

/// The notes that the product holds of a user.
#[derive(Debug)]
pub(crate) struct OwnNotes;

#[async_trait]
impl PersonalData for OwnNotes {
    async fn export(&self, store: &Store, user_id: UserId) -> Result<Value, StoreError> {
        let notes = repository::all(store, user_id).await?;
        let time = |millis| ExportedTime::from(Timestamp::from_millis(millis));
        let note = |note: repository::Model| {
            json!({
                "title": note.title,
                "body": note.body,
                "created_at": time(note.created_at),
                "updated_at": time(note.updated_at),
                "published_at": note.published_at.map(time),
            })
        };
        Ok(json!({ "notes": notes.into_iter().map(note).collect::<Vec<_>>() }))
    }
}
