//! Changing the role of a user, and what follows from it.

use tests::{Browser, TestApp, Transport};

use super::make_confirmed;
use crate::{
    flows::{ADA, MIA, logged_in, make_admin, make_user, post},
    people::{SESSION, confirm, id_of, undo_path, user_page},
};

async fn role_of(app: &TestApp, email: &str) -> String {
    app.database.texts(&format!("SELECT role FROM users WHERE email = '{email}'")).await.remove(0)
}

/// An admin who looks at the page of a user.
async fn scene(transport: Transport) -> (TestApp, Browser) {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    make_confirmed(&app, MIA).await;
    let mut admin = logged_in(&app, transport, ADA).await;
    admin.visit(&user_page(&app, MIA).await).await;
    (app, admin)
}

/// The form that changes the role of the account.
async fn form_of(app: &TestApp, email: &str) -> String {
    format!("role-form-{}", id_of(app, email).await)
}

/// Where that form leads.
async fn path_of(app: &TestApp, email: &str) -> String {
    format!("/admin/users/{}/role", id_of(app, email).await)
}

#[tokio::test]
async fn a_new_role_is_told_by_name_in_german() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    make_confirmed(&app, MIA).await;
    let mut admin = app.browser(Transport::Plain).reading("de");
    crate::people::log_in(&mut admin, ADA).await;
    admin.visit(&user_page(&app, MIA).await).await;
    let form = form_of(&app, MIA).await;

    let page = admin.form(&form).choose("role", "admin").submit().await;

    assert_eq!(page.flash(), "mia hat jetzt die Rolle „Admin“.");
}

#[tokio::test]
async fn a_role_is_changed_on_the_page_of_the_user() {
    for transport in Transport::ALL {
        let (app, mut browser) = scene(transport).await;
        let form = form_of(&app, MIA).await;

        let page = browser.form(&form).choose("role", "admin").submit().await;
        let expected = (200, user_page(&app, MIA).await);
        assert_eq!((page.status(), page.path()), expected, "{transport:?}");
        assert_eq!(page.flash(), "mia is now an admin.", "{transport:?}");
        assert_eq!(role_of(&app, MIA).await, "admin", "{transport:?}");

        browser.form(&form).choose("role", "user").submit().await;
        assert_eq!(role_of(&app, MIA).await, "user", "{transport:?}");
    }
}

/// RED-01: the way on leads to the page of the user and nowhere else.
#[tokio::test]
async fn a_change_of_role_leads_to_no_other_page_than_that_of_the_user() {
    let (app, browser) = scene(Transport::Plain).await;
    let (path, page) = (path_of(&app, MIA).await, user_page(&app, MIA).await);
    for next in ["//evil.test/admin/users", "/profile", "", "/admin/users/x", "/admin/users#x"] {
        let answer = post(&browser, &path, &[("role", "admin"), ("next", next)]).await;
        assert_eq!(answer.header("location"), Some(page.as_str()), "{next}");
    }
}

/// Contract, "Routes": the path of releases before.
#[tokio::test]
async fn a_role_is_changed_by_the_former_path_too() {
    let (app, browser) = scene(Transport::Plain).await;
    for (path, role) in [("role", "admin"), ("roles", "user")] {
        let path = format!("{}/{path}", user_page(&app, MIA).await);
        assert_eq!(post(&browser, &path, &[("role", role)]).await.status(), 303);
        assert_eq!(role_of(&app, MIA).await, role);
    }
}

/// ADM-02: the right is gone with the role, in a session that is still open.
#[tokio::test]
async fn a_role_that_was_taken_away_is_gone_at_the_next_request() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        for email in [ADA, "eve@example.test"] {
            make_admin(&app, email).await;
        }
        let mut admin = logged_in(&app, transport, ADA).await;
        let mut eve = logged_in(&app, transport, "eve@example.test").await;
        eve.visit(&user_page(&app, ADA).await).await;
        let form = form_of(&app, "eve@example.test").await;
        let against = form_of(&app, ADA).await;
        admin.visit(&user_page(&app, "eve@example.test").await).await;
        admin.form(&form).choose("role", "user").submit().await;

        let answer = eve.form(&against).choose("role", "user").submit().await;
        assert_eq!(answer.status(), 403, "{transport:?}");
        assert_eq!(role_of(&app, ADA).await, "admin", "{transport:?}");
        let page = eve.visit("/admin/users").await;
        assert_eq!(page.status(), 403, "{transport:?}");
        assert!(!page.body().contains(ADA) && page.is_logged_in());
    }
}

