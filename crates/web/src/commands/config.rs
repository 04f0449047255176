//! `config`: the effective settings, with secrets redacted.

use std::io;

use hypermedia::settings::Settings;

use super::listing;

/// Prints each setting with its source, one per line.
pub(super) fn run(settings: &Settings) -> io::Result<()> {
    listing::print(
        settings
            .effective()
            .iter()
            .map(|setting| format!("{:<32} {:<44} {}", setting.key, setting.value, setting.source)),
    )
}
