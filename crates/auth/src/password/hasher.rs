//! Hashing and verifying on the pool's threads.
//!
//! The time of an answer must not show whether an account exists (ENU-01). Unknown users and
//! unusable hashes are verified against a dummy hash through the same queue. A mismatch costs as
//! much as the most expensive hash seen so far, and so does a match that is refused. An error is
//! never a success and never a failed try.

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
};

use argon2::{Algorithm, Argon2, Version};
use domain::Password;
use subtle::ConstantTimeEq;

use crate::Seldom;

use super::{
    PasswordSettings,
    cost::Cost,
    hash::{OUTPUT_LENGTH, ParsedHash, PasswordHash, SALT_LENGTH},
    hash_error::HashError,
    memory::Memory,
    pool::{HashingState, Pool},
};

/// A handle to the hashing threads, which end with the last clone of it.
#[derive(Clone)]
pub struct PasswordHasher {
    pool: Arc<Pool>,
    cost: Cost,
    /// Has the cost of the most expensive hash, because the settings may have been lowered since
    /// that was made.
    dummy: Arc<Mutex<Arc<ParsedHash>>>,
}

/// The relation of a password to a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordMatch {
    /// The hash is of this password.
    Match {
        /// Whether the hash was made with other parameters than the current ones
        /// and should be replaced.
        rehash: bool,
    },
    /// The hash is of another password, unusable, or missing.
    Mismatch,
}

/// How long it takes to find that a password is that of the stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchTime {
    /// As long as the hash itself costs: the visitor sees the success anyway.
    OfTheHash,
    /// As long as a mismatch: the time must not tell that there is the account.
    OfAMismatch,
}

impl PasswordHasher {
    /// Starts the threads; their memory is taken when it is first needed. The
    /// settings must be valid.
    pub fn start(settings: &PasswordSettings) -> io::Result<Self> {
        let cost = settings.cost();
        let pool = Pool::start(settings.max_concurrent, cost)?;
        let dummy = Arc::new(ParsedHash::dummy(cost));
        Ok(Self { pool: Arc::new(pool), cost, dummy: Arc::new(Mutex::new(dummy)) })
    }

    /// Hashes a new password with a salt of its own.
    pub async fn hash(&self, password: &Password) -> Result<PasswordHash, HashError> {
        let (password, like) = (password.clone(), ParsedHash::dummy(self.cost));
        self.pool.run(move |memory| hash(memory, like, &password)).await
    }

    /// Compares `password` with a stored hash, or with a dummy for an unknown user. `match_time` is
    /// how long a match takes.
    ///
    /// One Argon2 run each; a mismatch with a cheaper hash than the most expensive one takes a
    /// second run for the rest of the time.
    pub async fn verify(
        &self,
        password: &Password,
        stored: Option<&PasswordHash>,
        match_time: MatchTime,
    ) -> Result<PasswordMatch, HashError> {
        let stored = stored.filter(|hash| !hash.is_unusable());
        let parsed = stored.and_then(ParsedHash::parse);
        if stored.is_some() && parsed.is_none() {
            static UNUSABLE: Seldom = Seldom::new();
            if let Some(left_out) = UNUSABLE.due() {
                tracing::error!(
                    left_out,
                    "a stored password hash is unusable, so no password matches it"
                );
            }
        }
        let password = password.clone();
        let cost = self.cost;
        let dummy = self.dummy(parsed.as_ref());
        let Some(parsed) = parsed else {
            let verifying = self.pool.run(move |memory| {
                memory.argon2id(dummy.cost, &password, &dummy.salt, &mut [0; OUTPUT_LENGTH])
            });
            return verifying.await.map(|()| PasswordMatch::Mismatch);
        };
        let dearest = dummy.cost;
        let verifying = self.pool.run(move |memory| {
            let matched = verify(memory, cost, &password, &parsed)?;
            if matched == PasswordMatch::Mismatch || match_time == MatchTime::OfAMismatch {
                make_up_for(memory, dearest, parsed.cost, (&password, &parsed.salt))?;
            }
            Ok(matched)
        });
        verifying.await
    }

    /// The dummy, replaced when `seen` is more expensive.
    fn dummy(&self, seen: Option<&ParsedHash>) -> Arc<ParsedHash> {
        let mut dummy = self.dummy.lock().unwrap_or_else(PoisonError::into_inner);
        let dearest = seen.map_or(dummy.cost, |seen| dummy.cost.dearer(seen.cost));
        if dearest != dummy.cost {
            *dummy = Arc::new(ParsedHash::dummy(dearest));
        }
        Arc::clone(&dummy)
    }

