//! A passkey as a second factor in a real browser: after the password, and over a page that asks
//! for it.

use serde_json::json;
use tests::Window;

use super::{
    MIA, PASSWORD,
    access::{fits, is_sound},
    database,
    passkeys::{BUTTON, Keyholder, LIST, local_site},
};

/// OUT-11: also by eye: a desktop and a phone, in light and dark.
#[tokio::test]
async fn a_passkey_finishes_a_log_in_and_answers_the_question_over_a_page() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    visitor.open("/settings/factors/recovery-codes").await;
    visitor.click("#saved").await;
    visitor.submit("save-codes-form").await;
    visitor.wait_for_path(LIST).await;
    visitor.log_out().await;

    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path("/login/second").await;
    visitor.wait_for("document.querySelector('[data-passkey]:not([hidden])')").await;
    is_sound(visitor, "/login/second").await;
    fits(visitor, "/login/second").await;
    let database = database(&server).await;
    let known = database.texts("SELECT hex(credential_id) FROM passkeys").await;
    database.execute("UPDATE passkeys SET credential_id = x'00'").await;
    keyholder.set_present(true).await;
    visitor.click(BUTTON).await;
    visitor.wait_for("document.querySelector('#passkey-error')").await;
    visitor.wait_for("document.activeElement.matches('[data-passkey] button')").await;
    is_sound(visitor, "/login/second with a refused passkey").await;
    let restore = format!("UPDATE passkeys SET credential_id = x'{}'", known[0]);
    database.execute(&restore).await;
    visitor.open("/login/second").await;
    visitor.wait_for("document.querySelector('[data-passkey]:not([hidden])')").await;
    visitor.click(BUTTON).await;
    visitor.wait_for_log_in(true).await;
    keyholder.set_present(false).await;

    visitor.open("/settings/email").await;
    visitor.fill("email", "mia.new@example.test").await;
    let long_ago = "UPDATE sessions SET authenticated_at = 0, factor_at = 0";
    database.execute(long_ago).await;
    visitor.submit("email-form").await;
    visitor.wait_for("document.querySelector('dialog[open] [data-passkey]:not([hidden])')").await;
    is_sound(visitor, "the question over /settings/email").await;
    keyholder.set_present(true).await;
    visitor.click("dialog [data-passkey] button").await;

    visitor.wait_for("document.querySelector('#flash').innerText.includes('new address')").await;
    keyholder.visitor.leave().await;
}

/// An account without a password in a browser: the question has the passkey alone.
#[tokio::test]
async fn an_account_without_a_password_is_asked_for_its_passkey() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    let alone = "UPDATE users SET password_hash = '!'";
    database(&server).await.execute(alone).await;
    database(&server).await.execute("UPDATE sessions SET authenticated_at = 0").await;
    visitor.open("/settings/email").await;
    visitor.wait_for_path("/sudo?next=%2Fsettings%2Femail").await;
    visitor.wait_for("document.querySelector('[data-passkey]:not([hidden])')").await;
    is_sound(visitor, "/sudo without a password").await;
    keyholder.command("setUserVerified", "isUserVerified", json!(false)).await;
    keyholder.set_present(true).await;
    visitor.click(BUTTON).await;
    visitor.wait_for("document.querySelector('[data-passkey] [role=status]').innerText").await;
    keyholder.command("setUserVerified", "isUserVerified", json!(true)).await;

    visitor.click(BUTTON).await;

    visitor.wait_for_path("/settings/email").await;
    visitor.open("/settings/password").await;
    visitor.wait_for("document.querySelector('h1').innerText == 'Set a password'").await;
    is_sound(visitor, "/settings/password without a password").await;
    keyholder.visitor.leave().await;
}
