//! Reads the body of a request that may have one, up to a limit and within a
//! deadline, before anything else looks at the request. Handlers find it whole, as
//! [`RawBody`]. Bodies of safe methods are not read.
//!
//! Threats: bodies that fill the memory, with or without a length in front, and
//! bodies that never end (INP-02, RES-03).

use std::time::Duration;

use bytes::Bytes;
use bytesize::ByteSize;
use http_body_util::{BodyExt, LengthLimitError, Limited, combinators::BoxBody};
use poem::{
    Body, Endpoint, Error, Middleware, Request, Response, Result,
    http::{StatusCode, header},
};

use super::CloseConnection;

/// The body that a request came with.
#[derive(Clone)]
pub(crate) struct RawBody(pub Bytes);

/// Reads bodies that are neither too long nor too slow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimit {
    limit: u64,
    deadline: Duration,
}

/// [`BodyLimit`] around an endpoint.
pub(crate) struct BodyLimitEndpoint<E> {
    inner: E,
    layer: BodyLimit,
}

impl BodyLimit {
    /// Bodies of at most `limit` bytes, read within `deadline`.
    pub(crate) fn new(limit: ByteSize, deadline: Duration) -> Self {
        Self { limit: limit.as_u64(), deadline }
    }

    /// The body to read, if there is one.
    fn take(&self, request: &mut Request) -> Result<Option<Body>, StatusCode> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if length.is_some_and(|length| length > self.limit) {
            return Err(StatusCode::PAYLOAD_TOO_LARGE);
        }
        if request.method().is_safe() {
            return Ok(None);
        }
        Ok(Some(request.take_body()))
    }

    async fn read(&self, body: Body) -> Result<RawBody, StatusCode> {
        let body = BoxBody::from(body);
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let read = Limited::new(body, limit).collect();
        match tokio::time::timeout(self.deadline, read).await {
            Ok(Ok(body)) => Ok(RawBody(body.to_bytes())),
            Ok(Err(error)) if error.is::<LengthLimitError>() => Err(StatusCode::PAYLOAD_TOO_LARGE),
            Ok(Err(_)) => Err(StatusCode::BAD_REQUEST),
            Err(_late) => Err(StatusCode::REQUEST_TIMEOUT),
        }
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for BodyLimit {
    type Output = BodyLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        BodyLimitEndpoint { inner, layer: *self }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for BodyLimitEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if let Some(body) = self.layer.take(&mut request).map_err(refuse)? {
            request.set_data(self.layer.read(body).await.map_err(refuse)?);
        }
        self.inner.call(request).await
    }
}

/// The rest of the body may still come, so the connection has to close.
fn refuse(status: StatusCode) -> Error {
    let mut error = Error::from_status(status);
    error.set_data(CloseConnection);
    error
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, http::Method};

    use super::*;

    async fn send(method: Method, length: Option<u64>, body: Body) -> (StatusCode, String) {
        let echo = |request: Request| {
            let body = request.data::<RawBody>().map(|body| body.0.to_vec());
            body.unwrap_or_else(|| b"none".to_vec())
        };
        let limit = BodyLimit::new(ByteSize::b(8), Duration::from_millis(30));
        let app = make_sync(echo).map_to_response().with(limit);
        let mut request = Request::builder().method(method);
        if let Some(length) = length {
            request = request.header("content-length", length);
        }
        let response = app.get_response(request.body(body)).await;
        (response.status(), response.into_body().into_string().await.unwrap())
    }

    #[tokio::test]
    async fn a_body_within_the_limit_arrives_whole() {
        let (status, echo) = send(Method::POST, Some(8), "12345678".into()).await;

        assert_eq!((status, echo.as_str()), (StatusCode::OK, "12345678"));
    }

    /// INP-02.
    #[tokio::test]
    async fn a_body_that_is_too_long_is_refused_with_and_without_its_length() {
        let announced = send(Method::POST, Some(9), Body::empty()).await.0;
        let whole = send(Method::POST, None, "123456789".into()).await.0;

        assert_eq!(announced, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(whole, StatusCode::PAYLOAD_TOO_LARGE);
    }

    /// RES-03.
    #[tokio::test]
    async fn a_body_without_end_is_cut_at_the_limit_and_a_stalled_one_at_the_deadline() {
        let (silent, _kept_open) = tokio::io::duplex(8);

        let endless =
            send(Method::POST, None, Body::from_async_read(tokio::io::repeat(b'x'))).await.0;
        let stalled = send(Method::POST, None, Body::from_async_read(silent)).await.0;

        assert_eq!(endless, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(stalled, StatusCode::REQUEST_TIMEOUT);
    }

    #[tokio::test]
    async fn the_body_of_a_safe_method_is_left_alone() {
        let (silent, _kept_open) = tokio::io::duplex(8);

        let (status, echo) = send(Method::GET, None, Body::from_async_read(silent)).await;

        assert_eq!((status, echo.as_str()), (StatusCode::OK, "none"));
    }
}
