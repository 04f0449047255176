//! Second factors: authentication apps, recovery codes and the second step of a log-in. Here are
//! the steps that these tests share.

#![expect(clippy::indexing_slicing, reason = "an expectation that does not hold is a failed test")]

mod changes;
mod enrolment;
mod keys;
mod log_in;
pub(crate) mod mails;
mod moments;
mod pending;
mod remembered;
mod report;
mod required;
mod reset;
mod several;
mod shut;
mod sudo;
mod work;

use std::time::Duration;

use auth::{Accounts, AddApp, Client, LogIn, LogInByCode, LogInError};
use domain::{Clock, DisplayName, FactorId, Password, Principal};
use tests::{Backend, Browser, Page, TestApp, Transport};
use totp_rs::{Builder, Totp};

use crate::{
    flows::{MIA, PASSWORD, make_user},
    people,
};

/// The address of the second step.
pub(crate) const SECOND: &str = "/login/second";
/// The name of the cookie of a pending log-in over https.
pub(crate) const PENDING: &str = "__Host-latchkey-login";
/// The time step of an authentication app (RFC 6238).
pub(crate) const STEP: Duration = Duration::from_secs(30);

/// An authentication app on a phone that follows the test clock.
pub(crate) struct Phone {
    totp: Totp,
    clock: Clock,
}

/// The second factors of an account.
pub(crate) struct Protection {
    pub(crate) phone: Phone,
    /// The recovery codes, as shown to the owner.
    pub(crate) codes: Vec<String>,
}

impl Phone {
    /// A phone with this secret, which is encoded in Base32.
    pub(crate) fn with(secret: &str, clock: &Clock) -> Self {
        let secret: [u8; 20] = from_base32(secret).try_into().expect("160 bits");
        Self { totp: Builder::new().with_secret(secret).build_noncompliant(), clock: clock.clone() }
    }

    /// The current code.
    pub(crate) fn code(&self) -> String {
        self.code_at(self.clock.now().as_seconds())
    }

    /// Advances the clock by one step and returns the new code, because no code works twice.
    pub(crate) fn next_code(&self) -> String {
        self.clock.advance(STEP);
        self.code()
    }

    /// The code at this Unix time, in seconds.
    pub(crate) fn code_at(&self, seconds: i64) -> String {
        self.totp.generate(u64::try_from(seconds).unwrap()).to_string()
    }

    /// A code that the phone does not show within a minute before or after now.
    pub(crate) fn wrong_code(&self) -> String {
        let now = self.clock.now().as_seconds();
        let right: Vec<_> = (-2..=2).map(|step| self.code_at(now + step * 30)).collect();
        let mut all = (0..).map(|n| format!("{n:06}"));
        all.find(|code| !right.contains(code)).unwrap()
    }
}

fn from_base32(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for symbol in text.bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'2'..=b'7' => symbol - b'2' + 26,
            _ => panic!("{text} is not in base 32"),
        };
        bits = (bits << 5) | u32::from(value);
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

/// A test app with an account that has an authentication app and recovery codes.
pub(crate) async fn protected(backend: Backend) -> (TestApp, Protection) {
    let app = TestApp::on(backend, |_| {}).await;
    make_user(&app, MIA).await;
    let protection = protect(&app, MIA).await;
    (app, protection)
}

/// Gives the account an authentication app and recovery codes, without using the pages.
pub(crate) async fn protect(app: &TestApp, email: &str) -> Protection {
    people::confirm(app, email).await;
    let principal = people::principal(app, email).await;
    let protection = protect_by(app.accounts(), &app.clock, &principal).await;
    people::mails_sent(app).await;
    protection
}

/// Does the same for the principal through the given use cases, and ends the principal's session.
pub(crate) async fn protect_by(
    accounts: &Accounts,
    clock: &Clock,
    principal: &Principal,
) -> Protection {
    let (phone, principal) = add_app_by(accounts, clock, principal, "Phone").await;
    let account = accounts.account();
    let drawn = account.draw_recovery_codes(&principal).await.unwrap();
    account.save_recovery_codes(&principal, &drawn.sealed, &client()).await.unwrap();
    accounts.sessions().log_out(&principal, &client()).await.unwrap();
    let codes = drawn.codes.iter().map(|code| code.expose().to_string()).collect();
    Protection { phone, codes }
}

/// Adds an authentication app without using the pages. The returned principal has the new session
/// id.
pub(crate) async fn add_app(
    app: &TestApp,
    principal: &Principal,
    name: &str,
) -> (Phone, Principal) {
    add_app_by(app.accounts(), &app.clock, principal, name).await
}

