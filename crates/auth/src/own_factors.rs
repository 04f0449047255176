//! The second factors of the principal's own account: listed, renamed and removed, whatever their
//! kind. Each kind is added in a file of its own.

use domain::{DisplayName, FactorId, FactorKind, Principal};
use store::{ListedFactor, RecoveryCodeState};

use crate::{
    Client, Fault,
    factors::{Factor, RemoveFactorError},
    services::OwnAccount,
};

/// The factors of an account, as its owner sees them.
#[derive(Clone, Debug)]
pub struct FactorList {
    /// The factors, by kind and age.
    pub factors: Vec<ListedFactor>,
    /// The recovery codes, used ones included.
    pub recovery_codes: Vec<RecoveryCodeState>,
    /// Whether the account has to have a factor.
    pub is_required: bool,
}

impl OwnAccount<'_> {
    /// The second factors of the principal's own account.
    pub async fn list_factors(self, principal: &Principal) -> Result<FactorList, Fault> {
        let (user_id, store) = (principal.user_id, &self.0.store);
        Ok(FactorList {
            factors: store.factors().list(user_id).await?,
            recovery_codes: store.recovery_codes().list(user_id).await?,
            is_required: self.0.requires_second_factor(&principal.role),
        })
    }

    /// Renames a factor of the principal. Returns `false` if there is no such factor.
    pub async fn rename_factor(
        self,
        principal: &Principal,
        factor: (FactorKind, FactorId),
        name: &DisplayName,
    ) -> Result<bool, Fault> {
        let tx = self.0.store.begin().await?;
        let renamed = tx.factors().set_name(principal.user_id, factor, name).await?;
        tx.commit().await?;
        Ok(renamed)
    }

    /// Removes a factor of the principal. Every other session ends.
    pub async fn remove_factor(
        self,
        principal: &Principal,
        (kind, id): (FactorKind, FactorId),
        client: &Client,
    ) -> Result<(), RemoveFactorError> {
        let tx = self.0.store.begin().await?;
        let user = tx.users().lock_enabled(principal.user_id).await?;
        let user = user.ok_or(RemoveFactorError::SessionEnded)?;
        let open = self.0.lock_sessions(&tx, principal).await?;
        open.ok_or(RemoveFactorError::SessionEnded)?;
        let name = tx.factors().delete(user.id, (kind, id)).await?;
        let name = name.ok_or(RemoveFactorError::NoSuchFactor)?;
        if kind == FactorKind::Passkey && !self.0.keeps_a_way_in(&tx, user.id).await? {
            return Err(RemoveFactorError::LastWayIn);
        }
        let factor = Factor { kind, name: &name };
        self.0.factor_removed(&tx, &user, (factor, principal.session_key), client).await?;
        tx.commit().await?;
        self.0.outbox.wake();
        tracing::info!(user_id = %user.id, kind = kind.as_str(), "second factor removed");
        Ok(())
    }
}
