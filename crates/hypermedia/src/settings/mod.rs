//! The configuration: compiled defaults ← the file `SLUG.toml` ← environment. Every
//! section is defined where it is obeyed; here they are read, checked and shown.
//!
//! Whatever is wrong stops the start with one line that names the key, the problem
//! and the fix. Values from the environment stay text until a setting asks for
//! something else, so that the secret `0042` is not the number 42. No secret is ever
//! printed.

mod bounds;
mod environment;
mod error;
mod explain;
mod files;
mod keys;
mod lenient;
mod log;
mod metrics;
mod names;
mod origins;
mod production;
mod secret;
mod server;
mod sources;
mod trusted_proxies;
mod values;
mod variables;

use std::collections::BTreeSet;

use auth::keys::SecretKey;
use domain::Brand;

use self::names::VariableNames;
use crate::cookies::CookieNames;

pub use environment::Environment;
pub use error::SettingsError;
pub use keys::Setting;
pub use lenient::SettingFiles;
pub use log::{ClientNetwork, LogFormat, LogSettings, LoggedClient};
pub use metrics::MetricsSettings;
pub use secret::Secret;
pub use server::ServerSettings;
pub use sources::Sources;
pub use trusted_proxies::{InvalidProxy, TrustedProxies};
pub use values::Settings;

impl Settings {
    /// Reads the settings of this process.
    pub fn load(brand: &'static Brand) -> Result<Self, SettingsError> {
        Self::load_from(&Sources::of_process(brand)?)
    }

    /// The same for a server, with the checks that a server needs to start.
    pub fn load_to_serve(brand: &'static Brand) -> Result<Self, SettingsError> {
        let settings = Self::load(brand)?;
        settings.check_production()?;
        settings.secret_key()?;
        Ok(settings)
    }

    /// Reads the settings from `sources` only.
    pub fn load_from(sources: &Sources) -> Result<Self, SettingsError> {
        Self::load_without(sources, &BTreeSet::new())
    }

    /// Checks numbers, and settings that are valid only together.
    fn validate(&self, ignored: &BTreeSet<String>) -> Result<(), SettingsError> {
        let checks = [
            bounds::check(self),
            self.server.check_metrics(&self.metrics),
            self.password.validate().map_err(SettingsError::from_text),
            self.mail.validate().map_err(SettingsError::from_text),
        ];
        let mut errors = checks.into_iter().filter_map(Result::err);
        errors.find(|error| !ignored.contains(error.subject())).map_or(Ok(()), Err)
    }

    /// The secret from which keys are derived. In development and test one is made
    /// once and kept in `var/`; production has to configure it.
    pub fn secret_key(&self) -> Result<SecretKey, SettingsError> {
        let variable = VariableNames::new(self.brand).of_key("secret_key");
        let key = match &self.secret_key {
            Some(secret) => secret.to_key("secret_key"),
            None if self.environment == Environment::Production => Err(SettingsError::new(
                "secret_key",
                format_args!(
                    "is not set; set {variable} or {variable}_FILE to 32 random bytes or more, \
                     such as the output of `openssl rand -base64 48`"
                ),
            )),
            None => secret::kept_in(&self.origins.folder.join("var"), &variable),
        };
        let key = key?.of_product(self.brand.slug);
        Ok(match &self.secret_key_previous {
            Some(previous) => key.after(previous.to_key("secret_key_previous")?),
            None => key,
        })
    }

    /// How the cookies of the site are named.
    pub fn cookie_names(&self) -> CookieNames {
        CookieNames::new(self.brand, self.server.public_url.scheme() == "https")
    }

    /// Refuses settings that are fine in development and dangerous on the internet. Checks a
    /// production server only.
    pub fn check_production(&self) -> Result<(), SettingsError> {
        if self.environment != Environment::Production {
            return Ok(());
        }
        production::check(self, &self.origins)
    }

    /// Every key with its value and where that came from, secrets redacted.
    pub fn effective(&self) -> Vec<Setting> {
        keys::effective(self, &self.origins)
    }
}

#[cfg(test)]
mod tests;
