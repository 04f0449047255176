//! Everything that is held about a person, as a file of theirs.

mod columns;
mod others;

use std::{collections::BTreeSet, time::Duration};

use serde_json::Value;
use tests::{
    Authenticator, Browser, TestApp, Transport,
    support::search::{Haystack, assert_kept_out},
};

use self::columns::{HANDED_OUT, WITHHELD};
use crate::{
    cast::NEW_MIA,
    factors,
    flows::{MIA, PASSWORD, logged_in, make_user},
    passkeys::add_passkey,
    people,
    user_command::tables_of_users,
};

const NEWER: &str = "mia.newer@example.test";

/// Tables of which nothing is handed out, and why.
const KEPT_BACK: &[(&str, &str)] = &[
    ("pending_log_ins", "gone within ten minutes, or with the log-in that exports"),
    ("tokens", "hashes of what is in mails that are listed"),
    ("notice_links", "the same, by the person's addresses"),
    ("held_forms", "unreadable without a token, for a quarter of an hour"),
    ("throttles", "keyed hashes, of which nobody can tell whose they are"),
    ("spent_ceremonies", "hashes of what was answered, for an hour, of no account"),
    ("readiness", "one row of the server's own"),
    ("seaql_migrations", "nobody's"),
];

async fn app() -> TestApp {
    let app = TestApp::start().await;
    make_user(&app, MIA).await;
    people::confirm(&app, MIA).await;
    app
}

