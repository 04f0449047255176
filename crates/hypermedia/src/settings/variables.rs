//! The environment variables with our prefix. A variable with the prefix that is no setting was
//! mistyped: the start stops, and the error names the nearest setting.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    SettingsError,
    keys::KEYS,
    sources::{FILE_SUFFIX, FILE_VARIABLE, PREFIX, SEPARATOR, key_of, secret_in_file},
};

/// Variables with the prefix that are no settings: the program, its build and its tests read them.
const KNOWN: [&str; 6] = [
    "LATCHKEY_AXE_JS",
    "LATCHKEY_BIN",
    FILE_VARIABLE,
    "LATCHKEY_ENV",
    "LATCHKEY_HTMX_JS",
    "LATCHKEY_SCREENSHOT",
];
/// How the variables of the tests begin.
const OF_TESTS: &str = "LATCHKEY_TEST_";

/// Refuses the first variable that is no setting by its name. Whether the key behind
/// `LATCHKEY__` exists is found out where the settings are read.
pub(super) fn check(
    variables: &BTreeMap<String, String>,
    ignored: &BTreeSet<String>,
) -> Result<(), SettingsError> {
    let wrong = variables.iter().find(|(name, value)| {
        let is_ours = name.get(..PREFIX.len()).is_some_and(|p| p.eq_ignore_ascii_case(PREFIX));
        let is_known = KNOWN.contains(&name.as_str())
            || name.starts_with(OF_TESTS)
            || is_of_a_service(name, value);
        is_ours && !is_known && !is_setting(name) && !ignored.contains(*name)
    });
    let Some((name, _)) = wrong else { return Ok(()) };
    let nearest = nearest(name);
    Err(SettingsError::new(
        name,
        format_args!("is no setting; remove it, or write {nearest} if that is meant"),
    ))
}

/// The variable with the most similar name.
fn nearest(name: &str) -> String {
    let letters = letters(name);
    let secrets = KEYS.iter().filter(|key| key.is_secret);
    let files = secrets.map(|key| variable_of(&format!("{}{FILE_SUFFIX}", key.name)));
    let settings = KEYS.iter().map(|key| variable_of(key.name)).chain(files);
    let others = ["LATCHKEY_ENV", FILE_VARIABLE].map(str::to_owned);
    let likeness = |other: &String| strsim::damerau_levenshtein(&letters, &self::letters(other));
    settings.chain(others).min_by_key(likeness).unwrap_or_default()
}

/// Whether the name is written as that of a setting, and may be one.
fn is_setting(name: &str) -> bool {
    let is_upper = !name.chars().any(|c| c.is_ascii_lowercase());
    is_upper
        && key_of(name).is_some_and(|key| {
            let is_whole = |part: &str| !part.is_empty() && !part.starts_with('_');
            // An error within a section is reported elsewhere, with the names of the section.
            key.split('.').all(is_whole)
                && !is_inside_a_setting(&key)
                && (key.contains('.') || is_top_level(&key))
        })
}

/// Whether the key goes on behind one that holds a value, as `mail.url.x` does.
fn is_inside_a_setting(key: &str) -> bool {
    KEYS.iter().any(|known| key.strip_prefix(known.name).is_some_and(|rest| rest.starts_with('.')))
}

fn is_top_level(key: &str) -> bool {
    let is_section = KEYS.iter().any(|known| known.name.split('.').next() == Some(key));
    is_section || secret_in_file(key).is_some() || !key.contains('_')
}

/// `LATCHKEY__SERVER__LISTEN` of `server.listen`.
pub(super) fn variable_of(key: &str) -> String {
    format!("{PREFIX}{SEPARATOR}{}", key.replace('.', SEPARATOR).to_ascii_uppercase())
}

/// Letters are mistyped less often than underscores.
fn letters(name: &str) -> String {
    let name = name.get(PREFIX.len()..).unwrap_or_default();
    let words = name.split('_').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_ascii_uppercase()
}

/// Whether Kubernetes or Docker tells by it where a service named `latchkey…` is:
/// `LATCHKEY_SERVICE_HOST`, `LATCHKEY_WEB_PORT_8080_TCP_ADDR` and the like.
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
    use super::*;

    fn refusal(name: &str, value: &str) -> Option<String> {
        let variables = [(name.to_owned(), value.to_owned())].into();
        check(&variables, &BTreeSet::new()).err().map(|error| error.to_string())
    }

    /// CFG-04: a mistyped variable is reported with the nearest name and without its value.
    #[test]
    fn a_mistyped_variable_is_told_the_nearest_name() {
        for (name, nearest) in [
            ("LATCHKEY_ACCOUNTS__SIGNUP", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("LATCHKEY_ACCOUNTS_SIGNUP", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("LATCHKEY__ACCOUNTS_SIGNUP", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("LATCHKEY___ACCOUNTS__SIGNUP", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("latchkey__accounts__signup", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("Latchkey__Accounts__Signup", "LATCHKEY__ACCOUNTS__SIGNUP"),
            ("LATCHKEY_SECRET_KEY", "LATCHKEY__SECRET_KEY"),
            ("LATCHKEY_SECRET_KEY_FILE", "LATCHKEY__SECRET_KEY_FILE"),
            ("LATCHKEY_DATABASE_URL", "LATCHKEY__DATABASE__URL"),
            ("LATCHKEY_DATABASE_URL_FILE", "LATCHKEY__DATABASE__URL_FILE"),
            ("LATCHKEY_ENVIRONMENT", "LATCHKEY_ENV"),
            ("LATCHKEY_CONFG", "LATCHKEY_CONFIG"),
            ("LATCHKEYSERVER__LISTEN", "LATCHKEY__SERVER__LISTEN"),
            ("LATCHKEY-SERVER-LISTEN", "LATCHKEY__SERVER__LISTEN"),
            ("LATCHKEY_SERVER__PORT", "LATCHKEY__SERVER__"),
            ("LATCHKEY__MAIL__URL__X", "LATCHKEY__MAIL__URL"),
            ("LATCHKEY__SECRET_KEY__X", "LATCHKEY__SECRET_KEY"),
            ("LATCHKEY_PORT", "LATCHKEY_ENV"),
            ("LATCHKEY", "LATCHKEY"),
            ("LATCHKEY__", "LATCHKEY"),
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
            ("LATCHKEY_ENV", "test"),
            ("LATCHKEY_CONFIG", "a.toml"),
            ("LATCHKEY_BIN", "x"),
            ("LATCHKEY_AXE_JS", "x"),
            ("LATCHKEY_HTMX_JS", "x"),
            ("LATCHKEY_TEST_POSTGRES_URL", "x"),
            ("LATCHKEY__SERVER__LISTEN", "x"),
            ("LATCHKEY__SECRET_KEY", "x"),
            ("LATCHKEY__SECRET_KEY_FILE", "x"),
            ("LATCHKEY__MAIL__URL_FILE", "x"),
            ("LATCHKEY_SERVICE_HOST", "10.0.0.1"),
            ("LATCHKEY_SERVICE_PORT", "8080"),
            ("LATCHKEY_SERVICE_PORT_HTTP", "8080"),
            ("LATCHKEY_PORT", "tcp://10.0.0.1:8080"),
            ("LATCHKEY_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("LATCHKEY_PORT_8080_TCP_ADDR", "10.0.0.1"),
            ("LATCHKEY_WEB_PORT_8080_TCP_PROTO", "tcp"),
            ("LATCHKEY_DB_SERVICE_HOST", "10.0.0.1"),
            ("DATABASE_URL", "x"),
        ] {
            assert_eq!(refusal(name, value), None, "{name}");
        }
    }
}
