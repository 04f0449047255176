//! The cookies: their attributes, how the server treats those that come back, and what it stores of
//! them.

mod rows;

use std::collections::HashSet;

use tests::{TestApp, Transport};

use crate::{
    flows::post,
    people::{self, MIA, PASSWORD, SESSION, session_of},
};

/// The cookie of the flash message.
const FLASH: &str = "__Host-latchkey-flash";

async fn scene() -> TestApp {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    app
}

/// Returns the status of the profile with these cookies.
async fn profile(app: &TestApp, cookies: &str) -> u16 {
    let request = app.browser(Transport::Plain).raw("GET", "/profile");
    request.with_cookies(Some(cookies.to_owned())).send().await.status()
}

/// SES-01.
#[tokio::test]
async fn every_cookie_is_for_this_host_over_https_and_for_no_script() {
    let app = scene().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let mut cookies = Vec::new();
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
    let first = app.browser(Transport::Plain).raw("GET", "/login").send().await;
    cookies.extend(first.cookies());
    let answer = browser.raw("POST", "/login").same_origin().form(&fields).send().await;
    cookies.extend(answer.cookies());

    let names = cookies.iter().map(|cookie| cookie.name.as_str());
    let names: HashSet<&str> =
        names
            .map(|name| {
                if name.starts_with("__Host-latchkey-csrf-") {
                    "__Host-latchkey-csrf-"
                } else {
                    name
                }
            })
            .collect();
    let of_tabs = ["__Host-latchkey-csrf", "__Host-latchkey-csrf-"];
    assert_eq!(
        names,
        of_tabs
            .into_iter()
            .chain([SESSION, "__Host-latchkey-device", "__Host-latchkey-flash"])
            .collect()
    );
    for cookie in &cookies {
        assert!(cookie.secure && cookie.http_only && !cookie.has_domain, "{cookie:?}");
        assert_eq!(cookie.same_site.as_deref(), Some("Lax"), "{cookie:?}");
        assert_eq!(cookie.path.as_deref(), Some("/"), "{cookie:?}");
        assert!(cookie.name.len() + cookie.value.len() < 4096 - 100, "{cookie:?}");
    }
    let session = cookies.iter().find(|cookie| cookie.name == SESSION).expect("a session");
    assert!(session.max_age.is_none() && !session.has_expires, "it ends with the window");
    assert!(session.value.len() >= 22, "128 bits are 22 characters: {session:?}");
}

/// SES-01: all ids differ, and none reveals its user.
#[tokio::test]
async fn session_ids_are_random() {
    let app = scene().await;
    let mut ids = HashSet::new();
    for _ in 0..15 {
        ids.insert(session_of(&people::logged_in(&app, Transport::Plain, MIA).await));
    }
    assert_eq!(ids.len(), 15);
    let starts: HashSet<&str> = ids.iter().map(|id| &id[..4]).collect();
    let ends: HashSet<&str> = ids.iter().map(|id| &id[id.len() - 4..]).collect();
    assert!(starts.len() > 10 && ends.len() > 10, "{ids:?}");
}

/// SES-03.
#[tokio::test]
async fn an_id_that_the_server_did_not_give_out_is_not_adopted() {
    let app = scene().await;
    let mut browser = app.browser(Transport::Plain);
    let planted = "AAAAAAAAAAAAAAAAAAAAAA";
    browser.cookies_mut().plant(SESSION, planted);

    people::log_in(&mut browser, MIA).await;

    assert_ne!(session_of(&browser), planted);
    assert_eq!(profile(&app, &format!("{SESSION}={planted}")).await, 303);
    assert_eq!(app.count("sessions").await, 1);
}

