//! Checks the settings: values that were refused, values that keep a production server from
//! starting, and values that are valid but seldom intended.

use hypermedia::settings::{Environment, Settings, SettingsError};

use super::report::Finding;

const SETTINGS: &str = "settings";
const PRODUCTION: &str = "production";
const SECRET: &str = "secret_key";
const PROXIES: &str = "trusted_proxies";
const LIMITS: &str = "limits";
const METRICS: &str = "metrics";

/// Checks the settings. `refused` has the errors of the settings that could not be used.
pub(super) fn check(settings: &Settings, refused: &[SettingsError]) -> Vec<Finding> {
    let mut findings: Vec<_> = refused.iter().map(|error| of_error(SETTINGS, error)).collect();
    if findings.is_empty() {
        let given = settings.effective().iter().filter(|one| one.source != "default").count();
        findings.push(Finding::ok(SETTINGS, format!("{given} are set, the others are defaults")));
    }
    findings.push(production(settings));
    findings.push(secret(settings));
    findings.push(proxies(settings));
    findings.push(limits(settings));
    findings.extend(metrics(settings));
    findings
}

/// Turns the error of a server's start, with key, problem and fix, into a finding.
pub(super) fn of_error(check: &'static str, error: &SettingsError) -> Finding {
    let text = error.to_string();
    let (what, fix) = text.split_once("; ").unwrap_or((&text, "correct it"));
    Finding::problem(check, what, fix)
}

fn production(settings: &Settings) -> Finding {
    if settings.environment != Environment::Production {
        return Finding::skipped(PRODUCTION, "the environment is not production");
    }
    match settings.check_production() {
        Ok(()) => Finding::ok(PRODUCTION, "a production server starts with these settings"),
        Err(error) => of_error(PRODUCTION, &error),
    }
}

fn secret(settings: &Settings) -> Finding {
    match &settings.secret_key {
        Some(secret) if secret.is_guessable() => Finding::problem(
            SECRET,
            "it looks like a sample or is too uniform to be random",
            "set the output of `openssl rand -base64 48`",
        ),
        Some(_) => match settings.secret_key() {
            Ok(_) => Finding::ok(SECRET, "it is long enough and looks random"),
            Err(error) => of_error(SECRET, &error),
        },
        None => Finding::skipped(SECRET, "none is set; development and test make one"),
    }
}

fn proxies(settings: &Settings) -> Finding {
    let proxies = &settings.server.trusted_proxies;
    if proxies.cover_the_world() {
        return Finding::problem(
            PROXIES,
            "server.trusted_proxies covers the internet: visitors choose the address by which \
             they are limited",
            "list the addresses of your proxies, such as `127.0.0.1, ::1`",
        );
    }
    let listed = proxies.to_string();
    Finding::ok(PROXIES, if listed.is_empty() { "none".to_owned() } else { listed })
}

fn limits(settings: &Settings) -> Finding {
    if settings.limits.enabled {
        return Finding::ok(LIMITS, "log-ins, sign-ups and mails are limited");
    }
    Finding::warning(
        LIMITS,
        "all limits are off: passwords can be guessed and mails sent without end",
        "set limits.enabled to true",
    )
}

fn metrics(settings: &Settings) -> Option<Finding> {
    let listen = settings.metrics.listen?;
    let is_open = listen.ip().is_unspecified();
    Some(if is_open {
        Finding::warning(
            METRICS,
            format!("metrics are served on every interface of this machine, at {listen}"),
            "set metrics.listen to an address of the loopback or of a private network",
        )
    } else {
        Finding::ok(METRICS, format!("they are served at {listen}"))
    })
}
