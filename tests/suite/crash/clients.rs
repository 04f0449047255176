//! A client that disconnects in the middle of any form: the action has happened completely or not
//! at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use tests::{Browser, TestApp, Transport};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use url::form_urlencoded::Serializer;
use web::{Policy, RouteInfo};

use crate::{
    csrf::{actions, case, link},
    fault_steps::{PATIENCE, at_once},
    people::{self, ADA},
};

/// The number of tries. Half disconnect while they send, half while they wait for the answer.
const POINTS: u32 = 20;

/// The number of rows in each table, and the role and password hash of one user.
type Shape = BTreeMap<String, usize>;

/// A form as bytes, ready to be sent over its own connection.
struct Sending {
    bytes: Vec<u8>,
    email: String,
    before: Shape,
}

async fn shape(app: &TestApp, email: &str) -> Shape {
    let mut shape = app.database.counts().await;
    // A challenge is spent before its answer is verified (MFA-07), so this table may change although
    // the action did not happen.
    shape.remove("spent_ceremonies");
    let facts = format!("SELECT role || password_hash FROM users WHERE email = '{email}'");
    for fact in app.database.texts(&facts).await {
        shape.insert(fact, 1);
    }
    shape
}

/// Returns the differences: the number of rows that each table gained or lost, and whether the
/// user's role or password changed.
fn changes(before: &Shape, after: &Shape) -> BTreeSet<(String, i64)> {
    let count = |shape: &Shape, key: &str| {
        i64::try_from(shape.get(key).copied().unwrap_or(0)).expect("a small number")
    };
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let is_fact = |key: &str| key.contains('$');
    let changed = keys.into_iter().filter_map(|key| {
        let change = count(after, key) - count(before, key);
        let name = if is_fact(key) { format!("user {change}") } else { key.clone() };
        (change != 0).then_some((name, change))
    });
    changed.collect()
}

/// Prepares a form of this route that no request has sent yet.
async fn prepare(app: &TestApp, route: &RouteInfo, n: u32) -> Sending {
    let (email, new) = (format!("mia{n}@example.test"), format!("noah{n}@example.test"));
    people::sign_up(app, &email).await;
    people::confirm(app, &email).await;
    let unconfirmed = format!("zoe{n}@example.test");
    people::sign_up(app, &unconfirmed).await;
    let proof = people::proof(app, &unconfirmed).await;
    if route.path == "/mailbox/resend" {
        app.clock.advance(auth::RESEND_PAUSE);
    }
    let moving = format!("lea{n}@example.test");
    people::sign_up(app, &moving).await;
    let link = link(app, route, &email, &moving).await;
    let case = case(app, route.clone(), &link, proof, [&email, &moving]).await;
    let is_proof = route.path.starts_with("/mailbox") || route.path == "/confirm-address/{token}";
    let cookie = case.proof.clone();
    let mut browser = match route.policy {
        Policy::Anyone | Policy::Anonymous => {
            // A session that a reset would end.
            people::logged_in(app, Transport::Plain, &email).await;
            let mut browser = app.browser(Transport::Plain);
            browser.visit("/login").await;
            browser
        }
        Policy::AnyUser | Policy::User | Policy::RecentUser => {
            // A session that another session may end.
            people::logged_in(app, Transport::Plain, &email).await;
            people::logged_in(app, Transport::Plain, &email).await
        }
        Policy::Permission(_) | Policy::RecentPermission(_) => {
            people::logged_in(app, Transport::Plain, ADA).await
        }
    };
    let case = case.known_to(app, &browser).await;
    if route.path == "/account-deletion/cancel" {
        people::wait_for_deletion(app, &email).await;
    }
    if route.path == "/admin/users/{id}/reset-factors" {
        let protect = format!("UPDATE users SET second_factor_since = 1 WHERE email = '{email}'");
        app.database.execute(&protect).await;
    }
    let own = |(name, value): (&'static str, &'static str)| match (name, route.path) {
        ("email", "/signup" | "/signup/check" | "/mailbox/email" | "/settings/email") => {
            (name, new.clone())
        }
        ("email", _) => (name, email.clone()),
        _ => (name, value.to_owned()),
    };
    let fields: Vec<_> = case.fields.iter().copied().map(own).collect();
    browser.cookies_mut().plant(people::PROOF, &cookie);
    case.plant_pending(&mut browser);
    let email = if is_proof { unconfirmed } else { email.clone() };
    let bytes = on_the_line(&browser, &case.path, &fields);
    people::mails_sent(app).await;
    let before = shape(app, &email).await;
    Sending { bytes, email, before }
}

