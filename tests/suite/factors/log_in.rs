//! Logging in to an account with a second factor.

use tests::{Backend, Transport};

use super::{
    PENDING, SECOND, events, give_code, give_password, logged_in_by_code, protect, protected,
};
use crate::{
    flows::{MIA, PASSWORD},
    people::{self, ZOE},
};

/// MFA-03: password, code, and on to the page that was wanted.
#[tokio::test]
async fn a_code_follows_the_password_and_leads_to_the_page_that_was_wanted() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut browser = app.browser(transport);
        browser.visit("/settings/sessions").await;
        assert_eq!(browser.path(), "/login?next=%2Fsettings%2Fsessions");
        let form = browser.form("login-form").fill("email", MIA).fill("password", PASSWORD);
        let page = form.check("remember").submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, SECOND), "{transport:?}");
        assert!(browser.cookies().session().is_none(), "{transport:?}");
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");

        let page = give_code(&mut browser, &protection.phone.next_code()).await;

        assert_eq!(page.path(), "/settings/sessions", "{transport:?}: {}", page.visible_text());
        assert!(page.is_logged_in(), "{transport:?}");
        let session = browser.cookies().session().expect("a session");
        assert!(session.max_age.is_some(), "{transport:?}: it is remembered");
        assert!(browser.cookies().get(PENDING).is_none(), "{transport:?}");
        assert_eq!(app.count("pending_log_ins").await, 0, "{transport:?}");
        let assurance = "SELECT assurance FROM sessions";
        assert_eq!(app.database.texts(assurance).await, ["password_and_code"], "{transport:?}");
    }
}

/// MFA-01, CVE-2025-43798, CVE-2026-27855, PicPeak#1389: also within the time in which a code is
/// accepted, and for a recovery code.
#[tokio::test]
async fn a_code_works_once() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let code = protection.phone.next_code();
        let mut browser = app.browser(transport);
        give_password(&mut browser, MIA).await;
        assert!(give_code(&mut browser, &code).await.is_logged_in(), "{transport:?}");

        let mut other = app.browser(transport);
        give_password(&mut other, MIA).await;
        let page = give_code(&mut other, &code).await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.field_error("code").is_some_and(|it| it.contains("Wrong code")));

        for expected in [true, false] {
            let mut browser = app.browser(transport);
            give_password(&mut browser, MIA).await;
            let form = browser.form("recovery-code-form");
            let code = protection.codes[0].to_lowercase();
            let page = form.fill("recovery_code", &code).submit().await;
            assert_eq!(page.is_logged_in(), expected, "{transport:?}: {}", page.visible_text());
            assert_eq!(page.field_error("recovery_code").is_none(), expected, "{transport:?}");
        }
        assert_eq!(events(&app, "recovery_code_used").await, 1, "{transport:?}");
        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        let mail = mails.iter().find(|mail| mail.subject.contains("recovery code"));
        let mail = mail.expect("a mail about the code");
        assert!(mail.text.contains("Codes left: 9"), "{}", mail.text);
    }
}

/// MFA-02: five tries a log-in, and then the password again, with the address filled in.
#[tokio::test]
async fn the_fifth_wrong_code_ends_the_log_in() {
    for transport in Transport::ALL {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut browser = app.browser(transport);
        give_password(&mut browser, MIA).await;
        for n in 1..5 {
            let page = give_code(&mut browser, &protection.phone.wrong_code()).await;
            assert_eq!((page.status(), page.path().as_str()), (422, SECOND), "{transport:?} {n}");
            assert!(page.field_error("code").is_some(), "{transport:?} {n}");
        }

        let page = give_code(&mut browser, &protection.phone.wrong_code()).await;

        assert_eq!(page.path(), "/login", "{transport:?}: {}", page.visible_text());
        assert!(page.flash().contains("Too many wrong codes"), "{transport:?}: {}", page.flash());
        let email = page.field("login-form", "email").map(|control| control.value);
        assert_eq!(email.as_deref(), Some(MIA), "{transport:?}");
        assert!(browser.cookies().get(PENDING).is_none(), "{transport:?}");
        give_password(&mut browser, MIA).await;
        let page = give_code(&mut browser, &protection.phone.next_code()).await;
        assert!(page.is_logged_in(), "{transport:?}: the owner still gets in");
    }
}

