//! The server: reads the settings, serves, and stops cleanly on SIGTERM or Ctrl-C.

use std::{io::Write, process::ExitCode};

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
    if let Some(argument) = std::env::args().nth(1) {
        let version = env!("CARGO_PKG_VERSION");
        let usage = format!(
            "latchkey {version} takes no arguments; docs/operations.md tells how it is configured"
        );
        let asked = matches!(argument.as_str(), "--version" | "--help");
        let _unwritable = writeln!(std::io::stderr(), "{usage}");
        return if asked { ExitCode::SUCCESS } else { ExitCode::from(USAGE) };
    }
    let settings = match load() {
        Ok(settings) => settings,
        Err(error) => {
            let _unwritable = writeln!(std::io::stderr(), "{error}");
            return ExitCode::from(USAGE);
        }
    };
    telemetry::init(&settings.log);
    match serve(settings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _unwritable = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
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
