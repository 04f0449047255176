//! Checks owners and modes of the files that hold secrets or accounts.

use std::{
    ffi::OsString,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use super::report::Finding;

const CONFIG: &str = "config_file";
const SECRETS: &str = "secret_files";
const DATABASE: &str = "database_file";

const READ_BY_OTHERS: u32 = 0o004;
const WRITTEN_BY_OTHERS: u32 = 0o002;

/// Checks the configuration file.
pub(super) fn configuration(file: Option<&Path>, has_secrets: bool) -> Finding {
    let Some(file) = file else { return Finding::ok(CONFIG, "there is none") };
    let name = file.display();
    let Ok(found) = fs::metadata(file) else {
        let fix = "let the user of the server read it";
        return Finding::problem(CONFIG, format!("{name} cannot be read"), fix);
    };
    if found.mode() & WRITTEN_BY_OTHERS != 0 {
        let message = format!("every user of this machine can change {name}");
        return Finding::problem(CONFIG, message, format!("run `chmod o= {name}`"));
    }
    if has_secrets && found.mode() & READ_BY_OTHERS != 0 {
        let message = format!("{name} has secrets and every user of this machine can read it");
        return Finding::problem(CONFIG, message, format!("run `chmod o= {name}`"));
    }
    Finding::ok(CONFIG, format!("{name}"))
}

/// Checks the files that hold one secret each.
pub(super) fn secrets(files: &[(String, PathBuf)]) -> Vec<Finding> {
    if files.is_empty() {
        return vec![Finding::ok(SECRETS, "there are none")];
    }
    files.iter().map(|(variable, file)| secret(variable, file)).collect()
}

fn secret(variable: &str, file: &Path) -> Finding {
    let name = file.display();
    match fs::metadata(file).map(|found| found.mode()) {
        Ok(mode) if mode & (READ_BY_OTHERS | WRITTEN_BY_OTHERS) != 0 => Finding::problem(
            SECRETS,
            format!("{variable} names {name}, which is open to every user of this machine"),
            format!("run `chmod o= {name}`"),
        ),
        Ok(_) => Finding::ok(SECRETS, format!("{name}")),
        Err(_) => Finding::problem(
            SECRETS,
            format!("{variable} names {name}, which cannot be read"),
            "name a file that the user of the server can read",
        ),
    }
}

/// Checks the SQLite file, the files beside it, and their folder. Skips databases without a file.
pub(super) fn database(file: Option<&Path>, migrate: &str) -> Vec<Finding> {
    let Some(file) = file else {
        return vec![Finding::skipped(DATABASE, "the database is no file")];
    };
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let (Ok(found), Ok(around)) = (fs::metadata(file), fs::metadata(folder)) else {
        let message = format!("{} is not there", file.display());
        return vec![Finding::problem(DATABASE, message, migrate)];
    };
    let mut findings: Vec<_> = open_folder(folder, &around).into_iter().collect();
    for suffix in ["", "-wal", "-shm"] {
        let mut path = OsString::from(file);
        path.push(suffix);
        let path = PathBuf::from(path);
        if let Ok(beside) = fs::metadata(&path) {
            findings.extend(open_file(&path, &beside));
            findings.extend(other_owner(&path, beside.uid(), around.uid()));
        }
    }
    if findings.is_empty() {
        let message = format!("{}, of user {}", file.display(), found.uid());
        findings.push(Finding::ok(DATABASE, message));
    }
    findings
}

fn open_folder(folder: &Path, found: &Metadata) -> Option<Finding> {
    let name = folder.display();
    (found.mode() & WRITTEN_BY_OTHERS != 0).then(|| {
        let message = format!("every user of this machine can write in {name}");
        Finding::problem(DATABASE, message, format!("run `chmod o= {name}`"))
    })
}

fn open_file(file: &Path, found: &Metadata) -> Option<Finding> {
    let name = file.display();
    (found.mode() & (READ_BY_OTHERS | WRITTEN_BY_OTHERS) != 0).then(|| {
        let message = format!("{name} is open to every user of this machine");
        Finding::problem(DATABASE, message, format!("run `chmod o= {name}`"))
    })
}

/// Finds files that a command left when run as root: the server cannot write them.
fn other_owner(file: &Path, owner: u32, expected: u32) -> Option<Finding> {
    let name = file.display();
    (owner != expected).then(|| {
        let message = format!("{name} is of user {owner} and its folder of user {expected}");
        let fix =
            format!("run `chown {expected} {name}`, and this command as the user of the server");
        Finding::problem(DATABASE, message, fix)
    })
}
