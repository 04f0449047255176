//! `latchkey user`: what the operator does with an account, seen from the site.

use std::time::Duration;

use tests::{TestApp, Transport};

use crate::{
    fault_steps::Operator,
    flows::{ADA, MIA, PASSWORD, can_log_in, logged_in, make_admin, make_user, post},
};

/// An app that sees at once what another process does to its database.
async fn app() -> (TestApp, Operator) {
    let app = TestApp::with(|settings| settings.session.cache_ttl = Duration::ZERO).await;
    make_user(&app, MIA).await;
    make_admin(&app, ADA).await;
    let url = format!("sqlite://{}/test.db?mode=rwc", app.folder().display());
    let xtask = Operator::on(app.folder(), &url);
    (app, xtask)
}

async fn events(app: &TestApp) -> Vec<String> {
    let sql = "SELECT event || ' ' || actor FROM security_events \
        WHERE user_id = (SELECT id FROM users WHERE email = 'mia@example.test') \
        AND actor = 'operator' ORDER BY created_at";
    app.database.texts(sql).await
}

/// LOG-06.
#[tokio::test]
async fn no_owner_logs_in_to_a_disabled_account_until_it_is_enabled() {
    let (app, xtask) = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    let printed = xtask.run(&["user", "disable", MIA]).await.succeeded();
    assert_eq!(printed.trim(), format!("{MIA} is disabled"));
    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    assert!(!can_log_in(&app, MIA, PASSWORD).await);
    xtask.run(&["user", "disable", MIA]).await.succeeded();

    xtask.run(&["user", "enable", MIA]).await.succeeded();
    assert!(can_log_in(&app, MIA, PASSWORD).await);
    assert_eq!(events(&app).await, ["disabled operator", "enabled operator"]);
}

#[tokio::test]
async fn the_operator_vouches_for_an_address() {
    let (app, xtask) = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    assert!(browser.page().has_form("unconfirmed-form"));
    let shown = xtask.run(&["user", "show", MIA]).await.succeeded();
    assert!(shown.contains("confirmed never"), "{shown}");

    for _ in 0..2 {
        xtask.run(&["user", "confirm", MIA]).await.succeeded();
    }

    assert!(!browser.visit("/profile").await.has_form("unconfirmed-form"));
    assert_eq!(events(&app).await, ["address_confirmed operator"]);
}

/// A second run says that it did nothing, and is no failure.
#[tokio::test]
async fn a_command_that_changes_nothing_says_so() {
    let (app, xtask) = app().await;
    let commands = [
        (&["enable", MIA][..], "was already enabled. Nothing was changed."),
        (&["disable", MIA], "is disabled"),
        (&["disable", MIA], "was already disabled. Nothing was changed."),
        (&["enable", MIA], "is enabled"),
        (&["confirm", MIA], "is confirmed"),
        (&["confirm", MIA], "was already confirmed. Nothing was changed."),
        (&["end-sessions", MIA], "had no session. Nothing was changed."),
        (&["keep", MIA], "was not going to be deleted. Nothing was changed."),
        (&["role", MIA, "user"], "already had the role user. Nothing was changed."),
        (&["role", MIA, "admin"], "is an admin"),
        (&["role", MIA, "admin"], "was already an admin. Nothing was changed."),
        (&["role", MIA, "user"], "has the role user"),
        (
            &["unthrottle", MIA],
            "had no counted tries. The counts of browsers that it knows, if any, were cleared.",
        ),
    ];
    for (command, said) in commands {
        let printed = xtask.run(&[&["user"], command].concat()).await.succeeded();
        assert_eq!(printed.trim(), format!("{MIA} {said}"), "{command:?}");
    }
    let expected = ["disabled", "enabled", "address_confirmed", "became_admin", "became_user"];
    let expected = expected.into_iter().chain(["limits_cleared"]);
    let expected: Vec<_> = expected.map(|event| format!("{event} operator")).collect();
    assert_eq!(events(&app).await, expected);
}

#[tokio::test]
async fn sessions_end_and_roles_change_by_a_command() {
    let (app, xtask) = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;

    xtask.run(&["user", "end-sessions", MIA]).await.succeeded();
    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    xtask.run(&["user", "confirm", MIA]).await.succeeded();
    xtask.run(&["user", "role", MIA, "admin"]).await.succeeded();
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(browser.visit("/admin/users").await.status(), 200);

    let shown = xtask.run(&["user", "show", MIA]).await.succeeded();
    for part in
        [MIA, "role      admin", "sessions  1", "became_admin  operator", "logged_in  owner"]
    {
        assert!(shown.contains(part), "no {part} in {shown}");
    }
    xtask.run(&["user", "role", MIA, "user"]).await.succeeded();
    assert_eq!(browser.visit("/admin/users").await.status(), 403);
    let expected = [
        "all_sessions_ended operator",
        "address_confirmed operator",
        "became_admin operator",
        "became_user operator",
    ];
    assert_eq!(events(&app).await, expected);
}

