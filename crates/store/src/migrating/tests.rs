//! Tests of the migrator on databases that are empty, full, in use, or half migrated by a killed
//! migrator.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use migrations::{Blocks, Progress};
use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::{Notify, oneshot};

use crate::{
    IGNORE_PROGRESS, Store,
    database::Reads,
    testing::{migrate_down_below, postgres, stores},
};

/// The first migration that changes rows.
const FIRST_WITH_PARTS: &str = "m20261123_000008_prove_addresses";

/// Describes columns, constraints and indexes as text.
const SCHEMA: &str = "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (\
     SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) line \
     FROM information_schema.columns WHERE table_schema = 'public' \
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
     UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), \
     convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace) lines";

/// Returns statements that insert `count` users with a session, a mail and an event each, into the
/// schema before [`FIRST_WITH_PARTS`].
fn rows(count: u32) -> [String; 4] {
    let ids = format!("SELECT gen_random_uuid() id, n FROM generate_series(1, {count}) n");
    [
        format!(
            "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at) \
             SELECT id, 'user' || n || '@example.net', 'User', '', '', 'user', n FROM ({ids}) x"
        ),
        "INSERT INTO sessions (id_hash, user_id, remember, role_when_issued, created_at, \
         last_seen_at, expires_at, ip_address, user_agent, session_values) \
         SELECT sha256(id::text::bytea), id, false, role, created_at, created_at, 4102444800000, \
         '', '', '{}' FROM users"
            .to_owned(),
        "INSERT INTO outbox (id, recipient, recipient_name, subject, text_body, html_body, \
         created_at, expires_at, attempts) \
         SELECT gen_random_uuid(), email, CASE WHEN created_at % 2 = 0 THEN name END, '', '', '', \
         created_at, 1, 0 FROM users"
            .to_owned(),
        "INSERT INTO security_events (id, user_id, event, actor, created_at, ip_address, \
         user_agent, request_id) \
         SELECT gen_random_uuid(), id, 'logged_in', 'owner', created_at, '', '', '' FROM users"
            .to_owned(),
    ]
}

async fn fill(store: &Store, count: u32) {
    for sql in rows(count) {
        store.connection().inner.execute_unprepared(&sql).await.unwrap();
    }
}

