//! The forms of the admin area, as their admin would send them.

use tests::{TestApp, Transport};

use crate::people::{self, MIA};

/// Path, fields, and whether the form changes rows once [`prepare`] has run.
type Form = (String, Vec<(&'static str, &'static str)>, bool);

/// The form of this route, about the user.
pub(super) fn form(path: &'static str, user_id: &str) -> Option<Form> {
    Some(match path {
        "/admin/users/{id}/role" | "/admin/users/{id}/roles" => {
            (path.replace("{id}", user_id), vec![("role", "admin")], true)
        }
        "/admin/users/{id}/delete" => (path.replace("{id}", user_id), vec![("email", MIA)], true),
        "/admin/users/{id}/disable"
        | "/admin/users/{id}/enable"
        | "/admin/users/{id}/end-sessions"
        | "/admin/users/{id}/send-reset"
        | "/admin/users/{id}/confirm"
        | "/admin/users/{id}/reset-factors"
        | "/admin/users/{id}/keep" => {
            (path.replace("{id}", user_id), vec![("reason", "spam")], true)
        }
        "/admin/invitations" => {
            let fields = vec![("email", "olga@example.test"), ("role", "admin"), ("reason", "")];
            (path.to_owned(), fields, true)
        }
        "/admin/users/export"
        | "/admin/mail/test"
        | "/admin/mail/{mail}/send"
        | "/admin/invitations/{invitation}/resend"
        | "/admin/invitations/{invitation}/revoke" => (path.to_owned(), vec![], true),
        _ => return None,
    })
}

/// Has the account in a state that the form changes.
pub(super) async fn prepare(app: &TestApp, path: &str) {
    let is_of_use = match path {
        "/admin/users/{id}/enable" => "disabled_at = 1",
        "/admin/users/{id}/keep" => "delete_after = 4102444800000",
        "/admin/users/{id}/confirm" => "confirmed_at = NULL",
        "/admin/users/{id}/reset-factors" => "second_factor_since = 1",
        _ => "name = name",
    };
    let sql = format!("UPDATE users SET {is_of_use} WHERE email = '{MIA}'");
    app.database.execute(&sql).await;
    if path == "/admin/users/{id}/end-sessions" {
        people::logged_in(app, Transport::Plain, MIA).await;
    }
}
