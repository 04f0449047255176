//! Makes answers take equally long where their time would tell what they do not say.
//!
//! The same statements on other rows write more pages or fewer, which a stranger can
//! measure (ENU-02): so the answer leaves at one of few moments, each of which is far
//! apart from the next.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::Seldom;

/// From one moment to the next; several times what the work takes on any usual disk or
/// network, as at its edge a small difference would become a whole step.
const STEP: Duration = Duration::from_millis(100);

/// Does the work at once, and answers at a multiple of 100 ms after it began. Promises
/// nothing of work that takes longer than one, and says so in the log.
pub(crate) async fn in_step<T>(work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let answer = work.await;
    let elapsed = began.elapsed();
    if elapsed >= STEP {
        static TOO_SLOW: Seldom = Seldom::new();
        if let Some(left_out) = TOO_SLOW.due() {
            let message = "too slow to hide by its time whether an address has an account";
            tracing::warn!(?elapsed, left_out, "{message}");
        }
    }
    sleep(rest(elapsed)).await;
    answer
}

fn rest(elapsed: Duration) -> Duration {
    let beyond = elapsed.as_micros() % STEP.as_micros();
    STEP.saturating_sub(Duration::from_micros(u64::try_from(beyond).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ENU-02.
    #[test]
    fn every_answer_leaves_at_a_full_step() {
        let leaves_at = |micros| {
            let elapsed = Duration::from_micros(micros);
            (elapsed + rest(elapsed)).as_millis()
        };

        assert_eq!([1, 800, 2_100, 60_000, 99_999].map(leaves_at), [100; 5]);
        assert_eq!([100_000, 100_001, 199_000].map(leaves_at), [200; 3]);
    }
}