    /// The present work of the threads, and their counts.
    pub(crate) fn state(&self) -> HashingState {
        self.pool.state()
    }

    /// How many times Argon2 was run so far.
    pub fn runs(&self) -> u64 {
        self.pool.runs().count.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for PasswordHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHasher").field("cost", &self.cost).finish_non_exhaustive()
    }
}

/// One run of Argon2 with these settings, beside the threads of the server; the doctor measures how
/// long it takes. `None` where the settings cannot be used.
pub fn hash_alone(settings: &PasswordSettings, password: &Password) -> Option<[u8; OUTPUT_LENGTH]> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, settings.cost().params()?);
    let salt = domain::random::bytes::<SALT_LENGTH>();
    let mut output = [0; OUTPUT_LENGTH];
    argon2.hash_password_into(password.expose().as_bytes(), &salt, &mut output).ok()?;
    Some(output)
}

fn hash(
    memory: &mut Memory,
    mut like: ParsedHash,
    password: &Password,
) -> Result<PasswordHash, HashError> {
    memory.argon2id(like.cost, password, &like.salt, &mut like.output)?;
    like.format().ok_or(HashError::Internal)
}

fn verify(
    memory: &mut Memory,
    current: Cost,
    password: &Password,
    stored: &ParsedHash,
) -> Result<PasswordMatch, HashError> {
    let mut output = vec![0; stored.output.len()];
    memory.argon2id(stored.cost, password, &stored.salt, &mut output)?;
    let is_match: bool = output.ct_eq(&stored.output).into();
    Ok(if is_match {
        PasswordMatch::Match { rehash: stored.cost != current }
    } else {
        PasswordMatch::Mismatch
    })
}