/// MFA-12: one typing error is no news; a second wrong code in a day is, once an hour.
#[tokio::test]
async fn the_owner_is_told_of_a_right_password_with_wrong_codes() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let told = async || {
        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        mails.iter().filter(|mail| mail.subject.contains("Wrong second factor")).count()
    };
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;
    give_code(&mut browser, &protection.phone.wrong_code()).await;
    give_code(&mut browser, &protection.phone.next_code()).await;
    assert_eq!(told().await, 0, "the owner mistyped once");

    let mut thief = app.browser(Transport::Plain);
    give_password(&mut thief, MIA).await;
    for expected in [0, 1, 1, 1] {
        give_code(&mut thief, &protection.phone.wrong_code()).await;
        assert_eq!(told().await, expected);
    }
    assert_eq!(events(&app, "log_in_refused").await, 1);
    let mail = app.mailbox.latest_to(MIA).await;
    assert!(mail.link("/not-me/").starts_with("/not-me/"));
}

/// MFA-03: an account without a factor is as before, also beside one that has some.
#[tokio::test]
async fn only_the_account_with_a_factor_is_asked_for_one() {
    let (app, _) = protected(Backend::Sqlite).await;
    people::sign_up(&app, ZOE).await;

    let browser = people::logged_in(&app, Transport::Plain, ZOE).await;

    assert!(browser.page().is_logged_in());
    assert_eq!(app.database.texts("SELECT assurance FROM sessions").await, ["password"]);
    let protection = protect(&app, ZOE).await;
    let mut other = app.browser(Transport::Plain);
    give_password(&mut other, ZOE).await;
    assert!(give_code(&mut other, &protection.phone.next_code()).await.is_logged_in());
}

/// MFA-01: of twenty at once one succeeds, by a code of an app and by a recovery code.
#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_uses_of_a_code_at_once_one_logs_in() {
    for backend in Backend::available() {
        let (app, protection) = protected(backend).await;
        let twin = app.twin().await;
        let app_code = protection.phone.next_code();
        for (field, code) in [("code", app_code.as_str()), ("recovery_code", &protection.codes[1])]
        {
            let mut browser = app.browser(Transport::Plain);
            give_password(&mut browser, MIA).await;
            let pending = browser.cookies().get(PENDING).expect("a pending log-in").value.clone();
            let token = browser.csrf_token();
            let sending = (0..20).map(|n| {
                let server = if n % 2 == 0 || backend == Backend::Sqlite { &app } else { &twin };
                let mut there = server.browser(Transport::Plain);
                for cookie in browser.cookies().sent_to("/") {
                    there.cookies_mut().plant(&cookie.name, &cookie.value);
                }
                there.cookies_mut().plant(PENDING, &pending);
                let form = [("csrf_token", token.as_str()), (field, code)];
                let request = there.raw("POST", SECOND).same_origin().form(&form);
                tokio::spawn(async move { request.send().await })
            });
            let mut sessions = 0;
            for answer in sending.collect::<Vec<_>>() {
                let answer = answer.await.unwrap();
                assert!(matches!(answer.status(), 303 | 422), "{backend:?}: {answer:?}");
                let cookies = answer.cookies();
                let begun = |name: &str, value: &str| name == people::SESSION && !value.is_empty();
                sessions += cookies.iter().filter(|it| begun(&it.name, &it.value)).count();
            }
            assert_eq!(sessions, 1, "{backend:?} {field}");
            assert_eq!(app.count("sessions").await, 1, "{backend:?} {field}");
            app.database.execute("DELETE FROM sessions").await;
        }
    }
}

/// MFA-02, Better Auth #10240, CVE-2026-56450, CVE-2025-60424, CVE-2024-0227: the count of an account
/// holds over log-ins, factors, restarts and servers.
#[tokio::test]
async fn ten_wrong_codes_in_a_quarter_of_an_hour_are_looked_at_whatever_they_are_for() {
    for backend in Backend::available() {
        let (app, protection) = protected(backend).await;
        let app = app.restart_with(|settings| settings.limits.enabled = true).await;
        let mut looked_at = 0;
        let mut app = Some(app);
        for turn in 0..4 {
            let server = app.take().unwrap();
            let mut browser = server.browser(Transport::Plain);
            give_password(&mut browser, MIA).await;
            for n in 0..4 {
                let page = if n % 2 == 0 {
                    give_code(&mut browser, &protection.phone.wrong_code()).await
                } else {
                    let form = browser.form("recovery-code-form");
                    form.fill("recovery_code", "7KQ2-M9XD-4TFA-0HJ8").submit().await
                };
                looked_at += usize::from(page.status() == 422);
                assert!(matches!(page.status(), 422 | 429), "{backend:?} {turn} {n}");
            }
            app = Some(server.restart().await);
        }

        assert_eq!(looked_at, 10, "{backend:?}");
        let server = app.unwrap();
        server.clock.advance(std::time::Duration::from_mins(15));
        logged_in_by_code(&server, Transport::Plain, &protection).await;
    }
}
