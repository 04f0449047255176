//! Checks passwords against the policy beside the requests: a check keeps a processor busy for
//! milliseconds, which a handler would take from every other page. Threads of the lowest priority
//! run the checks behind a bounded queue. A check is skipped when its visitor has gone, and refused
//! at once when the queue is full.
//!
//! Threat: a stranger who causes many checks and slows other pages (RES-01).

use std::io;

use domain::{DisplayName, EmailAddress, Password};

use super::{
    cost::Cost,
    hash_error::HashError,
    policy::{PasswordPolicy, PasswordProblem},
    pool::Pool,
};

/// Threads that check; their queue holds a burst of 64.
const THREADS: usize = 2;

/// The check of new passwords against the policy, on threads of its own.
pub(crate) struct PasswordJudge {
    policy: PasswordPolicy,
    pool: Pool,
}

impl PasswordJudge {
    /// Starts the threads. They accept passwords of at least `min_length` characters, but not the
    /// name of `product`.
    pub(crate) fn start(min_length: usize, product: &'static str) -> io::Result<Self> {
        // Only a run of Argon2 allocates this memory, and a check runs none.
        let pool = Pool::start(THREADS, Cost::FLOOR)?;
        Ok(Self { policy: PasswordPolicy::new(min_length, product), pool })
    }

    /// Checks `password` against the policy. With an owner, it may not be the owner's address or
    /// name either.
    pub(crate) async fn judge(
        &self,
        password: &Password,
        owner: Option<(&EmailAddress, &DisplayName)>,
    ) -> Result<Result<(), PasswordProblem>, HashError> {
        let (policy, password) = (self.policy, password.clone());
        let owner = owner.map(|(email, name)| (email.clone(), name.clone()));
        let judged = self.pool.run(move |_| {
            Ok(match &owner {
                Some((email, name)) => policy.check(&password, email, name),
                None => policy.check_alone(&password),
            })
        });
        judged.await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RES-01.
    #[tokio::test]
    async fn more_passwords_than_the_queue_holds_are_refused_and_none_holds_up_the_caller() {
        let judge = PasswordJudge::start(15, "Example").unwrap();
        let password = Password::parse("a goose on the loose").unwrap();
        assert_eq!(judge.judge(&password, None).await, Ok(Ok(())));

        let mut queued: Vec<_> = (0..200).map(|_| Box::pin(judge.judge(&password, None))).collect();
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let refused = queued.iter_mut().filter_map(|one| match one.as_mut().poll(&mut context) {
            std::task::Poll::Ready(answer) => Some(answer),
            std::task::Poll::Pending => None,
        });
        let refused = refused.filter(|answer| matches!(answer, Err(HashError::Busy { .. })));
        assert!(refused.count() > 100);
    }
}