/// Runs on for the difference between a run at `cost` and one at `dearest`.
fn make_up_for(
    memory: &mut Memory,
    dearest: Cost,
    cost: Cost,
    (password, salt): (&Password, &[u8]),
) -> Result<(), HashError> {
    dearest
        .shortfall(cost)
        .map_or(Ok(()), |rest| memory.argon2id(rest, password, salt, &mut [0; OUTPUT_LENGTH]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: &str = "$argon2id$v=19$m=64,t=2,p=1$";

    fn settings() -> PasswordSettings {
        PasswordSettings { memory_kib: 64, max_concurrent: 1, ..PasswordSettings::default() }
    }

    fn hasher() -> PasswordHasher {
        PasswordHasher::start(&settings()).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    async fn verify(
        hasher: &PasswordHasher,
        password: &Password,
        stored: Option<&PasswordHash>,
    ) -> Result<PasswordMatch, HashError> {
        hasher.verify(password, stored, MatchTime::OfTheHash).await
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let hasher = hasher();
        let right = password("purple monkey dishwasher");
        let hash = hasher.hash(&right).await.unwrap();

        let verdict = verify(&hasher, &right, Some(&hash)).await;
        assert_eq!(verdict, Ok(PasswordMatch::Match { rehash: false }));

        for wrong in ["Purple monkey dishwasher", "purple monkey dishwasher ", "purple monkey"] {
            let verdict = verify(&hasher, &password(wrong), Some(&hash)).await;
            assert_eq!(verdict, Ok(PasswordMatch::Mismatch), "{wrong}");
        }
    }

    /// REG-07.
    #[tokio::test]
    async fn no_character_of_a_long_password_is_ignored() {
        let hasher = hasher();
        let long = "x".repeat(300);
        let hash = hasher.hash(&password(&long)).await.unwrap();

        for position in [72, 256, 299] {
            let mut other = long.clone();
            other.replace_range(position..=position, "y");
            let verdict = verify(&hasher, &password(&other), Some(&hash)).await;
            assert_eq!(verdict, Ok(PasswordMatch::Mismatch), "{position}");
        }
    }

    /// LOG-10.
    #[tokio::test]
    async fn equal_passwords_have_different_hashes_in_phc_form() {
        let hasher = hasher();
        let password = password("purple monkey dishwasher");

        let one = hasher.hash(&password).await.unwrap();
        let other = hasher.hash(&password).await.unwrap();

        assert!(one.as_str().starts_with(CHEAP), "{}", one.as_str());
        assert_ne!(one, other);
    }

    /// LOG-10: computed by the reference implementation of Argon2.
    #[tokio::test]
    async fn hashes_of_other_programs_are_verified() {
        let hash = PasswordHash::from_stored(
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
        );

        let verdict = verify(&hasher(), &password("password"), Some(&hash)).await;

        assert_eq!(verdict, Ok(PasswordMatch::Match { rehash: true }));
    }

    /// ENU-01, LOG-08.
    #[tokio::test]
    async fn unknown_users_and_unusable_hashes_cost_one_run_as_all_others_do() {
        let hasher = hasher();
        let password = password("purple monkey dishwasher");
        let hash = hasher.hash(&password).await.unwrap();
        let stored = |text: &str| Some(PasswordHash::from_stored(text));
        let absurd = hash.as_str().replace("m=64", "m=4294967295");

        for stored in [None, stored(""), stored("!"), stored("$argon2id$"), stored(&absurd)] {
            let before = hasher.runs();
            let verdict = verify(&hasher, &password, stored.as_ref()).await;
            assert_eq!(verdict, Ok(PasswordMatch::Mismatch));
            assert_eq!(hasher.runs() - before, 1);
        }
        let before = hasher.runs();
        verify(&hasher, &password, Some(&hash)).await.unwrap();
        assert_eq!(hasher.runs() - before, 1);
    }

    /// LOG-07.
    #[tokio::test]
    async fn a_hash_of_other_parameters_is_to_be_replaced_when_its_password_is_known() {
        let weaker = PasswordSettings { iterations: 1, ..settings() };
        let weaker = PasswordHasher::start(&weaker).unwrap();
        let hasher = hasher();
        let right = password("purple monkey dishwasher");
        let hash = weaker.hash(&right).await.unwrap();

        let verdict = verify(&hasher, &right, Some(&hash)).await;
        assert_eq!(verdict, Ok(PasswordMatch::Match { rehash: true }));
        assert_eq!(hasher.runs(), 1);

        let verdict = verify(&hasher, &password("another password"), Some(&hash)).await;
        assert_eq!(verdict, Ok(PasswordMatch::Mismatch));
        assert_eq!(hasher.runs(), 3, "a failure makes up for the cheaper run");
    }

    /// ENU-01, LOG-07: after the cost was lowered, the time of a mismatch tells neither the
    /// accounts with expensive hashes nor the others.
    #[tokio::test]
    async fn a_failure_costs_what_the_dearest_hash_costs() {
        let dear = PasswordSettings { memory_kib: 256, ..settings() };
        let dear = PasswordHasher::start(&dear).unwrap();
        let hasher = hasher();
        let (right, wrong) = (password("purple monkey dishwasher"), password("another password"));
        let old = dear.hash(&right).await.unwrap();
        let current = hasher.hash(&right).await.unwrap();
        let work = async |stored: Option<&PasswordHash>| {
            let before = hasher.pool.runs().work.load(Ordering::Relaxed);
            assert_eq!(verify(&hasher, &wrong, stored).await, Ok(PasswordMatch::Mismatch));
            hasher.pool.runs().work.load(Ordering::Relaxed) - before
        };
        let cheap = work(None).await;

        let known = work(Some(&old)).await;

        assert_eq!((cheap, known), (64 * 2, 256 * 2));
        assert_eq!(work(None).await, known);
        assert_eq!(work(Some(&PasswordHash::unusable())).await, known);
        let made_up_for = known + cheap / 4;
        assert_eq!(work(Some(&current)).await, made_up_for, "a quarter on top: see `shortfall`");
    }

    /// ENU-01: while the most expensive hash is more expensive than the one at hand, no refusal is
    /// quicker than a wrong password.
    #[tokio::test]
    async fn a_match_that_lets_nobody_in_costs_what_a_mismatch_costs() {
        let dear = PasswordSettings { memory_kib: 256, ..settings() };
        let (dear, hasher) = (PasswordHasher::start(&dear).unwrap(), hasher());
        let [own, wrong] = ["purple monkey dishwasher", "no monkey"].map(password);
        let seen = dear.hash(&own).await.unwrap();
        let stored = hasher.hash(&own).await.unwrap();
        verify(&hasher, &wrong, Some(&seen)).await.unwrap();
        let work = async |password: &Password, time| {
            let before = hasher.pool.runs().work.load(Ordering::Relaxed);
            hasher.verify(password, Some(&stored), time).await.unwrap();
            hasher.pool.runs().work.load(Ordering::Relaxed) - before
        };

        let mismatch = work(&wrong, MatchTime::OfTheHash).await;

        assert_eq!(work(&own, MatchTime::OfTheHash).await, 64 * 2);
        assert!(mismatch > 64 * 2, "{mismatch}");
        assert_eq!(work(&own, MatchTime::OfAMismatch).await, mismatch);
    }
}
