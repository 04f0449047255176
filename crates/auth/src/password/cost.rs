//! The cost of one Argon2id run, within bounds: neither a setting nor a stored hash can make this
//! process allocate or compute without end.

use argon2::Params;

/// Most memory of a run: 256 MiB.
pub(super) const MAX_MEMORY_KIB: u32 = 256 * 1024;
/// Most passes over the memory.
pub(super) const MAX_ITERATIONS: u32 = 16;
/// Most lanes.
pub(super) const MAX_PARALLELISM: u32 = 16;
/// Most blocks of 1 KiB computed in a run, over all passes: about a second.
pub(super) const MAX_WORK: u64 = 1024 * 1024;

/// The parameters of Argon2id (RFC 9106 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cost {
    pub(super) memory_kib: u32,
    pub(super) iterations: u32,
    pub(super) parallelism: u32,
}

impl Cost {
    /// The least that the OWASP Password Storage Cheat Sheet allows.
    pub(super) const FLOOR: Self = Self { memory_kib: 19_456, iterations: 2, parallelism: 1 };

    /// The parameters for Argon2; `None` if the cost is out of bounds.
    pub(super) fn params(self) -> Option<Params> {
        let is_bounded = self.memory_kib <= MAX_MEMORY_KIB
            && self.iterations <= MAX_ITERATIONS
            && self.parallelism <= MAX_PARALLELISM
            && self.work() <= MAX_WORK;
        if !is_bounded {
            return None;
        }
        Params::new(self.memory_kib, self.iterations, self.parallelism, None).ok()
    }

    /// Blocks of 1 KiB computed in a run: proportional to its time.
    pub(super) fn work(self) -> u64 {
        u64::from(self.memory_kib) * u64::from(self.iterations)
    }

    /// The cost with the longer run.
    pub(super) fn dearer(self, other: Self) -> Self {
        if other.work() > self.work() { other } else { self }
    }

    /// The run that takes as long as what `cheaper` falls short of `self`, if that
    /// is enough to notice. Two runs have two first passes and less memory each,
    /// which are cheaper a block: hence the quarter on top, as measured.
    pub(super) fn shortfall(self, cheaper: Self) -> Option<Self> {
        let missing = self.work().checked_sub(cheaper.work())?;
        let missing = missing + missing.min(cheaper.work()) / 4;
        let memory_kib = u32::try_from(missing / u64::from(self.iterations)).ok()?;
        let rest = Self { memory_kib, ..self };
        rest.params().map(|_| rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LOG-10.
    #[test]
    fn a_cost_out_of_bounds_has_no_parameters() {
        let cost = |memory_kib, iterations, parallelism| {
            Cost { memory_kib, iterations, parallelism }.params().is_some()
        };

        assert!(Cost::FLOOR.params().is_some());
        assert!(cost(MAX_MEMORY_KIB, 4, 1));
        assert!(!cost(MAX_MEMORY_KIB + 1, 1, 1));
        assert!(!cost(MAX_MEMORY_KIB, 5, 1));
        assert!(!cost(64, MAX_ITERATIONS + 1, 1));
        assert!(!cost(1024, 1, MAX_PARALLELISM + 1));
        assert!(!cost(7, 1, 1));
        assert!(!cost(15, 1, 2));
        assert!(!cost(64, 0, 1));
    }

    /// LOG-07.
    #[test]
    fn the_shortfall_makes_up_for_a_cheaper_run() {
        let weak = |memory_kib, iterations| Cost { memory_kib, iterations, parallelism: 1 };
        let rest = |weak| Cost::FLOOR.shortfall(weak).map(super::Cost::work);

        assert_eq!(rest(weak(8, 1)), Some(38_906));
        assert_eq!(rest(weak(9_728, 1)), Some(29_184 + 2_432));
        assert_eq!(rest(weak(19_456, 1)), Some(19_456 + 4_864));
        assert_eq!(rest(weak(19_455, 2)), None);
        assert_eq!(Cost::FLOOR.shortfall(Cost::FLOOR), None);
        assert_eq!(weak(8, 1).shortfall(Cost::FLOOR), None);
    }
}
