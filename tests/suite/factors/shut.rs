//! Accounts that are disabled or wait to be deleted, and each way into them.

use tests::{Authenticator, Backend, Browser, Page, TestApp, Transport};

use super::{Protection, give_code, give_password, logged_in_by_code, protected};
use crate::{
    flows::{MIA, NEW_PASSWORD, PASSWORD},
    passkeys::{add_passkey, log_in_with, options},
    people,
};

/// A way into an account.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Code,
    RecoveryCode,
    PasskeyAfterPassword,
    Passkey,
    RememberedBrowser,
    MailedLink,
}

const WAYS: [Way; 6] = [
    Way::Code,
    Way::RecoveryCode,
    Way::PasskeyAfterPassword,
    Way::Passkey,
    Way::RememberedBrowser,
    Way::MailedLink,
];

/// An account that every way leads into.
struct Scene {
    app: TestApp,
    protection: Protection,
    authenticator: Authenticator,
    browser: Browser,
}

impl Scene {
    /// Goes the way as far as it can be gone before its last step.
    async fn begin(way: Way) -> Self {
        let (app, protection) = protected(Backend::Sqlite).await;
        let mut owner = logged_in_by_code(&app, Transport::Plain, &protection).await;
        let mut authenticator = Authenticator::new(app.public_url());
        add_passkey(&mut owner, &mut authenticator).await;
        let mut browser = app.browser(Transport::Plain);
        match way {
            Way::Code | Way::RecoveryCode | Way::PasskeyAfterPassword => {
                give_password(&mut browser, MIA).await;
            }
            Way::Passkey => drop(browser.visit("/login").await),
            Way::RememberedBrowser => {
                give_password(&mut browser, MIA).await;
                let form = browser.form("second-step-form").check("remember_browser");
                form.fill("code", &protection.phone.next_code()).submit().await;
                browser.form("logout-form").submit().await;
                browser.visit("/login").await;
            }
            Way::MailedLink => {
                let link = people::reset_path(&app, MIA).await;
                browser.visit(&link).await;
            }
        }
        app.database.execute("DELETE FROM sessions").await;
        Self { app, protection, authenticator, browser }
    }

    /// Takes the last step.
    async fn finish(&mut self, way: Way) -> &Page {
        let Self { protection, authenticator, browser, .. } = self;
        match way {
            Way::Code => give_code(browser, &protection.phone.next_code()).await,
            Way::RecoveryCode => {
                let form = browser.form("recovery-code-form");
                form.fill("recovery_code", &protection.codes[0]).submit().await
            }
            Way::PasskeyAfterPassword => {
                let answer = authenticator.get(&options(browser.page()));
                browser.form("passkey-step-form").fill("passkey", &answer).submit().await
            }
            Way::Passkey => log_in_with(browser, authenticator).await,
            Way::RememberedBrowser => {
                let form = browser.form("login-form").fill("email", MIA);
                form.fill("password", PASSWORD).submit().await
            }
            Way::MailedLink => {
                let form = browser.form("reset-password-form");
                form.fill("password", NEW_PASSWORD).submit().await
            }
        }
    }
}

/// CVE-2025-10908, LOG-06: the account is disabled past the app, so that nothing of the way is void.
#[tokio::test]
async fn no_way_leads_into_a_disabled_account() {
    for way in WAYS {
        let mut scene = Scene::begin(way).await;
        scene.app.database.execute("UPDATE users SET disabled_at = 1").await;

        let page = scene.finish(way).await;

        assert!(page.status() < 500 && !page.is_logged_in(), "{way:?}: {}", page.visible_text());
        assert_eq!(scene.app.count("sessions").await, 0, "{way:?}");
        let path = scene.browser.visit("/profile").await.path();
        assert_eq!(path, "/login?next=%2Fprofile", "{way:?}");
    }
}

/// CVE-2025-10908: an account that waits to be deleted has one page, whichever way leads to it. A
/// mailed link logs no one in.
#[tokio::test]
async fn each_way_into_an_account_that_waits_to_be_deleted_leads_to_its_one_page() {
    for way in WAYS {
        let mut scene = Scene::begin(way).await;
        people::wait_for_deletion(&scene.app, MIA).await;

        scene.finish(way).await;

        let path = scene.browser.visit("/profile").await.path();
        let is_link = way == Way::MailedLink;
        let expected = if is_link { "/login?next=%2Fprofile" } else { "/account-deletion" };
        assert_eq!(path, expected, "{way:?}");
    }
}

/// The control: without that each way leads in, and the mailed link to a log-in.
#[tokio::test]
async fn each_way_leads_into_an_account_that_is_open() {
    for way in WAYS {
        let mut scene = Scene::begin(way).await;

        let page = scene.finish(way).await;

        let is_link = way == Way::MailedLink;
        assert_eq!(page.is_logged_in(), !is_link, "{way:?}: {}", page.visible_text());
        if is_link {
            assert_eq!(page.path(), "/login");
        }
    }
}
