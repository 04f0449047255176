//! Checks that a file with secrets or accounts is safe: only its owner may change it, not every
//! user of the machine may read it, and not every user may replace it.

use std::{ffi::OsString, fs, os::unix::fs::MetadataExt, path::Path};

use super::{Settings, SettingsError, keys::KEYS, origins::Origins};

const READABLE_BY_ALL: u32 = 0o004;
const WRITABLE_BY_ALL: u32 = 0o002;
const WRITABLE_BY_GROUP: u32 = 0o020;
/// In a folder with it, only owners replace their files.
const STICKY: u32 = 0o1000;

pub(super) fn check(settings: &Settings, origins: &Origins) -> Result<(), SettingsError> {
    if let Some(file) = &origins.file {
        let mut secrets = KEYS.iter().filter(|key| key.is_secret);
        if let Some(secret) = secrets.find(|key| origins.is_in_file(key.name)) {
            check_secret(secret.name, "stands in", file)?;
        } else {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            check_place(&name, "lies at", file, WRITABLE_BY_ALL)?;
        }
    }
    for (variable, file) in &origins.secret_files {
        check_secret(variable, "names", file)?;
    }
    let Some(file) = settings.database.url.file() else { return Ok(()) };
    // The files beside it hold the latest writes.
    for suffix in ["", "-wal", "-shm"] {
        let mut path = OsString::from(origins.folder.join(&file));
        path.push(suffix);
        check_secret("database.url", "keeps accounts in", Path::new(&path))?;
    }
    Ok(())
}

fn check_secret(key: &str, verb: &str, file: &Path) -> Result<(), SettingsError> {
    check_place(key, verb, file, READABLE_BY_ALL | WRITABLE_BY_ALL)
}

/// Refuses a file that is there, with one of these bits for all or writable by a group,
/// or in a folder of everybody's.
fn check_place(key: &str, verb: &str, file: &Path, bits: u32) -> Result<(), SettingsError> {
    let name = file.display();
    let mode = mode(file);
    let fix = match (mode & bits != 0, mode & WRITABLE_BY_GROUP != 0) {
        (false, false) => None,
        (true, false) if bits & READABLE_BY_ALL == 0 => Some("o-w"),
        (true, false) => Some("o="),
        (false, true) => Some("g-w"),
        (true, true) => Some("o=,g-w"),
    };
    if let Some(fix) = fix {
        return Err(SettingsError::new(
            key,
            format_args!(
                "{verb} {name}, which others can read or change; run `chmod {fix} {name}`"
            ),
        ));
    }
    // If the file is a link, a person who can change either folder can replace it.
    let real = fs::canonicalize(file).ok();
    let mut folders = [Some(file), real.as_deref()].into_iter().flatten().filter_map(Path::parent);
    match folders.find(|folder| is_everybodys(folder)) {
        Some(folder) => {
            let folder = folder.display();
            Err(SettingsError::new(
                key,
                format_args!(
                    "{verb} {name}, and every user can put another file there; run `chmod o-w {folder}`"
                ),
            ))
        }
        None => Ok(()),
    }
}

fn is_everybodys(folder: &Path) -> bool {
    let mode = mode(folder);
    mode & WRITABLE_BY_ALL != 0 && mode & STICKY == 0
}

/// No bits where nothing is.
fn mode(path: &Path) -> u32 {
    fs::metadata(path).map_or(0, |metadata| metadata.mode())
}
