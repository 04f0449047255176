//! Bodies that are too long, never end, or are no form.

use std::time::{Duration, Instant};

use tests::{TestApp, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{FORM, visitor};
use crate::people::{self, MIA, PASSWORD, status_of};

/// The head of a POST without a length.
fn head(path: &str, more: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nHost: latchkey.test\r\nContent-Type: {FORM}\r\n{more}\r\n")
}

/// INP-02: what is announced is refused before it comes, for whatever address.
#[tokio::test]
async fn a_long_body_is_refused_by_its_length() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    for path in ["/login", "/signup", "/logout", "/nowhere", "/livez", "/assets/x"] {
        let answer = browser.raw("POST", path).body(FORM, vec![b'x'; 65 * 1024]).send().await;
        assert_eq!(answer.status(), 413, "{path}");
        assert!(answer.is_html() && answer.header("x-request-id").is_some(), "{path}");

        let announced = head(path, "Content-Length: 2097152\r\nExpect: 100-continue\r\n");
        let answer = app.exchange(announced.as_bytes()).await;
        assert_eq!(status_of(&answer), 413, "{path}: {}", String::from_utf8_lossy(&answer));
    }
    let fits = browser.raw("POST", "/login").same_origin().body(FORM, vec![b'x'; 64 * 1024]);
    assert_eq!(fits.send().await.status(), 403, "a body of just the limit is read");
}

/// INP-02: what is not announced is cut at the limit, even if it never ends.
#[tokio::test]
async fn a_body_without_a_length_and_without_an_end_is_cut_at_the_limit() {
    let app = TestApp::start().await;
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    let start = head("/login", "Transfer-Encoding: chunked\r\n");
    stream.write_all(start.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let endless = tokio::spawn(async move {
        let chunk = [b"2000\r\n".as_slice(), &[b'x'; 0x2000], b"\r\n"].concat();
        while writer.write_all(&chunk).await.is_ok() {}
    });

    let mut answer = Vec::new();
    let read = timeout(Duration::from_secs(10), reader.read_to_end(&mut answer)).await;

    assert!(read.is_ok(), "the connection stays open");
    assert_eq!(status_of(&answer), 413);
    // The rest is thrown away for a moment, so that the answer arrives, and no longer.
    let hung_up = timeout(Duration::from_secs(5), endless).await;
    assert!(hung_up.is_ok(), "it is read without end");
}

/// INP-04.
#[tokio::test]
async fn forms_of_thousands_of_fields_and_names_without_end_are_answered_at_once() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let before = app.database_digest().await;
    let many = "a=b&".repeat(10_000);
    let long = format!("{}=x", "n".repeat(60_000));
    let nested = format!("a{}=x", "[a]".repeat(15_000));
    let marks = format!("name={}", "%CC%81".repeat(10_000));
    let signs = "&=".repeat(30_000);

    for body in [many, long, nested, marks, signs] {
        let request = browser.raw("POST", "/signup").same_origin().header("x-csrf-token", &token);
        let started = Instant::now();
        let answer = request.body(FORM, body.clone()).send().await;
        let took = started.elapsed();

        assert!(matches!(answer.status(), 400 | 422), "{}: {}", &body[..20], answer.status());
        assert!(took < Duration::from_secs(1), "{}: {took:?}", &body[..20]);
    }
    assert_eq!(app.database_digest().await, before);
}

/// LOG-04.
#[tokio::test]
async fn a_body_that_is_no_form_is_refused_on_a_page_of_ours() {
    let app = TestApp::start().await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let json = format!("{{\"email\":\"{MIA}\",\"password\":\"{PASSWORD}\"}}");

    for kind in
        ["application/json", "multipart/form-data; boundary=b", "text/plain", "text/html", "x"]
    {
        for path in ["/login", "/signup", "/forgot-password", "/signup/check"] {
            let request = browser.raw("POST", path).same_origin().header("x-csrf-token", &token);
            let answer = request.body(kind, json.clone()).send().await;
            assert_eq!(answer.status(), 415, "{path} {kind}");
            assert!(answer.body.starts_with("<!DOCTYPE") && answer.is_html(), "{path} {kind}");
            assert!(!answer.body.contains(MIA), "{path} {kind}");
        }
    }
    let doubled = format!("email={MIA}&email={MIA}&password={}", PASSWORD.replace(' ', "+"));
    let request = browser.raw("POST", "/login").same_origin().header("x-csrf-token", &token);
    let answer = request.body(&format!("{FORM}; charset=utf-8"), doubled).send().await;
    assert_eq!(answer.status(), 422);
    assert!(answer.body.starts_with("<!DOCTYPE") && answer.body.contains("email-error"));
}

/// LOG-03: a form is what was posted.
#[tokio::test]
async fn the_query_of_a_page_is_no_form() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let query = format!(
        "email={MIA}&password={}&csrf_token={}",
        PASSWORD.replace(' ', "+"),
        browser.csrf_token()
    );

    for method in ["GET", "HEAD"] {
        let path = format!("/login?{query}");
        let answer = browser.raw(method, &path).same_origin().send().await;
        assert_eq!(answer.status(), 200, "{method}");
        assert!(!answer.body.contains(MIA), "the query is not echoed");
        let session = answer.cookies().into_iter().find(|cookie| cookie.name == people::SESSION);
        assert_eq!(session, None, "{method}");
    }
    let path = format!("/login?{query}");
    let answer = browser.raw("POST", &path).same_origin().form(&[]).send().await;
    assert_eq!(answer.status(), 403);
    // With its token where it belongs the form is looked at, and is empty.
    let token = browser.csrf_token();
    let request = browser.raw("POST", &path).same_origin();
    let answer = request.form(&[("csrf_token", &token)]).send().await;
    assert_eq!(answer.status(), 422);
    assert!(!answer.body.contains(MIA), "the query is not echoed");
    assert_eq!(app.count("sessions").await, 0);
    assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 303);
}
