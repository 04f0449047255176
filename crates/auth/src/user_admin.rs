//! The lists of the admin area: users, the export of them, and the audit trail. The caller has
//! checked the permission; the route table asks for it. Orders about an account are in
//! [`crate::orders`].

use domain::{Principal, SecurityEvent, User};
use store::{AuditPage, AuditQuery, UserFilter, UserPage, UserQuery};

use crate::{
    Client, Fault,
    fault::ending_in_fault,
    services::Administration,
    timeline::{Origin, record},
};

/// Users on one page of the list.
const PAGE_SIZE: u64 = 50;
/// Events on one page of the audit trail.
const EVENTS: u64 = 50;
/// Longest search that is looked for, in characters.
const MAX_SEARCH: usize = 100;
/// The most users of an export, which is held in memory.
const MAX_EXPORTED: usize = 10_000;
/// Users of an export that are read at a time.
const EXPORTED_AT_ONCE: u64 = 500;

/// Why there is no list to download.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportUsersError {
    /// The query finds more than 10 000 users.
    #[error("too many users")]
    TooMany,
    /// Anything that is no fault of the admin's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ExportUsersError);

impl Administration<'_> {
    /// Up to 50 users.
    pub async fn list_users(self, query: &UserQuery) -> Result<UserPage, Fault> {
        Ok(self.0.store.users().list(&capped(query), PAGE_SIZE).await?)
    }

    /// The number of users of each filter, up to 1 000 and one more.
    pub async fn count_users(self) -> Result<[u64; UserFilter::ALL.len()], Fault> {
        Ok(self.0.store.users().count().await?)
    }

    /// All users that the query finds, 10 000 at most, in its order. That they were downloaded is
    /// in the timeline of the principal.
    pub async fn export_users(
        self,
        principal: &Principal,
        query: &UserQuery,
        client: &Client,
    ) -> Result<Vec<User>, ExportUsersError> {
        let (mut query, mut users) = (UserQuery { after: None, ..capped(query) }, Vec::new());
        loop {
            let page = self.0.store.users().list(&query, EXPORTED_AT_ONCE).await?;
            users.extend(page.users);
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
            if users.len() >= MAX_EXPORTED {
                return Err(ExportUsersError::TooMany);
            }
        }
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        record(&tx, user_id, SecurityEvent::UsersExported, Origin::owner(client), now).await?;
        tx.commit().await?;
        tracing::info!(actor = %user_id, count = users.len(), "users exported");
        Ok(users)
    }

    /// Up to 50 events of all accounts, the newest first.
    pub async fn audit_trail(self, query: &AuditQuery) -> Result<AuditPage, Fault> {
        Ok(self.0.store.security_events().list_all(query, EVENTS).await?)
    }
}

fn capped(query: &UserQuery) -> UserQuery {
    let search = query.search.chars().take(MAX_SEARCH).collect();
    UserQuery { search, ..query.clone() }
}
