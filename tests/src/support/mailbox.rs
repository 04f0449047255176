//! The mails that the app has sent, read as a mail program reads them. They arrive at the mail
//! catcher in this process or at a real Mailpit.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use mail_parser::{MessageParser, MimeHeaders};
use xtask::mail_catcher::MailCatcher;

use super::mailpit::Mailpit;

/// The longest time until a mail arrives.
const PATIENCE: Duration = Duration::from_secs(15);

/// The mail server that receives the app's mails.
#[derive(Debug)]
pub struct Mailbox(Server);

#[derive(Debug)]
enum Server {
    Catcher(MailCatcher),
    Mailpit(Box<Mailpit>),
}

/// A mail as its recipient sees it.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The addresses in `To`.
    pub to: Vec<String>,
    /// The address in `From`.
    pub from: String,
    /// The subject, decoded.
    pub subject: String,
    /// The text part, decoded.
    pub text: String,
    /// The HTML part, decoded.
    pub html: String,
    /// The content types of the parts, in order.
    pub part_types: Vec<String>,
    /// The headers, undecoded.
    pub headers: Vec<(String, String)>,
    /// The bytes as sent.
    pub raw: Vec<u8>,
}

impl Mailbox {
    /// Starts the mail catcher in this process.
    pub async fn start() -> Self {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Self(Server::Catcher(MailCatcher::start(any).await.expect("a free port")))
    }

    /// Starts a real Mailpit with these arguments, or returns `None` without Mailpit.
    pub async fn start_mailpit(arguments: &[&str]) -> Option<Self> {
        let mailpit = Mailpit::start(arguments).await?;
        Some(Self(Server::Mailpit(Box::new(mailpit))))
    }

    /// Returns the address of the mail server.
    pub fn address(&self) -> SocketAddr {
        match &self.0 {
            Server::Catcher(catcher) => catcher.addr(),
            Server::Mailpit(mailpit) => mailpit.smtp(),
        }
    }

    /// Returns the mail catcher, to make it fail.
    pub fn catcher(&self) -> &MailCatcher {
        match &self.0 {
            Server::Catcher(catcher) => catcher,
            Server::Mailpit(_) => panic!("Mailpit catches the mails of this test"),
        }
    }

    /// Returns Mailpit, to query it or to make it fail.
    pub fn mailpit(&self) -> &Mailpit {
        match &self.0 {
            Server::Mailpit(mailpit) => mailpit,
            Server::Catcher(_) => panic!("the mails of this test are caught in this process"),
        }
    }

    /// Returns Mailpit, to stop and start it.
    pub fn mailpit_mut(&mut self) -> &mut Mailpit {
        match &mut self.0 {
            Server::Mailpit(mailpit) => mailpit,
            Server::Catcher(_) => panic!("the mails of this test are caught in this process"),
        }
    }

    /// Returns every mail so far, the oldest first.
    pub async fn all(&self) -> Vec<Mail> {
        let raw = match &self.0 {
            Server::Catcher(catcher) => catcher.mails().into_iter().map(|mail| mail.data).collect(),
            Server::Mailpit(mailpit) => mailpit.mails().await,
        };
        raw.into_iter().map(|raw| Mail::parse(&raw)).collect()
    }

    /// Returns every mail to `address` so far, the oldest first.
    pub async fn all_to(&self, address: &str) -> Vec<Mail> {
        let mut mails = match &self.0 {
            Server::Catcher(catcher) => {
                catcher.mails_to(address).iter().map(|mail| Mail::parse(&mail.data)).collect()
            }
            Server::Mailpit(_) => self.all().await,
        };
        mails.retain(|mail| mail.to.iter().any(|to| to == address));
        mails
    }

    /// Returns the number of mails to `address` so far.
    pub async fn count_to(&self, address: &str) -> usize {
        self.all_to(address).await.len()
    }

    /// Waits for the first mail to `address` and returns the newest.
    pub async fn latest_to(&self, address: &str) -> Mail {
        let mails = self.wait_for(address, 1).await;
        mails.into_iter().next_back().expect("one was waited for")
    }

