//! A simulated browser with cookies, an address bar, a history, one page, and the headers that real
//! browsers send. It uses the origin `server.public_url` and connects to the socket that it is
//! given, so that `https` rules (Secure, `__Host-`) apply without TLS.
//!
//! The test fails on every page or answer that a real browser would not handle as intended: faulty
//! HTML (see [`html_check`]), a refused cookie, a fragment without a target, a redirect away from
//! the site or to an htmx request.

mod fill;
mod htmx;
mod request;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;

use domain::Clock;
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use url::Url;

pub use fill::FormFiller;
pub use request::{Answer, RawRequest};

use super::{
    cookies::CookieJar,
    dom::Dom,
    html_check::{self, Typed},
    page::Page,
};
use request::Kind;

/// The way in which forms are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// By a browser without JavaScript.
    Plain,
    /// By htmx, which swaps the answer into the page.
    HtmxPartial,
    /// By htmx, for the whole page.
    HtmxFull,
}

/// A browser window.
#[derive(Debug)]
pub struct Browser {
    client: Client,
    address: SocketAddr,
    origin: Url,
    transport: Transport,
    fetch_metadata: bool,
    languages: String,
    jar: CookieJar,
    page: Option<Page>,
    referrer_policy: String,
    history: Vec<Url>,
    typed: Typed,
}

impl Transport {
    /// All transports.
    pub const ALL: [Self; 3] = [Self::Plain, Self::HtmxPartial, Self::HtmxFull];
}

impl Browser {
    /// Opens a new browser, which reaches the site `public_url` at `address`.
    pub fn new(address: SocketAddr, public_url: &Url, clock: &Clock, transport: Transport) -> Self {
        let client = Client::builder().redirect(Policy::none()).no_proxy().build();
        Self {
            client: client.expect("a client without TLS can be built"),
            address,
            origin: public_url.clone(),
            transport,
            fetch_metadata: true,
            languages: "en".to_owned(),
            jar: CookieJar::new(clock),
            page: None,
            referrer_policy: String::new(),
            history: Vec::new(),
            typed: Typed::default(),
        }
    }

    /// Stops sending `Sec-Fetch-*`, like browsers before 2023.
    #[must_use]
    pub fn without_fetch_metadata(mut self) -> Self {
        self.fetch_metadata = false;
        self
    }

    /// Requests pages in these languages (`Accept-Language`).
    #[must_use]
    pub fn reading(mut self, languages: &str) -> Self {
        languages.clone_into(&mut self.languages);
        self
    }

    /// Returns the transport of this browser.
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// Opens `path` as if typed into the address bar, and follows redirects.
    pub async fn visit(&mut self, path: &str) -> &Page {
        let url = self.url(path);
        self.navigate(Method::GET, url, None, Kind::Typed).await
    }

    /// Follows the link with this text.
    pub async fn click(&mut self, text: &str) -> &Page {
        let Some(href) = self.page().link(text) else {
            panic!("there is no link {text:?} on {}:\n{}", self.path(), self.text());
        };
        let url = self.url(&href);
        self.navigate(Method::GET, url, None, Kind::Link).await
    }

    /// Reloads the page.
    pub async fn reload(&mut self) -> &Page {
        let url = self.page().url.clone();
        self.navigate(Method::GET, url, None, Kind::Link).await
    }

    /// Returns to the previous page. The page is requested again, because htmx is configured to do
    /// so and pages are `no-store`.
    pub async fn back(&mut self) -> &Page {
        self.history.pop();
        let url = self.history.last().expect("there is a page to go back to").clone();
        self.navigate(Method::GET, url, None, Kind::Link).await
    }

    /// Starts to fill in the form with this id.
    pub fn form(&mut self, id: &str) -> FormFiller<'_> {
        FormFiller::new(self, id)
    }

    /// Returns the current page.
    pub fn page(&self) -> &Page {
        self.page.as_ref().expect("visit a page first")
    }

    /// Returns path and query of the address bar.
    pub fn path(&self) -> String {
        self.page().path()
    }

    /// Returns the visible text of the page.
    pub fn text(&self) -> String {
        self.page().visible_text()
    }

    /// Returns the cookies.
    pub fn cookies(&self) -> &CookieJar {
        &self.jar
    }

    /// Returns the cookies to add, take or remove some.
    pub fn cookies_mut(&mut self) -> &mut CookieJar {
        &mut self.jar
    }

    /// Returns the CSRF token of the first form on the page.
    pub fn csrf_token(&self) -> String {
        let field = self.page().dom.find("input[name=csrf_token]");
        field.and_then(|field| field.attr("value")).expect("there is a form").to_owned()
    }

    /// Builds a request with this browser's cookies and no other browser headers. Its answer
    /// changes neither the page nor the cookies.
    pub fn raw(&self, method: &str, path: &str) -> RawRequest {
        let method = method.parse().expect("a method is a token");
        RawRequest::new(self.client.clone(), self.address, &self.origin, method, path)
            .with_cookies(self.jar.header(path.split('?').next().unwrap_or("/")))
    }

    fn url(&self, path: &str) -> Url {
        let base = self.page.as_ref().map_or(&self.origin, |page| &page.url);
        let url = base.join(path).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(url.origin(), self.origin.origin(), "{path} leads away from the site");
        url
    }

    async fn navigate(
        &mut self,
        mut method: Method,
        mut url: Url,
        mut body: Option<String>,
        kind: Kind,
    ) -> &Page {
        for _ in 0..10 {
            let answer = self.send(&method, &url, body.as_deref(), &kind).await;
            let Some(next) = self.redirection(&answer, &url) else {
                return self.show(url, answer);
            };
            let keeps_method = matches!(answer.status.as_u16(), 307 | 308);
            if !keeps_method {
                method = Method::GET;
                body = None;
            }
            url = next;
        }
        panic!("{url} redirects without end");
    }

    fn redirection(&self, answer: &Answer, from: &Url) -> Option<Url> {
        if !answer.status.is_redirection() || answer.status == StatusCode::NOT_MODIFIED {
            return None;
        }
        let Some(location) = answer.header("location") else {
            panic!("{from} redirects without a Location");
        };
        let next = from.join(location).unwrap_or_else(|error| panic!("{location}: {error}"));
        assert_eq!(next.origin(), self.origin.origin(), "{from} redirects to {next}");
        Some(next)
    }

    fn show(&mut self, url: Url, answer: Answer) -> &Page {
        let dom = Dom::parse(&answer.body);
        if answer.is_html() {
            check(&dom, &self.typed, &url);
        }
        let meta = dom.find("meta[name=referrer]").and_then(|meta| meta.attr("content"));
        let policy = meta.or(answer.header("referrer-policy"));
        policy.unwrap_or_default().clone_into(&mut self.referrer_policy);
        self.arrive(&url);
        let Answer { status, headers, body, .. } = answer;
        self.page.insert(Page { url, status, headers, body, dom })
    }

    fn arrive(&mut self, url: &Url) {
        if self.history.last() != Some(url) {
            self.history.push(url.clone());
        }
    }
}

fn check(dom: &Dom, typed: &Typed, url: &Url) {
    let faults = html_check::faults(dom, typed);
    assert!(faults.is_empty(), "{url}:\n{}\n{}", faults.join("\n"), dom.to_html());
}
