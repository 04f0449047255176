//! The forms of passkeys, as their owner would send them.

use tests::{Authenticator, Browser, TestApp, support::dom::Dom};

use super::case::{Case, OTHER_PASSWORD};
use crate::passkeys::{self, NEW};

/// Path, fields, and whether the form changes rows once [`known_to`] has run.
type Form = (String, Vec<(&'static str, &'static str)>, bool);

/// The form of this route, or of one of the admin area.
pub(super) fn form(path: &'static str, user_id: &str) -> Option<Form> {
    Some(match path {
        NEW | "/settings/factors/passkeys/{passkey}/remove" => (path.to_owned(), vec![], true),
        "/settings/factors/passkeys/{passkey}/name" => {
            (path.to_owned(), vec![("name", "Phone")], true)
        }
        "/settings/password/set" | "/settings/password/remove" => {
            (path.to_owned(), vec![("password", OTHER_PASSWORD)], true)
        }
        other => return super::admin::form(other, user_id),
    })
}

/// The same, with a passkey of the browser's user, or an answer to the challenge in its page.
pub(super) async fn known_to(case: &mut Case, app: &TestApp, browser: &Browser) {
    if case.path.contains("{passkey}") {
        let id = passkeys::plant(app, &case.user).await;
        case.path = case.path.replace("{passkey}", id);
    }
    if case.path == "/settings/password/set" {
        let sql = format!("UPDATE users SET password_hash = '!' WHERE email = '{}'", case.user);
        app.database.execute(&sql).await;
    }
    if case.path == "/settings/password/remove" {
        passkeys::plant(app, &case.user).await;
        let user = format!("(SELECT id FROM users WHERE email = '{}')", case.user);
        for sql in [
            "UPDATE users SET second_factor_since = 1 WHERE id =",
            "UPDATE sessions SET factor_at = authenticated_at, assurance = 'passkey' WHERE user_id =",
            "INSERT INTO recovery_codes (user_id, place, code_hash, created_at) \
             SELECT user_id, '22', '', 0 FROM passkeys WHERE user_id =",
        ] {
            app.database.execute(&format!("{sql} {user}")).await;
        }
    }
    if case.path == NEW {
        let page = Dom::parse(&browser.raw("GET", NEW).send().await.body);
        let prompt = page.find("[data-passkey]").expect("a button for a passkey");
        let options = prompt.attr("data-options").expect("options");
        let answer = Authenticator::new(app.public_url()).create(options);
        let ceremony = page.find("[name=ceremony]").and_then(|field| field.attr("value"));
        let ceremony = ceremony.expect("a sealed state").to_owned();
        case.fields.extend([("passkey", &*answer.leak()), ("ceremony", &*ceremony.leak())]);
    }
}
