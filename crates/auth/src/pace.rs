//! Answers that take equally long, where their time would tell what they do not say.
//!
//! The same statements on other rows write more pages or fewer, which a stranger can
//! measure (ENU-02): so the answer leaves at one of few moments, each of which is far
//! apart from the next.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// From one moment to the next; longer than the work takes on any usual disk or network.
const STEP: Duration = Duration::from_millis(50);

/// Does the work at once, and answers at a multiple of 50 ms after it began.
pub(crate) async fn in_step<T>(work: impl Future<Output = T>) -> T {
    let began = Instant::now();
    let answer = work.await;
    sleep(rest(began.elapsed())).await;
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

        assert_eq!([1, 800, 2_100, 49_999].map(leaves_at), [50; 4]);
        assert_eq!([50_000, 50_001, 99_000].map(leaves_at), [100; 3]);
    }
}
