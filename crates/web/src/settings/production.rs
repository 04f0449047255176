//! What a production server refuses to start with (HDR-04): links and passwords in
//! the clear, a secret that others know, mails in the clear, cheap password hashes,
//! secrets or accounts in a file that everybody on the machine can read.

use std::{ffi::OsString, fs, os::unix::fs::MetadataExt, path::Path};

use super::{Secret, Settings, SettingsError, keys::KEYS, sources::Origins};

const READABLE_BY_ALL: u32 = 0o004;

pub(super) fn check(settings: &Settings, origins: &Origins) -> Result<(), SettingsError> {
    if settings.server.is_plaintext_to_remote() {
        return Err(SettingsError::new(
            "server.public_url",
            format_args!(
                "= {:?} is not encrypted; set the address that people use, with `https://`",
                settings.server.public_url.as_str()
            ),
        ));
    }
    settings.secret_key()?;
    if settings.secret_key.as_ref().is_some_and(Secret::is_guessable) {
        return Err(SettingsError::new(
            "secret_key",
            "looks like a sample; set a random one, such as the output of `openssl rand -base64 48`",
        ));
    }
    if settings.mail.is_plaintext_to_remote() {
        return Err(SettingsError::new(
            "mail.url",
            "sends mails unencrypted; set `smtps://…` or `smtp+starttls://…`, or, where the \
             network up to the mail server is trusted, mail.trusted_network = true",
        ));
    }
    if settings.password.is_below_floor() {
        return Err(SettingsError::new(
            "password.memory_kib",
            "and password.iterations are below what OWASP asks for; set 19456 and 2, or more",
        ));
    }
    check_configuration(origins)?;
    for (variable, file) in &origins.secret_files {
        check_file(variable, "names", file)?;
    }
    check_database(settings, origins)
}

fn check_configuration(origins: &Origins) -> Result<(), SettingsError> {
    let Some(file) = &origins.file else { return Ok(()) };
    match KEYS.iter().find(|key| key.is_secret && origins.is_in_file(key.name)) {
        Some(secret) => check_file(secret.name, "stands in", file),
        None => Ok(()),
    }
}

/// The file of SQLite and those beside it, which hold what was written last.
fn check_database(settings: &Settings, origins: &Origins) -> Result<(), SettingsError> {
    let Some(file) = settings.database.url.file() else { return Ok(()) };
    for suffix in ["", "-wal", "-shm"] {
        let mut path = OsString::from(origins.folder.join(&file));
        path.push(suffix);
        check_file("database.url", "keeps accounts in", Path::new(&path))?;
    }
    Ok(())
}

/// Refuses a file that is there and open to everybody.
fn check_file(key: &str, verb: &str, file: &Path) -> Result<(), SettingsError> {
    let mode = fs::metadata(file).map_or(0, |metadata| metadata.mode());
    if mode & READABLE_BY_ALL == 0 {
        return Ok(());
    }
    let file = file.display();
    Err(SettingsError::new(
        key,
        format_args!("{verb} {file}, which every user can read; run `chmod o= {file}`"),
    ))
}
