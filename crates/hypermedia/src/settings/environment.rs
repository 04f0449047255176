//! The environment of the process. It is not in the configuration file, because it decides how the
//! file is read.

use std::fmt;

use super::SettingsError;

/// The environment of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// A desk.
    Development,
    /// The internet.
    Production,
    /// A test.
    Test,
}

impl Environment {
    /// Reads the environment from the value of the variable `name`.
    pub(super) fn of(name: &str, variable: Option<&str>) -> Result<Self, SettingsError> {
        match variable {
            None => Ok(Self::default()),
            Some("development") => Ok(Self::Development),
            Some("production") => Ok(Self::Production),
            Some("test") => Ok(Self::Test),
            Some(other) => Err(SettingsError::new(
                name,
                format!("= {other:?} is unknown; set `development`, `production` or `test`"),
            )),
        }
    }
}

impl Default for Environment {
    /// The default of this build.
    fn default() -> Self {
        if cfg!(debug_assertions) { Self::Development } else { Self::Production }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Test => "test",
        })
    }
}
