//! Whatever is sent: no answer is the server's fault, and none leads to another site.

#![expect(clippy::unwrap_used, reason = "an expectation that does not hold is a failed test")]

use std::sync::LazyLock;

use proptest::prelude::*;
use tests::{Answer, Browser, TestApp, Transport};
use tokio::runtime::Runtime;

use crate::people::{self, MIA, PASSWORD};

/// Cases per property; each is a request or two.
const CASES: u32 = 200;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// One app for the cases of a property.
struct Scene {
    app: TestApp,
    browser: Browser,
}

impl Scene {
    fn start() -> Self {
        RUNTIME.block_on(async {
            let app = TestApp::start().await;
            people::sign_up(&app, MIA).await;
            let mut browser = app.browser(Transport::Plain);
            browser.visit("/login").await;
            Self { app, browser }
        })
    }

    fn post(&self, path: &str, fields: &[(&str, &str)], is_partial: bool) -> Answer {
        let token = self.browser.csrf_token();
        let request = self.browser.raw("POST", path).same_origin().form(fields);
        let request = request.header("x-csrf-token", &token);
        let request = if is_partial { request.htmx_partial() } else { request };
        RUNTIME.block_on(request.send())
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.browser.raw("GET", path);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        RUNTIME.block_on(request.send())
    }

    /// Where the answer leads, all on this site.
    fn check(&self, answer: &Answer) -> Result<(), TestCaseError> {
        prop_assert!(answer.status() < 500, "{answer:?}");
        for name in ["location", "hx-redirect", "hx-push-url"] {
            let Some(to) = answer.header(name) else { continue };
            prop_assert!(to.starts_with('/') && !to.starts_with("//"), "{name}: {to}");
            let url = self.app.public_url().join(to).unwrap();
            prop_assert_eq!(url.origin(), self.app.public_url().origin(), "{}: {}", name, to);
        }
        prop_assert!(answer.header("hx-location").is_none());
        Ok(())
    }
}

fn runner() -> proptest::test_runner::TestRunner {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) };
    proptest::test_runner::TestRunner::new(config)
}

/// Addresses that are nearly local.
fn address() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("/"),
        Just("//"),
        Just("\\"),
        Just("/profile"),
        Just("/admin/users"),
        Just("?"),
        Just("#"),
        Just("@"),
        Just(":"),
        Just("evil.test"),
        Just("https:"),
        Just("javascript:"),
        Just("%2f"),
        Just("%5c"),
        Just("%0d%0a"),
        Just("\t"),
        Just("\r\n"),
        Just(" "),
        Just("\u{ff0f}"),
        Just(".."),
        Just("."),
        Just("latchkey.test"),
        Just("\0"),
        Just("login"),
        Just("logout"),
        Just("{}"),
    ];
    prop_oneof![
        prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat()),
        "\\PC{0,40}",
        "/[ -~]{0,60}",
    ]
}

/// RED-01, RED-02, RED-03, RED-04, RED-06.
#[test]
fn next_leads_to_a_page_of_this_site_or_is_dropped() {
    let scene = Scene::start();
    let outcome = runner().run(&(address(), any::<bool>()), |(next, is_partial)| {
        let fields = [("email", MIA), ("password", PASSWORD), ("next", next.as_str())];
        let answer = scene.post("/login", &fields, is_partial);
        scene.check(&answer)?;
        if is_partial && answer.status() == 403 {
            // The page is there, and not for this user.
            prop_assert!(next.starts_with("/admin/users"), "{}", next);
            return Ok(());
        }
        prop_assert_eq!(answer.status(), if is_partial { 200 } else { 303 });
        let to = answer.header(if is_partial { "hx-push-url" } else { "location" });
        let path = to.unwrap_or_default().split('?').next().unwrap_or_default().to_owned();
        prop_assert!(!matches!(path.as_str(), "" | "/logout" | "/signup/check"), "{}", path);

        let query: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let page = scene.get(&format!("/login?next={query}"), &[]);
        scene.check(&page)?;
        prop_assert_eq!(page.status(), 200);
        Ok(())
    });
    outcome.unwrap();
}

/// OUT-07: the way back is told by the browser, and believed as little.
#[test]
fn the_page_that_a_form_was_on_leads_back_to_this_site() {
    let scene = Scene::start();
    let outcome = runner().run(&(address(), any::<bool>()), |(referer, is_partial)| {
        let is_sendable = referer.bytes().all(|b| b >= 0x20 && b != 0x7f);
        prop_assume!(is_sendable);
        let name = if is_partial { "hx-current-url" } else { "referer" };
        let request = scene.browser.raw("POST", "/logout").same_origin().form(&[]);
        let request = request.header(name, &referer);
        let request = if is_partial { request.htmx_partial() } else { request };
        let answer = RUNTIME.block_on(request.send());
        prop_assert_eq!(answer.status(), if is_partial { 401 } else { 303 });
        scene.check(&answer)
    });
    outcome.unwrap();
}

