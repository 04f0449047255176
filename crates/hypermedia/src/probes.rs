//! The probes for load balancers and monitoring. They know no visitor and set no cookie.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use auth::{Accounts, Readiness};
use poem::{
    Body, Request, Response, Result,
    error::MethodNotAllowedError,
    handler,
    http::{StatusCode, header},
    web::Data,
};

use crate::{
    middleware::RequestContext,
    proxy_probe::{ProxyProbe, Seen},
    settings::TrustedProxies,
};

/// Whether the server is on its way out.
#[derive(Clone, Debug, Default)]
pub struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on no balancer should send anybody here.
    pub fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The process runs. Asks no other system.
#[handler]
pub(crate) fn livez() -> Response {
    answer(StatusCode::OK, "ok")
}

/// Requests can be served: the database answers and takes writes, its schema is current,
/// and the server is not draining.
#[handler]
pub(crate) async fn readyz(
    Data(accounts): Data<&Accounts>,
    Data(draining): Data<&Draining>,
) -> Response {
    if draining.0.load(Ordering::SeqCst) {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "draining");
    }
    match accounts.operations().readiness().await {
        Readiness::Ready => answer(StatusCode::OK, "ready"),
        Readiness::DatabaseUnavailable => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "database unavailable")
        }
        Readiness::DatabaseNotWritable => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "database takes no writes")
        }
        Readiness::MigrationsPending => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "migrations pending")
        }
    }
}

/// Describes the request as it arrived through the proxy, for the operator who signed the question.
#[handler]
pub(crate) fn proxy_probe(
    request: &Request,
    Data(accounts): Data<&Accounts>,
    Data(proxies): Data<&TrustedProxies>,
    Data(probe): Data<&ProxyProbe>,
) -> Result<Response> {
    let query = request.uri().query().unwrap_or_default();
    let nonce = probe.check(query, accounts.clock().now()).ok_or(StatusCode::NOT_FOUND)?;
    let client = RequestContext::of(request).client;
    let peer = request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical());
    let peer = peer.unwrap_or(client);
    let seen = Seen::of(request.headers(), (peer, proxies.contains(peer)), client);
    let body = probe.answer(&nonce, &seen).ok_or(StatusCode::NOT_FOUND)?;
    Ok(answer(StatusCode::OK, body))
}

/// Probes are read and no more.
pub async fn refuse(_: MethodNotAllowedError) -> Response {
    let refused = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED);
    refused.header(header::ALLOW, "GET, HEAD").finish()
}

fn answer(status: StatusCode, text: impl Into<Body>) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(text)
}
