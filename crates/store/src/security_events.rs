//! The events of accounts: the account activity.
//!
//! Kind and time of an event never change. An event is anonymized when the account of its owner,
//! or of the admin who acted, is deleted. `event_sweep.rs` deletes the oldest events of an account
//! beyond [`MAX_EVENTS`](crate::MAX_EVENTS), and old events of deleted accounts.

use domain::{EventActor, RefusalReason, Role, SecurityEvent, Timestamp, UserId, random};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    entity::prelude::Uuid, sea_query::Expr,
};

use crate::{
    StoreError,
    database::{Reads, WriteTx},
    entities::security_event::{ActiveModel, Column, Entity, Model},
    users::uuid,
};

/// The repository of events, which reads through `C`.
#[derive(Debug)]
pub struct SecurityEvents<'a, C>(pub(crate) &'a C);

/// An event of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSecurityEvent {
    /// The account.
    pub user_id: UserId,
    /// The kind of the event.
    pub event: SecurityEvent,
    /// The actor.
    pub actor: EventActor,
    /// The user who acted, if it was not the owner.
    pub actor_id: Option<UserId>,
    /// The IP address of the client, or an empty text without one.
    pub ip_address: String,
    /// The `User-Agent` header of the client, or an empty text without one.
    pub user_agent: String,
    /// The id of the request, or an empty text without one.
    pub request_id: String,
    /// The refused passwords that the event counts, if it counts any.
    pub refusals: Option<Refusals>,
    /// The reason that an admin gave.
    pub note: Option<String>,
    /// The role that an invitation or a change of role gave.
    pub role: Option<Role>,
}

/// Refused passwords with one reason and from one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusals {
    /// The reason.
    pub reason: RefusalReason,
    /// The number of refusals, at least 1.
    pub count: u32,
    /// The time of the last refusal.
    pub last_at: Timestamp,
}

/// The end of a page of a timeline. The next page begins after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCursor {
    /// The time of the last event of the page.
    pub created_at: Timestamp,
    /// The id of that event.
    pub id: [u8; 16],
}

/// A page of a timeline.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events with their times, the newest first.
    pub events: Vec<(Timestamp, NewSecurityEvent)>,
    /// The end of this page, if there is another one.
    pub next: Option<EventCursor>,
}

impl<C: Reads> SecurityEvents<'_, C> {
    /// Returns up to `limit` events of the user after the cursor `after`, the newest first.
    pub async fn list(
        &self,
        user_id: UserId,
        after: Option<EventCursor>,
        limit: u64,
    ) -> Result<EventPage, StoreError> {
        let mut query = Entity::find().filter(Column::UserId.eq(uuid(user_id)));
        if let Some(cursor) = after {
            let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            let moment = Expr::value(cursor.created_at.as_millis());
            let id = Expr::value(Uuid::from_bytes(cursor.id));
            query = query.filter(place.lt(Expr::tuple([moment, id])));
        }
        let mut rows = query
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(limit + 1)
            .all(self.0.connection())
            .await?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| has_more).map(|row| EventCursor {
            created_at: Timestamp::from_millis(row.created_at),
            id: row.id.into_bytes(),
        });
        let events = rows.into_iter().map(|row| event(user_id, row)).collect::<Result<_, _>>()?;
        Ok(EventPage { events, next })
    }
}

