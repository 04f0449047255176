//! The list of all settings: how each is shown, and what to set instead of a wrong
//! value. A test compares it with what the sections read.

use std::{fmt::Display, time::Duration};

use super::{Environment, Settings, origins::Origins};

/// One setting as it is in effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// `section.name`.
    pub key: &'static str,
    /// The value, redacted if it is a secret.
    pub value: String,
    /// `default`, the path of a file, or the name of a variable.
    pub source: String,
}

/// A setting as the printed table shows it.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) expects: &'static str,
    pub(super) is_secret: bool,
    show: fn(&Settings) -> String,
}

const DURATION: &str = "a duration such as `15s`, `1h` or `30d`";
const RATE: &str = "a limit as COUNT/PERIOD such as `10/15m`, or `off`";
pub(super) const COUNT: &str = "a whole number";
const SWITCH: &str = "`true` or `false`";

const fn key(name: &'static str, expects: &'static str, show: fn(&Settings) -> String) -> Key {
    Key { name, expects, is_secret: false, show }
}

const fn secret(name: &'static str, expects: &'static str, show: fn(&Settings) -> String) -> Key {
    Key { name, expects, is_secret: true, show }
}

pub(super) static KEYS: &[Key] = &[
    key("server.listen", "an address and port such as `127.0.0.1:8080`", |s| text(s.server.listen)),
    key("server.public_url", "an address such as `https://example.com`, without a path", |s| {
        text(&s.server.public_url)
    }),
    key("server.trusted_proxies", "networks such as `10.0.0.0/8, 127.0.0.1`", |s| {
        text(&s.server.trusted_proxies)
    }),
    key("server.request_timeout", DURATION, |s| duration(s.server.request_timeout)),
    key("server.body_limit", "a size such as `64KiB`", |s| text(s.server.body_limit)),
    key("server.shutdown_grace", DURATION, |s| duration(s.server.shutdown_grace)),
    key("server.hsts_subdomains", SWITCH, |s| text(s.server.hsts_subdomains)),
    secret(
        "database.url",
        "`sqlite://PATH?mode=rwc` or `postgres://USER:PASSWORD@HOST/NAME`, percent-encoded",
        |s| text(&s.database.url),
    ),
    key("database.max_connections", COUNT, |s| text(s.database.max_connections)),
    key("database.trusted_network", SWITCH, |s| text(s.database.trusted_network)),
    secret("secret_key", "32 random bytes or more as text", |s| {
        let of_a_desk = s.environment != Environment::Production;
        let secret = if s.secret_key.is_some() {
            "(set)"
        } else if of_a_desk {
            "(made, in var/secret_key)"
        } else {
            "(not set)"
        };
        secret.to_owned()
    }),
    secret("secret_key_previous", "the secret before this one, of 32 bytes or more", |s| {
        if s.secret_key_previous.is_some() { "(set)" } else { "(not set)" }.to_owned()
    }),
    key("session.lifetime", DURATION, |s| duration(s.session.lifetime)),
    key("session.remember_lifetime", DURATION, |s| duration(s.session.remember_lifetime)),
    key("session.idle_timeout", "a duration such as `30m`, or `off`", |s| {
        s.session.idle_timeout.map_or_else(|| "off".to_owned(), duration)
    }),
    key("session.sudo_lifetime", "a duration of a minute or more such as `15m`", |s| {
        duration(s.session.sudo_lifetime)
    }),
    key("session.cache_ttl", "a duration such as `1s`, or `0s` for never", |s| {
        duration(s.session.cache_ttl)
    }),
    key("password.min_length", COUNT, |s| text(s.password.min_length)),
    key("password.memory_kib", COUNT, |s| text(s.password.memory_kib)),
    key("password.iterations", COUNT, |s| text(s.password.iterations)),
    key("password.parallelism", COUNT, |s| text(s.password.parallelism)),
    key("password.max_concurrent", COUNT, |s| text(s.password.max_concurrent)),
    key("accounts.signup", "`open`, `confirmed` or `closed`", |s| {
        format!("{:?}", s.accounts.signup).to_lowercase()
    }),
    key("accounts.unconfirmed_lifetime", DURATION, |s| duration(s.accounts.unconfirmed_lifetime)),
    key("accounts.deletion_grace", DURATION, |s| duration(s.accounts.deletion_grace)),
    key("accounts.reset_lifetime", DURATION, |s| duration(s.accounts.reset_lifetime)),
    key("accounts.second_factor", "`off`, `optional`, `admins` or `everyone`", |s| {
        format!("{:?}", s.accounts.second_factor).to_lowercase()
    }),
    key("accounts.factor_reset_wait", DURATION, |s| duration(s.accounts.factor_reset_wait)),
    secret(
        "mail.url",
        "`smtps://USER:PASSWORD@HOST`, or with `smtp+starttls://` or `smtp://`",
        |s| text(&s.mail.url),
    ),
    key("mail.from", "a sender such as `Name <no-reply@example.com>`", |s| text(&s.mail.from)),
    key("mail.ca_file", "the path of a file with certificates in PEM that can be read", |s| {
        s.mail.ca_file.as_ref().map(text).unwrap_or_default()
    }),
    key("mail.trusted_network", SWITCH, |s| text(s.mail.trusted_network)),
    key("mail.max_concurrent", "a whole number from 1 to 64", |s| text(s.mail.max_concurrent)),
    key("limits.enabled", SWITCH, |s| text(s.limits.enabled)),
    key("limits.login_per_account", RATE, |s| text(s.limits.login_per_account)),
    key("limits.login_per_device", RATE, |s| text(s.limits.login_per_device)),
    key("limits.login_per_client", RATE, |s| text(s.limits.login_per_client)),
    key("limits.code_per_account", RATE, |s| text(s.limits.code_per_account)),
    key("limits.signup_per_client", RATE, |s| text(s.limits.signup_per_client)),
    key("limits.signup_check_per_client", RATE, |s| text(s.limits.signup_check_per_client)),
    key("limits.forgot_per_address", RATE, |s| text(s.limits.forgot_per_address)),
    key("limits.forgot_per_client", RATE, |s| text(s.limits.forgot_per_client)),
    key("limits.new_device_per_account", RATE, |s| text(s.limits.new_device_per_account)),
    key("limits.forgot_in_all", RATE, |s| text(s.limits.forgot_in_all)),
    key("limits.mails_per_domain", RATE, |s| text(s.limits.mails_per_domain)),
    key("limits.email_change_per_account", RATE, |s| text(s.limits.email_change_per_account)),
    key("limits.name_change_per_account", RATE, |s| text(s.limits.name_change_per_account)),
    key("limits.export_per_account", RATE, |s| text(s.limits.export_per_account)),
    key("log.format", "`pretty` or `json`", |s| text(s.log.format())),
    key("log.client_network", "`whole`, `network` or `none`", |s| text(s.log.client_network)),
    key("log.filter", "levels such as `info` or `info,web=debug`", |s| text(&s.log.filter)),
    key("metrics.listen", "an address and port such as `127.0.0.1:9100`, or `off`", |s| {
        s.metrics.listen.map_or_else(|| "off".to_owned(), text)
    }),
];

/// The setting of that name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// Whether settings lie within `name`.
pub(super) fn is_section(name: &str) -> bool {
    KEYS.iter().any(|key| in_section(key, name).is_some_and(|key| !key.is_empty()))
}

/// The names of the settings within `section`; of all, if that is empty.
pub(super) fn within(section: &str) -> String {
    let names: Vec<_> = KEYS
        .iter()
        .filter(|key| section.is_empty() || in_section(key, section).is_some())
        .map(|key| key.name)
        .collect();
    names.join(", ")
}

fn in_section(key: &Key, section: &str) -> Option<&'static str> {
    key.name.strip_prefix(section)?.strip_prefix('.')
}

/// Every setting with its value and its origin.
pub(super) fn effective(settings: &Settings, origins: &Origins) -> Vec<Setting> {
    KEYS.iter()
        .map(|key| Setting {
            key: key.name,
            value: (key.show)(settings),
            source: origins.of(key.name),
        })
        .collect()
}

fn text(value: impl Display) -> String {
    value.to_string()
}

fn duration(value: Duration) -> String {
    humantime::format_duration(value).to_string()
}
