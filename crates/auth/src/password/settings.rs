//! The section `password` of the configuration.

use std::{num::NonZeroUsize, thread};

use serde::Deserialize;

use super::cost::{Cost, MAX_ITERATIONS, MAX_MEMORY_KIB, MAX_PARALLELISM, MAX_WORK};

/// Shortest minimum length that may be set (NIST SP 800-63B-4 §3.1.1.2 allows 8
/// beside a second factor).
const MIN_LENGTH_FLOOR: usize = 8;
/// Longest minimum length that may be set.
const MIN_LENGTH_CEILING: usize = 128;
/// Most hashes at once that may be set.
const MAX_CONCURRENT: usize = 1024;

/// How long a password must be and what hashing one costs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// Fewest characters of a new password.
    pub min_length: usize,
    /// Memory of one Argon2id run, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
    /// Lanes of the memory.
    pub parallelism: u32,
    /// Most hashes computed at once, each with memory of its own.
    pub max_concurrent: usize,
}

/// A setting that cannot be used, with its key and the fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPasswordSettings {
    /// Too short to be safe or too long to be usable.
    #[error(
        "password.min_length = {0} is out of bounds: set {MIN_LENGTH_FLOOR} to {MIN_LENGTH_CEILING}"
    )]
    MinLength(usize),
    /// No lanes or too many.
    #[error("password.parallelism = {0} is out of bounds: set 1 to {MAX_PARALLELISM}")]
    Parallelism(u32),
    /// No passes or too many.
    #[error("password.iterations = {0} is out of bounds: set 1 to {MAX_ITERATIONS}")]
    Iterations(u32),
    /// Less than eight blocks a lane, or too much.
    #[error(
        "password.memory_kib = {0} is out of bounds: set 8 times password.parallelism to {MAX_MEMORY_KIB}"
    )]
    Memory(u32),
    /// A hash would take seconds.
    #[error(
        "password.memory_kib times password.iterations is {0}: lower one so that it is at most {MAX_WORK}"
    )]
    Work(u64),
    /// None or too many.
    #[error("password.max_concurrent = {0} is out of bounds: set 1 to {MAX_CONCURRENT}")]
    Concurrency(usize),
}

impl PasswordSettings {
    /// Checks every value against its bounds.
    pub fn validate(&self) -> Result<(), InvalidPasswordSettings> {
        use InvalidPasswordSettings as Invalid;

        if !(MIN_LENGTH_FLOOR..=MIN_LENGTH_CEILING).contains(&self.min_length) {
            return Err(Invalid::MinLength(self.min_length));
        }
        if !(1..=MAX_PARALLELISM).contains(&self.parallelism) {
            return Err(Invalid::Parallelism(self.parallelism));
        }
        if !(1..=MAX_ITERATIONS).contains(&self.iterations) {
            return Err(Invalid::Iterations(self.iterations));
        }
        if !(8 * self.parallelism..=MAX_MEMORY_KIB).contains(&self.memory_kib) {
            return Err(Invalid::Memory(self.memory_kib));
        }
        if self.cost().work() > MAX_WORK {
            return Err(Invalid::Work(self.cost().work()));
        }
        if !(1..=MAX_CONCURRENT).contains(&self.max_concurrent) {
            return Err(Invalid::Concurrency(self.max_concurrent));
        }
        Ok(())
    }

    /// Whether a hash is cheaper to attack than OWASP's least (19 MiB, two passes),
    /// which no production server may run with.
    pub fn is_below_floor(&self) -> bool {
        self.memory_kib < Cost::FLOOR.memory_kib || self.iterations < Cost::FLOOR.iterations
    }

    pub(super) fn cost(&self) -> Cost {
        let Self { memory_kib, iterations, parallelism, .. } = *self;
        Cost { memory_kib, iterations, parallelism }
    }
}

impl Default for PasswordSettings {
    fn default() -> Self {
        let Cost { memory_kib, iterations, parallelism } = Cost::FLOOR;
        let max_concurrent = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { min_length: 15, memory_kib, iterations, parallelism, max_concurrent }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: &str) -> Result<PasswordSettings, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn what_is_not_set_has_its_default() {
        let settings = settings(r#"{"min_length": 20}"#).unwrap();

        assert_eq!(settings, PasswordSettings { min_length: 20, ..PasswordSettings::default() });
        assert_eq!(settings.validate(), Ok(()));
        assert!(!settings.is_below_floor());
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(settings(r#"{"minimum_length": 20}"#).is_err());
    }

    #[test]
    fn values_out_of_bounds_are_named_with_the_fix() {
        for (json, expected) in [
            (r#"{"min_length": 7}"#, "password.min_length = 7 is out of bounds: set 8 to 128"),
            (r#"{"min_length": 129}"#, "password.min_length = 129"),
            (r#"{"parallelism": 0}"#, "password.parallelism = 0"),
            (r#"{"iterations": 17}"#, "password.iterations = 17"),
            (r#"{"memory_kib": 31, "parallelism": 4}"#, "password.memory_kib = 31"),
            (r#"{"memory_kib": 262145}"#, "password.memory_kib = 262145"),
            (r#"{"memory_kib": 262144, "iterations": 5}"#, "is 1310720"),
            (r#"{"max_concurrent": 0}"#, "password.max_concurrent = 0"),
        ] {
            let problem = settings(json).unwrap().validate().unwrap_err().to_string();
            assert!(problem.contains(expected), "{json}: {problem}");
        }
    }

    #[test]
    fn weaker_parameters_than_owasp_allows_are_below_the_floor() {
        assert!(settings(r#"{"memory_kib": 19455}"#).unwrap().is_below_floor());
        assert!(settings(r#"{"iterations": 1, "memory_kib": 47104}"#).unwrap().is_below_floor());
        assert!(!settings(r#"{"iterations": 3}"#).unwrap().is_below_floor());
    }
}
