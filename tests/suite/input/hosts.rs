//! Requests for another site than this one.

use tests::TestApp;

use super::visitor;
use crate::people::{USER, status_of};

/// INP-05 (RFC 9112, 3.2).
#[tokio::test]
async fn a_request_names_its_host_once_and_it_is_ours() {
    let app = TestApp::start().await;
    for (target, host, expected) in [
        ("/", "Host: latchkey.test\r\n", 200),
        ("/", "Host: LATCHKEY.test\r\n", 200),
        ("/", "Host: latchkey.test:443\r\n", 200),
        ("http://latchkey.test/", "Host: latchkey.test\r\n", 200),
        ("/", "", 400),
        ("/", "Host:\r\n", 400),
        ("/", "Host: latchkey.test\r\nHost: latchkey.test\r\n", 400),
        ("/", "Host: latchkey.test\r\nHost: evil.test\r\n", 400),
        ("/", "Host: user@latchkey.test\r\n", 400),
        ("/", "Host: latchkey.test@evil.test\r\n", 400),
        ("/", "Host: latchkey.test/x\r\n", 400),
        ("/", "Host: latchkey.test evil.test\r\n", 400),
        ("/", "Host: latchkey.test, evil.test\r\n", 400),
        ("/", "Host: latchkey.test:99999\r\n", 400),
        ("/", "Host: latch\u{e9}key.test\r\n", 400),
        ("/", "Host: evil.test\r\n", 421),
        ("/", "Host: latchkey.test:444\r\n", 421),
        ("/", "Host: sub.latchkey.test\r\n", 421),
        ("/", "Host: evil.test\r\nX-Forwarded-Host: latchkey.test\r\n", 421),
        ("http://evil.test/", "Host: latchkey.test\r\n", 400),
        ("http://latchkey.test/", "Host: evil.test\r\n", 400),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        let answer = app.exchange(request.as_bytes()).await;
        assert_eq!(
            status_of(&answer),
            expected,
            "{request:?}: {}",
            String::from_utf8_lossy(&answer)
        );
        let text = String::from_utf8_lossy(&answer);
        assert!(expected == 200 || !text.contains("evil"), "{request:?} is echoed");
    }
}

/// INP-05, RST-01: forwarded names are nobody's.
#[tokio::test]
async fn links_and_redirects_are_built_from_the_configured_address_alone() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", USER)];
    let request = browser.raw("POST", "/forgot-password").same_origin().form(&fields);
    let request = request.header("x-forwarded-host", "evil.test").header("x-original-url", "/x");
    let request = request.header("forwarded", "host=evil.test;proto=http");
    let request = request.header("x-forwarded-proto", "http").header("x-forwarded-prefix", "/evil");

    let answer = request.send().await;

    assert_eq!(answer.header("location"), Some("/forgot-password"));
    let mail = app.mailbox.latest_to(USER).await;
    assert!(!mail.links().is_empty());
    for link in mail.links() {
        assert!(link.starts_with("https://latchkey.test/"), "{link}");
    }
    assert!(!String::from_utf8_lossy(&mail.raw).contains("evil"));
}