/// What the person gets on the page that the browser shows.
async fn download(browser: &mut Browser) -> Value {
    let page = browser.form("export-form").submit().await;
    assert_eq!(page.status(), 200, "{}", page.visible_text());
    let expected = Some("attachment; filename=\"latchkey-data.json\"");
    assert_eq!(page.header("content-disposition"), expected);
    assert_eq!(page.header("content-type"), Some("application/json"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    serde_json::from_str(page.body()).expect("it is JSON")
}

/// A user with rows in every table.
async fn a_known_user(app: &TestApp) -> Browser {
    crate::invitations::invite(app, NEW_MIA, "user").await;
    let confirm = people::confirm_path(app, MIA, NEW_MIA).await;
    let mut browser = logged_in(app, Transport::Plain, MIA).await;
    browser.visit(&confirm).await;
    browser.form("confirm-email-form").submit().await;
    app.clock.advance(Duration::from_secs(1));
    add_passkey(&mut browser, &mut Authenticator::new(app.public_url())).await;
    // A new factor ends remembered browsers.
    plant_factors(app).await;
    browser.visit("/settings/email").await;
    browser.form("email-form").fill("email", NEWER).submit().await;
    people::mails_sent(app).await;
    browser.visit("/settings/data").await;
    app.clock.advance(Duration::from_secs(1));
    browser
}

/// What protects the account of the person, as far as the file tells of it.
async fn plant_factors(app: &TestApp) {
    factors::plant_app(app, NEW_MIA).await;
    for (table, columns, values) in [
        ("recovery_codes", "place, code_hash, created_at", "'7K', '$argon2id$', 1"),
        (
            "remembered_browsers",
            "id_hash, ip_address, user_agent, created_at, last_used_at, expires_at",
            "randomblob(32), '192.0.2.1', 'tests', 1, 1, 4102444800000",
        ),
    ] {
        let sql = format!(
            "INSERT INTO {table} (user_id, {columns}) \
             SELECT id, {values} FROM users WHERE email = '{NEW_MIA}'"
        );
        app.database.execute(&sql).await;
    }
}

async fn columns(app: &TestApp, table: &str) -> Vec<String> {
    let sql = format!("SELECT '{table}.' || name FROM pragma_table_info('{table}')");
    app.database.texts(&sql).await
}

/// A column that is added later has to be in the file, or here with the reason why not.
#[tokio::test]
async fn whatever_is_held_about_a_person_is_in_the_file_or_known_to_be_kept_back() {
    let app = app().await;
    let mut browser = a_known_user(&app).await;
    let all: BTreeSet<String> = app.database.tables().await.into_iter().collect();
    let kept_back: BTreeSet<String> = KEPT_BACK.iter().map(|(table, _)| (*table).into()).collect();
    assert!(kept_back.is_subset(&all), "{all:?}");

    let file = download(&mut browser).await;

    let mut unknown = Vec::new();
    for table in all.difference(&kept_back) {
        for column in columns(&app, table).await {
            let place = HANDED_OUT.iter().find(|(name, _)| *name == column);
            let is_withheld = WITHHELD.iter().any(|(name, _)| *name == column);
            match place {
                Some((_, at)) => {
                    let value = file.pointer(at);
                    assert!(value.is_some(), "{column} is not at {at} of {file:#}");
                }
                None if is_withheld => {}
                None => unknown.push(column),
            }
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
    for (table, _) in tables_of_users(&app).await {
        assert!(all.contains(&table), "{table}");
    }
}

/// ADM-05.
#[tokio::test]
async fn the_file_says_what_the_tables_say_and_nothing_that_opens_the_account() {
    let app = app().await;
    let mut browser = a_known_user(&app).await;

    let file = download(&mut browser).await;

    let text = file.to_string();
    for (at, expected) in [
        ("/exported_at", "2027-01-15T08:00:02.000Z"),
        ("/profile/email", NEW_MIA),
        ("/profile/name", "mia"),
        ("/profile/confirmed_at", "2027-01-15T08:00:00.000Z"),
        ("/sessions/0/ip_address", "127.0.0.1"),
        ("/timeline/0/what", "exported"),
        ("/timeline/0/place/ip_address", "127.0.0.1"),
        ("/address_proofs/0/email", NEWER),
        ("/email_changes/0/old_email", MIA),
    ] {
        assert_eq!(file.pointer(at).and_then(Value::as_str), Some(expected), "{at}: {file:#}");
    }
    let list = |at| file.pointer(at).and_then(Value::as_array).unwrap();
    let changed = "The address of your Latchkey account was changed";
    let told = |mail: &Value| mail["recipient"] == MIA && mail["subject"] == changed;
    assert!(list("/mails").iter().any(told), "{file:#}");
    assert!(list("/mails").len() >= 3 && list("/timeline").len() >= 5, "{file:#}");
    let mut secrets = vec![browser.cookies().session().unwrap().value.clone()];
    secrets.extend(app.database.texts("SELECT password_hash FROM users").await);
    for mail in app.mailbox.all().await {
        for prefix in ["/confirm-email/", "/undo-email/", "/not-me/"] {
            secrets.extend(mail.find_link(prefix).map(|link| link.replace(prefix, "")));
        }
    }
    assert!(secrets.len() > 4 && !text.contains("$argon2"), "{secrets:?}");
    let secrets: Vec<_> = secrets.iter().map(String::as_str).collect();
    assert_kept_out(&[Haystack::of("the file", text.as_bytes())], &secrets, &[NEW_MIA]);
}

/// RES-08: what is kept beyond the latest events is in the file too, however many
/// there are, and no more of them than are kept.
#[tokio::test]
async fn the_file_has_all_of_the_timeline_that_is_kept() {
    let app = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    browser.visit("/settings/data").await;
    let add = async |event: &str, actor: &str, at: &str, count: u32| {
        let sql = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
             INSERT INTO security_events \
             (id, user_id, event, actor, created_at, ip_address, user_agent, request_id) \
             SELECT randomblob(16), u.id, '{event}', '{actor}', u.created_at {at}, '', '', '' \
             FROM n, users u"
        );
        app.database.execute(&sql).await;
    };
    add("became_admin", "operator", "- 3", 1).await;
    add("became_user", "admin", "- 2", 1).await;
    add("logged_in", "owner", "- 1", 1).await;
    add("name_changed", "owner", "+ 1000 + i % 500", 10_600).await;
    app.clock.advance(Duration::from_secs(2));

    let file = download(&mut browser).await;

    let timeline = file["timeline"].as_array().unwrap();
    let what: Vec<_> = timeline.iter().filter_map(|event| event["what"].as_str()).collect();
    assert_eq!(what[0], "exported");
    assert!(what[1..10_000].iter().all(|what| *what == "name_changed"));
    assert_eq!(what[10_000..], ["logged_in", "became_user", "became_admin"]);
}

/// EML-01: after the password, the button is where it was, and works.
#[tokio::test]
async fn the_file_comes_by_a_button_and_after_the_password() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/data").await;
        app.clock.advance(Duration::from_mins(15));

        let page = browser.form("export-form").submit().await;
        assert_eq!(page.path(), "/sudo?next=%2Fsettings%2Fdata%3Fexport%3Dagain", "{transport:?}");
        assert_eq!(app.count("held_forms").await, 0, "{transport:?}");
        let page = browser.form("sudo-form").fill("password", PASSWORD).submit().await;
        assert_eq!((page.status(), page.path().as_str()), (200, "/settings/data?export=again"));
        let text = page.visible_text();
        assert!(text.contains("Press the button once more"), "{transport:?}: {text}");
        assert_eq!(page.focused().as_deref(), Some("button"), "{transport:?}");
        let file = download(&mut browser).await;

        assert_eq!(file["profile"]["email"], MIA, "{transport:?}");
        let get = browser.raw("GET", "/settings/data/export").send().await;
        assert_eq!(get.status(), 405, "{transport:?}: no link brings it");
        let told = "SELECT event FROM security_events WHERE event = 'exported'";
        assert_eq!(app.database.texts(told).await.len(), 1, "{transport:?}");
    }
}

/// CSRF-08.
#[tokio::test]
async fn a_stale_form_for_the_file_comes_back_and_can_be_sent() {
    for transport in Transport::ALL {
        let app = app().await;
        let mut browser = logged_in(&app, transport, MIA).await;
        browser.visit("/settings/data").await;
        let form = browser.form("export-form").fill("csrf_token", "stale");

        let page = form.submit().await;

        assert_eq!(page.status(), 403, "{transport:?}");
        assert!(page.form_error("export-form").is_some(), "{transport:?}");
        assert_eq!(download(&mut browser).await["profile"]["email"], MIA, "{transport:?}");
    }
}
