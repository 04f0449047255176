//! Setting up an authentication app, and the recovery codes after it.

use std::{process::Command, time::Duration};

use tests::{Browser, Page, TestApp, Transport};

use super::{Phone, STEP, events, give_code, give_password};
use crate::{
    flows::{MIA, logged_in, make_user},
    people,
};

const NEW_APP: &str = "/settings/factors/apps/new";
const CODES: &str = "/settings/factors/recovery-codes";

async fn confirmed(transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    let browser = logged_in(&app, transport, MIA).await;
    (app, browser)
}

/// The phone that has scanned the code of the page.
fn scan(app: &TestApp, page: &Page) -> Phone {
    let link = page.dom().find("a[href^='otpauth:']").expect("a link for the app");
    let uri = link.attr("href").expect("an address");
    let secret = uri.split("secret=").nth(1).and_then(|rest| rest.split('&').next());
    Phone::with(secret.expect("a secret"), &app.clock)
}

/// The codes of the page, and the page that follows once they are saved.
async fn save_codes(browser: &mut Browser) -> Vec<String> {
    let shown = browser.page().dom().by_id("recovery-codes").expect("codes");
    let codes: Vec<_> = shown.text().flat_map(str::lines).map(str::to_owned).collect();
    browser.form("save-codes-form").check("saved").submit().await;
    codes
}

/// MFA-04, MFA-06: scan, first code, codes saved, and from then on a log-in asks.
#[tokio::test]
async fn a_visitor_sets_an_app_up_and_logs_in_with_it() {
    for transport in Transport::ALL {
        let (app, mut browser) = confirmed(transport).await;
        let mut other = logged_in(&app, Transport::Plain, MIA).await;
        browser.visit("/profile").await;
        browser.click("Two-factor authentication").await;
        let page = browser.click("Add an app").await;
        assert!(page.dom().find("svg[role=img][aria-label] path[d]").is_some(), "{transport:?}");
        let phone = scan(&app, page);

        let form = browser.form("new-app-form").fill("name", "Pixel").fill("code", &phone.code());
        let page = form.submit().await;
        assert_eq!(page.path(), CODES, "{transport:?}: {}", page.visible_text());
        assert_eq!(other.visit("/profile").await.path(), "/login?next=%2Fprofile");
        let page = browser.form("save-codes-form").submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert!(page.field_error("saved").is_some(), "{transport:?}");
        assert_eq!(events(&app, "second_factor_on").await, 0, "{transport:?}");
        let codes = save_codes(&mut browser).await;

        assert_eq!(browser.path(), "/settings/factors", "{transport:?}: {}", browser.text());
        assert!(browser.page().flash().contains("is on"), "{transport:?}");
        assert!(browser.text().contains("Pixel"), "{transport:?}");
        assert_eq!(codes.len(), 10, "{transport:?}: {codes:?}");
        assert!(codes.iter().all(|code| code.len() == 19), "{transport:?}: {codes:?}");
        assert!(!browser.page().body().contains(&codes[0]), "{transport:?}: shown once");
        let mut fresh = app.browser(transport);
        give_password(&mut fresh, MIA).await;
        let used = give_code(&mut fresh, &phone.code()).await;
        assert_eq!(used.status(), 422, "{transport:?}: the first code is used up");
        assert!(give_code(&mut fresh, &phone.next_code()).await.is_logged_in(), "{transport:?}");
    }
}

/// MFA-06, Better Auth #8711: an app that is not finished, and one without saved codes, asks no one.
#[tokio::test]
async fn what_is_not_finished_does_not_gate_the_log_in() {
    let (app, mut browser) = confirmed(Transport::Plain).await;
    let phone = scan(&app, browser.visit(NEW_APP).await);
    logged_in(&app, Transport::Plain, MIA).await;

    browser.form("new-app-form").uncheck("end_others").fill("code", &phone.code()).submit().await;

    logged_in(&app, Transport::Plain, MIA).await;
    let page = browser.visit("/settings/factors").await;
    assert!(page.visible_text().contains("Save your recovery codes"), "{}", page.visible_text());
    people::mails_sent(&app).await;
    let mails = app.mailbox.all_to(MIA).await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("factor")).collect();
    assert_eq!(told.len(), 1, "MFA-05: of the app, and not of a log-in that asks for it");
    assert!(told[0].subject.contains("was added"), "{}", told[0].subject);
}

/// MFA-06, CVE-2026-32132: a form that is a quarter of an hour old gets another secret.
#[tokio::test]
async fn a_form_that_is_too_old_is_refused_with_a_fresh_secret() {
    for transport in Transport::ALL {
        let (app, mut browser) = confirmed(transport).await;
        let phone = scan(&app, browser.visit(NEW_APP).await);
        app.clock.advance(Duration::from_mins(14) + Duration::from_secs(59));
        let page = browser.form("new-app-form").fill("code", &phone.wrong_code()).submit().await;
        assert_eq!(page.status(), 422, "{transport:?}");
        assert_eq!(scan(&app, page).code(), phone.code(), "{transport:?}: the same one again");
        app.clock.advance(Duration::from_secs(1));
        app.database.execute("UPDATE sessions SET authenticated_at = 1800000900000").await;

        let page = browser.form("new-app-form").fill("code", &phone.code()).submit().await;

        assert_eq!(page.status(), 410, "{transport:?}: {}", page.visible_text());
        let fresh = scan(&app, page);
        assert_ne!(fresh.code(), phone.code(), "{transport:?}");
        assert_eq!(app.count("authentication_apps").await, 0, "{transport:?}");
        let page = browser.form("new-app-form").fill("code", &fresh.code()).submit().await;
        assert_eq!(page.path(), CODES, "{transport:?}: {}", page.visible_text());
    }
}

