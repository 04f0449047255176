//! The only source of randomness: bytes from the operating system's generator. There is no seeded
//! generator, not even for tests.

/// Returns `N` unpredictable bytes, suitable for keys, tokens and ids.
///
/// # Panics
///
/// Panics if the operating system provides no randomness. No request can cause that, and no
/// program can continue safely after it.
#[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
#[expect(clippy::expect_used, reason = "going on without randomness would be unsafe")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}
