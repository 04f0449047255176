//! The server: reads the settings, serves, and stops cleanly on SIGTERM or Ctrl-C.

use std::{fmt::Display, io::Write, process::ExitCode};

use domain::Clock;
use mimalloc::MiMalloc;
use tokio::signal::unix::{SignalKind, signal};
use web::{RunningApp, Settings, telemetry};

/// Threads that allocate much at once wait for one another in the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Exit code for wrong usage or configuration.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("--version") => return say(&format_args!("latchkey {}", web::VERSION)),
        Some(_) => return refuse(&"latchkey takes no arguments but --version"),
    }
    let settings = match Settings::load_to_serve() {
        Ok(settings) => settings,
        Err(error) => return refuse(&error),
    };
    let _log = telemetry::init(&settings.log);
    tracing::info!(version = web::VERSION, environment = ?settings.environment, "starting");
    let Err(error) = serve(settings) else { return ExitCode::SUCCESS };
    let _unwritable = writeln!(std::io::stderr(), "{error:#}");
    ExitCode::FAILURE
}

fn say(text: &dyn Display) -> ExitCode {
    writeln!(std::io::stdout(), "{text}").map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS)
}

fn refuse(reason: &dyn Display) -> ExitCode {
    let _unwritable = writeln!(std::io::stderr(), "{reason}");
    ExitCode::from(USAGE)
}

#[tokio::main]
async fn serve(settings: Settings) -> anyhow::Result<()> {
    // Before the listener, so that no signal is missed.
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
