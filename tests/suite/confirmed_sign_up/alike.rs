//! Where a sign-up begins with the address, no answer reveals which addresses have accounts.

use tests::{TestApp, Transport};

use super::{LINK, confirmed_app};
use crate::{
    cast::{LEO, ZOE},
    flows::{MIA, PASSWORD, can_log_in, make_admin, make_user, request_sign_up},
    people::mails_sent,
};

/// Starts an app with three addresses: one with an account, one with an unconfirmed account, and
/// one without an account.
async fn scene() -> TestApp {
    let app = confirmed_app().await;
    make_admin(&app, MIA).await;
    make_user(&app, ZOE).await;
    app
}

/// REG-02: the owner of the address gets a mail.
#[tokio::test]
async fn the_owner_of_a_taken_address_is_told_how_to_get_in() {
    let app = scene().await;
    request_sign_up(&mut app.browser(Transport::Plain), MIA).await;

    let mail = app.mailbox.latest_to(MIA).await;

    assert_eq!(mail.subject, "You already have an account at Latchkey");
    assert_eq!(mail.link("/login"), "/login");
    assert_eq!(mail.link("/forgot-password"), "/forgot-password");
    assert!(!app.mailbox.all_to(MIA).await.iter().any(|mail| mail.text.contains(LINK)));
    assert!(can_log_in(&app, MIA, PASSWORD).await, "the owner's password stands");
    let told = "SELECT actor FROM security_events WHERE event = 'sign_up_attempted'";
    assert_eq!(app.database.texts(told).await, ["anyone"]);
}

/// A stranger's sign-up takes nothing from the owner's.
#[tokio::test]
async fn a_newer_sign_up_leaves_the_older_as_it_is_whether_or_not_there_is_an_account() {
    let app = scene().await;
    for email in [MIA, LEO, ZOE] {
        let mut first = app.browser(Transport::Plain);
        request_sign_up(&mut first, email).await;
        let mut second = app.browser(Transport::Plain);
        request_sign_up(&mut second, email).await;

        assert_eq!(first.visit("/mailbox").await.path(), "/mailbox", "{email}");
        assert_eq!(second.visit("/mailbox").await.path(), "/mailbox", "{email}");
    }
}

/// ENU-04: the browser of an account from the time when addresses needed no confirmation learns of
/// no other account, neither by the answers nor later.
#[tokio::test]
async fn a_user_of_an_account_that_was_never_confirmed_learns_of_no_other() {
    let mut courses = Vec::new();
    for (own, wanted) in [("ida@example.test", MIA), ("eva@example.test", LEO)] {
        let app = scene().await;
        make_user(&app, own).await;
        app.database.execute("UPDATE security_events SET event = 'logged_in'").await;
        let mut browser = app.browser(Transport::Plain);
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", own);
        form.fill("password", PASSWORD).submit().await;
        let mut course = Vec::new();
        let mask = |text: String| text.replace(own, "OWN").replace(wanted, "WANTED");

        let form = browser.form("correct-email-form").fill("email", wanted);
        course.push(form.submit().await.flash());
        mails_sent(&app).await;
        course.push(mask(browser.visit("/mailbox").await.visible_text()));
        app.clock.advance(auth::RESEND_PAUSE);
        course.push(browser.form("resend-proof-form").submit().await.flash());
        mails_sent(&app).await;
        course.push(mask(browser.visit("/mailbox").await.visible_text()));
        course.push(app.mailbox.count_to(wanted).await.to_string());
        courses.push(course);
    }
    assert_eq!(courses[0], courses[1]);
    assert!(courses[0][3].contains("WANTED") && courses[0][4] == "2", "{courses:?}");
}

/// REG-02: a limit per address applies whether or not the address has an account.
#[tokio::test]
async fn beyond_the_limit_the_page_is_the_same_and_no_mail_goes_out() {
    let app = TestApp::with(|settings| {
        settings.accounts.signup = auth::SignupMode::Confirmed;
        settings.limits.enabled = true;
    })
    .await;
    make_admin(&app, MIA).await;
    let mut pages = Vec::new();
    for email in [MIA, LEO] {
        let mails = app.count("outbox").await;
        for _ in 0..7 {
            let mut browser = app.browser(Transport::Plain);
            request_sign_up(&mut browser, email).await;
            pages.push(browser.text().replace(email, "EMAIL"));
        }
        assert_eq!(app.count("outbox").await, mails + 5, "{email}");
    }
    assert_eq!(pages[6], pages[13]);
    assert_ne!(pages[0], pages[6], "it says that no mail was sent");
}
