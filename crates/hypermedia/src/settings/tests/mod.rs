//! Reading, validating and listing the settings, from sources that each test provides.

mod production;
mod secrets;

use std::{fs, path::PathBuf, time::Duration};

use super::*;

const KEY: &str = "kX2qv9Zr7LmW4tYb8NcH1sDf6GjQ3pEa";

struct Desk {
    folder: tempfile::TempDir,
    sources: Sources,
}

impl Desk {
    fn new(variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let sources = Sources {
            variables: variables.collect(),
            folder: folder.path().into(),
            ..Sources::default()
        };
        Self { folder, sources }
    }

    fn with_file(self, name: &str, text: &str) -> Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn load(&self) -> Settings {
        self.try_load().unwrap()
    }

    fn try_load(&self) -> Result<Settings, SettingsError> {
        Settings::load_from(&self.sources)
    }

    /// The error text, which must be a single line.
    fn error(&self) -> String {
        one_line(&self.try_load().expect_err("an error"))
    }
}

fn one_line(error: &SettingsError) -> String {
    let text = error.to_string();
    assert!(!text.contains('\n'), "{text}");
    text
}

fn effective(settings: &Settings, key: &str) -> (String, String) {
    let setting = settings.effective().into_iter().find(|setting| setting.key == key).unwrap();
    (setting.value, setting.source)
}

