//! The app under test. It runs in this process and has its own socket, database, mailbox and a
//! clock that the test moves.

use std::{net::SocketAddr, sync::Arc};

use auth::{Accounts, mail::Sender};
use domain::{Clock, Timestamp};
use hypermedia::settings::{Environment, Settings};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;
use web::{App, RouteInfo, RunningApp};

use super::{
    browser::{Browser, Transport},
    database::{Database, DatabaseDigest},
    mailbox::Mailbox,
    postgres::{self, Backend},
    process::free_port,
};

/// The public URL of the app: `https`, so that the stricter rules apply.
const PUBLIC_URL: &str = "https://latchkey.test";
/// The secret from which the app derives its keys.
const SECRET_KEY: &str = "thirty-two bytes or more, for tests alone";
/// The password of everyone whom [`TestApp::logged_in`] signs up.
const PASSWORD: &str = "a goose on the loose";
/// The time at which a test starts: 2027-01-15T08:00:00Z.
const START: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Returns the routes of the accounts and the home page, without those of the features.
pub fn account_routes() -> Vec<RouteInfo> {
    let mut routes = app::app().route_table();
    let accounts = App::new(&app::BRAND).route_table();
    routes.retain(|route| route.path == "/" || accounts.iter().any(|own| own.path == route.path));
    routes
}

/// A running app, which ends with the test.
#[derive(Debug)]
pub struct TestApp {
    /// The app's clock.
    pub clock: Clock,
    /// The mails that the app has sent.
    pub mailbox: Mailbox,
    /// Direct access to the database, past the app.
    pub database: Database,
    app: App,
    running: RunningApp,
    settings: Settings,
    place: Place,
}

/// The database and its folder. The folder is removed with the last app that uses it.
#[derive(Clone, Debug)]
struct Place {
    url: String,
    folder: Arc<TempDir>,
}

