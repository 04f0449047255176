//! The section `metrics`.

use std::net::SocketAddr;

use serde::{Deserialize, Deserializer, de::Error};

/// Whether and where the operator's monitoring reads.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsSettings {
    /// The address of `/metrics`; by default there is none.
    #[serde(deserialize_with = "address_or_off")]
    pub listen: Option<SocketAddr>,
}

fn address_or_off<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "off" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| D::Error::custom("is not an address"))
}
