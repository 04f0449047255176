//! Which site a request is for. Exactly one well-formed `Host`, and it is ours: that
//! of `server.public_url`, or a name of this machine when the request comes from this
//! machine and through no proxy. Probes may use any name or none. Methods that no route
//! has and proxies should not pass on end here too.
//!
//! The host of `public_url` counts with its port and without: a proxy may drop the port,
//! and a name without one is still that name. Another port is another site.
//!
//! Threats: links and redirects built for a host of the attacker's choice, cache
//! poisoning, DNS rebinding (INP-05; RFC 9112, 3.2).

use std::{net::IpAddr, sync::Arc};

use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{Method, StatusCode, header, uri::Authority},
};
use url::{Host, Position, Url};

use super::{client_address::peer, request_context::PROBES};
use crate::settings::TrustedProxies;

const MAX_LENGTH: usize = 255;
const BAD: StatusCode = StatusCode::BAD_REQUEST;

/// The origin that forms sent to this host come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedOrigin(Arc<str>);

impl AllowedOrigin {
    /// The origin as browsers write it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Refuses requests for other hosts.
#[derive(Clone, Debug)]
pub(crate) struct HostCheck {
    site: Arc<Site>,
    proxies: Arc<TrustedProxies>,
}

#[derive(Debug)]
struct Site {
    /// With the port, even where it goes without saying, and without it.
    names: [Box<str>; 2],
    origin: AllowedOrigin,
}

/// [`HostCheck`] around an endpoint.
pub(crate) struct HostCheckEndpoint<E> {
    inner: E,
    check: HostCheck,
}

impl HostCheck {
    /// Admits requests for `public_url`. Requests through `proxies` count as coming from elsewhere.
    pub(crate) fn new(public_url: &Url, proxies: Arc<TrustedProxies>) -> Self {
        let host = &public_url[Position::BeforeHost..Position::AfterHost];
        let port = public_url.port_or_known_default().unwrap_or_default();
        let site = Site {
            names: [host.into(), format!("{host}:{port}").into()],
            origin: AllowedOrigin(public_url.origin().ascii_serialization().into()),
        };
        Self { site: Arc::new(site), proxies }
    }

    fn check(&self, request: &Request) -> Result<Option<AllowedOrigin>, StatusCode> {
        if matches!(*request.method(), Method::CONNECT | Method::TRACE) {
            return Err(StatusCode::NOT_IMPLEMENTED);
        }
        if PROBES.contains(&request.uri().path()) {
            return if is_acceptable_to_probes(request) { Ok(None) } else { Err(BAD) };
        }
        let host = self.host(request).ok_or(BAD)?;
        if self.is_ours(host) {
            return Ok(Some(self.site.origin.clone()));
        }
        let name = parse_name(host).ok_or(BAD)?;
        if is_loopback_name(&name) && self.is_from_here(request) {
            let origin = format!("http://{}", host.to_ascii_lowercase());
            return Ok(Some(AllowedOrigin(origin.into())));
        }
        Err(StatusCode::MISDIRECTED_REQUEST)
    }

    /// The one `Host`, which an address in the request line has to agree with.
    fn host<'a>(&self, request: &'a Request) -> Option<&'a str> {
        let mut lines = request.headers().get_all(header::HOST).iter();
        let (Some(host), None) = (lines.next(), lines.next()) else { return None };
        let host = host.to_str().ok()?;
        let authority = request.uri().authority().map_or(host, Authority::as_str);
        let agree =
            authority.eq_ignore_ascii_case(host) || (self.is_ours(authority) && self.is_ours(host));
        agree.then_some(host)
    }

    fn is_ours(&self, host: &str) -> bool {
        self.site.names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }

    fn is_from_here(&self, request: &Request) -> bool {
        peer(request).is_some_and(|peer| peer.is_loopback() && !self.proxies.contains(peer))
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for HostCheck {
    type Output = HostCheckEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        HostCheckEndpoint { inner, check: self.clone() }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for HostCheckEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        if let Some(origin) = self.check.check(&request)? {
            request.set_data(origin);
        }
        self.inner.call(request).await
    }
}

