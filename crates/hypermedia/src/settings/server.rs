//! The section `server`.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use bytesize::ByteSize;
use serde::{Deserialize, Deserializer, de::Error};
use url::{Host, Url};

use super::{MetricsSettings, SettingsError, TrustedProxies};

/// Where and how the server answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where people reach the site: `http` or `https`, a host, nothing behind it.
    #[serde(deserialize_with = "public_url")]
    pub public_url: Url,
    /// The proxies that are believed about who asks.
    pub trusted_proxies: TrustedProxies,
    /// Longest time for an answer.
    #[serde(with = "humantime_serde")]
    pub request_timeout: Duration,
    /// Largest body of a request.
    pub body_limit: ByteSize,
    /// How long requests in flight may go on after the server was told to stop.
    #[serde(with = "humantime_serde")]
    pub shutdown_grace: Duration,
    /// Whether HSTS covers every subdomain.
    pub hsts_subdomains: bool,
}

impl Default for ServerSettings {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
        #[expect(clippy::expect_used, reason = "a constant that a test parses")]
        let public_url = Url::parse("http://localhost:8080").expect("a URL");
        Self {
            listen,
            public_url,
            trusted_proxies: TrustedProxies::default(),
            request_timeout: Duration::from_secs(15),
            body_limit: ByteSize::kib(64),
            shutdown_grace: Duration::from_secs(20),
            hsts_subdomains: false,
        }
    }
}

impl ServerSettings {
    /// Where this machine reaches the site, which is what holds where `public_url` is not
    /// set. Port 0 stays until a port is known.
    pub(super) fn local_url(&self) -> Url {
        let mut url = Self::default().public_url;
        let ip = self.listen.ip();
        let is_reached_by_name = ip.is_unspecified() || ip.is_loopback();
        if !is_reached_by_name {
            let _always_an_address = url.set_ip_host(ip);
        }
        let _always_a_port = url.set_port(Some(self.listen.port()));
        url
    }

    /// Refuses metrics where the site itself is served.
    pub(super) fn check_metrics(&self, metrics: &MetricsSettings) -> Result<(), SettingsError> {
        let Some(listen) = metrics.listen.filter(|listen| listen.port() != 0) else {
            return Ok(());
        };
        let is_same = |one: IpAddr, other: IpAddr| {
            one == other || one.is_unspecified() || other.is_unspecified()
        };
        if listen.port() == self.listen.port() && is_same(listen.ip(), self.listen.ip()) {
            return Err(SettingsError::new(
                "metrics.listen",
                format_args!(
                    "= {listen} is where server.listen is; set another port, such as \
                     `127.0.0.1:9100`"
                ),
            ));
        }
        Ok(())
    }

    /// Whether people reach the site over the network unencrypted.
    pub(super) fn is_plaintext_to_remote(&self) -> bool {
        let is_loopback = match self.public_url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        self.public_url.scheme() != "https" && !is_loopback
    }
}

fn public_url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    let url = Url::parse(&text).map_err(|_| D::Error::custom("is not a URL"))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    if is_web && is_bare && is_anonymous {
        Ok(url)
    } else {
        Err(D::Error::custom("is more or less than a scheme and a host"))
    }
}
