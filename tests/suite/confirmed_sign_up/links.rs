//! Links of sign-ups that lead to no account, and those that are followed in a browser of another
//! user.

use std::time::Duration;

use auth::{Order, SignupMode};
use tests::{TestApp, Transport};

use super::{LINK, confirmed_app, link_to};
use crate::{
    flows::{MIA, PASSWORD, make_user, name_account, post, request_sign_up},
    people,
};

const DAY: Duration = Duration::from_hours(24);

/// ENU-06: every invalid link leads to the same page, which names no one.
#[tokio::test]
async fn a_link_that_is_unknown_replaced_or_late_is_gone() {
    let app = confirmed_app().await;
    let mut browser = app.browser(Transport::Plain);
    request_sign_up(&mut browser, MIA).await;
    let replaced = link_to(&app, MIA).await;
    app.clock.advance(auth::RESEND_PAUSE);
    browser.form("resend-proof-form").submit().await;
    let late = app.mailbox.nth_to(MIA, 2).await.link(LINK);
    assert_eq!(browser.visit(&late).await.status(), 200);
    app.clock.advance(DAY);

    let mut bodies = Vec::new();
    for link in [&replaced, &late, &format!("{LINK}{}", "A".repeat(43)), &format!("{LINK}x")] {
        let posted = post(&browser, link, &[("name", "Mia"), ("password", PASSWORD)]).await;
        for answer in [browser.raw("GET", link).send().await, posted] {
            assert_eq!(answer.status(), 410, "{link}");
            assert!(!answer.body.contains(MIA));
            bodies.push(answer.body);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1);
    assert_eq!(app.count("users").await, 0);
}

/// A link of an address that has an account says so, whether the link made the account or another
/// did.
#[tokio::test]
async fn a_link_to_an_address_with_an_account_says_so_and_changes_nothing() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let (mut one, mut other) = (app.browser(transport), app.browser(transport));
        request_sign_up(&mut one, MIA).await;
        let used = link_to(&app, MIA).await;
        request_sign_up(&mut other, MIA).await;
        let beside = app.mailbox.nth_to(MIA, 2).await.link(LINK);
        assert_eq!(other.visit(&used).await.status(), 200, "a newer mail voids no other's link");
        name_account(&mut other).await;
        people::mails_sent(&app).await;
        let before = app.database_digest().await;

        for link in [&used, &beside] {
            let page = one.visit(link).await;
            assert_eq!(page.status(), 410, "{transport:?}");
            assert!(page.title().starts_with("You already have an account"), "{}", page.title());
            assert!(page.visible_text().contains(MIA), "{transport:?}");
            let fields = [("name", "Eve"), ("password", "three swans in a van")];
            assert_eq!(post(&one, link, &fields).await.status(), 410, "{transport:?}");
        }

        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// LOG-06: the mailed links of a disabled account, of every kind, are gone.
#[tokio::test]
async fn a_used_link_of_a_disabled_account_is_gone() {
    let app = confirmed_app().await;
    let link = people::sign_up_path(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit(&link).await;
    name_account(&mut browser).await;
    people::order(&app, MIA, Order::Disable).await;

    let page = app.browser(Transport::Plain).raw("GET", &link).send().await;

    assert_eq!(page.status(), 410);
    assert!(!page.body.contains(MIA), "{}", page.body);
}

#[tokio::test]
async fn a_link_of_before_leads_nowhere_once_sign_up_is_closed() {
    let app = TestApp::with(|settings| settings.accounts.signup = SignupMode::Closed).await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let link = format!("{LINK}{}", "A".repeat(43));
    let fields = [("name", "Mia"), ("password", PASSWORD)];

    let answers = [browser.raw("GET", &link).send().await, post(&browser, &link, &fields).await];

    for answer in answers {
        assert_eq!(answer.status(), 403, "{}", answer.body);
        assert!(!answer.body.contains("name=\"password\""), "{}", answer.body);
    }
}

/// LOG-05: two accounts are never mixed.
#[tokio::test]
async fn a_link_in_the_browser_of_another_user_ends_that_session() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        make_user(&app, "eve@example.test").await;
        people::confirm(&app, "eve@example.test").await;
        let mut browser = people::logged_in(&app, transport, "eve@example.test").await;
        let session = people::session_of(&browser);
        browser.visit(&people::sign_up_path(&app, MIA).await).await;

        name_account(&mut browser).await;

        assert!(browser.visit("/profile").await.visible_text().contains(MIA), "{transport:?}");
        assert!(!people::is_alive(&app, &session).await, "{transport:?}");
        assert_eq!(app.count("sessions").await, 1, "{transport:?}");
    }
}
