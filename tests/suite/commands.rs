//! The operator's commands as a script runs them: without a terminal. Checks exit codes, results on
//! stdout and one-line errors on stderr.

use std::{fs, time::Duration};

use tempfile::TempDir;
use tests::{Mailbox, ServerProcess, Transport, support::database::Database};
use tokio::time::timeout;

use crate::{
    cast::ADA,
    fault_steps::{NEW_PASSWORD, Operator, PASSWORD, PATIENCE, form, one_line, sqlite_url},
    flows::sign_up,
    people::log_in,
};

const CANARY: &str = "s3cret-canary-of-an-operator";

/// Creates a folder with a migrated database, and the command for it.
async fn desk() -> (TempDir, String, Operator) {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let xtask = Operator::on(folder.path(), &url);
    xtask.run(&["migrate"]).await.succeeded();
    (folder, url, xtask)
}

fn seed<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ["seed-admin", "--email", ADA, "--name", "Ada"].iter().chain(more).copied().collect()
}

async fn admins(url: &str) -> Vec<String> {
    let database = Database::connect(url).await;
    database.texts("SELECT email || ' ' || name FROM users WHERE role = 'admin'").await
}

async fn can_log_in(url: &str, password: &str) -> bool {
    let server = ServerProcess::start(&[("LATCHKEY__DATABASE__URL", url)]).await;
    let fields = [("email", ADA), ("password", password)];
    let mut browser = server.browser(Transport::Plain);
    form(&mut browser, "/login", &fields).await.send().await.status() == 303
}

/// MIG-01, REG-15.
#[tokio::test]
async fn the_schema_goes_up_down_and_up_again_and_says_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let xtask = Operator::on(folder.path(), &url);
    let check = ["migrate", "status", "--check"];

    let behind = xtask.run(&check).await;
    assert_eq!((behind.code, behind.errors().as_str()), (Some(3), ""), "{behind:?}");
    assert!(!folder.path().join("latchkey.db").exists(), "to look makes nothing");
    assert!(xtask.run(&["migrate", "status"]).await.succeeded().contains("pending"));
    let count = behind.stdout.lines().filter(|line| line.starts_with("pending m")).count();
    let up = xtask.run(&["migrate", "up"]).await.succeeded();
    assert_eq!(up.lines().count(), count, "{up}");
    assert!(up.lines().all(|line| line.starts_with("applied m") && line.ends_with(" ms")), "{up}");
    assert!(!xtask.run(&check).await.succeeded().contains("pending"));
    assert_eq!(xtask.run(&["migrate"]).await.succeeded().trim(), "nothing to do");
    assert_eq!(Database::connect(&url).await.count("users").await, 0);

    let down = xtask.run(&["migrate", "down", "2"]).await.succeeded();
    assert_eq!(down.lines().filter(|line| line.starts_with("reverted m")).count(), 2, "{down}");
    assert_eq!(xtask.run(&check).await.code, Some(3));
    assert_eq!(xtask.run(&["migrate"]).await.succeeded().lines().count(), 2);

    xtask.run_with(&seed(&["--password-stdin"]), PASSWORD).await.succeeded();
    let fresh = xtask.run(&["migrate", "fresh"]).await.succeeded();
    assert_eq!(fresh.lines().count(), count, "{fresh}");
    assert_eq!(Database::connect(&url).await.count("users").await, 0);
}

#[tokio::test]
async fn in_production_nothing_is_lost_without_a_yes() {
    let (folder, url, desk) = desk().await;
    desk.run_with(&seed(&["--password-stdin"]), PASSWORD).await.succeeded();
    let xtask = Operator::on(folder.path(), &url).with("LATCHKEY_ENV", "production");
    for arguments in [&["migrate", "down"][..], &["migrate", "fresh"]] {
        let line = xtask.run(arguments).await.failed_with(2);
        assert!(line.contains("--yes"), "{line}");
    }
    assert_eq!(admins(&url).await.len(), 1);

    xtask.run(&["migrate", "fresh", "--yes"]).await.succeeded();
    assert!(admins(&url).await.is_empty());
    xtask.run(&["migrate", "down", "--yes"]).await.succeeded();
    assert_eq!(xtask.run(&["migrate", "status", "--check"]).await.code, Some(3));
}

