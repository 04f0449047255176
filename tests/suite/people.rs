//! The people of the security tests: accounts made without a browser, and browsers
//! that are logged in to them.

#![expect(clippy::expect_used, reason = "an expectation that does not hold is a failed test")]

use std::time::Duration;

use auth::{AdminSecret, Client, LogIn, Order, ResetPassword, SavedSubmission, SeedAdmin};
use domain::{DisplayName, EmailAddress, Password, Principal};
use tests::{Answer, Browser, Mail, TestApp, Transport};
use tokio::time::sleep;

pub(crate) use crate::cast::{ADA, LEA, MIA, PASSWORD, ZOE};
use crate::factors;

/// The name of the proof cookie over https.
pub(crate) const PROOF: &str = "__Host-latchkey-proof";
/// The name of the session cookie over https.
pub(crate) const SESSION: &str = "__Host-latchkey-session";

/// Makes an account with an unconfirmed address, without the mail that asks for it.
pub(crate) async fn sign_up(app: &TestApp, email: &str) {
    seed_admin(app, email).await;
    demote(app, email).await;
}

/// Makes of an admin who was just seeded a user who signed up.
pub(crate) async fn demote(app: &TestApp, email: &str) {
    let user = format!("(SELECT id FROM users WHERE email = '{email}')");
    for sql in [
        "UPDATE users SET role = 'user', confirmed_at = NULL WHERE id =",
        "DELETE FROM security_events WHERE event = 'became_admin' AND user_id =",
        "UPDATE security_events SET actor = 'owner', ip_address = '127.0.0.1' WHERE user_id =",
    ] {
        app.database.execute(&format!("{sql} {user}")).await;
    }
}

/// Has the address of the account count as its owner's.
pub(crate) async fn confirm(app: &TestApp, email: &str) {
    let sql = format!("UPDATE users SET confirmed_at = created_at WHERE email = '{email}'");
    app.database.execute(&sql).await;
}

/// Has the operator give this order about the account.
pub(crate) async fn order(app: &TestApp, email: &str, order: Order) {
    app.accounts()
        .administration()
        .order(&address(email), order)
        .await
        .expect("there is the account");
}

/// A mail that proves an address, and the browser that asked for it.
pub(crate) struct Proof {
    /// The value of the cookie.
    pub(crate) cookie: String,
    /// The path of the link in the mail.
    pub(crate) path: String,
    /// The code in the mail.
    pub(crate) code: String,
}

/// Has the account asked for a mail that proves its address.
pub(crate) async fn proof(app: &TestApp, email: &str) -> Proof {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let log_in = given(email);
    let logged_in =
        app.accounts().sessions().log_in(log_in, None, &client).await.expect("the password");
    let sent = app.accounts().registration().send_proof(&logged_in.principal).await;
    let cookie = sent.expect("it is the first").expose().to_owned();
    app.accounts().sessions().log_out(&logged_in.principal, &client).await.expect("a session");
    mails_sent(app).await;
    let mail = app.mailbox.wait_for_link(email, "/confirm-address/").await;
    Proof { cookie, path: mail.link("/confirm-address/"), code: code_in(&mail) }
}

/// The path of a link that makes an account of this free address.
pub(crate) async fn sign_up_path(app: &TestApp, email: &str) -> String {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let asked = app.accounts().registration().request_sign_up(&address(email), &client).await;
    asked.expect("the database is there");
    newest_link(app, email, "/new-account/").await
}

/// Makes an admin.
pub(crate) async fn seed_admin(app: &TestApp, email: &str) {
    let seed = SeedAdmin {
        email: address(email),
        name: name(email),
        secret: AdminSecret::Password(password()),
        promote: false,
    };
    app.accounts().administration().seed_admin(seed).await.expect("the address is free");
}

/// A browser that is logged in to the account.
pub(crate) async fn logged_in(app: &TestApp, transport: Transport, email: &str) -> Browser {
    let mut browser = app.browser(transport);
    log_in(&mut browser, email).await;
    // From the second one on, the owner is told of a browser that is new.
    mails_sent(app).await;
    browser
}

/// Logs in in an anonymous browser.
pub(crate) async fn log_in(browser: &mut Browser, email: &str) {
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", email);
    let page = form.fill("password", PASSWORD).submit().await;
    assert!(page.is_logged_in(), "{email}: {}", page.visible_text());
}

/// Sends a log-in by hand; the browser has visited the log-in page.
pub(crate) async fn try_log_in(browser: &Browser, email: &str, password: &str) -> Answer {
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("password", password)];
    browser.raw("POST", "/login").same_origin().form(&fields).send().await
}

/// The id of the session that the browser is in.
pub(crate) fn session_of(browser: &Browser) -> String {
    browser.cookies().session().expect("somebody is logged in").value.clone()
}

/// Whether this session is alive.
pub(crate) async fn is_alive(app: &TestApp, session: &str) -> bool {
    let request = app.browser(Transport::Plain).raw("GET", "/profile");
    let answer = request.with_cookies(Some(format!("{SESSION}={session}"))).send().await;
    assert!(matches!(answer.status(), 200 | 303), "{} {}", answer.status, answer.body);
    answer.status() == 200
}

/// The path of a link that sets the account a new password.
pub(crate) async fn reset_path(app: &TestApp, email: &str) -> String {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let asked = app.accounts().credentials().request_password_reset(&address(email), &client).await;
    asked.expect("the database is there");
    newest_link(app, email, "/reset-password/").await
}

/// The path of a link that says that it was not the account's owner.
pub(crate) async fn compromise_report_path(app: &TestApp, email: &str) -> String {
    let reset = reset_path(app, email).await;
    let (_, token) = reset.rsplit_once('/').expect("a path with a token");
    let reset = ResetPassword { token: token.parse().expect("a token"), password: password() };
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    app.accounts().credentials().reset_password(reset, &client).await.expect("the token is good");
    newest_link(app, email, "/not-me/").await
}

