//! A migrated database in a folder of its own, with people who can log in and who
//! are logged in. The folder goes with the value.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use auth::password::{PasswordHasher, PasswordSettings};
use domain::{Clock, DisplayName, EmailAddress, Language, Password, Role, SessionKey, UserId};
use store::{DatabaseSettings, NewSession, NewUser, Store};

use super::{
    client::{Answer, Connection, Request},
    server::Server,
};

/// What everybody's password is.
pub(super) const PASSWORD: &str = "purple monkey dishwasher";
/// How long the sessions last.
const LIFETIME: Duration = Duration::from_hours(24);

/// The database.
pub(super) struct Database {
    folder: PathBuf,
}

/// A user with a session.
#[derive(Clone)]
pub(super) struct Person {
    email: String,
    session_id: String,
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

    /// The database for this process; close it before a server is measured.
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

/// Adds users with a session each, with passwords hashed by `settings`.
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
            role,
            language: Language::default(),
            confirmed_at: Some(now),
        };
        tx.users().insert(&user, now).await?;
        let session = NewSession {
            key: SessionKey::of(&session_id),
            user_id: id,
            role,
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

impl Person {
    /// A page, asked for in the person's session.
    pub(super) fn get(&self, server: &Server, path: &str) -> Request {
        Request::get(server.address(), path, &self.cookie())
    }

    /// The form of a page, to be sent in the person's session.
    pub(super) async fn form(
        &self,
        server: &Server,
        connection: &mut Connection,
        path: &str,
    ) -> Result<Form> {
        let page = connection.send(&self.get(server, path)).await?;
        Form::on(&page, self.cookie())
    }

    fn cookie(&self) -> String {
        format!("session={}", self.session_id)
    }
}

/// What a form of this server is sent with.
pub(super) struct Form {
    pub(super) cookie: String,
    token: String,
}

impl Form {
    /// Gets one.
    pub(super) async fn open(server: &Server, connection: &mut Connection) -> Result<Self> {
        let form = connection.send(&Request::get(server.address(), "/login", "")).await?;
        let cookie = form.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.context("no cookie for the form")?.to_owned();
        Self::on(&form, cookie)
    }

    /// The one on this page, to be sent with this cookie.
    fn on(page: &Answer<'_>, cookie: String) -> Result<Self> {
        let page = str::from_utf8(page.bytes)?;
        let token = page.split_once(r#"name="csrf_token" value=""#);
        let (_, token) = token.context("no token in the form")?;
        let token = token.split('"').next().unwrap_or_default().to_owned();
        Ok(Self { cookie, token })
    }

    /// The form with these fields, which are encoded.
    pub(super) fn with(&self, fields: &str) -> String {
        format!("csrf_token={}&{fields}", self.token)
    }
}

/// The log-ins of `people`, each from a browser that has logged in before, as nearly
/// all do, with a form of this server.
pub(super) async fn log_ins(server: &Server, people: &[Person]) -> Result<Vec<Request>> {
    let mut connection = Connection::open(server.address()).await?;
    let Form { cookie, token } = Form::open(server, &mut connection).await?;
    let password = PASSWORD.replace(' ', "+");
    let mut log_ins = Vec::with_capacity(people.len());
    for person in people {
        let email = person.email.replace('@', "%40");
        let form = format!("csrf_token={token}&email={email}&password={password}");
        let first = Request::post(server.address(), "/login", &cookie, &form);
        let device = connection.send(&first).await?.cookie("device").context("not logged in")?;
        let cookie = format!("{cookie}; {device}");
        log_ins.push(Request::post(server.address(), "/login", &cookie, &form));
    }
    Ok(log_ins)
}
