//! Passwords: the policy for new ones, hashing and verification.
//!
//! Argon2id runs on threads of its own behind a bounded queue, so that log-ins neither stop other
//! pages nor fill the memory. Threat: denial of service by hashing, such as CVE-2013-1443. Every
//! log-in costs one run, whether or not the account exists. Limits on tries are not here, but in
//! `auth::throttle`.

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
