//! The section `log`.

use std::{
    fmt,
    io::{IsTerminal, stderr},
};

use serde::{Deserialize, Deserializer, de::Error};
use tracing_subscriber::EnvFilter;

/// What the log looks like and holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    format: Option<LogFormat>,
    /// Which events are logged, in the notation of `tracing_subscriber`.
    #[serde(deserialize_with = "filter")]
    pub filter: String,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

impl LogSettings {
    /// The format: for people on a terminal, for machines elsewhere, if not set.
    pub fn format(&self) -> LogFormat {
        self.format.unwrap_or_else(|| {
            if stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json }
        })
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: None, filter: "info".to_owned() }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
        })
    }
}

fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match EnvFilter::try_new(&text) {
        Ok(_) => Ok(text),
        Err(_) => Err(Error::custom("is no filter")),
    }
}
