//! The admin area in the browser of an admin, on a desk and on a phone.

use tests::{Window, support::database::Database};

use super::{MIA, ROOT, Visitor, access::is_sound, database, site_with_admin};

const PHONE: (u32, u32) = (390, 844);

#[tokio::test]
async fn an_administrator_changes_a_role_without_a_reload() {
    let server = site_with_admin().await;
    database(&server).await.execute("UPDATE users SET confirmed_at = created_at").await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users").await;
    visitor.fill("q", "mia").await;
    visitor.click("search [type=submit]").await;
    visitor.wait_for_path("/admin/users?q=mia").await;
    visitor.open_user().await;
    visitor.mark().await;

    visitor.change_role("admin").await;
    visitor.wait_for("document.querySelector('#flash').innerText").await;

    assert!(visitor.is_marked().await);
    let roles = database(&server).await.texts("SELECT DISTINCT role FROM users").await;
    assert_eq!(roles, ["admin"]);
    let chosen = "return document.querySelector('main select').value";
    assert_eq!(visitor.eval::<String>(chosen).await, "admin");
    visitor.leave().await;
}

/// The select shows what the database says, not what was asked for.
#[tokio::test]
async fn a_role_that_is_refused_is_not_the_one_that_the_page_shows() {
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    visitor.mark().await;

    visitor.change_role("admin").await;
    visitor.wait_for("document.querySelector('main form [role=alert]')").await;

    assert!(visitor.is_marked().await);
    let chosen = "return document.querySelector('main select').value";
    assert_eq!(visitor.eval::<String>(chosen).await, "user");
    assert!(visitor.text("main form [role=alert]").await.contains("not confirmed"));
    visitor.leave().await;
}

/// A question is opened, answered and closed with keys and without htmx knowing of it.
#[tokio::test]
async fn an_account_is_disabled_after_the_question_with_its_reason() {
    let server = site_with_admin().await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    let is_open = "return document.querySelectorAll('details[open]').length";
    assert_eq!(visitor.eval::<usize>(is_open).await, 0);

    visitor.click("details:has([id^=disable-form]) summary").await;
    assert_eq!(visitor.eval::<usize>(is_open).await, 1);
    let field = visitor.find("[id^=disable-form] [name=reason]").await;
    field.send_keys("spam").await.expect("it takes text");
    visitor.click("[id^=disable-form] [type=submit]").await;
    visitor.wait_for("document.querySelector('#flash').innerText").await;

    let notes = "SELECT note FROM security_events WHERE event = 'disabled'";
    assert_eq!(database(&server).await.texts(notes).await, ["spam"]);
    assert!(visitor.text("main").await.contains("spam"));
    visitor.leave().await;
}

/// OUT-11: every page of the area, with rows and without.
#[tokio::test]
async fn axe_finds_nothing_in_the_admin_area() {
    let server = site_with_admin().await;
    let database = database(&server).await;
    fill(&database).await;
    let Some(visitor) = Visitor::at(&server, Window::default()).await else { return };
    visitor.log_in(ROOT).await;
    for path in [
        "/admin/users?filter=unconfirmed&sort=last-seen",
        "/admin/events",
        "/admin/events?kind=exported",
        "/admin/invitations",
        "/admin/mail",
        "/admin/mail?state=failed",
    ] {
        visitor.open(path).await;
        is_sound(&visitor, path).await;
    }
    visitor.open("/admin/users?q=mia").await;
    visitor.open_user().await;
    is_sound(&visitor, "the page of a user").await;
    visitor.click("details:has([id^=delete-form]) summary").await;
    is_sound(&visitor, "the page of a user with a question").await;
    visitor.click("[id^=delete-form] [type=submit]").await;
    visitor.wait_for("document.querySelector('[id^=delete-form] [role=alert]')").await;
    is_sound(&visitor, "the page of a user with a refusal").await;
    visitor.leave().await;
}

