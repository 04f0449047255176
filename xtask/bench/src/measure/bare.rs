//! The bare server that pages are compared with: the accept loop of the site, and one route that
//! does nothing but answer.

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use bytes::Bytes;
use hypermedia::{
    server::{self, ServerLimits},
    settings::TrustedProxies,
};
use poem::{
    Response, Route,
    endpoint::make_sync,
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use tokio::{net::TcpListener, sync::oneshot};

/// What the bare server answers, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct BareServer {
    /// The answer, as it goes over the wire.
    answer: PathBuf,
    /// The address to listen on.
    listen: SocketAddr,
}

/// Answers `/profile` with the headers and the body of the file, until the parent process closes
/// the standard input or ends.
pub(crate) async fn serve_bare(arguments: &BareServer) -> Result<ExitCode> {
    let answer = std::fs::read_to_string(&arguments.answer).context("no answer to serve")?;
    let listener = TcpListener::bind(arguments.listen).await.context("the port is taken")?;
    let (end, ended) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _unread = io::copy(&mut io::stdin(), &mut io::sink());
        let _already_gone = end.send(());
    });
    let (head, page) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let headers: HeaderMap = head.split("\r\n").skip(1).filter_map(parse_header).collect();
    let page = Bytes::copy_from_slice(page.as_bytes());
    let endpoint = make_sync(move |_| {
        let mut response = Response::from(page.clone());
        response.headers_mut().clone_from(&headers);
        response
    });
    let limits = ServerLimits::new(Duration::ZERO, &TrustedProxies::default());
    let routes = Route::new().at("/profile", endpoint);
    server::serve(listener, routes, limits, async {
        ended.await.ok();
    })
    .await;
    Ok(ExitCode::SUCCESS)
}

/// A header but for those that the server itself adds.
fn parse_header(line: &str) -> Option<(HeaderName, HeaderValue)> {
    let (name, value) = line.split_once(": ")?;
    let name: HeaderName = name.parse().ok()?;
    let is_added = name == header::CONTENT_LENGTH || name == header::DATE;
    if is_added { None } else { Some((name, value.parse().ok()?)) }
}
