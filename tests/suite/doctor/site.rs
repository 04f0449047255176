//! Proxies that are in the way of what the server has to know, and addresses that lead
//! somewhere else.

use std::net::SocketAddr;

use tests::{ServerProcess, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

use super::{Desk, Expected, SECRET};

/// What a proxy makes of the headers of a request, as lines.
type Edit = fn(&mut Vec<String>);

/// A proxy in front of `server`; its address.
async fn proxy(server: SocketAddr, edit: Edit) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass_on(client, server, edit));
        }
    });
    address
}

async fn pass_on(mut client: TcpStream, server: SocketAddr, edit: Edit) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines: Vec<String> = head.trim_end().split("\r\n").map(str::to_owned).collect();
    edit(&mut lines);
    let mut server = TcpStream::connect(server).await.unwrap();
    server.write_all(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes()).await.unwrap();
    let _ended = copy_bidirectional(&mut client, &mut server).await;
}

fn remove(lines: &mut Vec<String>, name: &str) -> Option<String> {
    let start = format!("{name}: ");
    let at = lines.iter().position(|line| line.to_lowercase().starts_with(&start))?;
    Some(lines.remove(at)[start.len()..].to_owned())
}

/// As the documents say.
fn sound(lines: &mut Vec<String>) {
    append(lines);
    remove(lines, "forwarded");
}

/// As nginx does with `$proxy_add_x_forwarded_for`.
fn append(lines: &mut Vec<String>) {
    let given = remove(lines, "x-forwarded-for").map(|given| format!("{given}, "));
    lines.push(format!("x-forwarded-for: {}198.51.100.7", given.unwrap_or_default()));
}

fn pass_through(_: &mut Vec<String>) {}

fn host(lines: &mut Vec<String>) {
    sound(lines);
    remove(lines, "host");
    lines.push("host: backend:8080".to_owned());
}

/// As nginx does with `$host` on another port than 443.
fn host_without_port(lines: &mut Vec<String>) {
    sound(lines);
    remove(lines, "host");
    lines.push("host: 127.0.0.1".to_owned());
}

fn both(lines: &mut Vec<String>) {
    sound(lines);
    lines.push("forwarded: for=198.51.100.7".to_owned());
}

fn nonsense(lines: &mut Vec<String>) {
    remove(lines, "x-forwarded-for");
    lines.push("x-forwarded-for: unknown".to_owned());
}

fn first_wins(lines: &mut Vec<String>) {
    if remove(lines, "x-forwarded-for").is_some_and(|given| {
        lines.push(format!("x-forwarded-for: {given}"));
        true
    }) {
        return;
    }
    append(lines);
}

fn over_tls(lines: &mut Vec<String>) {
    sound(lines);
    lines.push("x-forwarded-proto: https".to_owned());
}

fn proto_without_client(lines: &mut Vec<String>) {
    remove(lines, "x-forwarded-for");
    lines.push("x-forwarded-proto: http".to_owned());
}

const PROXY: &str = "127.0.0.1";