impl SecurityEvents<'_, WriteTx> {
    /// Adds an event, in the transaction of the change that it records.
    pub async fn insert(&self, new: NewSecurityEvent, now: Timestamp) -> Result<(), StoreError> {
        let id =
            sea_orm::sqlx::types::uuid::Builder::from_random_bytes(random::bytes()).into_uuid();
        let row = ActiveModel {
            id: Set(id),
            user_id: Set(Some(uuid(new.user_id))),
            event: Set(new.event.as_str().to_owned()),
            actor: Set(new.actor.as_str().to_owned()),
            created_at: Set(now.as_millis()),
            ip_address: Set(new.ip_address),
            user_agent: Set(new.user_agent),
            request_id: Set(new.request_id),
            actor_id: Set(new.actor_id.map(uuid)),
            reason: Set(new.refusals.map(|it| it.reason.as_str().to_owned())),
            refusals: Set(new.refusals.map(|it| i64::from(it.count))),
            last_at: Set(new.refusals.map(|it| it.last_at.as_millis())),
            note: Set(new.note),
            role: Set(new.role.map(|role| role.as_str().to_owned())),
        };
        Entity::insert(row).exec_without_returning(self.0.connection()).await?;
        Ok(())
    }

    /// Anonymizes the events of the user: removes account, address, device, request and reasons.
    /// Kind and time stay. Returns how many events were changed.
    pub async fn anonymize(&self, user_id: UserId) -> Result<u64, StoreError> {
        let done = Entity::update_many()
            .col_expr(Column::UserId, Expr::value(None::<Uuid>))
            .col_expr(Column::IpAddress, Expr::value(""))
            .col_expr(Column::UserAgent, Expr::value(""))
            .col_expr(Column::RequestId, Expr::value(""))
            .col_expr(Column::Reason, Expr::value(None::<String>))
            .col_expr(Column::Note, Expr::value(None::<String>))
            .filter(Column::UserId.eq(uuid(user_id)))
            .exec(self.0.connection())
            .await?;
        Ok(done.rows_affected)
    }

    /// Removes the user as the actor of events of other accounts, with address, device, request
    /// and reasons.
    pub async fn forget_actor(&self, user_id: UserId) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::ActorId, Expr::value(None::<Uuid>))
            .col_expr(Column::IpAddress, Expr::value(""))
            .col_expr(Column::UserAgent, Expr::value(""))
            .col_expr(Column::RequestId, Expr::value(""))
            .col_expr(Column::Reason, Expr::value(None::<String>))
            .col_expr(Column::Note, Expr::value(None::<String>))
            .filter(Column::ActorId.eq(uuid(user_id)))
            .exec(self.0.connection())
            .await?;
        Ok(())
    }
}

fn event(user_id: UserId, row: Model) -> Result<(Timestamp, NewSecurityEvent), StoreError> {
    let corrupt = |_| StoreError::corrupt("an event");
    let refusals = row.reason.map(|reason| {
        let reason = reason.parse().map_err(|_| StoreError::corrupt("an event"))?;
        let count = row.refusals.and_then(|count| u32::try_from(count).ok()).unwrap_or(1);
        let last_at = Timestamp::from_millis(row.last_at.unwrap_or(row.created_at));
        Ok::<_, StoreError>(Refusals { reason, count, last_at })
    });
    let event = NewSecurityEvent {
        user_id,
        event: row.event.parse().map_err(corrupt)?,
        actor: row.actor.parse().map_err(corrupt)?,
        ip_address: row.ip_address,
        user_agent: row.user_agent,
        request_id: row.request_id,
        actor_id: row.actor_id.map(|id| UserId::from_bytes(id.into_bytes())),
        refusals: refusals.transpose()?,
        note: row.note,
        role: row.role.as_deref().map(Role::from_database),
    };
    Ok((Timestamp::from_millis(row.created_at), event))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::testing::{NOW, insert_user, stores};

    fn new(user_id: UserId, event: SecurityEvent) -> NewSecurityEvent {
        NewSecurityEvent {
            user_id,
            event,
            actor: EventActor::Owner,
            actor_id: None,
            ip_address: "192.0.2.1".to_owned(),
            user_agent: "test".to_owned(),
            request_id: "a-1".to_owned(),
            refusals: None,
            note: None,
            role: None,
        }
    }

    #[tokio::test]
    async fn a_timeline_is_read_page_by_page_and_is_ones_own() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let leo = insert_user(store, "leo@example.org", Role::USER).await;
            let tx = store.begin().await.unwrap();
            for (index, event) in SecurityEvent::ALL.iter().cloned().enumerate() {
                // Two events at a time have the same millisecond.
                let moment = NOW + Duration::from_millis(index as u64 / 2);
                tx.security_events().insert(new(mia, event), moment).await.unwrap();
            }
            tx.security_events().insert(new(leo, SecurityEvent::LoggedIn), NOW).await.unwrap();
            tx.commit().await.unwrap();

            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = store.security_events().list(mia, after, 4).await.unwrap();
                assert!(page.events.len() <= 4);
                seen.extend(page.events);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }

            assert_eq!(seen.len(), SecurityEvent::ALL.len());
            assert!(seen.is_sorted_by(|one, next| one.0 >= next.0));
            for event in SecurityEvent::ALL {
                let count =
                    seen.iter().filter(|(_, seen)| *seen == new(mia, event.clone())).count();
                assert_eq!(count, 1, "{event}");
            }
        }
    }
}
