//! The accounts that the configured server has, for one command.

use anyhow::{Result, ensure};
use auth::Accounts;
use domain::Clock;
use web::{Settings, telemetry};

/// Opens the accounts for `work`, if the schema is current, and closes them whatever
/// comes of it. What is done with them is logged as the server does it, on stderr.
pub(crate) async fn with_accounts<T>(
    settings: &Settings,
    work: impl AsyncFnOnce(&Accounts) -> Result<T>,
) -> Result<T> {
    let _log = telemetry::init(&settings.log);
    let accounts = web::open_accounts(settings, Clock::system()).await?;
    let result = async {
        let pending = accounts.pending_migrations().await?;
        ensure!(pending.is_empty(), "migrations are pending; run `cargo xtask migrate` first");
        work(&accounts).await
    };
    let result = result.await;
    accounts.close().await;
    result
}
