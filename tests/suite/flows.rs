//! The steps that the tests of the features begin with, and the whole ways through
//! the app that cross several features.

use auth::{AdminSecret, SeedAdmin, SignUp};
use domain::{DisplayName, EmailAddress, Password};
use tests::{Answer, Browser, TestApp, Transport};

pub(crate) use crate::cast::{ADA, MIA, NEW_PASSWORD, PASSWORD};
use crate::{passkeys, people};

/// Makes an account past the pages, without the mail that asks to confirm its address;
/// the name is the address without its domain.
pub(crate) async fn make_user(app: &TestApp, email: &str) {
    make_admin(app, email).await;
    people::demote(app, email).await;
}

/// Makes an account with more rights past the pages.
pub(crate) async fn make_admin(app: &TestApp, email: &str) {
    let SignUp { email, name, password } = account(email);
    let secret = AdminSecret::Password(password);
    let seed = SeedAdmin { email, name, secret, promote: true };
    app.accounts().administration().seed_admin(seed).await.expect("the admin is made");
}

/// Signs up by the form; the browser is on the page that follows.
pub(crate) async fn sign_up(browser: &mut Browser, email: &str) {
    sign_up_with(browser, email, PASSWORD).await;
}

/// The same with another password.
pub(crate) async fn sign_up_with(browser: &mut Browser, email: &str, password: &str) {
    browser.visit("/signup").await;
    let form = browser.form("signup-form").fill("email", email).fill("name", "Mia");
    let page = form.fill("password", password).submit().await;
    assert_eq!(page.status(), 200, "{}", page.visible_text());
}

/// Asks for the mail of a sign-up that begins with the address; the browser waits for it.
pub(crate) async fn request_sign_up(browser: &mut Browser, email: &str) {
    browser.visit("/signup").await;
    let page = browser.form("signup-form").fill("email", email).submit().await;
    assert_eq!((page.status(), page.path().as_str()), (200, "/mailbox"), "{}", page.visible_text());
}

/// Sets the name and the password of a new account; the browser shows that page.
pub(crate) async fn name_account(browser: &mut Browser) {
    let form = browser.form("signup-form").fill("name", "Mia");
    let page = form.fill("password", PASSWORD).submit().await;
    assert!(page.is_logged_in(), "{}", page.visible_text());
}

/// Asks by the form for a link to set a new password.
pub(crate) async fn ask_for_reset(browser: &mut Browser, email: &str) {
    browser.visit("/forgot-password").await;
    browser.form("forgot-password-form").fill("email", email).submit().await;
}

/// A browser in which `email` is logged in, on the page that follows.
pub(crate) async fn logged_in(app: &TestApp, transport: Transport, email: &str) -> Browser {
    let mut browser = app.browser(transport);
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", email);
    let page = form.fill("password", PASSWORD).submit().await;
    assert_eq!(page.path(), "/profile", "{}", page.visible_text());
    browser
}

/// Whether `email` can log in with `password`.
pub(crate) async fn can_log_in(app: &TestApp, email: &str, password: &str) -> bool {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let fields = [("email", email), ("password", password)];
    let status = post(&browser, "/login", &fields).await.status();
    assert!(matches!(status, 303 | 422), "logging in is answered with {status}");
    status == 303
}

/// Posts `fields` as a form of the page that `browser` shows would, and stays there.
pub(crate) async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = browser.csrf_token();
    let mut all = vec![("csrf_token", token.as_str())];
    all.extend_from_slice(fields);
    let request = browser.raw("POST", path).same_origin();
    let is_partial = browser.transport() == Transport::HtmxPartial;
    let request = if is_partial { request.htmx_partial() } else { request };
    request.form(&all).send().await
}

/// The answer without what differs from one request to the next: the names of its
/// headers, and its body without `secrets`.
pub(crate) fn masked(answer: &Answer, secrets: &[&str]) -> (u16, Vec<String>, String) {
    let mut headers: Vec<String> = answer.headers.keys().map(ToString::to_string).collect();
    headers.sort();
    let mask = |body: String, secret: &&str| body.replace(*secret, "*");
    let body = passkeys::without_challenge(&answer.body);
    (answer.status(), headers, secrets.iter().fold(body, mask))
}

fn account(email: &str) -> SignUp {
    let email = EmailAddress::parse(email).expect("an address");
    let name = DisplayName::parse(email.local()).expect("a name");
    SignUp { email, name, password: Password::parse(PASSWORD).expect("a password") }
}

/// What a visitor saw at each step, and what was left in the database.
#[derive(Debug, Default, PartialEq, Eq)]
struct Story {
    seen: Vec<(u16, String, String)>,
    rows: Vec<(String, usize)>,
}

impl Story {
    fn note(&mut self, browser: &Browser) {
        let page = browser.page();
        let mut text = page.visible_text();
        if page.status() == 422 && !page.flash().is_empty() {
            // A form that comes back alone leaves the sentence above it where it was.
            text = text.replace(&format!("{} ", page.flash()), "");
        }
        self.seen.push((page.status(), page.path(), text));
    }

    async fn end(mut self, app: &TestApp) -> Self {
        self.rows = app.database.counts().await.into_iter().collect();
        self
    }
}

/// Signs up, mistypes, logs in, logs out, and comes back by a mailed link.
async fn live_through_it_all(transport: Transport) -> Story {
    let (app, mut story) = (TestApp::start().await, Story::default());
    let mut browser = app.browser(transport);
    browser.visit("/signup").await;
    browser.form("signup-form").fill("email", MIA).submit().await;
    story.note(&browser);
    let form = browser.form("signup-form").fill("name", "Mia");
    form.fill("password", PASSWORD).submit().await;
    story.note(&browser);
    browser.form("login-form").fill("password", "a duck on the truck").submit().await;
    story.note(&browser);
    browser.form("login-form").fill("password", PASSWORD).submit().await;
    story.note(&browser);
    browser.form("logout-form").submit().await;
    story.note(&browser);
    browser.visit("/forgot-password").await;
    browser.form("forgot-password-form").fill("email", MIA).submit().await;
    story.note(&browser);
    browser
        .visit(&app.mailbox.wait_for_link(MIA, "/reset-password/").await.link("/reset-password/"))
        .await;
    browser.form("reset-password-form").fill("password", "short").submit().await;
    story.note(&browser);
    if let Some((_, path, _)) = story.seen.last_mut() {
        path.truncate("/reset-password/".len());
    }
    browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    story.note(&browser);
    app.mailbox.nth_to(MIA, 2).await;
    story.end(&app).await
}

/// One form, three transports (contract.md §4): the same words, the same addresses
/// and the same rows; a mistake is a 422 in each.
#[tokio::test]
async fn the_whole_life_of_an_account_is_the_same_in_each_transport() {
    let plain = live_through_it_all(Transport::Plain).await;

    for transport in [Transport::HtmxPartial, Transport::HtmxFull] {
        let other = live_through_it_all(transport).await;
        for (here, there) in plain.seen.iter().zip(&other.seen) {
            assert_eq!(here, there, "{transport:?}");
        }
        assert_eq!(plain.rows, other.rows, "{transport:?}");
    }
}

/// REG-15: a fresh database has no users, and the first sign-up does not become an admin.
#[tokio::test]
async fn a_fresh_app_has_no_users_and_makes_no_admin_of_the_first() {
    let app = TestApp::start().await;
    assert_eq!(app.count("users").await, 0);

    make_user(&app, MIA).await;

    let browser = logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(app.database.texts("SELECT role FROM users").await, ["user"]);
    assert!(!browser.page().nav_links().contains(&"/admin/users".to_owned()));
}
