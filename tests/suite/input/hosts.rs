//! Requests for another site than this one.

use tests::{TestApp, Transport};

use super::visitor;
use crate::people::{MIA, status_of};

/// INP-05 (RFC 9112, 3.2).
#[tokio::test]
async fn a_request_names_its_host_once_and_it_is_ours() {
    let app = TestApp::start().await;
    for (target, host, expected) in [
        ("/", "Host: latchkey.test\r\n", 200),
        ("/", "Host: LATCHKEY.test\r\n", 200),
        ("/", "Host: latchkey.test:443\r\n", 200),
        ("http://latchkey.test/", "Host: latchkey.test\r\n", 200),
        ("http://latchkey.test:443/", "Host: latchkey.test\r\n", 200),
        ("http://latchkey.test/", "Host: latchkey.test:443\r\n", 200),
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
        ("/", "Host: latchkey_web:8080\r\n", 421),
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

/// INP-05: where `public_url` has a port, a proxy may pass it on or drop it (nginx's
/// `$host` drops it), and forms work either way; another port is another site.
#[tokio::test]
async fn the_port_of_the_site_may_be_missing_from_the_host() {
    let site = "https://latchkey.test:8443";
    let app = TestApp::with(|settings| settings.server.public_url = site.parse().unwrap()).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    for (host, page, form) in [
        ("latchkey.test:8443", 200, 422),
        ("latchkey.test", 200, 422),
        ("LATCHKEY.test", 200, 422),
        ("latchkey.test:443", 421, 421),
        ("latchkey.test:8444", 421, 421),
        ("evil.test:8443", 421, 421),
    ] {
        let shown = browser.raw("GET", "/login").header("host", host).send().await;
        assert_eq!(shown.status(), page, "{host}");
        let fields = [("csrf_token", token.as_str())];
        let sent = browser.raw("POST", "/login").same_origin().header("host", host);
        assert_eq!(sent.form(&fields).send().await.status(), form, "{host}");
    }
}

/// INP-05, RST-01: forwarded names are ignored.
#[tokio::test]
async fn links_and_redirects_are_built_from_the_configured_address_alone() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", MIA)];
    let request = browser.raw("POST", "/forgot-password").same_origin().form(&fields);
    let request = request.header("x-forwarded-host", "evil.test").header("x-original-url", "/x");
    let request = request.header("forwarded", "host=evil.test;proto=http");
    let request = request.header("x-forwarded-proto", "http").header("x-forwarded-prefix", "/evil");

    let answer = request.send().await;

    assert_eq!(answer.header("location"), Some("/forgot-password/sent"));
    let mail = app.mailbox.latest_to(MIA).await;
    assert!(!mail.links().is_empty());
    for link in mail.links() {
        assert!(link.starts_with("https://latchkey.test/"), "{link}");
    }
    assert!(!String::from_utf8_lossy(&mail.raw).contains("evil"));
}
