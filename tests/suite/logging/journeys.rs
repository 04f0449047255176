//! A user of what an account can do after the first log-in, each step with secrets that differ from
//! all other text.

use tests::{Browser, Mailbox, ServerProcess, Transport, support::database::Database};

use super::canaries::Secrets;
use crate::{
    fault_steps::{form_again, sqlite_url, wait_for_text},
    people::{self, PASSWORD, code_in},
};

const MISTYPED: &str = "canary-mistyped@example.test";
const OWNER: &str = "canary-owner@example.test";
pub(super) const LINKED: &str = "canary-linked@example.test";
const MOVED: &str = "canary-moved@example.test";
const SECOND: &str = "canary of the second password";
const THIRD: &str = "canary of the third password";
const RENAMED: &str = "Canary Renamed";
const UNKNOWN_LINK: &str = "CanaryOfASignUpThatNobodyAskedForAAAAAAAAAAA";

/// A user on the way, and the secrets.
pub(super) struct Journey<'a> {
    pub(super) server: &'a ServerProcess,
    mailbox: &'a Mailbox,
    pub(super) secrets: &'a mut Secrets,
    pub(super) browser: Browser,
    pub(super) database: Database,
}

/// Everything that [`super::canaries::live`] leaves out.
pub(super) async fn travel(server: &ServerProcess, mailbox: &Mailbox, secrets: &mut Secrets) {
    for secret in [MISTYPED, OWNER, LINKED, MOVED, SECOND, THIRD, RENAMED, UNKNOWN_LINK] {
        secrets.add(secret);
    }
    let browser = server.browser(Transport::Plain);
    let database = Database::connect(&sqlite_url(server.folder().path())).await;
    let mut journey = Journey { server, mailbox, secrets, browser, database };
    journey.prove_by_code().await;
    journey.prove_by_link().await;
    journey.change_what_can_be_changed().await;
    journey.move_and_come_back().await;
    journey.take_the_account_back().await;
    journey.almost_go().await;
    journey.be_protected().await;
}