/// The link of this kind in the newest mail that has one.
pub(crate) async fn newest_link(app: &TestApp, email: &str, prefix: &str) -> String {
    mails_sent(app).await;
    let mails = app.mailbox.all_to(email).await;
    let link = mails.iter().rev().find_map(|mail| mail.find_link(prefix));
    link.expect("a mail with such a link")
}

/// The path that ends another session of the browser's user; of an unknown session, where there is
/// no other.
pub(crate) async fn session_end_path(browser: &Browser) -> String {
    let body = browser.raw("GET", "/settings/sessions").send().await.body;
    let paths = body.split('"').filter(|text| text.starts_with("/settings/sessions/"));
    let end = paths.into_iter().find(|path| path.ends_with("/end"));
    end.unwrap_or("/settings/sessions/nobodys/end").to_owned()
}

/// The code in a mail that asks for a proof; it stands on a line of its own.
pub(crate) fn code_in(mail: &Mail) -> String {
    let is_code = |line: &&str| line.len() == 9 && line.find('-') == Some(4);
    mail.text.lines().find(is_code).expect("a code").to_owned()
}

/// The path of `route` with what stands for its parameters, where that is something of
/// the user's or a link in a mail about a change of the user's address.
pub(crate) async fn real_path(app: &TestApp, route: &str, user: &str) -> String {
    match route {
        "/sudo/{token}" => {
            let fields = vec![("email".to_owned(), "noah@example.test".to_owned())];
            let form = SavedSubmission::new("/forgot-password".to_owned(), fields);
            let sender = app.accounts().administration().find_user(&address(user)).await;
            let sender = sender.expect("the database is there").expect("the account exists");
            let token = app
                .accounts()
                .sessions()
                .hold_form(sender.id, &form)
                .await
                .expect("the database is there")
                .expect("it is kept");
            format!("/sudo/{}", token.expose().as_str())
        }
        "/new-account/{token}" => sign_up_path(app, &format!("free-{user}")).await,
        "/invitation/{token}" => crate::invitations::path(app).await,
        route if route.contains("{invitation}") => {
            route.replace("{invitation}", &crate::invitations::open(app).await)
        }
        "/confirm-email/{token}" => confirm_path(app, user, &format!("new-{user}")).await,
        "/undo-email/{token}" => undo_path(app, user, &format!("new-{user}")).await,
        other => factors::real_path(app, other, user).await,
    }
}

/// Gives the account the address `new`, in place of one that its owner has proven; the
/// path of the link that undoes it.
pub(crate) async fn undo_path(app: &TestApp, user: &str, new: &str) -> String {
    confirm(app, user).await;
    let confirm = confirm_path(app, user, new).await;
    let token = confirm.rsplit('/').next().and_then(|token| token.parse().ok());
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let token = token.expect("a token");
    let changed = app.accounts().account().confirm_email_change(&token, None, &client).await;
    changed.expect("the address is free");
    newest_link(app, user, "/undo-email/").await
}

/// The path of the link that gives the account the address `new`.
pub(crate) async fn confirm_path(app: &TestApp, user: &str, new: &str) -> String {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let principal = principal(app, user).await;
    let asked =
        app.accounts().account().request_email_change(&principal, &address(new), &client).await;
    asked.expect("the database is there");
    newest_link(app, new, "/confirm-email/").await
}

/// Who acts in a session of the account.
pub(crate) async fn principal(app: &TestApp, email: &str) -> Principal {
    let client = Client::new([192, 0, 2, 1].into(), "tests");
    let log_in = given(email);
    app.accounts()
        .sessions()
        .log_in(log_in, None, &client)
        .await
        .expect("the password is right")
        .principal
}

/// The page of the account in the admin area.
pub(crate) async fn user_page(app: &TestApp, email: &str) -> String {
    format!("/admin/users/{}", id_of(app, email).await)
}

/// Waits until the app has noted that every mail is sent, but those that a test keeps waiting.
pub(crate) async fn mails_sent(app: &TestApp) {
    let due = &format!(
        "SELECT 'due' FROM outbox WHERE due_at IS NOT NULL AND COALESCE(last_error, '') <> '{}'",
        crate::mail_admin::WAITING
    );
    while !app.database.texts(due).await.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
}

/// Has the account wait to be deleted, with its sessions as they are.
pub(crate) async fn wait_for_deletion(app: &TestApp, email: &str) {
    let sql = format!("UPDATE users SET delete_after = 4102444800000 WHERE email = '{email}'");
    app.database.execute(&sql).await;
}

/// The id of the account.
pub(crate) async fn id_of(app: &TestApp, email: &str) -> String {
    let found = app.accounts().administration().find_user(&address(email)).await;
    found.expect("the database is there").expect("the account exists").id.to_string()
}

/// The status in an answer as it came over the wire.
pub(crate) fn status_of(answer: &[u8]) -> u16 {
    let line = String::from_utf8_lossy(answer);
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

/// The address and the password, as the use cases take them.
fn given(email: &str) -> LogIn {
    let (email, password) = (address(email), password());
    LogIn { email, password, remember: false, next_path: None, remembered: None }
}

/// The address, as the use cases take it.
pub(crate) fn address(email: &str) -> EmailAddress {
    EmailAddress::parse(email).expect("an address")
}

fn name(email: &str) -> DisplayName {
    DisplayName::parse(email.split('@').next().unwrap_or_default()).expect("a name")
}

fn password() -> Password {
    Password::parse(PASSWORD).expect("a password")
}
