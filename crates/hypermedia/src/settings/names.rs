//! The names of a product's environment variables and of its configuration file, derived from the
//! slug of its brand.

use domain::Brand;

/// The separator between prefix, section and setting in the name of a variable.
pub(super) const SEPARATOR: &str = "__";
/// The suffix of a variable that names the file with a secret.
pub(super) const FILE_SUFFIX: &str = "_file";

/// The names of a product's variables: `ACME_ENV`, `ACME_CONFIG`, `ACME__SERVER__LISTEN`.
pub(super) struct VariableNames {
    pub(super) prefix: String,
}

impl VariableNames {
    pub(super) fn new(brand: &Brand) -> Self {
        Self { prefix: brand.variable_prefix() }
    }

    /// The variable that sets the environment.
    pub(super) fn environment(&self) -> String {
        format!("{}_ENV", self.prefix)
    }

    /// The variable that names the configuration file.
    pub(super) fn file(&self) -> String {
        format!("{}{CONFIG}", self.prefix)
    }

    /// Returns the variable of a key: `ACME__SERVER__LISTEN` for `server.listen`.
    pub(super) fn of_key(&self, key: &str) -> String {
        let key = key.replace('.', SEPARATOR).to_ascii_uppercase();
        format!("{}{SEPARATOR}{key}", self.prefix)
    }

    /// Returns the key of a variable: `server.listen` for `ACME__SERVER__LISTEN`.
    pub(super) fn key_of(&self, name: &str) -> Option<String> {
        let path = name.strip_prefix(&self.prefix)?.strip_prefix(SEPARATOR)?;
        Some(path.to_lowercase().replace(SEPARATOR, "."))
    }

    /// Returns whether the variable begins with the prefix of the product, in any case.
    pub(super) fn is_ours(&self, name: &str) -> bool {
        let start = name.get(..self.prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(&self.prefix))
    }
}

const CONFIG: &str = "_CONFIG";

/// The default name of the configuration file.
pub(super) fn default_file(brand: &Brand) -> String {
    format!("{}.toml", brand.slug)
}

/// Returns whether the subject of an error is the variable that names the configuration file.
pub(super) fn names_file(subject: &str) -> bool {
    !subject.contains(SEPARATOR) && subject.ends_with(CONFIG)
}

/// Returns the key that a variable sets, directly or by a file; the prefix may be any product's.
pub(super) fn key_named_by(name: &str) -> Option<String> {
    let (_, path) = name.split_once(SEPARATOR)?;
    let key = path.to_lowercase().replace(SEPARATOR, ".");
    Some(key.strip_suffix(FILE_SUFFIX).map(str::to_owned).unwrap_or(key))
}
