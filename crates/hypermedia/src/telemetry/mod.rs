//! The log, on stderr: one line an event, for people or for machines. The thread that logs an event
//! writes its line at once, so that a process that is killed has told what it did.
//!
//! Libraries that could log secrets (dialogues with the mail server, session ids) are limited to
//! warnings, whatever the filter says. The database layers log nothing at all: they quote URLs,
//! password files and server messages, and the store logs the class of each cause (LGG-06). A panic
//! is logged by its place only: its text may quote input (LGG-01).

mod format;
mod origin;

use std::{
    io::{IsTerminal, stderr},
    panic::{self, PanicHookInfo},
};

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::{LevelFilter, filter_fn},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use self::{
    format::{Json, Pretty},
    origin::SpanOrigins,
};
use crate::settings::{LogFormat, LogSettings};

/// Crates that may log warnings and errors only.
const SILENCED: [&str; 7] =
    ["hyper", "hyper_util", "lettre", "poem", "rustls", "tower_sessions", "tower_sessions_core"];
/// Prefixes of the crates that may log nothing. What `webauthn_rs` calls errors, strangers can cause.
const MUTED: [&str; 3] = ["sea_orm", "sqlx", "webauthn_rs"];

/// Starts logging. Only the first call in a process does anything.
pub fn init(settings: &LogSettings) {
    // The settings have been checked; what cannot be read shows everything of note.
    let filter = EnvFilter::try_new(&settings.filter)
        .unwrap_or_else(|_| EnvFilter::default().add_directive(LevelFilter::INFO.into()));
    let layer = SpanOrigins.and_then(layer(settings.format()));
    let log = tracing_subscriber::registry()
        .with(layer.with_filter(filter_fn(may_be_logged)))
        .with(filter);
    if log.try_init().is_ok() {
        panic::set_hook(Box::new(log_panic));
    }
}

fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
}

fn layer(format: LogFormat) -> Box<dyn Layer<Registry> + Send + Sync> {
    let layer = fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
    // That a line could not be written would be printed to stderr, and fail in a panic there.
    let layer = layer.log_internal_errors(false);
    match format {
        LogFormat::Pretty => layer.event_format(Pretty::new()).boxed(),
        LogFormat::Json => layer.event_format(Json).boxed(),
    }
}

fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let library = metadata.target().split(':').next().unwrap_or_default();
    if MUTED.iter().any(|muted| library.starts_with(muted)) {
        return false;
    }
    *metadata.level() <= Level::WARN || !SILENCED.contains(&library)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use tracing::subscriber::with_default;

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(events: impl FnOnce()) -> String {
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = fmt::layer().event_format(Json).with_writer(move || writer.clone());
        let layer = layer.with_filter(filter_fn(may_be_logged));
        with_default(tracing_subscriber::registry().with(layer), events);
        String::from_utf8(sink.0.lock().unwrap().clone()).unwrap()
    }

    /// LGG-03.
    #[test]
    fn every_event_is_one_line_of_json() {
        let nasty = "a\r\nb\u{1b}[31m\u{7f}\u{85}\u{9b}31m\u{2028}\u{2029}ä\"\\";

        let log = logged(|| {
            tracing::info!(route = nasty, status = 200_u16, ms = 0.5, "{nasty}");
            tracing::error!(error = ?nasty, ms = f64::NAN, is_late = true, "failed");
        });

        assert_eq!(log.lines().count(), 2, "{log}");
        let is_plain = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}');
        assert!(log.chars().all(|c| c == '\n' || is_plain(c)), "{log}");
        let lines: Vec<serde_json::Value> =
            log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["message"], nasty);
        assert_eq!(lines[0]["route"], nasty);
        assert_eq!((&lines[0]["status"], &lines[0]["ms"]), (&200.into(), &0.5.into()));
        assert_eq!(lines[1]["error"], format!("{nasty:?}"));
        assert_eq!((&lines[1]["level"], &lines[1]["is_late"]), (&"ERROR".into(), &true.into()));
    }

    /// LGG-01.
    #[test]
    fn libraries_do_not_log_what_may_be_secret() {
        let log = logged(|| {
            tracing::info!(target: "lettre::transport", "AUTH PLAIN");
            tracing::debug!(target: "sqlx::query", "INSERT");
            tracing::trace!(target: "tower_sessions_core", "id");
            tracing::warn!(target: "sqlx_postgres::options::pgpass", "Malformed line");
            tracing::error!(target: "sqlx_core::pool", "error returned from after_connect");
            tracing::warn!(target: "sea_orm::driver", "Connection Error");
            tracing::warn!(target: "poem", "refused");
            tracing::info!(target: "auth::mail", "sent");
        });

        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.contains("refused") && log.contains("sent"));
    }

    /// LGG-01: the log contains the place of the panic, not its text.
    #[test]
    fn a_panic_is_logged_without_its_text() {
        let log = logged(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(log_panic));
            let panicked = panic::catch_unwind(|| {
                let typed = "canary that somebody typed";
                assert!(typed.is_empty(), "{typed}");
            });
            panic::set_hook(before);
            assert!(panicked.is_err());
        });

        let line: serde_json::Value = serde_json::from_str(log.trim_end()).unwrap();
        assert_eq!(line["message"], "panic");
        assert!(line["place"].as_str().unwrap().contains(file!()), "{log}");
        assert!(!log.contains("canary"), "{log}");
    }
}
