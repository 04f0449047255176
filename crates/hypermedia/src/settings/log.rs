//! The section `log`.

use std::{
    fmt,
    io::{IsTerminal, stderr},
    net::IpAddr,
};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de::Error};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

/// Prefix lengths of logged networks, in bits.
const IPV4_LENGTH: u8 = 24;
const IPV6_LENGTH: u8 = 48;

/// The format and the content of the log.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    format: Option<LogFormat>,
    /// Which events are logged, in the notation of `tracing_subscriber`.
    #[serde(deserialize_with = "filter")]
    pub filter: String,
    /// How much of the client's address the lines about requests and refused log-ins contain.
    pub client_network: ClientNetwork,
}

/// How much of a client's address is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientNetwork {
    /// The whole address.
    Whole,
    /// Its network, an IPv4 /24 or an IPv6 /48, which usually identifies a provider or a company
    /// but not a person.
    #[default]
    Network,
    /// No address.
    None,
}

impl ClientNetwork {
    /// Returns the part of `address` to log, if any.
    pub fn of(self, address: IpAddr) -> Option<LoggedClient> {
        let length = if address.is_ipv4() { IPV4_LENGTH } else { IPV6_LENGTH };
        match self {
            Self::Whole => Some(LoggedClient::Address(address)),
            Self::Network => Some(LoggedClient::Network(IpNet::new(address, length).ok()?.trunc())),
            Self::None => None,
        }
    }
}

/// The address of a client, or its network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedClient {
    /// The whole address.
    Address(IpAddr),
    /// Its network.
    Network(IpNet),
}

impl fmt::Display for LoggedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Network(network) => network.fmt(f),
        }
    }
}

impl fmt::Display for ClientNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "whole",
            Self::Network => "network",
            Self::None => "none",
        })
    }
}

/// The format of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object per line, for machines.
    Json,
}

impl LogSettings {
    /// Returns the configured format. The default is `pretty` on a terminal and `json` elsewhere.
    pub fn format(&self) -> LogFormat {
        self.format.unwrap_or_else(|| {
            if stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json }
        })
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        let client_network = ClientNetwork::default();
        Self { format: None, filter: "info".to_owned(), client_network }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pretty => "pretty",
            Self::Json => "json",
        })
    }
}

fn filter<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    // `EnvFilter` takes a mistyped level for the name of a module, and the log would be empty.
    let is_level = |word: &str| word.parse::<LevelFilter>().is_ok();
    let names_level = |part: &str| part.contains(['=', '[']) || is_level(part.trim());
    if text.split(',').all(names_level) && EnvFilter::try_new(&text).is_ok() {
        return Ok(text);
    }
    Err(Error::custom("is not a filter"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// LGG-07.
    #[test]
    fn an_address_is_logged_whole_as_its_network_or_not_at_all() {
        let logged = |kind: ClientNetwork, address: &str| {
            kind.of(address.parse().unwrap()).map(|client| client.to_string())
        };
        let [v4, v6] = ["192.0.2.77", "2001:db8:1:2:3:4:5:6"];

        let network = |address| logged(ClientNetwork::default(), address);
        assert_eq!(network(v4).as_deref(), Some("192.0.2.0/24"));
        assert_eq!(network(v6).as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(logged(ClientNetwork::Whole, v4).as_deref(), Some(v4));
        assert_eq!(logged(ClientNetwork::Whole, v6).as_deref(), Some(v6));
        assert_eq!(logged(ClientNetwork::None, v4), None);
    }
}
