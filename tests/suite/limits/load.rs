//! Tries by the hundred, and more of them than the server can look at.

#![expect(clippy::expect_used, reason = "an expectation that does not hold is a failed test")]

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use auth::Rate;
use tests::{Backend, Browser, ServerProcess, TestApp, Transport};
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet, time::sleep};

use super::{QUARTER, WRONG, open, visitor};
use crate::{
    fault_steps::wait_for_text,
    people::{self, MIA, PASSWORD},
};

/// RTL-01, RAC-05.
#[tokio::test]
async fn of_two_hundred_wrong_passwords_at_once_exactly_ten_are_looked_at() {
    for backend in Backend::available() {
        let app = TestApp::on(backend, |settings| {
            settings.limits.enabled = true;
            settings.limits.login_per_client = Rate::OFF;
        })
        .await;
        people::sign_up(&app, MIA).await;
        let browser = visitor(&app).await;
        let hashed = app.accounts().operations().hash_count();

        let statuses = flood(&browser, 200, MIA).await;

        assert_eq!(statuses.get(&422), Some(&10), "{backend:?}: {statuses:?}");
        assert_eq!(app.accounts().operations().hash_count() - hashed, 10, "{backend:?}");
        assert_eq!(statuses.get(&429), Some(&190), "{backend:?}: {statuses:?}");
    }
}

/// Operations, "Configuration", `limits.enabled`.
#[tokio::test]
async fn without_limits_everything_may_be_tried_and_nothing_is_counted() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;

    for n in 0..70 {
        assert_eq!(people::try_log_in(&browser, MIA, WRONG).await.status(), 422, "{n}");
    }

    assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 303);
    assert_eq!(app.count("throttles").await, 0);
}

/// LOG-09: what does not fit is refused at once, and is no try.
#[tokio::test]
async fn a_log_in_that_was_not_checked_in_time_is_not_counted() {
    let app = open(|settings| {
        settings.password.max_concurrent = 1;
        settings.password.memory_kib = 19456;
        settings.password.iterations = 2;
        settings.limits.login_per_account = Rate::new(80, QUARTER);
        settings.limits.login_per_client = Rate::OFF;
        settings.server.request_timeout = Duration::from_mins(2);
    })
    .await;
    let browser = visitor(&app).await;

    let statuses = flood(&browser, 80, MIA).await;

    let busy = statuses.get(&503).copied().unwrap_or(0);
    assert!(busy > 0 && statuses.get(&422) == Some(&(80 - busy)), "{statuses:?}");
    let again = flood(&browser, busy.min(20), MIA).await;
    assert_eq!(again, BTreeMap::from([(422, busy.min(20))]), "given back: {statuses:?}");
}

/// RES-01, with the real server and passwords hashed in earnest.
#[tokio::test]
async fn two_hundred_log_ins_at_once_cost_bounded_memory_and_hold_up_no_other_page() {
    let cores = std::thread::available_parallelism().expect("there are cores").get();
    let server = ServerProcess::start(&[
        ("LATCHKEY__PASSWORD__MEMORY_KIB", "19456"),
        ("LATCHKEY__PASSWORD__ITERATIONS", "2"),
        ("LATCHKEY__SERVER__REQUEST_TIMEOUT", "2m"),
    ])
    .await;
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
    let idle = server.peak_memory_kib();

    let mut crowd = JoinSet::new();
    for _ in 0..200 {
        let request = browser.raw("POST", "/login").same_origin().form(&fields);
        crowd.spawn(request.send());
    }
    let mut answers = Vec::new();
    let mut waits = Vec::new();
    while answers.len() < 200 {
        let begun = Instant::now();
        assert_eq!(browser.raw("GET", "/signup").send().await.status(), 200);
        waits.push(begun.elapsed());
        while let Some(answer) = crowd.try_join_next() {
            answers.push(answer.expect("an answer"));
        }
        sleep(Duration::from_millis(20)).await;
    }

    let judged = answers.iter().filter(|answer| answer.status() == 422).count();
    assert!(judged > 0, "nobody was looked at");
    for answer in &answers {
        assert!(matches!(answer.status(), 422 | 503), "{answer:?}");
        assert_eq!(answer.header("retry-after").is_some(), answer.status() == 503);
        assert!(answer.body.contains("id=\"login-form-error\"") && answer.body.contains(MIA));
    }
    waits.sort();
    assert!(waits.len() > 5 && waits.last() < Some(&Duration::from_secs(3)), "{waits:?}");
    let most = idle + cores as u64 * 20 * 1024 + 24 * 1024;
    let peak = server.peak_memory_kib();
    assert!(peak < most, "{peak} KiB, {idle} KiB when idle");
}

