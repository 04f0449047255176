//! How the server reads its configuration. An invalid setting stops the start with exit code 2 and
//! one line that names the key, the problem and the fix.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use tests::{
    ServerProcess, Transport,
    support::{database::Database, process::Ended},
};

use crate::fault_steps::{Operator, one_line, promptly, sqlite_url};

const KEY: &str = "kX2qv9Zr7LmW4tYb8NcH1sDf6GjQ3pEa";
const CANARY: &str = "s3cret-canary";

/// Returns the line with which the server refused to start.
#[track_caller]
pub(crate) fn refusal(ended: &Ended) -> String {
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert_eq!(ended.stdout, "", "{ended:?}");
    one_line(&ended.stderr)
}

#[track_caller]
pub(crate) fn assert_names(line: &str, parts: &[&str]) {
    for part in parts {
        assert!(line.contains(part), "{part:?} is not in {line:?}");
    }
}

/// LGG-01: the line quotes no secret either.
#[tokio::test]
async fn what_is_wrong_stops_the_start_with_a_line_that_names_key_problem_and_fix() {
    let cases: [(&str, &str, &[&str]); 10] = [
        ("LATCHKEY__SERVER__PORT", "80", &["server.port", "not a setting", "server.listen"]),
        ("LATCHKEY__SERVR__LISTEN", "127.0.0.1:1", &["not a setting", "LATCHKEY__SERVER__LISTEN"]),
        ("LATCHKEY__SERVER__LISTEN", "here", &["server.listen", "here", "127.0.0.1:8080"]),
        ("LATCHKEY__DATABASE__MAX_CONNECTIONS", "many", &["max_connections", "whole number"]),
        ("LATCHKEY__SERVER__REQUEST_TIMEOUT", "0s", &["server.request_timeout", "15s"]),
        ("LATCHKEY__LIMITS__LOGIN_PER_ACCOUNT", "10", &["limits.login_per_account", "off"]),
        ("LATCHKEY__ACCOUNTS__SIGNUP", "maybe", &["accounts.signup", "`open`"]),
        ("LATCHKEY__SECRET_KEY", CANARY, &["secret_key", "too short", "openssl"]),
        ("LATCHKEY__DATABASE__URL", "mysql://u:s3cret-canary@h/n", &["database.url", "sqlite:"]),
        ("LATCHKEY_ENV", "prod", &["LATCHKEY_ENV", "prod", "`production`"]),
    ];
    for (name, value, parts) in cases {
        let line = refusal(&ServerProcess::refuse(&[(name, value)]).await);

        assert_names(&line, parts);
        assert!(!line.contains(CANARY), "{line}");
    }
}

#[tokio::test]
async fn a_secret_comes_from_a_file_and_a_file_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (key, url) = (folder.path().join("key"), folder.path().join("url"));
    fs::write(&key, format!("{KEY}\n")).unwrap();
    fs::write(&url, sqlite_url(folder.path())).unwrap();
    let (key, url) = (key.to_str().unwrap(), url.to_str().unwrap());
    let xtask = Operator::bare(folder.path()).with("LATCHKEY__SECRET_KEY_FILE", key);
    let xtask = xtask.with("LATCHKEY__DATABASE__URL_FILE", url);

    xtask.run(&["migrate"]).await.succeeded();
    assert!(folder.path().join("latchkey.db").exists());

    let both = ServerProcess::refuse(&[("LATCHKEY__SECRET_KEY_FILE", key)]).await;
    assert_names(&refusal(&both), &["LATCHKEY__SECRET_KEY_FILE", "remove one"]);
    let gone = xtask.with("LATCHKEY__MAIL__URL_FILE", "/nowhere/mail").run(&["config"]).await;
    let line = gone.failed_with(2);
    assert_names(&line, &["LATCHKEY__MAIL__URL_FILE", "/nowhere/mail", "cannot be read"]);
}

#[tokio::test]
async fn database_url_holds_where_the_own_variable_is_not_set() {
    let folder = tempfile::tempdir().unwrap();
    let common = format!("sqlite://{}/common.db?mode=rwc", folder.path().display());
    let xtask = Operator::bare(folder.path()).with("DATABASE_URL", &common);

    xtask.run(&["migrate"]).await.succeeded();
    assert!(folder.path().join("common.db").exists());

    let own = sqlite_url(folder.path());
    xtask.with("LATCHKEY__DATABASE__URL", &own).run(&["migrate"]).await.succeeded();
    assert!(folder.path().join("latchkey.db").exists());
}