impl Journey<'_> {
    pub(super) async fn submit(&mut self, form: &str, fields: &[(&str, &str)]) {
        let form = self.browser.form(form);
        let form = fields.iter().fold(form, |form, (name, value)| form.fill(name, value));
        form.submit().await;
        self.secrets.of(&self.browser);
    }

    pub(super) async fn visit(&mut self, path: &str) {
        self.browser.visit(path).await;
        self.secrets.of(&self.browser);
    }

    /// A form past its page.
    pub(super) async fn send(&mut self, path: &str, fields: &[(&str, &str)]) {
        let answer = form_again(&self.browser, path, fields).send().await;
        assert!(answer.status() < 500, "{path}: {}", answer.body);
    }

    pub(super) async fn start_anew(&mut self, email: &str, password: &str) {
        self.browser = self.server.browser(Transport::Plain);
        self.visit("/login").await;
        self.submit("login-form", &[("email", email), ("password", password)]).await;
        assert!(self.browser.page().is_logged_in(), "{}", self.browser.text());
    }

    async fn sign_up(&mut self, email: &str) {
        self.browser = self.server.browser(Transport::Plain);
        self.visit("/signup").await;
        let fields = [("email", email), ("name", RENAMED), ("password", PASSWORD)];
        self.send("/signup/check", &[&fields[..], &[("field", "password")]].concat()).await;
        self.submit("signup-form", &fields).await;
    }

    /// The link in the newest mail that has one of this kind, once all mails are sent.
    pub(super) async fn follow(&mut self, email: &str, prefix: &str) {
        let due = "SELECT CAST(COUNT(due_at) AS TEXT) FROM outbox";
        wait_for_text(&self.database, due, "0").await;
        let link = self.mailbox.wait_for_link(email, prefix).await.link(prefix);
        self.secrets.add(link.rsplit('/').next().unwrap_or_default());
        self.visit(&link).await;
    }

    async fn prove_by_code(&mut self) {
        self.sign_up(MISTYPED).await;
        self.visit("/mailbox").await;
        self.submit("resend-proof-form", &[]).await;
        self.submit("correct-email-form", &[("email", OWNER)]).await;
        let mail = self.mailbox.wait_for_link(OWNER, "/confirm-address/").await;
        let link = mail.link("/confirm-address/");
        self.secrets.add(link.rsplit('/').next().unwrap_or_default());
        let code = code_in(&mail);
        self.secrets.add(&code);
        self.secrets.add(&code.replace('-', ""));
        self.submit("code-form", &[("code", &code)]).await;
    }

    async fn prove_by_link(&mut self) {
        let fields = [("name", RENAMED), ("password", SECOND)];
        self.send(&format!("/new-account/{UNKNOWN_LINK}"), &fields).await;
        self.send(&format!("/invitation/{UNKNOWN_LINK}"), &fields).await;
        self.sign_up(LINKED).await;
        self.follow(LINKED, "/confirm-address/").await;
        self.submit("confirm-address-form", &[]).await;
    }

    async fn change_what_can_be_changed(&mut self) {
        self.start_anew(OWNER, PASSWORD).await;
        self.submit("language-form", &[]).await;
        self.visit("/settings/profile").await;
        self.submit("profile-form", &[("name", RENAMED)]).await;
        self.visit("/settings/password").await;
        let fields = [("current_password", PASSWORD), ("password", SECOND)];
        self.submit("password-form", &fields).await;
        self.start_anew(OWNER, SECOND).await;
        let path = people::session_end_path(&self.browser).await;
        self.secrets.add(path.split('/').nth(3).unwrap_or_default());
        self.send(&path, &[]).await;
        self.send("/settings/sessions/end-others", &[]).await;
        let user = "/admin/users/00000000-0000-4000-8000-000000000000";
        for action in ["role", "roles", "confirm", "send-reset", "end-sessions"] {
            self.send(&format!("{user}/{action}"), &[("role", "admin")]).await;
        }
        for action in ["disable", "enable", "keep", "reset-factors", "delete"] {
            self.send(&format!("{user}/{action}"), &[("reason", "canary")]).await;
        }
        let invitations = ["", "/x/resend", "/x/revoke"];
        for path in invitations.map(|end| format!("/admin/invitations{end}")) {
            self.send(&path, &[("email", OWNER), ("role", "admin")]).await;
        }
        for path in ["/admin/users/export", "/admin/mail/test", "/admin/mail/x/send"] {
            self.send(path, &[]).await;
        }
    }

    /// By a form that waits for the password.
    async fn move_and_come_back(&mut self) {
        self.visit("/settings/email").await;
        self.database.execute("UPDATE sessions SET authenticated_at = 0").await;
        self.submit("email-form", &[("email", MOVED)]).await;
        let action = self.browser.page().dom().find("#sudo-form");
        let action = action.and_then(|form| form.attr("action")).expect("the form is kept");
        let token = action.rsplit('/').next().unwrap_or_default().to_owned();
        self.secrets.add(&token);
        self.submit("sudo-form", &[("password", SECOND)]).await;
        self.send("/settings/email/resend", &[]).await;
        self.follow(MOVED, "/confirm-email/").await;
        self.submit("confirm-email-form", &[]).await;
        self.send("/sudo", &[("password", SECOND)]).await;
        self.follow(OWNER, "/undo-email/").await;
        self.submit("undo-email-form", &[]).await;
        self.follow(OWNER, "/reset-password/").await;
        self.send("/login/forgot-password", &[("email", MOVED)]).await;
        self.send("/forgot-password/resend", &[]).await;
        self.submit("reset-password-form", &[("password", THIRD)]).await;
    }

    async fn take_the_account_back(&mut self) {
        self.start_anew(OWNER, THIRD).await;
        self.follow(OWNER, "/not-me/").await;
        self.submit("not-me-form", &[]).await;
    }

    async fn almost_go(&mut self) {
        self.start_anew(LINKED, PASSWORD).await;
        self.send("/settings/data/export", &[]).await;
        self.send("/settings/email/cancel", &[]).await;
        self.visit("/settings/data/delete").await;
        self.submit("delete-account-form", &[]).await;
        self.visit("/login").await;
        self.submit("login-form", &[("email", LINKED), ("password", PASSWORD)]).await;
        self.submit("keep-account-form", &[]).await;
    }
}
