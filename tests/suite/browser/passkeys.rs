//! Passkeys in a real browser, with its virtual authenticator: the oracle for the software
//! authenticator of the other tests.
//!
//! The site is at `localhost`, because browsers have no passkeys on an IP address. With automatic
//! presence, a page with autofill logs in as it loads, so presence is simulated only when wanted.

use serde_json::{Value, json};
use tests::{ServerProcess, Transport, Window, support::process::free_port};
use thirtyfour::Key;

use super::{
    MIA, NO_CACHE, PASSWORD, Visitor,
    access::{fits, is_sound},
    add_account, database,
};

pub(super) const BUTTON: &str = "[data-passkey] button";
pub(super) const LIST: &str = "/settings/factors";
const NEW: &str = "/settings/factors/passkeys/new";

/// A visitor with an authenticator.
pub(super) struct Keyholder {
    pub(super) visitor: Visitor,
    authenticator: Value,
}

/// Starts a server at `localhost` with an account for Mia, who has confirmed her address.
pub(super) async fn local_site() -> ServerProcess {
    let port = free_port();
    let (listen, url) = (format!("127.0.0.1:{port}"), format!("http://localhost:{port}"));
    let server = ServerProcess::start(&[
        NO_CACHE,
        ("LATCHKEY__SERVER__LISTEN", &listen),
        ("LATCHKEY__SERVER__PUBLIC_URL", &url),
    ])
    .await;
    add_account(&server, MIA, "Mia").await;
    let confirm = "UPDATE users SET confirmed_at = created_at";
    database(&server).await.execute(confirm).await;
    server
}

impl Keyholder {
    pub(super) async fn at(server: &ServerProcess, window: Window) -> Option<Self> {
        let visitor = Visitor::at(server, window).await?;
        visitor.chromium().devtools("WebAuthn.enable", json!({ "enableUI": false })).await;
        let options = json!({
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "automaticPresenceSimulation": false,
            "defaultBackupEligibility": true,
            "defaultBackupState": true,
        });
        let added = visitor
            .chromium()
            .devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options }))
            .await;
        Some(Self { visitor, authenticator: added.get("authenticatorId").expect("an id").clone() })
    }

    /// Sends a command about the authenticator.
    pub(super) async fn command(&self, command: &str, name: &str, value: Value) -> Value {
        let mut parameters = json!({ "authenticatorId": self.authenticator });
        if !name.is_empty() {
            let fields = parameters.as_object_mut().expect("an object");
            fields.insert(name.to_owned(), value);
        }
        self.visitor.chromium().devtools(&format!("WebAuthn.{command}"), parameters).await
    }

    pub(super) async fn set_present(&self, is_present: bool) {
        self.command("setAutomaticPresenceSimulation", "enabled", json!(is_present)).await;
    }

    async fn credentials(&self) -> Vec<Value> {
        let found = self.command("getCredentials", "", Value::Null).await;
        found.get("credentials").and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// Logs in by the password and adds a passkey.
    pub(super) async fn with_passkey(self) -> Self {
        self.visitor.log_in(MIA).await;
        self.add().await;
        self
    }

    async fn add(&self) {
        self.visitor.open(NEW).await;
        self.set_present(true).await;
        self.visitor.click(BUTTON).await;
        self.visitor.wait_for_path("/settings/factors/recovery-codes").await;
        self.set_present(false).await;
        self.visitor.open(LIST).await;
        self.visitor.wait_for("document.querySelectorAll('tbody tr').length == 1").await;
    }
}

/// OUT-03: without a complaint about the content security policy.
#[tokio::test]
async fn a_passkey_is_added_and_logs_in_by_its_button() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    let text = visitor.text("main").await;
    assert!(text.contains("Synced") && text.contains("Chrome on Linux"), "{text}");
    assert_eq!(keyholder.credentials().await.len(), 1);
    assert_eq!(keyholder.credentials().await[0]["isResidentCredential"], true);
    visitor.log_out().await;

    // The autofill waits for its user; the button takes its place.
    visitor.open("/login?next=/settings/sessions").await;
    visitor.wait_for("document.querySelector('[data-passkey]:not([hidden])')").await;
    keyholder.set_present(true).await;
    visitor.click(BUTTON).await;

    visitor.wait_for_path("/settings/sessions").await;
    visitor.wait_for_log_in(true).await;
    keyholder.visitor.leave().await;
}

#[tokio::test]
async fn the_address_field_offers_the_passkey_by_autofill() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    keyholder.visitor.log_out().await;
    keyholder.set_present(true).await;

    keyholder.visitor.open("/login").await;

    keyholder.visitor.wait_for_log_in(true).await;
    keyholder.visitor.leave().await;
}

/// The password works after the prompt was cancelled, on the same page.
#[tokio::test]
async fn a_cancelled_prompt_says_so_and_leaves_the_form_as_it_was() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    visitor.log_out().await;
    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    keyholder.command("setUserVerified", "isUserVerified", json!(false)).await;
    keyholder.set_present(true).await;

    visitor.click(BUTTON).await;

    visitor.wait_for("document.querySelector('[data-passkey] [role=status]').innerText").await;
    assert!(visitor.text("main").await.contains("No passkey was used. You can try again."));
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.wait_for_log_in(true).await;
    keyholder.visitor.leave().await;
}

