//! The settings that this command needs, as the server's binary reports them. `xtask` does not
//! read the configuration itself, which would take the crates of the accounts.

use std::{
    collections::BTreeMap,
    env,
    io::{self, ErrorKind, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs},
    process::{ExitCode, Output},
};

use anyhow::{Context, Result, bail};
use url::Url;

use super::product::Product;
use crate::programs::exit_code;

/// The port of `server.listen` if it is not set.
const USUAL_PORT: u16 = 8080;

/// Some settings of the server.
#[derive(Debug)]
pub(super) struct Configured {
    pub(super) listen: SocketAddr,
    pub(super) public_url: Url,
    mail: Url,
}

/// The server's answer.
pub(super) enum Answered {
    Settings(Box<Configured>),
    /// The configuration is wrong; the server has said why.
    Refused(ExitCode),
}

impl Configured {
    /// Reads the lines of `latchkey config`: key, value and source.
    fn parse(lines: &str) -> Result<Self> {
        let words = lines.lines().map(str::split_whitespace);
        let values: BTreeMap<&str, &str> =
            words.filter_map(|mut words| Some((words.next()?, words.next()?))).collect();
        let value = |key| values.get(key).with_context(|| format!("{key} is not configured"));
        Ok(Self {
            listen: value("server.listen")?.parse().context("server.listen")?,
            public_url: value("server.public_url")?.parse().context("server.public_url")?,
            mail: value("mail.url")?.parse().context("mail.url")?,
        })
    }

    /// Returns the address of the mail server.
    pub(super) fn mail_server(&self) -> Result<SocketAddr> {
        let host = self.mail.host_str().context("mail.url has no host")?;
        let port = self.mail.port().context("mail.url has no port")?;
        let found = format!("{host}:{port}").to_socket_addrs();
        let found = found.with_context(|| format!("{host} is not known"))?.next();
        found.with_context(|| format!("{host} has no address"))
    }
}

/// Asks the server that was just built.
pub(super) fn ask(product: &Product) -> Result<Answered> {
    let output = run_config(product)?;
    if !output.status.success() {
        io::stderr().write_all(&output.stderr)?;
        return Ok(Answered::Refused(exit_code(output.status)));
    }
    let configured = Configured::parse(&String::from_utf8_lossy(&output.stdout))?;
    Ok(Answered::Settings(Box::new(configured)))
}

/// Returns the address that the server will probably listen on, before it is built: as a server of
/// an earlier build reports it, or else as the environment sets it.
pub(super) fn listen_before_build(product: &Product) -> SocketAddr {
    let lines =
        run_config(product).map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    if let Ok(configured) = lines.and_then(|lines| Configured::parse(&lines)) {
        return configured.listen;
    }
    let set = env::var(product.listen_variable()).ok().and_then(|address| address.parse().ok());
    set.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, USUAL_PORT).into())
}

fn run_config(product: &Product) -> Result<Output> {
    let output = product.program().arg("config").output();
    output.context("the server does not run")
}

/// Fails if another program listens at the address.
pub(super) fn refuse_taken_port(product: &Product, address: SocketAddr) -> Result<()> {
    let (port, variable) = (address.port(), product.listen_variable());
    match TcpListener::bind(address) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            let other = SocketAddr::new(address.ip(), port.saturating_add(1));
            bail!("port {port} is taken: end the program that has it, or set {variable}={other}")
        }
        Err(error) => bail!("cannot listen on {address}, which {variable} sets: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "\
database.url                     sqlite://var/latchkey.db                     default
mail.url                         smtp://127.0.0.1:1025                        default
server.listen                    127.0.0.1:8080                               default
server.public_url                http://localhost:8080/                       default
";

    #[test]
    fn the_lines_of_the_server_are_understood() {
        let configured = Configured::parse(LINES).unwrap();

        assert_eq!(configured.listen, ([127, 0, 0, 1], 8080).into());
        assert_eq!(configured.public_url.as_str(), "http://localhost:8080/");
        assert_eq!(configured.mail_server().unwrap(), ([127, 0, 0, 1], 1025).into());

        let error = Configured::parse("mail.url  smtp://x:25 default").unwrap_err();
        assert_eq!(error.to_string(), "server.listen is not configured");
    }

    #[test]
    fn a_taken_port_is_refused_with_the_way_out() {
        let product = Product::find(None).unwrap();
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = taken.local_addr().unwrap();

        let error = refuse_taken_port(&product, address).unwrap_err().to_string();

        let start = format!("port {} is taken: ", address.port());
        assert!(
            error.starts_with(&start) && error.contains("LATCHKEY__SERVER__LISTEN="),
            "{error}"
        );
        drop(taken);
        // Another program may get this port at once, but not each of ten.
        let is_free = |_| {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
            refuse_taken_port(&product, free).is_ok()
        };
        assert!((0..10).any(is_free));
    }
}
