//! The second factors of an account, whatever their kind: the one place where an account gets or
//! loses one. Their owner changes them in [`crate::own_factors`].
//!
//! A factor counts once the account asks for one at log-ins, and that begins when the owner has
//! saved recovery codes ([`crate::recovery_codes`]). Until then a factor opens and guards nothing.

use domain::{
    Assurance, AuditNote, DisplayName, FactorKind, Permission, Principal, Role, SecurityEvent,
    SessionKey, Timestamp, User, UserId,
};
use store::{StoreError, WriteTx};

use crate::{
    Client, Fault, SecondFactorMode,
    context::Context,
    fault::ending_in_fault,
    mail::{FactorNews, factor_notice},
    revocation::{RevocationReason, revoke},
    session::{RenewedSession, SessionId},
    timeline::{Origin, record},
};

/// A factor as events and mails name it.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'a> {
    pub(crate) kind: FactorKind,
    pub(crate) name: &'a DisplayName,
}

/// A factor that was just added.
pub(crate) struct FactorAddition<'a> {
    pub(crate) factor: Factor<'a>,
    /// Whether all other sessions of the user end.
    pub(crate) end_other_sessions: bool,
}

/// A factor was added.
#[derive(Clone, Debug)]
pub struct FactorAdded {
    /// The session, under its new id.
    pub session: RenewedSession,
    /// Whether log-ins ask for a second factor already. If not, recovery codes have to follow.
    pub is_on: bool,
}

/// What an account can be opened with, besides its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsableFactors {
    /// The kinds of its factors, each once.
    pub kinds: Vec<FactorKind>,
    /// Whether it has recovery codes that are not used.
    pub has_recovery_codes: bool,
}

/// Why a factor is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveFactorError {
    /// The user has no such factor, or not any more.
    #[error("there is no such factor")]
    NoSuchFactor,
    /// It is the last one, and the account has to have one.
    #[error("the last factor has to stay")]
    LastOne,
    /// The account has no password, and could be lost with one more authenticator.
    #[error("the last way in has to stay")]
    LastWayIn,
    /// The session that asks was ended meanwhile.
    #[error("the session has ended")]
    SessionEnded,
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RemoveFactorError);

impl Context {
    /// Whether an account with this role has to have a second factor.
    pub(crate) fn requires_second_factor(&self, role: &Role) -> bool {
        let of_admins = [
            Permission::READ_USERS,
            Permission::MANAGE_USERS,
            Permission::READ_EVENTS,
            Permission::MANAGE_MAIL,
        ];
        match self.settings.accounts.second_factor {
            SecondFactorMode::Off | SecondFactorMode::Optional => false,
            SecondFactorMode::Admins => {
                of_admins.iter().any(|permission| self.settings.roles.allows(role, *permission))
            }
            SecondFactorMode::Everyone => true,
        }
    }

    /// What the account can be opened with, besides its password.
    pub(crate) async fn usable_factors(&self, user_id: UserId) -> Result<UsableFactors, Fault> {
        let factors = self.store.factors().list(user_id).await?;
        let codes = self.store.recovery_codes().list(user_id).await?;
        let mut kinds: Vec<_> = factors.iter().map(|factor| factor.kind).collect();
        kinds.dedup();
        let has_recovery_codes = codes.iter().any(|code| code.used_at.is_none());
        Ok(UsableFactors { kinds, has_recovery_codes })
    }

    /// Notes that the factor was added to the account of the locked user, once `tx` commits, and
    /// ends the other sessions if they are to end. The owner is told. The session goes on under a new
    /// id, as one in which the factor was given. `None` if it has ended.
    pub(crate) async fn factor_added(
        &self,
        tx: &WriteTx,
        (principal, user): (&Principal, &User),
        FactorAddition { factor, end_other_sessions }: FactorAddition<'_>,
        client: &Client,
    ) -> Result<Option<FactorAdded>, StoreError> {
        let is_passkey = factor.kind == FactorKind::Passkey;
        let given = if is_passkey { Assurance::Passkey } else { Assurance::PasswordAndCode };
        let Some(mut session) = self.note_factor(tx, principal, given).await? else {
            return Ok(None);
        };
        session.principal.keys.has_passkey |= is_passkey;
        let event = SecurityEvent::of_added_factor(factor.kind);
        self.record_factor(tx, user.id, (event, factor.name), client).await?;
        let own = session.principal.session_key;
        let ends_all_but = end_other_sessions.then_some(own);
        revoke(tx, user.id, RevocationReason::FactorAdded(ends_all_but)).await?;
        let is_on = user.second_factor_since.is_some();
        // A passkey opens the account at once, before log-ins ask for a second factor.
        if is_on || is_passkey {
            self.queue_factor_notice(tx, user, FactorNews::Added(factor.kind, factor.name)).await?;
        }
        Ok(Some(FactorAdded { session, is_on }))
    }

