//! Where secrets come from, and that they are not shown.

use std::fs;

use super::{Desk, KEY, effective};

#[test]
fn a_secret_of_digits_stays_as_it_is() {
    let digits = "0042".repeat(8);
    let key = |secret: &str| {
        let key = Desk::new(&[("EXAMPLE__SECRET_KEY", secret)]).load().secret_key().unwrap();
        key.derive(auth::keys::KeyPurpose::Csrf).sign(&[])
    };
    let same = auth::keys::SecretKey::new(digits.clone().into_bytes()).unwrap();

    assert_eq!(key(&digits), same.derive(auth::keys::KeyPurpose::Csrf).sign(&[]));
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let desk = Desk::new(&[
        ("EXAMPLE__SECRET_KEY_FILE", "key"),
        ("EXAMPLE__DATABASE__URL_FILE", "database"),
        ("EXAMPLE__MAIL__URL_FILE", "mail"),
    ])
    .with_file("key", &format!("{KEY}\n"))
    .with_file("database", "postgres://u:hunter2@db.test/a\n")
    .with_file("mail", "smtps://u:hunter2@mail.test\n");
    let settings = desk.load();

    assert!(settings.secret_key().is_ok());
    assert!(settings.database.url.is_postgres());
    assert_eq!(settings.mail.url.host(), "mail.test");
    assert_eq!(effective(&settings, "mail.url").1, "EXAMPLE__MAIL__URL_FILE");

    let twice = [("EXAMPLE__SECRET_KEY_FILE", "key"), ("EXAMPLE__SECRET_KEY", KEY)];
    let error = Desk::new(&twice).with_file("key", KEY).error();
    assert!(error.contains("remove one of them"), "{error}");
    let error = Desk::new(&[("EXAMPLE__MAIL__URL_FILE", "gone")]).error();
    assert!(error.starts_with("EXAMPLE__MAIL__URL_FILE names "), "{error}");
}

#[test]
fn no_secret_is_printed() {
    let secret = "hunter2-hunter2-hunter2-hunter2-hunter2";
    let url = format!("postgres://u:{secret}@db.test/a");
    let mail = format!("smtps://u:{secret}@mail.test");
    let settings = Desk::new(&[
        ("EXAMPLE__SECRET_KEY", secret),
        ("EXAMPLE__DATABASE__URL", &url),
        ("EXAMPLE__MAIL__URL", &mail),
    ])
    .load();
    let printed = format!("{settings:?} {:?}", settings.effective());
    assert!(!printed.contains("hunter2"), "{printed}");

    for (name, value) in [
        ("EXAMPLE__DATABASE__URL", "hunter2"),
        ("EXAMPLE__MAIL__URL", "hunter2"),
        ("EXAMPLE__SECRET_KEY__X", "hunter2"),
    ] {
        let error = Desk::new(&[(name, value)]).error();
        assert!(!error.contains("hunter2"), "{error}");
    }
    for text in ["secret_key = hunter2", "secret_key = \"hunter2", "[mail]\nurl = [\"hunter2\"]"] {
        let error = Desk::new(&[]).with_file("example.toml", text).error();
        assert!(!error.contains("hunter2"), "{error}");
    }
}

/// LGG-06: one parser reads URLs, and an error names key, source and fix, never a part of the
/// password.
#[test]
fn no_error_quotes_a_secret_of_a_url_or_one_in_the_wrong_place() {
    let canary = "s3cret-canary";
    for (name, value, fix) in [
        ("EXAMPLE__DATABASE__URL", "postgres://u:s3cret-canary#t@db/x", "`%23`"),
        ("EXAMPLE__DATABASE__URL", "postgres://u:s3cret-canary/t@db/x", "`%2F`"),
        ("EXAMPLE__DATABASE__URL", "postgres://u:1?s3cret-canary@db/x", "`%3F`"),
        ("EXAMPLE__DATABASE__URL", "postgres://db/x?sslpassword=s3cret-canary", "`sslpassword`"),
        ("EXAMPLE__DATABASE__URL", "postgres://db/x?s3cret-canary=1", "parameter"),
        ("EXAMPLE__DATABASE__URL", "postgres://db/x?sslmode=s3cret-canary", "parameter"),
        ("EXAMPLE__DATABASE__URL", "sqlite://a.db?key=s3cret-canary", "parameter"),
        ("DATABASE_URL", "mysql://u:s3cret-canary@db/x", "`sqlite://"),
        ("EXAMPLE__MAIL__URL", "smtps://u:s3cret-canary#t@mail.test", "`smtps://"),
        ("EXAMPLE__MAIL__URL", "smtps://u:1#s3cret-canary@mail.test", "percent-encode"),
        ("EXAMPLE__SERVER__PUBLIC_URL", "https://u:s3cret-canary@a.test", "without a path"),
        ("EXAMPLE__SECRET_KEY_FILE", "s3cret-canary", "readable file"),
        ("EXAMPLE__DATABASE__URL_FILE", "postgres://u:s3cret-canary@db/x", "readable file"),
        ("EXAMPLE__MAIL__URL__X", "s3cret-canary", "EXAMPLE__MAIL__URL "),
    ] {
        let error = Desk::new(&[(name, value)]).error();
        assert!(error.contains(fix), "{name}={value}: {error}");
        assert!(!error.contains(canary), "{name}={value}: {error}");
    }
    let twice = [("EXAMPLE__SECRET_KEY", canary), ("EXAMPLE__SECRET_KEY__X", canary)];
    let error = Desk::new(&twice).error();
    assert!(!error.contains(canary), "{error}");
}

#[test]
fn a_desk_gets_a_secret_of_its_own_once() {
    use std::os::unix::fs::MetadataExt;

    let desk = Desk::new(&[("EXAMPLE_ENV", "development")]);
    let sign = || {
        let key = desk.load().secret_key().unwrap();
        key.derive(auth::keys::KeyPurpose::Csrf).sign(&[])
    };

    assert_eq!(sign(), sign());
    assert_eq!(fs::metadata(desk.path("var/secret_key")).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(desk.path("var")).unwrap().count(), 1);
}