/// LGG-04: an operator who restores a backup has to know which accounts to delete again.
#[tokio::test]
async fn what_the_operator_does_is_in_the_log_and_a_deletion_on_record() {
    let (app, xtask) = app().await;
    let id = crate::people::id_of(&app, MIA).await;
    xtask.run(&["user", "confirm", MIA]).await.succeeded();

    let promoted = xtask.run(&["user", "role", MIA, "admin"]).await;
    let ordered = xtask.run(&["user", "end-sessions", MIA]).await;
    let deleted = xtask.run(&["user", "delete", MIA, "--yes"]).await;

    let by_operator = "ordered by the operator";
    for (done, what, order, role) in [
        (promoted, by_operator, Some("set_role"), Some("admin")),
        (ordered, by_operator, Some("end_sessions"), None),
        (deleted, "account deleted", None, None),
    ] {
        let line = done.stderr.lines().find(|line| line.contains(what));
        let line: serde_json::Value = serde_json::from_str(line.unwrap()).unwrap();
        assert!(line.to_string().contains(&id), "{line}");
        assert_eq!((line["order"].as_str(), line["role"].as_str()), (order, role), "{line}");
        assert!(!done.stderr.contains(MIA), "{done:?}");
        assert!(done.succeeded().starts_with(MIA));
    }
    let records = "SELECT event || ' ' || actor FROM security_events WHERE event = 'deleted' \
        AND user_id IS NULL AND ip_address = ''";
    assert_eq!(app.database.texts(records).await, ["deleted operator"]);
}

/// Every table that names users, with the column that does.
pub(crate) async fn tables_of_users(app: &TestApp) -> Vec<(String, String)> {
    let sql = "SELECT m.name || ' ' || f.\"from\" FROM sqlite_master m, \
        pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.\"table\" = 'users'";
    let pairs = app.database.texts(sql).await.into_iter();
    pairs.map(|pair| pair.split_once(' ').map(|(a, b)| (a.into(), b.into())).unwrap()).collect()
}

/// Adds a row about Mia in which every text is her address, except for texts that people do not
/// write.
pub(crate) async fn add_row(app: &TestApp, table: &str, user_column: &str) {
    let columns = format!("SELECT name || ' ' || type FROM pragma_table_info('{table}')");
    let (mut names, mut values) = (Vec::new(), Vec::new());
    let tables = tables_of_users(app).await;
    let names_users = |name: &str| tables.contains(&(table.to_owned(), name.to_owned()));
    for column in app.database.texts(&columns).await {
        let (name, kind) = column.split_once(' ').unwrap();
        let is_text = kind.contains("char") || kind.contains("text") && !kind.contains("uuid");
        names.push(name.to_owned());
        values.push(match name {
            _ if name == user_column => format!("(SELECT id FROM users WHERE email = '{MIA}')"),
            _ if names_users(name) => "NULL".to_owned(),
            "event" | "actor" => "'owner'".to_owned(),
            // Unique: each column has a row of its own.
            "email" if table == "invitations" => format!("'{user_column} {MIA}'"),
            _ if is_text => format!("'{MIA}'"),
            _ if kind.contains("int") || kind.contains("bool") => "1".to_owned(),
            _ => "randomblob(32)".to_owned(),
        });
    }
    let (names, values) = (names.join(", "), values.join(", "));
    app.database.execute(&format!("INSERT INTO {table} ({names}) VALUES ({values})")).await;
}

