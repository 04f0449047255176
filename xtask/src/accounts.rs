//! Opens the accounts of the configured server for one command. Never creates the database: a
//! command that runs in the wrong folder fails instead of working on an empty database.

use anyhow::{Context, Result, ensure};
use auth::Accounts;
use domain::Clock;
use web::{Settings, operator_command, telemetry};

use crate::database_name;

/// Opens the accounts, runs `work` on them if the schema is current, and closes them whether or not
/// `work` succeeds. Events are logged as the server logs them, on stderr.
pub(crate) async fn with_accounts<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Accounts) -> Result<T>,
) -> Result<T> {
    database_name::print(settings);
    let _log = telemetry::init(&settings.log);
    let mut settings = settings.clone();
    settings.database = settings.database.existing();
    let accounts = web::open_accounts(&settings, Clock::system()).await?;
    let result = async {
        let pending = accounts.operations().pending_migrations().await?;
        let migrate = operator_command("migrate");
        ensure!(pending.is_empty(), "migrations are pending; run `{migrate}` first");
        accounts.operations().check_may_serve().await.context("the database cannot be used")?;
        work(&accounts).await
    };
    let result = result.await;
    accounts.close().await;
    result
}
