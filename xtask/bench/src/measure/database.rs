//! A migrated database in a temporary folder, with users who have a password and a session.
//! Dropping the value removes the folder.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use auth::password::{PasswordHasher, PasswordSettings};
use domain::{Clock, DisplayName, EmailAddress, Language, Password, Role, SessionKey, UserId};
use store::{DatabaseSettings, NewSession, NewUser, Store};

/// The password of every user.
pub(super) const PASSWORD: &str = "purple monkey dishwasher";
/// The lifetime of the sessions.
const LIFETIME: Duration = Duration::from_hours(24);

/// A SQLite database in its own temporary folder.
pub(super) struct Database {
    folder: PathBuf,
}

/// A user with a session.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) email: String,
    pub(super) session_id: String,
}

impl Database {
    /// A migrated database without rows.
    pub(super) async fn create(name: &str) -> Result<Self> {
        let folder = format!("latchkey-bench-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder)?;
        let database = Self { folder };
        let store = database.open().await?;
        store.migrate_up().await?;
        store.close().await?;
        Ok(database)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn url(&self) -> String {
        format!("sqlite://{}/latchkey.db?mode=rwc", self.folder.display())
    }

    /// Opens the database in this process. Close it before a server is measured.
    pub(super) async fn open(&self) -> Result<Store> {
        let url = self.url().parse()?;
        let settings = DatabaseSettings { url, max_connections: 2, ..DatabaseSettings::default() };
        Ok(Store::connect(&settings, Duration::ZERO).await?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            eprintln!("{} is left behind: {error}", self.folder.display());
        }
    }
}

/// Adds `count` users with one session each. Their passwords are hashed with `settings`.
pub(super) async fn add_people(
    store: &Store,
    count: usize,
    role: Role,
    settings: &PasswordSettings,
) -> Result<Vec<Person>> {
    let hasher = PasswordHasher::start(settings)?;
    let hash = hasher.hash(&Password::parse(PASSWORD)?).await?;
    let now = Clock::system().now();
    let tx = store.begin().await?;
    let mut people = Vec::with_capacity(count);
    for _ in 0..count {
        let id = UserId::generate();
        let email = format!("{id}@example.org");
        let session_id = UserId::generate().to_string();
        let user = NewUser {
            id,
            email: EmailAddress::parse(&email)?,
            name: DisplayName::parse("Zoë Muster")?,
            password_hash: hash.as_str().to_owned(),
            role: role.clone(),
            language: Language::default(),
            confirmed_at: Some(now),
        };
        tx.users().insert(&user, now).await?;
        let session = NewSession {
            key: SessionKey::of(&session_id),
            user_id: id,
            role: role.clone(),
            assurance: domain::Assurance::Password,
            factor_at: None,
            remember: false,
            expires_at: now + LIFETIME,
            ip_address: "127.0.0.1".to_owned(),
            user_agent: "bench".to_owned(),
            session_values: "{}".to_owned(),
        };
        tx.sessions().insert(&session, now).await?;
        people.push(Person { email, session_id });
    }
    tx.commit().await?;
    Ok(people)
}
