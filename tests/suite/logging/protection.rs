//! What a user does to have a second factor, and with one.

use domain::Clock;
use tests::Transport;

use super::journeys::{Journey, LINKED};
use crate::{
    factors::{Phone, SECOND},
    people::PASSWORD,
};

const NEW_APP: &str = "/settings/factors/apps/new";
const PHONE: &str = "Canary of a phone";

impl Journey<'_> {
    /// From an account without a factor to one with, and back.
    pub(super) async fn be_protected(&mut self) {
        self.secrets.add(PHONE);
        self.start_anew(LINKED, PASSWORD).await;
        let phone = self.add_phone().await;
        let code = self.save_codes().await;
        self.lose_the_phone_and_find_it().await;
        self.log_in_by(&code).await;
        self.send("/settings/factors/keep", &[]).await;
        // Browsers have no passkey for the address of a machine.
        for path in ["new", "x/name", "x/remove"] {
            let path = format!("/settings/factors/passkeys/{path}");
            self.send(&path, &[("name", PHONE), ("passkey", PHONE)]).await;
        }
        for path in ["/settings/password/remove", "/settings/password/set"] {
            self.send(path, &[("password", PASSWORD)]).await;
        }
        self.visit("/settings/factors").await;
        let rename = self.address_of("form[id^=rename-factor-form]", "id");
        self.submit(&rename, &[("name", PHONE)]).await;
        // The code of the next step, as the phone's first is used up.
        let code = phone.code_at(Clock::system().now().as_seconds() + 30);
        self.start_at_second_step().await;
        let form = self.browser.form("second-step-form").check("remember_browser");
        assert!(form.fill("code", &code).submit().await.is_logged_in());
        self.secrets.of(&self.browser);
        self.visit("/settings/sessions").await;
        let forget = self.address_of("form[id^=forget-browser-form-]", "action");
        self.send(&forget, &[]).await;
        self.visit("/settings/factors").await;
        self.submit(&rename.replace("rename", "remove"), &[]).await;
    }

    async fn lose_the_phone_and_find_it(&mut self) {
        self.start_at_second_step().await;
        self.visit("/login/second/lost").await;
        self.submit("factor-reset-request-form", &[]).await;
        self.follow(LINKED, "/factor-reset/").await;
        self.submit("factor-reset-form", &[]).await;
        self.follow(LINKED, "/keep-factors/").await;
        self.submit("keep-factors-form", &[]).await;
    }

    async fn add_phone(&mut self) -> Phone {
        self.visit(NEW_APP).await;
        let uri = self.address_of("a[href^='otpauth:']", "href");
        let secret = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next());
        let secret = secret.expect("a secret");
        self.secrets.add(secret);
        self.keep_setup("new-app-form");
        let phone = Phone::with(secret, &Clock::system());
        self.submit("new-app-form", &[("name", PHONE), ("code", &phone.code())]).await;
        phone
    }

    /// One of them.
    async fn save_codes(&mut self) -> String {
        self.keep_setup("save-codes-form");
        let shown = self.browser.page().dom().by_id("recovery-codes").expect("codes");
        let codes: Vec<_> = shown.text().flat_map(str::lines).map(str::to_owned).collect();
        for code in &codes {
            self.secrets.add(code);
            self.secrets.add(&code.replace('-', ""));
        }
        let form = self.browser.page().field("save-codes-form", "setup").expect("a field").value;
        self.send("/settings/factors/recovery-codes/file", &[("setup", &form)]).await;
        self.browser.form("save-codes-form").check("saved").submit().await;
        self.secrets.of(&self.browser);
        codes.into_iter().next().expect("ten codes")
    }

    async fn log_in_by(&mut self, code: &str) {
        self.start_at_second_step().await;
        self.submit("recovery-code-form", &[("recovery_code", code)]).await;
        assert!(self.browser.page().is_logged_in(), "{}", self.browser.text());
    }

    async fn start_at_second_step(&mut self) {
        self.browser = self.server.browser(Transport::Plain);
        self.visit("/login").await;
        self.submit("login-form", &[("email", LINKED), ("password", PASSWORD)]).await;
        assert_eq!(self.browser.path(), SECOND, "{}", self.browser.text());
    }

    /// Notes the sealed text of the form as a secret.
    fn keep_setup(&mut self, form: &str) {
        let setup = self.browser.page().field(form, "setup").expect("a sealed text").value;
        self.secrets.add(&setup);
    }

    fn address_of(&self, selector: &str, attribute: &str) -> String {
        let found = self.browser.page().dom().find(selector);
        let found = found.unwrap_or_else(|| panic!("no {selector} on {}", self.browser.text()));
        found.attr(attribute).expect("an address").to_owned()
    }
}
