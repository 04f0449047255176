//! `/metrics`: what this process does, in OpenMetrics, for the operator's monitoring.
//!
//! It has a listener of its own, which knows no visitor and no other path, so that nothing
//! of it can be reached through the public address. Reading it takes at most one cheap
//! statement, and never longer than two seconds: a database that does not answer leaves
//! out what only it knows. No label holds what a visitor sent.

mod requests;
mod snapshot;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context;
use auth::Accounts;
use poem::{
    Endpoint, EndpointExt, Response, Route, get, handler,
    http::{StatusCode, header},
    web::Data,
};
use prometheus_client::{encoding::text, registry::Registry};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time::timeout};

pub use requests::RequestMetrics;

use crate::{
    probes,
    server::{self, ServerLimits},
};

/// Longest wait for what the database knows.
const DATABASE_LIMIT: Duration = Duration::from_secs(2);
const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The sources of a reading; cheap to clone.
#[derive(Clone)]
struct Sources {
    /// How every series begins.
    prefix: String,
    accounts: Accounts,
    requests: Arc<Registry>,
}

/// The listener of the metrics.
#[derive(Debug)]
pub struct MetricsServer {
    /// Where it listens.
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl MetricsServer {
    /// Listens at `listen`, for readings of `accounts` and `requests`.
    pub async fn start(
        listen: SocketAddr,
        accounts: &Accounts,
        requests: &RequestMetrics,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(listen).await.with_context(|| {
            format!("cannot listen on {listen}; set metrics.listen to another address")
        })?;
        let address = listener.local_addr().context("the socket has no address")?;
        let prefix = accounts.settings().brand.identifier();
        let mut registry = Registry::with_prefix(&prefix);
        requests.register(&mut registry);
        let sources = Sources { prefix, accounts: accounts.clone(), requests: Arc::new(registry) };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(async move {
            let limits = ServerLimits::for_operators();
            server::serve(listener, routes(sources), limits, async {
                stopped.await.ok();
            })
            .await;
        });
        tracing::info!(%address, "metrics are served");
        Ok(Self { address, stop, serving })
    }

    /// Stops listening.
    pub async fn stop(self) {
        self.stop.send(()).ok();
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "the metrics task failed");
        }
    }
}

fn routes(sources: Sources) -> impl Endpoint {
    Route::new().at("/metrics", get(show).catch_error(probes::refuse)).data(sources)
}

#[handler]
async fn show(Data(sources): Data<&Sources>) -> Response {
    match read(sources).await {
        Ok(body) => Response::builder()
            .content_type(CONTENT_TYPE)
            .header(header::CACHE_CONTROL, "no-store")
            .body(body),
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into()
        }
    }
}

async fn read(sources: &Sources) -> Result<String, std::fmt::Error> {
    let outbox = timeout(DATABASE_LIMIT, sources.accounts.operations().outbox_state()).await;
    let (metrics, now) = (sources.accounts.operations().metrics(), sources.accounts.clock().now());
    let snapshot = snapshot::registry(&sources.prefix, &metrics, outbox.unwrap_or_default(), now);
    let mut body = String::new();
    text::encode_registry(&mut body, &sources.requests)?;
    text::encode_registry(&mut body, &snapshot)?;
    text::encode_eof(&mut body)?;
    Ok(body)
}
