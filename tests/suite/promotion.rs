//! `seed-admin --promote` on an account that a stranger may have made: what becomes of
//! the password, the sessions and the links that are there.

use std::time::Duration;

use auth::{AdminSecret, Order, SeedAdmin, Seeded};
use domain::{DisplayName, EmailAddress};
use tests::{TestApp, Transport};

use crate::{
    fault_steps::{Done, NEW_PASSWORD, Operator},
    flows::{ADA, PASSWORD, can_log_in, logged_in, make_user, post},
    people,
};

/// An app on which a stranger has made an account with the admin's address, is logged
/// in and has asked for a link; the path of the link, and the session.
async fn taken_before() -> (TestApp, String, String) {
    let app = TestApp::with(|settings| settings.session.cache_ttl = Duration::ZERO).await;
    make_user(&app, ADA).await;
    let browser = logged_in(&app, Transport::Plain, ADA).await;
    assert_eq!(post(&browser, "/forgot-password", &[("email", ADA)]).await.status(), 303);
    let link = app.mailbox.latest_to(ADA).await.link("/reset-password/");
    let session = browser.cookies().session().expect("a session").value.clone();
    (app, link, format!("__Host-latchkey-session={session}"))
}

async fn promote(app: &TestApp, secret: &[&str], input: &str) -> Done {
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let promotion = ["seed-admin", "--email", ADA, "--promote"];
    let arguments: Vec<_> = promotion.iter().chain(secret).copied().collect();
    Operator::on(app.folder(), &url).run_with(&arguments, input).await
}

/// Whether the stranger comes in by nothing of what was there.
async fn assert_shut_out(app: &TestApp, link: &str, session: &str) {
    let browser = app.browser(Transport::Plain);
    let profile = browser.raw("GET", "/profile").with_cookies(Some(session.to_owned()));
    assert_eq!(profile.send().await.status(), 303, "the session has ended");
    assert_eq!(browser.raw("GET", link).send().await.status(), 410, "the link is void");
    assert!(!can_log_in(app, ADA, PASSWORD).await);
}

async fn roles(app: &TestApp) -> Vec<String> {
    app.database.texts("SELECT role FROM users").await
}

/// REG-12.
#[tokio::test]
async fn a_promotion_with_a_password_shuts_out_the_person_who_made_the_account() {
    for (secret, input) in [("--password-stdin", NEW_PASSWORD), ("--generate", "")] {
        let (app, link, session) = taken_before().await;

        let printed = promote(&app, &[secret], input).await.succeeded();

        let made_up = printed.lines().find_map(|line| line.strip_prefix("password: "));
        let password = if input.is_empty() { made_up.expect("it is printed") } else { input };
        assert!(input.is_empty() || !printed.contains(input), "{printed}");
        assert_eq!(roles(&app).await, ["admin"], "{secret}");
        assert_shut_out(&app, &link, &session).await;
        assert!(can_log_in(&app, ADA, password).await, "{secret}");
        let again = promote(&app, &[secret], input).await.succeeded();
        assert!(again.contains("already") && !again.contains("password: "), "{again}");
        assert!(can_log_in(&app, ADA, password).await, "{secret}: nothing was changed");
    }
}

/// REG-12.
#[tokio::test]
async fn a_promotion_by_invitation_leaves_the_password_to_the_owner_of_the_address() {
    let (app, link, session) = taken_before().await;

    let seed = SeedAdmin {
        email: EmailAddress::parse(ADA).unwrap(),
        name: DisplayName::parse("Ada").unwrap(),
        secret: AdminSecret::Invite,
        promote: true,
    };
    assert_eq!(app.accounts().administration().seed_admin(seed).await.unwrap(), Seeded::Invited);

    assert_eq!(roles(&app).await, ["admin"]);
    assert_shut_out(&app, &link, &session).await;
    let invitation = app.mailbox.nth_to(ADA, 2).await.link("/reset-password/");
    let mut browser = app.browser(Transport::Plain);
    browser.visit(&invitation).await;
    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    assert!(can_log_in(&app, ADA, NEW_PASSWORD).await);
}

/// REG-12: the operator is told what a promotion alone does not do.
#[tokio::test]
async fn a_promotion_alone_leaves_the_password_and_says_who_knows_it() {
    let (app, _, _) = taken_before().await;

    let printed = promote(&app, &[], "").await.succeeded();

    assert!(printed.contains("whoever registered the address"), "{printed}");
    assert_eq!(roles(&app).await, ["admin"]);
    assert!(can_log_in(&app, ADA, PASSWORD).await);
}

/// REG-12: a password that is refused leaves the account as it was.
#[tokio::test]
async fn a_promotion_with_a_weak_password_promotes_no_user() {
    let (app, _, _) = taken_before().await;

    promote(&app, &["--password-stdin"], "short").await.failed_with(2);

    assert_eq!(roles(&app).await, ["user"]);
    assert!(can_log_in(&app, ADA, PASSWORD).await);
}

/// REG-12: no log-in succeeds, and a link would lead nowhere.
#[tokio::test]
async fn a_disabled_account_is_promoted_only_once_it_is_enabled() {
    let (app, _, _) = taken_before().await;
    let email = EmailAddress::parse(ADA).unwrap();
    app.accounts().administration().order(&email, Order::Disable).await.unwrap();
    let mails = app.count("outbox").await;

    for secret in [&["--invite"][..], &["--generate"], &[]] {
        let refused = promote(&app, secret, "").await.failed_with(1);
        assert!(refused.contains(&format!("latchkey user enable {ADA}")), "{refused}");
    }

    assert_eq!(roles(&app).await, ["user"]);
    assert_eq!(app.count("outbox").await, mails);
    app.accounts().administration().order(&email, Order::Enable).await.unwrap();
    promote(&app, &["--invite"], "").await.succeeded();
    assert_eq!(roles(&app).await, ["admin"]);
}

/// REG-12, EML-02: who gave the account the address of the admin to be gets it back by
/// no link.
#[tokio::test]
async fn a_promotion_leaves_no_way_back_to_an_address_of_before() {
    for secret in [&["--invite"][..], &["--generate"], &[]] {
        let app = TestApp::with(|settings| settings.session.cache_ttl = Duration::ZERO).await;
        make_user(&app, "mallory@example.test").await;
        let undo = people::undo_path(&app, "mallory@example.test", ADA).await;

        promote(&app, secret, "").await.succeeded();

        let mut browser = app.browser(Transport::Plain);
        assert_eq!(browser.visit(&undo).await.status(), 410, "{secret:?}");
        browser.visit("/login").await;
        assert_eq!(post(&browser, &undo, &[]).await.status(), 410, "{secret:?}");
        let addresses = app.database.texts("SELECT email FROM users").await;
        assert_eq!(addresses, [ADA], "{secret:?}");
        make_user(&app, "mallory@example.test").await;
    }
}
