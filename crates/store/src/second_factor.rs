//! Whether log-ins to an account ask for a second factor. The time is read with the principal, so
//! that no page needs a statement more. The factors themselves have repositories of their own.

use domain::{Timestamp, UserId};

use crate::{StoreError, Users, database::WriteTx, entities::user::Column};

impl Users<'_, WriteTx> {
    /// Sets the time since which log-ins ask for a second factor, or clears it. Returns `false` if
    /// it was set or cleared already.
    pub async fn set_second_factor(
        &self,
        id: UserId,
        since: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.set_moment(id, Column::SecondFactorSince, since).await
    }
}
