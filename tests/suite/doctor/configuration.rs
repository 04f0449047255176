//! Settings, files and their modes.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
};

use super::{Desk, Expected, Report};
use crate::fault_steps::Operator;

/// A variable, its value, and what is told of it.
type Setting<'a> = (&'a str, &'a str, Expected<'a>);

const SETTINGS: &[Setting<'static>] = &[
    ("LATCHKEY__SERVER__COLOUR", "red", ("settings", "problem", "server.colour", "")),
    (
        "LATCHKEY__SERVER__LISTEN",
        "here",
        ("settings", "problem", "server.listen", "127.0.0.1:8080"),
    ),
    ("LATCHKEY__PASSWORD__MEMORY_KIB", "1", ("settings", "problem", "password.memory_kib", "")),
    ("LATCHKEY__MAIL__URL", "http://x", ("settings", "problem", "mail.url", "")),
    (
        "LATCHKEY__SECRET_KEY",
        "change-me-change-me-change-me-change-me",
        ("secret_key", "problem", "sample", "openssl rand"),
    ),
    ("LATCHKEY__SECRET_KEY", "short", ("secret_key", "problem", "", "openssl rand")),
    (
        "LATCHKEY__SERVER__TRUSTED_PROXIES",
        "0.0.0.0/0, ::/0",
        ("trusted_proxies", "problem", "internet", "127.0.0.1"),
    ),
    ("LATCHKEY__LIMITS__ENABLED", "false", ("limits", "warning", "off", "limits.enabled")),
    (
        "LATCHKEY__METRICS__LISTEN",
        "0.0.0.0:9100",
        ("metrics", "warning", "every interface", "loopback"),
    ),
];

#[tokio::test]
async fn a_setting_that_is_wrong_or_unwise_is_told_with_its_fix() {
    for &(name, value, expected) in SETTINGS {
        let desk = Desk::new().await.with(name, value);
        desk.tells(expected).await;
    }
}

/// One mistake hides no other, and what does not depend on it is checked.
#[tokio::test]
async fn beside_a_setting_that_is_refused_the_rest_is_checked() {
    let desk = Desk::new()
        .await
        .with("LATCHKEY__MAIL__URL", "http://user:s3cr#t@x")
        .with("LATCHKEY__SESSION__LIFETIME", "soon");

    let report = desk.examine().await;

    report.tells(("settings", "problem", "mail.url", ""));
    report.tells(("settings", "problem", "session.lifetime", ""));
    report.tells(("mail_server", "skipped", "mail.url", ""));
    report.tells(("schema", "ok", "", ""));
    assert!(!report.text.contains("s3cr"), "{}", report.text);
}

#[tokio::test]
async fn what_a_production_server_refuses_is_told_in_the_same_words() {
    let desk = Desk::new().await;
    let production = desk
        .with("LATCHKEY_ENV", "production")
        .with("LATCHKEY__SERVER__PUBLIC_URL", "http://accounts.example.test")
        .with("LATCHKEY__MAIL__FROM", "Latchkey <no-reply@example.test>")
        .with("LATCHKEY__PASSWORD__MEMORY_KIB", "19456")
        .with("LATCHKEY__PASSWORD__ITERATIONS", "2");
    let refusal = production.xtask.server().await.failed_with(2);

    let report = production.examine().await;

    report.tells(("production", "problem", "server.public_url", "https://"));
    let found = report.checks().iter().find(|check| check["check"] == "production").unwrap();
    let (what, fix) = (found["message"].as_str().unwrap(), found["fix"].as_str().unwrap());
    assert_eq!(refusal, format!("{what}; {fix}"));
}

#[tokio::test]
async fn a_file_that_is_no_toml_leaves_nothing_to_rely_on_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latchkey.toml"), "secret_key = \"s3cret-canary").unwrap();

    let report = Report::of(&Operator::bare(folder.path()).run(&["doctor", "--json"]).await);

    report.tells(("settings", "problem", "is no TOML", ""));
    report.tells(("database", "skipped", "database.url", ""));
    assert!(!report.text.contains("canary"), "{}", report.text);
}

/// A file, its mode, and what is told of it.
#[tokio::test]
async fn files_that_everybody_can_read_or_change_are_told() {
    let cases: [(&str, u32, Expected<'_>); 5] = [
        ("latchkey.db", 0o644, ("database_file", "problem", "latchkey.db", "chmod o=")),
        (".", 0o777, ("database_file", "problem", "can write in", "chmod o=")),
        ("key", 0o602, ("secret_files", "problem", "SECRET_KEY_FILE", "chmod o=")),
        ("key", 0o644, ("secret_files", "problem", "SECRET_KEY_FILE", "chmod o=")),
        ("latchkey.toml", 0o646, ("config_file", "problem", "can change", "chmod o=")),
    ];
    for (file, mode, expected) in cases {
        let desk = Desk::new().await;
        fs::write(desk.path().join("latchkey.toml"), "[server]\n").unwrap();
        let desk = if file == "key" {
            let key = desk.path().join(file);
            fs::write(&key, super::SECRET).unwrap();
            // The variable of before would set it twice.
            let url = crate::fault_steps::sqlite_url(desk.path());
            let xtask = Operator::bare(desk.path())
                .with("LATCHKEY_ENV", "test")
                .with("LATCHKEY__DATABASE__URL", &url)
                .with("LATCHKEY__SECRET_KEY_FILE", key.to_str().unwrap());
            Desk { xtask, ..desk }
        } else {
            desk
        };
        let changed = desk.path().join(file);
        fs::set_permissions(&changed, fs::Permissions::from_mode(mode)).unwrap();
        desk.tells(expected).await;
    }
}

#[tokio::test]
async fn a_configuration_with_secrets_that_everybody_can_read_is_told() {
    let desk = Desk::new().await;
    let file = desk.path().join("latchkey.toml");
    fs::write(&file, "[mail]\nurl = \"smtps://user:s3cret-canary@127.0.0.1:1\"\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();

    let report = desk.examine().await;

    report.tells(("config_file", "problem", "has secrets", "chmod o="));
    assert!(!report.text.contains("canary"), "{}", report.text);
}

/// A command run as root leaves files that the server cannot write.
#[tokio::test]
async fn a_database_file_of_another_user_than_its_folder_is_told() {
    let desk = Desk::new().await;
    if chown(desk.path().join("latchkey.db"), Some(4_242), None).is_err() {
        return; // Only root can give a file away.
    }

    desk.tells(("database_file", "problem", "of user 4242", "chown")).await;
}
