//! Prints the database of a command before the command starts, so that an operator notices a wrong
//! folder or configuration.

use std::path;

use hypermedia::settings::Settings;

/// Prints the database to standard error: the absolute path of a file, and no password.
pub(super) fn print(settings: &Settings) {
    let url = &settings.database.url;
    match url.file().and_then(|file| path::absolute(file).ok()) {
        Some(file) => {
            let is_missing = if file.exists() { "" } else { " (does not exist)" };
            eprintln!("database: sqlite://{}{is_missing}", file.display());
        }
        None => eprintln!("database: {url}"),
    }
}
