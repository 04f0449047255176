//! The way back for an owner who has lost every second factor: the right password, a mailed link, and
//! a wait that the owner can stop.

use std::time::Duration;

use auth::{Order, mail::MailKind};
use tests::{Backend, Browser, TestApp, Transport};

use super::{Protection, client, events, give_code, give_password, logged_in_by_code, protected};
use crate::{
    flows::{MIA, PASSWORD},
    people,
};

const DAY: Duration = Duration::from_hours(24);
/// The default of `accounts.factor_reset_wait`.
const WAIT: Duration = Duration::from_hours(72);

/// Gives the right password, asks for the link and returns its path.
pub(super) async fn ask_for_link(app: &TestApp, browser: &mut Browser, email: &str) -> String {
    give_password(browser, email).await;
    browser.visit("/login/second/lost").await;
    let page = browser.form("factor-reset-request-form").submit().await;
    assert!(page.visible_text().contains(email), "{}", page.visible_text());
    people::newest_link(app, email, "/factor-reset/").await
}

/// Begins the wait by the link.
async fn begin(app: &TestApp, browser: &mut Browser, email: &str) -> String {
    let link = ask_for_link(app, browser, email).await;
    let page = browser.visit(&link).await;
    assert!(page.visible_text().contains(email), "{}", page.visible_text());
    let page = browser.form("factor-reset-form").submit().await;
    assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{}", page.visible_text());
    assert!(!page.is_logged_in());
    people::mails_sent(app).await;
    link
}

/// Has the app write a mail of this kind to the user with the address, who has factors.
pub(crate) async fn cause(app: &TestApp, email: &str, kind: MailKind) {
    let mut browser = app.browser(Transport::Plain);
    match kind {
        MailKind::FactorResetLink => drop(ask_for_link(app, &mut browser, email).await),
        MailKind::FactorsReset => people::order(app, email, Order::ResetFactors).await,
        _ => {
            begin(app, &mut browser, email).await;
            if kind == MailKind::FactorResetStopped {
                let link = people::newest_link(app, email, "/keep-factors/").await;
                browser.visit(&link).await;
                browser.form("keep-factors-form").submit().await;
            }
        }
    }
}

/// A link of this route, to another account than that of the user.
pub(crate) async fn link_path(app: &TestApp, route: &str, user: &str) -> String {
    let begins = route.starts_with("/factor-reset/");
    let email = format!("lost{}-{user}", app.count("users").await);
    people::sign_up(app, &email).await;
    super::protect(app, &email).await;
    let cookie = super::pending_cookie(app, &email).await;
    let sessions = app.accounts().sessions();
    sessions.request_factor_reset(&cookie, &client()).await.expect("the password was right");
    let link = people::newest_link(app, &email, "/factor-reset/").await;
    if begins {
        return link;
    }
    let token = link.rsplit('/').next().and_then(|token| token.parse().ok()).expect("a token");
    sessions.begin_factor_reset(&token, &client()).await.expect("the link is good");
    people::newest_link(app, &email, "/keep-factors/").await
}

async fn pass(app: &TestApp, time: Duration) {
    app.clock.advance(time);
    app.accounts().operations().continue_factor_resets().await.expect("the database is there");
    people::mails_sent(app).await;
}

async fn is_asked_for_factor(browser: &mut Browser) -> bool {
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", MIA).fill("password", PASSWORD);
    let page = form.submit().await;
    assert_eq!(page.status(), 200, "{}", page.visible_text());
    !page.is_logged_in()
}

async fn mails_about_the_wait(app: &TestApp) -> usize {
    let mails = app.mailbox.all_to(MIA).await;
    mails.iter().filter(|mail| mail.find_link("/keep-factors/").is_some()).count()
}

