//! Pages that are looked at, and forms that were open for too long.

use tests::{TestApp, Transport};

use crate::{
    factors,
    people::{self, ADA, MIA, PASSWORD, ZOE},
};

/// Links in mails, by their routes.
async fn links(app: &TestApp) -> Vec<(&'static str, String)> {
    let mut links = Vec::new();
    for (route, owner) in [
        ("/sudo/{token}", ADA),
        ("/new-account/{token}", ADA),
        ("/invitation/{token}", ADA),
        ("/factor-reset/{token}", ADA),
        ("/keep-factors/{token}", ADA),
        ("/confirm-email/{token}", "lea@example.test"),
        ("/undo-email/{token}", "ida@example.test"),
    ] {
        if owner != ADA {
            people::sign_up(app, owner).await;
        }
        links.push((route, people::real_path(app, route, owner).await));
    }
    links
}

/// CSRF-05.
#[tokio::test]
async fn looking_at_every_page_changes_nothing() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    people::seed_admin(&app, ADA).await;
    people::sign_up(&app, ZOE).await;
    let proof = people::proof(&app, ZOE).await;
    let report = people::compromise_report_path(&app, MIA).await;
    let reset = people::reset_path(&app, MIA).await;
    let mut links = links(&app).await;
    links.extend([("/not-me/{token}", report), ("/reset-password/{token}", reset)]);
    let factor = factors::plant_app(&app, ADA).await.to_string();
    let mut admin = people::logged_in(&app, Transport::Plain, ADA).await;
    let id = people::id_of(&app, MIA).await;
    let token = admin.csrf_token();
    admin.cookies_mut().plant(people::PROOF, &proof.cookie);
    let digest = app.database_digest().await;

    let mut paths: Vec<String> = tests::account_routes()
        .iter()
        .map(|route| of_nobody(&route.path.replace("{id}", &id)))
        .map(|path| path.replace("{app}", &factor))
        .map(|path| path.replace("/confirm-address/{token}", &proof.path))
        .map(|path| links.iter().fold(path, |path, (route, link)| path.replace(route, link)))
        .collect();
    assert!(!paths.iter().any(|path| path.contains('{')), "write down a link: {paths:?}");
    for (_, link) in &links {
        assert_eq!(admin.raw("GET", link).send().await.status(), 200, "{link} is good");
    }
    let mut seen = 0;
    while let Some(path) = paths.get(seen).cloned() {
        seen += 1;
        for method in ["GET", "HEAD"] {
            let query = format!("{path}?_method=POST&role=admin&csrf_token={token}");
            let request = admin.raw(method, &query).same_origin();
            let request = request.header("x-http-method-override", "POST");
            let answer = request.header("x-csrf-token", &token).send().await;
            assert!(answer.status() < 500, "{method} {path}: {}", answer.status());
        }
        let is_page =
            !["security.txt", "robots.txt", "/session"].iter().any(|it| path.ends_with(it));
        if path.starts_with('/') && is_page {
            let page = admin.visit(&path).await;
            let links = page.dom().select("a[href]").into_iter();
            let links = links.filter_map(|link| link.attr("href")).map(ToOwned::to_owned);
            let new: Vec<String> = links.filter(|link| link.starts_with('/')).collect();
            paths.extend(new.into_iter().filter(|link| !link.starts_with("/assets")));
            paths.sort();
            paths.dedup();
        }
        assert!(seen < 200, "the links do not end: {paths:?}");
    }

    assert_eq!(app.database_digest().await, digest);
}

/// The path with ids of nothing that there is.
fn of_nobody(path: &str) -> String {
    let ids = ["{session}", "{mail}", "{invitation}", "{passkey}", "{browser}"];
    ids.iter().fold(path.to_owned(), |path, id| path.replace(id, "nobodys"))
}

