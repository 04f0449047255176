//! The one home of randomness: bytes from the operating system's generator.

/// `N` unpredictable bytes, fit for keys, tokens and ids.
///
/// # Panics
///
/// When the operating system has no randomness to give, which no request can
/// cause and no program can survive safely.
#[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
#[expect(clippy::expect_used, reason = "going on without randomness would be unsafe")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system provides randomness");
    bytes
}
