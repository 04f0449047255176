//! `cargo xtask config`: the effective settings, with secrets redacted.

use std::io;

use web::Settings;

use crate::listing;

/// Prints each setting with its source, one per line.
pub(crate) fn run(settings: &Settings) -> io::Result<()> {
    listing::print(
        settings
            .effective()
            .iter()
            .map(|setting| format!("{:<32} {:<44} {}", setting.key, setting.value, setting.source)),
    )
}
