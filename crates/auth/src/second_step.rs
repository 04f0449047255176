//! The second step of a log-in: a code of an authentication app, or a recovery code. A passkey is in
//! [`crate::passkeys`].
//!
//! Every try is counted before it is looked at: for the pending log-in, and for the account, where
//! all kinds of factors and all places that ask for one share a count (MFA-02). The owner is told of
//! a right password with a wrong second factor (OWASP ASVS 5.0, 6.3.5).

use std::time::Duration;

use domain::{RefusalReason, SecondFactorCode, UserId};
use store::{StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    counters::LogInOutcome,
    fault::ending_in_fault,
    mail::FactorNews,
    pending_log_in::{Finish, FinishedLogIn, PendingKey},
    refusal_notes::{Attempt, Refusal},
    services::Sessions,
    throttle::{self, Refused},
    ways_in::WayIn,
};

/// The command: finish a pending log-in by a code.
#[derive(Clone, Copy, Debug)]
pub struct LogInByCode<'a> {
    /// The value of the cookie of the pending log-in.
    pub cookie: &'a str,
    /// The code.
    pub code: &'a SecondFactorCode,
    /// Whether log-ins in this browser are to ask for no factor for 30 days.
    pub remember_browser: bool,
    /// The value of the browser's device cookie.
    pub device: Option<&'a str>,
}

/// Why a pending log-in is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SecondStepError {
    /// There is no pending log-in, or it is over.
    #[error("there is no pending log-in")]
    NoPendingLogIn,
    /// The code is wrong, or was used.
    #[error("wrong code")]
    WrongCode,
    /// The answer of the passkey is wrong, or it is another account's.
    #[error("wrong passkey")]
    WrongPasskey,
    /// The challenge of the passkey is too old, was answered before, or is of another form.
    #[error("the challenge has expired")]
    PasskeyExpired,
    /// Too many codes were tried at the account.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(SecondStepError);

impl Sessions<'_> {
    /// Finishes a pending log-in with a code, which is used up.
    pub async fn log_in_by_code(
        self,
        step: LogInByCode<'_>,
        client: &Client,
    ) -> Result<FinishedLogIn, SecondStepError> {
        let result = Box::pin(self.try_code(step, client)).await;
        self.0.count_second_step(&result);
        result
    }

    async fn try_code(
        self,
        step: LogInByCode<'_>,
        client: &Client,
    ) -> Result<FinishedLogIn, SecondStepError> {
        let key = PendingKey::of(step.cookie);
        let user_id = self.0.take_second_step_try(key, client).await?;
        let proven = self.0.check_code(user_id, step.code).await?;
        let Some(proven) = proven else {
            self.0.refuse_code((user_id, Attempt::LogIn), client).await?;
            return Err(SecondStepError::WrongCode);
        };
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(user_id).await?;
        let user = user.ok_or(SecondStepError::NoPendingLogIn)?;
        let device = self.0.known_device(step.device, &user.email).await?;
        if !self.0.spend_code(&tx, &user, &proven, client).await? {
            drop(tx);
            self.0.refuse_code((user_id, Attempt::LogIn), client).await?;
            return Err(SecondStepError::WrongCode);
        }
        let finish = Finish { way: WayIn::Code, remember_browser: step.remember_browser, device };
        let finished = self.0.finish_pending(&tx, (key, user), finish, client).await?;
        let finished = finished.ok_or(SecondStepError::NoPendingLogIn)?;
        self.0.give_back_code_try(&tx, user_id).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        Ok(finished)
    }
}

impl Context {
    /// Counts and logs the end of a second step, whichever kind of factor was given.
    pub(crate) fn count_second_step(&self, result: &Result<FinishedLogIn, SecondStepError>) {
        if let Some(outcome) = outcome(result) {
            self.counters.count_log_in(outcome);
        }
        if let Ok(finished) = result {
            tracing::info!(user_id = %finished.logged_in.user.id, "logged in in two steps");
        }
    }

    /// Counts a try at a pending log-in and at its account. The user of the pending log-in.
    pub(crate) async fn take_second_step_try(
        &self,
        key: PendingKey,
        client: &Client,
    ) -> Result<UserId, SecondStepError> {
        let (tx, now) = (self.store.begin().await?, self.clock.now());
        let row = tx.pending_log_ins().take_try(&key.0, now).await?;
        let user_id = row.ok_or(SecondStepError::NoPendingLogIn)?.user_id;
        let bucket = self.throttle.code_of_account(user_id);
        if let Err(Refused { retry_after }) = throttle::take(&tx, &[bucket], now).await? {
            self.note_code_refusal(user_id, RefusalReason::ThrottledCode, Attempt::LogIn, client);
            return Err(SecondStepError::Throttled { retry_after });
        }
        tx.commit().await?;
        Ok(user_id)
    }

    /// Takes back a try that was right: owners do not use up their own tries.
    pub(crate) async fn give_back_code_try(
        &self,
        tx: &WriteTx,
        user_id: UserId,
    ) -> Result<(), StoreError> {
        throttle::give_back(tx, &[self.throttle.code_of_account(user_id)]).await?;
        throttle::clear(tx, &self.throttle.untold_wrong_factors(user_id)).await
    }

    /// Notes a wrong code after a right password.
    pub(crate) async fn refuse_code(
        &self,
        (user_id, attempt): (UserId, Attempt),
        client: &Client,
    ) -> Result<(), Fault> {
        self.note_code_refusal(user_id, RefusalReason::WrongCode, attempt, client);
        self.count_wrong_factor(user_id, client).await
    }

    /// Counts a wrong factor after a right password, and tells the owner of the second one in a day.
    /// An owner who mistypes once and then logs in is told nothing.
    pub(crate) async fn count_wrong_factor(
        &self,
        user_id: UserId,
        client: &Client,
    ) -> Result<(), Fault> {
        let (tx, now) = (self.store.begin().await?, self.clock.now());
        let user = tx.users().lock_enabled(user_id).await?;
        let is_news = |taken: Result<(), Refused>| taken.is_err();
        let untold = self.throttle.untold_wrong_factors(user_id);
        if let Some(user) = user
            && is_news(throttle::take(&tx, &[Some(untold)], now).await?)
        {
            let mails = self.throttle.misuse_mails(b"wrong code mails", user_id);
            if throttle::take(&tx, &[Some(mails)], now).await?.is_ok() {
                let news = FactorNews::WrongFactor(client, now);
                self.queue_factor_notice(&tx, &user, news).await?;
            }
        }
        tx.commit().await?;
        self.outbox.wake();
        Ok(())
    }

    pub(crate) fn note_code_refusal(
        &self,
        user_id: UserId,
        reason: RefusalReason,
        attempt: Attempt,
        client: &Client,
    ) {
        self.note_refusal(Refusal { attempt, user_id: Some(user_id), reason }, client);
    }
}

/// The outcome for the metrics. `None` where there was no log-in to finish.
const fn outcome(result: &Result<FinishedLogIn, SecondStepError>) -> Option<LogInOutcome> {
    Some(match result {
        Ok(_) => LogInOutcome::LoggedIn,
        Err(
            SecondStepError::WrongCode
            | SecondStepError::WrongPasskey
            | SecondStepError::PasskeyExpired,
        ) => LogInOutcome::Refused,
        Err(SecondStepError::Throttled { .. }) => LogInOutcome::Throttled,
        Err(SecondStepError::Fault(Fault::Busy { .. })) => LogInOutcome::Busy,
        Err(SecondStepError::Fault(_)) => LogInOutcome::Failed,
        Err(SecondStepError::NoPendingLogIn) => return None,
    })
}
