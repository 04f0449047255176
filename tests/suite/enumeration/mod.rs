//! No answer reveals which addresses have an account.

mod forms;
mod seen;
mod sequences;
mod standing;
mod work;

use std::time::{Duration, Instant};

use auth::Order;
use tests::{
    Answer, Browser, TestApp, Transport,
    support::search::{Haystack, assert_kept_out},
};

use self::seen::Seen;
use crate::{
    cast::LEO,
    fault_steps::PROMPT,
    people::{self, MIA, PASSWORD},
};

/// The least requests for each address.
const ROUNDS: usize = 15;
/// The most requests for each address. Among so many are some that other work of the machine does
/// not delay; a real difference stays, however many there are.
const MAX_ROUNDS: usize = 300;
const WRONG: &str = "not the right password";

async fn scene() -> (TestApp, Browser) {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    (app, browser)
}

async fn forgot(browser: &Browser, email: &str) -> Answer {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email)];
    browser.raw("POST", "/forgot-password").same_origin().form(&fields).send().await
}

/// ENU-02: with a mail server that answers, one that refuses connections, and a silent one.
#[tokio::test]
async fn asking_for_a_reset_is_one_answer_at_once_for_every_visitor_whatever_the_mail_does() {
    for mail in ["up", "refusing", "silent"] {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app = TestApp::with(|settings| match mail {
            "refusing" => settings.mail.url = "smtp://127.0.0.1:1".parse().unwrap(),
            "silent" => {
                let address = silent.local_addr().unwrap();
                settings.mail.url = format!("smtp://{address}").parse().unwrap();
            }
            _ => {}
        })
        .await;
        let emails = of_every_kind(&app).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let (hashed, mails) = (app.accounts().operations().hash_count(), app.count("outbox").await);

        let mut answers = Vec::new();
        let mut times: [Vec<Duration>; 4] = Default::default();
        while times[0].len() < ROUNDS || times[0].len() < MAX_ROUNDS && !are_alike(&times) {
            for (email, times) in emails.into_iter().zip(&mut times) {
                let started = Instant::now();
                let answer = forgot(&browser, email).await;
                times.push(started.elapsed());
                answers.push(Seen::of(&answer, &[email]));
            }
        }

        let asked = answers.len();
        answers.dedup();
        assert_eq!(answers.len(), 1, "{mail}: {answers:#?}");
        assert!(are_alike(&times), "{mail}: {times:?}");
        assert!(times.iter().all(|times| are_prompt(times)), "{mail}: {times:?}");
        assert_eq!(app.accounts().operations().hash_count(), hashed, "{mail}: nothing is hashed");
        assert_eq!(app.count("outbox").await - mails, asked, "{mail}: a mail each");
    }
}

/// Whether the quickest answers for each address differ by less than a factor of three.
fn are_alike(times: &[Vec<Duration>]) -> bool {
    let quickest = || times.iter().filter_map(|times| times.iter().min());
    quickest().min().zip(quickest().max()).is_some_and(|(least, most)| *most < *least * 3)
}

/// Whether more than half of the answers wait for no mail server. Other work of the machine may delay
/// the rest.
fn are_prompt(times: &[Duration]) -> bool {
    times.iter().filter(|time| **time < PROMPT).count() * 2 > times.len()
}

/// An address of a confirmed account, of an unconfirmed one, of a disabled one, and without an
/// account.
async fn of_every_kind(app: &TestApp) -> [&'static str; 4] {
    let emails = [MIA, people::ZOE, "ida@example.test", LEO];
    for email in &emails[..3] {
        people::sign_up(app, email).await;
    }
    for (email, order) in
        [(emails[0], Order::Confirm), (emails[2], Order::Confirm), (emails[2], Order::Disable)]
    {
        people::order(app, email, order).await;
    }
    emails
}

/// ENU-02: the page that follows says the same too.
#[tokio::test]
async fn the_page_after_asking_for_a_reset_names_nothing_but_what_was_typed() {
    for transport in Transport::ALL {
        let (app, _) = scene().await;
        let mut texts = Vec::new();
        for email in [MIA, LEO] {
            let mut browser = app.browser(transport);
            browser.visit("/forgot-password").await;
            let page = browser.form("forgot-password-form").fill("email", email).submit().await;
            let text = page.visible_text();
            assert!(text.contains(email), "{transport:?}");
            texts.push((page.status(), text.replace(email, "*"), page.title()));
        }
        assert_eq!(texts[0], texts[1], "{transport:?}");
    }
}

/// ENU-03: an address that has an account costs as much as one that has none.
#[tokio::test]
async fn signing_up_hashes_once_whether_the_address_is_taken_or_not() {
    let (app, browser) = scene().await;
    for email in [MIA, LEO] {
        let before = app.accounts().operations().hash_count();
        let token = browser.csrf_token();
        let fields = [
            ("csrf_token", token.as_str()),
            ("email", email),
            ("name", "Leo"),
            ("password", PASSWORD),
        ];
        browser.raw("POST", "/signup").same_origin().form(&fields).send().await;
        assert_eq!(app.accounts().operations().hash_count() - before, 1, "{email}");
    }
}

