//! The form of each route of the table, as its user would send it.

#![expect(clippy::panic, reason = "a route without a form is a failed test")]

use tests::{Browser, RawRequest, TestApp};
use web::RouteInfo;

use super::{factors, passkeys};
use crate::{
    mail_admin,
    people::{self, ADA, MIA, PASSWORD, Proof},
};

/// The password that replaces it.
pub(super) const OTHER_PASSWORD: &str = "a horse of another colour";

/// A form as its owner would send it.
pub(crate) struct Case {
    pub(super) route: RouteInfo,
    pub(crate) path: String,
    pub(crate) fields: Vec<(&'static str, &'static str)>,
    /// The address of the account whose form it is.
    pub(super) user: String,
    /// What a browser is known by that waits for a mail.
    pub(crate) proof: String,
    /// What a browser is known by whose log-in waits for its second factor.
    pub(super) pending: Option<String>,
    /// Whether it changes rows.
    pub(super) writes: bool,
}

impl Case {
    /// The same, with what only its visitor can know: what another session of theirs
    /// goes by.
    pub(crate) async fn known_to(mut self, app: &TestApp, browser: &Browser) -> Self {
        if self.path.contains("{mail}") {
            mail_admin::keep_a_mail_waiting(app).await;
            self.path = mail_admin::mail_send_path(browser).await;
        }
        if self.path.contains("{invitation}") {
            self.path = people::real_path(app, &self.path, ADA).await;
        }
        if self.path.contains("{session}") {
            self.path = people::session_end_path(browser).await;
        }
        passkeys::known_to(&mut self, app, browser).await;
        self
    }

    /// Gives the browser the log-in that waits, where the form is about one.
    pub(crate) fn plant_pending(&self, browser: &mut Browser) {
        if let Some(pending) = &self.pending {
            browser.cookies_mut().plant(crate::factors::PENDING, pending);
        }
    }

    pub(super) fn request(&self, browser: &Browser, token: Option<&str>) -> RawRequest {
        let mut fields = self.fields.clone();
        fields.extend(token.map(|token| ("csrf_token", token)));
        browser.raw(self.route.method.as_str(), &self.path).same_origin().form(&fields)
    }
}

/// The form of a route of `user`, who has what it is about, or of `other`.
pub(crate) async fn case(
    app: &TestApp,
    route: RouteInfo,
    link: &str,
    proof: Proof,
    [user, other]: [&str; 2],
) -> Case {
    if let Some((form, pending)) = factors::form(app, route.path, user, other).await {
        let ((path, fields, writes), proof) = (form, proof.cookie);
        let user = user.to_owned();
        return Case { route, path, fields, user, proof, pending, writes };
    }
    let is_about_user = route.path.contains("{id}");
    let id = if is_about_user { people::id_of(app, user).await } else { String::new() };
    Case { user: user.to_owned(), ..form(route, link, proof, &id) }
}

/// The one place where a new route is given its form.
fn form(route: RouteInfo, link: &str, proof: Proof, user_id: &str) -> Case {
    let email = ("email", "noah@example.test");
    let (path, fields, writes) = match route.path {
        "/signup" => {
            ("/signup".to_owned(), vec![email, ("name", "Noah"), ("password", PASSWORD)], true)
        }
        "/signup/check" => ("/signup/check".to_owned(), vec![email, ("field", "email")], false),
        "/login" => ("/login".to_owned(), vec![("email", MIA), ("password", PASSWORD)], true),
        "/language" => {
            ("/language".to_owned(), vec![("language", "de"), ("next", "/login")], false)
        }
        "/logout" => ("/logout".to_owned(), vec![], true),
        // Nothing was asked for, so they change nothing.
        "/forgot-password/resend" | "/settings/email/resend" | "/settings/email/cancel" => {
            (route.path.to_owned(), vec![], false)
        }
        "/new-account/{token}" | "/invitation/{token}" => {
            (link.to_owned(), vec![("name", "Noah"), ("password", OTHER_PASSWORD)], true)
        }
        "/reset-password/{token}" => (link.to_owned(), vec![("password", OTHER_PASSWORD)], true),
        "/not-me/{token}" | "/confirm-email/{token}" | "/undo-email/{token}" => {
            (link.to_owned(), vec![], true)
        }
        "/settings/profile" => (route.path.to_owned(), vec![("name", "Mia Muster")], true),
        "/settings/password" => {
            let fields = vec![("current_password", PASSWORD), ("password", OTHER_PASSWORD)];
            (route.path.to_owned(), fields, true)
        }
        "/confirm-address/{token}" => (proof.path, vec![("renew", "1")], true),
        "/mailbox/code" => (route.path.to_owned(), vec![("code", &*proof.code.leak())], true),
        "/mailbox/resend"
        | "/settings/sessions/{session}/end"
        | "/settings/sessions/end-others"
        | "/settings/data/export"
        | "/settings/data/delete"
        | "/account-deletion/cancel" => (route.path.to_owned(), vec![], true),
        "/mailbox/email" | "/settings/email" | "/forgot-password" | "/login/forgot-password" => {
            (route.path.to_owned(), vec![email], true)
        }
        "/sudo" => ("/sudo".to_owned(), vec![("password", PASSWORD)], true),
        "/sudo/{token}" => (link.to_owned(), vec![("password", PASSWORD)], true),
        other => passkeys::form(other, user_id)
            .unwrap_or_else(|| panic!("write down a form for {} {other}", route.method)),
    };
    let (user, proof) = (String::new(), proof.cookie);
    Case { route, path, fields, user, proof, pending: None, writes }
}