/// Balancers send no host, as HTTP/1.0 allows, or the name of a node. Only invalid HTTP is refused:
/// two hosts, or a malformed one (RFC 9112, 3.2).
fn is_acceptable_to_probes(request: &Request) -> bool {
    let mut lines = request.headers().get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(host), None) => {
            let host = host.to_str().ok();
            host.is_some_and(|host| host.is_empty() || parse_name(host).is_some())
        }
        (Some(_), Some(_)) => false,
    }
}

/// Reads `NAME`, `NAME:PORT` or an address, IPv6 in brackets.
fn parse_name(host: &str) -> Option<Host<&str>> {
    if host.len() > MAX_LENGTH {
        return None;
    }
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map(|(name, port)| (name, port.strip_prefix(':'))),
        None => Some(host.split_once(':').map_or((host, None), |(name, port)| (name, Some(port)))),
    }?;
    let rest = name.len() + port.map_or(0, |port| port.len() + 1);
    let is_whole = rest + if host.starts_with('[') { 2 } else { 0 } == host.len();
    let is_port = port
        .is_none_or(|port| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok());
    if !is_whole || !is_port {
        return None;
    }
    if host.starts_with('[') {
        return name.parse().ok().map(Host::Ipv6);
    }
    if let Ok(address) = name.parse() {
        return Some(Host::Ipv4(address));
    }
    // The underscore is in names of containers, and RFC 3986 allows it.
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
    (is_name && !name.is_empty()).then_some(Host::Domain(name))
}