/// MFA-01, MFA-06: a form is good for one app, for its user, and with a secret of ours.
#[tokio::test]
async fn the_form_of_an_app_is_its_users_and_works_once() {
    let (app, mut browser) = confirmed(Transport::Plain).await;
    people::sign_up(&app, people::ZOE).await;
    people::confirm(&app, people::ZOE).await;
    let mut other = people::logged_in(&app, Transport::Plain, people::ZOE).await;
    let phone = scan(&app, browser.visit(NEW_APP).await);
    let setup = browser.page().field("new-app-form", "setup").expect("a sealed secret").value;
    other.visit(NEW_APP).await;
    let send = async |browser: &Browser, setup: &str, code: &str| {
        let token = browser.csrf_token();
        let fields = [("csrf_token", token.as_str()), ("setup", setup), ("code", code)];
        browser.raw("POST", NEW_APP).same_origin().form(&fields).send().await.status()
    };

    let chosen = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(send(&other, &setup, &phone.code()).await, 410, "of another user");
    assert_eq!(send(&browser, chosen, &Phone::with(chosen, &app.clock).code()).await, 410);
    assert_eq!(send(&browser, &setup, &phone.code()).await, 303);
    app.clock.advance(STEP);
    let mut again = logged_in(&app, Transport::Plain, MIA).await;
    again.visit(NEW_APP).await;
    assert_eq!(send(&again, &setup, &phone.code()).await, 410, "the same secret twice");
    assert_eq!(app.count("authentication_apps").await, 1);
}

/// MFA-06: no factor before the address is proven.
#[tokio::test]
async fn an_unconfirmed_address_gets_no_factor() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    assert_eq!(browser.visit(NEW_APP).await.path(), "/settings/factors");
    assert!(browser.text().contains("Confirm your email address first"), "{}", browser.text());
}

/// MFA-04: what was shown is a file, too, and neither is stored before it is saved.
#[tokio::test]
async fn recovery_codes_can_be_downloaded_and_are_hashed() {
    for transport in Transport::ALL {
        let (app, mut browser) = confirmed(transport).await;
        let phone = scan(&app, browser.visit(NEW_APP).await);
        browser.form("new-app-form").fill("code", &phone.code()).submit().await;
        let before = app.database_digest().await;
        let shown = browser.page().dom().by_id("recovery-codes").expect("codes");
        let shown: String = shown.text().collect();

        let file = browser.form("codes-file-form").submit().await;

        assert_eq!(file.header("content-type"), Some("text/plain; charset=utf-8"));
        let name = Some("attachment; filename=\"latchkey-recovery-codes.txt\"");
        assert_eq!(file.header("content-disposition"), name, "{transport:?}");
        assert_eq!(file.header("cache-control"), Some("no-store"), "{transport:?}");
        assert_eq!(file.body(), shown, "{transport:?}");
        assert_eq!(app.database_digest().await, before, "{transport:?}");
        browser.visit(CODES).await;
        let codes = save_codes(&mut browser).await;
        let hashes = app.database.texts("SELECT code_hash FROM recovery_codes").await;
        assert!(hashes.iter().all(|hash| hash.starts_with("$argon2id$")), "{hashes:?}");
        let places = app.database.texts("SELECT place FROM recovery_codes ORDER BY 1").await;
        let mut expected: Vec<_> = codes.iter().map(|code| code[..2].to_owned()).collect();
        expected.sort();
        assert_eq!(places, expected, "{transport:?}");
    }
}

/// MFA-04: a set that was saved cannot be saved once more, which would make used codes good again.
#[tokio::test]
async fn a_set_of_codes_is_saved_once() {
    let (app, mut browser) = confirmed(Transport::Plain).await;
    let phone = scan(&app, browser.visit(NEW_APP).await);
    browser.form("new-app-form").fill("code", &phone.code()).submit().await;
    let setup = browser.page().field("save-codes-form", "setup").expect("sealed codes").value;
    let codes = save_codes(&mut browser).await;
    let token = browser.csrf_token();
    let send = async |setup: &str| {
        let fields = [("csrf_token", token.as_str()), ("setup", setup), ("saved", "1")];
        browser.raw("POST", CODES).same_origin().form(&fields).send().await
    };

    let again = send(&setup).await;

    assert_eq!(again.status(), 410, "{again:?}");
    assert!(!codes.iter().any(|code| again.body.contains(code)), "others are shown");
    assert_eq!(send("").await.status(), 410);
    assert_eq!(events(&app, "recovery_codes_renewed").await, 0);
}

/// MFA-06: a second implementation agrees on the codes (`oathtool`), where it is installed.
#[tokio::test]
async fn oathtool_shows_the_codes_that_we_accept() {
    let (app, mut browser) = confirmed(Transport::Plain).await;
    let page = browser.visit(NEW_APP).await;
    let typed = page.dom().find("main code").expect("the secret").text().collect::<String>();
    assert!(typed.split(' ').all(|group| group.len() == 4), "{typed}");
    let now = format!("@{}", app.clock.now().as_seconds());
    let secret = typed.replace(' ', "");
    let arguments = ["--totp", "--base32", "--now", &now, &secret];
    let Ok(output) = Command::new("oathtool").args(arguments).output() else {
        eprintln!("oathtool is not installed; left out");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let code = String::from_utf8(output.stdout).unwrap();

    let page = browser.form("new-app-form").fill("code", code.trim()).submit().await;

    assert_eq!(page.path(), CODES, "{}", page.visible_text());
}
