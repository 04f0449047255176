//! Where settings come from: a file, then the environment, which wins. The sources
//! are a value, so that a test need not touch the process.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::{Path, PathBuf},
};

use config::{
    Config, ConfigBuilder, Environment as Variables, File, FileFormat, Value, ValueKind,
    builder::DefaultState,
};

use domain::Brand;

use super::{
    SettingsError,
    keys::KEYS,
    names::{FILE_SUFFIX, SEPARATOR, VariableNames, default_file},
    origins::Origins,
};

const DATABASE_URL: &str = "DATABASE_URL";

/// The sources of settings.
#[derive(Clone, Default)]
pub struct Sources {
    /// The product, whose slug names the variables and the file.
    pub brand: &'static Brand,
    /// The environment.
    pub variables: BTreeMap<String, String>,
    /// The working directory.
    pub folder: PathBuf,
}

impl Sources {
    /// The sources of this process.
    pub(super) fn of_process(brand: &'static Brand) -> Result<Self, SettingsError> {
        let folder = env::current_dir().map_err(|error| {
            SettingsError::from_text(format_args!("the working directory is gone ({error})"))
        })?;
        let names = VariableNames::new(brand);
        let ours = |name: &str| name == DATABASE_URL || names.is_ours(name);
        let mut variables = BTreeMap::new();
        for (name, value) in env::vars_os() {
            let Some(name) = name.to_str().filter(|name| ours(name)) else { continue };
            let value = value.into_string().map_err(|_| {
                SettingsError::new(name, "is not UTF-8; set it to text in that encoding")
            })?;
            variables.insert(name.to_owned(), value);
        }
        Ok(Self { brand, variables, folder })
    }

    pub(super) fn names(&self) -> VariableNames {
        VariableNames::new(self.brand)
    }

    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str)
    }

    /// Reads all but the `ignored` settings, without checks.
    pub(super) fn read_without(
        &self,
        ignored: &BTreeSet<String>,
    ) -> Result<(Config, Origins), SettingsError> {
        let (file, text) = self.file(ignored)?;
        let toml = File::from_str(&text, FileFormat::Toml);
        let mut in_file = build(Config::builder().add_source(toml)).map_err(|error| {
            let default = default_file(self.brand);
            let file = file.as_deref().unwrap_or(Path::new(&default)).display();
            // The rest quotes the file, which may contain a secret.
            let problem = error.lines().next().unwrap_or_default().to_owned();
            SettingsError::from_text(format_args!("{file} is no TOML; mend it: {problem}"))
        })?;

        for key in ignored {
            forget(&mut in_file.cache, key);
        }

        let variables = self.by_key(ignored)?;
        let names = self.names();
        let value =
            |(key, (_, value)): (&String, &(String, String))| (names.of_key(key), value.clone());
        let values = variables.iter().map(value).collect();
        let (folder, secret_files) = (self.folder.clone(), self.secret_files());
        let brand = self.brand;
        let origins = Origins { brand, folder, file, secret_files, in_file, variables };
        let environment =
            Variables::with_prefix(&names.prefix).separator(SEPARATOR).source(Some(values));
        let config = Config::builder().add_source(origins.in_file.clone()).add_source(environment);
        Ok((build(config).map_err(SettingsError::from_text)?, origins))
    }

    /// The file and its content; nothing if no file is named and none exists.
    fn file(&self, ignored: &BTreeSet<String>) -> Result<(Option<PathBuf>, String), SettingsError> {
        let (variable, default) = (self.names().file(), default_file(self.brand));
        let named = self.variable(&variable);
        let path = self.folder.join(named.unwrap_or(&default));
        let sources = [&variable, &default, &path.display().to_string()];
        if sources.iter().any(|name| ignored.contains(*name)) {
            return Ok((None, String::new()));
        }
        match fs::read_to_string(&path) {
            Ok(text) => Ok((Some(path), text)),
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
                Ok((None, String::new()))
            }
            Err(error) => {
                let path = path.display();
                Err(SettingsError::new(
                    if named.is_some() { &variable } else { &default },
                    format_args!("names {path}, which cannot be read ({error}); set a TOML file"),
                ))
            }
        }
    }

    /// The variables of the environment: by key, the name and the value.
    fn by_key(
        &self,
        ignored: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, (String, String)>, SettingsError> {
        let (names, mut by_key) = (self.names(), BTreeMap::new());
        for (name, value) in &self.variables {
            let Some(key) = names.key_of(name).filter(|_| !ignored.contains(name)) else {
                continue;
            };
            let (key, value) = match secret_in_file(&key) {
                Some(secret) => (secret.to_owned(), self.secret(name, value)?),
                None => (key, value.clone()),
            };
            if let Some((other, _)) = by_key.insert(key, (name.clone(), value)) {
                return Err(SettingsError::new(
                    name,
                    format_args!("sets what {other} sets too; remove one of them"),
                ));
            }
        }
        if let Some(url) = self.variable(DATABASE_URL).filter(|url| !url.is_empty()) {
            let key = "database.url".to_owned();
            by_key.entry(key).or_insert_with(|| (DATABASE_URL.to_owned(), url.to_owned()));
        }
        by_key.retain(|key, _| !ignored.contains(key));
        Ok(by_key)
    }

    fn secret_files(&self) -> Vec<(String, PathBuf)> {
        let variables = self.names();
        let names_file =
            |name: &str| variables.key_of(name).is_some_and(|k| secret_in_file(&k).is_some());
        let named = self.variables.iter().filter(|(name, _)| names_file(name));
        named.map(|(name, path)| (name.clone(), self.folder.join(path))).collect()
    }

    /// Reads the file that holds a secret; the line break at its end is not part of it.
    fn secret(&self, name: &str, path: &str) -> Result<String, SettingsError> {
        let text = fs::read_to_string(self.folder.join(path)).map_err(|error| {
            // It may be the secret itself.
            let is_path = path.starts_with('/') && !path.contains("://");
            let path = if is_path { path } else { "a file" };
            SettingsError::new(
                name,
                format_args!("names {path}, which cannot be read ({error}); set a readable file"),
            )
        })?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn build(config: ConfigBuilder<DefaultState>) -> Result<Config, String> {
    config.build().map_err(|error| error.to_string())
}

/// Removes `section.name`, or a whole section.
fn forget(value: &mut Value, key: &str) {
    let ValueKind::Table(table) = &mut value.kind else { return };
    match key.split_once('.') {
        Some((section, rest)) => {
            if let Some(section) = table.get_mut(section) {
                forget(section, rest);
            }
        }
        None => drop(table.remove(key)),
    }
}

/// The key of the secret that `key` gives a file for, if it does.
pub(super) fn secret_in_file(key: &str) -> Option<&str> {
    let secret = key.strip_suffix(FILE_SUFFIX)?;
    KEYS.iter().any(|known| known.is_secret && known.name == secret).then_some(secret)
}