/// ADM-04.
#[tokio::test]
async fn the_last_admin_stays_one() {
    for transport in Transport::ALL {
        let (app, mut browser) = scene(transport).await;
        let form = form_of(&app, ADA).await;
        let page = browser.visit(&user_page(&app, ADA).await).await;
        assert!(!page.has_form(&form), "{transport:?}: {}", page.visible_text());
        let before = app.database_digest().await;

        let path = path_of(&app, ADA).await;
        let answer = post(&browser, &path, &[("role", "user")]).await;

        assert_eq!(answer.status(), 422, "{transport:?}");
        let error = "This is the last admin and";
        assert!(answer.body.contains(error), "{transport:?}: {}", answer.body);
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// ADM-04: another admin would have to undo it.
#[tokio::test]
async fn admins_take_no_role_from_themselves() {
    for transport in Transport::ALL {
        let (app, browser) = scene(transport).await;
        make_admin(&app, "eve@example.test").await;
        let before = app.database_digest().await;

        let path = path_of(&app, ADA).await;
        let answer = post(&browser, &path, &[("role", "user")]).await;

        assert_eq!(answer.status(), 422, "{transport:?}");
        assert!(answer.body.contains("your own account"), "{transport:?}: {}", answer.body);
        assert_eq!(app.database_digest().await, before, "{transport:?}");
    }
}

/// REG-12: a person who signed up with another person's address does not become an admin.
#[tokio::test]
async fn no_user_becomes_an_admin_before_the_address_is_confirmed() {
    for transport in Transport::ALL {
        let app = TestApp::start().await;
        make_admin(&app, ADA).await;
        make_user(&app, MIA).await;
        let form = form_of(&app, MIA).await;
        let mut browser = logged_in(&app, transport, ADA).await;
        browser.visit(&user_page(&app, MIA).await).await;
        let before = app.database_digest().await;

        let page = browser.form(&form).choose("role", "admin").submit().await;

        assert_eq!(page.status(), 422, "{transport:?}");
        let error = page.form_error(&form).expect("it is told why");
        assert_eq!(error, "The address is not confirmed yet.", "{transport:?}");
        assert_eq!(app.database_digest().await, before, "{transport:?}");
        let chosen = page.dom().find(&format!("#{form} option[selected]"));
        let chosen = chosen.and_then(|option| option.attr("value"));
        assert_eq!(chosen, Some("user"), "{transport:?}: not what was asked for");
        confirm(&app, MIA).await;
        browser.form(&form).choose("role", "admin").submit().await;
        assert_eq!(role_of(&app, MIA).await, "admin", "{transport:?}");
    }
}

/// EML-02: an admin is not taken away by the mail to an address of before.
#[tokio::test]
async fn a_new_admin_has_no_change_of_address_that_can_be_undone() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    make_user(&app, "old@example.test").await;
    let undo = undo_path(&app, "old@example.test", MIA).await;
    let mut browser = logged_in(&app, Transport::Plain, ADA).await;
    browser.visit(&user_page(&app, MIA).await).await;
    let form = form_of(&app, MIA).await;

    browser.form(&form).choose("role", "admin").submit().await;

    assert_eq!(role_of(&app, MIA).await, "admin");
    assert_eq!(browser.raw("GET", &undo).send().await.status(), 410);
    assert_eq!(post(&browser, &undo, &[]).await.status(), 410);
    assert_eq!(role_of(&app, MIA).await, "admin");
}

/// SES-02: another role means another session id, for its user and for a thief.
#[tokio::test]
async fn a_change_of_role_renews_the_session_and_ends_the_old_id() {
    for transport in [Transport::Plain, Transport::HtmxPartial] {
        let (app, mut admin) = scene(transport).await;
        let mut mia = logged_in(&app, transport, MIA).await;
        let stolen = mia.cookies().clone();
        let old = stolen.session().unwrap().value.clone();
        admin.form(&form_of(&app, MIA).await).choose("role", "admin").submit().await;

        let page = mia.visit("/profile").await;
        assert!(page.is_logged_in() && page.nav_links().contains(&"/admin/users".to_owned()));
        let new = mia.cookies().session().unwrap().value.clone();
        assert_ne!(new, old, "{transport:?}");
        assert_eq!(mia.visit("/admin/users").await.status(), 200);

        let mut thief = app.browser(transport);
        *thief.cookies_mut() = stolen;
        assert_eq!(thief.visit("/profile").await.path(), "/login?next=%2Fprofile");
        assert_eq!(app.count("sessions").await, 2);
    }
}

/// SES-02, SES-17: whatever is asked for first brings the new id, also what is no page;
/// an answer with an id in it is kept by no cache.
#[tokio::test]
async fn the_new_id_after_a_change_of_role_comes_with_a_text_as_well() {
    for path in ["/robots.txt", "/.well-known/security.txt", "/.well-known/change-password"] {
        let (app, mut admin) = scene(Transport::Plain).await;
        let mut mia = logged_in(&app, Transport::Plain, MIA).await;
        let old = mia.cookies().session().unwrap().value.clone();
        admin.form(&form_of(&app, MIA).await).choose("role", "admin").submit().await;

        let answer = mia.raw("GET", path).send().await;

        let cookies = answer.cookies();
        let new = cookies.iter().find(|cookie| cookie.name == SESSION);
        let new = new.unwrap_or_else(|| panic!("{path} keeps the new id: {:?}", answer.headers));
        assert_ne!(new.value, old, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        mia.cookies_mut().plant(SESSION, &new.value);
        assert!(mia.visit("/profile").await.is_logged_in(), "{path}");
        assert!(mia.raw("GET", path).send().await.cookies().is_empty(), "{path}");
    }
}

/// ENU-07, ADM-06: no id tells whether it ever had an account.
#[tokio::test]
async fn there_is_no_role_of_a_user_who_is_not_there() {
    let app = TestApp::start().await;
    make_admin(&app, ADA).await;
    let browser = logged_in(&app, Transport::Plain, ADA).await;
    let before = app.database_digest().await;
    let mut bodies = Vec::new();
    for id in ["0198c7f0-0000-7000-8000-000000000000", "1", "..", "%00", "%27%20OR%201=1"] {
        let path = format!("/admin/users/{id}/role");
        let answer = post(&browser, &path, &[("role", "admin")]).await;

        assert_eq!(answer.status(), 404, "{id}");
        bodies.push(answer.body.replace(answer.header("x-request-id").unwrap(), "*"));
    }
    assert!(bodies[..2].iter().all(|body| *body == bodies[0]));
    assert_eq!(app.database_digest().await, before);
}

/// LOG-04.
#[tokio::test]
async fn there_are_two_roles_and_no_other() {
    let (app, browser) = scene(Transport::Plain).await;
    let path = path_of(&app, MIA).await;
    let before = app.database_digest().await;

    for role in ["", "root", "Admin", "admin ", "user,admin"] {
        assert_eq!(post(&browser, &path, &[("role", role)]).await.status(), 400, "{role:?}");
    }
    assert_eq!(post(&browser, &path, &[]).await.status(), 400);
    let doubled = [("role", "user"), ("role", "admin")];
    assert_eq!(post(&browser, &path, &doubled).await.status(), 400, "which of them?");
    assert_eq!(app.database_digest().await, before);
}

/// ADM-01: the form is guarded as the list is.
#[tokio::test]
async fn users_and_strangers_change_no_roles() {
    let (app, _admin) = scene(Transport::Plain).await;
    let path = path_of(&app, MIA).await;
    let user = logged_in(&app, Transport::Plain, MIA).await;
    let mut stranger = app.browser(Transport::Plain);
    stranger.visit("/login").await;
    let before = app.database_digest().await;

    assert_eq!(post(&user, &path, &[("role", "admin")]).await.status(), 403);
    let answer = post(&stranger, &path, &[("role", "admin")]).await;
    assert_eq!(answer.status(), 303);
    assert!(answer.header("location").unwrap().starts_with("/login"));
    for id in ["1", "0198c7f0-0000-7000-8000-000000000000"] {
        let path = format!("/admin/users/{id}/role");
        assert_eq!(post(&user, &path, &[("role", "admin")]).await.status(), 403, "{id}");
    }

    assert_eq!(app.database_digest().await, before);
}