/// PSK-03.
#[tokio::test]
async fn a_passkey_with_an_older_counter_is_refused() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    visitor.log_out().await;
    let mut copy = keyholder.credentials().await.remove(0);
    keyholder.set_present(true).await;
    visitor.open("/login").await;
    visitor.wait_for_log_in(true).await;
    keyholder.set_present(false).await;
    visitor.log_out().await;

    copy["signCount"] = json!(0);
    keyholder.command("clearCredentials", "", Value::Null).await;
    keyholder.command("addCredential", "credential", copy).await;
    visitor.open("/login").await;
    keyholder.set_present(true).await;
    visitor.click(BUTTON).await;

    visitor.wait_for("document.querySelector('#passkey-error')").await;
    keyholder.set_present(false).await;
    visitor.wait_for_log_in(false).await;
    keyholder.visitor.leave().await;
}

/// The authenticator forgets a passkey that was removed from the account.
#[tokio::test]
async fn a_removed_passkey_is_gone_from_the_authenticator_too() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;

    visitor.click("details:has([id^=remove-factor-form]) summary").await;
    visitor.click("[id^=remove-factor-form] [type=submit]").await;

    visitor.wait_for("document.querySelector('#flash').innerText.includes('Removed')").await;
    assert_eq!(database(&server).await.count("passkeys").await, 0);
    for _ in 0..100 {
        if keyholder.credentials().await.is_empty() {
            return keyholder.visitor.leave().await;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the authenticator has {:?}", keyholder.credentials().await);
}

/// MFA-07: the same relying party at another port, with a page that has the options of this one.
#[tokio::test]
async fn an_answer_that_was_given_to_another_origin_is_refused() {
    let (server, other) = (local_site().await, local_site().await);
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    visitor.log_out().await;
    for (site, expected) in [(&other, 422), (&server, 200)] {
        let mut browser = server.browser(Transport::Plain);
        browser.visit("/login").await;
        let options = crate::passkeys::options(browser.page());
        visitor.chromium().visit(&site.public_url().join("/forgot-password").unwrap()).await;
        keyholder.set_present(true).await;

        let answer: String = visitor
            .eval(&format!(
                "const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({options}); \
                 return JSON.stringify(await navigator.credentials.get({{ publicKey }}))"
            ))
            .await;

        keyholder.set_present(false).await;
        let form = browser.form("login-form").fill("passkey", &answer);
        assert_eq!(form.submit().await.status(), expected, "{}", site.public_url());
    }
    keyholder.visitor.leave().await;
}

/// OUT-11: a desktop and a phone, light and dark, by keyboard, with an error and in German.
#[tokio::test]
async fn axe_finds_nothing_on_the_pages_of_passkeys() {
    let server = local_site().await;
    let Some(keyholder) = Keyholder::at(&server, Window::default()).await else { return };
    let keyholder = keyholder.with_passkey().await;
    let visitor = &keyholder.visitor;
    for language in ["en", "de"] {
        for path in [LIST, NEW] {
            visitor.open(path).await;
            visitor.wait_for(&format!("document.documentElement.lang == '{language}'")).await;
            is_sound(visitor, &format!("{path} in {language}")).await;
            fits(visitor, &format!("{path} in {language}")).await;
        }
        if language == "en" {
            visitor.click("#language-form [value=de]").await;
            visitor.wait_for("document.documentElement.lang == 'de'").await;
        }
    }
    visitor.log_out().await;
    visitor.open("/login").await;
    visitor.wait_for("document.querySelector('[data-passkey]:not([hidden])')").await;
    is_sound(visitor, "/login with a passkey").await;
    keyholder.command("setUserVerified", "isUserVerified", json!(false)).await;
    keyholder.set_present(true).await;
    // From the button of the form, the next stop is the one of the passkey.
    let script = "document.querySelector('#login-form [type=submit]').focus(); return true";
    assert!(visitor.eval::<bool>(script).await);
    visitor.press(Key::Tab).await;
    visitor.press(Key::Enter).await;
    visitor.wait_for("document.querySelector('[data-passkey] [role=status]').innerText").await;
    is_sound(visitor, "/login after a prompt that was cancelled").await;
    fits(visitor, "/login after a prompt that was cancelled").await;
    keyholder.visitor.leave().await;
}

/// Without scripts, the log-in page has its password, and the settings say what is missing.
#[tokio::test]
async fn without_scripts_there_is_no_button_and_the_page_says_why() {
    let server = local_site().await;
    let off = Window { scripts: tests::Scripts::Off, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, off).await else { return };
    let mut browser = server.browser(Transport::Plain);
    let text = browser.visit("/login").await.visible_text();
    assert!(!text.contains("passkey"), "{text}");
    visitor.open("/login").await;
    visitor.fill("email", MIA).await;
    visitor.fill("password", PASSWORD).await;
    visitor.submit("login-form").await;
    visitor.find("#logout-form").await;

    crate::people::log_in(&mut browser, MIA).await;
    let text = browser.visit(NEW).await.visible_text();

    assert!(text.contains("JavaScript is off"), "{text}");
    visitor.leave().await;
}
