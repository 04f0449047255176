//! An id for every request, and one line in the log for it: the route's pattern,
//! never the path or the query, which may hold a reset token.
//!
//! Ids are random per process and counted, so that they cost next to nothing. One
//! that a trusted proxy sends is kept; anybody else's is ignored, or visitors could
//! forge lines of the log.

use std::{
    fmt,
    future::poll_fn,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Instant,
};

use domain::{UserId, random};
use poem::{
    Endpoint, Middleware, PathPattern, Request, Response, Result,
    http::{HeaderName, HeaderValue, Method},
};
use tokio::task_local;
use tracing::field;

use super::client_address::peer;
use crate::settings::TrustedProxies;

/// The target of the lines about requests.
pub(crate) const REQUESTS: &str = "latchkey::request";

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const MAX_LENGTH: usize = 64;

/// Digits and letters that are not mistaken for one another.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

task_local! {
    /// The request that the task is at, for every line of the log.
    static CURRENT: RequestId;
}

/// What a request is called in the log and on error pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

/// Left in a response, so that the log can name who was logged in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoggedUser(pub(crate) UserId);

/// Names requests and logs them.
#[derive(Clone, Debug)]
pub(crate) struct RequestIdLayer {
    proxies: Arc<TrustedProxies>,
    ids: Arc<Ids>,
}

/// [`RequestIdLayer`] around an endpoint.
pub(crate) struct RequestIdEndpoint<E> {
    inner: E,
    log: RequestIdLayer,
}

#[derive(Debug)]
struct Ids {
    prefix: Vec<u8>,
    next: AtomicU64,
}

/// Hands over the id of the request that this task is at, if it is at one.
pub(crate) fn with_request_id<T>(read: impl FnOnce(&str) -> T) -> Option<T> {
    CURRENT.try_with(|id| read(id.as_str())).ok()
}

