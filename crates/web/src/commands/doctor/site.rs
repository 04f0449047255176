//! Checks `server.public_url` as visitors reach it, and how the proxy changes their requests. The
//! server answers the signed request of [`hypermedia::proxy_probe`] with the request as it received it.

use domain::Clock;
use hypermedia::proxy_probe::{ProxyProbe, Seen};
use url::{Position, Url};

use super::{
    http::{self, Unanswered},
    report::Finding,
};

const URL: &str = "public_url";
const HOST: &str = "proxy_host";
const CLIENT: &str = "proxy_client";
const SCHEME: &str = "proxy_scheme";
const PLAIN: &str = "plain_http";

/// An address that no visitor has (RFC 5737, reserved for documentation).
const PRETENDED: &str = "192.0.2.77";
const PRETENDED_FORWARDED: &str = "for=192.0.2.77";

/// The same request as the server saw it: unchanged, and with forged headers.
pub(super) struct Views {
    pub(super) honest: Seen,
    pub(super) with_forwarded_for: Option<Seen>,
    pub(super) with_forwarded: Option<Seen>,
}

impl Views {
    /// Whether the server believes a forged client address.
    fn are_credulous(&self) -> bool {
        [&self.with_forwarded_for, &self.with_forwarded]
            .into_iter()
            .flatten()
            .any(|view| view.client.to_string() == PRETENDED)
    }
}

/// Sends the probes to the public address and judges the answers.
pub(super) async fn check(url: &Url, probe: &ProxyProbe) -> Vec<Finding> {
    let honest = match ask(url, probe, &[]).await {
        Ok(seen) => seen,
        Err(finding) => return vec![finding],
    };
    let reached = format!("{} leads to a server of version {}", short(url), honest.version);
    let mut findings = vec![Finding::ok(URL, reached)];
    let (with_forwarded_for, with_forwarded) = tokio::join!(
        ask(url, probe, &[("x-forwarded-for", PRETENDED)]),
        ask(url, probe, &[("forwarded", PRETENDED_FORWARDED)]),
    );
    let (with_forwarded_for, with_forwarded) = (with_forwarded_for.ok(), with_forwarded.ok());
    let views = Views { honest, with_forwarded_for, with_forwarded };
    findings.extend(judge(url, &views));
    findings.extend(plain(url, probe).await);
    findings
}

async fn ask(url: &Url, probe: &ProxyProbe, headers: &[(&str, &str)]) -> Result<Seen, Finding> {
    let question = probe.ask(Clock::system().now());
    let answer = http::get(url, &question.target, headers).await;
    let answer = answer.map_err(|reason| unanswered(url, reason))?;
    match probe.read(&question, &answer.body) {
        Some(seen) if answer.status == 200 => Ok(seen),
        _ => Err(another(url, answer.status, answer.location.as_deref())),
    }
}

fn unanswered(url: &Url, reason: Unanswered) -> Finding {
    let (what, fix) = match reason {
        Unanswered::UnknownHost => {
            ("its host has no address", "create the DNS record, or correct server.public_url")
        }
        Unanswered::Refused => {
            ("the connection is refused", "start the proxy and the server; open the firewall")
        }
        Unanswered::Unreachable => ("no connection comes about", "correct DNS record and firewall"),
        Unanswered::Tls => (
            "its certificate is not trusted, or TLS fails",
            "renew the certificate and have the proxy send the whole chain; with a private \
             authority, ask from a browser that trusts it",
        ),
        Unanswered::Silent => {
            ("no answer comes in time", "look whether proxy and server run, and open the firewall")
        }
        Unanswered::NoHttp => {
            ("what answers speaks no HTTP/1.1", "correct scheme and port of server.public_url")
        }
    };
    Finding::problem(URL, format!("{}: {what}", short(url)), fix)
}