/// SES-05.
#[test]
fn whatever_cookies_are_sent_no_visitor_is_logged_in_by_them() {
    let scene = Scene::start();
    let cookie =
        "((__Host-|__%48ost-)?(session|csrf|flash|device)|[!-~]{0,6})[ =;]{0,2}[ -~\u{e9}]{0,30}";
    let header = prop::collection::vec(cookie, 0..5).prop_map(|cookies| cookies.join("; "));
    let outcome = runner().run(&header, |header| {
        let answer = scene.get("/profile", &[("cookie", header.as_str())]);
        scene.check(&answer)?;
        prop_assert_eq!(answer.status(), 303);
        let answer = scene.get("/login", &[("cookie", header.as_str())]);
        prop_assert_eq!(answer.status(), 200);
        Ok(())
    });
    outcome.unwrap();
}

/// RST-13, ENU-06.
#[test]
fn whatever_stands_for_a_token_it_is_no_token() {
    let scene = Scene::start();
    let token = prop_oneof![
        "[A-Za-z0-9_-]{1,60}",
        "[A-Za-z0-9_-]{43}",
        "[!-~&&[^/?#]]{1,50}",
        "\\PC{1,20}"
    ];
    let outcome = runner().run(&token, |token| {
        let encoded: String = url::form_urlencoded::byte_serialize(token.as_bytes())
            .collect::<String>()
            .replace('+', "%20")
            .replace('.', "%2E");
        let path = format!("/reset-password/{encoded}");
        for answer in [scene.get(&path, &[]), scene.post(&path, &[("password", PASSWORD)], false)] {
            scene.check(&answer)?;
            prop_assert!(matches!(answer.status(), 404 | 410), "{}: {}", token, answer.status());
        }
        Ok(())
    });
    outcome.unwrap();
}

/// INP-01, INP-03, INP-04.
#[test]
fn whatever_a_form_holds_it_is_judged() {
    let scene = Scene::start();
    let name =
        prop_oneof!["(email|name|password|next|remember|field|role|csrf_token)", "\\PC{0,8}"];
    let value = prop_oneof!["\\PC{0,40}", "[\\x00-\\x20\"<>&']{0,12}", Just(MIA.to_owned())];
    let fields = prop::collection::vec((name, value), 0..12);
    let path = prop_oneof![
        Just("/signup"),
        Just("/login"),
        Just("/forgot-password"),
        Just("/signup/check")
    ];
    let outcome = runner().run(&(fields, path, any::<bool>()), |(fields, path, is_partial)| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = scene.post(path, &fields, is_partial);
        scene.check(&answer)?;
        prop_assert!(matches!(answer.status(), 200 | 303 | 400 | 403 | 422), "{}", answer.status());
        Ok(())
    });
    outcome.unwrap();
}

/// INP-10: bytes that are no form at all.
#[test]
fn whatever_bytes_a_body_is_made_of_it_is_answered() {
    let scene = Scene::start();
    let bytes =
        prop::collection::vec(prop_oneof![any::<u8>(), Just(b'%'), Just(b'&'), Just(b'=')], 0..200);
    let outcome = runner().run(&bytes, |bytes| {
        let token = scene.browser.csrf_token();
        let request = scene.browser.raw("POST", "/signup").same_origin();
        let request = request.header("x-csrf-token", &token);
        let answer =
            RUNTIME.block_on(request.body("application/x-www-form-urlencoded", bytes).send());
        scene.check(&answer)?;
        prop_assert!(matches!(answer.status(), 400 | 403 | 422), "{}", answer.status());
        Ok(())
    });
    outcome.unwrap();
}

/// ADM-09: what an admin searches for is looked for, not obeyed.
#[test]
fn whatever_an_admin_searches_for_there_is_a_list() {
    let mut scene = Scene::start();
    scene.browser = RUNTIME.block_on(async {
        people::seed_admin(&scene.app, people::ADA).await;
        people::logged_in(&scene.app, Transport::Plain, people::ADA).await
    });
    let text = prop_oneof!["\\PC{0,30}", "[%_\\\\'\";()\\x00-\\x1f-]{0,20}", "[A-Za-z0-9_-]{0,40}"];
    let outcome = runner().run(&(text.clone(), text), |(q, page)| {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &q)
            .append_pair("page", &page)
            .finish();
        let answer = scene.get(&format!("/admin/users?{query}"), &[]);
        scene.check(&answer)?;
        prop_assert_eq!(answer.status(), 200);
        Ok(())
    });
    outcome.unwrap();
}
