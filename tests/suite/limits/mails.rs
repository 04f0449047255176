//! Mails that strangers cause: to unproven addresses, so many and no more, whatever asks for
//! them; and to owners theirs.

use std::time::Duration;

use auth::{Rate, SignupMode};
use tests::{Answer, Browser, TestApp, Transport};
use web::Settings;

use super::{behind_a_proxy, forgot, open, visitor};
use crate::people::{self, MIA, PASSWORD};

const HOUR: Duration = Duration::from_hours(1);

/// A sign-up from a network of its own.
async fn sign_up_from(browser: &Browser, network: usize, email: &str) -> Answer {
    let token = browser.csrf_token();
    let fields =
        [("csrf_token", token.as_str()), ("email", email), ("name", "Mia"), ("password", PASSWORD)];
    let request = browser.raw("POST", "/signup").same_origin().form(&fields);
    request.header("x-forwarded-for", &format!("2001:db8:{network}::1")).send().await
}

async fn confirmed(change: impl FnOnce(&mut Settings)) -> TestApp {
    behind_a_proxy(|settings| {
        settings.accounts.signup = SignupMode::Confirmed;
        change(settings);
    })
    .await
}

async fn owner(app: &TestApp) {
    people::sign_up(app, MIA).await;
    people::confirm(app, MIA).await;
}

/// RES-09: a way of asking for mails to strangers that has no limit in all. An owner's
/// reset mail comes whatever the others have used up.
#[tokio::test]
async fn mails_to_unproven_addresses_are_limited_in_all_whatever_asks_for_them() {
    for signup in [SignupMode::Open, SignupMode::Confirmed] {
        let app = behind_a_proxy(|settings| {
            settings.accounts.signup = signup;
            settings.limits.forgot_in_all = Rate::new(6, HOUR);
        })
        .await;
        owner(&app).await;
        let browser = visitor(&app).await;

        for n in 0..4 {
            let answer = sign_up_from(&browser, n, &format!("leo@{n}.test")).await;
            assert_eq!(answer.status(), 303, "{signup:?} {n}");
        }
        for n in 4..8 {
            assert_eq!(forgot(&browser, &format!("leo@{n}.test")).await.status(), 303);
        }
        people::mails_sent(&app).await;
        assert_eq!(app.count("outbox").await, 6, "{signup:?}");
        let answer = sign_up_from(&browser, 9, "leo@9.test").await;
        assert_eq!((answer.status(), app.count("outbox").await), (303, 6), "{signup:?}");

        assert_eq!(forgot(&browser, MIA).await.status(), 303, "{signup:?}");
        people::mails_sent(&app).await;
        assert_eq!(app.count("outbox").await, 7, "{signup:?}");
        app.mailbox.latest_to(MIA).await.link("/reset-password/");
    }
}

/// RES-09: a flood at the mail server of others.
#[tokio::test]
async fn mails_to_unproven_addresses_are_limited_per_domain() {
    let app = confirmed(|settings| {
        settings.limits.mails_per_domain = Rate::new(3, HOUR);
    })
    .await;
    owner(&app).await;
    let browser = visitor(&app).await;

    for n in 0..5 {
        sign_up_from(&browser, n, &format!("leo{n}@example.test")).await;
    }
    assert_eq!(app.count("outbox").await, 3);
    sign_up_from(&browser, 6, "leo@other.test").await;
    assert_eq!(app.count("outbox").await, 4, "another domain has its own");
    forgot(&browser, MIA).await;
    people::mails_sent(&app).await;
    assert_eq!(app.count("outbox").await, 5, "an owner there gets theirs");
}

/// ENU-04: a limit that is used up, and counts only for addresses without an account,
/// would tell by the missing mail which those are.
#[tokio::test]
async fn where_no_mails_are_left_a_taken_address_looks_like_a_free_one() {
    let app = confirmed(|settings| {
        settings.limits.forgot_in_all = Rate::new(1, HOUR);
    })
    .await;
    owner(&app).await;
    let browser = visitor(&app).await;
    sign_up_from(&browser, 1, "eve@example.test").await;

    let mut seen = Vec::new();
    for email in [MIA, "leo@example.test"] {
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/signup").await;
        browser.form("signup-form").fill("email", email).submit().await;
        let mut course = vec![browser.visit("/mailbox").await.visible_text()];
        app.clock.advance(auth::RESEND_PAUSE);
        course.push(browser.form("resend-proof-form").submit().await.visible_text());
        // The minutes until there is another mail go by.
        let mask = |text: String| text.replace(email, "ADDRESS").replace(char::is_numeric, "");
        seen.push(course.into_iter().map(mask).collect::<Vec<_>>());
    }

    assert_eq!(seen[0], seen[1]);
    assert!(seen[0][0].contains("ADDRESS"), "{seen:?}");
    assert_eq!(app.count("outbox").await, 1);
}

