//! Where addresses are confirmed, no answer tells which of them have an account.

use tests::{Answer, Browser, TestApp, Transport};

use super::{LINK, confirmed_app, sign_up, try_log_in};
use crate::{
    flows::{EMAIL, PASSWORD, can_log_in, make_admin, masked, post},
    people::mails_sent,
};

/// As long as each other, so that the answers are.
const FREE: &str = "leo@example.test";
const UNCONFIRMED: &str = "zoe@example.test";
const OTHER_PASSWORD: &str = "three swans in a van";

/// One address with an account, one that nobody has confirmed, one that is free.
async fn scene() -> TestApp {
    let app = confirmed_app().await;
    make_admin(&app, EMAIL).await;
    sign_up(&mut app.browser(Transport::Plain), UNCONFIRMED, PASSWORD).await;
    mails_sent(&app).await;
    app
}

fn seen(browser: &Browser, answer: &Answer, email: &str) -> (u16, Vec<String>, String) {
    let id = answer.header("x-request-id").unwrap_or("-").to_owned();
    masked(answer, &[email, &id, &browser.csrf_token()])
}

async fn run(app: &TestApp, transport: Transport, email: &str) -> Vec<(u16, Vec<String>, String)> {
    let mut browser = app.browser(transport);
    browser.visit("/signup").await;
    let mails = app.count("outbox").await;
    let hashes = app.accounts().hash_count();
    let fields = [("email", email), ("name", "Mia"), ("password", OTHER_PASSWORD)];
    let answer = post(&browser, "/signup", &fields).await;
    assert_eq!(app.accounts().hash_count() - hashes, 1, "{email}");
    assert_eq!(app.count("outbox").await, mails + 1, "{email}: one mail");
    let cookies = answer.cookies();
    let cookie = cookies.iter().find(|cookie| cookie.name == "__Host-proof").expect("a proof");
    assert!(cookie.http_only && cookie.secure && cookie.value.len() == 22, "{cookie:?}");
    let mut answers = vec![seen(&browser, &answer, email)];
    browser.cookies_mut().plant("__Host-proof", &cookie.value);
    mails_sent(app).await;

    for (path, fields) in [
        ("/mailbox/code", vec![("code", "ZZZZ-ZZZZ")]),
        ("/mailbox/resend", vec![]),
        ("/login", vec![("email", email), ("password", "not the right one")]),
        ("/login", vec![("email", email), ("password", OTHER_PASSWORD)]),
    ] {
        let hashes = app.accounts().hash_count();
        let answer = post(&browser, path, &fields).await;
        answers.push(seen(&browser, &answer, email));
        let expected = u64::from(path == "/login");
        assert_eq!(app.accounts().hash_count() - hashes, expected, "{email} {path}");
    }
    app.clock.advance(auth::RESEND_PAUSE);
    let answer = try_log_in(&browser, email, OTHER_PASSWORD).await;
    answers.push(seen(&browser, &answer, email));
    mails_sent(app).await;
    assert_eq!(app.count("outbox").await, mails + 2, "{email}: another mail after a minute");
    answers
}

/// REG-02, ENU-03, ENU-08: the sign-up, the page that waits, the code, another mail, and
/// logging in with the very password that was signed up with.
#[tokio::test]
async fn signing_up_tells_nobody_whether_the_address_has_an_account() {
    for transport in Transport::ALL {
        let app = scene().await;
        let taken = run(&app, transport, EMAIL).await;
        let unconfirmed = run(&app, transport, UNCONFIRMED).await;
        let free = run(&app, transport, FREE).await;

        assert_eq!(taken, free, "{transport:?}");
        assert_eq!(unconfirmed, free, "{transport:?}");
        let statuses: Vec<u16> = free.iter().map(|(status, ..)| *status).collect();
        let led = if transport == Transport::HtmxPartial { 200 } else { 303 };
        assert_eq!(statuses, [led, 422, 429, 422, led, led], "{transport:?}");
        assert!(can_log_in(&app, EMAIL, PASSWORD).await, "the owner's password stands");
        assert!(!app.mailbox.all_to(EMAIL).await.iter().any(|mail| mail.text.contains(LINK)));
    }
}

/// REG-02: the owner is told.
#[tokio::test]
async fn the_owner_of_a_taken_address_is_told_how_to_get_in() {
    let app = scene().await;
    sign_up(&mut app.browser(Transport::Plain), EMAIL, OTHER_PASSWORD).await;

    let mail = app.mailbox.latest_to(EMAIL).await;

    assert_eq!(mail.subject, "You already have a Latchkey account");
    assert_eq!(mail.link("/login"), "/login");
    assert_eq!(mail.link("/forgot-password"), "/forgot-password");
    assert_eq!(app.database.texts("SELECT name FROM users WHERE role = 'admin'").await, ["mia"]);
}

/// What becomes of one's own proof does not tell either.
#[tokio::test]
async fn a_newer_sign_up_takes_the_place_of_the_older_whether_or_not_there_is_an_account() {
    let app = scene().await;
    for email in [EMAIL, FREE, UNCONFIRMED] {
        let mut first = app.browser(Transport::Plain);
        sign_up(&mut first, email, PASSWORD).await;
        let mut second = app.browser(Transport::Plain);
        sign_up(&mut second, email, OTHER_PASSWORD).await;

        assert_eq!(first.visit("/mailbox").await.path(), "/login", "{email}");
        assert_eq!(second.visit("/mailbox").await.path(), "/mailbox", "{email}");
    }
}

/// REG-02: a limit of the address, known or not.
#[tokio::test]
async fn beyond_the_limit_the_page_is_the_same_and_no_mail_goes_out() {
    let app = TestApp::with(|settings| {
        settings.accounts.signup = auth::SignupMode::Confirmed;
        settings.limits.enabled = true;
    })
    .await;
    make_admin(&app, EMAIL).await;
    let mut pages = Vec::new();
    for email in [EMAIL, FREE] {
        let mails = app.count("outbox").await;
        for _ in 0..7 {
            let mut browser = app.browser(Transport::Plain);
            sign_up(&mut browser, email, PASSWORD).await;
            assert_eq!(browser.path(), "/mailbox", "{email}");
            pages.push(browser.text().replace(email, "EMAIL"));
        }
        assert_eq!(app.count("outbox").await, mails + 5, "{email}");
        assert!(pages.last().unwrap().contains("Several mails went"), "{pages:?}");
    }
    assert_eq!(pages[6], pages[13]);
}