/// MFA-08, CVE-2026-37982: after the right password, a link to the mailbox and the wait, the password
/// alone opens the account; every session ends. The link works once and logs no one in.
#[tokio::test]
async fn an_owner_who_lost_every_factor_gets_in_after_the_wait() {
    for backend in Backend::available() {
        for transport in Transport::ALL {
            let (app, protection) = protected(backend).await;
            let other = logged_in_by_code(&app, Transport::Plain, &protection).await;
            drop(other);
            let mut browser = app.browser(transport);
            let link = begin(&app, &mut browser, MIA).await;
            assert_eq!(browser.raw("GET", &link).send().await.status(), 410, "{transport:?}");
            assert_eq!(mails_about_the_wait(&app).await, 1, "{transport:?}");

            for day in 2..=3 {
                pass(&app, DAY).await;
                assert_eq!(mails_about_the_wait(&app).await, day, "{transport:?}");
            }
            pass(&app, Duration::from_secs(86_399)).await;
            assert!(is_asked_for_factor(&mut browser).await, "{transport:?}");
            pass(&app, Duration::from_secs(1)).await;

            assert_eq!(app.count("sessions").await, 0, "{transport:?}");
            for table in ["authentication_apps", "recovery_codes", "pending_log_ins"] {
                assert_eq!(app.count(table).await, 0, "{transport:?}: {table}");
            }
            assert!(!is_asked_for_factor(&mut browser).await, "{transport:?}");
            assert_eq!(events(&app, "factors_reset").await, 1, "{transport:?}");
            assert_eq!(mails_about_the_wait(&app).await, 3, "{transport:?}");
        }
    }
}

/// MFA-08: neither the password nor the mailbox alone begins a wait.
#[tokio::test]
async fn without_the_right_password_there_is_no_link() {
    let (app, _) = protected(Backend::Sqlite).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();

    let form = [("csrf_token", token.as_str())];
    let request = browser.raw("POST", "/login/second/lost").same_origin().form(&form);
    let refused = request.send().await;

    assert_eq!(refused.status(), 303);
    people::mails_sent(&app).await;
    assert!(app.mailbox.all_to(MIA).await.iter().all(|mail| {
        mail.find_link("/factor-reset/").is_none() && mail.find_link("/keep-factors/").is_none()
    }));
    // The same form is taken after the password.
    ask_for_link(&app, &mut browser, MIA).await;
    assert_eq!(events(&app, "factor_reset_begun").await, 0, "the mail alone begins nothing");
}

/// How a wait is stopped.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stop {
    Mail,
    Banner,
    Code,
    RecoveryCode,
    NewPassword,
}

/// MFA-08: by the link of any mail, by the button in a session, by a log-in with a factor, and by a
/// new password.
#[tokio::test]
async fn the_owner_stops_a_wait_in_every_way() {
    for stop in [Stop::Mail, Stop::Banner, Stop::Code, Stop::RecoveryCode, Stop::NewPassword] {
        for transport in Transport::ALL {
            let (app, protection) = protected(Backend::Sqlite).await;
            let mut owner = logged_in_by_code(&app, transport, &protection).await;
            let mut thief = app.browser(Transport::Plain);
            begin(&app, &mut thief, MIA).await;
            // The session of the owner lasts for a day.
            if stop != Stop::Banner {
                pass(&app, DAY).await;
            }

            stop_by(&app, &mut owner, &protection, stop).await;

            pass(&app, WAIT).await;
            assert_eq!(app.count("authentication_apps").await, 1, "{stop:?} {transport:?}");
            assert_eq!(events(&app, "factors_reset").await, 0, "{stop:?} {transport:?}");
            let expected = usize::from(stop != Stop::NewPassword);
            let stopped = events(&app, "factor_reset_stopped").await;
            assert_eq!(stopped, expected, "{stop:?} {transport:?}");
            let mails = if stop == Stop::Banner { 1 } else { 2 };
            assert_eq!(mails_about_the_wait(&app).await, mails, "{stop:?} {transport:?}");
        }
    }
}