/// RTL-05: what a stranger asks for with the address of an owner is not taken from what
/// the owner may ask for.
#[tokio::test]
async fn who_would_like_an_owners_address_spends_none_of_their_reset_mails() {
    let app = open(|_| {}).await;
    for email in [MIA, "eve@example.test"] {
        people::sign_up(&app, email).await;
        people::confirm(&app, email).await;
    }
    let mut eve = people::logged_in(&app, Transport::Plain, "eve@example.test").await;
    for n in 0..5 {
        eve.visit("/settings/email").await;
        let page = eve.form("email-form").fill("email", MIA).submit().await;
        assert!(page.flash().contains("We sent an email"), "{n}: {}", page.visible_text());
    }
    people::mails_sent(&app).await;
    assert_eq!(app.mailbox.count_to(MIA).await, 5);

    let browser = visitor(&app).await;
    assert_eq!(forgot(&browser, MIA).await.status(), 303);

    people::mails_sent(&app).await;
    people::newest_link(&app, MIA, "/reset-password/").await;
}

/// RTL-05: a try that is taken back where it leads nowhere, and so has no limit.
#[tokio::test]
async fn corrections_to_taken_addresses_are_counted() {
    let app = open(|_| {}).await;
    owner(&app).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let form = browser.form("signup-form").fill("email", "eve@example.test").fill("name", "Eve");
    form.fill("password", PASSWORD).submit().await;
    let mut statuses = Vec::new();
    for _ in 0..20 {
        browser.visit("/mailbox").await;
        let form = browser.form("correct-email-form").fill("email", MIA);
        statuses.push(form.submit().await.status());
    }

    assert_eq!((statuses[0], statuses[18], statuses[19]), (422, 422, 429), "{statuses:?}");
    // The owner's own mails are not what was used up.
    people::mails_sent(&app).await;
    assert_eq!(app.mailbox.count_to(MIA).await, 0);
}

/// RES-09: an account with a stranger's address, so that all its notices go to the stranger.
#[tokio::test]
async fn an_account_with_an_unproven_address_causes_five_notices_and_no_more() {
    let app = open(|settings| {
        settings.limits.login_per_account = Rate::OFF;
        settings.limits.new_device_per_account = Rate::new(1, HOUR);
    })
    .await;
    people::sign_up(&app, MIA).await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let mails = app.count("outbox").await;
    for n in 0..8 {
        let (now, then) = if n % 2 == 0 {
            (PASSWORD, "three swans in a van")
        } else {
            ("three swans in a van", PASSWORD)
        };
        browser.visit("/settings/password").await;
        let form = browser.form("password-form").fill("current_password", now);
        form.fill("password", then).submit().await;
    }

    let changed = "SELECT event FROM security_events WHERE event = 'password_changed'";
    assert_eq!(app.database.texts(changed).await.len(), 8);
    assert_eq!(app.count("outbox").await - mails, 5);
}

/// MAI-03: any word that a stranger chose, in a mail to an address that they named.
#[tokio::test]
async fn the_name_of_a_sign_up_is_in_no_mail_before_the_address_is_confirmed() {
    const SENTENCE: &str = "You won, call 0190 12345";
    for signup in [SignupMode::Open, SignupMode::Confirmed] {
        let app = TestApp::with(|settings| settings.accounts.signup = signup).await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let fields = [("email", MIA), ("name", SENTENCE), ("password", PASSWORD)];
        crate::flows::post(&browser, "/signup", &fields).await;
        forgot(&visitor(&app).await, MIA).await;

        people::mails_sent(&app).await;
        let mails = app.mailbox.all_to(MIA).await;
        assert_eq!(mails.len(), 2, "{signup:?}");
        for mail in &mails {
            let raw = String::from_utf8_lossy(&mail.raw);
            assert!(!raw.contains("You won"), "{raw}");
        }

        if signup == SignupMode::Confirmed {
            browser.visit(&people::newest_link(&app, MIA, "/new-account/").await).await;
            let form = browser.form("signup-form").fill("name", SENTENCE);
            form.fill("password", PASSWORD).submit().await;
        }
        people::confirm(&app, MIA).await;
        forgot(&visitor(&app).await, MIA).await;
        people::mails_sent(&app).await;
        let greeted = app.mailbox.nth_to(MIA, 3).await;
        let raw = String::from_utf8_lossy(&greeted.raw);
        assert!(raw.contains("You won"), "what is looked for can be found");
    }
}
