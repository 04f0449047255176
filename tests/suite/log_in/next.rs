//! Where a log-in leads: to the page that was wanted, if it is one of ours.

use tests::{Browser, TestApp, Transport};

use crate::flows::{ADA, MIA, PASSWORD, logged_in, make_admin, make_user, post};

/// What no `next` may be (RED-01, RED-03, RED-06, RED-07).
const NOT_OURS: &[&str] = &[
    "//e.x",
    "///e.x",
    "/\\e.x",
    "\\/e.x",
    "\\\\\\e.x",
    " //e.x",
    "\t//e.x",
    "/\t/e.x",
    "/%09/e.x",
    "/%2f%2fe.x",
    "/%5ce.x",
    "http:e.x",
    "https:/e.x",
    "HTTPS://e.x",
    "https://latchkey.test.e.x/profile",
    "//u@e.x",
    "/x@e.x",
    ".e.x",
    "e.x",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "\u{ff0f}\u{ff0f}e.x",
    "/\u{ff0f}e.x",
    "/a/../../e.x",
    "/profile/../../e.x",
    "/profile\r\nSet-Cookie: a=b",
    "/profile\nLocation: //e.x",
    "/profile#//e.x",
    "path:/x target:body swap:innerHTML",
    "{\"path\":\"/profile\",\"target\":\"body\"}",
    "/logout",
    "/signup/check",
    "/admin/users/1/role",
    "/nowhere",
    "profile",
    "",
];

/// Opens `path`, fills the form in and sends it.
async fn log_in_from<'a>(browser: &'a mut Browser, path: &str, email: &str) -> &'a tests::Page {
    browser.visit(path).await;
    let form = browser.form("login-form").fill("email", email);
    form.fill("password", PASSWORD).submit().await
}

/// OUT-07: who is not logged in comes back to where they wanted to go.
#[tokio::test]
async fn a_page_for_users_sends_a_stranger_to_log_in_and_then_back() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        let mut browser = app.browser(transport);

        let wanted = "/admin/users?q=ada%20%26&page=";
        assert!(browser.visit(wanted).await.path().starts_with("/login?next=%2Fadmin%2Fusers%3Fq"));
        let form = browser.form("login-form").fill("email", ADA);
        form.fill("password", "not a goose at all").submit().await;
        let page = browser.form("login-form").fill("password", PASSWORD).submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, wanted), "{transport:?}");
        assert_eq!(page.flash(), "You are logged in.", "{transport:?}");
    }
}

/// Contract, "Three transports, one form", "not logged in".
#[tokio::test]
async fn a_stranger_is_sent_to_log_in_by_a_redirect_that_the_transport_can_follow() {
    let app = TestApp::start().await;
    let browser = app.browser(Transport::Plain);
    for path in ["/profile", "/admin/users"] {
        let login = format!("/login?next={}", path.replace('/', "%2F"));

        let plain = browser.raw("GET", path).send().await;
        assert_eq!((plain.status(), plain.header("location")), (303, Some(login.as_str())));
        assert!(plain.header("hx-redirect").is_none());

        let partial = browser.raw("GET", path).htmx_partial().send().await;
        assert_eq!((partial.status(), partial.header("hx-redirect")), (401, Some(login.as_str())));
        assert!(partial.header("location").is_none() && partial.body.is_empty());
    }
}

/// RED-01, RED-02, RED-03, RED-04, RED-06, RED-07.
#[tokio::test]
async fn a_next_that_is_no_page_of_ours_leads_to_the_profile() {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    let endless = format!("/profile?{}", "a".repeat(3_000));
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let mut browser = app.browser(transport);
        browser.visit("/login").await;
        for next in NOT_OURS.iter().copied().chain([endless.as_str()]) {
            let fields = [("email", MIA), ("password", PASSWORD), ("next", next)];

            let answer = post(&browser, "/login", &fields).await;

            let (status, header) = match transport {
                Transport::Plain => (303, "location"),
                _ => (200, "hx-push-url"),
            };
            assert_eq!(answer.status(), status, "{next:?}");
            assert_eq!(answer.header(header), Some("/profile"), "{next:?}");
            for header in ["hx-redirect", "hx-location", "refresh"] {
                assert!(answer.header(header).is_none(), "{next:?}: {header}");
            }
        }
    }
}

/// RED-01, RED-02: the same in the address of the log-in page, which drops it at once.
#[tokio::test]
async fn a_next_that_is_no_page_of_ours_is_not_even_carried_along() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    for &next in NOT_OURS {
        let mut address = app.public_url().join("/login").unwrap();
        address.query_pairs_mut().append_pair("next", next);

        let page = browser.visit(address.as_str()).await;

        assert!(page.field("login-form", "next").is_none(), "{next:?}");
    }
}

/// RED-05: judged at the last step, whatever the form was made to say.
#[tokio::test]
async fn a_next_that_was_tampered_with_on_the_way_is_dropped() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = app.browser(transport);
        browser.visit("/login?next=/").await;
        let form = browser.form("login-form").fill("email", MIA).fill("next", "//e.x");
        form.fill("password", "not a goose at all").submit().await;

        let page = browser.form("login-form").fill("password", PASSWORD).submit().await;

        assert_eq!(page.path(), "/profile", "{transport:?}");
    }
}

/// A visitor may be sent to a page that turns out not to be for them: it is shown like any other,
/// so that the visitor does not stay on a form that is done.
#[tokio::test]
async fn a_next_that_is_not_for_this_account_shows_the_page_that_says_so() {
    let mut seen = Vec::new();
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = app.browser(transport);

        let page = log_in_from(&mut browser, "/login?next=/admin/users", MIA).await;

        assert_eq!(page.status(), 403, "{transport:?}");
        assert_eq!(page.path(), "/admin/users", "{transport:?}");
        assert!(page.is_logged_in() && !page.has_form("login-form"), "{transport:?}");
        assert_eq!(page.h1(), "You don’t have access to this page", "{transport:?}");
        seen.push(page.title());
    }
    assert!(seen.iter().all(|title| *title == seen[0]), "{seen:?}");
}

/// A text is no page that could take the place of another.
#[tokio::test]
async fn a_next_that_is_a_text_is_opened_by_itself() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = app.browser(transport);

        let page = log_in_from(&mut browser, "/login?next=/robots.txt", MIA).await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/robots.txt"), "{transport:?}");
        assert!(page.body().starts_with("User-agent: *"), "{transport:?}");
        assert_eq!(browser.visit("/profile").await.path(), "/profile", "{transport:?}");
    }
}

#[tokio::test]
async fn pages_for_strangers_send_users_to_their_profile() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_user(&app, MIA).await;
        let mut browser = logged_in(&app, transport, MIA).await;

        assert_eq!(browser.visit("/login?next=/").await.path(), "/profile", "{transport:?}");
        assert_eq!(browser.visit("/signup").await.path(), "/profile", "{transport:?}");
    }
}
