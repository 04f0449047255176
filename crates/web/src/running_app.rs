//! The whole server, put together: an app and its settings in, a listening socket out.

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, anyhow, bail};
use auth::{Accounts, AuthSettings, Background, OpenAccountsError, OpenError};
use domain::Clock;
use hypermedia::{
    front,
    look::Look,
    metrics::{MetricsServer, RequestMetrics},
    operator_command,
    page_context::Site,
    probes::Draining,
    server::{self, ServerLimits},
    settings::{Environment, Settings},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::App;

/// A server that serves.
#[derive(Debug)]
pub struct RunningApp {
    /// Where it listens.
    pub address: SocketAddr,
    /// The use cases that it serves.
    pub accounts: Accounts,
    metrics: Option<MetricsServer>,
    background: Background,
    draining: Draining,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl RunningApp {
    /// Starts serving. In development and test the database is made and its schema brought
    /// up to date; in production a database or a schema that is not there is an error.
    pub(crate) async fn start(app: &App, settings: Settings, clock: Clock) -> anyhow::Result<Self> {
        app.check()?;
        let mut settings = app.prepare(settings);
        if settings.environment == Environment::Production {
            settings.database = settings.database.existing();
        }
        let listener = TcpListener::bind(settings.server.listen).await.with_context(|| {
            let address = settings.server.listen;
            format!("cannot listen on {address}; set server.listen to another address")
        })?;
        let address = listener.local_addr().context("the socket has no address")?;
        // It follows `listen` where it is not set, and the port is known only now.
        if settings.server.public_url.port() == Some(0) {
            let _http_takes_ports = settings.server.public_url.set_port(Some(address.port()));
        }
        let accounts = app.open_accounts(&settings, clock).await?;
        ensure_schema(app, &accounts, settings.environment).await?;
        let draining = Draining::default();
        let requests = RequestMetrics::default();
        let metrics = match settings.metrics.listen {
            Some(listen) => Some(MetricsServer::start(listen, &accounts, &requests).await?),
            None => None,
        };
        let counted = metrics.is_some().then_some(requests);
        let routes = app.routes_with(settings.environment == Environment::Development);
        let look = Arc::new(Look::new(settings.brand, settings.environment));
        let site = Site::new(accounts.clone(), &settings, app.site_parts(), routes.pages())?;
        let endpoint = front::endpoint(site, look, routes, &settings, &draining, counted)?;
        let limits =
            ServerLimits::new(settings.server.shutdown_grace, &settings.server.trusted_proxies);
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            server::serve(listener, endpoint, limits, async {
                stopped.await.ok();
            })
            .await;
        });
        let background = accounts.start_background();
        Ok(Self { address, accounts, metrics, background, draining, stop, serving })
    }

    /// Where the metrics are served, if they are.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().map(|metrics| metrics.address)
    }

    /// Says that the server is on its way out, takes no new connections, lets
    /// requests in flight finish within the grace, and closes the database.
    pub async fn stop(self) {
        self.draining.begin();
        self.stop.send(()).ok();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the server task failed");
        }
        self.background.stop().await;
        if let Some(metrics) = self.metrics {
            metrics.stop().await;
        }
        self.accounts.close().await;
    }
}

impl App {
    /// Starts a server; see [`RunningApp`].
    pub async fn start(&self, settings: Settings, clock: Clock) -> anyhow::Result<RunningApp> {
        RunningApp::start(self, settings, clock).await
    }

    /// Opens the accounts that `settings` describe.
    pub async fn open_accounts(
        &self,
        settings: &Settings,
        clock: Clock,
    ) -> anyhow::Result<Accounts> {
        let settings = self.prepare(settings.clone());
        let auth = AuthSettings {
            brand: settings.brand,
            roles: self.roles,
            personal_data: self.own_data(),
            session: settings.session.clone(),
            password: settings.password.clone(),
            accounts: settings.accounts.clone(),
            mail: settings.mail.clone(),
            limits: settings.limits.clone(),
            keep_recent_mails: settings.environment == Environment::Development,
        };
        let secret = settings.secret_key()?;
        let public_url = settings.server.public_url.clone();
        let opened = Accounts::open(&settings.database, auth, &secret, public_url, clock).await;
        opened
            .map_err(|error| match error {
                OpenAccountsError::Database(OpenError::Missing) => {
                    let migrate = operator_command(self.brand.slug, "migrate");
                    anyhow!("{error}; run `{migrate}` to make it, or correct database.url")
                }
                error => error.into(),
            })
            .with_context(|| format!("cannot open the database {}", settings.database.url))
    }
}

async fn ensure_schema(
    app: &App,
    accounts: &Accounts,
    environment: Environment,
) -> anyhow::Result<()> {
    let pending =
        accounts.operations().pending_migrations().await.context("the schema cannot be read")?;
    if !pending.is_empty() {
        if environment == Environment::Production {
            let migrate = operator_command(app.brand.slug, "migrate");
            bail!("{} migrations are pending; run `{migrate}`", pending.len());
        }
        accounts
            .operations()
            .check_may_migrate()
            .await
            .context("the migrations cannot be applied")?;
        accounts.operations().migrate().await.context("the migrations failed")?;
    }
    accounts.operations().check_may_serve().await.context("the database cannot be used")
}
