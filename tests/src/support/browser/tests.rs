//! Tests the simulated browser on a minimal site of three pages.

use std::net::SocketAddr;

use domain::{Clock, Timestamp};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;

const FORM: &str = "<form id=login-form method=post action=/login hx-post=/login \
    hx-target=this hx-swap=outerHTML><input type=hidden name=csrf_token value=t>\
    <label for=email>Email</label><input id=email name=email type=email \
    autocomplete=username><button type=submit>Log in</button></form>";

/// Starts a site that answers each request by its request line, headers and body.
async fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

async fn serve(mut stream: TcpStream) {
    let mut request = String::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        request.push_str(&String::from_utf8_lossy(&buffer[..read]));
        let is_whole = request
            .split_once("\r\n\r\n")
            .is_some_and(|(head, body)| !head.starts_with("POST") || body.contains("email="));
        if is_whole || read == 0 {
            break;
        }
    }
    let answer = answer(&request.to_lowercase());
    stream.write_all(answer.as_bytes()).await.unwrap();
}

fn answer(request: &str) -> String {
    let is_partial = request.contains("hx-request-type: partial");
    let is_right = request.contains("email=a%40x.test") && request.contains("csrf_token=t");
    let cookie = "set-cookie: __Host-latchkey-session=s; Path=/; Secure; HttpOnly\r\n";
    let has_cookie = request.contains("cookie: __host-latchkey-session=s");
    match request.split(' ').next() {
        Some("get") if request.starts_with("get /profile") && has_cookie => {
            page("Profile", "", 200)
        }
        Some("get") => page("Log in", FORM, 200),
        _ if is_partial && is_right => {
            let headers = "hx-retarget: #main\r\nhx-reswap: innerHTML\r\nhx-push-url: /profile\r\n";
            let body = "<title>Profile</title><h1>Profile</h1>";
            http("200 OK", &format!("{headers}{cookie}"), body)
        }
        _ if is_right => http("303 See Other", &format!("location: /profile\r\n{cookie}"), ""),
        _ if is_partial => http("422 Wrong", "", &wrong()),
        _ => page("Log in", &wrong(), 422),
    }
}

fn wrong() -> String {
    let error = "aria-invalid=true aria-describedby=email-error autofocus id=email";
    FORM.replace("id=email", error).replace("<button", "<p id=email-error>Is empty</p><button")
}

fn page(h1: &str, main: &str, status: u16) -> String {
    let body = format!(
        "<!DOCTYPE html><html lang=en><head><title>{h1}</title></head><body><nav id=nav></nav>\
         <div id=flash role=status></div><div id=alerts role=alert></div>\
         <main id=main tabindex=-1><h1>{h1}</h1>{main}</main></body></html>"
    );
    http(&format!("{status} x"), "", &body)
}

fn http(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

async fn browsers() -> Vec<Browser> {
    let address = site().await;
    let url = "https://x.test".parse().unwrap();
    let clock = Clock::manual(Timestamp::default());
    Transport::ALL.map(|transport| Browser::new(address, &url, &clock, transport)).into()
}

#[tokio::test]
async fn a_success_leads_to_the_next_page_in_each_transport() {
    for mut browser in browsers().await {
        browser.visit("/login").await;

        let page = browser.form("login-form").fill("email", "a@x.test").submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/profile", 200));
        assert_eq!((page.h1().as_str(), page.title().as_str()), ("Profile", "Profile"));
        assert_eq!(browser.cookies().session().unwrap().value, "s");
        assert_eq!(browser.back().await.h1(), "Log in");
    }
}

#[tokio::test]
async fn a_refusal_shows_the_form_again_in_each_transport() {
    for mut browser in browsers().await {
        browser.visit("/login").await;

        let page = browser.form("login-form").fill("email", "b").submit().await;

        assert_eq!((page.path().as_str(), page.status()), ("/login", 422));
        assert_eq!(page.field_error("email").as_deref(), Some("Is empty"));
        assert_eq!(page.focused().as_deref(), Some("email"));
        assert_eq!(page.by_label("Email").unwrap().autocomplete.as_deref(), Some("username"));
    }
}

#[tokio::test]
#[should_panic(expected = "form#nope on /login (status 200): the form is not there")]
async fn a_form_that_is_not_there_is_told_in_plain_words() {
    let mut browser = browsers().await.remove(0);
    browser.visit("/login").await;

    let _filler = browser.form("nope");
}
