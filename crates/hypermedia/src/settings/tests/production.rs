//! The settings that a production server refuses.

use std::os::unix::fs::PermissionsExt;

use super::*;

const PRODUCTION: [(&str, &str); 5] = [
    ("EXAMPLE_ENV", "production"),
    ("EXAMPLE__SERVER__PUBLIC_URL", "https://example.com"),
    ("EXAMPLE__SECRET_KEY", KEY),
    ("EXAMPLE__MAIL__URL", "smtps://u:p@mail.test"),
    ("EXAMPLE__MAIL__FROM", "Example <no-reply@example.com>"),
];

fn production(change: &[(&str, &str)]) -> Desk {
    let mut desk = Desk::new(&PRODUCTION);
    for (name, value) in change {
        desk.sources.variables.insert((*name).into(), (*value).into());
    }
    desk
}

/// HDR-04, MAI-05.
#[test]
fn production_refuses_what_is_unsafe() {
    assert_eq!(production(&[]).load().check_production(), Ok(()));
    let url = "EXAMPLE__SERVER__PUBLIC_URL";
    assert_eq!(production(&[(url, "http://localhost:8080")]).load().check_production(), Ok(()));
    let sample = "change-me-change-me-change-me-change-me";
    for (name, value, key) in [
        (url, "http://example.com", "server.public_url"),
        ("EXAMPLE__SECRET_KEY", "short", "secret_key"),
        ("EXAMPLE__SECRET_KEY", sample, "secret_key"),
        ("EXAMPLE__SECRET_KEY", &"ab".repeat(20), "secret_key"),
        ("EXAMPLE__MAIL__URL", "smtp://mail.test", "mail.url"),
    ] {
        let error = production(&[(name, value)]).load().check_production();
        let error = one_line(&error.expect_err(value));
        assert!(error.starts_with(key), "{value}: {error}");
    }

    // MAI-05: in so many words.
    let trusted =
        [("EXAMPLE__MAIL__URL", "smtp://relay"), ("EXAMPLE__MAIL__TRUSTED_NETWORK", "true")];
    assert_eq!(production(&trusted).load().check_production(), Ok(()));

    let mut without = production(&[]);
    without.sources.variables.remove("EXAMPLE__SECRET_KEY");
    let error = one_line(&without.load().check_production().expect_err("no secret"));
    assert!(error.starts_with("secret_key is not set; set EXAMPLE__SECRET_KEY"), "{error}");
    assert!(!without.path("var").exists());
}

/// HDR-04.
#[test]
fn production_refuses_files_with_secrets_or_accounts_that_everybody_can_read() {
    let secret_key = format!("secret_key = \"{KEY}\"");
    for (name, text, variable, key) in [
        ("example.toml", secret_key.as_str(), None, "secret_key stands in"),
        ("key", KEY, Some("SECRET_KEY_FILE"), "EXAMPLE__SECRET_KEY_FILE names"),
        ("url", "smtps://mail.test", Some("MAIL__URL_FILE"), "EXAMPLE__MAIL__URL_FILE names"),
        ("var/example.db", "", None, "database.url keeps accounts in"),
        ("var/example.db-wal", "", None, "database.url keeps accounts in"),
    ] {
        let mut desk = production(&[]);
        fs::create_dir(desk.path("var")).unwrap();
        if let Some(variable) = variable {
            let value = variable.trim_end_matches("_FILE");
            desk.sources.variables.remove(&format!("EXAMPLE__{value}"));
            desk.sources.variables.insert(format!("EXAMPLE__{variable}"), name.to_owned());
        } else if name == "example.toml" {
            desk.sources.variables.remove("EXAMPLE__SECRET_KEY");
        }
        let desk = desk.with_file(name, text);
        let check = |mode| {
            fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
            desk.load().check_production()
        };

        assert_eq!(check(0o640), Ok(()), "{name}");
        for mode in [0o644, 0o604, 0o602, 0o642, 0o666] {
            let error = one_line(&check(mode).expect_err(name));
            assert!(error.starts_with(key) && error.contains("chmod o="), "{mode:o}: {error}");
        }
        let error = one_line(&check(0o660).expect_err(name));
        assert!(error.starts_with(key) && error.contains("chmod g-w"), "{error}");

        let folder = desk.path(name).parent().unwrap().to_owned();
        let open_folder = |mode| {
            fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
            check(0o600)
        };
        let error = one_line(&open_folder(0o777).expect_err(name));
        assert!(error.starts_with(key) && error.contains("chmod o-w"), "{error}");
        assert_eq!(open_folder(0o1777), Ok(()), "{name}: only owners replace their files");
        open_folder(0o700).unwrap();
    }
}

