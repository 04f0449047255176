//! The proxies that may name the client.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

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
    pub fn with_loopback(&self) -> Self {
        let loopback = [(Ipv4Addr::LOCALHOST.into(), 8), (Ipv6Addr::LOCALHOST.into(), 128)];
        let loopback = loopback.map(|(address, length)| IpNet::new_assert(address, length));
        Self(self.0.iter().copied().chain(loopback).collect())
    }

    /// Whether they are more than proxies can be: of IPv4 more than two networks such as
    /// `10.0.0.0/8` together, of the public IPv6 more than a /16. What is split into parts
    /// is counted together.
    pub fn cover_the_world(&self) -> bool {
        let (mut of_ipv4, mut of_ipv6) = (0_u64, 0_u128);
        for network in IpNet::aggregate(&self.0) {
            match network {
                IpNet::V4(net) => of_ipv4 += 1 << (32 - net.prefix_len()),
                IpNet::V6(net) if is_private(&net) => {}
                IpNet::V6(net) if net.prefix_len() < 16 => return true,
                IpNet::V6(net) => of_ipv6 += 1 << (128 - net.prefix_len()),
            }
        }
        of_ipv4 > 1 << 25 || of_ipv6 > 1 << 112
    }

    /// Whether `address` is one of theirs.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

fn network(text: &str) -> Result<IpNet, InvalidProxy> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map(plain).map_err(|_| InvalidProxy(text.to_owned()))
}

/// IPv4 where it is that in IPv6 clothes, as peers are compared.
fn plain(network: IpNet) -> IpNet {
    let IpNet::V6(net) = network else { return network };
    let mapped = net.addr().to_ipv4_mapped().zip(net.prefix_len().checked_sub(96));
    let plain = mapped.and_then(|(address, length)| Ipv4Net::new(address, length).ok());
    plain.map_or(network, IpNet::V4)
}

/// Whether the network is one that the internet does not lead to.
fn is_private(network: &Ipv6Net) -> bool {
    let address = network.addr();
    let is_local = address.is_unique_local() && network.prefix_len() >= 7;
    is_local || (address.is_unicast_link_local() && network.prefix_len() >= 10)
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
        let mapped = TrustedProxies::parse("::ffff:10.0.0.0/104, ::ffff:192.0.2.1").unwrap();
        assert!(mapped.contains("10.1.2.3".parse().unwrap()));
        assert_eq!(mapped.to_string(), "10.0.0.0/8, 192.0.2.1/32");
        for wrong in ["10.0.0.0/33", "localhost", "10.0.0.1:80", "*"] {
            assert!(TrustedProxies::parse(wrong).is_err(), "{wrong}");
        }
    }

    /// HDR-04: also in parts, and in IPv6 clothes.
    #[test]
    fn networks_that_cover_the_world_are_told_from_those_of_proxies() {
        for world in [
            "0.0.0.0/0",
            "::/0",
            "0.0.0.0/0,::/0",
            "0.0.0.0/1,128.0.0.0/1",
            "8.0.0.0/7,16.0.0.0/8",
            "1.0.0.0/8,3.0.0.0/8,5.0.0.0/8",
            "2000::/3",
            "2400::/16,2600::/16",
            "::/1,8000::/1",
            "::ffff:0:0/96",
            "::ffff:0.0.0.0/97,::ffff:128.0.0.0/97",
            "fc00::/6",
        ] {
            assert!(TrustedProxies::parse(world).unwrap().cover_the_world(), "{world}");
        }
        for proxies in [
            "",
            "127.0.0.1,::1",
            "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7,fe80::/10",
            "173.245.48.0/20,104.16.0.0/13,2400:cb00::/32,2606:4700::/32",
            "10.0.0.0/8,10.0.0.0/8,10.1.0.0/16",
        ] {
            assert!(!TrustedProxies::parse(proxies).unwrap().cover_the_world(), "{proxies}");
        }
    }
}
