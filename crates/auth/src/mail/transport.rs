//! Handing one mail to the mail server, in bounded time.
//!
//! Each try has a connection of its own, dropped with everything on it when the time
//! is up. Errors name the kind of trouble and the server's reply code; what the server
//! said, addresses and links stay out of them (LGG-01).

use std::{error::Error, io, sync::Arc, time::Duration};

use domain::Timestamp;
use lettre::{
    Message,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use store::ClaimedMail;
use tokio::time;

use super::{MailSettings, mail_url::Encryption, message, recent::RecentMails};

/// Longest wait for one of the server's addresses to accept a connection. The limit
/// of the library ends there; the next one covers everything.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Longest time from the look-up of the server's name to its word that it has the mail.
const DELIVERY_LIMIT: Duration = Duration::from_secs(28);
/// Longest wait for the server's goodbye.
pub(super) const GOODBYE_LIMIT: Duration = Duration::from_secs(2);

/// Sends mails; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    settings: Arc<MailSettings>,
    delivery_limit: Duration,
    recent: RecentMails,
    /// Believed beside the public ones.
    root: Option<Certificate>,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Another try may succeed.
    #[error("{0}")]
    Temporary(String),
    /// No try will.
    #[error("{0}")]
    Permanent(String),
}

impl Mailer {
    /// A mailer that obeys `settings`. It connects to nothing yet.
    pub fn new(settings: MailSettings) -> Self {
        let recent = RecentMails::default();
        Self { settings: Arc::new(settings), delivery_limit: DELIVERY_LIMIT, recent, root: None }
    }

    /// The same mailer, which notes what it sent.
    #[must_use]
    pub(crate) fn noting(self, recent: RecentMails) -> Self {
        Self { recent, ..self }
    }

    /// The same mailer, which also believes servers that `root` vouches for.
    #[cfg(test)]
    pub(crate) fn believing(self, root: Certificate) -> Self {
        Self { root: Some(root), ..self }
    }

    /// Hands over one mail, within 30 seconds.
    ///
    /// A reply of 5xx to the sender, the recipient or the mail is permanent; before
    /// that (greeting, TLS, log-in) it tells of a server or a setting out of order,
    /// which is nothing against the mail. So does 530, which asks for TLS or a log-in
    /// that the settings leave out (RFC 3207 §4, RFC 4954 §6).
    pub async fn send(&self, mail: &ClaimedMail, now: Timestamp) -> Result<(), SendError> {
        let message = message::build(&self.settings.from, mail, now)
            .map_err(|_| SendError::Permanent("the mail cannot be built".to_owned()))?;
        let delivery = Box::pin(self.deliver(&message));
        let mut connection = time::timeout(self.delivery_limit, delivery)
            .await
            .map_err(|_| SendError::Temporary("the mail server took too long".to_owned()))??;
        self.recent.note(mail);
        // The server has the mail: whatever becomes of the goodbye, it is not sent twice.
        let _goodbye = time::timeout(GOODBYE_LIMIT, connection.quit()).await;
        Ok(())
    }

    async fn deliver(&self, message: &Message) -> Result<AsyncSmtpConnection, SendError> {
        let mut connection =
            self.connect().await.map_err(|error| SendError::Temporary(describe(&error)))?;
        transfer(&mut connection, message).await.map_err(|error| {
            let is_about_the_mail = error.is_permanent() && !asks_for_more(&error);
            if is_about_the_mail || error.is_client() {
                SendError::Permanent(describe(&error))
            } else {
                SendError::Temporary(describe(&error))
            }
        })?;
        Ok(connection)
    }

    /// A connection on which mails may be sent: encrypted and logged in where the
    /// settings ask for it, or an error.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let url = &self.settings.url;
        let name = ClientId::Domain(self.settings.from.domain().to_owned());
        let tls = match url.encryption() {
            Encryption::None => None,
            Encryption::StartTls | Encryption::Tls => {
                let roots = self.root.iter().cloned();
                let parameters = TlsParameters::builder(url.host());
                Some(roots.fold(parameters, TlsParametersBuilder::add_root_certificate).build()?)
            }
        };
        let (wrapper, upgrade) =
            if url.encryption() == Encryption::Tls { (tls, None) } else { (None, tls) };
        let server = (url.host(), url.port());
        let limit = Some(CONNECT_LIMIT);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, limit, &name, wrapper, None).await?;
        if let Some(tls) = upgrade {
            connection.starttls(tls, &name).await?;
        }
        if let Some(login) = url.login() {
            let credentials = Credentials::new(login.user.clone(), login.password.to_string());
            connection.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(connection)
    }
}

/// The commands one by one: on an error the connection is dropped, without a goodbye
/// whose answer might never come and hide the error.
async fn transfer(
    connection: &mut AsyncSmtpConnection,
    message: &Message,
) -> Result<(), SmtpError> {
    let envelope = message.envelope();
    connection.command(Mail::new(envelope.from().cloned(), Vec::new())).await?;
    for recipient in envelope.to() {
        connection.command(Rcpt::new(recipient.clone(), Vec::new())).await?;
    }
    connection.command(Data).await?;
    connection.message(&message.formatted()).await?;
    Ok(())
}

/// Whether the server would take the mail if it came encrypted, or from somebody known.
fn asks_for_more(error: &SmtpError) -> bool {
    error.status().is_some_and(|code| code.to_string() == "530")
}

/// How the description begins of what the mail server itself refused.
const REPLIED: &str = "the mail server replied";

