//! The address of the client: that of the peer or, behind a trusted proxy, the one that the proxy
//! names. `X-Forwarded-For` and `Forwarded` of any other peer are ignored, and `X-Real-IP` always.
//!
//! Threat: a client that names another address with each request and so escapes its
//! throttle (RTL-03). Proxies append on the right, so only the part from the right up
//! to the first address that is no proxy of ours is believed.

use std::net::IpAddr;

use poem::{
    Request,
    http::{HeaderMap, HeaderName, header},
};

use crate::settings::TrustedProxies;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The other end of the connection.
pub(super) fn peer(request: &Request) -> Option<IpAddr> {
    request.remote_addr().as_socket_addr().map(|address| address.ip().to_canonical())
}

/// The address of the client behind `peer`; an IPv4 address in IPv6 form becomes IPv4.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &TrustedProxies) -> IpAddr {
    if !proxies.contains(peer) {
        return peer;
    }
    let listed = headers
        .contains_key(X_FORWARDED_FOR)
        .then(|| walk(peer, values(headers, &X_FORWARDED_FOR), proxies, hop));
    let forwarded = headers
        .contains_key(header::FORWARDED)
        .then(|| walk(peer, values(headers, &header::FORWARDED), proxies, forwarded_hop));
    match (listed, forwarded) {
        (Some(one), Some(other)) if one == other => one,
        // The proxy wrote one of them and the client the other.
        (Some(_), Some(_)) | (None, None) => peer,
        (Some(client), None) | (None, Some(client)) => client,
    }
}

/// The lines of a header, the last one first.
fn values<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let mut lines: Vec<_> = headers.get_all(name).iter().collect();
    lines.reverse();
    lines.into_iter().map(|line| line.to_str().unwrap_or("?"))
}

/// Follows the hops from right to left while proxies of ours tell them, and stays
/// with the last known one where a hop cannot be read.
fn walk<'a>(
    peer: IpAddr,
    lines: impl Iterator<Item = &'a str>,
    proxies: &TrustedProxies,
    parse: fn(&str) -> Option<IpAddr>,
) -> IpAddr {
    let mut known = peer;
    for text in lines.flat_map(|line| line.rsplit(',')) {
        let Some(address) = parse(text.trim()) else { break };
        known = address;
        if !proxies.contains(known) {
            break;
        }
    }
    known
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn hop(text: &str) -> Option<IpAddr> {
    let address = if let Some(bracketed) = text.strip_prefix('[') {
        let (address, port) = bracketed.split_once(']')?;
        let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_number);
        is_port.then(|| address.parse().ok().map(IpAddr::V6))??
    } else if let Ok(address) = text.parse() {
        address
    } else {
        let (address, port) = text.split_once(':')?;
        is_number(port).then(|| address.parse().ok().map(IpAddr::V4))??
    };
    Some(address.to_canonical())
}

fn is_number(text: &str) -> bool {
    text.parse::<u16>().is_ok()
}

/// One element of `Forwarded` (RFC 7239), such as `for="[2001:db8::1]:4711";proto=https`.
fn forwarded_hop(text: &str) -> Option<IpAddr> {
    let value = text.split(';').find_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        name.eq_ignore_ascii_case("for").then_some(value)
    })?;
    match value.strip_prefix('"') {
        Some(quoted) => hop(quoted.strip_suffix('"')?),
        None => hop(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::middleware::testing::request_from;

    const PROXY: &str = "10.0.0.1";

    /// Peer, headers, and the client that they tell of.
    type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

    fn client_of(peer: &str, headers: &[(&str, &str)]) -> String {
        let proxies = TrustedProxies::parse("10.0.0.0/8, fd00::/8").unwrap();
        let request = request_from(peer, headers);
        client(super::peer(&request).unwrap(), request.headers(), &proxies).to_string()
    }

    /// HDR-02, RTL-03.
    #[test]
    fn only_proxies_of_ours_are_believed() {
        let xff = "x-forwarded-for";
        let table: &[Case<'_>] = &[
            ("203.0.113.9", &[], "203.0.113.9"),
            ("203.0.113.9", &[(xff, "1.1.1.1")], "203.0.113.9"),
            ("203.0.113.9", &[("forwarded", "for=1.1.1.1")], "203.0.113.9"),
            ("203.0.113.9", &[("x-real-ip", "1.1.1.1")], "203.0.113.9"),
            ("::ffff:203.0.113.9", &[(xff, "1.1.1.1")], "203.0.113.9"),
            (PROXY, &[], PROXY),
            (PROXY, &[("x-real-ip", "1.1.1.1")], PROXY),
            ("::ffff:10.0.0.1", &[(xff, "198.51.100.7")], "198.51.100.7"),
            (PROXY, &[(xff, "198.51.100.7")], "198.51.100.7"),
            (PROXY, &[(xff, "1.1.1.1, 198.51.100.7")], "198.51.100.7"),
            (PROXY, &[(xff, "1.1.1.1,198.51.100.7 , 10.0.0.2")], "198.51.100.7"),
            (PROXY, &[(xff, "1.1.1.1"), (xff, "198.51.100.7")], "198.51.100.7"),
            (PROXY, &[(xff, "10.0.0.3, 10.0.0.2")], "10.0.0.3"),
            (PROXY, &[(xff, "198.51.100.7, nonsense")], PROXY),
            (PROXY, &[(xff, "198.51.100.7, nonsense, 10.0.0.2")], "10.0.0.2"),
            (PROXY, &[(xff, "")], PROXY),
            (PROXY, &[(xff, "1.1.1.1, ")], PROXY),
            (PROXY, &[(xff, "198.51.100.7\u{e9}")], PROXY),
            (PROXY, &[(xff, "198.51.100.7:4711")], "198.51.100.7"),
            (PROXY, &[(xff, "198.51.100.7:99999")], PROXY),
            (PROXY, &[(xff, "[2001:db8::1]:4711")], "2001:db8::1"),
            (PROXY, &[(xff, "[2001:db8::1]")], "2001:db8::1"),
            (PROXY, &[(xff, "2001:db8::1")], "2001:db8::1"),
            (PROXY, &[(xff, "::ffff:198.51.100.7")], "198.51.100.7"),
            ("fd00::1", &[(xff, "2001:db8::1, fd00::2")], "2001:db8::1"),
            (PROXY, &[("forwarded", "for=198.51.100.7;proto=https;by=10.0.0.1")], "198.51.100.7"),
            (PROXY, &[("forwarded", "For=\"[2001:db8::1]:4711\"")], "2001:db8::1"),
            (PROXY, &[("forwarded", "for=1.1.1.1, for=198.51.100.7")], "198.51.100.7"),
            (PROXY, &[("forwarded", "for=1.1.1.1, for=unknown")], PROXY),
            (PROXY, &[("forwarded", "for=\"_hidden\"")], PROXY),
            (PROXY, &[("forwarded", "for=\"1.1.1.1, for=2.2.2.2\"")], PROXY),
            (PROXY, &[(xff, "198.51.100.7"), ("forwarded", "for=198.51.100.7")], "198.51.100.7"),
            (PROXY, &[(xff, "198.51.100.7"), ("forwarded", "for=1.1.1.1")], PROXY),
        ];
        for (peer, headers, expected) in table {
            assert_eq!(client_of(peer, headers), *expected, "{peer} {headers:?}");
        }
    }
}
