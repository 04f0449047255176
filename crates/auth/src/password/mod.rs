//! Passwords: what makes one acceptable, and how it is hashed and verified.
//!
//! Argon2id runs on threads of its own behind a bounded queue, so that log-ins
//! neither stop other pages nor fill the memory (CVE-2013-1443 and its kin).
//! Every log-in costs one run, whether or not the account exists. Throttling the
//! tries is not done here: see `auth::throttle`.

mod cost;
mod hash;
mod hash_error;
mod hasher;
mod judge;
mod memory;
mod policy;
mod pool;
mod settings;

pub use hash::PasswordHash;
pub use hash_error::HashError;
pub use hasher::hash_alone;
pub use hasher::{MatchTime, PasswordHasher, PasswordMatch};
pub(crate) use judge::PasswordJudge;
pub use policy::{PasswordPolicy, PasswordProblem};
pub use pool::HashingState;
pub use settings::{InvalidPasswordSettings, PasswordSettings};