/// Whether the mail server answered, and was against it.
pub(crate) fn is_reply(description: &str) -> bool {
    description.starts_with(REPLIED)
}

pub(super) fn describe(error: &SmtpError) -> String {
    if let Some(code) = error.status() {
        return format!("{REPLIED} {code}");
    }
    let kind = if error.is_response() {
        "the mail server ended the conversation or speaks no SMTP"
    } else if error.is_tls() {
        "no secure connection to the mail server"
    } else if error.is_client() {
        "the mail server lacks what mail.url asks for: STARTTLS or a way to log in"
    } else {
        "no connection to the mail server"
    };
    match io_cause(error) {
        Some(cause) => format!("{kind}: {cause}"),
        None => kind.to_owned(),
    }
}

/// What the operating system or TLS says; unlike other causes it never quotes the server.
fn io_cause(error: &SmtpError) -> Option<&io::Error> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref() {
            return Some(io);
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead, BufReader, Write},
        net::TcpListener,
        thread,
    };

    use super::*;
    use crate::mail::testing::{self, NOW};

    /// A server that answers one client, line by line of `replies`, and goes away; the
    /// port it listens on, and what it heard.
    fn server(replies: &'static [&str]) -> (u16, thread::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut heard: Vec<String> = Vec::new();
            let (greeting, answers) = replies.split_first().unwrap();
            write!(stream, "{greeting}\r\n").unwrap();
            for answer in answers {
                let in_body = heard.last().is_some_and(|line| line == "DATA");
                loop {
                    let Some(Ok(line)) = lines.next() else { return heard };
                    heard.push(line);
                    if !in_body || heard.last().is_some_and(|line| line == ".") {
                        break;
                    }
                }
                write!(stream, "{answer}\r\n").unwrap();
            }
            heard
        });
        (port, heard)
    }

    async fn send(url: String) -> Result<(), SendError> {
        send_within(DELIVERY_LIMIT, url).await
    }

    async fn send_within(delivery_limit: Duration, url: String) -> Result<(), SendError> {
        let store = testing::store().await;
        testing::queue(&store, testing::new_mail("mia@example.org")).await;
        let mail = testing::claim(&store, NOW).await.remove(0);
        let from = "Latchkey <no-reply@latchkey.test>".parse().unwrap();
        let settings = MailSettings { url: url.parse().unwrap(), from };
        Mailer { delivery_limit, ..Mailer::new(settings) }.send(&mail, NOW).await
    }

    #[tokio::test]
    async fn a_mail_is_handed_over_under_the_name_of_the_sender() {
        let replies =
            &["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken", "221 goodbye"];
        let (port, heard) = server(replies);

        assert_eq!(send(format!("smtp://127.0.0.1:{port}")).await, Ok(()));
        let heard = heard.join().unwrap();
        assert_eq!(heard[0], "EHLO latchkey.test");
        assert_eq!(heard[1], "MAIL FROM:<no-reply@latchkey.test>");
        assert_eq!(heard[2], "RCPT TO:<mia@example.org>");
    }

    #[tokio::test]
    async fn a_mail_that_was_taken_is_sent_whatever_becomes_of_the_goodbye() {
        let (port, _) = server(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"]);

        assert_eq!(send(format!("smtp://127.0.0.1:{port}")).await, Ok(()));
    }

    /// OTG-03, LGG-01.
    #[tokio::test]
    async fn replies_decide_whether_to_try_again_and_are_not_quoted() {
        for (replies, expected) in [
            (&["220 hi", "250 hi", "250 ok", "550 mia@example.org?"][..], true),
            (&["220 hi", "250 hi", "250 ok", "450 mia@example.org?"][..], false),
            (&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "554 mia@example.org"][..], true),
            (&["554 not for mia@example.org"][..], false),
            (&["220 hi", "250 hi", "530 5.7.0 Must issue a STARTTLS command first"][..], false),
        ] {
            let (port, _) = server(replies);
            let error = send(format!("smtp://127.0.0.1:{port}")).await.unwrap_err();

            assert_eq!(matches!(error, SendError::Permanent(_)), expected, "{replies:?}");
            let code = replies.last().unwrap().split(' ').next().unwrap();
            assert_eq!(error.to_string(), format!("the mail server replied {code}"));
        }
    }

    /// HDR-05.
    #[tokio::test]
    async fn without_the_starttls_that_was_asked_for_nothing_is_sent() {
        let (port, heard) = server(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 ok"]);
        let error = send(format!("smtp+starttls://mia:s3cret@127.0.0.1:{port}")).await.unwrap_err();

        assert!(matches!(&error, SendError::Temporary(text) if text.contains("STARTTLS")));
        assert_eq!(heard.join().unwrap(), ["EHLO latchkey.test"]);
    }

    /// OTG-03.
    #[tokio::test]
    async fn a_silent_server_is_given_up_in_time() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", silent.local_addr().unwrap());
        let error = send_within(Duration::from_millis(50), url).await.unwrap_err();

        assert_eq!(error, SendError::Temporary("the mail server took too long".to_owned()));
    }

    #[tokio::test]
    async fn a_server_that_is_down_or_speaks_no_tls_is_tried_again() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let refused = send(format!("smtp://127.0.0.1:{gone}")).await.unwrap_err();
        assert!(matches!(refused, SendError::Temporary(_)));

        let (port, _) = server(&["220 hi"]);
        let no_tls = send(format!("smtps://127.0.0.1:{port}")).await.unwrap_err();
        assert!(matches!(no_tls, SendError::Temporary(_)), "{no_tls}");
    }
}
