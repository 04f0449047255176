//! The settings that a production server refuses to start with (HDR-04): defaults of development,
//! links, mails, passwords or rows without encryption, a known secret, cheap password hashes, no
//! limits, every address as a trusted proxy, and files that others can read or change.

use std::time::Duration;

use auth::Rate;

use super::{
    Secret, Settings, SettingsError, files, keys,
    names::{VariableNames, default_file},
    origins::Origins,
};

/// Settings without a default for production, with the value to set.
const REQUIRED: [(&str, &str); 3] = [
    ("server.public_url", "the address that people use, such as `https://accounts.example.org`"),
    ("mail.url", "your mail server, such as `smtps://USER:PASSWORD@mail.example.org`"),
    ("mail.from", "the sender of the mails, such as `Name <no-reply@example.org>`"),
];
/// Most guesses of a password in a minute that a limit may let through.
const MAX_GUESSES: u32 = 100;

pub(super) fn check(settings: &Settings, origins: &Origins) -> Result<(), SettingsError> {
    check_required(origins)?;
    check_address(settings)?;
    check_secret(settings)?;
    check_mail(settings)?;
    if settings.password.is_below_floor() {
        return Err(SettingsError::new(
            "password.memory_kib",
            "and password.iterations are below what OWASP asks for; set 19456 and 2, or more",
        ));
    }
    check_database(settings)?;
    check_limits(settings, origins)?;
    if settings.server.trusted_proxies.cover_the_world() {
        return Err(SettingsError::new(
            "server.trusted_proxies",
            "cover a large part of the internet, so that anybody could name another client; set \
             the addresses of your proxies, such as `10.0.0.5, 10.1.0.0/16`",
        ));
    }
    files::check(settings, origins)
}

fn check_required(origins: &Origins) -> Result<(), SettingsError> {
    match REQUIRED.iter().find(|(key, _)| origins.is_default(key)) {
        Some((key, what)) => {
            let variable = VariableNames::new(origins.brand).of_key(key);
            let file = default_file(origins.brand);
            let problem =
                format_args!("is not set; set {variable}, or the key in `{file}`, to {what}");
            Err(SettingsError::new(key, problem))
        }
        None => Ok(()),
    }
}

fn check_address(settings: &Settings) -> Result<(), SettingsError> {
    if !settings.server.is_plaintext_to_remote() {
        return Ok(());
    }
    Err(SettingsError::new(
        "server.public_url",
        format_args!(
            "= {:?} is not encrypted; set the address that people use, with `https://`",
            settings.server.public_url.as_str()
        ),
    ))
}

fn check_secret(settings: &Settings) -> Result<(), SettingsError> {
    settings.secret_key()?;
    if settings.secret_key.as_ref().is_some_and(Secret::is_guessable) {
        return Err(SettingsError::new(
            "secret_key",
            "looks like a sample; set a random one, such as the output of `openssl rand -base64 48`",
        ));
    }
    Ok(())
}

fn check_mail(settings: &Settings) -> Result<(), SettingsError> {
    if settings.mail.is_plaintext_to_remote() {
        return Err(SettingsError::new(
            "mail.url",
            "sends mails unencrypted; set `smtps://…` or `smtp+starttls://…`, or, where the \
             network up to the mail server is trusted, mail.trusted_network = true",
        ));
    }
    Ok(())
}

fn check_database(settings: &Settings) -> Result<(), SettingsError> {
    let database = &settings.database;
    if database.url.is_in_memory() {
        return Err(SettingsError::new(
            "database.url",
            "keeps accounts in memory, and loses them at the end; set `sqlite://PATH?mode=rwc`",
        ));
    }
    if database.url.is_plaintext_to_remote() && !database.trusted_network {
        return Err(SettingsError::new(
            "database.url",
            "reaches another machine without TLS, or with TLS only if that is offered; add \
             `sslmode=verify-full`, or set database.trusted_network = true if nobody else can \
             read or change what crosses the network to it",
        ));
    }
    Ok(())
}

fn check_limits(settings: &Settings, origins: &Origins) -> Result<(), SettingsError> {
    if !settings.limits.enabled {
        return Err(SettingsError::new(
            "limits.enabled",
            "= false lets anybody guess passwords and send mails without end; set it to true, and \
             raise the limit that is in the way",
        ));
    }
    let settings_in_effect = keys::effective(settings, origins);
    let mut limits = settings_in_effect.iter().filter(|setting| setting.key.starts_with("limits."));
    if let Some(off) = limits.find(|setting| setting.value == Rate::OFF.to_string()) {
        return Err(SettingsError::new(
            off.key,
            "= off has no end; set a limit as high as it has to be, such as `1000/1m`",
        ));
    }
    let limits = &settings.limits;
    let most = Rate::new(MAX_GUESSES, Duration::from_mins(1));
    for (key, limit) in [
        ("limits.login_per_account", limits.login_per_account),
        ("limits.login_per_device", limits.login_per_device),
    ] {
        if limit.is_above(most) {
            return Err(SettingsError::new(
                key,
                format_args!("= {limit} lets passwords be guessed; set `{most}` or less"),
            ));
        }
    }
    Ok(())
}