async fn stop_by(app: &TestApp, owner: &mut Browser, protection: &Protection, stop: Stop) {
    match stop {
        Stop::Mail => {
            let link = people::newest_link(app, MIA, "/keep-factors/").await;
            let before = app.database_digest().await;
            owner.visit(&link).await;
            assert_eq!(app.database_digest().await, before, "looking changes nothing");
            let page = owner.form("keep-factors-form").submit().await;
            assert_eq!(page.path(), "/forgot-password", "{}", page.visible_text());
            let email = page.field("forgot-password-form", "email").map(|field| field.value);
            assert_eq!(email.as_deref(), Some(MIA));
            assert_eq!(owner.raw("GET", &link).send().await.status(), 410);
        }
        Stop::Banner => {
            let page = owner.visit("/profile").await;
            assert!(page.visible_text().contains("will be removed"), "{}", page.visible_text());
            let page = owner.form("stop-factor-reset-form").submit().await;
            assert!(page.flash().contains("stays on"), "{}", page.flash());
            assert!(!page.visible_text().contains("will be removed"), "{}", page.visible_text());
        }
        Stop::Code => {
            let mut browser = app.browser(Transport::Plain);
            give_password(&mut browser, MIA).await;
            let page = give_code(&mut browser, &protection.phone.next_code()).await;
            assert!(page.is_logged_in(), "{}", page.visible_text());
            assert!(page.flash().contains("stays on"), "{}", page.flash());
            assert!(!page.visible_text().contains("will be removed"), "{}", page.visible_text());
        }
        Stop::RecoveryCode => {
            super::principal_by(app, MIA, &protection.codes[0]).await;
        }
        Stop::NewPassword => {
            people::compromise_report_path(app, MIA).await;
        }
    }
    people::mails_sent(app).await;
}

/// MFA-08: the operator shortens it with a reason, which is in the timeline; the owner is told.
#[tokio::test]
async fn an_order_of_the_operator_removes_the_factors_at_once() {
    for backend in Backend::available() {
        let (app, protection) = protected(backend).await;
        logged_in_by_code(&app, Transport::Plain, &protection).await;

        people::order(&app, MIA, Order::ResetFactors).await;
        people::mails_sent(&app).await;

        assert_eq!((app.count("authentication_apps").await, app.count("sessions").await), (0, 0));
        let mails = app.mailbox.all_to(MIA).await;
        let is_told = mails.iter().any(|mail| mail.subject.contains("was removed from your"));
        assert!(is_told, "{mails:?}");
        assert!(!is_asked_for_factor(&mut app.browser(Transport::Plain)).await);
    }
}

/// C8: "this wasn't me" removes the factors that were added since the event of the notice, and none
/// that is older.
#[tokio::test]
async fn a_compromise_report_removes_the_factors_of_the_thief_and_no_older_ones() {
    for backend in Backend::available() {
        let (app, protection) = protected(backend).await;
        app.clock.advance(DAY);
        let thief = super::principal_by(&app, MIA, &protection.phone.next_code()).await;
        people::mails_sent(&app).await;
        app.clock.advance(DAY / 24);
        super::add_app(&app, &thief, "Of the thief").await;
        people::mails_sent(&app).await;
        let notice = people::newest_link(&app, MIA, "/not-me/").await;

        let mut browser = app.browser(Transport::Plain);
        browser.visit(&notice).await;
        browser.form("not-me-form").submit().await;

        let names = app.database.texts("SELECT name FROM authentication_apps").await;
        assert_eq!(names, ["Phone"]);
        assert_eq!(app.count("recovery_codes").await, 10, "the owner's codes stay");
        let since = "SELECT email FROM users WHERE second_factor_since IS NOT NULL";
        assert_eq!(app.database.texts(since).await, [MIA]);
    }
}

/// C8: a thief who turned two-factor authentication on does not keep the owner out.
#[tokio::test]
async fn a_compromise_report_turns_off_what_a_thief_turned_on() {
    let app = TestApp::start().await;
    crate::flows::make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    let thief = people::principal(&app, MIA).await;
    let (_, thief) = super::add_app(&app, &thief, "Of the thief").await;
    // The codes are saved on the next page, and the owner is told then.
    app.clock.advance(Duration::from_mins(1));
    let account = app.accounts().account();
    let drawn = account.draw_recovery_codes(&thief).await.expect("a factor is there");
    let saved = account.save_recovery_codes(&thief, &drawn.sealed, &client()).await;
    assert!(saved.expect("the form is fresh").is_switched_on);
    let notice = people::newest_link(&app, MIA, "/not-me/").await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit(&notice).await;
    browser.form("not-me-form").submit().await;

    for table in ["authentication_apps", "recovery_codes"] {
        assert_eq!(app.count(table).await, 0, "{table}");
    }
    let since = "SELECT email FROM users WHERE second_factor_since IS NOT NULL";
    assert!(app.database.texts(since).await.is_empty());
}
