//! The values of all settings.

use auth::{
    AccountSettings, DatabaseSettings, LimitSettings, SessionSettings, mail::MailSettings,
    password::PasswordSettings,
};
use domain::Brand;
use serde::Deserialize;

use super::{Environment, LogSettings, MetricsSettings, Secret, ServerSettings, origins::Origins};

/// All settings of the server.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The product.
    #[serde(skip)]
    pub brand: &'static Brand,
    /// Development, production or test.
    #[serde(skip)]
    pub environment: Environment,
    /// Where and how the server answers.
    pub server: ServerSettings,
    /// Where accounts are kept.
    pub database: DatabaseSettings,
    /// The secret that keys are derived from; see [`Settings::secret_key`].
    pub secret_key: Option<Secret>,
    /// The secret before that one: it still opens what it sealed.
    pub secret_key_previous: Option<Secret>,
    /// Log-ins.
    pub session: SessionSettings,
    /// Passwords.
    pub password: PasswordSettings,
    /// Accounts.
    pub accounts: AccountSettings,
    /// Mails.
    pub mail: MailSettings,
    /// Throttles.
    pub limits: LimitSettings,
    /// The log.
    pub log: LogSettings,
    /// The metrics.
    pub metrics: MetricsSettings,
    #[serde(skip)]
    pub(super) origins: Origins,
}
