//! Simultaneous changes of an account: what ended stays ended, one of two succeeds, and none gets
//! an error page.

use tests::{Answer, Backend, Browser, TestApp, Transport};

use crate::{
    cast::MIA,
    fault_steps::{NEW_PASSWORD, PASSWORD, count_of, form_again, send_at_once},
    flows::sign_up,
    people::{SESSION, log_in, session_of},
};

async fn app_with_mia(backend: Backend) -> (TestApp, Browser) {
    let app = TestApp::on(backend, |_| {}).await;
    let mut browser = app.browser(Transport::Plain);
    sign_up(&mut browser, MIA).await;
    (app, browser)
}

fn session_in(answer: &Answer) -> Option<String> {
    let cookies = answer.cookies();
    cookies.iter().find(|cookie| cookie.name == SESSION).map(|cookie| cookie.value.clone())
}

async fn is_alive(browser: &Browser, session: &str) -> bool {
    let cookie = format!("{SESSION}={session}");
    let answer = browser.raw("GET", "/profile").with_cookies(Some(cookie)).send().await;
    assert!(matches!(answer.status(), 200 | 303), "{} {}", answer.status, answer.body);
    answer.status() == 200
}

/// RAC-02, SES-13.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_beside_a_change_of_password_leaves_no_session_of_the_old_password() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        log_in(&mut browser, MIA).await;
        let mut stranger = app.browser(Transport::Plain);
        stranger.visit("/login").await;
        let (mut old, mut winners) = (PASSWORD.to_owned(), 0);
        for round in 0..50 {
            browser.visit("/settings/password").await;
            let new = format!("{NEW_PASSWORD} {round}");
            let fields = [("current_password", old.as_str()), ("password", &new)];
            let change = form_again(&browser, "/settings/password", &fields);
            let log_in = form_again(&stranger, "/login", &[("email", MIA), ("password", &old)]);

            let (log_in, change) = if round % 2 == 0 {
                tokio::join!(log_in.send(), change.send())
            } else {
                let (change, log_in) = tokio::join!(change.send(), log_in.send());
                (log_in, change)
            };

            assert_eq!(change.status(), 303, "{backend:?} {round}: {}", change.body);
            assert!(matches!(log_in.status(), 303 | 422), "{backend:?} {round}: {}", log_in.body);
            if let Some(session) = session_in(&log_in) {
                winners += 1;
                assert!(!is_alive(&browser, &session).await, "{backend:?} {round}");
            }
            let renewed = session_in(&change).expect("a new id");
            assert!(is_alive(&browser, &renewed).await, "{backend:?} {round}");
            assert_eq!(app.count("sessions").await, 1, "{backend:?} {round}");
            browser.cookies_mut().plant(SESSION, &renewed);
            old = new;
        }
        assert!(winners > 0, "{backend:?}: no log-in was ever first, so nothing was tried");
    }
}

/// RAC-01, SES-17.
#[tokio::test(flavor = "multi_thread")]
async fn of_six_changes_of_password_at_once_one_counts() {
    for backend in Backend::available() {
        let (app, mut browser) = app_with_mia(backend).await;
        log_in(&mut browser, MIA).await;
        browser.visit("/settings/password").await;
        let passwords: Vec<_> = (0..6).map(|n| format!("{NEW_PASSWORD} {n}")).collect();
        let forms = passwords.iter().map(|new| {
            let fields = [("current_password", PASSWORD), ("password", new)];
            form_again(&browser, "/settings/password", &fields)
        });

        let answers = send_at_once(forms).await;

        let renewed: Vec<_> = answers.iter().filter_map(session_in).collect();
        assert_eq!(renewed.len(), 1, "{backend:?}");
        assert!(answers.iter().all(|answer| matches!(answer.status(), 303 | 422)), "{backend:?}");
        assert!(is_alive(&browser, &renewed[0]).await, "{backend:?}");
        assert_eq!(app.count("sessions").await, 1, "{backend:?}");
        let mut stranger = app.browser(Transport::Plain);
        stranger.visit("/login").await;
        let log_ins = passwords.iter().map(|password| {
            form_again(&stranger, "/login", &[("email", MIA), ("password", password)])
        });
        let answers = send_at_once(log_ins).await;
        assert_eq!((count_of(&answers, 303), count_of(&answers, 422)), (1, 5), "{backend:?}");
    }
}

/// RAC-03: an owner and a thief throw each other out.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_sessions_that_end_each_other_one_goes_on() {
    for backend in Backend::available() {
        let (app, _) = app_with_mia(backend).await;
        for round in 0..30 {
            app.database.execute("DELETE FROM sessions").await;
            let mut browsers = Vec::new();
            for _ in 0..2 {
                let mut browser = app.browser(Transport::Plain);
                log_in(&mut browser, MIA).await;
                browsers.push(browser);
            }
            let forms = browsers
                .iter()
                .map(|browser| form_again(browser, "/settings/sessions/end-others", &[]));

            let answers = send_at_once(forms).await;

            assert_eq!(count_of(&answers, 303), 2, "{backend:?} {round}: {answers:?}");
            let mut alive = 0;
            for browser in &browsers {
                alive += usize::from(is_alive(browser, &session_of(browser)).await);
            }
            assert_eq!(alive, 1, "{backend:?} {round}");
        }
    }
}

/// SES-07, RAC-03.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_goes_on_in_the_other_sessions_outlives_their_end() {
    for backend in Backend::available() {
        let (app, _) = app_with_mia(backend).await;
        let mut owner = app.browser(Transport::Plain);
        log_in(&mut owner, MIA).await;
        for round in 0..20 {
            let mut other = app.browser(Transport::Plain);
            log_in(&mut other, MIA).await;
            let name = format!("Mia {round}");
            let profile = || other.raw("GET", "/profile");
            let rename = form_again(&other, "/settings/profile", &[("name", &name)]);
            let end = form_again(&owner, "/settings/sessions/end-others", &[]);

            let answers = send_at_once([profile(), rename, end, profile(), profile()]).await;

            assert!(answers.iter().all(|answer| answer.status() < 400), "{backend:?} {round}");
            assert!(!is_alive(&other, &session_of(&other)).await, "{backend:?} {round}");
            assert!(is_alive(&owner, &session_of(&owner)).await, "{backend:?} {round}");
        }
    }
}
