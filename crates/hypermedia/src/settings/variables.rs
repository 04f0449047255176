//! The environment variables with our prefix. A variable with the prefix that is not a setting was
//! mistyped: the start stops, and the error names the nearest setting.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    SettingsError,
    keys::{self, KEYS},
    names::{FILE_SUFFIX, SEPARATOR, VariableNames},
    sources::secret_in_file,
};

/// Refuses the first variable with our prefix that names no section and no setting. A wrong key in a
/// section is reported where the settings are read.
pub(super) fn check(
    names: &VariableNames,
    variables: &BTreeMap<String, String>,
    ignored: &BTreeSet<String>,
) -> Result<(), SettingsError> {
    let wrong = variables.iter().find(|(name, value)| {
        let is_known =
            **name == names.environment() || **name == names.file() || is_of_a_service(name, value);
        names.is_ours(name) && !is_known && !is_setting(names, name) && !ignored.contains(*name)
    });
    let Some((name, _)) = wrong else { return Ok(()) };
    let nearest = nearest(names, name);
    Err(SettingsError::new(
        name,
        format_args!("is not a setting; remove it, or write {nearest} if that is meant"),
    ))
}

/// The variable with the most similar name.
fn nearest(names: &VariableNames, name: &str) -> String {
    let letters = |name: &str| letters(name.get(names.prefix.len()..).unwrap_or_default());
    let wanted = letters(name);
    let secrets = KEYS.iter().filter(|key| key.is_secret);
    let files = secrets.map(|key| names.of_key(&format!("{}{FILE_SUFFIX}", key.name)));
    let settings = KEYS.iter().map(|key| names.of_key(key.name)).chain(files);
    let others = [names.environment(), names.file()];
    let likeness = |other: &String| strsim::damerau_levenshtein(&wanted, &letters(other));
    settings.chain(others).min_by_key(likeness).unwrap_or_default()
}

/// Whether the name is written as that of a setting, and may be one.
fn is_setting(names: &VariableNames, name: &str) -> bool {
    let is_upper = !name.chars().any(|c| c.is_ascii_lowercase());
    is_upper
        && names.key_of(name).is_some_and(|key| {
            let is_whole = |part: &str| !part.is_empty() && !part.starts_with('_');
            // A wrong name within a section is reported elsewhere, with the names of the section.
            key.split('.').all(is_whole)
                && !is_inside_a_setting(&key)
                && match key.split_once('.') {
                    Some((section, _)) => keys::is_section(section),
                    None => is_top_level(&key),
                }
        })
}

/// Whether the key goes on behind one that holds a value, as `mail.url.x` does.
fn is_inside_a_setting(key: &str) -> bool {
    KEYS.iter().any(|known| key.strip_prefix(known.name).is_some_and(|rest| rest.starts_with('.')))
}

fn is_top_level(key: &str) -> bool {
    keys::is_section(key)
        || KEYS.iter().any(|known| known.name == key)
        || secret_in_file(key).is_some()
        || !key.contains('_')
}