async fn text(store: &Store, sql: &str) -> String {
    let connection = store.connection();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Asserts that no row is left to change, that half of the mails have an owner, and that every
/// index is valid.
async fn assert_filled(store: &Store, users: u32) {
    let lacking = "SELECT concat_ws(' ', \
         (SELECT count(*) FROM users WHERE confirmed_at IS DISTINCT FROM created_at), \
         (SELECT count(*) FROM sessions WHERE authenticated_at <> created_at), \
         (SELECT count(*) FROM outbox o JOIN users u ON u.id = o.user_id AND u.email = recipient), \
         (SELECT count(*) FROM pg_index WHERE NOT indisvalid))";
    assert_eq!(text(store, lacking).await, format!("0 0 {} 0", users / 2));
}

/// MIG-01, RAC-07.
#[tokio::test]
async fn migrations_go_down_and_up_again_and_two_migrators_do_not_clash() {
    for test in stores().await {
        let store = &test.store;
        let steps = store.migration_status().await.unwrap().len();

        let reverted = store.migrate_down(u32::MAX, IGNORE_PROGRESS).await.unwrap();
        assert_eq!(reverted.len(), steps);
        let (one, two) = tokio::join!(store.migrate_up(), store.migrate_up());
        assert_eq!(one.unwrap().len() + two.unwrap().len(), steps);
        assert!(store.migration_status().await.unwrap().iter().all(|status| status.applied));
        assert_eq!(store.migrate_fresh(IGNORE_PROGRESS).await.unwrap().len(), steps);
    }
}

/// Tries to migrate while a table of this name is in the way, and removes it. Returns the progress.
async fn fail_at(store: &Store, table: &str) -> Vec<Progress> {
    let in_the_way = format!("CREATE TABLE {table} (id INTEGER)");
    store.connection.execute_unprepared(&in_the_way).await.unwrap();
    let said = Mutex::new(Vec::new());

    let failed =
        store.migrate_up_saying(&|progress| said.lock().unwrap().push(progress.clone())).await;

    assert!(failed.is_err());
    store.connection.execute_unprepared(&format!("DROP TABLE {table}")).await.unwrap();
    said.into_inner().unwrap()
}

/// MIG-02.
#[tokio::test]
async fn a_failed_migration_is_named_leaves_nothing_behind_and_can_be_tried_again() {
    for test in stores().await {
        let store = &test.store;
        store.migrate_down(u32::MAX, IGNORE_PROGRESS).await.unwrap();

        let said = fail_at(store, "throttles").await;
        let name = "m20261123_000005_create_throttles".to_owned();
        assert_eq!(said, [Progress::Failed { name }]);
        assert!(store.migration_status().await.unwrap().iter().all(|one| !one.applied));
        store.migrate_up().await.unwrap();

        let newest = "m20261129_000121_create_passkeys";
        migrate_down_below(store, newest).await;
        let said = fail_at(store, "passkeys").await;
        let name = newest.to_owned();
        assert_eq!(said.last(), Some(&Progress::Failed { name }), "{said:?}");
        store.migrate_up().await.unwrap();
        assert!(store.migration_status().await.unwrap().iter().all(|one| one.applied));
    }
}

/// MIG-01: a database with rows gets exactly the schema of a new one.
#[tokio::test]
async fn a_database_in_use_gets_the_schema_of_a_new_one() {
    let Some(test) = postgres().await else { return };
    let store = &test.store;
    let new = text(store, SCHEMA).await;

    migrate_down_below(store, FIRST_WITH_PARTS).await;
    fill(store, 5_000).await;
    let plan = store.migration_plan().await.unwrap();
    let steps = store.migrate_up().await.unwrap();

    assert_eq!(text(store, SCHEMA).await, new);
    assert_filled(store, 5_000).await;
    assert_eq!(plan.len(), steps.len());
    assert_eq!(store.migration_plan().await.unwrap(), []);
}

/// MIG-04: the plan names rows, locks and times before the run.
#[tokio::test]
async fn the_plan_names_rows_and_who_has_to_wait() {
    for test in stores().await {
        let store = &test.store;
        migrate_down_below(store, "m20261123_000013_add_users_delete_after").await;
        let id = if store.settings.url.is_postgres() { "gen_random_uuid()" } else { "'x'" };
        let sql = format!(
            "INSERT INTO users (id, email, name, search_text, password_hash, role, created_at) \
             VALUES ({id}, 'a@example.net', 'User', '', '', 'user', 1)"
        );
        store.connection().execute_unprepared(&sql).await.unwrap();

        let plan = store.migration_plan().await.unwrap();

        let [schema, index] = &plan[0].parts[..] else { panic!("{plan:?}") };
        let blocks = if store.settings.url.is_postgres() {
            [Blocks::Moment(Duration::from_millis(300)), Blocks::Nothing]
        } else {
            [Blocks::Writers, Blocks::Writers]
        };
        assert_eq!([schema.blocks, index.blocks], blocks);
        assert!(schema.rows > 0 && index.rows > 0, "{plan:?}");
        assert!(index.to_string().starts_with("index users_delete_after_index on users: about "));
    }
}

/// Waits until `millis` milliseconds after the migrator reported its progress.
async fn later(kill: &Notify, millis: u64) {
    kill.notified().await;
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

/// MIG-02: after a kill at any moment, the next migrator reaches the same result, and none fails
/// with "already exists".
#[tokio::test]
async fn a_migrator_that_was_killed_anywhere_is_taken_over() {
    let Some(test) = postgres().await else { return };
    let store = &test.store;
    let new = text(store, SCHEMA).await;
    migrate_down_below(store, FIRST_WITH_PARTS).await;
    fill(store, 3_000).await;

    let mut killed = 0;
    loop {
        let (kill, says) = (Arc::new(Notify::new()), Mutex::new(0));
        let killing = Arc::clone(&kill);
        let say = move |progress: &Progress| {
            *says.lock().unwrap() += u32::from(*progress != Progress::Waiting);
            if *says.lock().unwrap() == 2 {
                killing.notify_one();
            }
        };
        tokio::select! {
            biased;
            () = later(&kill, killed) => killed += 1,
            done = store.migrate_up_saying(&say) => break drop(done.unwrap()),
        }
        assert!(killed < 100, "it never ends");
    }

    assert!(killed > 5, "{killed}");
    assert_eq!(text(store, SCHEMA).await, new);
    assert_filled(store, 3_000).await;
}

/// MIG-02: a half-applied migration can be reverted.
#[tokio::test]
async fn a_migration_that_is_under_way_can_be_reverted() {
    let Some(test) = postgres().await else { return };
    let store = &test.store;
    migrate_down_below(store, "m20261123_000013_add_users_delete_after").await;
    let before = text(store, SCHEMA).await;
    let kill = Arc::new(Notify::new());
    let killing = Arc::clone(&kill);
    let say = move |progress: &Progress| {
        if matches!(progress, Progress::Indexing { .. }) {
            killing.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = kill.notified() => (),
        done = store.migrate_up_saying(&say) => panic!("{done:?}"),
    }

    store.migrate_down(1, IGNORE_PROGRESS).await.unwrap();

    assert_eq!(text(store, SCHEMA).await, before);
    store.migrate_up().await.unwrap();
    assert!(store.migration_status().await.unwrap().iter().all(|one| one.applied));
}

/// MIG-04: reads and writes continue while a large table is migrated, even while a transaction
/// blocks the migrator.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_a_second_for_the_migrator() {
    const USERS: u32 = 60_000;
    let Some(test) = postgres().await else { return };
    let store = test.store.clone();
    migrate_down_below(&store, FIRST_WITH_PARTS).await;
    fill(&store, USERS).await;
    let in_the_way = store.begin().await.unwrap();
    in_the_way.connection().execute_unprepared("SELECT count(*) FROM users").await.unwrap();
    let (stop, mut stopped) = oneshot::channel::<()>();
    let user = store.clone();
    let using = tokio::spawn(async move {
        let (mut longest, mut rounds) = (Duration::ZERO, 0);
        while stopped.try_recv() == Err(oneshot::error::TryRecvError::Empty) {
            let started = Instant::now();
            let sql = "UPDATE users SET name = 'Mia' WHERE email = 'user7@example.net'";
            user.connection().execute_unprepared(sql).await.unwrap();
            let sql = "SELECT name FROM users WHERE email = 'user8@example.net'";
            user.connection().execute_unprepared(sql).await.unwrap();
            (longest, rounds) = (longest.max(started.elapsed()), rounds + 1);
        }
        (longest, rounds)
    });

    let (busy, is_busy) = oneshot::channel();
    let busy = Mutex::new(Some(busy));
    let say = move |progress: &Progress| {
        if matches!(progress, Progress::Busy { .. }) {
            busy.lock().unwrap().take().map(|busy| busy.send(()));
        }
    };
    let migrating = async { store.migrate_up_saying(&say).await.unwrap() };
    let going = async {
        is_busy.await.unwrap();
        drop(in_the_way);
    };
    tokio::join!(migrating, going);

    drop(stop);
    let (longest, rounds) = using.await.unwrap();
    assert!(longest < Duration::from_secs(1), "{longest:?}");
    assert!(rounds > 100, "{rounds}");
    assert_filled(&store, USERS).await;
}
