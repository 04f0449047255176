//! The client of a request, as the use cases see it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::Language;

/// Maximum length of a stored user agent, in characters.
const MAX_USER_AGENT: usize = 300;

/// The client that sent a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its IP address, from the connection or from a trusted proxy.
    pub address: IpAddr,
    /// The `User-Agent` without control characters, truncated to 300 characters.
    pub user_agent: String,
    /// The id of the request; empty outside of requests.
    pub request_id: String,
    /// The language of the client; English if unknown.
    pub language: Language,
    /// The part of the address that the settings allow in the log.
    pub(crate) logged: Option<String>,
}

impl Client {
    /// A client at `address` with this `User-Agent`.
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        let user_agent =
            user_agent.chars().filter(|c| !c.is_control()).take(MAX_USER_AGENT).collect();
        let address = address.to_canonical();
        Self {
            logged: None,
            address,
            user_agent,
            request_id: String::new(),
            language: Language::default(),
        }
    }

    /// The same client in the request with this id.
    #[must_use]
    pub fn in_request(self, id: &str) -> Self {
        Self { request_id: id.to_owned(), ..self }
    }

    /// The same client, with the text that stands for its address in the log. With `None`, the log
    /// contains no address.
    #[must_use]
    pub fn logged_as(self, logged: Option<String>) -> Self {
        Self { logged, ..self }
    }

    /// The same client, with this language.
    #[must_use]
    pub fn reading(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// The network whose tries are counted together: an IPv4 address, or the /64 of an IPv6
    /// address, which is usually assigned to one customer.
    pub fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => {
                let prefix = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(prefix))
            }
        }
    }

    /// The wider network around it: the /24 of an IPv4 address, or the /48 of an IPv6 address. One
    /// customer may control a whole /48 with all its /64 networks.
    pub(crate) fn wider_network(&self) -> String {
        match self.address {
            IpAddr::V4(address) => {
                let prefix = address.to_bits() & !u32::from(u8::MAX);
                format!("{}/24", Ipv4Addr::from_bits(prefix))
            }
            IpAddr::V6(address) => {
                let prefix = address.to_bits() & !(u128::MAX >> 48);
                format!("{}/48", Ipv6Addr::from_bits(prefix))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RTL-04.
    #[test]
    fn addresses_of_one_customer_are_one_network() {
        let network = |text: &str| Client::new(text.parse().unwrap(), "").network();

        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.7"), network("192.0.2.7"));
    }

    /// RTL-04.
    #[test]
    fn networks_with_a_common_prefix_share_a_wider_network() {
        let wider = |text: &str| Client::new(text.parse().unwrap(), "").wider_network();

        assert_eq!(wider("2001:db8:1:2::1"), "2001:db8:1::/48");
        assert_eq!(wider("2001:db8:1:ffff::1"), "2001:db8:1::/48");
        assert_eq!(wider("::ffff:192.0.2.7"), "192.0.2.0/24");
    }
}
