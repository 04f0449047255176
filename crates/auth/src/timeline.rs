//! The timeline of an account: what happened to it, written down in the transaction
//! in which it happened, so that nothing happens unseen.

use domain::{AuditNote, EventActor, Principal, Role, SecurityEvent, Timestamp, UserId};
use store::{EventCursor, EventPage, NewSecurityEvent, StoreError, WriteTx};

use crate::{Client, Fault, services::OwnAccount};

/// Events on one page of a timeline.
const PAGE_SIZE: u64 = 30;

/// The actor of an event, and the place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    actor: EventActor,
    actor_id: Option<UserId>,
    client: Option<&'a Client>,
    note: Option<&'a str>,
    role: Option<&'a Role>,
}

impl<'a> Origin<'a> {
    /// The operator, by a command.
    pub(crate) const OPERATOR: Self = Self::of(EventActor::Operator, None);
    /// The owner, who wanted it and is not there when it happens.
    pub(crate) const ABSENT_OWNER: Self = Self::of(EventActor::Owner, None);

    /// The owner of the account.
    pub(crate) fn owner(client: &'a Client) -> Self {
        Self::of(EventActor::Owner, Some(client))
    }

    /// An admin who acts on another account.
    pub(crate) fn admin(principal: &Principal, client: &'a Client) -> Self {
        let origin = Self::of(EventActor::Admin, Some(client));
        Self { actor_id: Some(principal.user_id), ..origin }
    }

    /// The inviter of an account, who is not there when it is made: an admin, or the operator.
    pub(crate) fn inviter(admin: Option<UserId>, note: Option<&'a str>) -> Self {
        let origin = match admin {
            Some(_) => Self::of(EventActor::Admin, None),
            None => Self::OPERATOR,
        };
        Self { actor_id: admin, note, ..origin }
    }

    /// The same, with the reason.
    pub(crate) fn because(self, note: &'a AuditNote) -> Self {
        Self { note: note.as_text(), ..self }
    }

    /// The same, with the role that is given.
    pub(crate) fn with_role(self, role: &'a Role) -> Self {
        Self { role: Some(role), ..self }
    }

    /// A visitor who has proven nothing.
    pub(crate) fn anyone(client: &'a Client) -> Self {
        Self::of(EventActor::Anyone, Some(client))
    }

    const fn of(actor: EventActor, client: Option<&'a Client>) -> Self {
        Self { actor, actor_id: None, client, note: None, role: None }
    }
}

/// Adds to the user's timeline, once `tx` commits.
pub(crate) async fn record(
    tx: &WriteTx,
    user_id: UserId,
    event: SecurityEvent,
    origin: Origin<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Origin { actor, actor_id, client, note, role } = origin;
    let text = |of: fn(&Client) -> String| client.map(of).unwrap_or_default();
    let new = NewSecurityEvent {
        user_id,
        event,
        actor,
        actor_id,
        ip_address: text(|client| client.address.to_string()),
        user_agent: text(|client| client.user_agent.clone()),
        request_id: text(|client| client.request_id.clone()),
        refusals: None,
        note: note.map(str::to_owned),
        role: role.cloned(),
    };
    tx.security_events().insert(new, now).await
}

impl OwnAccount<'_> {
    /// Up to 30 events of the principal's own account, the newest first.
    pub async fn timeline(
        self,
        principal: &Principal,
        after: Option<EventCursor>,
    ) -> Result<EventPage, Fault> {
        Ok(self.0.store.security_events().list(principal.user_id, after, PAGE_SIZE).await?)
    }
}