fn is_loopback_name(name: &Host<&str>) -> bool {
    match name {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).to_canonical().is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use poem::{EndpointExt, endpoint::make_sync, http::Uri};

    use super::*;
    use crate::middleware::testing::request_from;

    fn check(public_url: &str, peer: &str, hosts: &[&str]) -> Result<Option<String>, u16> {
        let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
        check_request(public_url, &request_from(peer, &headers))
    }

    fn check_request(public_url: &str, request: &Request) -> Result<Option<String>, u16> {
        let proxies = TrustedProxies::parse("127.0.0.9").unwrap();
        let check = HostCheck::new(&public_url.parse().unwrap(), Arc::new(proxies));
        let origin = check.check(request).map_err(|status| status.as_u16())?;
        Ok(origin.map(|origin| origin.as_str().to_owned()))
    }

    /// INP-05.
    #[test]
    fn a_request_names_our_host_once() {
        let site = "https://example.com";
        let ours = Ok(Some(site.to_owned()));
        for host in ["example.com", "EXAMPLE.com", "example.com:443"] {
            assert_eq!(check(site, "192.0.2.1", &[host]), ours, "{host}");
        }
        for host in ["evil.test", "example.com.evil.test", "example.com:80", "localhost", "[::1]"] {
            assert_eq!(check(site, "192.0.2.1", &[host]), Err(421), "{host}");
        }
        let malformed = [
            "",
            "a@evil.test",
            "example.com@evil.test",
            "exa mple.com",
            "example.com/",
            "a:b",
            "example.com:",
            "example.com:99999",
            "example.com:+80",
            "[::1",
            "::1",
            "[::1]x",
            "[x]",
            "a,b",
            "example.com:80:80",
            "\u{e9}",
            &"a".repeat(256),
        ];
        for host in malformed {
            assert_eq!(check(site, "192.0.2.1", &[host]), Err(400), "{host}");
        }
        assert_eq!(check(site, "192.0.2.1", &[]), Err(400));
        assert_eq!(check(site, "192.0.2.1", &["example.com", "example.com"]), Err(400));
        assert_eq!(check(site, "192.0.2.1", &["app_web:8080"]), Err(421));
    }

    /// INP-05: a proxy may keep the port of `public_url` or drop it; another is another site.
    #[test]
    fn the_port_of_the_site_may_be_said_or_left_out() {
        for (site, with, without) in [
            ("https://example.com:8443", "example.com:8443", "example.com"),
            ("http://example.com", "example.com:80", "example.com"),
            ("https://[2001:db8::1]:8443", "[2001:db8::1]:8443", "[2001:db8::1]"),
            ("http://192.0.2.9:8080", "192.0.2.9:8080", "192.0.2.9"),
        ] {
            let ours = Ok(Some(site.to_owned()));
            assert_eq!(check(site, "192.0.2.1", &[with]), ours, "{site}");
            assert_eq!(check(site, "192.0.2.1", &[without]), ours, "{site}");
            let other = format!("{without}:81");
            assert_eq!(check(site, "192.0.2.1", &[&other]), Err(421), "{site}");
        }
    }

    #[test]
    fn this_machine_may_be_called_by_its_own_names_from_itself() {
        let site = "https://example.com";
        for host in ["localhost", "localhost:8080", "127.0.0.1:1", "127.1.2.3", "[::1]:8080"] {
            let origin = Ok(Some(format!("http://{host}")));
            assert_eq!(check(site, "127.0.0.1", &[host]), origin, "{host}");
            assert_eq!(check(site, "::1", &[host]), origin, "{host}");
            assert_eq!(check(site, "127.0.0.9", &[host]), Err(421), "through a proxy, {host}");
        }
        assert_eq!(check(site, "127.0.0.1", &["evil.test"]), Err(421));
        assert_eq!(check(site, "127.0.0.1", &["localhost.evil.test"]), Err(421));
    }

    #[test]
    fn an_address_in_the_request_line_agrees_with_the_host() {
        let site = "https://example.com";
        let ask = |uri: &'static str| {
            let mut request = request_from("192.0.2.1", &[("host", "example.com")]);
            *request.uri_mut() = Uri::from_static(uri);
            check_request(site, &request)
        };
        assert!(ask("https://example.com/login").is_ok());
        assert!(ask("https://example.com:443/login").is_ok());
        assert_eq!(ask("https://evil.test/login"), Err(400));
    }

    #[test]
    fn probes_may_call_the_server_as_they_like() {
        let ask = |path: &'static str, hosts: &[&str]| {
            let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            let mut request = request_from("192.0.2.1", &headers);
            *request.uri_mut() = Uri::from_static(path);
            check_request("https://example.com", &request)
        };
        for hosts in [
            &["10.0.0.7:8080"][..],
            &["pod-7"],
            &["app_web:8080"],
            &["[fd00::7]:8080"],
            &["example.com"],
            &[""],
            &[],
        ] {
            assert_eq!(ask("/livez", hosts), Ok(None), "{hosts:?}");
            assert_eq!(ask("/readyz", hosts), Ok(None), "{hosts:?}");
        }
        assert_eq!(ask("http://app_web:8080/readyz", &["10.0.0.7"]), Ok(None));
        assert_eq!(ask("/readyz", &["a@b"]), Err(400));
        assert_eq!(ask("/readyz", &["pod-7", "pod-7"]), Err(400));
        assert_eq!(ask("/readyz/x", &["pod-7"]), Err(421));
    }

    #[tokio::test]
    async fn a_request_for_another_host_reaches_no_route() {
        let check = HostCheck::new(&"https://example.com".parse().unwrap(), Arc::default());
        let app = make_sync(|_| "reached").map_to_response().with(check);

        let refused = app.call(request_from("192.0.2.1", &[("host", "evil.test")])).await;

        assert_eq!(refused.unwrap_err().status(), StatusCode::MISDIRECTED_REQUEST);
    }

    #[test]
    fn methods_of_proxies_are_refused() {
        for method in [Method::TRACE, Method::CONNECT] {
            let mut request = request_from("192.0.2.1", &[("host", "example.com")]);
            request.set_method(method);
            assert_eq!(check_request("https://example.com", &request), Err(501));
        }
    }
}
