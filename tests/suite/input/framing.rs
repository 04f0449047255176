//! Requests that are not HTTP or can be read in two ways, and methods that are not served.

use std::time::Duration;

use tests::TestApp;
use tokio::time::timeout;

use super::FORM;
use crate::people::status_of;

/// INP-08.
#[tokio::test]
async fn requests_that_two_servers_could_read_differently_are_refused() {
    let app = TestApp::start().await;
    for lines in [
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5, 6\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: -1\r\n\r\nhello",
        "Content-Length: 0x5\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: identity\r\n\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Content-Length : 5\r\n\r\nhello",
        "X-Folded: a\r\n b\r\n\r\n",
        "X\u{0}Y: a\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    ] {
        let request = format!("POST /login HTTP/1.1\r\nHost: latchkey.test\r\n{lines}");
        let answer = timeout(Duration::from_secs(15), app.exchange(request.as_bytes())).await;
        let answer = answer.unwrap_or_else(|_| panic!("{lines:?} keeps the connection open"));
        assert_eq!(status_of(&answer), 400, "{lines:?}: {}", String::from_utf8_lossy(&answer));
    }
}

/// INP-08 (RFC 9112, 6.1): a coding that is doubled, or beside another, is refused on every path
/// and from every client, and nothing behind it is read.
#[tokio::test]
async fn a_doubled_coding_ends_the_connection_wherever_it_is_sent() {
    let app = TestApp::start().await;
    for (line, host) in [
        ("GET /livez", "latchkey.test"),
        ("GET /", "latchkey.test"),
        ("POST /login", "evil.test"),
        ("POST /nowhere", "latchkey.test"),
        ("TRACE /", "latchkey.test"),
    ] {
        let request = format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\
             Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n\
             GET /livez HTTP/1.1\r\nHost: latchkey.test\r\nConnection: close\r\n\r\n"
        );
        let answer = timeout(Duration::from_secs(15), app.exchange(request.as_bytes())).await;
        let answer = answer.unwrap_or_else(|_| panic!("{line} keeps the connection open"));
        let text = String::from_utf8_lossy(&answer);
        assert_eq!(status_of(&answer), 400, "{line}: {text}");
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{line}: {text}");
    }
    let old = "POST /login HTTP/1.0\r\nHost: latchkey.test\r\nTransfer-Encoding: chunked\r\n\r\n\
               0\r\n\r\n";
    assert_eq!(status_of(&app.exchange(old.as_bytes()).await), 400);
}

/// A form of five bytes, and another request after it.
fn pipelined(lengths: &str) -> String {
    format!(
        "POST /login HTTP/1.1\r\nHost: latchkey.test\r\nContent-Type: {FORM}\r\n{lengths}\r\n\
         0\r\n\r\nGET /livez HTTP/1.1\r\nHost: latchkey.test\r\nConnection: close\r\n\r\n"
    )
}

/// INP-08: of a request with both lengths nothing is left that a second one could be.
#[tokio::test]
async fn a_request_with_two_kinds_of_length_smuggles_no_other() {
    let app = TestApp::start().await;
    let control = app.exchange(pipelined("Content-Length: 5\r\n").as_bytes()).await;
    let control = String::from_utf8_lossy(&control);
    assert_eq!(control.matches("HTTP/1.1 ").count(), 2, "two requests are two: {control}");
    assert!(control.ends_with("\r\n\r\nok"), "{control}");
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 100\r\n",
    ] {
        let request = pipelined(lengths);
        let answer = timeout(Duration::from_secs(15), app.exchange(request.as_bytes())).await;
        let answer = answer.unwrap_or_else(|_| panic!("{lengths:?} keeps the connection open"));
        let text = String::from_utf8_lossy(&answer);
        assert_eq!(text.matches("HTTP/1.1 ").count(), 1, "{lengths:?}: {text}");
        assert!(!text.contains("\r\n\r\nok"), "{lengths:?}: {text}");
    }
}

/// INP-09.
#[tokio::test]
async fn methods_that_no_route_has_are_refused_and_nothing_is_echoed() {
    let app = TestApp::start().await;
    for (line, expected) in [
        ("TRACE / HTTP/1.1", &[405, 501][..]),
        ("CONNECT latchkey.test:443 HTTP/1.1", &[400, 405, 501]),
        ("BREW / HTTP/1.1", &[405, 501]),
        ("PROPFIND /login HTTP/1.1", &[405, 501]),
        ("DELETE /profile HTTP/1.1", &[405]),
        ("PATCH /login HTTP/1.1", &[405]),
        ("OPTIONS * HTTP/1.1", &[400, 404, 405]),
        ("POST /livez HTTP/1.1", &[405]),
        ("DELETE /favicon.ico HTTP/1.1", &[405]),
        ("get / HTTP/1.1", &[400, 405, 501]),
    ] {
        let request = format!(
            "{line}\r\nHost: latchkey.test\r\nX-Canary: canary-4711\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        );
        let answer = app.exchange(request.as_bytes()).await;
        let text = String::from_utf8_lossy(&answer);
        assert!(expected.contains(&status_of(&answer)), "{line}: {text}");
        assert!(!text.contains("canary-4711") && !text.contains("BREW"), "{line}: {text}");
        let allows = text.to_lowercase().contains("\r\nallow: ");
        assert!(status_of(&answer) != 405 || allows, "{line}: 405 without Allow: {text}");
    }
}
