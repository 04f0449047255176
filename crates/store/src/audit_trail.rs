//! The audit trail: the events of all accounts, the newest first, filtered by account, actor, kind
//! and time.
//!
//! No page reads more than [`WINDOW`] rows. One filter chooses the index, the others are applied to
//! the newest rows that it finds. A page may therefore have few rows, or none, and still a next one.

use domain::{EmailAddress, EventActor, Role, SecurityEvent, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value, entity::prelude::Uuid};

use crate::{
    EventCursor, Refusals, SecurityEvents, StoreError,
    database::Reads,
    users::{email, uuid},
    values::Values,
};

/// The most rows that are read for a page.
const WINDOW: u64 = 5_000;

/// The events to list.
#[derive(Clone, Debug, Default)]
pub struct AuditQuery {
    /// The account of the events.
    pub user: Option<UserId>,
    /// The admin who acted.
    pub acted_by: Option<UserId>,
    /// The kind.
    pub event: Option<SecurityEvent>,
    /// The kind of the actor.
    pub actor: Option<EventActor>,
    /// The earliest time.
    pub from: Option<Timestamp>,
    /// The time before which the events are.
    pub until: Option<Timestamp>,
    /// The end of the page before.
    pub after: Option<EventCursor>,
}

/// An event of the audit trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The time.
    pub created_at: Timestamp,
    /// The kind.
    pub event: SecurityEvent,
    /// The account, or `None` if it was deleted.
    pub user: Option<AccountName>,
    /// The kind of the actor.
    pub actor: EventActor,
    /// The admin who acted, if it was one who still has an account.
    pub acted_by: Option<AccountName>,
    /// The IP address of the client, or an empty text without one.
    pub ip_address: String,
    /// The refused passwords that the event counts, if it counts any.
    pub refusals: Option<Refusals>,
    /// The reason that an admin gave.
    pub note: Option<String>,
    /// The role that an invitation or a change of role gave.
    pub role: Option<Role>,
}

/// The account of an event or of its actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountName {
    /// The id of the account.
    pub id: UserId,
    /// Its present address.
    pub email: EmailAddress,
}

/// A page of the audit trail.
#[derive(Clone, Debug)]
pub struct AuditPage {
    /// The events, the newest first.
    pub entries: Vec<AuditEntry>,
    /// The place from which the next page looks on, if there is one.
    pub next: Option<EventCursor>,
}

impl<C: Reads> SecurityEvents<'_, C> {
    /// Returns up to `limit` events, the newest first.
    pub async fn list_all(&self, query: &AuditQuery, limit: u64) -> Result<AuditPage, StoreError> {
        let rows = self.rows(page_statement, query, limit + 1).await?;
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let shown = rows.iter().take(most);
        let entries: Vec<_> = shown.map(entry).collect::<Result<_, StoreError>>()?;
        let last = rows.get(most.saturating_sub(1)).filter(|_| rows.len() > most);
        let beyond = match last {
            Some(_) => Vec::new(),
            None => self.rows(end_of_window, query, WINDOW - 1).await?,
        };
        let next = last.or(beyond.first()).map(cursor).transpose()?;
        Ok(AuditPage { entries, next })
    }

    async fn rows(
        &self,
        sql: fn(&AuditQuery, &mut Values, u64) -> String,
        query: &AuditQuery,
        number: u64,
    ) -> Result<Vec<QueryResult>, StoreError> {
        let (connection, mut values) = (self.0.connection(), Values::default());
        let sql = sql(query, &mut values, number);
        let backend = connection.get_database_backend();
        let statement = Statement::from_sql_and_values(backend, sql, values.0);
        Ok(connection.query_all_raw(statement).await?)
    }
}

