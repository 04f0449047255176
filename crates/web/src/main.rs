//! The server: reads the settings, serves, and stops cleanly on SIGTERM or Ctrl-C.

use std::{fmt::Display, io::Write, process::ExitCode};

use domain::Clock;
use mimalloc::MiMalloc;
use tokio::signal::unix::{SignalKind, signal};
use web::{RunningApp, Settings, settings::SettingsError, telemetry};

/// Threads that allocate much at once wait for one another in the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Exit code for wrong usage or configuration.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        return refuse(&"latchkey takes no arguments");
    }
    let settings = match load() {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    let _log = telemetry::init(&settings.log);
    let Err(error) = serve(settings) else { return ExitCode::SUCCESS };
    let _unwritable = writeln!(std::io::stderr(), "{error:#}");
    ExitCode::FAILURE
}

fn refuse(reason: &dyn Display) -> ExitCode {
    let _unwritable = writeln!(std::io::stderr(), "{reason}");
    ExitCode::from(USAGE)
}

/// Everything that can be wrong with the configuration, before anything is begun.
fn load() -> Result<Settings, SettingsError> {
    let settings = Settings::load()?;
    settings.check_production()?;
    settings.secret_key()?;
    Ok(settings)
}

#[tokio::main]
async fn serve(settings: Settings) -> anyhow::Result<()> {
    // Before the listener: a signal must not find nobody to hear it.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let app = RunningApp::start(settings, Clock::system()).await?;
    writeln!(std::io::stdout(), "listening on http://{}", app.address)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    app.stop().await;
    Ok(())
}
