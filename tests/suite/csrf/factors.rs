//! The forms about second factors, as their user would send them.

use tests::TestApp;

use crate::{
    factors::{self, Phone},
    people,
};

/// Path, fields, and whether the form changes rows.
pub(super) type Form = (String, Vec<(&'static str, &'static str)>, bool);

/// The form of this route of a user who has what it is about; or that of another and the cookie of
/// their log-in that waits for its second factor.
pub(super) async fn form(
    app: &TestApp,
    route: &'static str,
    user: &str,
    other: &str,
) -> Option<(Form, Option<String>)> {
    let account = app.accounts().account();
    let path = factors::real_path(app, route, user).await;
    Some(match route {
        factors::SECOND => {
            let protection = factors::protect(app, other).await;
            let code = protection.codes.into_iter().next().expect("ten codes").leak();
            let cookie = factors::pending_cookie(app, other).await;
            ((path, vec![("recovery_code", code)], true), Some(cookie))
        }
        "/settings/factors/apps/new" => {
            let enrolment = account.begin_app(&people::principal(app, user).await).unwrap();
            let code = Phone::with(&enrolment.secret, &app.clock).code().leak();
            let setup = enrolment.sealed.leak();
            ((path, vec![("setup", setup), ("name", "Phone"), ("code", code)], true), None)
        }
        "/settings/factors/apps/{app}" => ((path, vec![("name", "Old phone")], true), None),
        "/settings/factors/apps/{app}/remove"
        | "/factor-reset/{token}"
        | "/keep-factors/{token}" => ((path, vec![], true), None),
        "/settings/factors/recovery-codes" | "/settings/factors/recovery-codes/file" => {
            factors::plant_app(app, user).await;
            let principal = people::principal(app, user).await;
            let setup = account.draw_recovery_codes(&principal).await.unwrap().sealed.leak();
            let writes = !route.ends_with("/file");
            ((path, vec![("setup", setup), ("saved", "1")], writes), None)
        }
        "/settings/browsers/{browser}/forget" => ((path, vec![], false), None),
        "/login/second/lost" => {
            factors::protect(app, other).await;
            ((path, vec![], true), Some(factors::pending_cookie(app, other).await))
        }
        "/settings/factors/keep" => {
            let sql =
                format!("UPDATE users SET factor_reset_at = 9999999999999 WHERE email = '{user}'");
            app.database.execute(&sql).await;
            ((path, vec![], true), None)
        }
        _ => return None,
    })
}
