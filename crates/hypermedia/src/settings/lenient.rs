//! The settings as far as they can be used, for the operator's check-up: each setting
//! that is refused is left out and told, so that one mistake hides no other.

use std::{collections::BTreeSet, path::PathBuf};

use auth::{DatabaseUrl, mail::Sender};
use domain::Brand;

use super::{Environment, Settings, SettingsError, Sources, explain, keys::KEYS, variables};

/// The files that settings were read from.
#[derive(Clone, Debug, Default)]
pub struct SettingFiles {
    /// The configuration file, if there is one.
    pub config: Option<PathBuf>,
    /// Whether secrets stand in it.
    pub has_secrets: bool,
    /// The files that hold one secret each, by the variables that name them.
    pub secrets: Vec<(String, PathBuf)>,
}

impl Settings {
    /// Reads the settings of this process without those that are refused, and why they
    /// are. An error is one without which nothing can be read.
    pub fn load_leniently(
        brand: &'static Brand,
    ) -> Result<(Self, Vec<SettingsError>), SettingsError> {
        Self::load_leniently_from(&Sources::of_process(brand)?)
    }

    pub(super) fn load_leniently_from(
        sources: &Sources,
    ) -> Result<(Self, Vec<SettingsError>), SettingsError> {
        let (mut refused, mut ignored) = (Vec::new(), BTreeSet::new());
        loop {
            match Self::load_without(sources, &ignored) {
                Ok(settings) => return Ok((settings, refused)),
                // A required setting fails for the second time.
                Err(error) if !ignored.insert(error.subject().to_owned()) => return Err(error),
                Err(error) => refused.push(error),
            }
        }
    }

    /// As [`Settings::load_from`], without the `ignored` keys, variables or file.
    pub(super) fn load_without(
        sources: &Sources,
        ignored: &BTreeSet<String>,
    ) -> Result<Self, SettingsError> {
        let names = sources.names();
        variables::check(&names, &sources.variables, ignored)?;
        let name = names.environment();
        let variable = sources.variable(&name).filter(|_| !ignored.contains(&name));
        let environment = Environment::of(&name, variable)?;
        let (config, origins) = sources.read_without(ignored)?;
        let mut settings: Self =
            config.try_deserialize().map_err(|error| explain::explain(error, &origins))?;
        settings.validate(ignored)?;
        if origins.is_default("server.public_url") {
            settings.server.public_url = settings.server.local_url();
        }
        let brand = sources.brand;
        if origins.is_default("mail.from") {
            settings.mail.from = Sender::of(brand);
        }
        if origins.is_default("database.url") {
            settings.database.url = DatabaseUrl::of_product(brand.slug);
        }
        settings.database.product = brand.identifier();
        Ok(Self { brand, environment, origins, ..settings })
    }

    /// The files that the settings were read from.
    pub fn files(&self) -> SettingFiles {
        let origins = &self.origins;
        SettingFiles {
            config: origins.file.clone(),
            has_secrets: KEYS.iter().any(|key| key.is_secret && origins.is_in_file(key.name)),
            secrets: origins.secret_files.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn leniently(file: &str, variables: &[(&str, &str)]) -> (Settings, Vec<SettingsError>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("example.toml"), file).unwrap();
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        let sources = Sources {
            variables: variables.collect(),
            folder: folder.path().to_owned(),
            ..Sources::default()
        };
        Settings::load_leniently_from(&sources).unwrap()
    }

    /// One error hides no other, and the valid settings are used.
    #[test]
    fn every_setting_that_is_refused_is_told_and_the_others_are_read() {
        let file = "colour = 1\n[server]\nlisten = \"x\"\nbody_limit = \"1KiB\"\n\
                    [session]\nlifetime = \"1h\"\ncolour = 2\n";
        let variables = [
            ("EXAMPLE__MAIL__URL", "http://x"),
            ("EXAMPLE__PASSWORD__MEMORY_KIB", "1"),
            ("EXAMPLE__SECRET_KEY_FILE", "/nowhere"),
            ("EXAMPLE_ENV", "moon"),
            ("EXAMPLE_MAIL_FROM", "x"),
            ("EXAMPLE__SESSION__CACHE_TTL", "1h"),
        ];

        let (settings, refused) = leniently(file, &variables);

        let mut subjects: Vec<_> = refused.iter().map(SettingsError::subject).collect();
        subjects.sort_unstable();
        assert_eq!(
            subjects,
            [
                "EXAMPLE_ENV",
                "EXAMPLE_MAIL_FROM",
                "EXAMPLE__SECRET_KEY_FILE",
                "colour",
                "mail.url",
                "password.memory_kib",
                "server.listen",
                "session.cache_ttl",
                "session.colour",
            ]
        );
        assert_eq!(settings.server.body_limit.as_u64(), 1024);
        assert_eq!(settings.session.lifetime.as_secs(), 3600);
        assert!(refused.iter().any(|error| error.is_about("secret_key")));
        assert!(!refused.iter().any(|error| error.is_about("database.url")));
    }

    #[test]
    fn a_file_that_is_no_toml_leaves_every_setting_unknown() {
        let (_, refused) = leniently("a = [", &[]);

        assert_eq!(refused.len(), 1);
        assert!(refused[0].is_about("database.url") && refused[0].is_about("secret_key"));
    }

    #[test]
    fn what_is_right_is_read_as_always() {
        let (settings, refused) = leniently("[limits]\nenabled = false\n", &[]);

        assert!(refused.is_empty() && !settings.limits.enabled);
        assert!(settings.files().config.is_some() && !settings.files().has_secrets);
    }
}
