//! How much the usual tasks ask of a person: the clicks, the fields and the mails that have to be
//! opened, each beside its target. A link in a mail counts as a click. A task begins where a person
//! usually is: on the home page, at the log-in page, or on the profile that a log-in leads to.

use auth::SignupMode;
use tests::{Browser, TestApp, Transport};

use crate::{
    cast::NEW_MIA,
    flows::{MIA, NEW_PASSWORD, PASSWORD, logged_in, make_user},
    people::{self, newest_link},
};

/// A person at work.
struct Task<'a> {
    app: &'a TestApp,
    browser: Browser,
    clicks: u32,
    fields: u32,
    mails: u32,
}

impl<'a> Task<'a> {
    fn begin(app: &'a TestApp, browser: Browser) -> Self {
        Self { app, browser, clicks: 0, fields: 0, mails: 0 }
    }

    async fn click(&mut self, link: &str) {
        self.clicks += 1;
        let page = self.browser.click(link).await;
        assert_eq!(page.status(), 200, "{link}: {}", page.visible_text());
    }

    async fn submit(&mut self, form: &str, fields: &[(&str, &str)], button: Option<&str>) {
        self.clicks += 1;
        self.fields += u32::try_from(fields.len()).unwrap();
        let filler = self.browser.form(form);
        let filler = fields.iter().fold(filler, |form, (name, text)| form.fill(name, text));
        let page = match button {
            Some(button) => filler.button(button).submit().await,
            None => filler.submit().await,
        };
        assert_eq!(page.status(), 200, "{form}: {}", page.visible_text());
    }

    async fn open_mail(&mut self, email: &str, link: &str) {
        (self.clicks, self.mails) = (self.clicks + 1, self.mails + 1);
        let link = newest_link(self.app, email, link).await;
        assert_eq!(self.browser.visit(&link).await.status(), 200);
    }

    /// The clicks, fields and mails are at or below the target.
    #[track_caller]
    fn ends_at(&self, path: &str, target: (u32, u32, u32)) {
        assert_eq!(self.browser.path(), path, "{}", self.browser.text());
        let (clicks, fields, mails) = target;
        let taken = (self.clicks, self.fields, self.mails);
        assert!(
            self.clicks <= clicks && self.fields <= fields && self.mails <= mails,
            "{taken:?} of {target:?}"
        );
    }
}

async fn app(signup: SignupMode) -> TestApp {
    TestApp::with(|settings| settings.accounts.signup = signup).await
}

async fn visitor(app: &TestApp, transport: Transport, path: &str) -> Browser {
    let mut browser = app.browser(transport);
    browser.visit(path).await;
    browser
}

/// An app, and a user who has just logged in.
async fn member(transport: Transport) -> (TestApp, Browser) {
    let app = app(SignupMode::Open).await;
    make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    let browser = logged_in(&app, transport, MIA).await;
    (app, browser)
}

#[tokio::test]
async fn signing_up_takes_three_clicks_and_four_fields() {
    for transport in Transport::ALL {
        let app = app(SignupMode::Open).await;
        let mut task = Task::begin(&app, visitor(&app, transport, "/").await);
        task.click("Sign up").await;
        let fields = [("email", MIA), ("name", "Mia"), ("password", PASSWORD)];
        task.submit("signup-form", &fields, None).await;
        task.submit("login-form", &[("password", PASSWORD)], None).await;

        task.ends_at("/profile", (3, 4, 0));
    }
}

#[tokio::test]
async fn a_confirmed_sign_up_takes_four_clicks_three_fields_and_a_mail() {
    for transport in Transport::ALL {
        let app = app(SignupMode::Confirmed).await;
        let mut task = Task::begin(&app, visitor(&app, transport, "/").await);
        task.click("Sign up").await;
        task.submit("signup-form", &[("email", MIA)], None).await;
        task.open_mail(MIA, "/new-account/").await;
        task.submit("signup-form", &[("name", "Mia"), ("password", PASSWORD)], None).await;

        task.ends_at("/profile", (4, 3, 1));
    }
}

#[tokio::test]
async fn a_forgotten_password_takes_four_clicks_three_fields_and_a_mail() {
    for transport in Transport::ALL {
        let (app, _) = member(transport).await;
        let mut task = Task::begin(&app, visitor(&app, transport, "/login").await);
        task.submit("login-form", &[("email", MIA)], Some("Forgot your password?")).await;
        task.open_mail(MIA, "/reset-password/").await;
        task.submit("reset-password-form", &[("password", NEW_PASSWORD)], None).await;
        task.submit("login-form", &[("password", NEW_PASSWORD)], None).await;

        task.ends_at("/profile", (4, 3, 1));
    }
}

#[tokio::test]
async fn another_address_takes_four_clicks_and_a_field() {
    for transport in Transport::ALL {
        let (app, browser) = member(transport).await;
        let mut task = Task::begin(&app, browser);
        task.click("Email").await;
        task.submit("email-form", &[("email", NEW_MIA)], None).await;
        task.open_mail(NEW_MIA, "/confirm-email/").await;
        task.submit("confirm-email-form", &[], None).await;

        task.ends_at("/", (4, 1, 2));
    }
}

#[tokio::test]
async fn ending_another_session_takes_three_clicks() {
    for transport in Transport::ALL {
        let (app, browser) = member(transport).await;
        logged_in(&app, Transport::Plain, MIA).await;
        let mut task = Task::begin(&app, browser);
        task.click("Sessions").await;
        let form = task.browser.page().dom().find("form[id^=end-session-form]");
        let form = form.and_then(|form| form.attr("id")).unwrap().to_owned();
        task.submit(&form, &[], None).await;

        task.ends_at("/settings/sessions", (3, 0, 0));
        assert_eq!(app.count("sessions").await, 1, "{transport:?}");
    }
}

#[tokio::test]
async fn deleting_the_account_takes_five_clicks_and_is_asked_once() {
    for transport in Transport::ALL {
        let (app, browser) = member(transport).await;
        let mut task = Task::begin(&app, browser);
        task.click("Data").await;
        task.click("Delete account…").await;
        task.submit("delete-account-form", &[], None).await;

        task.ends_at("/", (5, 0, 1));
        assert_eq!(app.count("sessions").await, 0, "{transport:?}");
    }
}
