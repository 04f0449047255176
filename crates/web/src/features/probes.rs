//! What the operator's machinery asks. Knows no visitor and sets no cookie.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use auth::{Accounts, Readiness};
use poem::{
    Response,
    error::MethodNotAllowedError,
    handler,
    http::{StatusCode, header},
    web::Data,
};

/// Whether the server is on its way out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draining(Arc<AtomicBool>);

impl Draining {
    /// From now on no balancer should send anybody here.
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The process is there; asks nothing and nobody.
#[handler]
pub(crate) fn livez() -> Response {
    answer(StatusCode::OK, "ok")
}

/// Requests can be served: the database answers, its schema is current, and the
/// server is not draining.
#[handler]
pub(crate) async fn readyz(
    Data(accounts): Data<&Accounts>,
    Data(draining): Data<&Draining>,
) -> Response {
    if draining.0.load(Ordering::SeqCst) {
        return answer(StatusCode::SERVICE_UNAVAILABLE, "draining");
    }
    match accounts.readiness().await {
        Readiness::Ready => answer(StatusCode::OK, "ready"),
        Readiness::DatabaseUnavailable => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "database unavailable")
        }
        Readiness::MigrationsPending => {
            answer(StatusCode::SERVICE_UNAVAILABLE, "migrations pending")
        }
    }
}

/// Probes are read and no more.
pub(crate) async fn refuse(_: MethodNotAllowedError) -> Response {
    let refused = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED);
    refused.header(header::ALLOW, "GET, HEAD").finish()
}

fn answer(status: StatusCode, text: &'static str) -> Response {
    Response::builder().status(status).content_type("text/plain; charset=utf-8").body(text)
}
