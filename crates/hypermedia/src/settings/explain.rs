//! Explains an error that came up while reading the settings: the setting, the problem and the fix.

use std::path::Path;

use auth::{DatabaseUrl, mail::MailUrl};
use config::ConfigError;

use super::{SettingsError, keys, names, origins::Origins};

impl SettingsError {
    /// Whether it leaves the value of `key` unknown.
    pub fn is_about(&self, key: &str) -> bool {
        let subject = self.subject();
        let named = names::key_named_by(subject);
        let is_toml = Path::new(subject).extension().is_some_and(|extension| extension == "toml");
        let is_file = is_toml || names::names_file(subject);
        let is_section = key.strip_prefix(subject).is_some_and(|rest| rest.starts_with('.'));
        subject == key || is_section || is_file || named.is_some_and(|named| named == key)
    }
}

/// Says of an error that came up while reading which setting it means. What the
/// parsers say is dropped: they quote values, which may be secret, and name types.
pub(super) fn explain(error: ConfigError, origins: &Origins) -> SettingsError {
    let (key, text) = take_apart(error);
    if let Some(field) = quoted_after(&text, "unknown field `") {
        let key = if key.is_empty() { field.to_owned() } else { format!("{key}.{field}") };
        return unknown(&key, origins);
    }
    // Of a list, the setting is the whole list.
    let key = key.split('[').next().unwrap_or_default();
    match keys::find(key) {
        Some(known) => {
            let (given, origin) = (origins.given(key), origins.of(key));
            if let Some(problem) = given.as_deref().and_then(|given| problem_of_url(key, given)) {
                return SettingsError::new(key, format_args!("({origin}) {problem}"));
            }
            let given = match given.filter(|given| !known.is_secret && !may_hold_login(given)) {
                Some(value) => format!("= {value:?} "),
                None => String::new(),
            };
            let expects = known.expects;
            SettingsError::new(key, format_args!("{given}({origin}) is wrong; set {expects}"))
        }
        None if keys::is_section(key) => SettingsError::new(
            key,
            format_args!("({}) is a section; set one of: {}", origins.of(key), keys::within(key)),
        ),
        None => unknown(key, origins),
    }
}

/// The problem of one of our URLs, without a quotation of it.
fn problem_of_url(key: &str, given: &str) -> Option<String> {
    match key {
        "database.url" => given.parse::<DatabaseUrl>().err().map(|error| error.to_string()),
        "mail.url" => given.parse::<MailUrl>().err().map(|error| error.to_string()),
        _ => None,
    }
}

/// Whether it looks like a URL with a user and a password, which may stand where none
/// belongs.
pub(super) fn may_hold_login(text: &str) -> bool {
    text.contains("://") && text.contains('@')
}

fn unknown(key: &str, origins: &Origins) -> SettingsError {
    let section = key.rsplit_once('.').map_or("", |(section, _)| section);
    let section = if keys::is_section(section) { section } else { "" };
    SettingsError::new(
        key,
        format_args!(
            "({}) is not a setting; remove it or set one of: {}",
            origins.of(key),
            keys::within(section)
        ),
    )
}

/// The key that the error is about, and its message.
fn take_apart(error: ConfigError) -> (String, String) {
    match error {
        ConfigError::At { error, key, .. } => {
            let (inner, text) = take_apart(*error);
            (key.unwrap_or(inner), text)
        }
        ConfigError::Type { ref key, .. } => (key.clone().unwrap_or_default(), error.to_string()),
        other => (String::new(), other.to_string()),
    }
}

fn quoted_after<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.split('`').next()
}