/// HDR-04: a file is checked where a link leads. A configuration without a secret may be readable
/// by all, but writable by its owner only.
#[test]
fn what_a_link_leads_to_and_a_configuration_that_others_can_change_are_refused() {
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("key");
    fs::write(&real, KEY).unwrap();
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    let mut desk = production(&[("EXAMPLE__SECRET_KEY_FILE", "key")]);
    desk.sources.variables.remove("EXAMPLE__SECRET_KEY");
    std::os::unix::fs::symlink(&real, desk.path("key")).unwrap();
    for (file, folder, is_fine) in
        [(0o600, 0o700, true), (0o602, 0o700, false), (0o600, 0o777, false)]
    {
        set(&real, file);
        set(elsewhere.path(), folder);
        assert_eq!(desk.load().check_production().is_ok(), is_fine, "{file:o} {folder:o}");
    }

    let desk = production(&[]).with_file("example.toml", "[server]\nbody_limit = \"1MiB\"");
    for (mode, is_fine) in [(0o644, true), (0o646, false), (0o664, false)] {
        set(&desk.path("example.toml"), mode);
        assert_eq!(desk.load().check_production().is_ok(), is_fine, "{mode:o}");
    }
}

/// HDR-04: everything that switches a guard off, also in parts.
#[test]
fn production_refuses_settings_that_switch_a_guard_off() {
    for (variable, value, key) in [
        ("LIMITS__ENABLED", "false", "limits.enabled"),
        ("LIMITS__EXPORT_PER_ACCOUNT", "off", "limits.export_per_account"),
        ("LIMITS__LOGIN_PER_DEVICE", "1000000/1s", "limits.login_per_device"),
        ("LIMITS__LOGIN_PER_ACCOUNT", "101/1h", "limits.login_per_account"),
        ("SERVER__TRUSTED_PROXIES", "0.0.0.0/0,::/0", "server.trusted_proxies"),
        ("DATABASE__URL", "sqlite://?mode=memory", "database.url"),
        ("DATABASE__URL", "postgres://u:p@db.test/n?sslmode=disable", "database.url"),
        ("DATABASE__URL", "postgres:///n?host=db.test&sslmode=prefer", "database.url"),
    ] {
        let variable = format!("EXAMPLE__{variable}");
        let error = production(&[(&variable, value)]).load().check_production();
        let error = one_line(&error.expect_err(value));
        assert!(error.starts_with(key), "{variable}={value}: {error}");
    }
    let plain = ("EXAMPLE__DATABASE__URL", "postgres://u:p@db.test/n?sslmode=disable");
    let trusted = [plain, ("EXAMPLE__DATABASE__TRUSTED_NETWORK", "true")];
    assert_eq!(production(&trusted).load().check_production(), Ok(()));
}

/// HDR-04: an explicit value is accepted, even if it equals the default.
#[test]
fn production_refuses_the_defaults_of_a_desk_by_name() {
    for (variable, key) in [
        ("EXAMPLE__SERVER__PUBLIC_URL", "server.public_url"),
        ("EXAMPLE__MAIL__URL", "mail.url"),
        ("EXAMPLE__MAIL__FROM", "mail.from"),
    ] {
        let mut desk = production(&[]);
        desk.sources.variables.remove(variable);
        let error = one_line(&desk.load().check_production().expect_err(key));
        assert!(error.starts_with(&format!("{key} is not set; set {variable}")), "{error}");
    }
}
