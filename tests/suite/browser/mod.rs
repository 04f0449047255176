//! Tests that need a real browser: focus, keys, Back, colours, content security policy, and how
//! htmx handles answers. The real binary serves, and Chromium visits. Without Chromium these tests
//! pass without a check, and `cargo xtask test` reports that.
//!
//! To take the pictures of the documents again, run `TEST_SCREENSHOT=$PWD/docs/tour cargo xtask test
//! takes_its_pictures`.

mod access;
mod account_area;
mod development;
mod factors;
mod forms;
mod injection;
mod invitations;
mod keyboard;
mod lost_factors;
mod navigation;
mod network;
mod passkey_factor;
mod passkeys;
mod password_reset;
mod sessions;
mod settings;
mod tabs;
mod tour;
mod user_admin;
mod visitor;
mod without_scripts;

use tests::{ServerProcess, Transport, support::database::Database};
pub(crate) use visitor::Visitor;

pub(crate) use crate::cast::{MIA, PASSWORD};

pub(crate) const ROOT: &str = "root@example.test";
/// Disables the session cache, so that the server notices at once when a test changes a session in
/// the database.
pub(crate) const NO_CACHE: (&str, &str) = ("LATCHKEY__SESSION__CACHE_TTL", "0s");

/// Starts a server with an account for Mia.
pub(crate) async fn site() -> ServerProcess {
    site_with(&[]).await
}

/// Starts a server with an account for Mia and with these settings.
pub(crate) async fn site_with(environment: &[(&str, &str)]) -> ServerProcess {
    let server = ServerProcess::start(environment).await;
    add_account(&server, MIA, "Mia").await;
    server
}

/// Starts a server with an account for Mia and one for an admin.
pub(crate) async fn site_with_admin() -> ServerProcess {
    let server = site().await;
    add_account(&server, ROOT, "Root").await;
    promote(&server, ROOT).await;
    server
}

/// Signs a user up without Chromium.
pub(crate) async fn add_account(server: &ServerProcess, email: &str, name: &str) {
    let mut browser = server.browser(Transport::Plain);
    browser.visit("/signup").await;
    let form = browser.form("signup-form").fill("email", email).fill("name", name);
    let page = form.fill("password", PASSWORD).submit().await;
    assert_eq!(page.path(), "/login", "{email}");
}

/// Makes the user an admin in the database.
pub(crate) async fn promote(server: &ServerProcess, email: &str) {
    let sql = format!("UPDATE users SET role = 'admin' WHERE email = '{email}'");
    assert_eq!(database(server).await.execute(&sql).await, 1);
}

/// Opens the server's database.
pub(crate) async fn database(server: &ServerProcess) -> Database {
    let file = server.folder().path().join("latchkey.db");
    Database::connect(&format!("sqlite://{}", file.display())).await
}
