//! An error of the configuration, in one line for the operator.

use std::fmt;

/// A setting that cannot be used: its key, its problem and the fix, in one line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

impl SettingsError {
    /// `key`, followed by the problem and its fix.
    pub(super) fn new(key: &str, problem: impl fmt::Display) -> Self {
        Self::from_text(format_args!("{key} {problem}"))
    }

    /// The key, the variable or the file that it is about: its first word.
    pub fn subject(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// A text that names the key itself.
    pub(super) fn from_text(text: impl fmt::Display) -> Self {
        Self(text.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" "))
    }
}
