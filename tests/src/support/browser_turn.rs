//! Turns of the tests with a browser. A window keeps a core busy, and more windows than cores take
//! longer in total than as many as cores.

use std::{
    cell::RefCell,
    num::NonZero,
    sync::{Arc, LazyLock, Weak},
    thread::available_parallelism,
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A test has its turn while it has a window.
pub(crate) type Turn = Arc<OwnedSemaphorePermit>;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, NonZero::get);
    Arc::new(Semaphore::new(cores))
});

thread_local! {
    /// A test runs in one thread, and opens further windows in its turn.
    static OF_TEST: RefCell<Weak<OwnedSemaphorePermit>> = const { RefCell::new(Weak::new()) };
}

/// Waits for the turn of this test.
pub(crate) async fn wait() -> Turn {
    if let Some(turn) = OF_TEST.with_borrow(Weak::upgrade) {
        return turn;
    }
    let permit = Arc::clone(&TURNS).acquire_owned().await.expect("turns never end");
    let turn = Arc::new(permit);
    OF_TEST.set(Arc::downgrade(&turn));
    turn
}
