//! Visitors without the cookie that their forms are bound to: tabs that are opened at once
//! before any of them has one, and browsers that keep none.

use tests::{Answer, Browser, TestApp, Transport};

use crate::people::{self, MIA, PASSWORD};

/// Has the browser forget what its anonymous forms are bound to.
pub(super) fn forget_csrf_cookies(browser: &mut Browser) {
    let sent = browser.cookies().sent_to("/");
    let names = sent.iter().map(|cookie| cookie.name.clone());
    let names: Vec<_> = names.filter(|name| name.starts_with("__Host-latchkey-csrf")).collect();
    for name in names {
        browser.cookies_mut().remove(&name);
    }
}

/// CSRF-10: the form of each tab is taken at once, whichever answer came last.
#[tokio::test]
async fn of_tabs_that_are_restored_at_once_without_cookies_each_form_is_taken() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        people::sign_up(&app, MIA).await;
        let mut browser = app.browser(transport);
        let paths = ["/login", "/signup", "/forgot-password"];
        let asked = paths.map(|path| browser.raw("GET", path));
        let mut answers = Vec::new();
        for tab in asked {
            answers.push(tab.send().await);
        }
        for answer in &answers {
            browser.keep_cookies(answer);
        }

        for (path, answer) in paths.into_iter().zip(&answers) {
            let request = browser.raw("POST", path).same_origin();
            let request = request.form(&[("csrf_token", token_in(answer)), ("email", "x")]);
            let is_partial = transport == Transport::HtmxPartial;
            let request = if is_partial { request.htmx_partial() } else { request };
            assert_eq!(request.send().await.status(), 422, "{transport:?} {path}");
        }
    }
}

/// CSRF-10: the cookie of a tab is worth nothing under another name, in other hands, or
/// without the one that every visitor has.
#[tokio::test]
async fn the_cookie_of_a_tab_proves_the_forms_of_its_own_browser_alone() {
    let app = TestApp::start().await;
    let (mut mia, mut eve) = (app.browser(Transport::Plain), app.browser(Transport::Plain));
    mia.visit("/login").await;
    eve.visit("/login").await;
    let token = mia.csrf_token();
    let own: Vec<_> = mia.cookies().sent_to("/").into_iter().cloned().collect();
    let tab = own.iter().find(|cookie| cookie.name.starts_with("__Host-latchkey-csrf-")).unwrap();
    assert!(tab.secure && tab.http_only && !tab.has_domain && tab.max_age.is_some());
    let send = |browser: &Browser, cookies: Option<String>| {
        let fields = [("csrf_token", token.as_str()), ("email", "x")];
        let request = browser.raw("POST", "/login").same_origin().form(&fields);
        if cookies.is_some() { request.with_cookies(cookies) } else { request }
    };
    let all = |name: &str, value: &str| Some(format!("__Host-latchkey-csrf=AAAA; {name}={value}"));

    assert_eq!(send(&mia, None).send().await.status(), 422);
    assert_eq!(send(&mia, all(&tab.name, &tab.value)).send().await.status(), 422);
    assert_eq!(send(&eve, None).send().await.status(), 403, "of another visitor");
    for (name, value) in [
        ("__Host-latchkey-csrf-AAAAAAAA", tab.value.as_str()),
        ("__Host-latchkey-csrf-", tab.value.as_str()),
        (tab.name.trim_start_matches("__Host-"), tab.value.as_str()),
        (tab.name.as_str(), "AAAAAAAAAAAAAAAAAAAAAA"),
    ] {
        assert_eq!(send(&mia, all(name, value)).send().await.status(), 403, "{name}={value}");
    }
    let alone = Some(format!("{}={}", tab.name, tab.value));
    assert_eq!(send(&mia, alone).send().await.status(), 403);
}

/// CSRF-08: a browser that keeps no cookies is told so, the second time; a form that was
/// merely open for too long is not blamed on cookies.
#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_that_they_are_needed() {
    for (language, too_long, needed) in
        [("en", "open for too long", "Allow cookies"), ("de", "zu lange", "Erlauben Sie Cookies")]
    {
        for transport in Transport::ALL {
            let app = TestApp::start().await;
            people::sign_up(&app, MIA).await;
            let mut browser = app.browser(transport).reading(language);
            browser.visit("/login").await;
            for told in [too_long, needed, needed] {
                browser.cookies_mut().clear();
                let form = browser.form("login-form").fill("email", MIA);
                let page = form.fill("password", PASSWORD).submit().await;
                let error = page.form_error("login-form").unwrap_or_default();
                assert_eq!(page.status(), 403, "{transport:?}");
                assert!(error.contains(told), "{transport:?} {told:?}: {error}");
                assert_eq!(page.field("login-form", "email").unwrap().value, MIA);
            }

            let form = browser.form("login-form").fill("password", PASSWORD);
            let page = form.submit().await;
            assert_eq!(page.path(), "/profile", "{transport:?}: cookies are kept now");
        }
    }
}

/// CSRF-08: the forms without fields say it too.
#[tokio::test]
async fn a_button_that_is_offered_again_says_that_cookies_are_needed() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/login").await;
    let mut token = browser.csrf_token();
    for told in ["open for too long", "Allow cookies"] {
        let fields = [("csrf_token", token.as_str()), ("language", "de"), ("next", "/login")];
        let request = browser.raw("POST", "/language").same_origin().with_cookies(None);
        let answer = request.form(&fields).send().await;

        assert_eq!(answer.status(), 403);
        assert!(answer.body.contains(told), "{told:?}: {}", answer.body);
        token = token_in(&answer).to_owned();
    }
}

/// The token of the first form on a page.
fn token_in(answer: &Answer) -> &str {
    let rest = answer.body.split(r#"name="csrf_token" value=""#).nth(1);
    rest.and_then(|rest| rest.split('"').next()).expect("a form")
}