/// Letters are mistyped less often than underscores.
fn letters(name: &str) -> String {
    let words = name.split('_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_ascii_uppercase()
}

/// Whether Kubernetes or Docker tells by it where a service named like the product is:
/// `ACME_SERVICE_HOST`, `ACME_WEB_PORT_8080_TCP_ADDR` and the like.
fn is_of_a_service(name: &str, value: &str) -> bool {
    if name.contains(SEPARATOR) {
        return false;
    }
    let is_address = ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    let words: Vec<&str> = name.split('_').skip(1).collect();
    let is_port_of_protocol = words.windows(3).any(|three| {
        let [port, number, protocol] = three else { return false };
        *port == "PORT"
            && number.bytes().all(|byte| byte.is_ascii_digit())
            && ["TCP", "UDP", "SCTP"].contains(protocol)
    });
    let is_service = words.windows(2).any(|two| matches!(two, ["SERVICE", "HOST" | "PORT"]));
    is_service || is_port_of_protocol || (words.ends_with(&["PORT"]) && is_address)
}

#[cfg(test)]
mod tests {
    use domain::Brand;

    use super::*;

    fn refusal(name: &str, value: &str) -> Option<String> {
        let variables = [(name.to_owned(), value.to_owned())].into();
        check(&VariableNames::new(&Brand::EXAMPLE), &variables, &BTreeSet::new())
            .err()
            .map(|error| error.to_string())
    }

    /// CFG-04: a mistyped variable is reported with the nearest name and without its value.
    #[test]
    fn a_mistyped_variable_is_told_the_nearest_name() {
        for (name, nearest) in [
            ("EXAMPLE_ACCOUNTS__SIGNUP", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("EXAMPLE_ACCOUNTS_SIGNUP", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("EXAMPLE__ACCOUNTS_SIGNUP", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("EXAMPLE___ACCOUNTS__SIGNUP", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("example__accounts__signup", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("Example__Accounts__Signup", "EXAMPLE__ACCOUNTS__SIGNUP"),
            ("EXAMPLE_SECRET_KEY", "EXAMPLE__SECRET_KEY"),
            ("EXAMPLE_SECRET_KEY_FILE", "EXAMPLE__SECRET_KEY_FILE"),
            ("EXAMPLE_DATABASE_URL", "EXAMPLE__DATABASE__URL"),
            ("EXAMPLE_DATABASE_URL_FILE", "EXAMPLE__DATABASE__URL_FILE"),
            ("EXAMPLE_ENVIRONMENT", "EXAMPLE_ENV"),
            ("EXAMPLE_CONFG", "EXAMPLE_CONFIG"),
            ("EXAMPLESERVER__LISTEN", "EXAMPLE__SERVER__LISTEN"),
            ("EXAMPLE-SERVER-LISTEN", "EXAMPLE__SERVER__LISTEN"),
            ("EXAMPLE_SERVER__PORT", "EXAMPLE__SERVER__"),
            ("EXAMPLE__SERVR__LISTEN", "EXAMPLE__SERVER__LISTEN"),
            ("EXAMPLE__MAIL__URL__X", "EXAMPLE__MAIL__URL"),
            ("EXAMPLE__SECRET_KEY__X", "EXAMPLE__SECRET_KEY"),
            ("EXAMPLE_PORT", "EXAMPLE_ENV"),
            ("EXAMPLE", "EXAMPLE"),
            ("EXAMPLE__", "EXAMPLE"),
        ] {
            let error = refusal(name, "s3cret-canary").unwrap_or_else(|| panic!("{name} is taken"));
            assert!(error.starts_with(&format!("{name} ")), "{error}");
            assert!(error.contains(nearest), "{error}");
            assert!(!error.contains("canary"), "{error}");
        }
    }

    #[test]
    fn what_begins_alike_for_a_reason_is_left_alone() {
        for (name, value) in [
            ("EXAMPLE_ENV", "test"),
            ("EXAMPLE_CONFIG", "a.toml"),
            ("EXAMPLE__SERVER__LISTEN", "x"),
            ("EXAMPLE__SECRET_KEY", "x"),
            ("EXAMPLE__SECRET_KEY_FILE", "x"),
            ("EXAMPLE__MAIL__URL_FILE", "x"),
            ("EXAMPLE_SERVICE_HOST", "10.0.0.1"),
            ("EXAMPLE_SERVICE_PORT", "8080"),
            ("EXAMPLE_SERVICE_PORT_HTTP", "8080"),
            ("EXAMPLE_PORT", "tcp://10.0.0.1:8080"),
            ("EXAMPLE_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("EXAMPLE_PORT_8080_TCP_ADDR", "10.0.0.1"),
            ("EXAMPLE_WEB_PORT_8080_TCP_PROTO", "tcp"),
            ("EXAMPLE_DB_SERVICE_HOST", "10.0.0.1"),
            ("DATABASE_URL", "x"),
        ] {
            assert_eq!(refusal(name, value), None, "{name}");
        }
    }
}
