//! The outermost layer: it makes the request context before anything can refuse the request, and
//! logs one line for it: with the route's pattern, never the path or the query, which may contain a
//! reset token.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, OnceLock},
    time::Instant,
};

use domain::{Language, UserId};
use poem::{Endpoint, Middleware, PathPattern, Request, Response, Result, http::Method};
use tokio::task_local;

use super::{client_address, language, request_id::RequestId, trace_id::TraceId};
use crate::{
    cookies::CookieNames,
    dev_version,
    look::Look,
    metrics::RequestMetrics,
    proxy_probe,
    settings::{ClientNetwork, LoggedClient, TrustedProxies},
    transport::Transport,
};

/// The paths that balancers and the operator's tools request.
pub(super) const PROBES: [&str; 3] = ["/livez", "/readyz", proxy_probe::PATH];

/// The target of the lines about requests.
const REQUESTS: &str = "hypermedia::request";

task_local! {
    /// The request that the task is at, for every line of the log.
    static CURRENT: Arc<RequestContext>;
}

/// The facts about a request that are known from the beginning; stored as data of the request.
#[derive(Debug)]
pub struct RequestContext {
    /// The id to quote.
    pub id: RequestId,
    /// The trace that a proxy of ours tells it to belong to.
    pub trace_id: Option<TraceId>,
    /// The client's address.
    pub client: IpAddr,
    /// The part of the address that the operator wants in the log.
    pub(crate) logged_client: Option<LoggedClient>,
    /// The visitor's language.
    pub language: Language,
    /// How the answer will be used.
    pub transport: Transport,
    /// The look of the product.
    pub look: Arc<Look>,
    /// The user of the answer, for the log.
    pub user: OnceLock<UserId>,
}

/// Finds the [`RequestContext`] of every request, and logs the request.
#[derive(Clone, Debug)]
pub(crate) struct RequestContextLayer {
    names: CookieNames,
    look: Arc<Look>,
    proxies: Arc<TrustedProxies>,
    shown: ClientNetwork,
    counted: Option<RequestMetrics>,
}

/// [`RequestContextLayer`] around an endpoint.
pub(crate) struct RequestContextEndpoint<E> {
    inner: E,
    layer: RequestContextLayer,
}

impl RequestContext {
    /// The context of `request`.
    #[expect(clippy::expect_used, reason = "the layer is outside of everything")]
    pub fn of(request: &Request) -> &Arc<Self> {
        request.data().expect("every request passes the outermost layer")
    }

    /// The request that this task is at, if it is at one.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT.try_with(Arc::clone).ok()
    }
}

impl RequestContextLayer {
    /// Takes the client's address and the request's id from `proxies` only. `names` has the name of
    /// the language cookie.
    pub(crate) fn new(names: CookieNames, look: Arc<Look>, proxies: Arc<TrustedProxies>) -> Self {
        let shown = ClientNetwork::default();
        Self { names, look, proxies, shown, counted: None }
    }

    /// The same layer, which logs so much of who asks.
    #[must_use]
    pub(crate) fn showing(self, shown: ClientNetwork) -> Self {
        Self { shown, ..self }
    }

    /// The same, counting requests where monitoring reads.
    #[must_use]
    pub(crate) fn counting(self, counted: Option<RequestMetrics>) -> Self {
        Self { counted, ..self }
    }