#[tokio::test]
async fn the_file_that_is_named_is_read_instead_of_the_one_beside() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latchkey.toml"), "[server]\nbody_limit = \"1KiB\"\n").unwrap();
    fs::write(folder.path().join("other.toml"), "[password]\nmin_length = 16\n").unwrap();
    let beside = Operator::bare(folder.path()).run(&["config"]).await.succeeded();
    let named = Operator::bare(folder.path()).with("LATCHKEY_CONFIG", "other.toml");
    let named = named.run(&["config"]).await.succeeded();

    let line = |text: &str, key: &str| {
        text.lines().find(|line| line.starts_with(key)).expect("each key is listed").to_owned()
    };
    assert_names(&line(&beside, "server.body_limit"), &["1.0 KiB", "latchkey.toml"]);
    assert_names(&line(&beside, "password.min_length"), &["15", "default"]);
    assert_names(&line(&named, "server.body_limit"), &["64.0 KiB", "default"]);
    assert_names(&line(&named, "password.min_length"), &["16", "other.toml"]);

    for (text, parts) in [
        ("[server]\nbody_limit = true\n", ["server.body_limit", "wrong"]),
        ("[server]\nname = \"x\"\n", ["server.name", "not a setting"]),
        ("[server\n", ["broken.toml", "no TOML"]),
    ] {
        fs::write(folder.path().join("broken.toml"), text).unwrap();
        let path = folder.path().join("broken.toml");
        let ended = ServerProcess::refuse(&[("LATCHKEY_CONFIG", path.to_str().unwrap())]).await;
        assert_names(&refusal(&ended), &parts);
    }
    let gone = ServerProcess::refuse(&[("LATCHKEY_CONFIG", "/nowhere.toml")]).await;
    assert_names(&refusal(&gone), &["LATCHKEY_CONFIG", "/nowhere.toml"]);
}

/// Returns the settings with which a production server starts.
pub(crate) fn production(database: &str) -> Vec<(&str, &str)> {
    vec![
        ("LATCHKEY_ENV", "production"),
        ("LATCHKEY__DATABASE__URL", database),
        ("LATCHKEY__MAIL__FROM", "Latchkey <no-reply@latchkey.example.test>"),
        ("LATCHKEY__MAIL__URL", "smtps://mail.example.test"),
        ("LATCHKEY__PASSWORD__ITERATIONS", "2"),
        ("LATCHKEY__PASSWORD__MEMORY_KIB", "19456"),
        ("LATCHKEY__SECRET_KEY", KEY),
        ("LATCHKEY__SERVER__PUBLIC_URL", "https://latchkey.example.test"),
    ]
}

async fn refused_in_production(folder: &Path, name: &str, value: &str) -> String {
    let database = sqlite_url(folder);
    let mut environment = production(&database);
    environment.push((name, value));
    refusal(&ServerProcess::refuse(&environment).await)
}

