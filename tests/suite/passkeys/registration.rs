//! Adding, renaming and removing passkeys.

use std::time::Duration;

use tests::{Authenticator, Backend, Browser, TestApp, Transport};

use super::{
    EVE, LIST, MIA, NEW, add_passkey, app_with_mia, app_with_passkey, confirmed_user, options,
};
use crate::{factors::factor_form, flows::make_user, people};

const MINUTES: Duration = Duration::from_mins(10);

#[tokio::test]
async fn a_passkey_is_added_and_listed_by_the_name_of_its_provider() {
    for transport in Transport::ALL {
        let (app, mut browser) = app_with_mia(TestApp::start().await, transport).await;
        let mut authenticator = Authenticator::new(app.public_url());
        authenticator.aaguid = [
            0xd5, 0x48, 0x82, 0x6e, 0x79, 0xb4, 0xdb, 0x40, 0xa3, 0xd8, 0x11, 0x11, 0x6f, 0x7e,
            0x83, 0x49,
        ];
        authenticator.flags |= tests::authenticator::BACKUP_ELIGIBLE;
        authenticator.flags |= tests::authenticator::BACKED_UP;

        let page = add_passkey(&mut browser, &mut authenticator).await;

        assert_eq!(
            (page.status(), page.path().as_str()),
            (200, "/settings/factors/recovery-codes")
        );
        assert_eq!(page.flash(), "Passkey added.", "{transport:?}");
        let text = browser.visit(LIST).await.visible_text();
        for shown in ["Bitwarden", "Synced", "Never"] {
            assert!(text.contains(shown), "{transport:?} {shown}: {text}");
        }
    }
}

/// A passkey of an unknown make has the name of the browser that added it.
#[tokio::test]
async fn a_passkey_without_a_known_provider_is_named_by_the_browser() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());

    add_passkey(&mut browser, &mut authenticator).await;

    let text = browser.visit(LIST).await.visible_text();
    assert!(text.contains(" on Linux") && text.contains("On one device"), "{text}");
}

#[tokio::test]
async fn a_passkey_is_asked_for_with_what_the_log_in_page_needs() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());
    add_passkey(&mut browser, &mut authenticator).await;

    let asked = options(browser.visit(NEW).await);

    let asked: serde_json::Value = serde_json::from_str(&asked).unwrap();
    assert_eq!(asked["rp"]["id"], "latchkey.test");
    assert_eq!(asked["authenticatorSelection"]["residentKey"], "preferred");
    assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(asked["attestation"], "none");
    assert_eq!(asked["extensions"]["credProps"], true);
    assert_eq!(asked["excludeCredentials"].as_array().unwrap().len(), 1);
    assert_eq!(asked["user"]["name"], MIA);
    // 256 bits in base64url.
    assert_eq!(asked["challenge"].as_str().unwrap().len(), 43);
    let offered = asked["pubKeyCredParams"].as_array().unwrap();
    let offered: Vec<_> = offered.iter().map(|it| it["alg"].as_i64().unwrap()).collect();
    assert_eq!(offered, [-7, -35, -257]);
}

/// MFA-07, CVE-2026-32132: an enrolment one second too old is refused, and a fresh one is not.
#[tokio::test]
async fn a_challenge_for_a_new_passkey_is_good_for_ten_minutes() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());
    for (age, expected) in [(MINUTES, 422), (MINUTES.saturating_sub(Duration::from_secs(1)), 200)] {
        log_out_and_in(&mut browser, MIA).await;
        let answer = authenticator.create(&options(browser.visit(NEW).await));
        app.clock.advance(age);

        let page = browser.form("new-passkey-form").fill("passkey", &answer).submit().await;

        assert_eq!(page.status(), expected, "{}", page.visible_text());
        assert_eq!(app.count("passkeys").await, usize::from(expected == 200));
    }
}

/// MFA-07, PSK-02: a challenge is for one user, and a credential of one account.
#[tokio::test]
async fn a_passkey_belongs_to_the_account_that_asked_for_it() {
    for backend in Backend::available() {
        let (app, mut authenticator) = app_with_passkey(TestApp::on(backend, |_| {}).await).await;
        let mut eve = confirmed_user(&app, Transport::Plain, EVE).await;

        let page = add_passkey(&mut eve, &mut authenticator).await;

        assert_eq!(page.status(), 422, "{backend:?}");
        assert!(page.visible_text().contains("already has a passkey"), "{}", page.visible_text());
        assert_eq!(app.count("passkeys").await, 1, "{backend:?}");

        // What Eve's page asked for is of no use on Mia's.
        let mut other = Authenticator::new(app.public_url());
        let answer = other.create(&options(eve.visit(NEW).await));
        let ceremony = eve.page().field("new-passkey-form", "ceremony").unwrap().value;
        let mut mia = people::logged_in(&app, Transport::Plain, MIA).await;
        mia.visit(NEW).await;
        let form = mia.form("new-passkey-form").fill("passkey", &answer);
        let page = form.fill("ceremony", &ceremony).submit().await;
        assert_eq!(page.status(), 422, "{backend:?}");
        assert_eq!(app.count("passkeys").await, 1, "{backend:?}");
    }
}

