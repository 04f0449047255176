//! A panic in a handler costs one visitor a page with status 500 and no other request anything.
//! Neither the answer nor the log contains the text of the panic, which may quote input; the hook
//! of [`crate::telemetry`] logs the place.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::{Endpoint, Middleware, Request, Response, Result, http::StatusCode};

/// Answers with 500 when the inner endpoint panics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatchPanic;

/// [`CatchPanic`] around an endpoint.
pub(crate) struct CatchPanicEndpoint<E> {
    inner: E,
}

impl<E: Endpoint<Output = Response>> Middleware<E> for CatchPanic {
    type Output = CatchPanicEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CatchPanicEndpoint { inner }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for CatchPanicEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let answer = AssertUnwindSafe(self.inner.call(request)).catch_unwind().await;
        answer.unwrap_or_else(|_panic| {
            tracing::error!("a handler panicked");
            Err(StatusCode::INTERNAL_SERVER_ERROR.into())
        })
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make, http::StatusCode};

    use super::*;

    /// CRA-05. Every handler lies inside this layer, and no route of ours panics when
    /// asked to, so there is nothing to prove it with from outside.
    #[tokio::test]
    async fn a_panic_becomes_an_error_without_its_text() {
        let routes = make(|_| async {
            tokio::task::yield_now().await;
            Ok::<_, poem::Error>(std::env::var("NO_SUCH_VARIABLE").expect("secret"))
        });
        let app = routes.map_to_response().with(CatchPanic);

        let error = app.call(Request::default()).await.unwrap_err();

        assert_eq!(error.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!format!("{error:?}").contains("secret"));
    }
}
