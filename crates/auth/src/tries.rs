//! Counting tries in a transaction of their own, and giving back those with a right password.

use std::sync::Arc;

use store::{StoreError, WriteTx};
use tokio::runtime::Handle;

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

/// A counted try whose password was right. It is given back in the transaction of the caller, which
/// saves a commit. If that does not commit, the drop gives it back in a transaction of its own.
pub(crate) struct CountedTry {
    context: Arc<Context>,
    account: Option<Bucket>,
}

impl CountedTry {
    pub(crate) fn new(context: &Arc<Context>, account: Option<Bucket>) -> Self {
        Self { context: Arc::clone(context), account }
    }

    /// Gives the try back once `tx` commits. [`CountedTry::end`] follows the commit.
    pub(crate) async fn give_back_in(&self, tx: &WriteTx) -> Result<(), StoreError> {
        throttle::give_back(tx, &[self.account]).await
    }

    /// The try was given back.
    pub(crate) fn end(mut self) {
        self.account = None;
    }

    /// Gives the try back in a transaction of its own.
    pub(crate) async fn give_back(mut self) -> Result<(), Fault> {
        // Kept until the commit has returned: if the request is cancelled or the write fails, the drop
        // tries once more.
        self.context.give_back(&[self.account]).await?;
        self.account = None;
        Ok(())
    }
}

impl Drop for CountedTry {
    fn drop(&mut self) {
        let Some(account) = self.account.take() else { return };
        let Ok(runtime) = Handle::try_current() else { return };
        let context = Arc::clone(&self.context);
        runtime.spawn(async move {
            if let Err(error) = context.give_back(&[Some(account)]).await {
                tracing::warn!(%error, "a try with a right password stays counted");
            }
        });
    }
}
