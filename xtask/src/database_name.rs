//! Which database a command works on, told before it begins: a command in another
//! folder or with another configuration is noticed before it is believed.

use std::path;

use web::Settings;

/// Prints the database to standard error, a file with its whole path and no password.
pub(crate) fn print(settings: &Settings) {
    let url = &settings.database.url;
    match url.file().and_then(|file| path::absolute(file).ok()) {
        Some(file) => {
            let is_missing = if file.exists() { "" } else { " (does not exist)" };
            eprintln!("database: sqlite://{}{is_missing}", file.display());
        }
        None => eprintln!("database: {url}"),
    }
}
