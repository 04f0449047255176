//! Addresses that a stranger signed up with.

use auth::{Order, SignupMode};
use tests::{Backend, TestApp, Transport};

use super::{EVE, NEW_MIA, app, ask, confirm_link, emails};
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD, can_log_in, logged_in, make_user, request_sign_up},
    people::{self, newest_link},
};

/// EML-08, REG-12, SES-13: an unconfirmed account, made before or after the request, gives its
/// address up to the person who proves it, and its sessions end.
#[tokio::test]
async fn an_unconfirmed_account_gives_its_address_to_the_user_who_proves_it() {
    for transport in Transport::ALL {
        for is_before in [true, false] {
            let app = app().await;
            let mut owner = logged_in(&app, transport, MIA).await;
            if !is_before {
                ask(&mut owner, NEW_MIA).await;
                confirm_link(&app, NEW_MIA).await;
            }
            make_user(&app, NEW_MIA).await;
            let mut stranger = logged_in(&app, Transport::Plain, NEW_MIA).await;
            if is_before {
                ask(&mut owner, NEW_MIA).await;
            }
            let what = format!("{transport:?} {is_before}");
            assert_eq!(emails(&app).await, [NEW_MIA, MIA], "{what}");

            owner.visit(&confirm_link(&app, NEW_MIA).await).await;
            let page = owner.form("confirm-email-form").submit().await;

            assert!(page.flash().contains("confirmed"), "{what}: {}", page.visible_text());
            assert_eq!(emails(&app).await, [NEW_MIA], "{what}");
            assert!(owner.visit("/profile").await.visible_text().contains(NEW_MIA), "{what}");
            assert!(stranger.visit("/profile").await.path().starts_with("/login"), "{what}");
            let orphans = "SELECT event FROM security_events WHERE user_id IS NULL \
                AND event = 'logged_in' AND ip_address = ''";
            assert_eq!(app.database.texts(orphans).await, ["logged_in"], "{what}");
        }
    }
}

/// EML-04, LOG-06: others keep what they have.
#[tokio::test]
async fn a_proven_or_a_disabled_account_gives_nothing_up() {
    for orders in [&[Order::Confirm][..], &[Order::Disable]] {
        let app = app().await;
        let mut owner = logged_in(&app, Transport::Plain, MIA).await;
        ask(&mut owner, NEW_MIA).await;
        let link = confirm_link(&app, NEW_MIA).await;
        make_user(&app, NEW_MIA).await;
        for order in orders {
            people::order(&app, NEW_MIA, order.clone()).await;
        }
        owner.visit(&link).await;

        let page = owner.form("confirm-email-form").submit().await;

        assert_eq!(page.status(), 422, "{orders:?}");
        assert_eq!(emails(&app).await, [NEW_MIA, MIA], "{orders:?}");
    }
}

/// EML-08, ENU-08: the browser that signed up with the address goes on waiting.
#[tokio::test]
async fn who_waits_to_sign_up_does_not_see_that_the_address_got_an_account() {
    let app = TestApp::on(Backend::Sqlite, |settings| {
        settings.accounts.signup = SignupMode::Confirmed;
    })
    .await;
    people::sign_up(&app, MIA).await;
    people::confirm(&app, MIA).await;
    let mut stranger = app.browser(Transport::Plain);
    request_sign_up(&mut stranger, NEW_MIA).await;
    people::mails_sent(&app).await;
    let before = stranger.visit("/mailbox").await.visible_text();
    let link = newest_link(&app, NEW_MIA, "/new-account/").await;

    let path = people::confirm_path(&app, MIA, NEW_MIA).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit(&path).await;
    owner.form("confirm-email-form").submit().await;

    assert_eq!(emails(&app).await, [NEW_MIA]);
    assert_eq!(stranger.visit("/mailbox").await.visible_text(), before);
    let page = owner.raw("GET", &link).send().await;
    assert_eq!(page.status(), 410, "{}", page.body);
}

/// REG-12, EML-08: with `open` sign-up the form names the way in, and it is one.
#[tokio::test]
async fn a_person_whose_address_a_stranger_signed_up_with_gets_the_account_by_a_reset() {
    let app = TestApp::start().await;
    make_user(&app, EVE).await;
    let mut stranger = logged_in(&app, Transport::Plain, EVE).await;
    let mut owner = app.browser(Transport::Plain);
    owner.visit("/signup").await;
    let form = owner.form("signup-form").fill("email", EVE).fill("name", "Eve");
    let page = form.fill("password", NEW_PASSWORD).submit().await;
    let told = page.field_error("email").expect("it is taken");
    assert!(told.contains("reset its password"), "{told}");

    owner.visit(&people::reset_path(&app, EVE).await).await;
    owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;

    assert!(can_log_in(&app, EVE, NEW_PASSWORD).await);
    assert!(!can_log_in(&app, EVE, PASSWORD).await);
    assert!(stranger.visit("/profile").await.path().starts_with("/login"));
}
