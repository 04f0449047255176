//! The style sheet, the scripts and the icons, embedded in the binary by the build
//! script: each under a name that holds a hash of its content, so that browsers may
//! keep it for a year, as it is and compressed. Nothing else is served from here, and
//! nothing from the disk, except that debug builds serve a file of the folder `assets`
//! that was edited since the build. In development browsers ask at every load whether
//! what they have is still right, so that a reload shows it.
//!
//! Pages are not compressed, because they hold secrets beside what visitors send
//! (BREACH); assets hold none.

use std::{borrow::Cow, fmt::Write as _, sync::Arc};

use bytes::Bytes;
use poem::{
    Endpoint, Request, Response, Result,
    error::NotFoundError,
    http::{HeaderMap, Method, StatusCode, header},
};
use sha2::{Digest, Sha256};

use crate::{
    look::{BrandFile, Look},
    settings::Environment,
};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";
const A_DAY: &str = "public, max-age=86400";

/// A file under `/assets/`.
#[derive(Debug)]
pub(crate) struct Asset {
    url: &'static str,
    /// The file's name in the folder `assets`, if it is one of ours.
    source: Option<&'static str>,
    content_type: &'static str,
    identity: Encoded,
    brotli: Encoded,
    gzip: Encoded,
}

#[derive(Debug)]
struct Encoded {
    etag: &'static str,
    body: &'static [u8],
}

/// One way to send an asset.
struct Representation {
    encoding: Option<&'static str>,
    etag: Cow<'static, str>,
    body: Bytes,
}

impl Asset {
    /// Where it is served.
    pub(crate) const fn url(&self) -> &'static str {
        self.url
    }

    fn representation(&self, headers: &HeaderMap) -> Representation {
        if let Some(edited) = self.edited() {
            return edited;
        }
        let (encoding, encoded) = match Encoding::wanted(headers) {
            Encoding::Brotli => (Some("br"), &self.brotli),
            Encoding::Gzip => (Some("gzip"), &self.gzip),
            Encoding::Identity => (None, &self.identity),
        };
        Representation {
            encoding,
            etag: Cow::Borrowed(encoded.etag),
            body: Bytes::from_static(encoded.body),
        }
    }

    /// The file in the folder `assets`, if it differs from the embedded one.
    fn edited(&self) -> Option<Representation> {
        if !cfg!(debug_assertions) {
            return None;
        }
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/");
        let body = std::fs::read(format!("{folder}{}", self.source?)).ok()?;
        if body == self.identity.body {
            return None;
        }
        let hash = Sha256::digest(&body).iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Some(Representation {
            encoding: None,
            etag: Cow::Owned(format!("\"{hash}\"")),
            body: body.into(),
        })
    }

    fn respond(&self, request: &Request, cache_control: &'static str) -> Response {
        let representation = self.representation(request.headers());
        respond(request, self.content_type, representation, cache_control)
    }
}

impl BrandFile {
    fn respond(&self, request: &Request, cache_control: &'static str) -> Response {
        let etag = Cow::Owned(self.etag.clone());
        let representation = Representation { encoding: None, etag, body: self.body.clone() };
        respond(request, self.content_type, representation, cache_control)
    }
}

fn respond(
    request: &Request,
    content_type: &'static str,
    representation: Representation,
    cache_control: &'static str,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let refused = Response::builder().status(StatusCode::METHOD_NOT_ALLOWED);
        return refused.header(header::ALLOW, "GET, HEAD").finish();
    }
    let Representation { encoding, etag, body } = representation;
    let mut response = Response::builder()
        .header(header::ETAG, etag.as_ref())
        .header(header::CACHE_CONTROL, cache_control)
        .header(header::VARY, "Accept-Encoding");
    if is_known(request.headers(), &etag) {
        return response.status(StatusCode::NOT_MODIFIED).finish();
    }
    if let Some(encoding) = encoding {
        response = response.header(header::CONTENT_ENCODING, encoding);
    }
    let response = response.content_type(content_type).header(header::CONTENT_LENGTH, body.len());
    let is_head = request.method() == Method::HEAD;
    if is_head { response.finish() } else { response.body(body) }
}