impl TestApp {
    /// Starts the app on SQLite, with cheap password hashing and without limits.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts the app on SQLite with the settings that `change` has changed.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::on(Backend::Sqlite, change).await
    }

    /// Starts the app on the given database.
    pub async fn on(backend: Backend, change: impl FnOnce(&mut Settings)) -> Self {
        Self::of(app::app(), backend, change).await
    }

    /// Starts another product on the given database.
    pub async fn of(app: App, backend: Backend, change: impl FnOnce(&mut Settings)) -> Self {
        Box::pin(Self::build(app, backend, Mailbox::start().await, change)).await
    }

    /// Starts the app with a real Mailpit that gets these arguments, or returns `None` without
    /// Mailpit. The app listens at its public URL, so that Mailpit can open its links.
    pub async fn with_mailpit(
        arguments: &[&str],
        change: impl FnOnce(&mut Settings),
    ) -> Option<Self> {
        let mailbox = Mailbox::start_mailpit(arguments).await?;
        let reachable = |settings: &mut Settings| {
            settings.server.listen.set_port(free_port());
            let url = format!("http://localhost:{}", settings.server.listen.port());
            settings.server.public_url = url.parse().expect("a URL");
            change(settings);
        };
        Some(Box::pin(Self::build(app::app(), Backend::Sqlite, mailbox, reachable)).await)
    }

    async fn build(
        app: App,
        backend: Backend,
        mailbox: Mailbox,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the database");
        let url = match backend {
            Backend::Sqlite => format!("sqlite://{}/test.db?mode=rwc", folder.path().display()),
            Backend::Postgres => postgres::create_database().await,
        };
        let mut settings = settings(&url, mailbox.address());
        settings.mail.from = Sender::of(app.brand());
        change(&mut settings);
        let place = Place { url, folder: Arc::new(folder) };
        Self::run(app, settings, Clock::manual(START), mailbox, place).await
    }

    async fn run(
        app: App,
        settings: Settings,
        clock: Clock,
        mailbox: Mailbox,
        place: Place,
    ) -> Self {
        let started = app.start(settings.clone(), clock.clone()).await;
        let running = started.expect("the app starts");
        let database = Database::connect(&place.url).await;
        Self { clock, mailbox, database, app, running, settings, place }
    }

    /// Starts a second app on the same database, with the same settings and clock and with its own
    /// mailbox.
    pub async fn twin(&self) -> Self {
        let mailbox = Mailbox::start().await;
        let mut settings = self.settings.clone();
        settings.mail.url = format!("smtp://{}", mailbox.address()).parse().expect("a mail URL");
        Box::pin(Self::run(
            self.app.clone(),
            settings,
            self.clock.clone(),
            mailbox,
            self.place.clone(),
        ))
        .await
    }

    /// Stops the app and starts it again.
    pub async fn restart(self) -> Self {
        self.restart_with(|_| {}).await
    }

    /// Stops the app and starts it again with other settings.
    pub async fn restart_with(self, change: impl FnOnce(&mut Settings)) -> Self {
        let Self { clock, mailbox, app, running, mut settings, place, .. } = self;
        running.stop().await;
        change(&mut settings);
        Box::pin(Self::run(app, settings, clock, mailbox, place)).await
    }

    /// Opens a new browser.
    pub fn browser(&self, transport: Transport) -> Browser {
        Browser::new(self.address(), self.public_url(), &self.clock, transport)
    }

    /// Opens a browser in which the person with this address has signed up and logged in.
    pub async fn logged_in(&self, transport: Transport, email: &str) -> Browser {
        let mut browser = self.browser(transport);
        browser.visit("/signup").await;
        let form = browser.form("signup-form").fill("email", email).fill("name", "Ada");
        form.fill("password", PASSWORD).submit().await;
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", email).fill("password", PASSWORD);
        let page = form.submit().await;
        assert!(page.is_logged_in(), "{}", page.visible_text());
        browser
    }

    /// Returns the address that the app listens on.
    pub fn address(&self) -> SocketAddr {
        self.running.address
    }

    /// Returns the address of the metrics, if they are served.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.running.metrics_address()
    }

    /// Returns the public URL of the app.
    pub fn public_url(&self) -> &Url {
        &self.settings.server.public_url
    }

    /// The use cases of the app, to prepare a state or to read their counters.
    pub fn accounts(&self) -> &Accounts {
        &self.running.accounts
    }

    /// Opens the use cases on the same database with their own counters, to which background work
    /// adds nothing.
    pub async fn idle_accounts(&self) -> Accounts {
        let opened = self.app.open_accounts(&self.settings, self.clock.clone()).await;
        opened.expect("the database is there")
    }

    /// Returns the use cases on the database of this app, with other settings.
    pub async fn accounts_with(&self, change: impl FnOnce(&mut Settings)) -> Accounts {
        let mut settings = self.settings.clone();
        change(&mut settings);
        let opened = self.app.open_accounts(&settings, self.clock.clone()).await;
        opened.expect("the database is there")
    }

    /// Returns the folder of the SQLite database.
    pub fn folder(&self) -> &std::path::Path {
        self.place.folder.path()
    }

    /// Returns a digest of the database.
    pub async fn database_digest(&self) -> DatabaseDigest {
        self.database.digest().await
    }

    /// Returns the number of rows of a table.
    pub async fn count(&self, table: &str) -> usize {
        self.database.count(table).await
    }

    /// Sends the bytes unchanged and reads until the app closes the connection.
    pub async fn exchange(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address()).await.expect("the app listens");
        stream.write_all(bytes).await.expect("the app reads");
        let mut answer = Vec::new();
        let _may_be_reset = stream.read_to_end(&mut answer).await;
        answer
    }

    /// Stops the app as SIGTERM does.
    pub async fn stop(self) {
        self.running.stop().await;
    }
}

fn settings(database: &str, mail: SocketAddr) -> Settings {
    let mut settings = Settings::default();
    settings.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    settings.server.public_url = PUBLIC_URL.parse().expect("a URL");
    settings.database.url = database.to_owned().try_into().expect("a database URL");
    settings.database.max_connections = 8;
    settings.password.memory_kib = 64;
    settings.password.iterations = 1;
    settings.mail.url = format!("smtp://{mail}").parse().expect("a mail URL");
    settings.limits.enabled = false;
    settings.environment = Environment::Test;
    settings.secret_key = Some(SECRET_KEY.to_owned().into());
    settings
}
