//! The settings of the database: its URL, the limit of connections and the trust in the network.
//! Time limits are constants and no settings.

use domain::Brand;
use migrations::Schema;
use serde::Deserialize;

use crate::DatabaseUrl;

/// The section `database` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// The URL of the database.
    pub url: DatabaseUrl,
    /// The most connections that this process may hold. Values below 2 count as 2.
    pub max_connections: u32,
    /// Whether the network to the database is trusted, so that an unencrypted connection is
    /// allowed.
    pub trusted_network: bool,
    /// Whether a missing file is an error. If not, the file is created.
    #[serde(skip)]
    pub must_exist: bool,
    /// The product as the database knows it: letters, digits and `_`. Connections and
    /// notifications carry the name.
    #[serde(skip)]
    pub product: String,
    /// The schema of the product.
    #[serde(skip)]
    pub schema: Schema,
}

impl DatabaseSettings {
    pub(crate) fn channel(&self) -> String {
        format!("{}_principals", self.product)
    }

    /// Returns the same settings with `must_exist`: a missing file is an error.
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
            product: Brand::EXAMPLE.identifier(),
            schema: Schema::default(),
        }
    }
}
