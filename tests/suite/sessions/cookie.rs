//! The session cookie: its attributes, and which cookie the server accepts.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::SessionKey;
use tests::{Backend, TestApp, Transport, support::search::assert_kept_out};

use crate::{
    flows::{MIA, PASSWORD, logged_in, make_user},
    people::{is_alive, session_of},
};

/// SES-01, and contract, "Cookies and headers".
#[tokio::test]
async fn the_cookie_is_opaque_and_ends_with_the_window() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;

        let cookie = browser.cookies().get("__Host-latchkey-session").unwrap().clone();
        assert!(cookie.secure && cookie.http_only && !cookie.has_domain, "{transport:?}");
        assert_eq!(cookie.same_site.as_deref(), Some("Lax"));
        assert_eq!(cookie.path.as_deref(), Some("/"));
        assert!(cookie.max_age.is_none() && !cookie.has_expires, "{transport:?}");
        assert!((22..=44).contains(&cookie.value.len()), "at least 128 bits");
        assert!(cookie.value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));

        browser.cookies_mut().close_window();
        assert!(!browser.visit("/").await.is_logged_in(), "{transport:?}");
    }
}

/// Contract, "Cookies and headers": browsers accept no `__Host-` cookie over http.
#[tokio::test]
async fn over_http_the_cookie_has_another_name_and_is_not_secure() {
    let url = "http://localhost:8080";
    let app = TestApp::with(|settings| settings.server.public_url = url.parse().unwrap()).await;
    make_user(&app, MIA).await;

    let browser = logged_in(&app, Transport::Plain, MIA).await;

    let cookie = browser.cookies().get("latchkey-session").unwrap();
    assert!(!cookie.secure && cookie.http_only);
    assert!(browser.cookies().get("__Host-latchkey-session").is_none());
}

/// SES-11: the database contains only the hash of the id. As a control, the search finds that hash,
/// which is stored as a BLOB like the id would be.
#[tokio::test]
async fn the_id_of_a_session_is_not_in_the_database() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        make_user(&app, MIA).await;
        let session = session_of(&logged_in(&app, Transport::Plain, MIA).await);

        let hash = BASE64_URL_SAFE_NO_PAD.encode(SessionKey::of(&session).as_bytes());
        assert_kept_out(&app.database.haystacks().await, &[&session], &[&hash]);
    }
}

/// SES-03: session fixation. An id that the server did not issue has no session, and a log-in does
/// not create one for it.
#[tokio::test]
async fn an_id_that_was_planted_is_not_adopted() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let planted = "AAAAAAAAAAAAAAAAAAAAAA";
        let mut browser = app.browser(transport);
        browser.cookies_mut().plant("__Host-latchkey-session", planted);
        assert!(!browser.visit("/").await.is_logged_in(), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0);

        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", MIA);
        form.fill("password", PASSWORD).submit().await;

        assert_ne!(session_of(&browser), planted, "{transport:?}");
        assert!(!is_alive(&app, planted).await, "{transport:?}");
    }
}

/// SES-04, SES-05: the server accepts only a cookie with exactly its name, and refuses duplicates.
#[tokio::test]
async fn another_spelling_of_the_cookie_never_wins() {
    let app = TestApp::start().await;
    for email in [MIA, "eve@example.test"] {
        make_user(&app, email).await;
    }
    let victim = session_of(&logged_in(&app, Transport::Plain, MIA).await);
    let attacker = session_of(&logged_in(&app, Transport::Plain, "eve@example.test").await);
    let ours = format!("__Host-latchkey-session={victim}");
    for (cookies, is_in) in [
        (format!("__%48ost-latchkey-session={attacker}; {ours}"), true),
        (format!("{ours}; __%48ost-latchkey-session={attacker}"), true),
        (format!("latchkey-session={attacker}; {ours}"), true),
        (format!("__host-latchkey-session={attacker}; {ours}"), true),
        (format!("__Host-latchkey-session={attacker}; {ours}"), false),
        (format!("{ours}; {ours}"), false),
        (format!("__Host-latchkey-session={victim}x"), false),
        (format!("__Host-latchkey-session=\"{victim}\""), false),
        ("__Host-latchkey-session=".to_owned(), false),
    ] {
        let request = app.browser(Transport::Plain).raw("GET", "/profile");
        let answer = request.with_cookies(Some(cookies.clone())).send().await;

        assert_eq!(answer.status(), if is_in { 200 } else { 303 }, "{cookies}");
        assert!(!answer.body.contains("eve@example.test"), "{cookies}");
        assert_eq!(answer.body.contains(MIA), is_in, "{cookies}");
    }
}

/// SES-16: reading pages sets no cookie, and does not write to the database each time.
#[tokio::test]
async fn reading_pages_sets_no_cookie() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/").await;
    let before = app.database_digest().await;

    for _ in 0..50 {
        let answer = browser.raw("GET", "/profile").send().await;
        assert!(answer.cookies().is_empty(), "{:?}", answer.cookies());
    }

    assert_eq!(app.database_digest().await, before);
}