/// MFA-07: an answer spends its challenge, even if it is wrong.
#[tokio::test]
async fn a_challenge_for_a_new_passkey_is_answered_once() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());
    let answer = authenticator.create(&options(browser.visit(NEW).await));
    let ceremony = browser.page().field("new-passkey-form", "ceremony").unwrap().value;

    for answer in ["{}", &answer] {
        browser.visit(NEW).await;
        let form = browser.form("new-passkey-form").fill("passkey", answer);
        let page = form.fill("ceremony", &ceremony).submit().await;
        assert_eq!(page.status(), 422);
    }

    assert_eq!(app.count("passkeys").await, 0);
}

/// REG-12: a person who signed up with another's address leaves no way in behind.
#[tokio::test]
async fn an_account_without_a_confirmed_address_gets_no_passkey() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = people::logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(browser.visit(NEW).await.path(), LIST);
    assert!(browser.text().contains("Confirm your"), "{}", browser.text());

    // The answer to a challenge from before the address was another.
    people::confirm(&app, MIA).await;
    let mut authenticator = Authenticator::new(app.public_url());
    let answer = authenticator.create(&options(browser.visit(NEW).await));
    app.database.execute("UPDATE users SET confirmed_at = NULL").await;
    let page = browser.form("new-passkey-form").fill("passkey", &answer).submit().await;

    assert_eq!(page.path(), LIST);
    assert_eq!(app.count("passkeys").await, 0);
}

#[tokio::test]
async fn an_account_has_twenty_passkeys_at_most() {
    let (app, mut browser) = app_with_mia(TestApp::start().await, Transport::Plain).await;
    for _ in 0..20 {
        let page = add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
        assert_eq!(page.flash(), "Passkey added.");
    }

    let page = add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;

    assert_eq!(page.status(), 422);
    assert!(page.visible_text().contains("You have 20 passkeys."), "{}", page.visible_text());
    assert_eq!(app.count("passkeys").await, 20);
}

#[tokio::test]
async fn a_passkey_is_renamed_and_removed() {
    for transport in Transport::ALL {
        let (app, mut browser) = app_with_mia(TestApp::start().await, transport).await;
        add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
        let rename = factor_form(&mut browser, "rename").await;
        let remove = rename.replace("rename", "remove");

        let page = browser.form(&rename).fill("name", "My <b> phone").submit().await;
        assert_eq!(page.flash(), "Name saved.", "{transport:?}");
        assert!(page.visible_text().contains("My <b> phone"), "{transport:?}");

        let page = browser.form(&remove).submit().await;
        assert_eq!(page.flash(), "Removed. All other devices are logged out.", "{transport:?}");
        assert_eq!(app.count("passkeys").await, 0, "{transport:?}");
    }
}

/// ENU-07: another user's passkey is one that is not there.
#[tokio::test]
async fn no_user_changes_a_passkey_of_another() {
    let (app, _) = app_with_passkey(TestApp::start().await).await;
    let mut mia = people::logged_in(&app, Transport::Plain, MIA).await;
    let forms = mia.visit(LIST).await.dom().select("form[id^=remove-factor-form]");
    let remove = forms[0].attr("action").unwrap().to_owned();
    let rename = remove.replace("/remove", "/name");
    let eve = confirmed_user(&app, Transport::Plain, EVE).await;
    let before = app.database.rows("passkeys").await;

    for path in [remove.as_str(), &rename, "/settings/factors/passkeys/x/remove"] {
        let answer = crate::flows::post(&eve, path, &[("name", "Eve’s")]).await;
        assert_eq!(answer.status(), 404, "{path}");
    }

    assert_eq!(app.database.rows("passkeys").await, before);
}

/// Logs out, and in again to the account.
async fn log_out_and_in(browser: &mut Browser, email: &str) {
    browser.visit("/profile").await;
    if browser.page().is_logged_in() {
        browser.form("logout-form").submit().await;
    }
    people::log_in(browser, email).await;
}
