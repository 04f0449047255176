//! What makes the app write each kind of mail. A kind that is new does not compile until
//! it has its cause here.

use std::time::Duration;

use auth::{AdminSecret, Client, Invite, Inviter, Order, SeedAdmin, mail::MailKind};
use domain::{AuditNote, DisplayName, Language, Role};
use tests::{Authenticator, Browser, TestApp, Transport};

use super::{ask_for_email, follow, make_member};
use crate::{
    factors,
    flows::{NEW_PASSWORD, PASSWORD, ask_for_reset, request_sign_up},
    passkeys::{add_passkey, log_in_with, save_codes},
    people,
};

const GRACE: Duration = Duration::from_hours(14 * 24);

/// A user with mails in one language, and the app.
pub(super) struct Scene<'a> {
    pub(super) app: &'a TestApp,
    pub(super) email: String,
    pub(super) language: Language,
}

impl Scene<'_> {
    /// Has the app write a mail of this kind to the address.
    pub(super) async fn cause(&self, kind: MailKind) {
        match kind {
            MailKind::NoAccount => ask_for_reset(&mut self.browser(), &self.email).await,
            MailKind::FinishSignUp => request_sign_up(&mut self.browser(), &self.email).await,
            MailKind::UserInvitation => self.invite_by_admin().await,
            MailKind::ConfirmAddress => self.ask_to_confirm().await,
            MailKind::ConfirmEmail => self.ask_to_move_to_the_address().await,
            MailKind::EmailLeft => self.move_away_unconfirmed().await,
            MailKind::PasswordReset
            | MailKind::AccountDisabled
            | MailKind::Invitation
            | MailKind::InvitedAccount
            | MailKind::AccountExists
            | MailKind::EmailWanted
            | MailKind::EmailChanged
            | MailKind::PasswordChanged
            | MailKind::NewDevice
            | MailKind::SecondFactorOn
            | MailKind::FactorAdded
            | MailKind::FactorRemoved
            | MailKind::SecondFactorOff
            | MailKind::RecoveryCodesRenewed
            | MailKind::RecoveryCodeUsed
            | MailKind::WrongCodes
            | MailKind::FactorResetLink
            | MailKind::FactorResetPending
            | MailKind::FactorResetStopped
            | MailKind::FactorsReset
            | MailKind::PasskeyCopied
            | MailKind::PasswordRemoved
            | MailKind::TakenBack
            | MailKind::DeletionRequested
            | MailKind::DeletionCancelled
            | MailKind::DeletionDone
            | MailKind::TestMail => {
                make_member(self.app, &self.email, self.language).await;
                Box::pin(self.cause_to_member(kind)).await;
            }
        }
        people::mails_sent(self.app).await;
    }

    async fn cause_to_member(&self, kind: MailKind) {
        match kind {
            MailKind::PasswordReset => ask_for_reset(&mut self.browser(), &self.email).await,
            MailKind::AccountDisabled => self.ask_for_reset_while_disabled().await,
            MailKind::AccountExists => request_sign_up(&mut self.browser(), &self.email).await,
            MailKind::Invitation => self.invite().await,
            MailKind::InvitedAccount => self.invite_by_admin().await,
            MailKind::EmailWanted => self.have_the_address_wanted().await,
            MailKind::EmailChanged => self.move_away().await,
            MailKind::PasswordChanged => self.change_password().await,
            MailKind::NewDevice => drop(self.second_browser().await),
            MailKind::SecondFactorOn
            | MailKind::FactorAdded
            | MailKind::FactorRemoved
            | MailKind::SecondFactorOff
            | MailKind::RecoveryCodesRenewed
            | MailKind::RecoveryCodeUsed
            | MailKind::WrongCodes
            | MailKind::FactorResetLink
            | MailKind::FactorResetPending
            | MailKind::FactorResetStopped
            | MailKind::FactorsReset => {
                factors::mails::cause(self.app, &self.email, kind).await;
            }
            MailKind::PasskeyCopied => self.use_a_copied_passkey().await,
            MailKind::PasswordRemoved => self.remove_the_password().await,
            MailKind::TakenBack => self.take_back().await,
            MailKind::DeletionRequested => self.ask_for_deletion().await,
            MailKind::DeletionCancelled => self.keep_after_all().await,
            MailKind::DeletionDone => self.outlive_the_grace().await,
            MailKind::TestMail => self.ask_for_a_test().await,
            MailKind::NoAccount
            | MailKind::UserInvitation
            | MailKind::FinishSignUp
            | MailKind::ConfirmAddress
            | MailKind::ConfirmEmail
            | MailKind::EmailLeft => panic!("{kind:?} goes to no member"),
        }
    }

    /// An address that belongs to the scene.
    fn other(&self, name: &str) -> String {
        format!("{name}-{}", self.email)
    }

    fn browser(&self) -> Browser {
        self.app.browser(Transport::Plain).reading(self.language.tag())
    }

    /// An account of before sign-ups began with the address, which logs in.
    async fn ask_to_confirm(&self) {
        make_member(self.app, &self.email, self.language).await;
        self.logged_in(&self.email).await;
        let sql = format!("UPDATE users SET confirmed_at = NULL WHERE email = '{}'", self.email);
        self.app.database.execute(&sql).await;
        let mut browser = self.browser();
        browser.visit("/login").await;
        let form = browser.form("login-form").fill("email", &self.email);
        form.fill("password", PASSWORD).submit().await;
    }

    async fn logged_in(&self, email: &str) -> Browser {
        let mut browser = self.browser();
        people::log_in(&mut browser, email).await;
        browser
    }

    async fn second_browser(&self) -> Browser {
        self.logged_in(&self.email).await;
        self.logged_in(&self.email).await
    }

    async fn remove_the_password(&self) {
        let mut browser = self.logged_in(&self.email).await;
        add_passkey(&mut browser, &mut Authenticator::new(self.app.public_url())).await;
        save_codes(&mut browser).await;
        browser.visit("/settings/password/remove").await;
        browser.form("remove-password-form").submit().await;
    }

    async fn use_a_copied_passkey(&self) {
        let mut authenticator = Authenticator::new(self.app.public_url());
        add_passkey(&mut self.logged_in(&self.email).await, &mut authenticator).await;
        let mut copy = authenticator.copied();
        for used in [&mut authenticator, &mut copy] {
            let mut browser = self.browser();
            browser.visit("/login").await;
            log_in_with(&mut browser, used).await;
        }
    }

    async fn ask_for_a_test(&self) {
        let principal = people::principal(self.app, &self.email).await;
        let sent = self.app.accounts().administration().send_test_mail(&principal).await;
        sent.expect("the database is there");
    }

    async fn invite(&self) {
        let email = people::address(&self.email);
        let name = DisplayName::parse("Mia").expect("a name");
        let seed = SeedAdmin { email, name, secret: AdminSecret::Invite, promote: true };
        self.app
            .accounts()
            .administration()
            .seed_admin(seed)
            .await
            .expect("the member is promoted");
    }

    async fn invite_by_admin(&self) {
        let admin = self.other("admin");
        make_member(self.app, &admin, self.language).await;
        people::order(self.app, &admin, Order::SetRole(Role::ADMIN)).await;
        let admin = people::principal(self.app, &admin).await;
        let client = Client::new([192, 0, 2, 1].into(), "tests").reading(self.language);
        let note = AuditNote::default();
        let invite = Invite { email: people::address(&self.email), role: Role::USER };
        let by_admin = Inviter::Admin(&admin, &client, &note);
        let sent = self.app.accounts().administration().invite(by_admin, &invite).await;
        sent.expect("it is the first of this address");
    }

    async fn ask_to_move_to_the_address(&self) {
        let old = self.other("old");
        make_member(self.app, &old, self.language).await;
        ask_for_email(&mut self.logged_in(&old).await, &self.email).await;
    }

    async fn have_the_address_wanted(&self) {
        let other = self.other("envious");
        make_member(self.app, &other, self.language).await;
        ask_for_email(&mut self.logged_in(&other).await, &self.email).await;
    }

    async fn ask_for_reset_while_disabled(&self) {
        people::order(self.app, &self.email, Order::Disable).await;
        ask_for_reset(&mut self.browser(), &self.email).await;
    }

    async fn move_away_unconfirmed(&self) {
        make_member(self.app, &self.email, self.language).await;
        let browser = self.logged_in(&self.email).await;
        let sql = format!("UPDATE users SET confirmed_at = NULL WHERE email = '{}'", self.email);
        self.app.database.execute(&sql).await;
        self.move_away_in(browser).await;
    }

    async fn move_away(&self) {
        self.move_away_in(self.logged_in(&self.email).await).await;
    }

    async fn move_away_in(&self, mut browser: Browser) {
        let new = self.other("new");
        ask_for_email(&mut browser, &new).await;
        follow(self.app, &mut browser, &new, "/confirm-email/").await;
        browser.form("confirm-email-form").submit().await;
    }

    async fn change_password(&self) {
        let mut browser = self.logged_in(&self.email).await;
        browser.visit("/settings/password").await;
        let form = browser.form("password-form").fill("current_password", PASSWORD);
        form.fill("password", NEW_PASSWORD).submit().await;
    }

    async fn take_back(&self) {
        let mut browser = self.second_browser().await;
        follow(self.app, &mut browser, &self.email, "/not-me/").await;
        browser.form("not-me-form").submit().await;
    }

    async fn ask_for_deletion(&self) {
        let mut browser = self.logged_in(&self.email).await;
        browser.visit("/settings/data/delete").await;
        browser.form("delete-account-form").submit().await;
    }

    async fn keep_after_all(&self) {
        self.ask_for_deletion().await;
        let mut browser = self.logged_in(&self.email).await;
        browser.form("keep-account-form").submit().await;
    }

    async fn outlive_the_grace(&self) {
        self.ask_for_deletion().await;
        people::mails_sent(self.app).await;
        self.app.clock.advance(GRACE);
        self.app.accounts().operations().sweep().await.expect("the database is there");
    }
}