/// Serves `/assets/:file`.
pub(crate) fn endpoint(
    environment: Environment,
    look: Arc<Look>,
) -> impl Endpoint<Output = Response> {
    let cache_control = match environment {
        Environment::Development => ASK_FIRST,
        Environment::Production | Environment::Test => FOREVER,
    };
    AssetFiles { cache_control, look }
}

/// Serves the icon where browsers look for it unasked.
pub(crate) fn favicon(look: Arc<Look>) -> impl Endpoint<Output = Response> {
    Favicon(look)
}

struct AssetFiles {
    cache_control: &'static str,
    look: Arc<Look>,
}

struct Favicon(Arc<Look>);

impl Endpoint for AssetFiles {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let file = request.raw_path_param("file").unwrap_or_default();
        let is_it = |url: &str| url.rsplit('/').next() == Some(file);
        if let Some(made) = self.look.files().find(|made| is_it(&made.url)) {
            return Ok(made.respond(&request, self.cache_control));
        }
        let asset = ALL.iter().find(|asset| is_it(asset.url)).ok_or(NotFoundError)?;
        if asset.url == DEV_JS.url && !self.look.reloads {
            return Err(NotFoundError.into());
        }
        Ok(asset.respond(&request, self.cache_control))
    }
}

impl Endpoint for Favicon {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        Ok(self.0.icon.respond(&request, A_DAY))
    }
}

/// Whether `If-None-Match` names the representation (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let lines = headers.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    tags.any(|tag| {
        let tag = tag.trim();
        tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Encoding {
    /// The encoding that the client likes best, the smallest of equals (RFC 9110,
    /// 12.5.3).
    fn wanted(headers: &HeaderMap) -> Self {
        let weights = Weights::of(headers);
        let brotli = weights.of_coding("br").or(weights.of_coding("*")).unwrap_or(0);
        let gzip = weights.of_coding("gzip").or(weights.of_coding("*")).unwrap_or(0);
        let identity = weights.of_coding("identity").unwrap_or(0);
        if brotli > 0 && brotli >= gzip && brotli >= identity {
            Self::Brotli
        } else if gzip > 0 && gzip >= identity {
            Self::Gzip
        } else {
            Self::Identity
        }
    }
}

/// Codings and how much the client likes each, in thousandths.
struct Weights<'a>(Vec<(&'a str, u16)>);

impl<'a> Weights<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let items = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
        Self(items.map(weigh).collect())
    }

    fn of_coding(&self, name: &str) -> Option<u16> {
        self.0
            .iter()
            .find(|(coding, _)| coding.eq_ignore_ascii_case(name))
            .map(|(_, weight)| *weight)
    }
}