/// Selects a page within the window. Accounts are joined to the rows of the page alone.
fn page_statement(query: &AuditQuery, values: &mut Values, limit: u64) -> String {
    let mut filters = filters(query).into_iter();
    let index = index(query, filters.next(), values);
    let others = filters.map(|(column, value)| format!(" AND {column} = {}", values.bind(value)));
    let others: String = others.collect();
    format!(
        "SELECT e.created_at, e.id, e.user_id, e.event, e.actor, e.actor_id, e.ip_address, \
         e.reason, e.refusals, e.last_at, e.note, u.email, a.email, e.role \
         FROM (SELECT * FROM (SELECT * FROM security_events WHERE {index} \
         ORDER BY created_at DESC, id DESC LIMIT {WINDOW}) AS recent WHERE TRUE{others} \
         ORDER BY created_at DESC, id DESC LIMIT {limit}) AS e \
         LEFT JOIN users u ON u.id = e.user_id LEFT JOIN users a ON a.id = e.actor_id \
         ORDER BY e.created_at DESC, e.id DESC"
    )
}

/// Selects the last row of the window, if the window is full.
fn end_of_window(query: &AuditQuery, values: &mut Values, offset: u64) -> String {
    let index = index(query, filters(query).into_iter().next(), values);
    format!(
        "SELECT created_at, id FROM security_events WHERE {index} \
         ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET {offset}"
    )
}

/// The filters by value, the most selective one first. The first one chooses the index.
fn filters(query: &AuditQuery) -> Vec<(&'static str, Value)> {
    let event = query.event.as_ref().map(|event| event.as_str().to_owned());
    let filters = [
        ("user_id", query.user.map(|id| uuid(id).into())),
        ("actor_id", query.acted_by.map(|id| uuid(id).into())),
        ("event", event.map(Value::from)),
        ("actor", query.actor.map(|actor| actor.as_str().into())),
    ];
    filters.into_iter().filter_map(|(column, value)| Some((column, value?))).collect()
}

