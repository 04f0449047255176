//! Counting tries in a transaction of their own.

use crate::{
    Fault,
    context::Context,
    throttle::{self, Bucket, Refused},
};

impl Context {
    /// Counts one try, in a transaction of its own: see [`throttle::take`].
    pub(crate) async fn take(
        &self,
        buckets: &[Option<Bucket>],
    ) -> Result<Result<(), Refused>, Fault> {
        if buckets.iter().all(Option::is_none) {
            return Ok(Ok(()));
        }
        let tx = self.store.begin().await?;
        let taken = throttle::take(&tx, buckets, self.clock.now()).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Takes back one counted try, in a transaction of its own.
    pub(crate) async fn give_back(&self, buckets: &[Option<Bucket>]) -> Result<(), Fault> {
        if buckets.iter().all(Option::is_none) {
            return Ok(());
        }
        let tx = self.store.begin().await?;
        throttle::give_back(&tx, buckets).await?;
        Ok(tx.commit().await?)
    }
}
