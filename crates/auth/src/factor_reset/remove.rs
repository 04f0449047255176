//! Removes factors without a proof of one: all of them after a wait or on the order of an operator,
//! and those that a thief may have added when an owner takes the account back.

use domain::{AuditNote, SecurityEvent, Timestamp, User};
use store::{StoreError, WriteTx};

use crate::{
    context::Context,
    mail::factor_reset as mails,
    revocation::{RevocationReason, revoke},
    timeline::{Origin, record},
};

impl Context {
    /// Removes every factor and recovery code of the locked user, and ends every session, once `tx`
    /// commits. The owner is told. Returns `false` if log-ins ask for no factor.
    pub(crate) async fn reset_factors(
        &self,
        tx: &WriteTx,
        user: &User,
        origin: Origin<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if user.second_factor_since.is_none() {
            return Ok(false);
        }
        record(tx, user.id, SecurityEvent::FactorsReset, origin, now).await?;
        self.remove_factors_since(tx, user, (Timestamp::default(), origin), now).await?;
        revoke(tx, user.id, RevocationReason::FactorsReset).await?;
        let of = self.notice_with_link(tx, user, now).await?;
        tx.outbox().insert(mails::done(&of, user), now).await?;
        tracing::warn!(user_id = %user.id, "second factors removed");
        Ok(true)
    }

    /// Removes the factors that the locked user got at `since` or later, and the recovery codes of
    /// that time. Without any other factor, log-ins ask for the password alone.
    pub(crate) async fn remove_factors_since(
        &self,
        tx: &WriteTx,
        user: &User,
        (since, origin): (Timestamp, Origin<'_>),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for factor in tx.factors().list(user.id).await? {
            if factor.created_at >= since {
                tx.factors().delete(user.id, (factor.kind, factor.id)).await?;
                // A name is shorter than a note, and has no character that a note refuses.
                let note = AuditNote::parse(factor.name.as_str()).unwrap_or_default();
                let event = SecurityEvent::of_removed_factor(factor.kind);
                record(tx, user.id, event, origin.because(&note), now).await?;
            }
        }
        let codes = tx.recovery_codes().list(user.id).await?;
        let is_new = codes.first().is_some_and(|code| code.created_at >= since);
        let is_last = tx.factors().list(user.id).await?.is_empty();
        if is_new || is_last {
            tx.recovery_codes().delete_of_user(user.id).await?;
        }
        if is_last && tx.users().set_second_factor(user.id, None).await? {
            record(tx, user.id, SecurityEvent::SecondFactorOff, origin, now).await?;
        }
        Ok(())
    }
}
