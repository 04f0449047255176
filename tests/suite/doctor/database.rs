//! Databases that are missing, behind, read only, somewhere else or something else.

use std::fs;

use tests::support::database::Database;

use super::Desk;
use crate::fault_steps::{postgres_database, postgres_server, sqlite_url, unused_address};

#[tokio::test]
async fn a_database_that_is_not_there_or_behind_is_told() {
    let missing = Desk::unmigrated(None);
    missing.tells(("database", "problem", "does not exist", "migrate")).await;

    let behind = Desk::new().await;
    behind.xtask.run(&["migrate", "down", "2"]).await.succeeded();
    behind.tells(("schema", "problem", "2 migrations are pending", "migrate")).await;
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let desk = Desk::unmigrated(None);
    fs::write(desk.path().join("latchkey.db"), "s3cret-canary ".repeat(1_000)).unwrap();

    let report = desk.examine().await;

    report.tells(("database", "problem", "latchkey.db", "database.url"));
    assert!(!report.text.contains("canary"), "{}", report.text);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_without_the_password() {
    let unused = unused_address();
    let url = format!("postgres://latchkey:s3cret-canary@{unused}/latchkey");
    let url_without_password = format!("{unused}/latchkey");
    let desk = Desk::unmigrated(Some(&url));

    let report = desk.examine().await;

    report.tells(("database", "problem", &url_without_password, "start"));
    report.tells(("disk", "ok", "the log", ""));
    assert!(!report.text.contains("canary"), "{}", report.text);
}

#[tokio::test]
async fn on_postgresql_what_is_missing_or_forbidden_is_told() {
    let Some((url, name)) = postgres_database().await else { return };
    let server = postgres_server().await;
    let desk = Desk::on(Some(&url)).await;
    desk.examine().await.tells(("database_write", "ok", "", ""));
    Database::connect(&url).await.execute("DROP EXTENSION IF EXISTS pg_trgm CASCADE").await;
    desk.tells(("search_extension", "hint", "CREATE EXTENSION pg_trgm", "")).await;

    let read_only = "SET default_transaction_read_only =";
    server.execute(&format!("ALTER DATABASE {name} {read_only} on")).await;
    desk.tells(("database_write", "problem", "cannot be written", "primary")).await;
    server.execute(&format!("ALTER DATABASE {name} {read_only} off")).await;

    let elsewhere = Desk::unmigrated(Some(&url.replace(&name, "there_is_no_such_database")));
    elsewhere.tells(("database", "problem", "there_is_no_such_database", "database")).await;
}

#[tokio::test]
async fn a_database_on_postgresql_in_another_encoding_is_told() {
    let Some((url, name)) = postgres_database().await else { return };
    let server = postgres_server().await;
    let other = format!("{name}_ascii");
    let encoding = "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0";
    server.execute(&format!("CREATE DATABASE {other} {encoding}")).await;
    let desk = Desk::unmigrated(Some(&url.replace(&name, &other)));

    desk.tells(("database", "problem", "encoded in SQL", "UTF8")).await;
}

#[tokio::test]
async fn a_role_on_postgresql_without_rights_is_told() {
    let Some((url, name)) = postgres_database().await else { return };
    let server = postgres_server().await;
    Desk::on(Some(&url)).await;
    let role = format!("{name}_role");
    server.execute(&format!("CREATE ROLE {role} LOGIN PASSWORD 'x'")).await;
    let (_, rest) = url.split_once('@').expect("a URL with a user");
    let desk = Desk::unmigrated(Some(&format!("postgres://{role}:x@{rest}")));

    desk.tells(("database_rights", "problem", "may not", "grant")).await;
}

/// DOC-01: whether `secret_key_previous` is missing, needed or done with.
#[tokio::test]
async fn secrets_that_another_key_sealed_are_told() {
    let desk = Desk::new().await;
    let seed = ["seed-admin", "--email", "ada@example.test", "--name", "Ada", "--invite"];
    desk.xtask.run(&seed).await.succeeded();
    let database = Database::connect(&sqlite_url(desk.path())).await;
    let app = "INSERT INTO authentication_apps (id, user_id, name, sealed, key_id, last_step, \
               created_at) SELECT id, id, 'Phone', x'00', x'0000000000000000', 0, 1 FROM users";
    assert_eq!(database.execute(app).await, 1);
    let lost = "no key opens the secrets of 1 ";
    desk.tells(("sealed_secrets", "problem", lost, "secret_key_previous")).await;

    let desk = desk.with("LATCHKEY__SECRET_KEY_PREVIOUS", "the key that was there before this one");
    desk.examine().await.tells(("sealed_secrets", "ok", "1 authentication apps still need", ""));
    database.execute("DELETE FROM authentication_apps").await;
    desk.examine().await.tells(("sealed_secrets", "hint", "remove it", ""));
}