/// Reports an answer that does not come from this server, or from one with another key.
fn another(url: &Url, status: u16, location: Option<&str>) -> Finding {
    let name = short(url);
    match status {
        300..=399 => {
            let to = location.and_then(|location| url.join(location).ok());
            let to = to.map_or_else(|| "elsewhere".to_owned(), |to| short(&to).to_owned());
            let fix = format!("set server.public_url to where the site ends up, such as {to}");
            Finding::problem(URL, format!("{name} redirects to {to}"), fix)
        }
        502..=504 => Finding::problem(
            URL,
            format!("{name} is answered by the proxy with {status}: it does not reach the server"),
            "start the server, and have the proxy pass requests on to server.listen",
        ),
        401 | 403 => Finding::problem(
            URL,
            format!("{name} is answered with {status}: the proxy lets nobody in"),
            "remove the access rule of the proxy",
        ),
        421 => Finding::problem(
            URL,
            format!("{name} is answered with 421: the proxy changes Host"),
            "pass Host on as it came (nginx: `proxy_set_header Host $http_host;`)",
        ),
        _ => Finding::problem(
            URL,
            format!(
                "{name} is answered with {status} by a server that does not know this question: \
                 another program or release, or another secret_key"
            ),
            "correct server.public_url and the proxy; run this with the configuration of the \
             server, and keep the clocks in step",
        ),
    }
}

/// Judges how the proxy changes requests.
pub(super) fn judge(url: &Url, views: &Views) -> Vec<Finding> {
    let seen = &views.honest;
    let names_client = !seen.forwarded_for.is_empty() || !seen.forwarded.is_empty();
    // The server itself has no TLS, so `https` means a proxy.
    let is_proxied = url.scheme() == "https" || names_client || !seen.forwarded_proto.is_empty();
    let mut findings = vec![judge_host(url, &seen.host)];
    if is_proxied {
        findings.push(judge_client(views, names_client));
        findings.push(judge_scheme(url, &seen.forwarded_proto));
    } else {
        findings.push(if views.are_credulous() {
            pretending()
        } else {
            Finding::ok(CLIENT, "there is no proxy in between")
        });
    }
    findings
}

fn judge_host(url: &Url, host: &str) -> Finding {
    let expected = &url[Position::BeforeHost..Position::BeforePath];
    let with_port = format!(
        "{}:{}",
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    );
    if host.eq_ignore_ascii_case(expected) || host.eq_ignore_ascii_case(&with_port) {
        return Finding::ok(HOST, format!("Host arrives as {expected}"));
    }
    Finding::problem(
        HOST,
        format!("Host arrives as {host:?} instead of {expected:?}, so that every page is 421"),
        "pass Host on as it came, with its port (nginx: `proxy_set_header Host $http_host;`)",
    )
}

fn judge_client(views: &Views, names_client: bool) -> Finding {
    let Views { honest: seen, with_forwarded, .. } = views;
    let peer = seen.peer;
    let set = "have the proxy set X-Forwarded-For (nginx: `proxy_set_header X-Forwarded-For \
               $proxy_add_x_forwarded_for;`)";
    if !names_client {
        let message = format!("the proxy at {peer} names no client: all visitors share one limit");
        let fix = if seen.is_peer_trusted {
            set.to_owned()
        } else {
            format!("{set}, and add {peer} to server.trusted_proxies")
        };
        return Finding::problem(CLIENT, message, fix);
    }
    if !seen.is_peer_trusted {
        return Finding::problem(
            CLIENT,
            format!("the proxy at {peer} is not trusted: all visitors share one limit"),
            format!("add {peer} to server.trusted_proxies"),
        );
    }
    // This command may run on the proxy's machine.
    let is_from_there = [&seen.forwarded_for, &seen.forwarded]
        .iter()
        .any(|named| named.contains(&peer.to_string()));
    let shares = |client| client == peer && !is_from_there;
    if views.are_credulous() {
        pretending()
    } else if !seen.forwarded_for.is_empty() && !seen.forwarded.is_empty() {
        Finding::problem(
            CLIENT,
            "the proxy sets both X-Forwarded-For and Forwarded",
            "have it set one of them and remove the other",
        )
    } else if shares(seen.client) {
        Finding::problem(
            CLIENT,
            format!(
                "what the proxy at {peer} names is not an address: all visitors share one limit"
            ),
            set,
        )
    } else if with_forwarded.as_ref().is_some_and(|view| shares(view.client)) {
        Finding::warning(
            CLIENT,
            "the proxy passes on Forwarded as visitors sent it, so that they share its own limit",
            "have the proxy remove it (nginx: `proxy_set_header Forwarded \"\";`)",
        )
    } else {
        let client = seen.client;
        Finding::ok(CLIENT, format!("this client arrives as {client} by {peer}"))
    }
}

