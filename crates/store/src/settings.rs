//! Where the database is and how many connections may be open to it.

use serde::Deserialize;

use crate::DatabaseUrl;

/// The section `database` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// Where the database is.
    pub url: DatabaseUrl,
    /// How many connections this process may hold, 2 or more.
    pub max_connections: u32,
    /// Whether the network to the database is trusted, so that it may be crossed in the
    /// clear.
    pub trusted_network: bool,
    /// Whether a file that is missing is an error; else it is made.
    #[serde(skip)]
    pub must_exist: bool,
}

impl DatabaseSettings {
    /// The same database, which is opened only if it is there.
    #[must_use]
    pub fn existing(&self) -> Self {
        Self { must_exist: true, ..self.clone() }
    }
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::default(),
            max_connections: 10,
            trusted_network: false,
            must_exist: false,
        }
    }
}