/// Contract, "Markup": 50 users are a few screens, and nothing sticks out.
#[tokio::test]
async fn a_list_on_a_phone_is_a_list() {
    let server = site_with_admin().await;
    let database = database(&server).await;
    fill(&database).await;
    let users = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) \
         INSERT INTO users (id, email, name, search_text, password_hash, role, created_at, \
         language, device_generation) SELECT randomblob(16), 'goose' || i || '@example.test', \
         'Goose ' || i, 'goose', '', 'user', 1700000000000 + i, 'en', 0 FROM n";
    database.execute(users).await;
    let window = Window { width: PHONE.0, height: PHONE.1, ..Window::default() };
    let Some(visitor) = Visitor::at(&server, window).await else { return };
    visitor.log_in(ROOT).await;
    for path in ["/admin/users", "/admin/events", "/admin/mail", "/admin/mail?state=failed"] {
        visitor.open(path).await;
        let wide = "return document.documentElement.scrollWidth";
        assert!(visitor.eval::<u32>(wide).await <= PHONE.0, "{path} sticks out");
    }
    visitor.open("/admin/users").await;
    visitor.wait_for("document.querySelectorAll('tbody tr').length == 50").await;
    let height: u32 = visitor.eval("return document.documentElement.scrollHeight").await;
    assert!(height < 10_000, "{height} pixels");
    let row: f64 = visitor
        .eval("return document.querySelector('tbody tr').getBoundingClientRect().height")
        .await;
    assert!(row < 180.0, "{row} pixels");
    visitor.open("/admin/users?q=goose").await;
    visitor.open_user().await;
    let wide = "return document.documentElement.scrollWidth";
    assert!(visitor.eval::<u32>(wide).await <= PHONE.0, "the page of a user sticks out");
    visitor.leave().await;
}

/// OUT-11: in German, where words are longer, at the width of a desk and of a phone.
#[tokio::test]
async fn the_admin_area_in_german_is_sound_and_fits_a_desk_and_a_phone() {
    let server = site_with_admin().await;
    let database = database(&server).await;
    fill(&database).await;
    for (width, height) in [(1280, 800), PHONE] {
        let window = Window { width, height, ..Window::default() };
        let Some(visitor) = Visitor::at(&server, window).await else { return };
        visitor.log_in(ROOT).await;
        if visitor.eval::<String>("return document.documentElement.lang").await == "en" {
            visitor.submit("language-form").await;
            visitor.wait_for("document.documentElement.lang == 'de'").await;
        }
        visitor.open("/admin/invitations").await;
        visitor.fill("email", &format!("ida{width}@example.test")).await;
        visitor.submit("invite-form").await;
        visitor.wait_for("document.querySelector('#flash').innerText.includes('unterwegs')").await;
        for path in PAGES {
            visitor.open(path).await;
            fits(&visitor, path, width).await;
            is_sound(&visitor, path).await;
        }
        visitor.open("/admin/users?q=mia").await;
        visitor.open_user().await;
        visitor.click("details:has([id^=role-form]) summary").await;
        fits(&visitor, "the page of a user", width).await;
        is_sound(&visitor, "the page of a user").await;
        visitor.leave().await;
    }
}

/// The pages of the admin area, with rows.
const PAGES: &[&str] = &[
    "/admin/users?sort=longest-unseen",
    "/admin/users?q=nobody",
    "/admin/invitations",
    "/admin/events",
    "/admin/mail",
    "/admin/mail?state=failed",
];

async fn fits(visitor: &Visitor, page: &str, width: u32) {
    let wide: u32 = visitor.eval("return document.documentElement.scrollWidth").await;
    assert!(wide <= width, "{page} sticks out: {wide} of {width}");
}

/// Events, a mail that waits, and one that failed.
async fn fill(database: &Database) {
    let mail = |error: &str, state: &str| {
        format!(
            "INSERT INTO outbox (id, recipient, subject, text_body, html_body, created_at, \
             expires_at, attempts, last_error, language, kind, priority, paused_at, user_id, \
             {state}) SELECT randomblob(16), email, 'Reset your password', '', '', 1700000000000, \
             4102444800000, 3, '{error}', 'en', 'password_reset', 0, 1700000000000, id, \
             unixepoch() * 1000 + 3600000 FROM users WHERE email = '{MIA}'"
        )
    };
    database.execute(&mail("the mail server replied 451 4.7.1", "due_at")).await;
    database.execute(&mail("the mail server replied 550 5.1.1", "failed_at")).await;
}
