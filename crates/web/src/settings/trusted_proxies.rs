//! The proxies whose word counts.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// Prefixes of the largest networks that can be private: 10.0.0.0/8 and fc00::/7.
const LEAST_V4: u8 = 8;
const LEAST_V6: u8 = 7;

/// The networks of the proxies that name the client; none by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A text that is neither a network nor an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no network; write one such as `10.0.0.0/8`, or an address")]
pub struct InvalidProxy(String);

impl TrustedProxies {
    /// Reads networks and addresses, separated by commas.
    pub fn parse(text: &str) -> Result<Self, InvalidProxy> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(network).collect::<Result<_, _>>().map(Self)
    }

    /// These and the machine itself.
    #[must_use]
    pub(crate) fn with_loopback(&self) -> Self {
        let loopback = [(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)];
        let loopback = loopback.map(|(address, length)| IpNet::new_assert(address, length));
        Self(self.0.iter().copied().chain(loopback).collect())
    }

    /// Whether they are more than any operator has: whoever is trusted names the client.
    pub fn cover_the_world(&self) -> bool {
        self.0.iter().any(|network| match network {
            IpNet::V4(network) => network.prefix_len() < LEAST_V4,
            IpNet::V6(network) => network.prefix_len() < LEAST_V6,
        })
    }

    /// Whether `address` is one of theirs.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, InvalidProxy> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| InvalidProxy(text.to_owned()))
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<_> = self.0.iter().map(IpNet::to_string).collect();
        f.write_str(&networks.join(", "))
    }
}

impl<'de> Deserialize<'de> for TrustedProxies {
    /// A list, as in TOML, or a text with commas, as in the environment.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Networks;

        impl<'de> Visitor<'de> for Networks {
            type Value = TrustedProxies;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("networks")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<TrustedProxies, E> {
                TrustedProxies::parse(text).map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<TrustedProxies, A::Error> {
                let mut networks = Vec::new();
                while let Some(item) = list.next_element::<String>()? {
                    networks.push(network(&item).map_err(A::Error::custom)?);
                }
                Ok(TrustedProxies(networks))
            }
        }

        deserializer.deserialize_any(Networks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_and_addresses_are_read() {
        let proxies = TrustedProxies::parse(" 10.0.0.0/8, ::1 ,").unwrap();

        assert!(proxies.contains("10.1.2.3".parse().unwrap()));
        assert!(proxies.contains("::1".parse().unwrap()));
        assert!(!proxies.contains("11.0.0.1".parse().unwrap()));
        assert_eq!(proxies.to_string(), "10.0.0.0/8, ::1/128");
        assert_eq!(TrustedProxies::parse(""), Ok(TrustedProxies::default()));
        assert!(!proxies.cover_the_world());
        for wide in ["0.0.0.0/0", "::/0", "0.0.0.0/1, 128.0.0.0/1", "2000::/3"] {
            assert!(TrustedProxies::parse(wide).unwrap().cover_the_world(), "{wide}");
        }
        for wrong in ["10.0.0.0/33", "localhost", "10.0.0.1:80", "*"] {
            assert!(TrustedProxies::parse(wrong).is_err(), "{wrong}");
        }
    }
}
