//! Repeated tries of a step that other transactions block.

use std::time::Duration;

use sea_orm_migration::sea_orm::{DbErr, RuntimeErr, sqlx::error::DatabaseError};
use tokio::time::sleep;

use crate::progress::{Progress, Say};

/// Most tries of a step that other transactions block.
const MAX_TRIES: u32 = 60;
/// The longest pause between two tries of a step.
const MAX_PAUSE: Duration = Duration::from_secs(5);

/// The failed tries of a step.
pub(crate) struct Tries<'a> {
    say: Say<'a>,
    failed: u32,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(say: Say<'a>) -> Self {
        Self { say, failed: 0 }
    }

    /// Waits before the next try. Returns the error if its cause is not another transaction, or
    /// after [`MAX_TRIES`].
    pub(crate) async fn pause(&mut self, error: DbErr) -> Result<(), DbErr> {
        self.failed += 1;
        if !is_in_the_way(&error) || self.failed >= MAX_TRIES {
            return Err(error);
        }
        let pause = Duration::from_millis(500).saturating_mul(self.failed).min(MAX_PAUSE);
        (self.say)(&Progress::Busy { pause });
        sleep(pause).await;
        Ok(())
    }
}

/// Returns whether another transaction caused the error: lock time-out (55P03), deadlock (40P01)
/// or serialisation failure (40001).
fn is_in_the_way(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) =
        error
    else {
        return false;
    };
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| ["55P03", "40P01", "40001"].contains(&&*code))
}