/// SES-03: cookies that were planted before the log-in do not survive it.
#[tokio::test]
async fn an_attackers_flash_and_next_do_not_survive_a_log_in() {
    let app = scene().await;
    let mut attacker = app.browser(Transport::Plain);
    attacker.visit("/signup").await;
    let fields = [("email", "evil@example.test"), ("name", "Evil"), ("password", PASSWORD)];
    let answer = post(&attacker, "/signup", &fields).await;
    let flash = answer.cookies().into_iter().find(|cookie| cookie.name == FLASH);
    let flash = flash.expect("the way to the log-in page").value;
    attacker.visit("/login?next=/forgot-password").await;
    let csrf = attacker.cookies().get("__Host-latchkey-csrf").expect("a cookie").value.clone();
    let token = attacker.csrf_token();

    let mut victim = app.browser(Transport::Plain);
    victim.cookies_mut().plant(FLASH, &flash);
    let page = victim.visit("/login").await;
    assert!(page.body().contains("evil@example.test"), "what is planted is shown");
    victim.cookies_mut().plant("__Host-latchkey-csrf", &csrf);
    victim.visit("/login").await;
    victim.cookies_mut().plant(FLASH, &flash);
    let answer = people::try_log_in(&victim, MIA, PASSWORD).await;
    victim.keep_cookies(&answer);
    victim.visit(answer.header("location").unwrap_or_default()).await;

    assert_eq!(victim.path(), "/profile");
    assert!(victim.page().is_logged_in() && !victim.page().body().contains("evil@example.test"));
    let fields = [("csrf_token", token.as_str())];
    let forged = victim.raw("POST", "/logout").same_origin().form(&fields).send().await;
    assert_eq!(forged.status(), 403, "the token of the planted cookie is worth nothing now");
}

/// SES-04.
#[tokio::test]
async fn a_cookie_under_a_name_that_only_looks_like_ours_never_wins() {
    let app = scene().await;
    people::sign_up(&app, "evil@example.test").await;
    let evil = session_of(&people::logged_in(&app, Transport::Plain, "evil@example.test").await);
    let mia = session_of(&people::logged_in(&app, Transport::Plain, MIA).await);
    for planted in [
        "__%48ost-latchkey-session",
        "__host-latchkey-session",
        "latchkey-session",
        "\"__Host-latchkey-session\"",
        "__Host-latchkey-session%20",
        "__Host%2Dlatchkey-session",
        "$__Host-latchkey-session",
        "__Host-Latchkey-Session",
    ] {
        for cookies in [
            format!("{planted}={evil}; {SESSION}={mia}"),
            format!("{SESSION}={mia}; {planted}={evil}"),
        ] {
            let request = app.browser(Transport::Plain).raw("GET", "/profile");
            let answer = request.with_cookies(Some(cookies.clone())).send().await;
            assert!(answer.status() == 200 && answer.body.contains(MIA), "{cookies}");
        }
        assert_eq!(profile(&app, &format!("{planted}={evil}")).await, 303, "{planted}");
    }
}

/// SES-05.
#[tokio::test]
async fn a_cookie_that_comes_twice_or_malformed_names_no_user() {
    let app = scene().await;
    let id = session_of(&people::logged_in(&app, Transport::Plain, MIA).await);
    assert_eq!(profile(&app, &format!("{SESSION}={id}")).await, 200);
    for cookies in [
        format!("{SESSION}={id}; {SESSION}={id}"),
        format!("{SESSION}={id}; {SESSION}=AAAAAAAAAAAAAAAAAAAAAA"),
        format!("{SESSION}=; {SESSION}={id}"),
        format!("{SESSION} ={id}"),
        format!("{SESSION}=\"{id}\""),
        format!("{SESSION}={id}%00"),
        format!("{SESSION}={}", id.to_lowercase().to_uppercase()),
        format!("{SESSION}={}", &id[..21]),
        format!("{SESSION}={id}="),
        format!("{SESSION}={id}x"),
        format!("{SESSION}={}", "A".repeat(5_000)),
        format!("{SESSION}=' OR 1=1 --"),
        SESSION.to_owned(),
    ] {
        assert_eq!(profile(&app, &cookies).await, 303, "{cookies}");
    }
    let request = app.browser(Transport::Plain).raw("GET", "/profile");
    let two = request
        .another_header("cookie", &format!("{SESSION}={id}"))
        .another_header("cookie", &format!("{SESSION}={id}"));
    assert_eq!(two.send().await.status(), 303, "two lines");
}