async fn add_app_by(
    accounts: &Accounts,
    clock: &Clock,
    principal: &Principal,
    name: &str,
) -> (Phone, Principal) {
    let account = accounts.account();
    let enrolment = account.begin_app(principal).unwrap();
    let phone = Phone::with(&enrolment.secret, clock);
    let add = AddApp {
        sealed: &enrolment.sealed,
        name: DisplayName::parse(name).unwrap(),
        code: phone.code().parse().unwrap(),
        end_other_sessions: true,
    };
    let added = account.add_app(principal, add, &client()).await.unwrap();
    (phone, added.session.principal)
}

/// The path of `route` with values for the parameters that are about factors.
pub(crate) async fn real_path(app: &TestApp, route: &str, user: &str) -> String {
    if let "/factor-reset/{token}" | "/keep-factors/{token}" = route {
        return reset::link_path(app, route, user).await;
    }
    let route = route.replace("{browser}", "unknown");
    if !route.contains("{app}") {
        return route;
    }
    route.replace("{app}", &plant_app(app, user).await.to_string())
}

/// Inserts an authentication app with an unusable secret. The SQL is that of SQLite.
pub(crate) async fn plant_app(app: &TestApp, email: &str) -> FactorId {
    let id = FactorId::generate();
    let hex = id.to_string().replace('-', "");
    let sql = format!(
        "INSERT INTO authentication_apps (id, user_id, name, sealed, key_id, last_step, created_at) \
         SELECT x'{hex}', id, 'Planted', x'00', x'0000000000000000', 0, 1 \
         FROM users WHERE email = '{email}'"
    );
    app.database.execute(&sql).await;
    id
}

/// Logs in with the password and returns the cookie of the pending log-in.
pub(crate) async fn pending_cookie(app: &TestApp, email: &str) -> String {
    let log_in = LogIn {
        email: people::address(email),
        password: Password::parse(PASSWORD).unwrap(),
        remember: false,
        next_path: None,
        remembered: None,
    };
    let begun = app.accounts().sessions().log_in(log_in, None, &client()).await;
    let Err(LogInError::SecondFactor(cookie)) = begun else {
        panic!("{email} has no second factor");
    };
    cookie.expose().to_owned()
}

/// Logs in with the password and this code, and returns the principal.
pub(crate) async fn principal_by(app: &TestApp, email: &str, code: &str) -> Principal {
    let (cookie, code) = (pending_cookie(app, email).await, code.parse().unwrap());
    let (remember_browser, device) = (false, None);
    let step = LogInByCode { cookie: &cookie, code: &code, remember_browser, device };
    let sessions = app.accounts().sessions();
    sessions.log_in_by_code(step, &client()).await.unwrap().logged_in.principal
}

/// A client without a browser, for use cases that are called directly.
pub(crate) fn client() -> Client {
    Client::new([192, 0, 2, 1].into(), "tests")
}

/// Submits the right password in the log-in form, which leads to the second step.
pub(crate) async fn give_password<'a>(browser: &'a mut Browser, email: &str) -> &'a Page {
    browser.visit("/login").await;
    let form = browser.form("login-form").fill("email", email);
    let page = form.fill("password", PASSWORD).submit().await;
    assert_eq!((page.status(), page.path().as_str()), (200, SECOND), "{}", page.visible_text());
    assert!(!page.is_logged_in());
    page
}

/// Submits a code at the second step.
pub(crate) async fn give_code<'a>(browser: &'a mut Browser, code: &str) -> &'a Page {
    browser.form("second-step-form").fill("code", code).submit().await
}

/// Opens the list of factors and returns the id of the form for `action` on the first one.
pub(crate) async fn factor_form(browser: &mut Browser, action: &str) -> String {
    let page = browser.visit("/settings/factors").await;
    let form = page.dom().find(&format!("form[id^={action}-factor-form]")).expect("a factor");
    form.attr("id").expect("an id").to_owned()
}

/// A browser that has logged in with password and code.
pub(crate) async fn logged_in_by_code(
    app: &TestApp,
    transport: Transport,
    protection: &Protection,
) -> Browser {
    let mut browser = app.browser(transport);
    give_password(&mut browser, MIA).await;
    let page = give_code(&mut browser, &protection.phone.next_code()).await;
    assert!(page.is_logged_in(), "{}", page.visible_text());
    browser
}

/// The number of recorded events of this kind.
pub(crate) async fn events(app: &TestApp, event: &str) -> usize {
    let sql = format!("SELECT event FROM security_events WHERE event = '{event}'");
    app.database.texts(&sql).await.len()
}
