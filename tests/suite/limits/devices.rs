//! Browsers that logged in to an account before, and what becomes of that.

use tests::{Browser, TestApp, Transport};

use super::{QUARTER, WRONG, open, visitor};
use crate::{
    flows::post,
    people::{self, MIA, PASSWORD, mails_sent, newest_link},
};

const DEVICE: &str = "__Host-latchkey-device";
const NEW_PASSWORD: &str = "a horse of another colour";
const NEW_BROWSER: &str = "New log-in to your Latchkey account";

/// How an owner locks out a person who knew the password.
#[derive(Clone, Copy, Debug)]
enum Way {
    Forgot,
    CompromiseReport,
    Settings,
}

impl Way {
    /// Goes it; the browser that the owner was logged in with.
    async fn go(self, app: &TestApp) -> Browser {
        let mut owner = people::logged_in(app, Transport::Plain, MIA).await;
        let reset = match self {
            Self::Settings => {
                owner.visit("/settings/password").await;
                let form = owner.form("password-form").fill("current_password", PASSWORD);
                let page = form.fill("password", NEW_PASSWORD).submit().await;
                assert_eq!(page.status(), 200, "{}", page.visible_text());
                return owner;
            }
            Self::Forgot => people::reset_path(app, MIA).await,
            Self::CompromiseReport => {
                owner.visit(&newest_link(app, MIA, "/not-me/").await).await;
                owner.form("not-me-form").submit().await;
                newest_link(app, MIA, "/reset-password/").await
            }
        };
        owner.visit(&reset).await;
        owner.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
        owner
    }
}

/// A browser on the log-in page with nothing but the device cookie of another.
async fn with_device_of(app: &TestApp, other: &Browser) -> Browser {
    let device = other.cookies().get(DEVICE).expect("it has logged in").value.clone();
    let mut browser = app.browser(Transport::Plain);
    browser.cookies_mut().plant(DEVICE, &device);
    browser.visit("/login").await;
    browser
}

/// RTL-09, LOG-13: a person who was in the account has no tries of a known device afterwards, and
/// does not come back without a mail to the owner.
#[tokio::test]
async fn a_new_password_makes_strangers_of_all_browsers() {
    for way in [Way::Forgot, Way::CompromiseReport, Way::Settings] {
        let app = open(|_| {}).await;
        people::sign_up(&app, MIA).await;
        let intruder = people::logged_in(&app, Transport::Plain, MIA).await;
        way.go(&app).await;
        let stranger = visitor(&app).await;
        for n in 0..10 {
            let answer = people::try_log_in(&stranger, MIA, WRONG).await;
            assert_eq!(answer.status(), 422, "{way:?} {n}");
        }

        let intruder = with_device_of(&app, &intruder).await;
        let answer = people::try_log_in(&intruder, MIA, WRONG).await;
        assert_eq!(answer.status(), 429, "{way:?}");
        app.clock.advance(QUARTER);
        mails_sent(&app).await;
        let before = app.mailbox.count_to(MIA).await;
        let answer = people::try_log_in(&intruder, MIA, NEW_PASSWORD).await;

        assert_eq!(answer.status(), 303, "{way:?}");
        let mail = app.mailbox.nth_to(MIA, before + 1).await;
        assert_eq!(mail.subject, NEW_BROWSER, "{way:?}");
    }
}

/// RTL-09: who changes the password in the settings is no stranger there.
#[tokio::test]
async fn the_browser_that_the_password_was_changed_in_stays_known() {
    let app = open(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let owner = Way::Settings.go(&app).await;
    let stranger = visitor(&app).await;
    for _ in 0..10 {
        people::try_log_in(&stranger, MIA, WRONG).await;
    }
    assert_eq!(people::try_log_in(&stranger, MIA, NEW_PASSWORD).await.status(), 429);

    let owner = with_device_of(&app, &owner).await;

    mails_sent(&app).await;
    let before = app.count("outbox").await;
    assert_eq!(people::try_log_in(&owner, MIA, NEW_PASSWORD).await.status(), 303);
    assert_eq!(app.count("outbox").await, before);
}

/// RTL-09: a device cookie belongs to an account, not to the next account with its address.
#[tokio::test]
async fn a_browser_is_no_friend_of_the_next_account_with_the_address() {
    let app = open(|_| {}).await;
    people::sign_up(&app, MIA).await;
    let former = people::logged_in(&app, Transport::Plain, MIA).await;
    app.database.execute("DELETE FROM users").await;
    people::sign_up(&app, MIA).await;
    let stranger = visitor(&app).await;
    for _ in 0..10 {
        people::try_log_in(&stranger, MIA, WRONG).await;
    }

    let former = with_device_of(&app, &former).await;

    assert_eq!(people::try_log_in(&former, MIA, WRONG).await.status(), 429);
    assert_eq!(post(&former, "/login", &[("email", MIA)]).await.status(), 422);
}