/// REG-16.
#[tokio::test]
async fn an_admin_with_a_password_from_stdin_or_a_file_can_log_in() {
    for from_file in [false, true] {
        let (folder, url, xtask) = desk().await;
        let (arguments, input) = if from_file {
            fs::write(folder.path().join("password"), format!("{PASSWORD}\nmore\n")).unwrap();
            (seed(&["--password-file", "password"]), String::new())
        } else {
            (seed(&["--password-stdin"]), format!("{PASSWORD}\n"))
        };

        let done = xtask.run_with(&arguments, &input).await;

        assert!(!format!("{done:?}").contains(PASSWORD), "{done:?}");
        assert!(!format!("{done:?}").contains("argon2"), "{done:?}");
        assert!(one_line(&done.succeeded()).contains("is an admin now"));
        assert_eq!(admins(&url).await, ["ada@example.test Ada"]);
        assert!(can_log_in(&url, PASSWORD).await);
        let again = xtask.run_with(&arguments, &input).await.succeeded();
        assert!(again.contains("already"), "{again}");
        assert_eq!(admins(&url).await.len(), 1);
    }
}

/// REG-16.
#[tokio::test]
async fn a_password_that_is_made_up_is_printed_once() {
    let (_folder, url, xtask) = desk().await;

    let done = xtask.run(&seed(&["--generate"])).await;
    let again = xtask.run(&seed(&["--generate"])).await.succeeded();

    assert!(!done.stderr.contains("password: "), "{done:?}");
    let printed = done.succeeded();
    let password = printed.lines().find_map(|line| line.strip_prefix("password: "));
    let password = password.expect("it is printed");
    assert!(can_log_in(&url, password).await);
    assert!(!again.contains("password: ") && again.contains("already"), "{again}");
}

/// REG-16.
#[tokio::test]
async fn an_invited_admin_sets_a_password_that_no_other_person_knows() {
    let (_folder, url, xtask) = desk().await;
    let mailbox = Mailbox::start().await;

    let invited = xtask.run(&seed(&["--invite"])).await.succeeded();
    let mail = format!("smtp://{}", mailbox.address());
    let environment = [("LATCHKEY__DATABASE__URL", &*url), ("LATCHKEY__MAIL__URL", &*mail)];
    let server = ServerProcess::start(&environment).await;
    let link = mailbox.latest_to(ADA).await.link("/reset-password/");

    assert!(!invited.contains(&link), "{invited}");
    let mut browser = server.browser(Transport::Plain);
    browser.visit(&link).await;
    let page = browser.form("reset-password-form").fill("password", NEW_PASSWORD).submit().await;
    assert_eq!(page.path().split('?').next(), Some("/login"));
    let fields = [("email", ADA), ("password", NEW_PASSWORD)];
    assert_eq!(form(&mut browser, "/login", &fields).await.send().await.status(), 303);
}

/// REG-16, ADM-03.
#[tokio::test]
async fn an_account_is_promoted_only_when_that_is_asked_for() {
    let (_folder, url, xtask) = desk().await;
    let server = ServerProcess::start(&[("LATCHKEY__DATABASE__URL", &*url)]).await;
    let mut browser = server.browser(Transport::Plain);
    sign_up(&mut browser, ADA).await;

    let refused = xtask.run(&seed(&["--generate"])).await;
    assert!(refused.failed_with(1).contains("--promote"));
    assert!(admins(&url).await.is_empty());

    let promoted = xtask.run(&seed(&["--promote"])).await.succeeded();
    assert!(promoted.contains("the password it had"), "{promoted}");
    log_in(&mut browser, ADA).await;
    assert_eq!(browser.visit("/admin/users").await.status(), 200);
    assert!(xtask.run(&seed(&["--promote"])).await.succeeded().contains("already"));
}

/// REG-16, REG-05, REG-06, TXT-04.
#[tokio::test]
async fn what_makes_no_admin_is_told_with_exit_code_two() {
    let (_folder, url, xtask) = desk().await;

    let line = xtask.run(&seed(&[])).await.failed_with(2);
    for way in ["--password-stdin", "--password-file", "--generate", "--invite"] {
        assert!(line.contains(way), "{line}");
    }
    for weak in ["short", "", "passwordpassword", "123456789012345", "ada@example.test"] {
        let line = xtask.run_with(&seed(&["--password-stdin"]), weak).await.failed_with(2);
        assert!(weak.is_empty() || !line.contains(weak), "{line}");
    }
    for arguments in [
        &["--email", "no address", "--generate"][..],
        &["--email", ADA, "--name", "", "--generate"],
        &["--email", ADA, "--name", "Ada, see evil.test/x", "--generate"],
        &["--email", ADA, "--password", PASSWORD],
        &["--email", ADA, "--generate", "--invite"],
        &["--generate"],
    ] {
        let arguments: Vec<_> = ["seed-admin"].iter().chain(arguments).copied().collect();
        let done = xtask.run(&arguments).await;
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{arguments:?}: {done:?}");
    }
    let gone = xtask.run(&seed(&["--password-file", "nowhere"])).await;
    assert!(gone.failed_with(1).contains("nowhere"));
    assert_eq!(Database::connect(&url).await.count("users").await, 0);
}

