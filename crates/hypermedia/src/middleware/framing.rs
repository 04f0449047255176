//! Refuses a body with an end that two servers could see at different places (RFC 9112, 6.1 and
//! 6.3). `Transfer-Encoding` must be `chunked`, once and alone: the parser below takes the last
//! coding and ignores the others, while a proxy may go by the first.
//!
//! The parser itself refuses a coding in HTTP/1.0, a last coding that is not `chunked` and
//! lengths that differ. Of a length beside a coding it drops the length and closes the
//! connection, as the RFC allows.
//!
//! Threat: request smuggling (INP-08).

use poem::{
    Endpoint, Error, Middleware, Request, Response, Result,
    http::{HeaderMap, StatusCode, header},
};

use super::CloseConnection;

/// Admits requests with one unambiguous end of the body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Framing;

/// [`Framing`] around an endpoint.
pub(crate) struct FramingEndpoint<E>(E);

impl<E: Endpoint<Output = Response>> Middleware<E> for Framing {
    type Output = FramingEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        FramingEndpoint(inner)
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for FramingEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !is_clear(request.headers()) {
            return Err(refused());
        }
        self.0.call(request).await
    }
}

fn is_clear(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"),
        (Some(_), Some(_)) => false,
    }
}

/// Nothing on this connection can be believed any more.
fn refused() -> Error {
    let mut error = Error::from_status(StatusCode::BAD_REQUEST);
    error.set_data(CloseConnection);
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::testing::request_from;

    /// INP-08.
    #[test]
    fn a_transfer_coding_is_chunked_and_nothing_else() {
        let is_clear = |codings: &[&str]| {
            let headers: Vec<_> = codings.iter().map(|it| ("transfer-encoding", *it)).collect();
            is_clear(request_from("192.0.2.1", &headers).headers())
        };

        assert!(is_clear(&[]) && is_clear(&["chunked"]) && is_clear(&["Chunked"]));
        for codings in [
            &["chunked", "chunked"][..],
            &["chunked, chunked"],
            &["gzip, chunked"],
            &["identity"],
            &["identity", "chunked"],
            &["chunked;q=1"],
            &["\"chunked\""],
            &[""],
        ] {
            assert!(!is_clear(codings), "{codings:?}");
        }
    }
}
