//! Requests with the headers of a real browser, or with any headers that a test chooses.

use std::net::SocketAddr;

use reqwest::{
    Client, Method, StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use url::{Url, form_urlencoded};

use super::{Browser, Transport};
use crate::support::cookies::Cookie;

/// The cause of a request.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// The address bar.
    Typed,
    /// A link or a form.
    Link,
    /// htmx, with the descriptions of source and target.
    Htmx { source: String, target: String },
}

/// An answer as it was received.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, in which bytes that are not UTF-8 are replaced.
    pub body: String,
}

/// A request that a test builds.
#[derive(Clone, Debug)]
pub struct RawRequest {
    client: Client,
    method: Method,
    url: String,
    origin: String,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Browser {
    /// Stores the cookies of an answer to a request that a test built.
    pub fn keep_cookies(&mut self, answer: &Answer) {
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().expect("a cookie is ASCII");
            self.jar.store(cookie, &self.origin);
        }
    }

    /// Sends the request that a browser would send, and stores the cookies of the answer.
    pub(super) async fn send(
        &mut self,
        method: &Method,
        url: &Url,
        body: Option<&str>,
        kind: &Kind,
    ) -> Answer {
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let mut request = self.raw(method.as_str(), path);
        request = self.describe(request, method, kind);
        if let Some(body) = body {
            request = request.body("application/x-www-form-urlencoded", body);
        }
        let answer = request.send().await;
        self.keep_cookies(&answer);
        let is_encoded = answer.headers.contains_key("content-encoding");
        assert!(!(answer.is_html() && is_encoded), "{path}: HTML is compressed (BREACH)");
        answer
    }

    fn describe(&self, request: RawRequest, method: &Method, kind: &Kind) -> RawRequest {
        let is_navigation = !matches!(kind, Kind::Htmx { .. });
        let mut request = request
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64) tests")
            .header("accept-language", &self.languages)
            .header("accept-encoding", "gzip, deflate, br");
        if self.fetch_metadata {
            let site = if matches!(kind, Kind::Typed) { "none" } else { "same-origin" };
            let mode = if is_navigation { "navigate" } else { "same-origin" };
            let destination = if is_navigation { "document" } else { "empty" };
            request = request
                .header("sec-fetch-site", site)
                .header("sec-fetch-mode", mode)
                .header("sec-fetch-dest", destination);
        }
        // With the policy `no-referrer`, a POST has `Origin: null` (Fetch standard, "append a
        // request `Origin` header").
        let is_secretive = self.referrer_policy == "no-referrer";
        if *method != Method::GET {
            let origin = self.origin.origin().ascii_serialization();
            request = request.header("origin", if is_secretive { "null" } else { &origin });
        }
        let page = self.page.as_ref().filter(|_| !matches!(kind, Kind::Typed));
        if let Some(page) = page.filter(|_| !is_secretive) {
            request = request.header("referer", page.url.as_str());
        }
        let Kind::Htmx { source, target } = kind else {
            return request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        };
        let is_full = self.transport == Transport::HtmxFull;
        request
            .header("accept", "text/html")
            .header("hx-request", "true")
            .header("hx-request-type", if is_full { "full" } else { "partial" })
            .header("hx-source", source)
            .header("hx-target", target)
            .header("hx-current-url", self.page().url.as_str())
    }
}

impl RawRequest {
    /// Creates a request with no header but `Host`.
    pub fn new(
        client: Client,
        address: SocketAddr,
        public_url: &Url,
        method: Method,
        path: &str,
    ) -> Self {
        let host = &public_url[url::Position::BeforeHost..url::Position::AfterPort];
        let origin = public_url.origin().ascii_serialization();
        let url = format!("http://{address}{path}");
        Self { client, method, url, origin, headers: HeaderMap::new(), body: None }
            .header("host", host)
    }

    /// Changes the path of the request.
    #[must_use]
    pub fn to_path(mut self, path: &str) -> Self {
        let start = "http://".len();
        let end = self.url[start..].find('/').expect("a path begins with a slash");
        self.url.replace_range(start + end.., path);
        self
    }

    /// Sets a header and replaces one with the same name.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name is a token");
        self.headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("one line"));
        self
    }

    /// Adds a header and keeps others with the same name.
    #[must_use]
    pub fn another_header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name is a token");
        self.headers.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("one line"));
        self
    }

    /// Removes a header.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sends only these cookies.
    #[must_use]
    pub fn with_cookies(self, cookies: Option<String>) -> Self {
        match cookies {
            Some(cookies) => self.header("cookie", &cookies),
            None => self.without_header("cookie"),
        }
    }

    /// Marks the request as same-origin, as browsers do.
    #[must_use]
    pub fn same_origin(self) -> Self {
        let origin = self.origin.clone();
        self.header("origin", &origin).header("sec-fetch-site", "same-origin")
    }

    /// Marks the request as an htmx partial request.
    #[must_use]
    pub fn htmx_partial(self) -> Self {
        self.header("hx-request", "true").header("hx-request-type", "partial")
    }

    /// Sends these form fields.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Sends this body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self.header("content-type", content_type)
    }

    /// Sends the request.
    pub async fn send(self) -> Answer {
        let name = format!("{} {}", self.method, self.url);
        self.try_send().await.unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    /// Sends the request to a server that may not answer.
    pub async fn try_send(self) -> reqwest::Result<Answer> {
        let mut request = self.client.request(self.method, self.url).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let headers = response.headers().clone();
        let body = String::from_utf8_lossy(&response.bytes().await?).into_owned();
        Ok(Answer { status, headers, body })
    }
}

impl Answer {
    /// Returns the status as a number.
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// Returns the first header with this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Whether the body is HTML.
    pub fn is_html(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.starts_with("text/html"))
    }

    /// Returns the cookies that the answer sets.
    pub fn cookies(&self) -> Vec<Cookie> {
        let headers = self.headers.get_all("set-cookie").into_iter();
        headers.filter_map(|value| value.to_str().ok()).map(Cookie::parse).collect()
    }
}
