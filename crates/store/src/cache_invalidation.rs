//! Sends cache invalidations to the other nodes, and receives theirs.
//!
//! PostgreSQL delivers them (LISTEN/NOTIFY), and only if the transaction commits. While the
//! connection for notifications is down, the cache is off, so that an ended session cannot stay
//! valid on this node.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, Statement, sqlx::postgres::PgListener,
};

use tokio::time::{Instant, timeout};

use crate::{
    StoreError, cache_change::Change, limited::PoolHealth, principal_cache::PrincipalCache,
};

/// The pause between two tries to connect.
const RECONNECT_PAUSE: Duration = Duration::from_secs(1);

/// How often the listener checks whether its connection was retired.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// The separator between two changes in a message.
const SEPARATOR: &str = ",";
/// Most changes in one message, which PostgreSQL limits to 8,000 bytes. A transaction with more
/// changes empties the caches of the other nodes.
const MAX_CHANGES: usize = 100;
/// The message that empties the cache.
const EVERYTHING: &str = "*";

/// Sends `changes` on `channel` to every node when `transaction` commits. All are in one message, because
/// PostgreSQL serialises the commits of transactions that notify.
pub(crate) async fn send(
    transaction: &impl ConnectionTrait,
    channel: &str,
    changes: &[Change],
) -> Result<(), StoreError> {
    if changes.is_empty() || transaction.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let statement = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT pg_notify($1, $2)",
        [channel.into(), message(changes).into()],
    );
    transaction.execute_raw(statement).await?;
    Ok(())
}

/// Encodes each change once, or [`EVERYTHING`] if there are more than [`MAX_CHANGES`].
fn message(changes: &[Change]) -> String {
    let mut encoded: Vec<_> = changes.iter().map(|change| change.encode()).collect();
    encoded.sort_unstable();
    encoded.dedup();
    if encoded.len() > MAX_CHANGES { EVERYTHING.to_owned() } else { encoded.join(SEPARATOR) }
}

/// Decodes the changes of a message. Returns `None` for [`EVERYTHING`] and for an unknown message.
fn changes(message: &str) -> Option<Vec<Change>> {
    message.split(SEPARATOR).map(Change::decode).collect()
}

/// Applies the invalidations of other nodes to `principals`, in the background, until the cache is
/// dropped or the pool is closed.
pub(crate) fn listen(
    connection: &DatabaseConnection,
    principals: &Arc<PrincipalCache>,
    health: PoolHealth,
) {
    let pool = connection.get_postgres_connection_pool().clone();
    let channel = principals.channel.clone();
    let principals = Arc::downgrade(principals);
    principals.upgrade().inspect(|cache| cache.set_trusted(false));
    tokio::spawn(async move {
        while principals.strong_count() > 0 && !pool.is_closed() {
            if let Ok(mut listener) = PgListener::connect_with(&pool).await
                && listener.listen(&channel).await.is_ok()
            {
                receive(&mut listener, &principals, &health).await;
                if pool.is_closed() {
                    return;
                }
                tracing::warn!("lost the line to the other nodes; sessions are read anew");
            }
            tokio::time::sleep(RECONNECT_PAUSE).await;
        }
    });
}

/// Applies notifications until the connection breaks or is retired. A listener on a server that
/// accepts no more writes would receive nothing.
async fn receive(
    listener: &mut PgListener,
    principals: &Weak<PrincipalCache>,
    health: &PoolHealth,
) {
    let listening_since = Instant::now();
    if let Some(cache) = principals.upgrade() {
        cache.clear();
        cache.set_trusted(true);
    }
    while !health.is_retired(listening_since.elapsed()) {
        let notification = match timeout(LOOK_INTERVAL, listener.try_recv()).await {
            Ok(Ok(Some(notification))) => notification,
            Ok(_) => break,
            Err(_) => continue,
        };
        let Some(cache) = principals.upgrade() else { return };
        match changes(notification.payload()) {
            Some(changes) => cache.forget(&changes),
            None => cache.clear(),
        }
    }
    if let Some(cache) = principals.upgrade() {
        cache.distrust();
    }
}

#[cfg(test)]
mod tests {
    use domain::{SessionKey, UserId};

    use super::*;

    #[test]
    fn a_change_survives_the_way_through_a_notification() {
        let changes =
            [Change::Session(SessionKey::of("some id")), Change::User(UserId::generate())];
        for change in changes {
            assert_eq!(Change::decode(&change.encode()), Some(change));
        }
        for text in ["", "s", "sff", "x00", "ü", "u0g", "*", ","] {
            assert_eq!(super::changes(text), None, "{text}");
        }
    }

    #[test]
    fn a_message_names_each_change_once_and_fits_in() {
        let many: Vec<_> =
            (0..MAX_CHANGES).map(|n| Change::Session(SessionKey::of(&n.to_string()))).collect();
        let twice = [&many[..], &many].concat();

        let sent = message(&twice);

        assert!(sent.len() < 8_000, "{}", sent.len());
        let named = changes(&sent).unwrap();
        assert_eq!(named.len(), many.len());
        assert!(many.iter().all(|change| named.contains(change)));
        let more = [&many[..], &[Change::User(UserId::generate())]].concat();
        assert_eq!(message(&more), EVERYTHING);
    }
}
