//! The security headers of every answer: only files of this site load and run, no site frames this
//! one, nothing is cached unless the handler says so; and the id of the request. A header that the
//! handler has set stays. Errors become pages here, so that they carry the headers too: Poem would
//! print their text.
//!
//! Threats: injected markup, framing, sniffed types, leaked addresses, pages of one
//! person in a cache for all, downgrades to plain http.

use std::sync::Arc;

use poem::{
    Endpoint, Error, Middleware, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};

use super::{CloseConnection, RenderError, RequestContext, RetryAfter, request_id::X_REQUEST_ID};

const HEADERS: [(HeaderName, HeaderValue); 9] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
             connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
             geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::VARY,
        HeaderValue::from_static("Accept-Language, Cookie, HX-Request, HX-Request-Type"),
    ),
];

/// The header `Strict-Transport-Security`, where the site uses https.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hsts {
    /// Nothing: they do not.
    Off,
    /// For one year, for this host.
    Host,
    /// The same for every subdomain, whatever serves there.
    Subdomains,
}

/// Adds the headers to every answer.
#[derive(Clone, Debug)]
pub(crate) struct SecurityHeaders {
    headers: HeaderMap,
    render: RenderError,
}

/// [`SecurityHeaders`] around an endpoint.
pub(crate) struct SecurityHeadersEndpoint<E> {
    inner: E,
    headers: SecurityHeaders,
}

impl SecurityHeaders {
    /// The headers, with this HSTS.
    pub(crate) fn new(hsts: Hsts, render: RenderError) -> Self {
        let mut headers = HeaderMap::from_iter(HEADERS);
        let hsts = match hsts {
            Hsts::Off => None,
            Hsts::Host => Some("max-age=31536000"),
            Hsts::Subdomains => Some("max-age=31536000; includeSubDomains"),
        };
        if let Some(hsts) = hsts {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(hsts));
        }
        Self { headers, render }
    }

    fn page(&self, request_context: &RequestContext, error: &Error) -> Response {
        let mut response = (self.render)(request_context, error.status());
        let headers = response.headers_mut();
        if let Some(RetryAfter(pause)) = error.data() {
            headers.insert(header::RETRY_AFTER, pause.as_secs().into());
        }
        if error.data::<CloseConnection>().is_some() {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    fn add(&self, request_context: &RequestContext, response: &mut Response) {
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            if !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        headers.insert(X_REQUEST_ID, request_context.id.header());
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for SecurityHeaders {
    type Output = SecurityHeadersEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        SecurityHeadersEndpoint { inner, headers: self.clone() }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for SecurityHeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let request_context = Arc::clone(RequestContext::of(&request));
        let answer = self.inner.call(request).await;
        let mut response =
            answer.unwrap_or_else(|error| self.headers.page(&request_context, &error));
        self.headers.add(&request_context, &mut response);
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use poem::{
        EndpointExt, IntoResponse, endpoint::make_sync, error::InternalServerError,
        http::StatusCode,
    };

    use super::*;
    use crate::middleware::testing::{arrived, render};

    #[tokio::test]
    async fn every_answer_has_every_header() {
        let app = make_sync(|_| Response::default()).with(SecurityHeaders::new(Hsts::Host, render));

        let request = arrived(&[]);
        let id = RequestContext::of(&request).id.as_str().to_owned();

        let response = app.get_response(request).await;

        let policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
            connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; \
            frame-ancestors 'none'";
        let permissions = "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), \
            geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()";
        let expected = [
            ("cache-control", "no-store"),
            ("content-security-policy", policy),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", permissions),
            ("referrer-policy", "same-origin"),
            ("strict-transport-security", "max-age=31536000"),
            ("vary", "Accept-Language, Cookie, HX-Request, HX-Request-Type"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("x-request-id", &id),
        ];
        let headers = response.headers().iter();
        let texts = headers.map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let mut headers: Vec<_> = texts.collect();
        headers.sort_unstable();
        assert_eq!(headers, expected);
    }

    /// HDR-01: only where the operator says so.
    #[tokio::test]
    async fn subdomains_are_bound_on_request() {
        let headers = SecurityHeaders::new(Hsts::Subdomains, render);
        let app = make_sync(|_| Response::default()).with(headers);

        let response = app.get_response(arrived(&[])).await;

        let told = response.header("strict-transport-security");
        assert_eq!(told, Some("max-age=31536000; includeSubDomains"));
    }

    #[tokio::test]
    async fn what_the_handler_said_stays() {
        let app = make_sync(|_| {
            "".with_header("cache-control", "public, max-age=60")
                .with_header("referrer-policy", "no-referrer")
                .into_response()
        })
        .with(SecurityHeaders::new(Hsts::Off, render));

        let response = app.get_response(arrived(&[])).await;

        assert_eq!(response.header("cache-control"), Some("public, max-age=60"));
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(response.headers().get_all("cache-control").iter().count(), 1);
        assert_eq!(response.header("strict-transport-security"), None);
    }

    #[tokio::test]
    async fn an_error_of_poem_does_not_print_its_text() {
        let fail = |_| Err::<(), _>(InternalServerError(std::io::Error::other("/srv/secret")));
        let app = make_sync(fail).map_to_response().with(SecurityHeaders::new(Hsts::Off, render));

        let response = app.get_response(arrived(&[])).await;

        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.into_body().into_string().await.unwrap(), "Page");
    }

    #[tokio::test]
    async fn a_refusal_says_what_the_layer_asks_for() {
        let refuse = |_| {
            let mut error = Error::from_status(StatusCode::PAYLOAD_TOO_LARGE);
            error.set_data(RetryAfter(Duration::from_secs(7)));
            error.set_data(CloseConnection);
            Err::<(), _>(error)
        };
        let app = make_sync(refuse).map_to_response().with(SecurityHeaders::new(Hsts::Off, render));
        let request = arrived(&[("hx-request-type", "partial")]);

        let response = app.get_response(request).await;

        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(response.header("retry-after"), Some("7"));
        assert_eq!(response.header("connection"), Some("close"));
        assert_eq!(response.into_body().into_string().await.unwrap(), "Partial");
    }
}