    /// Waits for the mail number `n` to `address`, counted from 1, and returns it.
    pub async fn nth_to(&self, address: &str, n: usize) -> Mail {
        self.wait_for(address, n).await.swap_remove(n - 1)
    }

    /// Waits for a mail to `address` with a link to a path that begins with `prefix`, and returns
    /// the newest.
    pub async fn wait_for_link(&self, address: &str, prefix: &str) -> Mail {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mails = self.all_to(address).await;
            let found = mails.into_iter().rfind(|mail| mail.find_link(prefix).is_some());
            if let Some(mail) = found {
                return mail;
            }
            assert!(Instant::now() < deadline, "no mail to {address} with a link to {prefix}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn wait_for(&self, address: &str, count: usize) -> Vec<Mail> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mails = self.all_to(address).await;
            if mails.len() >= count {
                return mails;
            }
            assert!(Instant::now() < deadline, "{} of {count} mails to {address}", mails.len());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Mail {
    /// Parses a mail (RFC 5322).
    pub fn parse(raw: &[u8]) -> Self {
        let message = MessageParser::new().parse(raw).expect("a mail");
        let addresses = |list: Option<&mail_parser::Address<'_>>| -> Vec<String> {
            let list = list.into_iter().flat_map(mail_parser::Address::iter);
            list.filter_map(|one| one.address()).map(ToOwned::to_owned).collect()
        };
        let headers = message.headers_raw();
        let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        let part_type = |part: &mail_parser::MessagePart<'_>| {
            let kind = part.content_type();
            kind.map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
        };
        Self {
            to: addresses(message.to()),
            from: addresses(message.from()).into_iter().next().unwrap_or_default(),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html: message.body_html(0).unwrap_or_default().into_owned(),
            part_types: message.parts.iter().filter_map(part_type).collect(),
            headers: headers.collect(),
            raw: raw.to_vec(),
        }
    }

    /// Returns the first header with this name, undecoded.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |(other, _): &&(String, String)| other.eq_ignore_ascii_case(name);
        self.headers.iter().find(named).map(|(_, value)| value.as_str())
    }

    /// Returns path and query of the link to a path that begins with `prefix`. The link must stand
    /// on its own line in the text.
    pub fn link(&self, prefix: &str) -> String {
        let link = self.find_link(prefix);
        link.unwrap_or_else(|| panic!("no link to {prefix} in:\n{}", self.text))
    }

    /// Like [`Mail::link`], but returns `None` without such a link.
    pub fn find_link(&self, prefix: &str) -> Option<String> {
        let lines = self.text.lines().map(str::trim);
        let path = |line: &str| {
            let (_, rest) = line.split_once("://")?;
            rest.find('/').map(|slash| rest[slash..].to_owned())
        };
        lines.filter_map(path).find(|path| path.starts_with(prefix))
    }

    /// Returns the links in the text, as written.
    pub fn links(&self) -> Vec<String> {
        let words = self.text.split_whitespace();
        words.filter(|word| word.contains("://")).map(ToOwned::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "From: Latchkey <no-reply@x.test>\r\nTo: \"A\" <a@x.test>\r\n\
        Subject: =?utf-8?q?Hall=C3=B6?=\r\nAuto-Submitted: auto-generated\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n\
        Go to\r\n\r\nhttps://x.test/reset-password/abc=\r\ndef\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hi</p>\r\n--b--\r\n";

    #[test]
    fn a_mail_is_read_as_its_recipient_reads_it() {
        let mail = Mail::parse(RAW.as_bytes());

        assert_eq!(mail.to, ["a@x.test"]);
        assert_eq!(mail.subject, "Hallö");
        assert_eq!(mail.link("/reset-password/"), "/reset-password/abcdef");
        assert_eq!(mail.header("auto-submitted"), Some("auto-generated"));
        assert_eq!(mail.part_types, ["multipart/alternative", "text/plain", "text/html"]);
        assert_eq!(mail.html.trim(), "<p>Hi</p>");
    }
}