/// The behaviour of the proxy, the proxies that the server trusts, and the expected report.
const PROXIES: &[(Edit, &str, Expected<'static>)] = &[
    (sound, PROXY, ("proxy_client", "ok", "198.51.100.7", "")),
    (sound, PROXY, ("proxy_host", "ok", "", "")),
    (pass_through, "", ("proxy_client", "ok", "no proxy", "")),
    (sound, "", ("proxy_client", "problem", "127.0.0.1 is not trusted", "server.trusted_proxies")),
    (host, PROXY, ("proxy_host", "problem", "backend:8080", "$http_host")),
    (host_without_port, PROXY, ("proxy_host", "problem", "\"127.0.0.1\" instead", "port")),
    (
        proto_without_client,
        PROXY,
        ("proxy_client", "problem", "names no client", "X-Forwarded-For"),
    ),
    (both, PROXY, ("proxy_client", "problem", "sets both", "remove the other")),
    (append, PROXY, ("proxy_client", "warning", "Forwarded as visitors sent it", "Forwarded")),
    (first_wins, PROXY, ("proxy_client", "problem", "pretend to be at any address", "append")),
    (nonsense, PROXY, ("proxy_client", "problem", "is not an address", "X-Forwarded-For")),
    (over_tls, PROXY, ("proxy_scheme", "problem", "says http", "https://")),
];

/// Each proxy with the server that trusts it, and one server that trusts every address.
#[tokio::test]
async fn what_a_proxy_gets_wrong_is_told_with_the_line_that_mends_it() {
    for trusted in [PROXY, ""] {
        let (server, desk) = server_trusting(trusted).await;
        for (edit, _, expected) in PROXIES.iter().filter(|(_, whom, _)| *whom == trusted) {
            let desk = desk.behind(proxy(server.address(), *edit).await);
            desk.tells(*expected).await;
        }
    }
    let (server, desk) = server_trusting("0.0.0.0/0").await;
    let desk = desk.behind(server.address());
    desk.tells(("proxy_client", "problem", "pretend to be at any address", "proxies alone")).await;
}

struct Base(Vec<(&'static str, String)>);

impl Base {
    /// The command as it is behind a proxy at this address, on a database of its own.
    fn behind(&self, proxy: SocketAddr) -> Desk {
        let desk = Desk::unmigrated(None);
        let url = format!("http://{proxy}");
        let with = |desk: Desk, (name, value): &(&str, String)| desk.with(name, value);
        self.0.iter().fold(desk, with).with("LATCHKEY__SERVER__PUBLIC_URL", &url)
    }
}

async fn server_trusting(proxies: &str) -> (ServerProcess, Base) {
    let server = ServerProcess::start(&[
        ("LATCHKEY__SECRET_KEY", SECRET),
        ("LATCHKEY__SERVER__TRUSTED_PROXIES", proxies),
    ])
    .await;
    (server, Base(vec![("LATCHKEY__SERVER__TRUSTED_PROXIES", proxies.to_owned())]))
}

/// A server that always answers with these bytes.
async fn answering(bytes: &'static [u8]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _read = client.read(&mut request).await;
            let _written = client.write_all(bytes).await;
        }
    });
    address
}

#[tokio::test]
async fn an_address_that_does_not_lead_to_this_server_is_told() {
    const REDIRECT: &[u8] =
        b"HTTP/1.1 301 Moved\r\nLocation: https://www.example.test/x\r\nContent-Length: 0\r\n\r\n";
    let other = ServerProcess::start(&[]).await;
    let cases: [(SocketAddr, Expected<'_>); 5] = [
        (other.address(), ("public_url", "problem", "404", "configuration")),
        (
            answering(REDIRECT).await,
            ("public_url", "problem", "redirects to https://www.example.test", "public_url"),
        ),
        (
            answering(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await,
            ("public_url", "problem", "does not reach the server", "server.listen"),
        ),
        (
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await,
            ("public_url", "problem", "does not know this question", "public_url"),
        ),
        (answering(b"SSH-2.0-x\r\n").await, ("public_url", "problem", "no HTTP", "port")),
    ];
    for (address, expected) in cases {
        Base(Vec::new()).behind(address).tells(expected).await;
    }
}

#[tokio::test]
async fn an_address_without_a_server_or_a_trusted_certificate_is_told() {
    let plain = ServerProcess::start(&[("LATCHKEY__SECRET_KEY", SECRET)]).await;
    let tls = format!("https://{}", plain.address());
    let unused = format!("http://{}", crate::fault_steps::unused_address());
    for (url, expected) in [
        (unused.as_str(), ("public_url", "problem", "refused", "start the proxy")),
        (tls.as_str(), ("public_url", "problem", "TLS fails", "certificate")),
    ] {
        let desk = Desk::unmigrated(None).with("LATCHKEY__SERVER__PUBLIC_URL", url);
        desk.tells(expected).await;
    }
}

/// OBS-03: without the key the answer is 404.
#[tokio::test]
async fn the_question_of_a_stranger_is_a_page_that_is_not_there() {
    let server = ServerProcess::start(&[("LATCHKEY__SECRET_KEY", SECRET)]).await;
    let browser = server.browser(Transport::Plain);
    let path = web::proxy_probe::PATH;

    let unknown = browser.raw("GET", "/.well-known/nothing").send().await;
    for query in ["", "?nonce=a&until=99999999999&signature=AAAA"] {
        let answer = browser.raw("GET", &format!("{path}{query}")).send().await;
        assert_eq!((answer.status(), unknown.status()), (404, 404), "{query}");
        assert!(!answer.body.contains("host="), "{}", answer.body);
    }
}
