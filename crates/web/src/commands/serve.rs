//! `serve`: serves until SIGTERM or Ctrl-C, and stops cleanly.

use std::process::ExitCode;

use anyhow::Result;
use domain::Clock;
use hypermedia::{settings::Settings, telemetry};
use tokio::signal::unix::{SignalKind, signal};

use crate::App;

/// Serves, and prints the address when the server listens.
pub(super) async fn run(app: &App, settings: Settings) -> Result<ExitCode> {
    telemetry::init(&settings.log);
    tracing::info!(
        version = app.brand.version,
        environment = %settings.environment,
        "starting"
    );
    // Before the listener, so that no signal is missed.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = app.start(settings, Clock::system()).await?;
    println!("listening on http://{}", running.address);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    Ok(ExitCode::SUCCESS)
}
