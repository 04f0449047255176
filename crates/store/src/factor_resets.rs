//! The wait after which lost second factors are removed. Its end is read with the principal, so that
//! no page needs a statement more.

use domain::{Timestamp, UserId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Expr};

use crate::{
    StoreError, Users,
    database::{Reads, WriteTx},
    entities::user::{Column, Entity},
    users::uuid,
};

impl<C: Reads> Users<'_, C> {
    /// Returns up to `limit` users with a wait that has a step due: a notice, or its end.
    pub async fn list_factor_resets(
        &self,
        now: Timestamp,
        limit: u64,
    ) -> Result<Vec<UserId>, StoreError> {
        self.list_due(Column::FactorResetStepAt, now, limit).await
    }

    /// Returns when the next step of the user's wait is due, if there is one.
    pub async fn find_factor_reset_step(
        &self,
        id: UserId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let step: Option<Option<i64>> = Entity::find_by_id(uuid(id))
            .select_only()
            .column(Column::FactorResetStepAt)
            .into_tuple()
            .one(self.0.connection())
            .await?;
        Ok(step.flatten().map(Timestamp::from_millis))
    }
}

impl Users<'_, WriteTx> {
    /// Begins the wait until `at`. Returns `false` if one is under way, which stays.
    pub async fn begin_factor_reset(&self, id: UserId, at: Timestamp) -> Result<bool, StoreError> {
        self.set_moment(id, Column::FactorResetAt, Some(at)).await
    }

    /// Sets the time of the next step of the wait.
    pub async fn set_factor_reset_step(
        &self,
        id: UserId,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::FactorResetStepAt, Expr::value(at.map(Timestamp::as_millis)))
            .filter(Column::Id.eq(uuid(id)))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }

    /// Ends the wait. Returns `false` if there was none.
    pub async fn end_factor_reset(&self, id: UserId) -> Result<bool, StoreError> {
        if !self.set_moment(id, Column::FactorResetAt, None).await? {
            return Ok(false);
        }
        self.set_factor_reset_step(id, None).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::Role;

    use crate::testing::{NOW, insert_user, stores};

    const DAY: Duration = Duration::from_hours(24);

    #[tokio::test]
    async fn a_wait_begins_once_and_its_next_step_is_found_when_it_is_due() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            let tx = store.begin().await.unwrap();
            for user in [mia, leo] {
                assert!(tx.users().begin_factor_reset(user, NOW + DAY * 3).await.unwrap());
            }
            tx.users().set_factor_reset_step(mia, Some(NOW + DAY)).await.unwrap();
            tx.users().set_factor_reset_step(leo, Some(NOW + DAY * 2)).await.unwrap();
            assert!(!tx.users().begin_factor_reset(mia, NOW + DAY).await.unwrap());
            tx.commit().await.unwrap();

            let due = async |now| store.users().list_factor_resets(now, 10).await.unwrap();
            assert_eq!(due(NOW).await, []);
            assert_eq!(due(NOW + DAY).await, [mia]);
            assert_eq!(due(NOW + DAY * 2).await, [mia, leo]);

            let tx = store.begin().await.unwrap();
            assert!(tx.users().end_factor_reset(mia).await.unwrap());
            assert!(!tx.users().end_factor_reset(mia).await.unwrap());
            tx.commit().await.unwrap();
            assert_eq!(due(NOW + DAY * 9).await, [leo]);
            let step = store.users().find_factor_reset_step(leo).await.unwrap();
            assert_eq!(step, Some(NOW + DAY * 2));
        }
    }
}