    /// Makes the context of `request`, with a new id.
    pub(super) fn request_context(&self, request: &Request) -> RequestContext {
        let headers = request.headers();
        let peer = client_address::peer(request);
        let is_proxy = peer.is_some_and(|peer| self.proxies.contains(peer));
        let given = if is_proxy { RequestId::from_proxy(headers) } else { None };
        let trace_id = if is_proxy { TraceId::from_proxy(headers) } else { None };
        let client = peer.map(|peer| client_address::client(peer, headers, &self.proxies));
        let client = client.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
        RequestContext {
            id: given.unwrap_or_else(RequestId::generate),
            trace_id,
            client,
            logged_client: self.shown.of(client),
            language: language::choose(headers, self.names, self.look.brand.languages),
            look: Arc::clone(&self.look),
            transport: Transport::of(headers),
            user: OnceLock::new(),
        }
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for RequestContextLayer {
    type Output = RequestContextEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestContextEndpoint { inner, layer: self.clone() }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for RequestContextEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let started = Instant::now();
        let request_context = Arc::new(self.layer.request_context(&request));
        let line = Line { method: method_name(request.method()), started };
        request.set_data(Arc::clone(&request_context));

        let answer = async {
            let response = self.inner.call(request).await?;
            // Within the scope, so that the line has the id.
            line.write(&request_context, &response);
            if let Some(counted) = &self.layer.counted {
                counted.record(line.method, &response, started.elapsed());
            }
            Ok(response)
        };
        CURRENT.scope(Arc::clone(&request_context), answer).await
    }
}

/// The fields of the log line that are known from the beginning.
#[derive(Clone, Copy)]
struct Line {
    method: &'static str,
    started: Instant,
}

impl Line {
    /// Writes it. Balancers ask every few seconds: of probes that went well it is written
    /// for those who look for it.
    fn write(self, request_context: &RequestContext, response: &Response) {
        // The pattern of an unmatched path below the root is empty.
        let pattern = response.data::<PathPattern>().map(|pattern| pattern.0.as_ref());
        let route = pattern.filter(|pattern| !pattern.is_empty()).unwrap_or("-");
        let micros = u32::try_from(self.started.elapsed().as_micros()).unwrap_or(u32::MAX);
        let status = response.status();
        macro_rules! write_line {
            ($level:ident) => {
                tracing::$level!(
                    target: REQUESTS,
                    message = "request",
                    method = self.method,
                    route,
                    status = status.as_u16(),
                    ms = f64::from(micros) / 1000.0,
                    client = request_context.logged_client.map(tracing::field::display),
                    user_id = request_context.user.get().map(tracing::field::display),
                )
            };
        }
        let is_frequent = PROBES.contains(&route) || route == dev_version::PATH;
        if is_frequent && !status.is_server_error() {
            write_line!(debug);
        } else {
            write_line!(info);
        }
    }
}

/// A method that HTTP does not define is text of the client.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use domain::Brand;
    use poem::{EndpointExt, endpoint::make_sync};

    use super::*;
    use crate::middleware::testing::request_from;

    fn layer(proxies: &str) -> RequestContextLayer {
        let proxies = Arc::new(TrustedProxies::parse(proxies).unwrap());
        let names = CookieNames::new(&Brand::EXAMPLE, false);
        RequestContextLayer::new(names, Arc::default(), proxies)
    }

    /// The id, the id in the log and the client as the handler behind the layer sees them.
    async fn seen(proxies: &str, headers: &[(&str, &str)]) -> [String; 3] {
        let handler = |request: Request| {
            let request_context = RequestContext::of(&request);
            let current = RequestContext::current();
            let logged = current.as_ref().map_or("", |current| current.id.as_str());
            format!("{} {logged} {}", request_context.id.as_str(), request_context.client)
        };
        let app = make_sync(handler).map_to_response().with(layer(proxies));
        let response = app.get_response(request_from("192.0.2.1", headers)).await;
        let seen = response.into_body().into_string().await.unwrap();
        let words: Vec<_> = seen.split(' ').map(str::to_owned).collect();
        words.try_into().unwrap()
    }

    const SAID: [(&str, &str); 2] =
        [("x-request-id", "from-outside"), ("x-forwarded-for", "198.51.100.7")];

    #[tokio::test]
    async fn a_request_is_logged_by_the_id_that_its_pages_show() {
        let [id, logged, client] = seen("", &SAID).await;

        assert_eq!(id, logged);
        assert_ne!(id, "from-outside");
        assert_eq!(client, "192.0.2.1");
    }

    #[tokio::test]
    async fn what_a_trusted_proxy_says_is_believed() {
        let [id, logged, client] = seen("192.0.2.0/24", &SAID).await;

        assert_eq!((id.as_str(), logged.as_str()), ("from-outside", "from-outside"));
        assert_eq!(client, "198.51.100.7");
    }
}
