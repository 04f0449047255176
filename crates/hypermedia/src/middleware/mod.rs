//! The layers around the routes, outermost first: request context and log, security headers, panic
//! catcher, time limit, framing, host check, body.
//!
//! The panic catcher lies inside the first two, so that the page it answers with is
//! logged and carries every header; no request can make those two panic. A layer
//! refuses a request with an error, which the headers layer makes a page of.

mod body_limit;
mod catch_panic;
mod client_address;
mod framing;
mod host;
mod language;
mod request_context;
mod request_id;
mod security_headers;
mod time_limit;
mod trace_id;

use std::{sync::Arc, time::Duration};

use poem::{Endpoint, EndpointExt, Response, http::StatusCode};

pub(crate) use body_limit::{BodyLimit, RawBody};
pub(crate) use catch_panic::CatchPanic;
pub(crate) use framing::Framing;
pub(crate) use host::{AllowedOrigin, HostCheck};
pub(crate) use request_context::{RequestContext, RequestContextLayer};
pub(crate) use security_headers::{Hsts, SecurityHeaders};
pub(crate) use time_limit::TimeLimit;
pub(crate) use trace_id::TraceId;

use crate::{look::Look, metrics::RequestMetrics, settings::Settings};

/// Longest wait for a body, where the time limit of the request is not shorter.
const BODY_DEADLINE: Duration = Duration::from_secs(10);

/// Makes the page, or the fragment, that says what went wrong.
pub(crate) type RenderError = fn(&RequestContext, StatusCode) -> Response;

/// In an error: when to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RetryAfter(Duration);

/// In an error: nothing more can be read from this connection.
#[derive(Clone, Copy, Debug)]
struct CloseConnection;

/// Puts all layers around the routes; `counted` counts requests where monitoring reads.
pub(crate) fn stack<E: Endpoint<Output = Response>>(
    routes: E,
    settings: &Settings,
    look: Arc<Look>,
    render: RenderError,
    counted: Option<RequestMetrics>,
) -> impl Endpoint<Output = Response> + use<E> {
    let server = &settings.server;
    let proxies = Arc::new(server.trusted_proxies.clone());
    // A body that stalls is to be told so, before the time limit ends the request.
    let body_deadline = BODY_DEADLINE.min(server.request_timeout * 2 / 3);
    let is_secure = server.public_url.scheme() == "https";
    let hsts = match (is_secure, server.hsts_subdomains) {
        (false, _) => Hsts::Off,
        (true, false) => Hsts::Host,
        (true, true) => Hsts::Subdomains,
    };
    routes
        .with(BodyLimit::new(server.body_limit, body_deadline))
        .with(HostCheck::new(&server.public_url, Arc::clone(&proxies)))
        .with(Framing)
        .with(TimeLimit::new(server.request_timeout))
        .with(CatchPanic)
        .with(SecurityHeaders::new(hsts, render))
        .with(
            RequestContextLayer::new(settings.cookie_names(), look, proxies)
                .showing(settings.log.client_network)
                .counting(counted),
        )
}

#[cfg(test)]
pub(crate) mod testing {
    //! Requests from any address, and a renderer that shows its arguments.

    use std::{
        net::{IpAddr, SocketAddr},
        sync::Arc,
    };

    use domain::Brand;
    use poem::{
        Addr, Body, Request, RequestParts, Response,
        http::{self, StatusCode, uri::Scheme},
        web::{LocalAddr, RemoteAddr},
    };

    use super::{RequestContext, RequestContextLayer};
    use crate::cookies::CookieNames;

    /// A GET for `/` from the machine at `peer`.
    pub(crate) fn request_from(peer: &str, headers: &[(&str, &str)]) -> Request {
        let mut request = http::Request::builder();
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let peer = SocketAddr::new(peer.parse::<IpAddr>().unwrap(), 4711);
        let remote = RemoteAddr(Addr::SocketAddr(peer));
        let parts = RequestParts::from((parts, LocalAddr::default(), remote, Scheme::HTTP));
        Request::from_parts(parts, Body::empty())
    }

    /// The same, past the outermost layer.
    pub(crate) fn arrived(headers: &[(&str, &str)]) -> Request {
        let mut request = request_from("192.0.2.1", headers);
        let names = CookieNames::new(&Brand::EXAMPLE, false);
        let request_context = RequestContextLayer::new(names, Arc::default(), Arc::default())
            .request_context(&request);
        request.set_data(Arc::new(request_context));
        request
    }

    pub(crate) fn render(request_context: &RequestContext, status: StatusCode) -> Response {
        Response::builder().status(status).body(format!("{:?}", request_context.transport))
    }
}
