//! What a migrator says while it works, for the operator who waits.

use std::{fmt, time::Duration};

/// Something worth a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Another migrator is at work; this one waits.
    Waiting,
    /// A migration begins.
    Begun {
        /// Its name.
        name: String,
    },
    /// Other transactions hold what the migration needs; it steps back and tries again.
    Busy {
        /// When it tries again.
        pause: Duration,
    },
    /// Rows of a table have their new values.
    Filled {
        /// The table.
        table: &'static str,
        /// How many rows were changed so far.
        rows: u64,
    },
    /// The server begins to build an index.
    Indexing {
        /// Its name.
        index: &'static str,
    },
}

/// Receives each step of the progress.
pub type Say<'a> = &'a (dyn Fn(&Progress) + Send + Sync);

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("another migrator is at work; waiting for it"),
            Self::Begun { name } => write!(f, "begins {name}"),
            Self::Busy { pause } => {
                write!(f, "other transactions are in the way; tries again in {pause:?}")
            }
            Self::Filled { table, rows } => write!(f, "filled {rows} rows of {table}"),
            Self::Indexing { index } => write!(f, "builds {index}"),
        }
    }
}
