//! A minimal HTTP/1.1 client with persistent connections, for load tests. Requests are bytes that
//! are built in advance. Of an answer it parses only the length, the status and single headers.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request in its wire format, and the statuses that are expected.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) bytes: Vec<u8>,
    pub(crate) statuses: &'static [u16],
}

/// An answer as it was received.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) bytes: &'a [u8],
    head: &'a str,
}

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Request {
    /// Builds a GET request for a page.
    pub(crate) fn get(address: SocketAddr, path: &str, cookie: &str) -> Self {
        let bytes = head("GET", address, path, cookie) + "\r\n";
        Self { bytes: bytes.into_bytes(), statuses: &[200] }
    }

    /// Builds a POST request with a URL-encoded form.
    pub(crate) fn post(address: SocketAddr, path: &str, cookie: &str, form: &str) -> Self {
        let bytes = format!(
            "{}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            head("POST", address, path, cookie),
            form.len()
        );
        Self { bytes: bytes.into_bytes(), statuses: &[303] }
    }

    /// Whether the status is expected. A refusal (429 or 503) must also say when to retry, in
    /// `Retry-After`.
    pub(crate) fn is_answered_by(&self, answer: &Answer<'_>) -> bool {
        let is_refusal = matches!(answer.status, 429 | 503);
        self.statuses.contains(&answer.status)
            && (!is_refusal || answer.header("retry-after").is_some())
    }
}

fn head(method: &str, address: SocketAddr, path: &str, cookie: &str) -> String {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: bench\r\n\
         Accept: text/html\r\nCookie: {cookie}\r\n"
    )
}

impl<'a> Answer<'a> {
    /// Parses the answer at the start of `bytes`. Returns `None` until the answer is complete.
    pub(crate) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = str::from_utf8(bytes.get(..end)?).ok()?;
        let status = head.get(9..12)?.parse().ok()?;
        let length: usize = header(head, "content-length").unwrap_or("0").parse().ok()?;
        Some(Self { status, bytes: bytes.get(..end + 4 + length)?, head })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        header(self.head, name)
    }

    /// Returns the cookie with this name as `name=value`, ready to be sent back.
    pub(crate) fn cookie(&self, name: &str) -> Option<&'a str> {
        let cookies = self.head.split("\r\n").filter_map(|line| line.strip_prefix("set-cookie: "));
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
        pairs.find(|pair| pair.split_once('=').is_some_and(|(given, _)| given == name))
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.split("\r\n").find_map(|line| {
        let (given, value) = line.split_once(": ")?;
        given.eq_ignore_ascii_case(name).then_some(value)
    })
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024) })
    }

    /// Sends the request and waits for the complete answer.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer<'_>> {
        self.stream.write_all(&request.bytes).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                bail!("the server hung up");
            }
            if Answer::parse(&self.buffer).is_some() {
                break;
            }
        }
        Answer::parse(&self.buffer).context("an answer that was whole")
    }
}
