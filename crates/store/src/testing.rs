//! Migrated databases for the tests of this crate: a SQLite file in a temporary folder, and a new
//! PostgreSQL database if `TEST_POSTGRES_URL` names a server.

use std::time::Duration;

use domain::{
    Aaguid, Assurance, DisplayName, EmailAddress, FactorId, Language, Role, SessionKey, Timestamp,
    UserId,
};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use tempfile::TempDir;

use crate::{
    AuthenticatorState, DatabaseSettings, IGNORE_PROGRESS, NewPasskey, NewSession, NewUser, Store,
    database::Reads,
};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

pub(crate) struct TestStore {
    pub(crate) store: Store,
    _folder: TempDir,
}

/// Returns a store on SQLite, and one on PostgreSQL if a server is available.
pub(crate) async fn stores() -> Vec<TestStore> {
    [Some(sqlite().await), postgres().await].into_iter().flatten().collect()
}

pub(crate) async fn sqlite() -> TestStore {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db?mode=rwc", folder.path().display());
    open(url, folder).await
}

/// Returns a store on PostgreSQL, if a server is available.
pub(crate) async fn postgres() -> Option<TestStore> {
    let server = std::env::var("TEST_POSTGRES_URL").ok().filter(|url| !url.is_empty())?;
    let name = format!("store_{}", UserId::generate().to_string().replace('-', ""));
    let admin = Database::connect(&server).await.unwrap();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(open(format!("{base}/{name}"), tempfile::tempdir().unwrap()).await)
}

async fn open(url: String, folder: TempDir) -> TestStore {
    let url = url.try_into().unwrap();
    let settings = DatabaseSettings { url, max_connections: 8, ..DatabaseSettings::default() };
    let store = Store::connect(&settings, Duration::from_mins(1)).await.unwrap();
    store.migrate_up().await.unwrap();
    TestStore { store, _folder: folder }
}

/// Returns the URL of a store on PostgreSQL.
pub(crate) async fn url_of(store: &Store) -> Option<String> {
    let server = std::env::var("TEST_POSTGRES_URL").ok()?;
    let connection = store.connection();
    if connection.get_database_backend() != DbBackend::Postgres {
        return None;
    }
    let sql = "SELECT current_database()::text";
    let row = connection.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await;
    let name: String = row.unwrap().unwrap().try_get_by_index(0).unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

/// Reverts the migration `name` and all newer ones.
pub(crate) async fn migrate_down_below(store: &Store, name: &str) {
    let status = store.migration_status().await.unwrap();
    let newer = status.iter().rev().position(|step| step.name == name).unwrap();
    store.migrate_down(u32::try_from(newer).unwrap() + 1, IGNORE_PROGRESS).await.unwrap();
}

pub(crate) fn new_user(email: &str, role: Role) -> NewUser {
    NewUser {
        id: UserId::generate(),
        email: EmailAddress::parse(email).unwrap(),
        name: DisplayName::parse("Zoë Muster").unwrap(),
        password_hash: "$argon2id$old".to_owned(),
        role,
        language: Language::English,
        confirmed_at: None,
    }
}

pub(crate) async fn insert_user(store: &Store, email: &str, role: Role) -> UserId {
    let new = new_user(email, role);
    let tx = store.begin().await.unwrap();
    tx.users().insert(&new, NOW).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

pub(crate) fn new_session(user_id: UserId, id: &str) -> NewSession {
    NewSession {
        key: SessionKey::of(id),
        user_id,
        role: Role::USER,
        assurance: Assurance::Password,
        factor_at: None,
        remember: false,
        expires_at: NOW + Duration::from_hours(24),
        ip_address: "192.0.2.1".to_owned(),
        user_agent: "test".to_owned(),
        session_values: "{}".to_owned(),
    }
}

/// The state of a new passkey.
pub(crate) const PASSKEY_STATE: AuthenticatorState =
    AuthenticatorState { counter: 1, is_backup_eligible: true, is_backed_up: false };

/// A passkey with this credential id.
pub(crate) fn new_passkey(user_id: UserId, credential_id: &[u8]) -> NewPasskey {
    NewPasskey {
        id: FactorId::generate(),
        user_id,
        credential_id: credential_id.to_vec(),
        credential: "{}".to_owned(),
        name: DisplayName::parse("Phone").unwrap(),
        aaguid: Aaguid::from_bytes([7; 16]),
        state: PASSKEY_STATE,
        is_discoverable: Some(true),
        transports: "internal".to_owned(),
    }
}