/// Where the address still stands, as table and column.
pub(crate) async fn traces(app: &TestApp) -> Vec<String> {
    let columns = "SELECT m.name || ' ' || c.name FROM sqlite_master m, \
        pragma_table_info(m.name) c WHERE m.type = 'table'";
    let mut found = Vec::new();
    for place in app.database.texts(columns).await {
        let (table, column) = place.split_once(' ').unwrap();
        let sql =
            format!("SELECT 'here' FROM {table} WHERE instr(CAST({column} AS TEXT), '{MIA}') > 0");
        if !app.database.texts(&sql).await.is_empty() {
            found.push(place);
        }
    }
    found
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_of_the_person() {
    let (app, xtask) = app().await;
    let mut browser = logged_in(&app, Transport::Plain, MIA).await;
    assert_eq!(post(&browser, "/forgot-password", &[("email", MIA)]).await.status(), 303);
    app.mailbox.latest_to(MIA).await;
    let tables = tables_of_users(&app).await;
    assert!(tables.len() >= 8, "{tables:?}");
    for (table, column) in &tables {
        add_row(&app, table, column).await;
    }
    assert!(traces(&app).await.len() > tables.len());

    xtask.run(&["user", "delete", MIA]).await.misused();
    xtask.run(&["user", "delete", MIA, "--yes"]).await.succeeded();

    assert_eq!(traces(&app).await, Vec::<String>::new());
    assert_eq!(app.database.texts("SELECT email FROM users").await, [ADA]);
    for (table, column) in tables {
        let orphans = format!(
            "SELECT 'row' FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN \
             (SELECT id FROM users)"
        );
        assert_eq!(app.database.texts(&orphans).await, Vec::<String>::new(), "{table}");
    }
    let log_in = "SELECT event FROM security_events WHERE event = 'logged_in' AND \
        user_id IS NULL AND ip_address = '' AND user_agent = '' AND request_id = ''";
    assert_eq!(app.database.texts(log_in).await.len(), 1, "that it happened stays");
    assert_eq!(browser.visit("/profile").await.path(), "/login?next=%2Fprofile");
    xtask.run(&["user", "show", MIA]).await.failed_with(1);
    make_user(&app, MIA).await;
}

/// ADM-04.
#[tokio::test]
async fn the_last_admin_stays_one_who_can_log_in() {
    let (app, xtask) = app().await;
    for order in [&["role", ADA, "user"][..], &["disable", ADA], &["delete", ADA, "--yes"]] {
        let refused = xtask.run(&[&["user"], order].concat()).await.failed_with(1);
        assert!(refused.contains("last admin"), "{refused}");
    }
    assert!(can_log_in(&app, ADA, PASSWORD).await);

    xtask.run(&["user", "confirm", MIA]).await.succeeded();
    xtask.run(&["user", "role", MIA, "admin"]).await.succeeded();
    xtask.run(&["user", "disable", ADA]).await.succeeded();
    // A user who cannot log in manages no accounts.
    xtask.run(&["user", "role", MIA, "user"]).await.failed_with(1);
}

/// REG-12: the operator vouches for the address first.
#[tokio::test]
async fn no_command_makes_an_admin_of_a_user_without_a_confirmed_address() {
    let (app, xtask) = app().await;

    let refused = xtask.run(&["user", "role", MIA, "admin"]).await.failed_with(1);

    assert!(refused.contains(&format!("user confirm {MIA}")), "{refused}");
    assert_eq!(events(&app).await, Vec::<String>::new());
    let sql = format!("SELECT role FROM users WHERE email = '{MIA}'");
    assert_eq!(app.database.texts(&sql).await, ["user"]);
}

/// ADM-04: with `confirmed` sign-up an admin without a proven address logs in to nothing.
#[tokio::test]
async fn the_last_admin_with_a_confirmed_address_stays_one() {
    let (app, xtask) = app().await;
    let sql = format!("UPDATE users SET role = 'admin' WHERE email = '{MIA}'");
    app.database.execute(&sql).await;

    for order in [&["role", ADA, "user"][..], &["disable", ADA], &["delete", ADA, "--yes"]] {
        let refused = xtask.run(&[&["user"], order].concat()).await.failed_with(1);
        assert!(refused.contains("last admin"), "{refused}");
    }
    let confirmed = "UPDATE users SET confirmed_at = NULL";
    app.database.execute(confirmed).await;
    xtask.run(&["user", "delete", ADA, "--yes"]).await.succeeded();
    for order in [&["role", MIA, "user"][..], &["disable", MIA], &["delete", MIA, "--yes"]] {
        xtask.run(&[&["user"], order].concat()).await.failed_with(1);
    }
}

#[tokio::test]
async fn what_cannot_be_is_told() {
    let (_app, xtask) = app().await;
    xtask.run(&["user", "show", "nobody@example.test"]).await.failed_with(1);
    xtask.run(&["user", "show", "no address"]).await.failed_with(2);
    let unknown = xtask.run(&["user", "role", MIA, "king"]).await.failed_with(2);
    assert!(unknown.ends_with("give one of: user, admin"), "{unknown}");
}
