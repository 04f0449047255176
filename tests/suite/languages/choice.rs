//! Which language a page is in, and the switch in its footer.

use sea_orm::{ConnectOptions, ConnectionTrait};
use tests::{Browser, TestApp, Transport};

use super::{GERMAN, is_german, language_of};
use crate::flows::{ADA, MIA, logged_in, make_admin, make_user};

/// The name of the cookie over https.
const COOKIE: &str = "__Host-latchkey-language";

async fn language_for(app: &TestApp, accepted: Option<&str>, cookie: Option<&str>) -> String {
    let mut request = app.browser(Transport::Plain).raw("GET", "/login");
    if let Some(accepted) = accepted {
        request = request.header("accept-language", accepted);
    }
    let answer = request.with_cookies(cookie.map(str::to_owned)).send().await;
    let (_, rest) = answer.body.split_once("<html lang=\"").expect("a document");
    rest.split('"').next().expect("a language").to_owned()
}

async fn change(browser: &Browser, fields: &[(&str, &str)], is_partial: bool) -> tests::Answer {
    let token = browser.csrf_token();
    let mut all = vec![("csrf_token", token.as_str())];
    all.extend_from_slice(fields);
    let request = browser.raw("POST", "/language").same_origin().form(&all);
    let request = if is_partial { request.htmx_partial() } else { request };
    request.send().await
}

#[tokio::test]
async fn a_page_is_in_the_language_that_was_chosen_else_asked_for_else_english() {
    let app = TestApp::start().await;
    let long = format!("{}de", "x,".repeat(600));
    let vary = app.browser(Transport::Plain).raw("GET", "/").send().await;
    assert!(vary.header("vary").is_some_and(|vary| vary.contains("Accept-Language")));
    for (accepted, cookie, expected) in [
        (None, None, "en"),
        (Some(GERMAN), None, "de"),
        (Some("de"), None, "de"),
        (Some("fr-FR,fr;q=0.9,de;q=0.1"), None, "de"),
        (Some("en,de;q=0.9"), None, "en"),
        (Some("de;q=0,fr"), None, "en"),
        (Some("*"), None, "en"),
        (Some(";;;q=,,--"), None, "en"),
        (Some(long.as_str()), None, "en"),
        (Some(GERMAN), Some("__Host-latchkey-language=en"), "en"),
        (Some("en"), Some("__Host-latchkey-language=de"), "de"),
        (None, Some("a=b; __Host-latchkey-language=de"), "de"),
        (Some(GERMAN), Some("__Host-latchkey-language=xx"), "de"),
        (None, Some("__Host-latchkey-language=de; __Host-latchkey-language=de"), "en"),
        (None, Some("latchkey-language=de"), "en"),
    ] {
        let found = language_for(&app, accepted, cookie).await;
        assert_eq!(found, expected, "{accepted:?} {cookie:?}");
    }
}

#[tokio::test]
async fn the_switch_leads_back_to_the_page_and_is_remembered() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        let mut browser = logged_in(&app, transport, ADA).await;
        browser.visit("/admin/users?q=ada%40&page=").await;
        assert_eq!(language_of(&browser), "en");

        browser.form("language-form").button("Deutsch").submit().await;
        assert_eq!(browser.path(), "/admin/users?q=ada%40&page=", "{transport:?}");
        is_german(&browser);
        browser.cookies_mut().close_window();
        browser.visit("/forgot-password").await;
        is_german(&browser);

        browser.form("language-form").button("English").submit().await;
        assert_eq!(browser.path(), "/forgot-password");
        assert_eq!(
            (language_of(&browser).as_str(), &*browser.page().h1()),
            ("en", "Forgot your password?")
        );
    }
}

/// The footer lies outside of what htmx swaps: after a log-in its form has to carry the
/// token of the new session and lead to the new page.
#[tokio::test]
async fn the_switch_works_after_htmx_has_changed_the_page() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let mut browser = logged_in(&app, Transport::HtmxPartial, MIA).await;
    assert_eq!(browser.path(), "/profile");

    let page = browser.form("language-form").submit().await;

    assert_eq!((page.status(), page.path().as_str()), (200, "/profile"));
    is_german(&browser);
    assert!(browser.page().is_logged_in());
    browser.form("logout-form").submit().await;
    is_german(&browser);
    browser.form("language-form").submit().await;
    assert_eq!((language_of(&browser).as_str(), browser.path().as_str()), ("en", "/"));
}

