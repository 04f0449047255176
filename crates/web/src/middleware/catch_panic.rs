//! A panic in a handler costs its visitor a page with status 500 and nobody else
//! anything. Neither the answer nor the log holds the panic's text, which may quote
//! what somebody typed; where it happened is logged by the hook of
//! [`crate::telemetry`].

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::pin,
    task::Poll,
};

use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result, http::StatusCode};

use super::{ErrorContext, RenderError};

/// Answers with 500 when what is inside panics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CatchPanic {
    render: RenderError,
}

/// [`CatchPanic`] around an endpoint.
pub(crate) struct CatchPanicEndpoint<E> {
    inner: E,
    render: RenderError,
}

impl CatchPanic {
    pub(crate) fn new(render: RenderError) -> Self {
        Self { render }
    }
}

impl<E: Endpoint> Middleware<E> for CatchPanic {
    type Output = CatchPanicEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CatchPanicEndpoint { inner, render: self.render }
    }
}

impl<E: Endpoint> Endpoint for CatchPanicEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let context = ErrorContext::of(&request, StatusCode::INTERNAL_SERVER_ERROR);
        let mut call = pin!(async { self.inner.call(request).await });
        let outcome =
            poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
                Err(_panic) => Poll::Ready(None),
            })
            .await;
        if let Some(answer) = outcome {
            return answer.map(IntoResponse::into_response);
        }
        tracing::error!("a handler panicked");
        Ok((self.render)(&context))
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make, http::StatusCode};

    use super::*;
    use crate::middleware::testing::render;

    /// CRA-05. Every handler lies inside this layer, and no route of ours panics when
    /// asked to, so there is nothing to prove it with from outside.
    #[tokio::test]
    async fn a_panic_becomes_a_page_without_its_text() {
        let routes = make(|_| async {
            tokio::task::yield_now().await;
            Ok::<_, poem::Error>(std::env::var("LATCHKEY_NO_SUCH").expect("secret"))
        });
        let app = routes.with(CatchPanic::new(render));

        let response = app.get_response(Request::default()).await;

        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.into_body().into_string().await.unwrap(), "Page");
    }
}
