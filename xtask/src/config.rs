//! `cargo xtask config`: the settings in force, with secrets redacted.

use std::process::ExitCode;

use web::Settings;

/// Prints each setting and where it came from, one a line.
pub(crate) fn run(settings: &Settings) -> ExitCode {
    for setting in settings.effective() {
        println!("{:<32} {:<44} {}", setting.key, setting.value, setting.source);
    }
    ExitCode::SUCCESS
}