/// CSRF-05: the method is the one of the request line.
#[tokio::test]
async fn a_method_in_the_form_or_a_header_is_not_obeyed() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let token = browser.csrf_token();
    let digest = app.database_digest().await;
    let fields = [("csrf_token", token.as_str()), ("_method", "GET")];

    let posted = browser.raw("POST", "/profile").same_origin().form(&fields);
    let posted = posted.header("x-http-method-override", "GET").send().await;
    let put = browser.raw("PUT", "/logout").same_origin().form(&[("_method", "POST")]);
    let put = put.header("x-csrf-token", &token).header("x-http-method", "POST").send().await;

    assert_eq!((posted.status(), posted.header("allow")), (405, Some("GET, HEAD")));
    assert_eq!((put.status(), put.header("allow")), (405, Some("POST")));
    assert_eq!(app.database_digest().await, digest);
}

/// CSRF-08, contract, "Three transports, one form", "no valid token".
#[tokio::test]
async fn a_stale_form_comes_back_with_what_was_typed_and_can_be_sent() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        let mut browser = app.browser(transport);
        browser.visit("/signup").await;
        super::tabs::forget_csrf_cookies(&mut browser);
        browser.cookies_mut().plant("__Host-latchkey-csrf", "AAAAAAAAAAAAAAAAAAAAAA");
        let form = browser.form("signup-form").fill("email", MIA).fill("name", "Mia <b>");

        let page = form.fill("password", PASSWORD).submit().await;

        assert_eq!(page.status(), 403, "{transport:?}");
        assert!(page.form_error("signup-form").is_some(), "{transport:?}");
        let value = |name| page.field("signup-form", name).map(|control| control.value);
        assert_eq!(value("email").as_deref(), Some(MIA));
        assert_eq!(value("name").as_deref(), Some("Mia <b>"));
        assert!(!page.body().contains(PASSWORD), "{transport:?}: the password is echoed");
        if transport == Transport::HtmxPartial {
            let start = "<title>Error: Sign up · Latchkey</title><form";
            assert!(page.body().starts_with(start), "{}", page.body());
        } else {
            assert!(page.body().starts_with("<!DOCTYPE"), "{}", page.body());
        }
        assert_eq!(app.count("users").await, 0);

        browser.form("signup-form").fill("password", PASSWORD).submit().await;
        assert_eq!(app.count("users").await, 1, "{transport:?}");
    }
}

/// CSRF-03: a page with a token in its address sends no origin, and over plain http browsers
/// say nothing of the site: its form is taken by its token, and not without.
#[tokio::test]
async fn a_form_whose_browser_says_nothing_of_its_site_is_taken_by_its_token() {
    let http = "http://latchkey.test";
    for url in [http, "https://latchkey.test"] {
        let app = TestApp::with(|settings| settings.server.public_url = url.parse().unwrap()).await;
        people::sign_up(&app, MIA).await;
        let reset = people::reset_path(&app, MIA).await;
        let mut browser = app.browser(Transport::Plain).without_fetch_metadata();
        browser.visit(&reset).await;
        let digest = app.database_digest().await;
        for token in ["", "AAAA"] {
            let fields = [("csrf_token", token), ("password", "a horse of another colour")];
            let request = browser.raw("POST", &reset).header("origin", "null").form(&fields);
            assert_eq!(request.send().await.status(), 403, "{url}");
        }
        assert_eq!(app.database_digest().await, digest);

        let form = browser.form("reset-password-form");
        let page = form.fill("password", "a horse of another colour").submit().await;

        assert_eq!((page.status(), page.path().as_str()), (200, "/login"), "{url}");
    }
}

/// CSRF-08: a tab from before the log-in, on a page for everybody.
#[tokio::test]
async fn a_form_from_before_the_log_in_comes_back_for_the_new_session() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        people::sign_up(&app, MIA).await;
        let mut browser = app.browser(transport);
        browser.visit("/forgot-password").await;
        let other_tab = people::logged_in(&app, Transport::Plain, MIA).await;
        let session = other_tab.cookies().session().expect("a session").value.clone();
        browser.cookies_mut().plant(people::SESSION, &session);

        let form = browser.form("forgot-password-form").fill("email", MIA);
        let page = form.submit().await;

        assert_eq!(page.status(), 403, "{transport:?}");
        let email = page.field("forgot-password-form", "email").map(|control| control.value);
        assert_eq!(email.as_deref(), Some(MIA), "{transport:?}");
        let page = browser.form("forgot-password-form").submit().await;
        assert_eq!(page.path(), "/forgot-password/sent", "{transport:?}");
        assert_eq!(app.count("outbox").await, 1, "{transport:?}");
    }
}

