//! Where a request comes from, as far as use cases care.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::Language;

/// Longest part of a user agent that is kept, in characters.
const MAX_USER_AGENT: usize = 300;

/// The other end of a request.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its address, as told by the connection or by a trusted proxy.
    pub address: IpAddr,
    /// The `User-Agent`, cut to 300 characters and without control characters.
    pub user_agent: String,
    /// The id of the request; empty outside of requests.
    pub request_id: String,
    /// The language of the client; English if unknown.
    pub language: Language,
    /// The part of the address that the operator wants in the log.
    pub(crate) logged: Option<String>,
}

impl Client {
    /// A client at `address` that calls itself `user_agent`.
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

    /// The same client, with this text for its address in the log. Without one the log names no
    /// address.
    #[must_use]
    pub fn logged_as(self, logged: Option<String>) -> Self {
        Self { logged, ..self }
    }

    /// The same client, which reads this language.
    #[must_use]
    pub fn reading(self, language: Language) -> Self {
        Self { language, ..self }
    }

    /// The network that tries are counted for: an IPv4 address, or the /64 of an IPv6 address,
    /// which one customer usually has.
    pub fn network(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => {
                let prefix = address.to_bits() & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from_bits(prefix))
            }
        }
    }

    /// The wider network around that: the /24 of an IPv4 address, or the /48 of an IPv6
    /// address, which one holder can have whole, with every /64 in it.
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
    fn networks_of_one_holder_are_one_wider_network() {
        let wider = |text: &str| Client::new(text.parse().unwrap(), "").wider_network();

        assert_eq!(wider("2001:db8:1:2::1"), "2001:db8:1::/48");
        assert_eq!(wider("2001:db8:1:ffff::1"), "2001:db8:1::/48");
        assert_eq!(wider("::ffff:192.0.2.7"), "192.0.2.0/24");
    }
}
