//! No request takes longer than it may: what is late is dropped where it waits, and
//! the visitor is asked to come back.

use std::time::Duration;

use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result, http::StatusCode};

use super::{ErrorContext, RenderError};

const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Answers with 503 when what is inside takes too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    limit: Duration,
    render: RenderError,
}

/// [`TimeLimit`] around an endpoint.
pub(crate) struct TimeLimitEndpoint<E> {
    inner: E,
    layer: TimeLimit,
}

impl TimeLimit {
    pub(crate) fn new(limit: Duration, render: RenderError) -> Self {
        Self { limit, render }
    }
}

impl<E: Endpoint> Middleware<E> for TimeLimit {
    type Output = TimeLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        TimeLimitEndpoint { inner, layer: *self }
    }
}

impl<E: Endpoint> Endpoint for TimeLimitEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let context = ErrorContext::of(&request, StatusCode::SERVICE_UNAVAILABLE);
        let TimeLimit { limit, render } = self.layer;
        if let Ok(answer) = tokio::time::timeout(limit, self.inner.call(request)).await {
            return answer.map(IntoResponse::into_response);
        }
        tracing::error!("a request took longer than server.request_timeout");
        Ok(render(&ErrorContext { retry_after: Some(RETRY_AFTER), ..context }))
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make};

    use super::*;
    use crate::middleware::testing::render;

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_told_to_come_back() {
        let app = make(|_| async {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok::<_, poem::Error>(())
        })
        .with(TimeLimit::new(Duration::from_millis(20), render));
        let request = Request::builder().header("hx-request-type", "partial").finish();

        let response = app.get_response(request).await;

        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.header("retry-after"), Some("5"));
        assert_eq!(response.into_body().into_string().await.unwrap(), "Partial");
    }
}
