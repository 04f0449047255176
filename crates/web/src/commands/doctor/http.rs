//! Sends one request to `server.public_url`, with TLS for `https`. Follows no redirect and reads no
//! more of an answer than the server's own answers have.

use std::{sync::Arc, time::Duration};

use http_body_util::{BodyExt, Collected, Empty, Limited};
use hyper::{Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Position, Url};

/// The longest time for a request.
const LIMIT: Duration = Duration::from_secs(6);
/// The most bytes of an answer that are read.
const MAX: usize = 64 * 1024;

/// A received answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The target of a redirect.
    pub(super) location: Option<String>,
    pub(super) body: String,
}

/// The reason why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unanswered {
    UnknownHost,
    Refused,
    Unreachable,
    Tls,
    Silent,
    NoHttp,
}

/// Requests `target` from the origin of `url` with these headers.
pub(super) async fn get(
    url: &Url,
    target: &str,
    headers: &[(&str, &str)],
) -> Result<Answer, Unanswered> {
    timeout(LIMIT, Box::pin(ask(url, target, headers))).await.unwrap_or(Err(Unanswered::Silent))
}

async fn ask(url: &Url, target: &str, headers: &[(&str, &str)]) -> Result<Answer, Unanswered> {
    let host = url.host_str().unwrap_or_default();
    let port = url.port_or_known_default().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let addresses: Vec<_> =
        tokio::net::lookup_host((bare, port)).await.map_err(|_| Unanswered::UnknownHost)?.collect();
    let stream = TcpStream::connect(&*addresses).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::ConnectionRefused => Unanswered::Refused,
        _ => Unanswered::Unreachable,
    })?;
    let request = request(url, target, headers).ok_or(Unanswered::NoHttp)?;
    if url.scheme() != "https" {
        return exchange(stream, request).await;
    }
    let name = ServerName::try_from(bare.to_owned()).map_err(|_| Unanswered::Tls)?;
    let connector = TlsConnector::from(Arc::new(trusting_public_roots()?));
    let stream = connector.connect(name, stream).await.map_err(|_| Unanswered::Tls)?;
    exchange(stream, request).await
}

fn request(url: &Url, target: &str, headers: &[(&str, &str)]) -> Option<Request<Empty<Bytes>>> {
    let host = &url[Position::BeforeHost..Position::BeforePath];
    let mut request = Request::get(target)
        .header(header::HOST, host)
        .header(header::CONNECTION, "close")
        .header(header::USER_AGENT, "doctor");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Empty::new()).ok()
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<Empty<Bytes>>,
) -> Result<Answer, Unanswered> {
    let handshake = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| Unanswered::NoHttp)?;
    let driving = tokio::spawn(connection);
    let response = sender.send_request(request).await.map_err(|_| Unanswered::NoHttp)?;
    let status = response.status().as_u16();
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|location| location.to_str().ok()).map(str::to_owned);
    let body = Limited::new(response.into_body(), MAX).collect().await;
    driving.abort();
    let body = body.map(Collected::to_bytes).unwrap_or_default();
    Ok(Answer { status, location, body: String::from_utf8_lossy(&body).into_owned() })
}

fn trusting_public_roots() -> Result<ClientConfig, Unanswered> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| Unanswered::Tls)?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