/// SES-01: a year, for this host, over https, for no script. A swap would leave the `lang`
/// of the document as it was, so htmx is made to ask for a new one.
#[tokio::test]
async fn the_choice_is_a_cookie_and_a_new_document() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    for is_partial in [false, true] {
        let fields = [("language", "de"), ("next", "/login?next=%2Fprofile")];
        let answer = change(&browser, &fields, is_partial).await;

        let cookies = answer.cookies();
        let cookie = cookies.iter().find(|cookie| cookie.name == COOKIE).expect("the choice");
        assert_eq!((cookie.value.as_str(), cookie.max_age), ("de", Some(31_536_000)));
        assert!(cookie.secure && cookie.http_only && !cookie.has_domain, "{cookie:?}");
        assert_eq!(cookie.same_site.as_deref(), Some("Lax"));
        assert_eq!(cookie.path.as_deref(), Some("/"));
        let (status, header) = if is_partial { (200, "hx-redirect") } else { (303, "location") };
        assert_eq!(answer.status(), status);
        assert_eq!(answer.header(header), Some("/login?next=%2Fprofile"));
    }
}

/// RED-01.
#[tokio::test]
async fn the_switch_leads_to_pages_of_this_site_alone() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let deep = "/a".repeat(5_000);
    for (next, page) in [
        ("/mailbox/code", "/mailbox"),
        ("/settings/sessions/x/end", "/settings/sessions"),
        ("/admin/users/x/role", "/admin/users/x"),
        ("/logout", "/"),
        ("/nowhere", "/"),
        ("//evil.example/login", "/"),
        ("https://evil.example/login", "/"),
        ("/login\r\nX-Evil: 1", "/"),
        ("", "/"),
        (deep.as_str(), "/"),
    ] {
        let answer = change(&browser, &[("language", "de"), ("next", next)], false).await;
        assert_eq!(answer.header("location"), Some(page), "{next}");
    }
}

/// CSRF-01.
#[tokio::test]
async fn no_other_site_and_no_other_word_changes_the_language() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let before = app.database_digest().await;
    let fields = [("language", "de"), ("next", "/")];

    let unproven = browser.raw("POST", "/language").same_origin().form(&fields).send().await;
    let foreign = browser.raw("POST", "/language").header("sec-fetch-site", "cross-site");
    let token = browser.csrf_token();
    let proven = [&fields[..], &[("csrf_token", token.as_str())]].concat();
    let foreign = foreign.form(&proven).send().await;
    assert_eq!((unproven.status(), foreign.status()), (403, 403));
    assert!(unproven.body.contains("name=\"language\" value=\"de\""), "it can be sent again");
    for wrong in ["", "DE", "de-AT", "fr", "../en", "de'--"] {
        let answer = change(&browser, &[("language", wrong), ("next", "/")], false).await;
        assert_eq!(answer.status(), 400, "{wrong}");
        assert!(answer.cookies().iter().all(|cookie| cookie.name != COOKIE), "{wrong}");
    }
    assert_eq!(app.database_digest().await, before);
}

/// RES-05: a change that changes nothing waits for no writer.
#[tokio::test]
async fn choosing_the_language_of_ones_mails_again_writes_nothing() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let browser = logged_in(&app, Transport::Plain, MIA).await;
    let url = format!("sqlite://{}/test.db", app.folder().display());
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let writer = sea_orm::Database::connect(options).await.unwrap();
    writer.execute_unprepared("BEGIN IMMEDIATE").await.unwrap();

    let same = change(&browser, &[("language", "en"), ("next", "/")], false).await;
    let other = change(&browser, &[("language", "de"), ("next", "/")], false).await;

    assert_eq!((same.status(), other.status()), (303, 503), "{other:?}");
    writer.execute_unprepared("ROLLBACK").await.unwrap();
    let other = change(&browser, &[("language", "de"), ("next", "/")], false).await;
    assert_eq!(other.status(), 303);
    assert_eq!(app.database.texts("SELECT language FROM users").await, ["de"]);
}
