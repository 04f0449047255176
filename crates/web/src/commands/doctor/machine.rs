//! Checks whether this machine suits the server: the time of a password hash, and the free space on
//! its disks.

use std::{
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use auth::password::{PasswordSettings, hash_alone};
use domain::Password;
use tokio::task::spawn_blocking;

use super::report::Finding;

const HASHING: &str = "password_hashing";
const DISK: &str = "disk";
/// The number of Argon2 runs. The fastest counts, because other programs may slow the others.
const RUNS: u32 = 3;
/// Below this time, passwords of a stolen database can be guessed too fast.
const TOO_FAST: Duration = Duration::from_millis(8);
/// From this time on, log-ins queue up.
const SLOW: Duration = Duration::from_millis(500);
/// From this time on, a few simultaneous log-ins lead to answers with 503.
const TOO_SLOW: Duration = Duration::from_secs(1);
/// Free space in MiB below which a busy day may fill the disk.
const LITTLE_ROOM: u64 = 500;
/// Free space in MiB below which writes will soon fail.
const NO_ROOM: u64 = 50;
/// The usual folder of logs.
const LOGS: &str = "/var/log";

/// Measures a password hash with the server's settings.
pub(super) async fn hashing(settings: PasswordSettings) -> Finding {
    let measured = spawn_blocking(move || quickest(&settings)).await;
    match measured {
        Ok(Some(took)) => judge_hashing(took),
        Ok(None) | Err(_) => Finding::problem(
            HASHING,
            "no password can be hashed with these settings",
            "give the process more memory, or set password.memory_kib to 19456",
        ),
    }
}

fn quickest(settings: &PasswordSettings) -> Option<Duration> {
    let password = Password::parse("correct horse battery staple").ok()?;
    let run = || {
        let started = Instant::now();
        hash_alone(settings, &password)?;
        Some(started.elapsed())
    };
    (0..RUNS).map(|_| run()).min()?
}

fn judge_hashing(took: Duration) -> Finding {
    let message = format!("a password takes {} ms", took.as_millis());
    let cheaper = "lower password.memory_kib or password.iterations (not below 19456 and 2), or \
                   use a faster machine";
    if took >= TOO_SLOW {
        Finding::problem(HASHING, format!("{message}, so that log-ins are refused"), cheaper)
    } else if took >= SLOW {
        Finding::warning(HASHING, format!("{message}, so that log-ins queue up"), cheaper)
    } else if took < TOO_FAST {
        let fix = "raise password.memory_kib or password.iterations until it takes 50 to 200 ms";
        Finding::warning(HASHING, format!("{message}, which makes guessing cheap"), fix)
    } else {
        Finding::ok(HASHING, message)
    }
}

/// Checks the disks of the database and of the log.
pub(super) fn disks(database: Option<PathBuf>) -> Vec<Finding> {
    let logs = Path::new(LOGS);
    let logs = logs.is_dir().then(|| logs.to_owned());
    let places = [("the database", database), ("the log", logs)];
    let places = places.into_iter().filter_map(|(what, folder)| Some((what, folder?)));
    let findings: Vec<_> = places.map(|(what, folder)| disk(what, &folder)).collect();
    if findings.is_empty() {
        return vec![Finding::skipped(DISK, "the database is on another machine")];
    }
    findings
}

fn disk(what: &str, folder: &Path) -> Finding {
    match rustix::fs::statvfs(folder) {
        Ok(stat) => judge_disk(what, stat.f_bavail.saturating_mul(stat.f_frsize) >> 20),
        Err(error) => {
            Finding::skipped(DISK, format!("the disk of {what} cannot be read ({error})"))
        }
    }
}

fn judge_disk(what: &str, free_mib: u64) -> Finding {
    let message = format!("{free_mib} MiB are free for {what}");
    let fix = "free space or enlarge the disk; writes fail when it is full";
    match free_mib {
        0..NO_ROOM => Finding::problem(DISK, message, fix),
        NO_ROOM..LITTLE_ROOM => Finding::warning(DISK, message, fix),
        _ => Finding::ok(DISK, message),
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Status;
    use super::*;

    #[test]
    fn a_hash_is_neither_cheap_nor_slow() {
        for (millis, status) in [
            (1, Status::Warning),
            (8, Status::Ok),
            (60, Status::Ok),
            (499, Status::Ok),
            (500, Status::Warning),
            (1_000, Status::Problem),
        ] {
            let finding = judge_hashing(Duration::from_millis(millis));
            assert_eq!(finding.status, status, "{finding}");
            assert_eq!(finding.fix.is_empty(), status == Status::Ok, "{finding}");
        }
    }

    #[test]
    fn a_disk_that_fills_up_is_told_before_writes_fail() {
        for (free, status) in
            [(0, Status::Problem), (49, Status::Problem), (50, Status::Warning), (500, Status::Ok)]
        {
            assert_eq!(judge_disk("the database", free).status, status, "{free}");
        }
    }
}