/// CSRF-08: forms without a page of their own are offered again too.
#[tokio::test]
async fn a_stale_button_is_offered_again() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        people::sign_up(&app, MIA).await;
        people::confirm(&app, MIA).await;
        people::seed_admin(&app, ADA).await;
        let mut browser = people::logged_in(&app, transport, ADA).await;
        browser.visit(&people::user_page(&app, MIA).await).await;
        let other_tab = people::logged_in(&app, Transport::Plain, ADA).await;
        let session = other_tab.cookies().session().expect("a session").value.clone();
        browser.cookies_mut().plant(people::SESSION, &session);
        let form = format!("role-form-{}", people::id_of(&app, MIA).await);

        let page = browser.form(&form).choose("role", "admin").submit().await;
        assert_eq!(page.status(), 403, "{transport:?}");
        assert!(page.has_form("resend-form"), "{transport:?}: {}", page.visible_text());

        let page = browser.form("resend-form").submit().await;
        assert_eq!(page.status(), 200, "{transport:?}: {}", page.visible_text());
        let admins = app.database.texts("SELECT email FROM users WHERE role = 'admin'").await;
        assert_eq!(admins.len(), 2, "{transport:?}");
    }
}

/// CSRF-08, LOG-12: whatever else was in the form, secrets of forms to come as well.
#[tokio::test]
async fn a_button_that_is_offered_again_carries_no_secret_and_nothing_unknown() {
    let app = TestApp::start().await;
    people::seed_admin(&app, ADA).await;
    let browser = people::logged_in(&app, Transport::Plain, ADA).await;
    let path = format!("/admin/users/{}/role", people::id_of(&app, ADA).await);
    let mut fields = vec![("role", "admin"), ("reason", "spam & more")];
    let secrets = ["password", "current_password", "new_password", "code", "passphrase"];
    fields.extend(secrets.map(|name| (name, PASSWORD)));

    for is_partial in [false, true] {
        let request = browser.raw("POST", &path).same_origin().form(&fields);
        let request = if is_partial { request.htmx_partial() } else { request };
        let answer = request.send().await;

        assert_eq!(answer.status(), 403);
        assert!(!answer.body.contains(PASSWORD), "{}", answer.body);
        assert!(answer.body.contains(r#"name="role" value="admin""#), "{}", answer.body);
        assert!(answer.body.contains(r#"name="reason" value="spam &amp; more""#));
    }
}

/// CSRF-09.
#[tokio::test]
async fn no_other_site_is_let_in_by_a_header() {
    let app = TestApp::start().await;
    people::sign_up(&app, MIA).await;
    let browser = people::logged_in(&app, Transport::Plain, MIA).await;
    let paths = tests::account_routes().into_iter().map(|route| route.path);

    for path in paths.chain(["/livez", "/readyz", "/favicon.ico", "/nowhere"]) {
        for method in ["OPTIONS", "GET", "POST"] {
            let request = browser.raw(method, path).header("origin", "https://evil.test");
            let request = request.header("access-control-request-method", "POST");
            let request = request.header("access-control-request-headers", "x-csrf-token");
            let answer = request.send().await;
            let names = answer.headers.keys().map(reqwest::header::HeaderName::as_str);
            let allowing: Vec<_> =
                names.filter(|name| name.starts_with("access-control")).collect();
            assert!(allowing.is_empty(), "{method} {path}: {allowing:?}");
            assert!(method != "OPTIONS" || answer.status() >= 400, "{path}: {}", answer.status());
        }
    }
}
