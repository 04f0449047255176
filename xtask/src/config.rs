//! `cargo xtask config`: the settings in force, with secrets redacted.

use std::io;

use web::Settings;

use crate::listing;

/// Prints each setting and where it came from, one a line.
pub(crate) fn run(settings: &Settings) -> io::Result<()> {
    listing::print(
        settings
            .effective()
            .iter()
            .map(|setting| format!("{:<32} {:<44} {}", setting.key, setting.value, setting.source)),
    )
}