/// The condition that an index serves.
fn index(query: &AuditQuery, filter: Option<(&'static str, Value)>, values: &mut Values) -> String {
    let place = query.after.map(|after| (after.created_at, Uuid::from_bytes(after.id)));
    let mut conditions = vec![values.beyond("created_at", "<", place)];
    if let Some(from) = query.from {
        conditions.push(format!("created_at >= {}", values.bind(from.as_millis())));
    }
    if let Some(until) = query.until {
        conditions.push(format!("created_at < {}", values.bind(until.as_millis())));
    }
    if let Some((column, value)) = filter {
        conditions.push(format!("{column} = {}", values.bind(value)));
    }
    conditions.join(" AND ")
}

fn cursor(row: &QueryResult) -> Result<EventCursor, StoreError> {
    let id: Uuid = row.try_get_by_index(1)?;
    let created_at = row.try_get_by_index(0).map(Timestamp::from_millis)?;
    Ok(EventCursor { created_at, id: id.into_bytes() })
}

fn entry(row: &QueryResult) -> Result<AuditEntry, StoreError> {
    let text = |index| row.try_get_by_index::<String>(index);
    let optional = |index| row.try_get_by_index::<Option<String>>(index);
    let account = |id: usize, address: usize| {
        let id: Option<Uuid> = row.try_get_by_index(id)?;
        let address = optional(address)?;
        let pair = id.zip(address).map(|(id, address)| {
            let id = UserId::from_bytes(id.into_bytes());
            Ok::<_, StoreError>(AccountName { id, email: email(&address)? })
        });
        pair.transpose()
    };
    let created_at = row.try_get_by_index(0).map(Timestamp::from_millis)?;
    let refusals = match optional(7)? {
        Some(reason) => Some(Refusals {
            reason: reason.parse().map_err(|_| StoreError::corrupt("an event"))?,
            count: row
                .try_get_by_index::<Option<i64>>(8)?
                .and_then(|count| u32::try_from(count).ok())
                .unwrap_or(1),
            last_at: row
                .try_get_by_index::<Option<i64>>(9)?
                .map_or(created_at, Timestamp::from_millis),
        }),
        None => None,
    };
    Ok(AuditEntry {
        created_at,
        event: text(3)?.parse().map_err(|_| StoreError::corrupt("an event"))?,
        user: account(2, 11)?,
        actor: text(4)?.parse().map_err(|_| StoreError::corrupt("an event"))?,
        acted_by: account(5, 12)?,
        ip_address: text(6)?,
        refusals,
        note: optional(10)?,
        role: optional(13)?.as_deref().map(Role::from_database),
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        NewSecurityEvent, Store,
        testing::{NOW, insert_user, stores},
    };

    fn new(user_id: UserId, event: SecurityEvent, by: Option<UserId>) -> NewSecurityEvent {
        NewSecurityEvent {
            user_id,
            event,
            actor: if by.is_some() { EventActor::Admin } else { EventActor::Owner },
            actor_id: by,
            ip_address: "192.0.2.1".to_owned(),
            user_agent: String::new(),
            request_id: String::new(),
            refusals: None,
            note: by.map(|_| "spam".to_owned()),
            role: None,
        }
    }

    /// All pages of three.
    async fn walk(store: &Store, mut query: AuditQuery) -> Vec<AuditEntry> {
        let mut found = Vec::new();
        loop {
            let page = store.security_events().list_all(&query, 3).await.unwrap();
            found.extend(page.entries);
            query.after = page.next;
            if query.after.is_none() {
                return found;
            }
        }
    }

    #[tokio::test]
    async fn events_are_filtered_by_account_actor_kind_and_time_and_paged_by_key() {
        for test in stores().await {
            let store = &test.store;
            let mia = insert_user(store, "mia@example.org", Role::USER).await;
            let ada = insert_user(store, "ada@example.org", Role::ADMIN).await;
            let tx = store.begin().await.unwrap();
            for minute in 0..4 {
                let moment = NOW + Duration::from_mins(minute);
                for (user, event, by) in [
                    (mia, SecurityEvent::LoggedIn, None),
                    (ada, SecurityEvent::LoggedIn, None),
                    (mia, SecurityEvent::Disabled, Some(ada)),
                ] {
                    tx.security_events().insert(new(user, event, by), moment).await.unwrap();
                }
            }
            tx.commit().await.unwrap();

            let all = AuditQuery::default();
            assert_eq!(walk(store, all.clone()).await.len(), 12);
            let (from, until) = (NOW + Duration::from_mins(1), NOW + Duration::from_mins(3));
            let cases = [
                (AuditQuery { user: Some(mia), ..all.clone() }, 8),
                (AuditQuery { acted_by: Some(ada), ..all.clone() }, 4),
                (AuditQuery { event: Some(SecurityEvent::LoggedIn), ..all.clone() }, 8),
                (AuditQuery { actor: Some(EventActor::Admin), ..all.clone() }, 4),
                (AuditQuery { from: Some(from), until: Some(until), ..all.clone() }, 6),
                (AuditQuery { user: Some(mia), actor: Some(EventActor::Owner), ..all.clone() }, 4),
                (AuditQuery { user: Some(ada), actor: Some(EventActor::Admin), ..all }, 0),
            ];
            for (query, count) in cases {
                let found = walk(store, query.clone()).await;
                assert_eq!(found.len(), count, "{query:?}");
                assert!(found.is_sorted_by(|one, next| one.created_at >= next.created_at));
            }
            let by_ada = AuditQuery { acted_by: Some(ada), ..AuditQuery::default() };
            let entry = walk(store, by_ada).await.remove(0);
            let name =
                |id, text| Some(AccountName { id, email: EmailAddress::parse(text).unwrap() });
            assert_eq!(entry.user, name(mia, "mia@example.org"));
            assert_eq!(entry.acted_by, name(ada, "ada@example.org"));
            assert_eq!(entry.note.as_deref(), Some("spam"));
        }
    }
}
