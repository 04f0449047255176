//! What a user proves within a session: the password, or a second factor. The session goes on under
//! another key.

use domain::{Assurance, SessionKey, Timestamp};

use crate::{
    Sessions, StoreError, cache_change::Change, database::WriteTx, sessions::key_value,
    sql::execute,
};

impl Sessions<'_, WriteTx> {
    /// Records that the user gave the password in the session, and replaces the key `old` by
    /// `new`. `old` is invalid from then on. Returns `false` if another request was first or the
    /// session has ended.
    pub async fn set_authenticated(
        &self,
        old: &SessionKey,
        new: &SessionKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE sessions SET id_hash = $2, authenticated_at = $3 WHERE id_hash = $1",
            [key_value(old), key_value(new), now.as_millis().into()],
        )
        .await?;
        self.0.note(Change::Session(*old));
        Ok(done == 1)
    }

    /// Records that a second factor was given in the session, which now has this assurance, and
    /// replaces the key `old` by `new`. `old` is invalid from then on. Returns `false` if another
    /// request was first or the session has ended.
    pub async fn set_factor(
        &self,
        old: &SessionKey,
        new: &SessionKey,
        assurance: Assurance,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let done = execute(
            self.0,
            "UPDATE sessions SET id_hash = $2, factor_at = $3, assurance = $4 \
                 WHERE id_hash = $1",
            [key_value(old), key_value(new), now.as_millis().into(), assurance.as_str().into()],
        )
        .await?;
        self.0.note(Change::Session(*old));
        Ok(done == 1)
    }
}
