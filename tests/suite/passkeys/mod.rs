//! Passkeys, with a software authenticator: adding, using and removing them, and answers that no
//! authenticator gives.

mod again;
mod factor;
mod hostile;
mod log_in;
mod passwordless;
mod races;
mod registration;
mod thief;

use tests::{Authenticator, Browser, Page, TestApp, Transport};

use crate::{
    cast::{EVE, MIA},
    flows::make_user,
    people::{self, confirm},
};

/// The page that adds a passkey.
pub(crate) const NEW: &str = "/settings/factors/passkeys/new";
/// The page with the factors of an account.
const LIST: &str = "/settings/factors";

/// An app in which Mia has confirmed her address, and a browser in which she is logged in.
async fn app_with_mia(app: TestApp, transport: Transport) -> (TestApp, Browser) {
    let browser = confirmed_user(&app, transport, MIA).await;
    (app, browser)
}

/// Makes an account with a confirmed address, and logs in to it.
pub(crate) async fn confirmed_user(app: &TestApp, transport: Transport, email: &str) -> Browser {
    make_user(app, email).await;
    confirm(app, email).await;
    people::logged_in(app, transport, email).await
}

/// The options in the page, as the script reads them.
pub(crate) fn options(page: &Page) -> String {
    let prompt = page.dom().find("[data-passkey]").expect("a button for a passkey");
    prompt.attr("data-options").expect("options").to_owned()
}

/// Adds a passkey of the authenticator to the account of the browser.
pub(crate) async fn add_passkey<'a>(
    browser: &'a mut Browser,
    authenticator: &mut Authenticator,
) -> &'a Page {
    let answer = authenticator.create(&options(browser.visit(NEW).await));
    browser.form("new-passkey-form").fill("passkey", &answer).submit().await
}

/// Saves the recovery codes that the browser shows after the first factor, so that log-ins ask for
/// a factor from now on.
pub(crate) async fn save_codes(browser: &mut Browser) {
    let page = browser.form("save-codes-form").check("saved").submit().await;
    assert_eq!(page.path(), LIST, "{}", page.visible_text());
}

/// Logs in with a passkey on the log-in page that the browser shows.
pub(crate) async fn log_in_with<'a>(
    browser: &'a mut Browser,
    authenticator: &mut Authenticator,
) -> &'a Page {
    let answer = authenticator.get(&options(browser.page()));
    browser.form("login-form").fill("passkey", &answer).submit().await
}

/// Puts a passkey that opens nothing into the SQLite database, in place of an earlier one, and
/// returns its id.
pub(crate) async fn plant(app: &TestApp, email: &str) -> &'static str {
    const ID: &str = "01234567-89ab-4def-8123-456789abcdef";
    let (id, user) = (ID.replace('-', ""), people::id_of(app, email).await.replace('-', ""));
    app.database.execute(&format!("DELETE FROM passkeys WHERE id = X'{id}'")).await;
    let sql = format!(
        "INSERT INTO passkeys (id, user_id, credential_id, credential, name, aaguid, counter, \
         is_backup_eligible, is_backed_up, transports, created_at) VALUES (X'{id}', X'{user}', \
         X'00', '', 'Key', X'{id}', 0, FALSE, FALSE, '', 0)"
    );
    app.database.execute(&sql).await;
    ID
}

/// A page without the challenge for a passkey, which is another one each time.
pub(crate) fn without_challenge(body: &str) -> String {
    let starts = ["data-options=\"", "name=\"ceremony\" value=\""];
    starts.iter().fold(body.to_owned(), |body, start| {
        let Some((before, after)) = body.split_once(start) else { return body };
        let (_, rest) = after.split_once('"').expect("the end of an attribute");
        format!("{before}{start}*\"{rest}")
    })
}

/// An app in which Mia has a passkey, and her authenticator.
async fn app_with_passkey(app: TestApp) -> (TestApp, Authenticator) {
    let (app, mut browser) = app_with_mia(app, Transport::Plain).await;
    let mut authenticator = Authenticator::new(app.public_url());
    let page = add_passkey(&mut browser, &mut authenticator).await;
    assert_eq!(page.flash(), "Passkey added.", "{}", page.visible_text());
    (app, authenticator)
}

/// An app in which Mia has a passkey and recovery codes, so that log-ins ask for a factor; her
/// browser, and her authenticator.
async fn protected(app: TestApp, transport: Transport) -> (TestApp, Browser, Authenticator) {
    let (app, mut browser) = app_with_mia(app, transport).await;
    let mut authenticator = Authenticator::new(app.public_url());
    add_passkey(&mut browser, &mut authenticator).await;
    save_codes(&mut browser).await;
    (app, browser, authenticator)
}

/// Answers the button for a passkey in this form of the browser's page.
async fn answer<'a>(
    browser: &'a mut Browser,
    form: &str,
    authenticator: &mut Authenticator,
) -> &'a Page {
    let answer = authenticator.get(&options(browser.page()));
    browser.form(form).fill("passkey", &answer).submit().await
}

/// The stored passkeys, with everything that a use could change.
async fn passkeys(app: &TestApp) -> Vec<String> {
    app.database.rows("passkeys").await
}
