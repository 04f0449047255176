//! What people type and what their browsers call themselves, on every page and in every
//! mail that shows a name, in both languages: text, and nothing else.

use tests::{Backend, Browser, TestApp, Transport, support::dom::Dom};
use web::Policy;

use crate::{
    factors,
    people::{self, ADA, MIA, PASSWORD},
};

/// Each would set `pwned`, ask for `/pwned`, open a dialog or move a part of the page.
pub(crate) const PAYLOADS: &[&str] = &[
    "<script>pwned=1</script>",
    "</title><script>pwned=1</script>",
    "<img src=/pwned onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "\"><script>alert(1)</script>",
    "\" autofocus onfocus=\"alert(1)",
    "' onmouseover='alert(1)",
    "\" hx-get=\"/pwned\" hx-trigger=\"load",
    "<b hx-get=/pwned hx-trigger=load>",
    "<hx-partial hx-target=\"#nav\">pwned</hx-partial>",
    "<p id=nav hx-swap-oob=true>pwned</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<base href=//pwned.test>",
    "<meta http-equiv=refresh content=0;/pwned>",
    "<!--<script>-->",
    "{{constructor.constructor('alert(1)')()}}",
];

/// What no page and no mail has of its own.
const HARMFUL: &str = "body script, script:not([src]), img[src*=pwned], [onerror], [onload], \
                       [onfocus], [onmouseover], [hx-get*=pwned], hx-partial, [hx-swap-oob], \
                       a[href^='javascript:'], base, meta[http-equiv]";

/// What is no page for an admin who waits for nothing: the status, and where it leads.
const NO_PAGES: &[(&str, u16, Option<&str>)] = &[
    ("/settings", 303, Some("/profile")),
    ("/account-deletion", 303, Some("/settings/data")),
    ("/forgot-password/sent", 303, Some("/forgot-password")),
    ("/settings/password/remove", 303, Some("/settings/password")),
    ("/settings/password/set", 303, Some("/settings/password")),
    ("/mailbox", 303, Some("/login")),
    ("/mailbox/state", 303, Some("/mailbox")),
    ("/.well-known/change-password", 303, Some("/settings/password")),
    ("/session", 204, None),
    ("/dev/mail", 404, None),
];

/// The pages that show a name or a browser.
const TELLING: &[&str] = &["/profile", "/admin/users", "/settings/factors"];

/// What would do harm is found where it is not escaped: between tags, in an attribute, or
/// in the title. A comment and braces are not markup and would do none.
#[test]
fn a_payload_that_is_not_escaped_is_found() {
    for payload in
        PAYLOADS.iter().copied().filter(|it| !it.starts_with("<!--") && !it.contains("{{"))
    {
        let page = |place: &str| place.replace("HERE", payload);
        let places = [
            "<body><h1>HERE</h1>",
            "<body><input value=\"HERE\">",
            "<body><input value='HERE'>",
            "<head><title>HERE</title></head><body>",
        ];
        let is_found = places.iter().any(|place| Dom::parse(&page(place)).find(HARMFUL).is_some());
        assert!(is_found, "{payload}");
    }
}

#[track_caller]
fn assert_harmless(html: &str, what: &str) -> Dom {
    let page = Dom::parse(html);
    let harm = page.find(HARMFUL).map(|element| element.html());
    assert_eq!(harm, None, "{what}");
    page
}

/// Has everybody, and every phone, be called so.
async fn call_everybody(app: &TestApp, name: &str) {
    let name = name.replace('\'', "''");
    for table in ["users", "authentication_apps"] {
        app.database.execute(&format!("UPDATE {table} SET name = '{name}'")).await;
    }
}

/// Logs in by a browser that calls itself so; a browser of the default name in that
/// session.
async fn log_in_as(app: &TestApp, email: &str, agent: &str) -> Browser {
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let token = browser.csrf_token();
    let fields = [("csrf_token", token.as_str()), ("email", email), ("password", PASSWORD)];
    let request = browser.raw("POST", "/login").same_origin().form(&fields);
    let answer = request.header("user-agent", agent).send().await;
    browser.keep_cookies(&answer);
    browser
}

/// OUT-01, OUT-02.
#[tokio::test]
async fn a_hostile_name_and_browser_are_text_on_every_page_in_every_language() {
    let paths: Vec<_> = tests::account_routes()
        .into_iter()
        .filter(|route| route.method.is_safe() && !route.path.contains('{'))
        .filter(|route| !matches!(route.policy, Policy::Anonymous))
        .map(|route| route.path)
        .collect();
    let app = TestApp::on(Backend::Sqlite, |settings| {
        settings.session.cache_ttl = std::time::Duration::ZERO;
    })
    .await;
    people::sign_up(&app, MIA).await;
    people::seed_admin(&app, ADA).await;
    factors::plant_app(&app, ADA).await;
    for &payload in PAYLOADS {
        app.database.execute("DELETE FROM sessions").await;
        let browser = log_in_as(&app, ADA, payload).await;
        call_everybody(&app, payload).await;
        for language in ["en", "de"] {
            for path in &paths {
                let request = browser.raw("GET", path).header("accept-language", language);
                let answer = request.header("user-agent", payload).send().await;
                let what = format!("{payload} {language} {path}");
                let no_page = NO_PAGES.iter().copied().find(|(other, ..)| other == path);
                let (_, status, location) = no_page.unwrap_or((path, 200, None));
                let answered = (answer.status(), answer.header("location"));
                assert_eq!(answered, (status, location), "{what}");
                let page = assert_harmless(&answer.body, &what);
                if TELLING.contains(path) {
                    let lang = page.find("html").and_then(|html| html.attr("lang"));
                    assert_eq!(lang, Some(language), "{what}");
                    assert!(page.visible_text().contains(payload), "{what}");
                }
            }
        }
    }
}

/// OUT-01, OUT-02.
#[tokio::test]
async fn a_hostile_name_and_browser_are_text_in_every_mail_in_every_language() {
    let app = TestApp::start().await;
    for (number, (payload, language)) in
        PAYLOADS.iter().flat_map(|payload| [(payload, "en"), (payload, "de")]).enumerate()
    {
        let email = format!("mia{number}@example.test");
        people::sign_up(&app, &email).await;
        people::confirm(&app, &email).await;
        call_everybody(&app, payload).await;
        app.database.execute(&format!("UPDATE users SET language = '{language}'")).await;
        people::compromise_report_path(&app, &email).await;
        log_in_as(&app, &email, "goose/1").await;
        log_in_as(&app, &email, payload).await;
        people::real_path(&app, "/undo-email/{token}", &email).await;
        people::mails_sent(&app).await;

        let mails = app.mailbox.all_to(&email).await;

        let what = format!("{payload} {language}");
        assert!(mails.len() > 3, "{what}: {}", mails.len());
        for mail in mails {
            let what = format!("{what}: {}", mail.subject);
            let page = assert_harmless(&mail.html, &what);
            let lang = page.find("html").and_then(|html| html.attr("lang"));
            assert_eq!(lang, Some(language), "{what}");
            assert!(page.visible_text().contains(payload), "{what}: {}", page.visible_text());
            assert!(mail.text.split_whitespace().collect::<Vec<_>>().join(" ").contains(payload));
        }
    }
}
