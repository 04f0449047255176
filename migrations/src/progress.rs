//! The progress reports of a migrator, for the operator who waits for it. The caller decides where
//! they appear.

use std::{fmt, time::Duration};

use crate::change::Change;

/// A progress report. `Display` gives one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// This migrator waits for another one.
    Waiting,
    /// A migration begins.
    Begun {
        /// The name of the migration.
        name: String,
    },
    /// A migration does not go through. A line about a retry may follow.
    Failed {
        /// The name of the migration.
        name: String,
    },
    /// Other transactions block the migration, which retries after a pause.
    Busy {
        /// The time until the next try.
        pause: Duration,
    },
    /// Rows of a table were filled.
    Filled {
        /// The table.
        table: &'static str,
        /// The number of rows so far.
        rows: u64,
    },
    /// The server begins to build an index.
    Indexing {
        /// The name of the index.
        index: &'static str,
    },
}

/// A function that receives the progress reports.
pub type Say<'a> = &'a (dyn Fn(&Progress) + Send + Sync);

impl Progress {
    pub(crate) fn failed(change: &dyn Change) -> Self {
        Self::Failed { name: change.name().to_owned() }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("another migrator is at work; waiting for it"),
            Self::Begun { name } => write!(f, "begins {name}"),
            Self::Failed { name } => write!(f, "{name} failed"),
            Self::Busy { pause } => {
                write!(f, "other transactions block this; tries again in {pause:?}")
            }
            Self::Filled { table, rows } => write!(f, "filled {rows} rows of {table}"),
            Self::Indexing { index } => write!(f, "builds {index}"),
        }
    }
}
