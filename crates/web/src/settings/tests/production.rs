//! What a production server does not start with.

use std::os::unix::fs::PermissionsExt;

use super::*;

const PRODUCTION: [(&str, &str); 4] = [
    ("LATCHKEY_ENV", "production"),
    ("LATCHKEY__SERVER__PUBLIC_URL", "https://example.com"),
    ("LATCHKEY__SECRET_KEY", KEY),
    ("LATCHKEY__MAIL__URL", "smtps://u:p@mail.test"),
];

fn production(change: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::new(&PRODUCTION);
    for (name, value) in change {
        desk.sources.variables.insert((*name).into(), (*value).into());
    }
    desk
}

/// HDR-04.
#[test]
fn production_refuses_what_is_unsafe() {
    assert_eq!(production(&[]).load().check_production(), Ok(()));
    let url = "LATCHKEY__SERVER__PUBLIC_URL";
    assert_eq!(production(&[(url, "http://localhost:8080")]).load().check_production(), Ok(()));
    let sample = "change-me-change-me-change-me-change-me";
    for (name, value, key) in [
        (url, "http://example.com", "server.public_url"),
        ("LATCHKEY__SECRET_KEY", "short", "secret_key"),
        ("LATCHKEY__SECRET_KEY", sample, "secret_key"),
        ("LATCHKEY__SECRET_KEY", &"ab".repeat(20), "secret_key"),
        ("LATCHKEY__MAIL__URL", "smtp://mail.test", "mail.url"),
    ] {
        let error = production(&[(name, value)]).load().check_production();
        let error = one_line(&error.expect_err(value));
        assert!(error.starts_with(key), "{value}: {error}");
    }

    // MAI-05: in so many words.
    let trusted =
        [("LATCHKEY__MAIL__URL", "smtp://relay"), ("LATCHKEY__MAIL__TRUSTED_NETWORK", "true")];
    assert_eq!(production(&trusted).load().check_production(), Ok(()));

    let mut without = production(&[]);
    without.sources.variables.remove("LATCHKEY__SECRET_KEY");
    let error = one_line(&without.load().check_production().expect_err("no secret"));
    assert!(error.starts_with("secret_key is not set; set LATCHKEY__SECRET_KEY"), "{error}");
    assert!(!without.path("var").exists());
}

/// HDR-04.
#[test]
fn production_refuses_files_with_secrets_or_accounts_that_everybody_can_read() {
    let secret_key = format!("secret_key = \"{KEY}\"");
    for (name, text, variable, key) in [
        ("latchkey.toml", secret_key.as_str(), None, "secret_key stands in"),
        ("key", KEY, Some("SECRET_KEY_FILE"), "LATCHKEY__SECRET_KEY_FILE names"),
        ("url", "smtps://mail.test", Some("MAIL__URL_FILE"), "LATCHKEY__MAIL__URL_FILE names"),
        ("var/latchkey.db", "", None, "database.url keeps accounts in"),
        ("var/latchkey.db-wal", "", None, "database.url keeps accounts in"),
    ] {
        let mut desk = production(&[]);
        fs::create_dir(desk.path("var")).unwrap();
        if let Some(variable) = variable {
            let value = variable.trim_end_matches("_FILE");
            desk.sources.variables.remove(&format!("LATCHKEY__{value}"));
            desk.sources.variables.insert(format!("LATCHKEY__{variable}"), name.to_owned());
        } else if name == "latchkey.toml" {
            desk.sources.variables.remove("LATCHKEY__SECRET_KEY");
        }
        let desk = desk.with_file(name, text);
        let check = |mode| {
            fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
            desk.load().check_production()
        };

        assert_eq!(check(0o640), Ok(()), "{name}");
        let error = one_line(&check(0o644).expect_err(name));
        assert!(error.starts_with(key) && error.contains("chmod o="), "{error}");
    }
}
