//! The shortest way through the app that touches everything once: that the suite's own
//! parts work together with it.

use tests::{AxeRules, Chromium, ServerProcess, TestApp, Transport, Window};

use crate::cast::{MIA, PASSWORD};

#[tokio::test]
async fn a_visitor_signs_up_logs_in_and_logs_out_in_each_transport() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);

        browser.visit("/signup").await;
        let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia");
        let page = form.fill("password", PASSWORD).submit().await;
        assert_eq!(page.path().split('?').next(), Some("/login"), "{transport:?}");
        assert!(!page.flash().is_empty(), "{transport:?}");

        let page = browser.form("login-form").fill("password", PASSWORD).submit().await;
        assert_eq!(page.path(), "/profile", "{transport:?}");
        assert!(page.visible_text().contains("Mia") && page.is_logged_in(), "{transport:?}");
        assert_eq!(app.count("sessions").await, 1);

        let page = browser.form("logout-form").submit().await;
        assert_eq!(page.path(), "/", "{transport:?}");
        assert!(!page.is_logged_in() && browser.cookies().session().is_none(), "{transport:?}");
    }
}

#[tokio::test]
async fn a_form_that_is_empty_comes_back_with_its_errors_in_each_transport() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        let before = app.database_digest().await;

        let page = browser.form("signup-form").submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        assert_eq!(page.invalid_fields(), ["email", "name", "password"], "{transport:?}");
        assert_eq!(page.focused().as_deref(), Some("email"), "{transport:?}");
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

#[tokio::test]
async fn a_forgotten_password_is_mailed_a_link_that_opens() {
    let app = TestApp::start().await;
    let mut browser = app.browser(Transport::Plain);
    browser.visit("/signup").await;
    let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia");
    form.fill("password", PASSWORD).submit().await;

    browser.visit("/forgot-password").await;
    browser.form("forgot-password-form").fill("email", MIA).submit().await;
    let mail = app.mailbox.wait_for_link(MIA, "/reset-password/").await;

    let page = browser.visit(&mail.link("/reset-password/")).await;
    assert!(page.has_form("reset-password-form"));
}

#[tokio::test]
async fn the_real_server_starts_answers_and_stops_in_order() {
    let mut server = ServerProcess::start(&[]).await;

    let browser = server.browser(Transport::Plain);
    assert_eq!(browser.raw("GET", "/livez").send().await.status(), 200);
    server.sigterm();

    assert_eq!(server.wait().await.code(), Some(0), "{}", server.log());
}

#[tokio::test]
async fn a_real_browser_finds_nothing_wrong_with_the_log_in_page() {
    let Some(chromium) = Chromium::open(Window::default()).await else { return };
    let server = ServerProcess::start(&[]).await;

    chromium.visit(&server.public_url().join("login").unwrap()).await;

    let console = chromium.console().await;
    assert!(console.is_empty(), "{console:?}");
    assert_eq!(
        chromium.axe_violations(AxeRules::All).await.unwrap_or_default(),
        Vec::<String>::new()
    );
    chromium.close().await;
}