#[test]
fn without_sources_the_defaults_apply() {
    let settings = Desk::new(&[]).load();

    let listed: Vec<_> =
        settings.effective().into_iter().map(|s| format!("{} {}", s.key, s.value)).collect();
    for line in [
        "server.listen 127.0.0.1:8080",
        "server.public_url http://localhost:8080/",
        "server.trusted_proxies ",
        "server.request_timeout 15s",
        "server.body_limit 64.0 KiB",
        "server.shutdown_grace 20s",
        "database.url sqlite://var/example.db",
        "database.max_connections 10",
        "database.trusted_network false",
        "session.lifetime 1day",
        "session.remember_lifetime 30days",
        "session.idle_timeout off",
        "session.sudo_lifetime 15m",
        "session.cache_ttl 1s",
        "password.min_length 15",
        "password.memory_kib 19456",
        "accounts.signup open",
        "accounts.reset_lifetime 1h",
        "mail.url smtp://127.0.0.1:1025",
        "mail.from Example <no-reply@localhost>",
        "limits.enabled true",
        "log.filter info",
    ] {
        assert!(listed.iter().any(|listed| listed == line), "{line} in {listed:?}");
    }
    assert!(settings.effective().iter().all(|setting| setting.source == "default"));
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_defaults() {
    let desk = Desk::new(&[("EXAMPLE__SERVER__LISTEN", "127.0.0.1:1")]).with_file(
        "example.toml",
        "[server]\nlisten = \"127.0.0.1:2\"\nshutdown_grace = \"3s\"\ntrusted_proxies = [\"::1\"]",
    );
    let settings = desk.load();

    assert_eq!(settings.server.listen.port(), 1);
    assert_eq!(settings.server.shutdown_grace, Duration::from_secs(3));
    assert_eq!(settings.server.request_timeout, Duration::from_secs(15));
    let file = desk.path("example.toml").display().to_string();
    assert_eq!(effective(&settings, "server.listen").1, "EXAMPLE__SERVER__LISTEN");
    assert_eq!(effective(&settings, "server.shutdown_grace").1, file);
    assert_eq!(effective(&settings, "server.trusted_proxies"), ("::1/128".into(), file));
    assert_eq!(effective(&settings, "server.request_timeout").1, "default");
}

#[test]
fn a_variable_can_name_the_configuration_file() {
    let desk = Desk::new(&[("EXAMPLE_CONFIG", "other.toml")])
        .with_file("example.toml", "[server]\nlisten = \"127.0.0.1:1\"")
        .with_file("other.toml", "[server]\nlisten = \"127.0.0.1:2\"");

    assert_eq!(desk.load().server.listen.port(), 2);
    let missing = Desk::new(&[("EXAMPLE_CONFIG", "gone.toml")]).error();
    assert!(missing.starts_with("EXAMPLE_CONFIG names "), "{missing}");
}

#[test]
fn variables_are_parsed_into_the_type_of_their_setting() {
    let settings = Desk::new(&[
        ("EXAMPLE__DATABASE__MAX_CONNECTIONS", "7"),
        ("EXAMPLE__LIMITS__ENABLED", "false"),
        ("EXAMPLE__LIMITS__LOGIN_PER_CLIENT", "3/10s"),
        ("EXAMPLE__SESSION__IDLE_TIMEOUT", "30m"),
        ("EXAMPLE__SERVER__BODY_LIMIT", "1MiB"),
        ("EXAMPLE__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.1"),
        ("EXAMPLE__LOG__FORMAT", "json"),
    ])
    .load();

    assert_eq!(settings.database.max_connections, 7);
    assert!(!settings.limits.enabled);
    assert_eq!(settings.limits.login_per_client.to_string(), "3/10s");
    assert_eq!(settings.session.idle_timeout, Some(Duration::from_mins(30)));
    assert_eq!(settings.server.body_limit.as_u64(), 1 << 20);
    assert!(settings.server.trusted_proxies.contains("10.2.3.4".parse().unwrap()));
    assert_eq!(settings.log.format(), LogFormat::Json);
}

#[test]
fn the_variable_database_url_is_read_unless_ours_is_set() {
    let elsewhere = ("DATABASE_URL", "postgres://elsewhere/a");
    let settings = Desk::new(&[elsewhere]).load();
    let own = [elsewhere, ("EXAMPLE__DATABASE__URL", "postgres://own/a")];

    assert_eq!(
        effective(&settings, "database.url"),
        ("postgres://elsewhere:5432/a?sslmode=prefer".into(), "DATABASE_URL".into())
    );
    let own = Desk::new(&own).load().database.url.to_string();
    assert_eq!(own, "postgres://own:5432/a?sslmode=prefer");
    assert!(Desk::new(&[("DATABASE_URL", "")]).try_load().is_ok());
}

#[test]
fn an_invalid_value_is_reported_with_its_key_and_a_fix() {
    let table = [
        ("SERVER__LISTEN", "8080", "server.listen", "`127.0.0.1:8080`"),
        ("SERVER__PUBLIC_URL", "example.com", "server.public_url", "`https://example.com`"),
        ("SERVER__PUBLIC_URL", "https://example.com/app", "server.public_url", "without a path"),
        ("SERVER__PUBLIC_URL", "https://a@example.com", "server.public_url", "without a path"),
        ("SERVER__REQUEST_TIMEOUT", "15", "server.request_timeout", "`15s`"),
        ("SERVER__REQUEST_TIMEOUT", "0s", "server.request_timeout", "1s to 1h"),
        ("SERVER__REQUEST_TIMEOUT", "2h", "server.request_timeout", "1s to 1h"),
        ("SERVER__BODY_LIMIT", "lots", "server.body_limit", "`64KiB`"),
        ("SERVER__BODY_LIMIT", "0", "server.body_limit", "1.0 KiB to 16.0 MiB"),
        ("SERVER__BODY_LIMIT", "1GiB", "server.body_limit", "1.0 KiB to 16.0 MiB"),
        ("SERVER__SHUTDOWN_GRACE", "0s", "server.shutdown_grace", "1s to 1h"),
        ("SERVER__HSTS_SUBDOMAINS", "maybe", "server.hsts_subdomains", "`true`"),
        ("SERVER__TRUSTED_PROXIES", "proxy.test", "server.trusted_proxies", "`10.0.0.0/8"),
        ("DATABASE__MAX_CONNECTIONS", "many", "database.max_connections", "number"),
        ("DATABASE__MAX_CONNECTIONS", "-1", "database.max_connections", "number"),
        ("DATABASE__MAX_CONNECTIONS", "1", "database.max_connections", "2 to 1000"),
        ("DATABASE__MAX_CONNECTIONS", "1001", "database.max_connections", "2 to 1000"),
        ("SESSION__LIFETIME", "0s", "session.lifetime", "1m to "),
        ("SESSION__LIFETIME", "60d", "session.remember_lifetime", "session.lifetime"),
        ("SESSION__REMEMBER_LIFETIME", "0s", "session.remember_lifetime", "1m to "),
        ("SESSION__REMEMBER_LIFETIME", "10y", "session.remember_lifetime", "1m to "),
        ("SESSION__IDLE_TIMEOUT", "0s", "session.idle_timeout", "1m to "),
        ("SESSION__SUDO_LIFETIME", "0s", "session.sudo_lifetime", "minute"),
        ("SESSION__SUDO_LIFETIME", "1y", "session.sudo_lifetime", "1m to 1day"),
        ("SESSION__CACHE_TTL", "1h", "session.cache_ttl", "0s to 1m"),
        ("ACCOUNTS__UNCONFIRMED_LIFETIME", "0s", "accounts.unconfirmed_lifetime", "1day to "),
        ("ACCOUNTS__DELETION_GRACE", "0s", "accounts.deletion_grace", "1h to "),
        ("ACCOUNTS__RESET_LIFETIME", "0s", "accounts.reset_lifetime", "1m to 1day"),
        ("ACCOUNTS__RESET_LIFETIME", "1y", "accounts.reset_lifetime", "1m to 1day"),
        ("LIMITS__LOGIN_PER_CLIENT", "0/1m", "limits.login_per_client", "`10/15m`"),
        ("LIMITS__LOGIN_PER_CLIENT", "9/0s", "limits.login_per_client", "`10/15m`"),
        ("SESSION__IDLE_TIMEOUT", "never", "session.idle_timeout", "`off`"),
        ("PASSWORD__MIN_LENGTH", "3", "password.min_length", "8"),
        ("ACCOUNTS__SIGNUP", "maybe", "accounts.signup", "`closed`"),
        ("LIMITS__ENABLED", "perhaps", "limits.enabled", "`true`"),
        ("LIMITS__LOGIN_PER_CLIENT", "3", "limits.login_per_client", "`10/15m`"),
        ("MAIL__FROM", "nobody", "mail.from", "`Name <"),
        ("MAIL__CA_FILE", "/no/such/file.pem", "mail.ca_file", "PEM"),
        ("MAIL__TRUSTED_NETWORK", "perhaps", "mail.trusted_network", "`true`"),
        ("MAIL__MAX_CONCURRENT", "0", "mail.max_concurrent", "from 1 to 64"),
        ("MAIL__MAX_CONCURRENT", "65", "mail.max_concurrent", "from 1 to 64"),
        ("LOG__FORMAT", "xml", "log.format", "`json`"),
        ("LOG__FILTER", "web=loud", "log.filter", "`info`"),
        ("LOG__FILTER", "infoo", "log.filter", "`info`"),
        ("LOG__FILTER", "info,web", "log.filter", "`info`"),
    ];
    for (variable, value, key, fix) in table {
        let variable = format!("EXAMPLE__{variable}");
        let error = Desk::new(&[(&variable, value)]).error();
        assert!(error.starts_with(key) && error.contains(fix), "{variable}={value}: {error}");
    }
    let error = Desk::new(&[]).with_file("example.toml", "[server]\nlisten = 8080").error();
    assert!(error.starts_with("server.listen = \"8080\" (/"), "{error}");
    let list = "[server]\ntrusted_proxies = [\"::1\", \"x\"]";
    let error = Desk::new(&[]).with_file("example.toml", list).error();
    assert!(error.starts_with("server.trusted_proxies"), "{error}");
    let error = Desk::new(&[("EXAMPLE_ENV", "prod")]).error();
    assert!(error.contains("`production`"), "{error}");
}

#[test]
fn an_unknown_key_is_reported_with_the_known_ones_or_the_nearest_variable() {
    for (variable, key, known) in [
        ("EXAMPLE__SERVER__LISTN", "server.listn", "server.listen"),
        ("EXAMPLE__SERVR__LISTEN", "EXAMPLE__SERVR", "write EXAMPLE__SERVER__LISTEN "),
        ("EXAMPLE__SECRETKEY", "secretkey", "secret_key"),
        ("EXAMPLE__SERVER", "server", "server.listen"),
        ("EXAMPLE__SERVER__LISTEN__PORT", "EXAMPLE__SERVER__", "write EXAMPLE__SERVER__LISTEN "),
    ] {
        let error = Desk::new(&[(variable, "x")]).error();
        assert!(error.starts_with(key) && error.contains(known), "{variable}: {error}");
    }
    let error = Desk::new(&[]).with_file("example.toml", "[serve]\nlisten = \"x\"").error();
    assert!(error.starts_with("serve ") && error.contains("example.toml"), "{error}");
}

/// LGG-06: the list contains every field of every section and no other.
#[test]
fn the_list_of_settings_is_complete() {
    let listed: Vec<_> = keys::KEYS.iter().map(|key| key.name.to_owned()).collect();
    let mut read = vec!["secret_key".to_owned(), "secret_key_previous".to_owned()];
    for section in [
        "server", "metrics", "database", "session", "password", "accounts", "mail", "limits", "log",
    ] {
        let text = format!("[{section}]\nno_such_key = 1");
        let file = config::File::from_str(&text, config::FileFormat::Toml);
        let config = config::Config::builder().add_source(file).build().unwrap();
        let error = config.try_deserialize::<Settings>().unwrap_err().to_string();
        let fields = error.split("expected").nth(1).unwrap().split(" for key").next().unwrap();
        let fields = fields.split('`').skip(1).step_by(2);
        read.extend(fields.map(|field| format!("{section}.{field}")));
    }
    let (mut listed, mut read) = (listed, read);
    listed.sort();
    read.sort();
    assert_eq!(listed, read);
}