impl RequestId {
    /// The id as text.
    pub(crate) fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    fn from_proxy(request: &Request) -> Option<Self> {
        let value = request.headers().get(X_REQUEST_ID)?;
        let is_word = value.as_bytes().iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        (is_word && (1..=MAX_LENGTH).contains(&value.len())).then(|| Self(value.clone()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Ids {
    fn new() -> Self {
        let mut prefix = Vec::new();
        push_base32(&mut prefix, u128::from_le_bytes(random::bytes()));
        prefix.push(b'-');
        Self { prefix, next: AtomicU64::new(1) }
    }

    fn next(&self) -> RequestId {
        let mut id = Vec::with_capacity(MAX_LENGTH);
        id.extend_from_slice(&self.prefix);
        push_base32(&mut id, self.next.fetch_add(1, Ordering::Relaxed).into());
        let value = HeaderValue::from_maybe_shared(bytes::Bytes::from(id));
        RequestId(value.unwrap_or_else(|_| HeaderValue::from_static("unnamed")))
    }
}

fn push_base32(text: &mut Vec<u8>, number: u128) {
    let digits = (128 - number.leading_zeros()).div_ceil(5).max(1);
    for digit in (0..digits).rev() {
        let index = usize::try_from((number >> (5 * digit)) & 31).unwrap_or_default();
        text.extend(ALPHABET.get(index));
    }
}

impl RequestIdLayer {
    /// Keeps the ids that `proxies` give.
    pub(crate) fn new(proxies: Arc<TrustedProxies>) -> Self {
        Self { proxies, ids: Arc::new(Ids::new()) }
    }

    fn id(&self, request: &Request) -> RequestId {
        let is_proxy = peer(request).is_some_and(|peer| self.proxies.contains(peer));
        let given = if is_proxy { RequestId::from_proxy(request) } else { None };
        given.unwrap_or_else(|| self.ids.next())
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for RequestIdLayer {
    type Output = RequestIdEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RequestIdEndpoint { inner, log: self.clone() }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for RequestIdEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let started = Instant::now();
        let id = self.log.id(&request);
        let method = method_name(request.method());
        request.set_data(id.clone());

        let mut answer = pin!(self.inner.call(request));
        // `scope` would move the answer, which is large.
        let poll = |cx: &mut Context<'_>| {
            CURRENT.sync_scope(id.clone(), || {
                let answer = ready!(answer.as_mut().poll(cx));
                Poll::Ready(answer.inspect(|response| log(method, response, started)))
            })
        };
        let mut response = poll_fn(poll).await?;
        response.headers_mut().insert(X_REQUEST_ID, id.0);
        Ok(response)
    }
}

fn log(method: &'static str, response: &Response, started: Instant) {
    // The pattern of what is nested at the root, and matched nothing there, is empty.
    let pattern = response.data::<PathPattern>().map(|pattern| pattern.0.as_ref());
    let route = pattern.filter(|pattern| !pattern.is_empty()).unwrap_or("-");
    let micros = u32::try_from(started.elapsed().as_micros()).unwrap_or(u32::MAX);
    tracing::info!(
        target: REQUESTS,
        method,
        route,
        status = response.status().as_u16(),
        ms = f64::from(micros) / 1000.0,
        user_id = response.data::<LoggedUser>().map(|user| field::display(user.0)),
        "request"
    );
}

/// A method that HTTP does not know is somebody's own text.
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
    use poem::{EndpointExt, endpoint::make_sync};

    use super::*;
    use crate::middleware::testing::request_from;

    fn request(peer: &str, id: &str) -> Request {
        request_from(peer, &[("x-request-id", id)])
    }

    #[test]
    fn ids_are_words_and_differ() {
        let ids = Ids::new();
        let (one, other) = (ids.next(), ids.next());

        assert_ne!(one, other);
        assert!(one.as_str().ends_with("-1"), "{one}");
        assert!((20..=MAX_LENGTH).contains(&one.as_str().len()), "{one}");
        assert!(one.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }

    #[test]
    fn numbers_are_written_in_base_32() {
        let base32 = |number| {
            let mut text = Vec::new();
            push_base32(&mut text, number);
            String::from_utf8(text).unwrap()
        };

        assert_eq!((base32(0), base32(31), base32(32)), ("0".into(), "z".into(), "10".into()));
        assert_eq!(base32(u128::MAX).len(), 26);
    }

    /// LGG-05.
    #[test]
    fn an_id_from_outside_is_kept_only_if_it_is_a_short_word() {
        let given = |id: &str| RequestId::from_proxy(&request("192.0.2.1", id));

        assert_eq!(given("abc-123").unwrap().as_str(), "abc-123");
        for wrong in ["", "a b", "a\u{2028}", "a_b", &"a".repeat(65)] {
            assert_eq!(given(wrong), None, "{wrong}");
        }
    }

    #[tokio::test]
    async fn every_answer_carries_the_id_of_its_request() {
        let seen = |request: Request| {
            let id = request.data::<RequestId>().unwrap().to_string();
            assert_eq!(with_request_id(str::to_owned).as_ref(), Some(&id));
            id
        };
        let app = make_sync(seen).map_to_response().with(RequestIdLayer::new(Arc::default()));

        let response = app.get_response(request("192.0.2.1", "forged")).await;

        let id = response.header("x-request-id").unwrap().to_owned();
        assert_ne!(id, "forged");
        assert_eq!(response.into_body().into_string().await.unwrap(), id);
    }

    #[tokio::test]
    async fn the_id_of_a_trusted_proxy_goes_through() {
        let proxies = TrustedProxies::parse("192.0.2.0/24").unwrap();
        let app = make_sync(|_| "").map_to_response().with(RequestIdLayer::new(Arc::new(proxies)));

        let response = app.get_response(request("192.0.2.1", "from-proxy")).await;

        assert_eq!(response.header("x-request-id"), Some("from-proxy"));
    }
}