/// LOG-09: as a page and as a fragment.
#[tokio::test]
async fn a_busy_server_says_when_to_come_back_and_keeps_what_was_typed() {
    let app = TestApp::with(|settings| {
        settings.password.max_concurrent = 1;
        settings.password.memory_kib = 19456;
        settings.password.iterations = 2;
        settings.server.request_timeout = Duration::from_mins(2);
    })
    .await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", MIA), ("password", PASSWORD)];
    let crowd = (0..60).map(|_| {
        let request = browser.raw("POST", "/login").same_origin().form(&fields);
        tokio::spawn(request.htmx_partial().send())
    });

    let mut busy = Vec::new();
    for one in crowd.collect::<Vec<_>>() {
        let answer = one.await.expect("an answer");
        if answer.status() == 503 {
            busy.push(answer);
        }
    }

    assert!(!busy.is_empty(), "the queue took everything");
    for answer in busy {
        assert_eq!(answer.header("retry-after"), Some("1"));
        assert_eq!(answer.header("hx-reswap"), Some("outerHTML"), "or it counts as a proxy's");
        assert!(answer.body.contains("</title><form"), "the form alone: {answer:?}");
        assert!(answer.body.contains(MIA), "{answer:?}");
        assert!(!answer.body.contains(PASSWORD) && answer.cookies().is_empty());
    }
}

/// LOG-09, CRA-03: a client that hangs up while the password is checked has used no try, if the
/// password was right.
#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_of_a_client_that_hung_up_is_no_failed_try() {
    let app = open(|settings| {
        settings.password.max_concurrent = 1;
        settings.password.memory_kib = 65_536;
        settings.password.iterations = 2;
        settings.limits.login_per_account = Rate::new(10, QUARTER);
    })
    .await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;
    let request = log_in_on_the_line(&browser, PASSWORD);

    for _ in 0..10 {
        let hashed = app.accounts().operations().hash_count();
        let mut stream = TcpStream::connect(app.address()).await.expect("the app listens");
        stream.write_all(&request).await.expect("the app reads");
        while app.accounts().operations().hash_count() == hashed {
            sleep(Duration::from_millis(1)).await;
        }
        stream.set_zero_linger().expect("a connected socket");
    }

    assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 303);
    assert_eq!(app.count("sessions").await, 1, "nobody is logged in who is not there");
}

/// LOG-09: neither has a client that the time limit cut off.
#[tokio::test(flavor = "multi_thread")]
async fn a_right_password_that_took_too_long_to_look_at_is_no_failed_try() {
    let app = open(|settings| {
        settings.password.max_concurrent = 1;
        settings.password.memory_kib = 131_072;
        settings.password.iterations = 2;
        settings.limits.login_per_client = Rate::OFF;
        settings.limits.signup_per_client = Rate::OFF;
        settings.server.request_timeout = Duration::from_millis(100);
    })
    .await;
    people::sign_up(&app, MIA).await;
    let browser = visitor(&app).await;

    for n in 0..5 {
        assert_eq!(people::try_log_in(&browser, MIA, PASSWORD).await.status(), 503, "{n}");
    }

    // The clock of the app stands still: every try is back when the count is free now.
    let free_at = "SELECT CAST(free_at AS TEXT) FROM throttles";
    let now = app.clock.now().as_millis().to_string();
    wait_for_text(&app.database, free_at, &now).await;
}

/// The bytes of a log-in.
fn log_in_on_the_line(browser: &Browser, password: &str) -> Vec<u8> {
    let fields = [("csrf_token", &*browser.csrf_token()), ("email", MIA), ("password", password)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let cookies = browser.cookies().header("/").unwrap_or_default();
    let head = format!(
        "POST /login HTTP/1.1\r\nHost: latchkey.test\r\nCookie: {cookies}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

/// Wrong passwords, all at once: how many answers of which status.
async fn flood(browser: &Browser, count: usize, email: &str) -> BTreeMap<u16, usize> {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("password", WRONG)];
    let tries: Vec<_> = (0..count)
        .map(|_| {
            let request = browser.raw("POST", "/login").same_origin().form(&fields);
            tokio::spawn(request.send())
        })
        .collect();
    let mut statuses = BTreeMap::new();
    for one in tries {
        *statuses.entry(one.await.expect("an answer").status()).or_default() += 1;
    }
    statuses
}
