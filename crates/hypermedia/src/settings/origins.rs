//! The origin of each setting: the environment, the file, or the default.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use config::{Config, Value};
use domain::Brand;

/// Where each setting was found.
#[derive(Clone, Default)]
pub(super) struct Origins {
    /// The product.
    pub(super) brand: &'static Brand,
    /// The working directory.
    pub(super) folder: PathBuf,
    /// The file, if there is one.
    pub(super) file: Option<PathBuf>,
    /// The files that hold one secret each, by the variables that name them.
    pub(super) secret_files: Vec<(String, PathBuf)>,
    pub(super) in_file: Config,
    /// The variable and the value of each key.
    pub(super) variables: BTreeMap<String, (String, String)>,
}

impl Origins {
    /// The name of the variable, the path of the file, or `default`.
    pub(super) fn of(&self, key: &str) -> String {
        if let Some((name, _)) = self.variables.get(key) {
            return name.clone();
        }
        match &self.file {
            Some(file) if self.is_in_file(key) => file.display().to_string(),
            _ => "default".to_owned(),
        }
    }

    /// The value as it was given.
    pub(super) fn given(&self, key: &str) -> Option<String> {
        match self.variables.get(key) {
            Some((_, value)) => Some(value.clone()),
            None => self.in_file.get(key).ok(),
        }
    }

    /// Whether neither the environment nor the file sets it.
    pub(super) fn is_default(&self, key: &str) -> bool {
        !self.variables.contains_key(key) && !self.is_in_file(key)
    }

    pub(super) fn is_in_file(&self, key: &str) -> bool {
        self.in_file.get::<Value>(key).is_ok()
    }
}

impl fmt::Debug for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origins").field("file", &self.file).finish_non_exhaustive()
    }
}
