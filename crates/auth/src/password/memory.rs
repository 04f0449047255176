//! The memory of one hashing thread, taken on first use and used again for every
//! run: the allocator would keep a freed block for each thread that ever hashed.
//! It is wiped before it is given back.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use argon2::{Algorithm, Argon2, Block, Version};
use domain::Password;
use zeroize::Zeroize;

use super::{cost::Cost, hash_error::HashError};

/// Blocks that the allocator takes for much: a MiB.
const MUCH: usize = 1 << 10;

/// The runs of all threads so far.
#[derive(Default)]
pub(super) struct Runs {
    /// How many times.
    pub(super) count: AtomicU64,
    /// Over how many blocks, all passes together.
    pub(super) work: AtomicU64,
}

/// One thread's working memory.
pub(super) struct Memory {
    blocks: Vec<Block>,
    is_kept_by_allocator: bool,
    kept: usize,
    runs: Arc<Runs>,
}

impl Memory {
    /// Empty memory that keeps what a run of `kept` takes once it has it.
    pub(super) fn new(kept: Cost, runs: Arc<Runs>) -> Self {
        let kept = kept.params().map_or(0, |params| params.block_count());
        Self { blocks: Vec::new(), is_kept_by_allocator: false, kept, runs }
    }

    /// Runs Argon2id over `password` into `output`.
    pub(super) fn argon2id(
        &mut self,
        cost: Cost,
        password: &Password,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), HashError> {
        let params = cost.params().ok_or(HashError::Internal)?;
        self.reserve(params.block_count())?;
        self.runs.count.fetch_add(1, Ordering::Relaxed);
        self.runs.work.fetch_add(cost.work(), Ordering::Relaxed);
        let password = password.expose().as_bytes();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon2
            .hash_password_into_with_memory(password, salt, output, &mut self.blocks)
            .map_err(|_| HashError::Internal)
    }

    fn reserve(&mut self, count: usize) -> Result<(), HashError> {
        if self.blocks.len() < count {
            self.wipe();
            let reserved = self.blocks.try_reserve_exact(count);
            reserved.map_err(|_| HashError::BUSY)?;
            self.blocks.resize(count, Block::new());
        }
        Ok(())
    }

    /// Gives back what a run of another cost took beyond the usual.
    pub(super) fn trim(&mut self) {
        if self.blocks.len() > self.kept {
            self.wipe();
        }
    }

    /// Returns the memory in two calls, seconds apart: the allocator keeps freed memory until a
    /// large allocation a second or more later, which may never come on a quiet server. The second
    /// call makes that allocation.
    pub(super) fn release(&mut self) {
        if self.blocks.is_empty() {
            let mut much = Vec::<Block>::new();
            let _ = much.try_reserve_exact(MUCH);
            drop(black_box(much));
            self.is_kept_by_allocator = false;
        } else {
            self.wipe();
        }
    }

    /// Whether there is nothing to give back.
    pub(super) fn is_released(&self) -> bool {
        self.blocks.is_empty() && !self.is_kept_by_allocator
    }

    fn wipe(&mut self) {
        self.is_kept_by_allocator |= !self.blocks.is_empty();
        self.blocks.zeroize();
        self.blocks = Vec::new();
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
    const DEARER: Cost = Cost { memory_kib: 64, iterations: 1, parallelism: 1 };

    fn run(memory: &mut Memory, cost: Cost) -> [u8; 32] {
        let mut output = [0; 32];
        let password = Password::parse("purple monkey dishwasher").unwrap();
        memory.argon2id(cost, &password, b"salt of the test", &mut output).unwrap();
        output
    }

    #[test]
    fn a_run_does_not_depend_on_what_the_memory_held() {
        let mut memory = Memory::new(CHEAP, Arc::default());
        let first = run(&mut memory, CHEAP);

        run(&mut memory, DEARER);

        assert_eq!(run(&mut memory, CHEAP), first);
        assert_eq!(memory.runs.count.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn memory_is_kept_for_the_usual_cost_only_until_it_is_given_back() {
        let mut memory = Memory::new(CHEAP, Arc::default());
        assert!(memory.is_released());

        run(&mut memory, CHEAP);
        memory.trim();
        assert_eq!(memory.blocks.len(), 8);

        run(&mut memory, DEARER);
        memory.trim();
        assert_eq!((memory.blocks.capacity(), memory.is_released()), (0, false));

        run(&mut memory, CHEAP);
        memory.release();
        assert_eq!((memory.blocks.capacity(), memory.is_released()), (0, false));
        memory.release();
        assert!(memory.is_released());
    }

    /// LOG-10.
    #[test]
    fn a_cost_out_of_bounds_is_not_run() {
        let mut memory = Memory::new(CHEAP, Arc::default());
        let password = Password::parse("purple monkey dishwasher").unwrap();
        let absurd = Cost { memory_kib: u32::MAX, ..CHEAP };

        let outcome = memory.argon2id(absurd, &password, b"salt of the test", &mut [0; 32]);

        assert_eq!(outcome, Err(HashError::Internal));
        assert_eq!(memory.runs.count.load(Ordering::Relaxed), 0);
    }
}