/// Returns the bytes of the request that sends a form.
fn on_the_line(browser: &Browser, path: &str, fields: &[(&str, String)]) -> Vec<u8> {
    let token = browser.csrf_token();
    let mut body = Serializer::new(String::new());
    let body = body.extend_pairs(fields).append_pair("csrf_token", &token).finish();
    let cookies = browser.cookies().header("/").expect("the form has a cookie");
    format!(
        "POST {path} HTTP/1.1\r\nHost: latchkey.test\r\nCookie: {cookies}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends `count` bytes, waits, and resets the connection. Returns the changes.
async fn hang_up(
    app: &TestApp,
    sending: &Sending,
    count: usize,
    pause: Duration,
) -> BTreeSet<(String, i64)> {
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream.write_all(&sending.bytes[..count]).await.unwrap();
    sleep(pause).await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    changes(&sending.before, &settled(app, &sending.email).await)
}

/// Returns the counts once no background work changes them any more.
async fn settled(app: &TestApp, email: &str) -> Shape {
    let mut last = shape(app, email).await;
    loop {
        sleep(Duration::from_millis(100)).await;
        people::mails_sent(app).await;
        let now = shape(app, email).await;
        if now == last {
            return now;
        }
        last = now;
    }
}

/// Sends the whole form and waits for the answer. Returns the changes and the time.
async fn stay(app: &TestApp, sending: &Sending) -> (BTreeSet<(String, i64)>, Duration) {
    let sent_at = Instant::now();
    let mut stream = TcpStream::connect(app.address()).await.unwrap();
    stream.write_all(&sending.bytes).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.unwrap().unwrap();
    let took = sent_at.elapsed();
    assert!(answer.starts_with("HTTP/1.1 303") || answer.starts_with("HTTP/1.1 200"), "{answer}");
    (changes(&sending.before, &settled(app, &sending.email).await), took)
}

async fn leave_in_the_middle(route: RouteInfo) {
    let app = TestApp::start().await;
    people::seed_admin(&app, ADA).await;
    let (whole, took) = stay(&app, &Box::pin(prepare(&app, &route, POINTS)).await).await;

    let mut done = 0;
    for n in 0..POINTS {
        let sending = Box::pin(prepare(&app, &route, n)).await;
        let all = sending.bytes.len();
        let (half, point) = (POINTS / 2, n % (POINTS / 2));
        let (count, pause) = if n < half {
            (all * usize::try_from(point).unwrap() / 10, Duration::from_millis(1))
        } else {
            (all, took * point / 10)
        };
        let changed = hang_up(&app, &sending, count, pause).await;

        let is_whole = changed == whole;
        assert!(
            changed.is_empty() || is_whole,
            "{}, point {n}: {changed:?} of {whole:?}",
            route.path
        );
        assert!(n >= half || changed.is_empty(), "{}: half a form did {changed:?}", route.path);
        done += u32::from(is_whole);
    }
    let (patient, _) = stay(&app, &Box::pin(prepare(&app, &route, POINTS + 1)).await).await;
    assert_eq!(patient, whole, "{}: done for {done} of those who left", route.path);
}

/// CRA-03.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_is_gone_in_the_middle_of_any_form_leaves_all_or_nothing() {
    at_once(actions().map(leave_in_the_middle)).await;
}
