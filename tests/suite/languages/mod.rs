//! The languages: which one a page is in, the way to another, and the whole site in
//! German. What is German is asked for by words, never by where they stand in the code.

mod choice;
mod mails;

use tests::{Browser, TestApp, Transport};

use crate::flows::{self, ADA, MIA, PASSWORD};

/// As a browser set up in Austria asks.
const GERMAN: &str = "de-AT,de;q=0.9,en;q=0.5";

/// What tells a page in English.
const ENGLISH: &[&str] = &[" the ", " your ", " you ", "Log in", "Log out", "Sign up", "Password"];

/// The language that the document says it is in.
fn language_of(browser: &Browser) -> String {
    let html = browser.page().dom().find("html").expect("a document");
    html.attr("lang").expect("a language").to_owned()
}

/// A page in German has German words and none of these English ones.
fn is_german(browser: &Browser) {
    let text = browser.text();
    assert_eq!(language_of(browser), "de", "{}: {text}", browser.path());
    for word in ENGLISH {
        assert!(!text.contains(word), "{word:?} on {}: {text}", browser.path());
    }
}

/// Each of the words that show that a page is in English is on some page that is.
#[tokio::test]
async fn the_words_that_no_german_page_has_are_on_english_ones() {
    let app = TestApp::start().await;
    flows::make_user(&app, MIA).await;
    let mut browser = app.browser(Transport::Plain);
    let mut seen = String::new();
    for path in ["/signup", "/login", "/forgot-password"] {
        seen += &browser.visit(path).await.visible_text();
    }
    let mut user = flows::logged_in(&app, Transport::Plain, MIA).await;
    for path in ["/profile", "/settings/password", "/settings/data"] {
        seen += &user.visit(path).await.visible_text();
    }

    for word in ENGLISH {
        assert!(seen.contains(word), "{word:?}: {seen}");
    }
}

/// Contract, "Three transports, one form": what goes wrong and what goes well is told in
/// German in each.
#[tokio::test]
async fn the_way_into_an_account_is_german_in_each_transport() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport).reading(GERMAN);
        browser.visit("/signup").await;
        is_german(&browser);
        browser.form("signup-form").fill("email", "nobody").fill("password", "kurz").submit().await;
        is_german(&browser);
        assert_eq!(
            browser.page().field_error("name").as_deref(),
            Some("Geben Sie einen Namen ein.")
        );
        assert!(browser.text().contains("Bitte korrigieren Sie"), "{transport:?}");

        let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia");
        form.fill("password", PASSWORD).submit().await;
        is_german(&browser);
        assert!(browser.page().flash().starts_with("Konto erstellt."), "{transport:?}");
        let form = browser.form("login-form").fill("email", MIA);
        form.fill("password", "not the password").submit().await;
        is_german(&browser);
        let error = browser.page().form_error("login-form").expect("it is wrong");
        assert!(error.starts_with("E-Mail-Adresse oder Passwort ist falsch."), "{error}");

        browser.form("login-form").fill("email", MIA).fill("password", PASSWORD).submit().await;
        is_german(&browser);
        assert_eq!(browser.page().h1(), "Guten Tag, Mia");
        assert_eq!(browser.page().title(), "Profil · Latchkey");
        browser.form("logout-form").submit().await;
        is_german(&browser);
        assert_eq!(browser.page().flash(), "Sie sind abgemeldet.");
    }
}

#[tokio::test]
async fn every_page_of_a_user_is_german() {
    let app = TestApp::start().await;
    flows::make_admin(&app, ADA).await;
    let mut browser = app.browser(Transport::Plain).reading(GERMAN);
    browser.visit("/login").await;
    browser.form("login-form").fill("email", ADA).fill("password", PASSWORD).submit().await;
    for (path, heading) in [
        ("/", "Willkommen zurück, ada"),
        ("/profile", "Guten Tag, ada"),
        ("/settings/profile", "Ihr Name"),
        ("/settings/email", "E-Mail-Adresse ändern"),
        ("/settings/password", "Ihr Passwort ändern"),
        ("/settings/sessions", "Ihre Sitzungen"),
        ("/settings/security", "Kontoaktivität"),
        ("/settings/data", "Ihre Daten"),
        ("/settings/data/delete", "Konto wirklich löschen?"),
        ("/admin/users", "Benutzer"),
        ("/admin/users?q=niemand", "Benutzer"),
        ("/forgot-password", "Passwort vergessen?"),
        ("/sudo", "Passwort eingeben"),
        ("/reset-password/gone", "Dieser Link funktioniert nicht mehr"),
        ("/confirm-address/gone", "Dieser Link funktioniert nicht mehr"),
        ("/undo-email/gone", "Dieser Link funktioniert nicht mehr"),
        ("/nowhere", "Seite nicht gefunden"),
    ] {
        browser.visit(path).await;
        is_german(&browser);
        assert_eq!(browser.page().h1(), heading, "{path}");
    }
}

/// OUT-08: what the layers refuse, who know no visitor, is told in the language of the
/// request too, as a page and as an alert.
#[tokio::test]
async fn errors_are_told_in_the_language_of_the_request() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let large = "a".repeat(70_000);
    for (method, path, form, status, words) in [
        ("GET", "/nowhere", None, 404, "Seite nicht gefunden"),
        ("POST", "/profile/", Some("x"), 404, "Seite nicht gefunden"),
        ("PUT", "/login", None, 405, "So lässt sich diese Seite nicht verwenden"),
        ("POST", "/login", Some(large.as_str()), 413, "Das ist zu groß"),
        ("GET", "/%ff", None, 400, "Diese Anfrage konnten wir nicht lesen"),
    ] {
        for is_partial in [false, true] {
            let request = browser.raw(method, path).same_origin();
            let request = request.header("accept-language", GERMAN);
            let request = if is_partial { request.htmx_partial() } else { request };
            let request = match form {
                Some(text) => request.form(&[("email", text)]),
                None => request,
            };
            let answer = request.send().await;

            let what = format!("{method} {path} {is_partial}: {}", answer.body);
            assert_eq!(answer.status(), status, "{what}");
            assert!(answer.body.contains(words), "{what}");
            assert_eq!(answer.body.contains("<html lang=\"de\">"), !is_partial, "{what}");
        }
    }
}
