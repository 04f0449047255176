//! The key that encrypts the secrets of authentication apps, and its rotation.

use tests::{Backend, TestApp, Transport};

use super::{give_code, give_password, logged_in_by_code, protected};
use crate::{
    flows::{ADA, MIA, logged_in, make_admin},
    people,
};

const NEXT_KEY: &str = "another key for tests that is long enough";
const KEY_IDS: &str = "SELECT hex(key_id) FROM authentication_apps";

/// Restarts the app with a new key. The previous key stays configured if `is_known`.
async fn rekeyed(app: TestApp, is_known: bool) -> TestApp {
    app.restart_with(|settings| {
        let before = settings.secret_key.replace(NEXT_KEY.to_owned().into());
        settings.secret_key_previous = before.filter(|_| is_known);
    })
    .await
}

/// MFA-04: a secret is encrypted with a key derived from `secret_key`. After a rotation, the
/// previous key still decrypts it, and its next use encrypts it with the new key. Then the previous
/// key can be removed.
#[tokio::test]
async fn a_secret_is_encrypted_with_the_new_key_at_its_next_use() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let before = app.database.texts(KEY_IDS).await;

    let app = rekeyed(app, true).await;
    assert_eq!(app.database.texts(KEY_IDS).await, before);
    logged_in_by_code(&app, Transport::Plain, &protection).await;

    assert_ne!(app.database.texts(KEY_IDS).await, before);
    let app = app.restart_with(|settings| settings.secret_key_previous = None).await;
    logged_in_by_code(&app, Transport::Plain, &protection).await;
}

/// MFA-04: without the key, every code of the app is refused, but recovery codes still work.
#[tokio::test]
async fn codes_of_an_app_are_refused_without_the_key() {
    let (app, protection) = protected(Backend::Sqlite).await;
    let app = rekeyed(app, false).await;
    let mut browser = app.browser(Transport::Plain);
    give_password(&mut browser, MIA).await;

    assert_eq!(give_code(&mut browser, &protection.phone.next_code()).await.status(), 422);
    let form = browser.form("recovery-code-form");
    let page = form.fill("recovery_code", &protection.codes[0]).submit().await;

    assert!(page.is_logged_in(), "{}", page.visible_text());
}

/// CVE-2026-46407: the admin pages show no secret with which an admin could log in as the user.
#[tokio::test]
async fn an_admin_sees_no_secret_of_a_factor() {
    let (app, protection) = protected(Backend::Sqlite).await;
    make_admin(&app, ADA).await;
    let mut admin = logged_in(&app, Transport::Plain, ADA).await;
    let page = people::user_page(&app, MIA).await;
    let sealed = app.database.texts("SELECT hex(sealed) FROM authentication_apps").await;
    let hashes = app.database.texts("SELECT code_hash FROM recovery_codes").await;

    for path in [page.as_str(), "/admin/users", "/admin/users/export", "/admin/events"] {
        let body = admin.visit(path).await.body().to_owned();
        let secrets = sealed.iter().chain(&hashes).chain(&protection.codes);
        for secret in secrets.map(String::as_str).chain(["otpauth:", "$argon2"]) {
            assert!(!body.contains(secret), "{path}: {secret}");
        }
    }
    assert!(admin.visit(&page).await.visible_text().contains(MIA), "the control");
}