async fn check(browser: &Browser, email: &str) -> Answer {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("field", "email")];
    browser.raw("POST", "/signup/check").same_origin().form(&fields).htmx_partial().send().await
}

/// Contract, "Routes": the check beside the field says nothing of who has an account.
#[tokio::test]
async fn checking_a_field_does_not_tell_whether_the_address_is_taken() {
    let (app, browser) = scene().await;
    let before = app.accounts().operations().statement_count();
    let mut answers = Vec::new();
    for email in [MIA, LEO] {
        answers.push(Seen::of(&check(&browser, email).await, &[email]));
    }
    assert_eq!(answers[0], answers[1]);
    assert!(app.accounts().operations().statement_count() - before <= 2, "it asks the database");
    let is_in_error = |body: &str| body.contains("id=\"email-error\"");
    assert!(!is_in_error(&answers[0].body), "{}", answers[0].body);
    assert!(is_in_error(&check(&browser, "no address").await.body));
}

/// ENU-05.
#[tokio::test]
async fn an_address_without_an_account_runs_out_of_tries_like_any_other() {
    let app = TestApp::with(|settings| settings.limits.enabled = true).await;
    people::sign_up(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let mut courses: [Vec<Seen>; 2] = Default::default();
    for _ in 0..12 {
        for (email, course) in [MIA, LEO].into_iter().zip(&mut courses) {
            let answer = people::try_log_in(&browser, email, WRONG).await;
            course.push(Seen::of(&answer, &[email]));
        }
    }
    assert_eq!(courses[0], courses[1]);
    assert_eq!((courses[0][9].status, courses[0][10].status), (422, 429));
    let kept = app.database.haystacks().await;
    assert!(app.count("throttles").await > 2);
    assert_kept_out(&kept, &[LEO], &[MIA]);
    let rows = app.database.rows("throttles").await.join("\n");
    let counts = Haystack::of("throttles", rows.as_bytes());
    assert!(!counts.holds(MIA), "addresses are kept as keyed hashes: {rows}");
}

/// ENU-06.
#[tokio::test]
async fn whatever_is_wrong_with_a_reset_link_it_is_the_same_page() {
    let (app, browser) = scene().await;
    let replaced = people::reset_path(&app, MIA).await;
    // The mailbox keeps both; the second link is the one that counts.
    let client = auth::Client::new([192, 0, 2, 1].into(), "tests");
    let address = domain::EmailAddress::parse(MIA).unwrap();
    app.accounts().credentials().request_password_reset(&address, &client).await.unwrap();
    let expired = app.mailbox.nth_to(MIA, 2).await.link("/reset-password/");
    app.clock.advance(Duration::from_mins(61));
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("password", "a horse of another colour")];
    let unknown = format!("/reset-password/{}", "A".repeat(43));
    let paths = [
        replaced,
        expired,
        unknown,
        "/reset-password/x".to_owned(),
        format!("/reset-password/{}", "x".repeat(2_000)),
    ];

    for is_post in [false, true] {
        let mut answers = Vec::new();
        for path in &paths {
            let request = browser.raw(if is_post { "POST" } else { "GET" }, path).same_origin();
            let request = if is_post { request.form(&fields) } else { request };
            let answer = request.send().await;
            assert_eq!(answer.status(), 410, "{path}");
            answers.push(Seen::of(&answer, &[path]));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:#?}");
        assert!(!answers[0].body.contains("example.test"), "it names an address");
    }
}

/// ENU-07: unknown ids get one answer, and no id can be guessed. The same request with the id of a
/// user is carried out.
#[tokio::test]
async fn ids_are_random_and_those_without_a_user_are_not_found() {
    let (app, _) = scene().await;
    people::sign_up(&app, LEO).await;
    people::seed_admin(&app, people::ADA).await;
    let admin = people::logged_in(&app, Transport::Plain, people::ADA).await;
    let token = admin.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("role", "user")];
    let (one, other) = (people::id_of(&app, MIA).await, people::id_of(&app, LEO).await);
    let mut answers = Vec::new();
    for id in [
        "00000000-0000-4000-8000-000000000000",
        "0198a8b0-0000-7000-8000-000000000000",
        "no-id",
        &one,
    ] {
        let path = format!("/admin/users/{id}/role");
        let answer = admin.raw("POST", &path).same_origin().form(&fields).send().await;
        assert_eq!(answer.status(), if *id == one { 303 } else { 404 }, "{id}");
        answers.push(Seen::of(&answer, &[id]));
    }
    answers.pop();
    answers.dedup();
    assert_eq!(answers.len(), 1);
    assert_ne!(one[24..], other[24..], "the last 48 bits tell users apart");
}