/// REG-16.
#[tokio::test]
async fn without_a_schema_no_admin_is_made_and_the_command_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    let xtask = Operator::on(folder.path(), &url);
    Database::connect(&url).await.execute("CREATE TABLE a (x INTEGER)").await;

    let line = xtask.run(&seed(&["--generate"])).await.failed_with(1);

    assert!(line.contains("latchkey migrate") && !line.contains("cargo"), "{line}");
    let by_cargo = xtask.with("CARGO", "cargo").with("CARGO_PKG_NAME", "notes");
    let line = by_cargo.run(&seed(&["--generate"])).await.failed_with(1);
    assert!(line.contains("`cargo run --package notes -- migrate`"), "{line}");
}

/// CSRF-01: the route table that the suite uses is the one that the command prints.
#[tokio::test]
async fn the_routes_are_printed_as_the_router_has_them() {
    let folder = tempfile::tempdir().unwrap();

    let printed = Operator::bare(folder.path()).run(&["routes"]).await.succeeded();

    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let printed: Vec<_> = printed.lines().map(words).collect();
    let line = |route: &web::RouteInfo| format!("{} {} {}", route.method, route.path, route.policy);
    let table: Vec<_> = app::app().route_table().iter().map(line).collect();
    assert_eq!(printed, table);
}

/// A reader that closes the pipe early causes no error.
#[tokio::test]
async fn a_list_may_be_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    for command in ["routes", "config"] {
        let done = Operator::bare(folder.path()).run_unread(&[command]).await;

        assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{command}");
    }
}

/// The container image has no other HTTP client.
#[tokio::test]
async fn the_health_check_asks_the_server_of_its_configuration() {
    let (_folder, url, xtask) = desk().await;
    let mut server = ServerProcess::start(&[("LATCHKEY__DATABASE__URL", &*url)]).await;
    let everywhere = format!("0.0.0.0:{}", server.address().port());
    let xtask_of_image = xtask.with("LATCHKEY__SERVER__LISTEN", &everywhere);
    let check = ["healthcheck", "--ready"];

    xtask_of_image.run(&["migrate", "down"]).await.succeeded();
    let line = xtask_of_image.run(&check).await.failed_with(1);
    assert!(line.contains("503") && line.contains("migrations pending"), "{line}");
    xtask_of_image.run(&check[..1]).await.succeeded();
    xtask_of_image.run(&["migrate"]).await.succeeded();
    // The server caches the result of a probe for a second.
    let ready = async {
        while xtask_of_image.run(&check).await.code != Some(0) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, ready).await.expect("it is ready once the schema is current");

    server.kill9();
    server.wait().await;
    assert!(xtask_of_image.run(&check[..1]).await.failed_with(1).contains("no answer at 127"));
}

/// LGG-01, LGG-06.
#[tokio::test]
async fn the_settings_are_printed_with_their_sources_and_without_secrets() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latchkey.toml"), "[server]\nshutdown_grace = \"3s\"\n").unwrap();
    let xtask = Operator::bare(folder.path())
        .with("LATCHKEY__SECRET_KEY", &format!("{CANARY}-1234567890"))
        .with("LATCHKEY__DATABASE__URL", &format!("postgres://ada:{CANARY}@db.test/latchkey"))
        .with("LATCHKEY__MAIL__URL", &format!("smtps://ada:{CANARY}@mail.test"));

    let printed = xtask.run(&["config"]).await.succeeded();

    assert!(!printed.contains(CANARY), "{printed}");
    let line = |key: &str| printed.lines().find(|line| line.split_whitespace().next() == Some(key));
    for (key, parts) in [
        ("server.shutdown_grace", ["3s", "latchkey.toml"]),
        ("server.request_timeout", ["15s", "default"]),
        ("secret_key", ["(set)", "LATCHKEY__SECRET_KEY"]),
        ("database.url", ["db.test", "LATCHKEY__DATABASE__URL"]),
        ("mail.url", ["mail.test", "LATCHKEY__MAIL__URL"]),
    ] {
        let line = line(key).unwrap_or_else(|| panic!("{key} is not in\n{printed}"));
        assert!(parts.iter().all(|part| line.contains(part)), "{line}");
    }
    let wrong = xtask.with("LATCHKEY__SERVER__LISTEN", "here").run(&["config"]).await;
    assert!(wrong.failed_with(2).contains("server.listen"));
}
