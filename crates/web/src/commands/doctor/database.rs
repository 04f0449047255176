//! Checks the database: the connection, write access, rights, the schema and the clock. Creates and
//! changes nothing.

use std::{error::Error, path::Path, time::Duration};

use auth::keys::SecretKey;
use domain::Clock;
use store::{DatabaseSettings, Store};

use super::report::Finding;

const REACHED: &str = "database";
const WRITE: &str = "database_write";
const RIGHTS: &str = "database_rights";
const SCHEMA: &str = "schema";
const CLOCK: &str = "database_clock";
const SEARCH: &str = "search_extension";
const SEALED: &str = "sealed_secrets";

/// The most that the two clocks may differ. Throttles, links and leases use both.
const MAX_APART: Duration = Duration::from_secs(2);

/// Runs the checks that the database can answer.
pub(super) async fn check(
    settings: &DatabaseSettings,
    secret: Option<&SecretKey>,
    migrate: &str,
) -> Vec<Finding> {
    let url = settings.url.to_string();
    let file = settings.url.file();
    if !file.as_deref().is_none_or(Path::exists) {
        let fix = format!("{migrate} to make it, or correct database.url");
        return vec![Finding::problem(REACHED, format!("{url}: the file does not exist"), fix)];
    }
    let store = match Store::connect(settings, Duration::ZERO).await {
        Ok(store) => store,
        Err(error) => return vec![unopened(&url, &error)],
    };
    let mut findings = vec![Finding::ok(REACHED, format!("{url} answers"))];
    findings.extend(encoding(&store).await);
    findings.push(rights(&store).await);
    findings.extend(current(&store, migrate).await);
    findings.push(clock(&store).await);
    findings.extend(search(&store).await);
    if let Some(secret) = secret {
        findings.extend(sealed(&store, secret).await);
    }
    let _unclosed = store.close().await;
    findings
}

/// Names the class of the error and its fix as the store reports them, never the driver's message.
fn unopened(url: &str, error: &dyn Error) -> Finding {
    let text = error.to_string();
    let (what, fix) = text.split_once("; ").unwrap_or((
        &text,
        "start the database, and correct host, port, name, user and password of database.url",
    ));
    Finding::problem(REACHED, format!("{url}: {what}"), fix)
}

async fn encoding(store: &Store) -> Option<Finding> {
    let encoding = store.encoding().await.ok()??;
    (encoding != "UTF8").then(|| {
        Finding::problem(
            REACHED,
            format!("the database is encoded in {encoding}, which cannot keep every name"),
            "create one with ENCODING 'UTF8' and TEMPLATE template0",
        )
    })
}

/// Checks the schema, and write access only if the schema is current.
async fn current(store: &Store, migrate: &str) -> Vec<Finding> {
    let pending = match store.migration_status().await {
        Ok(status) => status.iter().filter(|migration| !migration.applied).count(),
        Err(error) => {
            let fix = "grant the rights, or use the release that made this schema or a newer one";
            let unread = Finding::problem(SCHEMA, format!("it cannot be read: {error}"), fix);
            return vec![unread, write(store).await];
        }
    };
    if pending > 0 {
        let message = format!("{pending} migrations are pending");
        return vec![Finding::problem(SCHEMA, message, migrate)];
    }
    vec![Finding::ok(SCHEMA, "every migration is applied"), write(store).await]
}

async fn write(store: &Store) -> Finding {
    match store.check_writable().await {
        Ok(()) => Finding::ok(WRITE, "it can be written"),
        Err(error) => Finding::problem(
            WRITE,
            format!("it cannot be written: {error}"),
            "name the primary in database.url, end read-only mode, or mount the disk for writing",
        ),
    }
}

async fn rights(store: &Store) -> Finding {
    match store.missing_rights().await {
        Ok(missing) if missing.is_empty() => {
            Finding::ok(RIGHTS, "the role has the rights that it needs")
        }
        Ok(missing) => Finding::problem(
            RIGHTS,
            format!("the role may not {}", missing.join(", ")),
            "grant SELECT, INSERT, UPDATE and DELETE on all tables, and CREATE on the schema to \
             the role that migrates",
        ),
        Err(_) => Finding::skipped(RIGHTS, "the database does not tell them"),
    }
}

async fn clock(store: &Store) -> Finding {
    match store.clocks_apart(&Clock::system()).await {
        Ok(apart) => judge_clock(apart),
        Err(_) => Finding::skipped(CLOCK, "the database does not tell its time"),
    }
}

fn judge_clock(apart: Option<Duration>) -> Finding {
    let Some(apart) = apart else {
        return Finding::ok(CLOCK, "the database goes by the clock of this machine");
    };
    let message = format!("the clocks of database and machine are {} ms apart", apart.as_millis());
    if apart <= MAX_APART {
        return Finding::ok(CLOCK, message);
    }
    Finding::warning(CLOCK, message, "run NTP on both (`timedatectl set-ntp true`)")
}

/// Whether the secrets in the database need the key before the present one.
async fn sealed(store: &Store, secret: &SecretKey) -> Option<Finding> {
    let count = auth::count_sealed_otherwise(store, secret).await.ok()?;
    match (secret.has_previous(), count) {
        (false, 0) => None,
        (true, 0) => Some(Finding::hint(
            SEALED,
            "no authentication app needs secret_key_previous any more: remove it",
        )),
        (true, count) => Some(Finding::ok(
            SEALED,
            format!(
                "{count} authentication apps still need secret_key_previous, until their next use"
            ),
        )),
        (false, count) => Some(Finding::problem(
            SEALED,
            format!("no key opens the secrets of {count} authentication apps"),
            "set secret_key_previous to the secret before secret_key",
        )),
    }
}

async fn search(store: &Store) -> Option<Finding> {
    match store.has_trigrams().await {
        Ok(Some(true)) => Some(Finding::ok(SEARCH, "pg_trgm is there")),
        Ok(Some(false)) => Some(Finding::hint(
            SEARCH,
            "pg_trgm is missing, so that the search of the admin reads every row: `CREATE \
             EXTENSION pg_trgm` as a superuser",
        )),
        Ok(None) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::report::Status;
    use super::*;

    #[test]
    fn clocks_more_than_two_seconds_apart_are_told() {
        for (millis, status) in [(0, Status::Ok), (2_000, Status::Ok), (2_001, Status::Warning)] {
            let apart = Some(Duration::from_millis(millis));
            assert_eq!(judge_clock(apart).status, status, "{millis}");
        }
        assert_eq!(judge_clock(None).status, Status::Ok);
    }
}
