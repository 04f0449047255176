//! What is wrong and would be silent: a command on another database than was meant, the
//! defaults of a desk in production, a variable that no setting has.

use std::fs;

use tests::ServerProcess;

use crate::{
    cast::ADA,
    configuration::{assert_names, production, refusal},
    fault_steps::{Operator, sqlite_url, unused_address},
};

const CANARY: &str = "s3cret-canary";
const SEED: &[&str] = &["seed-admin", "--email", ADA, "--generate"];

/// CFG-02: a command in a wrong folder or with a wrong URL makes nothing there, and each command
/// says where it works, without the password.
#[tokio::test]
async fn commands_make_no_database_and_name_the_one_that_they_work_on() {
    let folder = tempfile::tempdir().unwrap();
    let xtask = Operator::on(folder.path(), "sqlite://new%20data/lk.db?mode=rwc");
    for arguments in [
        &["migrate", "status"][..],
        &["migrate", "down", "--yes"],
        &["user", "show", ADA],
        &["user", "disable", ADA],
        SEED,
    ] {
        let done = xtask.run(arguments).await;
        let named = format!("database: sqlite://{}/new data/lk.db", folder.path().display());
        assert!(done.stderr.contains(&named), "{arguments:?}: {done:?}");
        assert!(done.stderr.contains("does not exist"), "{arguments:?}: {done:?}");
        assert_eq!(done.code == Some(0), arguments[1] == "status", "{done:?}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?}");
    }
    let line = xtask.run(SEED).await.failed_with(1);
    assert!(line.contains("latchkey migrate"), "{line}");

    let made = xtask.run(&["migrate"]).await;
    assert!(made.stderr.contains("new data/lk.db"), "{made:?}");
    assert!(folder.path().join("new data/lk.db").exists());
    xtask.run(SEED).await.succeeded();
    assert!(xtask.run(&["user", "show", ADA]).await.stderr.contains("new data/lk.db"));

    let nowhere = format!("postgres://ada:{CANARY}@{}/n?password={CANARY}", unused_address());
    let refused = Operator::on(folder.path(), &nowhere).run(&["migrate"]).await;
    assert!(refused.stderr.contains("database: postgres://127.0.0.1:"), "{refused:?}");
    assert!(!refused.stderr.contains(CANARY), "{refused:?}");
    assert!(refused.failed_with(1).contains("the connection is refused"));
}

/// HDR-04: the defaults of a desk hold on a desk alone.
#[tokio::test]
async fn a_production_server_does_not_start_with_the_defaults_of_a_desk() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite_url(folder.path());
    for (variable, key) in [
        ("LATCHKEY__SERVER__PUBLIC_URL", "server.public_url"),
        ("LATCHKEY__MAIL__URL", "mail.url"),
        ("LATCHKEY__MAIL__FROM", "mail.from"),
    ] {
        let mut xtask = Operator::bare(folder.path());
        for (name, value) in production(&database) {
            xtask = if name == variable { xtask } else { xtask.with(name, value) };
        }

        let line = xtask.server().await.failed_with(2);
        assert_names(&line, &[key, "not set", variable]);
        let seed = ["seed-admin", "--email", "ada@example.test", "--invite"];
        let line = xtask.run(&seed).await.failed_with(2);
        assert_names(&line, &[key, "not set", variable]);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something was begun");
}

/// CFG-04: a mistyped variable stops server and commands alike.
#[tokio::test]
async fn a_variable_that_is_no_setting_stops_the_start_and_is_told_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    for (name, nearest) in [
        ("LATCHKEY_ACCOUNTS__SIGNUP", "LATCHKEY__ACCOUNTS__SIGNUP"),
        ("LATCHKEY_MAIL_FROM", "LATCHKEY__MAIL__FROM"),
        ("latchkey__secret_key", "LATCHKEY__SECRET_KEY"),
    ] {
        let line = refusal(&ServerProcess::refuse(&[(name, CANARY)]).await);
        assert_names(&line, &[name, "not a setting", nearest]);
        assert!(!line.contains(CANARY), "{line}");
        let line = Operator::bare(folder.path()).with(name, CANARY).run(&["config"]).await;
        assert_names(&line.failed_with(2), &[name, nearest]);
    }
    let services = Operator::bare(folder.path())
        .with("LATCHKEY_SERVICE_HOST", "10.0.0.1")
        .with("LATCHKEY_PORT", "tcp://10.0.0.1:8080");
    services.run(&["config"]).await.succeeded();
}

/// Where `server.public_url` is not set on a desk it is where the server listens.
#[tokio::test]
async fn on_a_desk_the_address_of_the_app_follows_the_one_to_listen_on() {
    let folder = tempfile::tempdir().unwrap();
    for (listen, url) in [
        ("127.0.0.1:9123", "http://localhost:9123/"),
        ("0.0.0.0:9123", "http://localhost:9123/"),
        ("192.0.2.7:9123", "http://192.0.2.7:9123/"),
    ] {
        let xtask = Operator::bare(folder.path()).with("LATCHKEY__SERVER__LISTEN", listen);
        let printed = xtask.run(&["config"]).await.succeeded();
        let line = printed.lines().find(|line| line.starts_with("server.public_url")).unwrap();
        assert_names(line, &[url, "default"]);
    }
}