fn pretending() -> Finding {
    Finding::problem(
        CLIENT,
        "visitors can pretend to be at any address and so escape every limit",
        "have the proxy append to X-Forwarded-For or replace it, and list in \
         server.trusted_proxies the addresses of proxies alone",
    )
}

fn judge_scheme(url: &Url, forwarded_proto: &str) -> Finding {
    let first = forwarded_proto.split(',').next().unwrap_or_default().trim();
    match (url.scheme(), first) {
        ("http", "https") => Finding::problem(
            SCHEME,
            "visitors come by https, and server.public_url says http: cookies are not Secure",
            "set server.public_url to the address with `https://`",
        ),
        ("https", "http") => Finding::warning(
            SCHEME,
            "the proxy says X-Forwarded-Proto: http, though visitors come by https",
            "have the outermost proxy end TLS and set X-Forwarded-Proto to https",
        ),
        (scheme, _) => Finding::ok(SCHEME, format!("visitors come by {scheme}")),
    }
}

/// Checks whether a site with `https` is also served unencrypted.
async fn plain(url: &Url, probe: &ProxyProbe) -> Option<Finding> {
    let mut plain = url.clone();
    if url.scheme() != "https" || url.port().is_some() || plain.set_scheme("http").is_err() {
        return None;
    }
    Some(match ask(&plain, probe, &[]).await {
        Ok(_) => Finding::problem(
            PLAIN,
            format!("{} serves the site unencrypted", short(&plain)),
            "have the proxy redirect http to https",
        ),
        Err(_) => Finding::ok(PLAIN, "the site is not served unencrypted"),
    })
}

fn short(url: &Url) -> &str {
    &url[..Position::BeforePath]
}

#[cfg(test)]
mod tests {
    use super::super::report::Status;
    use super::*;

    fn seen(forwarded_for: &str, forwarded_proto: &str) -> Seen {
        let client = if forwarded_for.is_empty() { "10.0.0.1" } else { forwarded_for };
        Seen {
            version: "1".to_owned(),
            host: "example.test".to_owned(),
            forwarded_proto: forwarded_proto.to_owned(),
            forwarded_for: forwarded_for.to_owned(),
            forwarded: String::new(),
            peer: [10, 0, 0, 1].into(),
            is_peer_trusted: true,
            client: client.parse().unwrap(),
        }
    }

    /// The server has no TLS, so there is a proxy behind `https`, even one that sends no headers.
    #[test]
    fn behind_https_there_is_a_proxy_that_has_to_name_the_client() {
        let url = Url::parse("https://example.test").unwrap();
        for (forwarded_for, proto, client, scheme) in [
            ("", "", Status::Problem, Status::Ok),
            ("198.51.100.7", "https", Status::Ok, Status::Ok),
            ("198.51.100.7", "http", Status::Ok, Status::Warning),
            ("10.0.0.1", "https", Status::Ok, Status::Ok),
        ] {
            let honest = seen(forwarded_for, proto);
            let views = Views { honest, with_forwarded_for: None, with_forwarded: None };
            let found = judge(&url, &views);
            let status = |check| found.iter().find(|one| one.check == check).map(|one| one.status);
            assert_eq!(status(CLIENT), Some(client), "{found:?}");
            assert_eq!(status(SCHEME), Some(scheme), "{found:?}");
            assert_eq!(status(HOST), Some(Status::Ok), "{found:?}");
        }
    }
}