/// HDR-04.
#[tokio::test]
async fn a_production_server_refuses_what_is_dangerous_on_the_internet() {
    let folder = tempfile::tempdir().unwrap();
    for (name, value, parts) in [
        ("LATCHKEY__SECRET_KEY", "short", ["secret_key", "too short"]),
        ("LATCHKEY__SECRET_KEY", "please-change-me-please-change-me", ["secret_key", "sample"]),
        ("LATCHKEY__SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ["secret_key", "random"]),
        ("LATCHKEY__SERVER__PUBLIC_URL", "http://example.test", ["server.public_url", "https://"]),
        ("LATCHKEY__MAIL__URL", "smtp://mail.example.test", ["mail.url", "smtps://"]),
        ("LATCHKEY__PASSWORD__MEMORY_KIB", "64", ["password.memory_kib", "19456"]),
        ("LATCHKEY__LIMITS__ENABLED", "false", ["limits.enabled", "true"]),
        ("LATCHKEY__LIMITS__LOGIN_PER_CLIENT", "off", ["limits.login_per_client", "`1000/1m`"]),
        ("LATCHKEY__LIMITS__LOGIN_PER_ACCOUNT", "9999/1m", ["limits.login_per_account", "100/1m"]),
        ("LATCHKEY__SERVER__TRUSTED_PROXIES", "0.0.0.0/0,::/0", ["server.trusted_proxies", "10."]),
        ("LATCHKEY__SERVER__TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1", ["trusted_proxies", "10."]),
        ("LATCHKEY__SESSION__LIFETIME", "0s", ["session.lifetime", "1m to "]),
        ("LATCHKEY__ACCOUNTS__RESET_LIFETIME", "0s", ["accounts.reset_lifetime", "1m to "]),
        ("LATCHKEY__DATABASE__URL", "sqlite::memory:", ["database.url", "sqlite://"]),
        (
            "LATCHKEY__DATABASE__URL",
            "postgres://u:s3cret-canary@db.test/n",
            ["database.url", "database.trusted_network"],
        ),
        (
            "LATCHKEY__DATABASE__URL",
            "postgres://u:s3cret-canary@db.test/n?sslmode=allow",
            ["database.url", "sslmode=verify-full"],
        ),
    ] {
        let line = refused_in_production(folder.path(), name, value).await;
        assert_names(&line, &parts);
        assert!(!line.contains(CANARY), "{line}");
    }

    let file = folder.path().join("readable.toml");
    fs::write(&file, "[mail]\nurl = \"smtps://u:s3cret-canary@mail.example.test\"\n").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let file = file.to_str().unwrap();
    let line = refused_in_production(folder.path(), "LATCHKEY_CONFIG", file).await;
    assert_names(&line, &["mail.url", "chmod o="]);
    assert!(!line.contains(CANARY), "{line}");
    assert!(!folder.path().join("latchkey.db").exists(), "something was begun");
}

/// HDR-04.
#[tokio::test]
async fn a_production_server_refuses_files_that_everybody_can_read() {
    let folder = tempfile::tempdir().unwrap();
    let (key, url) = (folder.path().join("key"), sqlite_url(folder.path()));
    fs::write(&key, KEY).unwrap();
    fs::set_permissions(&key, Permissions::from_mode(0o604)).unwrap();
    let mut xtask = Operator::bare(folder.path());
    for (name, value) in production(&url) {
        xtask = if name == "LATCHKEY__SECRET_KEY" { xtask } else { xtask.with(name, value) };
    }
    let xtask = xtask.with("LATCHKEY__SECRET_KEY_FILE", key.to_str().unwrap());
    let line = xtask.server().await.failed_with(2);
    assert_names(&line, &["LATCHKEY__SECRET_KEY_FILE", "chmod o="]);
    fs::set_permissions(&key, Permissions::from_mode(0o602)).unwrap();
    let line = xtask.server().await.failed_with(2);
    assert_names(&line, &["LATCHKEY__SECRET_KEY_FILE", "chmod o="]);
    fs::set_permissions(&key, Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let line = xtask.server().await.failed_with(2);
    assert_names(&line, &["LATCHKEY__SECRET_KEY_FILE", "chmod o-w "]);
    fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();

    xtask.run(&["migrate"]).await.succeeded();
    let file = folder.path().join("latchkey.db");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let line = xtask.server().await.failed_with(2);
    assert_names(&line, &["database.url", "latchkey.db", "chmod o="]);
}

/// HDR-04.
#[tokio::test]
async fn a_production_server_needs_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite_url(folder.path());
    let mut xtask = Operator::bare(folder.path());
    for (name, value) in production(&database) {
        xtask = if name == "LATCHKEY__SECRET_KEY" { xtask } else { xtask.with(name, value) };
    }

    let line = xtask.server().await.failed_with(2);

    assert_names(&line, &["secret_key", "not set", "LATCHKEY__SECRET_KEY_FILE"]);
}

/// MIG-03, REG-15, HDR-01.
#[tokio::test]
async fn a_production_server_does_not_migrate_and_names_the_command_that_does() {
    let folder = tempfile::tempdir().unwrap();
    let database = sqlite_url(folder.path());
    let environment = production(&database);

    let refusal = async || {
        let ended = ServerProcess::refuse(&environment).await;
        assert_eq!(ended.code, Some(1), "{ended:?}");
        let said: Vec<_> = ended.stderr.lines().filter(|line| !line.starts_with('{')).collect();
        one_line(&said.join("\n"))
    };
    assert_names(&refusal().await, &["does not exist", "latchkey migrate"]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "something was made");
    Database::connect(&database).await.execute("CREATE TABLE a (x INTEGER)").await;
    let file = folder.path().join("latchkey.db");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let line = refusal().await;
    assert_names(&line, &["pending", "latchkey migrate"]);
    assert!(!line.contains("cargo"), "{line}");

    Operator::on(folder.path(), &database).run(&["migrate"]).await.succeeded();
    let server = ServerProcess::start(&environment).await;
    let answer = promptly(server.browser(Transport::Plain).raw("GET", "/")).await;
    assert!(answer.header("strict-transport-security").is_some(), "{:?}", answer.headers);
    assert_eq!(
        promptly(server.browser(Transport::Plain).raw("GET", "/dev/mail")).await.status(),
        404
    );
    assert_eq!(Database::connect(&database).await.count("users").await, 0);
    let file = fs::metadata(file).unwrap();
    assert_eq!(file.permissions().mode() & 0o077, 0, "others can read the database");
}

#[tokio::test]
async fn port_zero_takes_a_free_port_and_says_which() {
    let server = ServerProcess::start(&[("LATCHKEY__SERVER__LISTEN", "127.0.0.1:0")]).await;

    assert_ne!(server.address().port(), 0);
    let listening = format!("listening on http://{}", server.address());
    assert!(server.log().contains(&listening), "{}", server.log());
    let browser = server.browser(Transport::Plain);
    assert_eq!(promptly(browser.raw("GET", "/livez")).await.status(), 200);
}

/// HDR-04: only its owner can read the file, and it is created once.
#[tokio::test]
async fn a_development_server_makes_its_secret_once_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let xtask = Operator::bare(folder.path()).with("LATCHKEY_ENV", "development");
    let seed = ["seed-admin", "--email", "ada@example.test", "--generate"];
    let file = folder.path().join("var/secret_key");

    xtask.run(&["migrate"]).await.succeeded();
    xtask.run(&seed).await.succeeded();
    let first = fs::read_to_string(&file).unwrap();
    xtask.run(&seed).await.succeeded();

    assert!(first.trim().len() >= 32);
    assert_eq!(fs::read_to_string(&file).unwrap(), first);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}