    /// From now on log-ins to the account of the locked user ask for a factor, once `tx` commits.
    /// The owner is told.
    pub(crate) async fn switch_second_factor_on(
        &self,
        tx: &WriteTx,
        user: &User,
        client: &Client,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        tx.users().set_second_factor(user.id, Some(now)).await?;
        let event = SecurityEvent::SecondFactorOn;
        record(tx, user.id, event, Origin::owner(client), now).await?;
        self.queue_factor_notice(tx, user, FactorNews::On).await
    }

    /// Notes that the factor was removed from the account of the locked user, once `tx` commits.
    /// Every session but `own` ends, and the owner is told. Without another factor log-ins ask for
    /// the password alone, and the recovery codes are void; an account that has to have a factor
    /// keeps its last one. The caller has deleted the row.
    pub(crate) async fn factor_removed(
        &self,
        tx: &WriteTx,
        user: &User,
        (factor, own): (Factor<'_>, SessionKey),
        client: &Client,
    ) -> Result<(), RemoveFactorError> {
        let is_last = tx.factors().list(user.id).await?.is_empty();
        let is_on = user.second_factor_since.is_some();
        if is_last && is_on && self.requires_second_factor(&user.role) {
            return Err(RemoveFactorError::LastOne);
        }
        let event = SecurityEvent::of_removed_factor(factor.kind);
        self.record_factor(tx, user.id, (event, factor.name), client).await?;
        revoke(tx, user.id, RevocationReason::FactorRemoved(own)).await?;
        if !is_on {
            return Ok(());
        }
        if is_last {
            tx.users().set_second_factor(user.id, None).await?;
            tx.recovery_codes().delete_of_user(user.id).await?;
            let (event, now) = (SecurityEvent::SecondFactorOff, self.clock.now());
            record(tx, user.id, event, Origin::owner(client), now).await?;
        }
        let news = FactorNews::Removed { kind: factor.kind, name: factor.name, is_last };
        Ok(self.queue_factor_notice(tx, user, news).await?)
    }

    /// Notes that a factor was given in the session, which goes on under a new id (ASVS 7.2.4).
    /// `None` when it has ended or another request was first.
    async fn note_factor(
        &self,
        tx: &WriteTx,
        principal: &Principal,
        assurance: Assurance,
    ) -> Result<Option<RenewedSession>, StoreError> {
        let (id, now) = (SessionId::generate(), self.clock.now());
        let assurance = assurance.max(principal.assurance);
        let (old, new) = (&principal.session_key, id.key());
        if !tx.sessions().set_factor(old, &new, assurance, now).await? {
            return Ok(None);
        }
        if let Some(user) = tx.users().find(principal.user_id).await? {
            self.stop_factor_reset(tx, &user, Origin::ABSENT_OWNER, now).await?;
        }
        // The note of its last use was made under the old id.
        self.last_seen.note(new, now);
        let principal = Principal {
            session_key: new,
            assurance,
            factor_at: Some(now),
            factor_reset_at: None,
            ..Principal::clone(principal)
        };
        Ok(Some(RenewedSession { principal, id }))
    }

    /// Queues a notice about the factors of the user, with the link "this wasn't me".
    pub(crate) async fn queue_factor_notice(
        &self,
        tx: &WriteTx,
        user: &User,
        news: FactorNews<'_>,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let since = began_at(tx, user.id, news).await?.map_or(now, |since| since.min(now));
        let of = self.notice_since(tx, user, since, now).await?;
        tx.outbox().insert(factor_notice(&of, user, news), now).await.map(drop)
    }

    async fn record_factor(
        &self,
        tx: &WriteTx,
        user_id: UserId,
        (event, name): (SecurityEvent, &DisplayName),
        client: &Client,
    ) -> Result<(), StoreError> {
        // A name is shorter than a note, and has no character that a note refuses.
        let note = AuditNote::parse(name.as_str()).unwrap_or_default();
        let origin = Origin::owner(client).because(&note);
        record(tx, user_id, event, origin, self.clock.now()).await
    }
}

/// When the subject of the news began: a compromise report takes back what came from then on.
async fn began_at(
    tx: &WriteTx,
    user_id: UserId,
    news: FactorNews<'_>,
) -> Result<Option<Timestamp>, StoreError> {
    let added = async || {
        let factors = tx.factors().list(user_id).await?;
        Ok::<_, StoreError>(factors.into_iter().map(|factor| factor.created_at))
    };
    Ok(match news {
        FactorNews::Added(..) => added().await?.max(),
        FactorNews::On => added().await?.min(),
        FactorNews::RecoveryCodesRenewed => {
            tx.recovery_codes().list(user_id).await?.first().map(|code| code.created_at)
        }
        _ => None,
    })
}
