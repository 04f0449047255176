//! `healthcheck`: asks the configured server on this machine whether it is alive. Meant for
//! containers without another HTTP client.

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use hypermedia::settings::Settings;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// The longest time for the connection and the answer.
const PATIENCE: Duration = Duration::from_secs(3);
/// The most bytes of an answer that are read. A probe answers in one line.
const MAX_ANSWER: u64 = 16 * 1024;

/// Exits with 0 if the server answers the probe with 200, and with 1 otherwise.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Arguments {
    /// Ask whether it is ready for visitors, database included, instead of alive
    #[arg(long)]
    ready: bool,
}

/// Requests `/livez` or `/readyz` and prints the answer.
pub(super) async fn run(arguments: Arguments, settings: &Settings) -> Result<ExitCode> {
    let address = reachable(settings.server.listen);
    let path = if arguments.ready { "/readyz" } else { "/livez" };
    let answer = timeout(PATIENCE, ask(address, path)).await;
    let answer = answer.map_err(io::Error::from).and_then(|answer| answer);
    let answer = answer.with_context(|| format!("no answer at {address} to {path}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.as_str(), ""));
    let status = head.split(' ').nth(1).unwrap_or("no status");
    if status != "200" {
        bail!("{path} answers {status}: {}", body.trim());
    }
    writeln!(io::stdout(), "{}", body.trim())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the address at which a server that listens on `listen` is reached from this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let loopback = match listen.ip() {
        IpAddr::V4(address) if address.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::V6(address) if address.is_unspecified() => IpAddr::from(Ipv6Addr::LOCALHOST),
        own => own,
    };
    SocketAddr::new(loopback, listen.port())
}

async fn ask(address: SocketAddr, path: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.take(MAX_ANSWER).read_to_string(&mut answer).await?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_listens_everywhere_is_asked_by_the_loopback() {
        for (listen, expected) in [
            ("0.0.0.0:8080", "127.0.0.1:8080"),
            ("[::]:80", "[::1]:80"),
            ("192.0.2.1:8080", "192.0.2.1:8080"),
        ] {
            assert_eq!(reachable(listen.parse().unwrap()), expected.parse().unwrap());
        }
    }
}
