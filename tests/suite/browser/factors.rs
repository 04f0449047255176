//! Second factors in a real browser: an app is set up, its codes are kept, and a log-in is done with
//! both.

use domain::Clock;
use tests::{ServerProcess, Window};
use thirtyfour::Key;

use super::{
    MIA, PASSWORD, Visitor,
    access::{fits, is_sound},
    database, site,
};
use crate::factors::{Phone, SECOND};

const LIST: &str = "/settings/factors";
const NEW_APP: &str = "/settings/factors/apps/new";
const CODES: &str = "/settings/factors/recovery-codes";
const CODES_SHOWN: &str = "#recovery-codes";

/// On a desktop and on a phone, in light and dark, and in a window of 320 pixels.
pub(super) async fn sound_and_narrow(visitor: &Visitor, state: &str) {
    is_sound(visitor, state).await;
    let narrow = Window { width: 320, height: 640, ..Window::default() };
    visitor.chromium().emulate(narrow).await;
    fits(visitor, state).await;
    visitor.chromium().emulate(Window::default()).await;
}

/// A site where Mia's address is confirmed, and her browser, in this language.
async fn mia(language: &str) -> Option<(ServerProcess, Visitor)> {
    let server = site().await;
    database(&server).await.execute("UPDATE users SET confirmed_at = created_at").await;
    let visitor = Visitor::at(&server, Window::default()).await?;
    visitor.speak(language).await;
    visitor.log_in(MIA).await;
    Some((server, visitor))
}

pub(super) async fn scan(visitor: &Visitor) -> Phone {
    let secret = "return document.querySelector('main p code').innerText";
    let secret: String = visitor.eval(secret).await;
    Phone::with(&secret.replace(' ', ""), &Clock::system())
}

/// The code of the next step, for those that follow one that is used up.
pub(super) fn next_code(phone: &Phone) -> String {
    phone.code_at(Clock::system().now().as_seconds() + 30)
}

/// MFA-04, MFA-06, OUT-11: every page in both languages, on a desktop and on a phone.
#[tokio::test]
async fn axe_finds_nothing_on_the_way_to_a_second_factor_and_through_it() {
    for language in ["en", "de"] {
        let Some((_server, visitor)) = mia(language).await else { return };
        visitor.open(LIST).await;
        sound_and_narrow(&visitor, &format!("{LIST} without one, {language}")).await;
        visitor.open(NEW_APP).await;
        sound_and_narrow(&visitor, &format!("{NEW_APP}, {language}")).await;
        let phone = scan(&visitor).await;
        visitor.fill("code", &phone.wrong_code()).await;
        visitor.submit("new-app-form").await;
        visitor.wait_for("document.querySelector('#code-error')").await;
        sound_and_narrow(&visitor, &format!("{NEW_APP} with an error, {language}")).await;
        visitor.fill("code", &phone.code()).await;
        visitor.submit("new-app-form").await;
        visitor.wait_for_path(CODES).await;
        sound_and_narrow(&visitor, &format!("{CODES}, {language}")).await;
        let code = visitor.text(CODES_SHOWN).await.lines().next().unwrap_or_default().to_owned();
        visitor.click("#saved").await;
        visitor.submit("save-codes-form").await;
        visitor.wait_for_path(LIST).await;
        sound_and_narrow(&visitor, &format!("{LIST}, {language}")).await;
        visitor.click("main table details summary").await;
        sound_and_narrow(&visitor, &format!("{LIST} with an open question, {language}")).await;
        visitor.log_out().await;

        give_password(&visitor).await;
        sound_and_narrow(&visitor, &format!("{SECOND}, {language}")).await;
        visitor.click("main details summary").await;
        visitor.fill("recovery_code", "nothing").await;
        visitor.submit("recovery-code-form").await;
        visitor.wait_for("document.querySelector('#recovery_code-error')").await;
        sound_and_narrow(&visitor, &format!("{SECOND} with an error, {language}")).await;
        visitor.fill("code", "12").await;
        visitor.submit("second-step-form").await;
        visitor.wait_for("document.querySelector('#code-error')").await;
        visitor.wait_for("document.activeElement.id == 'code'").await;
        let errors = "return [...document.querySelectorAll('[id$=-error]')].map(it => it.id)";
        assert_eq!(visitor.eval::<Vec<String>>(errors).await, ["code-error"], "{language}");
        visitor.fill("recovery_code", &code).await;
        visitor.submit("recovery-code-form").await;
        visitor.wait_for_log_in(true).await;
        visitor.open(LIST).await;
        sound_and_narrow(&visitor, &format!("{LIST} with a used code, {language}")).await;
        visitor.leave().await;
    }
}

async fn give_password(visitor: &Visitor) {
    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_path(SECOND).await;
}

/// MFA-04: with keys alone; and the codes can be copied.
#[tokio::test]
async fn with_keys_alone_an_app_is_set_up_and_asked_for() {
    let Some((_server, visitor)) = mia("en").await else { return };
    visitor.open(NEW_APP).await;
    visitor.mark().await;
    let phone = scan(&visitor).await;
    tab_to(&visitor, "#code").await;
    visitor.press(phone.code() + Key::Tab).await;
    visitor.press("Pixel" + Key::Enter).await;
    visitor.wait_for_path(CODES).await;
    let _granted = visitor
        .chromium()
        .devtools(
            "Browser.grantPermissions",
            serde_json::json!({"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}),
        )
        .await;
    let shown = visitor.text(CODES_SHOWN).await;
    tab_to(&visitor, "[data-copy]").await;
    visitor.press(Key::Enter).await;
    visitor.wait_for("document.querySelector('[data-copy]').innerText == 'Copied'").await;
    let copied: String = visitor.eval("return await navigator.clipboard.readText()").await;
    assert_eq!(copied.trim(), shown.trim());
    tab_to(&visitor, "#saved").await;
    visitor.press(Key::Space).await;
    visitor.press(Key::Enter).await;
    visitor.wait_for_path(LIST).await;
    assert!(visitor.is_marked().await, "the page was not reloaded");
    assert!(visitor.text("main").await.contains("Pixel"));
    visitor.log_out().await;

    visitor.open("/login").await;
    visitor.press(MIA + Key::Tab).await;
    visitor.press(PASSWORD + Key::Enter).await;
    visitor.wait_for_path(SECOND).await;
    visitor.wait_for("document.activeElement.id == 'code'").await;
    visitor.press(next_code(&phone) + Key::Enter).await;
    visitor.wait_for_log_in(true).await;
    visitor.leave().await;
}

/// Presses Tab until the focus is on `selector`.
async fn tab_to(visitor: &Visitor, selector: &str) {
    for _ in 0..40 {
        if visitor.eval(&format!("return document.activeElement.matches({selector:?})")).await {
            return;
        }
        visitor.press(Key::Tab).await;
    }
    panic!("no way to {selector} from {}", visitor.focused().await);
}
