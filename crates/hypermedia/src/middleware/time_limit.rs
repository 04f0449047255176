//! The time limit of a request: a late one is dropped where it waits, and the visitor is asked to
//! come back.

use std::time::Duration;

use poem::{Endpoint, Error, Middleware, Request, Response, Result, http::StatusCode};

use super::RetryAfter;

const RETRY_AFTER: RetryAfter = RetryAfter(Duration::from_secs(5));

/// Answers with 503 when the inner endpoint takes too long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimit {
    limit: Duration,
}

/// [`TimeLimit`] around an endpoint.
pub(crate) struct TimeLimitEndpoint<E> {
    inner: E,
    limit: Duration,
}

impl TimeLimit {
    /// Answers within `limit`.
    pub(crate) fn new(limit: Duration) -> Self {
        Self { limit }
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for TimeLimit {
    type Output = TimeLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        TimeLimitEndpoint { inner, limit: self.limit }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for TimeLimitEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if let Ok(answer) = tokio::time::timeout(self.limit, self.inner.call(request)).await {
            return answer;
        }
        tracing::error!("a request took longer than server.request_timeout");
        let mut error = Error::from_status(StatusCode::SERVICE_UNAVAILABLE);
        error.set_data(RETRY_AFTER);
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make};

    use super::*;

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_told_to_come_back() {
        let app = make(|_| async {
            tokio::time::sleep(Duration::from_mins(1)).await;
            Ok::<_, Error>(())
        })
        .map_to_response()
        .with(TimeLimit::new(Duration::from_millis(20)));

        let error = app.call(Request::default()).await.unwrap_err();

        assert_eq!(error.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(error.data(), Some(&RETRY_AFTER));
    }
}
