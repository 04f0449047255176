//! Sign-ups that begin with the address: the mail leads to the name and the password, on any
//! device, and that makes the account.

mod alike;
mod earlier;
mod links;
mod mailbox;
mod races;

use auth::SignupMode;
use tests::{Backend, Browser, TestApp, Transport};

use crate::{
    flows::{MIA, PASSWORD, can_log_in, name_account, request_sign_up},
    people::{self, code_in, mails_sent},
};

const LINK: &str = "/new-account/";

/// Starts an app in which a sign-up begins with the address.
async fn confirmed_app() -> TestApp {
    confirmed_app_on(Backend::Sqlite).await
}

async fn confirmed_app_on(backend: Backend) -> TestApp {
    TestApp::on(backend, |settings| settings.accounts.signup = SignupMode::Confirmed).await
}

async fn link_to(app: &TestApp, email: &str) -> String {
    app.mailbox.wait_for_link(email, LINK).await.link(LINK)
}

/// The part of the waiting page that htmx asks for, as the browser would.
async fn poll(browser: &Browser) -> tests::Answer {
    browser.raw("GET", "/mailbox/state").same_origin().htmx_partial().send().await
}

/// REG-01: there is no account before its owner has proven the address, and looking at the link
/// spends nothing.
#[tokio::test]
async fn the_link_leads_to_an_account_on_any_device() {
    for transport in Transport::ALL {
        for is_elsewhere in [false, true] {
            let what = format!("{transport:?} {is_elsewhere}");
            let app = confirmed_app().await;
            let mut first = app.browser(transport);
            request_sign_up(&mut first, MIA).await;
            assert!(first.text().contains(MIA), "{what}: {}", first.text());
            assert_eq!((app.count("users").await, app.count("outbox").await), (0, 1), "{what}");
            let link = link_to(&app, MIA).await;
            mails_sent(&app).await;
            let mut second = app.browser(transport);
            let reader = if is_elsewhere { &mut second } else { &mut first };
            let before = app.database_digest().await;
            let page = reader.visit(&link).await;
            assert!(page.visible_text().contains(MIA), "{what}: {}", page.visible_text());
            assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{what}");
            assert_eq!(page.focused().as_deref(), Some("name"), "{what}");
            assert_eq!(app.database_digest().await, before, "{what}: looking spends nothing");

            name_account(reader).await;

            assert_eq!(reader.path(), "/profile", "{what}");
            assert!(!reader.page().has_form("unconfirmed-form"), "{what}");
            assert!(reader.cookies().get(people::PROOF).is_none(), "{what}");
            let users = "SELECT email || ' ' || role FROM users WHERE confirmed_at IS NOT NULL";
            assert_eq!(app.database.texts(users).await, [format!("{MIA} user")], "{what}");
            assert!(can_log_in(&app, MIA, PASSWORD).await, "{what}");
        }
    }
}

/// The target of four clicks, three fields and one mail: a sign-up, its link, and an account.
#[tokio::test]
async fn the_code_leads_to_an_account_in_the_browser_that_asked() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        request_sign_up(&mut browser, MIA).await;
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);

        let page = browser.form("code-form").fill("code", &code).submit().await;
        assert!(page.path().starts_with(LINK), "{transport:?}: {}", page.path());
        assert!(page.visible_text().contains(MIA), "{transport:?}");
        name_account(&mut browser).await;

        assert!(can_log_in(&app, MIA, PASSWORD).await, "{transport:?}");
        let events = "SELECT event FROM security_events ORDER BY event";
        let expected = ["address_confirmed", "logged_in", "logged_in", "signed_up"];
        assert_eq!(app.database.texts(events).await, expected, "{transport:?}");
    }
}

/// TXT-01.
#[tokio::test]
async fn a_code_is_heard_however_it_is_typed() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        request_sign_up(&mut browser, MIA).await;
        let code = code_in(&app.mailbox.wait_for_link(MIA, LINK).await);

        for wrong in ["", "short", "ZZZZ-ZZZZ"] {
            let page = browser.form("code-form").fill("code", wrong).submit().await;
            assert_eq!(page.status(), 422, "{transport:?} {wrong:?}");
            assert!(page.field_error("code").is_some(), "{transport:?} {wrong:?}");
            assert!(!page.body().contains(&code));
        }
        let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c);
        let code = code.to_lowercase();
        let typed: String = code.chars().map(|c| if c == '-' { '–' } else { wide(c) }).collect();
        let typed = format!("„{typed}.\u{200b}");
        let page = browser.form("code-form").fill("code", &typed).submit().await;

        assert_eq!(page.status(), 200, "{transport:?}");
        assert!(page.path().starts_with(LINK), "{transport:?}: {}", page.path());
    }
}

/// The page that waits asks every few seconds.
#[tokio::test]
async fn the_browser_that_asked_is_told_that_the_sign_up_was_finished_elsewhere() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut first = app.browser(transport);
        request_sign_up(&mut first, MIA).await;
        let link = link_to(&app, MIA).await;
        mails_sent(&app).await;
        let waiting = poll(&first).await;
        assert!(waiting.body.contains("hx-get=\"/mailbox/state\""), "{}", waiting.body);
        assert_eq!(waiting.header("hx-push-url"), None, "{transport:?}");
        let mut phone = app.browser(transport);
        phone.visit(&link).await;
        name_account(&mut phone).await;

        let told = poll(&first).await;

        assert_eq!(told.header("hx-push-url"), Some("/mailbox"), "{transport:?}");
        assert!(told.body.contains("on another device"), "{transport:?}: {}", told.body);
        assert!(!told.body.contains("hx-get=\"/mailbox/state\""), "{transport:?}: it is over");
        let page = first.visit("/mailbox").await;
        assert!(page.visible_text().contains(MIA) && !page.has_form("code-form"));
        first.click("Log in").await;
        assert_eq!(first.page().field("login-form", "email").unwrap().value, MIA);
        assert_eq!(first.page().focused().as_deref(), Some("password"), "{transport:?}");
    }
}

/// REG-05, REG-06: a refused password leaves the link as it is.
#[tokio::test]
async fn what_is_wrong_is_told_at_its_field_and_the_link_stays_good() {
    for transport in Transport::ALL {
        let app = confirmed_app().await;
        let mut browser = app.browser(transport);
        let link = people::sign_up_path(&app, MIA).await;
        browser.visit(&link).await;
        for (name, password, wrong) in [
            ("", "", &["name", "password"][..]),
            ("Mia", "short", &["password"]),
            ("Mia", MIA, &["password"]),
            ("mia.test", PASSWORD, &["name"]),
        ] {
            let form = browser.form("signup-form").fill("name", name);
            let page = form.fill("password", password).submit().await;
            assert_eq!((page.status(), page.invalid_fields()), (422, strings(wrong)));
            assert_eq!(page.field("signup-form", "name").unwrap().value, name, "{transport:?}");
        }
        assert_eq!(app.count("users").await, 0, "{transport:?}");

        name_account(&mut browser).await;

        assert_eq!(app.count("users").await, 1, "{transport:?}");
    }
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