/// Parses `gzip` or `gzip;q=0.5`; a malformed weight counts as none.
fn weigh(item: &str) -> (&str, u16) {
    let (coding, parameter) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight = parameter.trim().strip_prefix(['q', 'Q']).and_then(|rest| {
        let number = rest.strip_prefix('=')?;
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        match (whole, part.len()) {
            ("1", _) => Some(1000),
            ("0", 0) => Some(0),
            ("0", 1..=3) => format!("{part:0<3}").parse().ok(),
            _ => None,
        }
    });
    (coding.trim(), weight.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, Route};

    use super::*;

    async fn get(method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        get_in(Environment::Production, method, path, headers).await
    }

    async fn get_in(
        environment: Environment,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Response {
        let look = Arc::new(Look::new(<&domain::Brand>::default(), environment));
        let assets = endpoint(environment, Arc::clone(&look));
        let app = Route::new().at("/assets/:file", assets).at("/favicon.ico", favicon(look));
        let mut request = Request::builder().method(method).uri(path.parse().unwrap());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        app.map_to_response().get_response(request.finish()).await
    }

    #[tokio::test]
    async fn every_asset_is_served_for_good_under_the_name_of_its_content() {
        for asset in ALL.into_iter().filter(|asset| asset.url != DEV_JS.url) {
            let response = get(Method::GET, asset.url(), &[]).await;

            assert_eq!(response.status(), StatusCode::OK, "{}", asset.url());
            assert_eq!(response.header("cache-control"), Some(FOREVER));
            assert_eq!(response.header("vary"), Some("Accept-Encoding"));
            assert_eq!(response.header("content-type"), Some(asset.content_type));
            assert_eq!(response.into_body().into_bytes().await.unwrap(), asset.identity.body);
        }
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let etag = APP_CSS.gzip.etag;
        for known in [etag, "*", &format!("\"x\", {etag}"), &format!("W/{etag}")] {
            let headers = [("accept-encoding", "gzip"), ("if-none-match", known)];
            let response = get(Method::GET, APP_CSS.url(), &headers).await;

            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(response.header("etag"), Some(etag));
        }
        let headers = [("if-none-match", etag)];
        assert_eq!(get(Method::GET, APP_CSS.url(), &headers).await.status(), StatusCode::OK);
    }

    /// A reload must show the edited file.
    #[tokio::test]
    async fn in_development_a_browser_asks_whether_what_it_has_is_still_right() {
        let desk = Environment::Development;
        let response = get_in(desk, Method::GET, APP_CSS.url(), &[]).await;
        assert_eq!(response.header("cache-control"), Some("no-cache"));

        let reload = get_in(desk, Method::GET, DEV_JS.url(), &[]).await;
        assert_eq!(reload.status(), StatusCode::OK);
        let elsewhere = get(Method::GET, DEV_JS.url(), &[]).await;
        assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);

        let known = [("if-none-match", APP_CSS.identity.etag)];
        let response = get_in(desk, Method::GET, APP_CSS.url(), &known).await;
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    }

    #[tokio::test]
    async fn head_tells_what_get_would_send() {
        let response = get(Method::HEAD, APP_JS.url(), &[("accept-encoding", "br")]).await;

        let length = APP_JS.brotli.body.len().to_string();
        assert_eq!(response.header("content-length"), Some(length.as_str()));
        assert_eq!(response.header("content-encoding"), Some("br"));
        assert!(response.into_body().into_bytes().await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn nothing_else_is_there_and_nothing_else_is_done() {
        for path in ["/assets/app.css", "/assets/..%2fCargo.toml", "/assets/", "/assets/x/y"] {
            let status = get(Method::GET, path, &[]).await.status();
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        }
        let posted = get(Method::POST, APP_CSS.url(), &[]).await;
        assert_eq!(posted.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(posted.header("allow"), Some("GET, HEAD"));
    }

    #[tokio::test]
    async fn the_icon_is_where_browsers_look_for_it() {
        let response = get(Method::GET, "/favicon.ico", &[]).await;

        assert_eq!(response.header("content-type"), Some("image/svg+xml; charset=utf-8"));
        assert_eq!(response.header("cache-control"), Some(A_DAY));
    }

    #[test]
    fn the_client_chooses_the_encoding() {
        let table = [
            ("", Encoding::Identity),
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("GZIP", Encoding::Gzip),
            ("br;q=0, gzip", Encoding::Gzip),
            ("br;q=0.000, gzip;q=0.0", Encoding::Identity),
            ("br;q=0.5, gzip;q=0.8", Encoding::Gzip),
            ("br; q=1.0, gzip;q=1", Encoding::Brotli),
            ("*", Encoding::Brotli),
            ("br;q=0, *;q=0.1", Encoding::Gzip),
            ("identity, br;q=0.5", Encoding::Identity),
            ("br;q=x, gzip;q=", Encoding::Identity),
            ("deflate", Encoding::Identity),
        ];
        for (accepted, encoding) in table {
            let mut headers = HeaderMap::new();
            headers.insert("accept-encoding", accepted.parse().unwrap());
            assert_eq!(Encoding::wanted(&headers), encoding, "{accepted}");
        }
    }
}
