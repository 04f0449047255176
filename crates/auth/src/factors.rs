//! The consequences of adding or removing a second factor of any kind: sessions, events and
//! notices. The owner's changes are in [`crate::own_factors`], removals without proof of a factor
//! in [`crate::factor_reset`].
//!
//! Log-ins ask for a second factor once the owner has saved recovery codes
//! ([`crate::recovery_codes`]). Until then an authentication app has no effect, but a passkey can
//! already log in.

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

/// The kind and the name of a factor, for events and mails.
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

/// The result of adding a factor.
#[derive(Clone, Debug)]
pub struct FactorAdded {
    /// The session, with its new id.
    pub session: RenewedSession,
    /// Whether log-ins already ask for a second factor. If not, the owner must save recovery codes.
    pub is_on: bool,
}

/// The second factors that a log-in to an account accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsableFactors {
    /// The kinds of its factors, without duplicates.
    pub kinds: Vec<FactorKind>,
    /// Whether it has unused recovery codes.
    pub has_recovery_codes: bool,
}

/// The reason why a factor was not removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RemoveFactorError {
    /// The user has no such factor, or it was already removed.
    #[error("there is no such factor")]
    NoSuchFactor,
    /// It is the last factor of an account that must have one.
    #[error("the last factor has to stay")]
    LastOne,
    /// The account has no password; without this passkey, the loss of one more authenticator would
    /// lock the owner out.
    #[error("the last way in has to stay")]
    LastWayIn,
    /// The requesting session ended in the meantime.
    #[error("the session has ended")]
    SessionEnded,
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(RemoveFactorError);

impl Context {
    /// Returns whether an account with this role must have a second factor.
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

    /// Returns the second factors that a log-in to the account accepts.
    pub(crate) async fn usable_factors(&self, user_id: UserId) -> Result<UsableFactors, Fault> {
        let factors = self.store.factors().list(user_id).await?;
        let codes = self.store.recovery_codes().list(user_id).await?;
        let mut kinds = Vec::new();
        for factor in factors {
            if !kinds.contains(&factor.kind) {
                kinds.push(factor.kind);
            }
        }
        let has_recovery_codes = codes.iter().any(|code| code.used_at.is_none());
        Ok(UsableFactors { kinds, has_recovery_codes })
    }

    /// Records that the factor was added to the account of the locked user. Ends the other sessions
    /// if the owner wants that. Gives this session a new id and marks the factor as given in it.
    /// Mails the owner. Returns `None` if the session has ended.
    pub(crate) async fn factor_added(
        &self,
        tx: &WriteTx,
        (principal, user): (&Principal, &User),
        FactorAddition { factor, end_other_sessions }: FactorAddition<'_>,
        client: &Client,
    ) -> Result<Option<FactorAdded>, StoreError> {
        let is_passkey = factor.kind == FactorKind::Passkey;
        let given = if is_passkey { Assurance::Passkey } else { Assurance::PasswordAndCode };
        let Some(mut session) = self.renew_session_with_factor(tx, principal, given).await? else {
            return Ok(None);
        };
        session.principal.keys.has_passkey |= is_passkey;
        let event = SecurityEvent::of_added_factor(factor.kind);
        self.record_factor(tx, user.id, (event, factor.name), client).await?;
        let own = session.principal.session_key;
        let ends_all_but = end_other_sessions.then_some(own);
        revoke(tx, user.id, RevocationReason::FactorAdded(ends_all_but)).await?;
        let is_on = user.second_factor_since.is_some();
        // Also while log-ins do not ask for a factor: a passkey logs in at once, and an app that
        // another person has added counts as soon as the owner saves recovery codes.
        self.queue_factor_notice(tx, user, FactorNews::Added(factor.kind, factor.name)).await?;
        Ok(Some(FactorAdded { session, is_on }))
    }

    /// Makes log-ins to the account of the locked user ask for a factor once `tx` commits, and
    /// mails the owner.
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

    /// Records that the factor was removed from the account of the locked user, and ends every
    /// session but `own`. After the last factor, log-ins ask only for the password, and the recovery
    /// codes are deleted. An account that must have a factor keeps its last one. The owner is mailed,
    /// unless the factor had no effect. The caller has deleted the row.
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
        let turns_off = is_last && is_on;
        if turns_off {
            tx.users().set_second_factor(user.id, None).await?;
            tx.recovery_codes().delete_of_user(user.id).await?;
            let (event, now) = (SecurityEvent::SecondFactorOff, self.clock.now());
            record(tx, user.id, event, Origin::owner(client), now).await?;
        }
        // A passkey opened the account, whether or not log-ins ask for a second factor.
        if !is_on && factor.kind != FactorKind::Passkey {
            return Ok(());
        }
        let news = FactorNews::Removed { kind: factor.kind, name: factor.name, is_last: turns_off };
        Ok(self.queue_factor_notice(tx, user, news).await?)
    }

    /// Marks the factor as given in the session, gives the session a new id (ASVS 7.2.4), and stops
    /// a pending factor reset. Returns `None` if the session has ended or got a new id in another
    /// request.
    async fn renew_session_with_factor(
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
        // The last use of the session was noted under its old id.
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
        let of = match news {
            // Not the acts of a person who is logged in.
            FactorNews::WrongFactor(..) | FactorNews::PasskeyCopied(_) => {
                self.notice_with_link(tx, user, now).await?
            }
            _ => {
                let window = self.settings.session.sudo_lifetime;
                let since = self.prepared_since(tx, user.id, (now, window)).await?;
                let since = began_at(tx, user.id, news).await?.map_or(since, |it| it.min(since));
                self.notice_since(tx, user, since, now).await?
            }
        };
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

/// Returns when the change behind the notice began, or `None` if it added nothing that a compromise
/// report would have to remove.
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
        FactorNews::Removed { .. }
        | FactorNews::RecoveryCodeUsed { .. }
        | FactorNews::PasswordRemoved
        | FactorNews::PasskeyCopied(_)
        | FactorNews::WrongFactor(..) => None,
    })
}
