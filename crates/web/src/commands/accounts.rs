//! Opens the accounts of the configured server for one command. Never creates the database: a
//! command that runs in the wrong folder fails instead of working on an empty database.

use anyhow::{Context, Result, ensure};
use auth::Accounts;
use domain::Clock;
use hypermedia::{operator_command, settings::Settings, telemetry};

use super::database_name;
use crate::App;

/// Opens the accounts, runs `work` on them if the schema is current, and closes them whether or not
/// `work` succeeds. Events are logged as the server logs them, on stderr.
pub(super) async fn with_accounts<T>(
    app: &App,
    settings: &Settings,
    work: impl AsyncFnOnce(&Accounts) -> Result<T>,
) -> Result<T> {
    database_name::print(settings);
    telemetry::init(&settings.log);
    let mut settings = settings.clone();
    settings.database = settings.database.existing();
    let accounts = app.open_accounts(&settings, Clock::system()).await?;
    let result = async {
        let pending = accounts.operations().pending_migrations().await?;
        let migrate = operator_command(app.brand.slug, "migrate");
        ensure!(pending.is_empty(), "migrations are pending; run `{migrate}` first");
        accounts.operations().check_may_serve().await.context("the database cannot be used")?;
        work(&accounts).await
    };
    let result = result.await;
    accounts.close().await;
    result
}
