//! Handing one mail to the mail server, in bounded time.
//!
//! Each try has a connection of its own, dropped with everything on it when the time
//! is up. Errors name the kind of trouble and the server's codes; what the server
//! said, addresses and links stay out of them (LGG-01).

use std::{io, sync::Arc, time::Duration};

use domain::Timestamp;
use lettre::{Message, transport::smtp::extension::ClientId};
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use store::ClaimedMail;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    CaFile, MailSettings,
    dialogue::Dialogue,
    mail_url::Encryption,
    message,
    progress::Progress,
    recent::RecentMails,
    smtp_outcome::{Cause, Meaning, Step, Trouble},
};

/// Longest wait for one of the server's addresses to accept a connection.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);
/// Longest time from the look-up of the server's name to the end of the mail.
const DELIVERY_LIMIT: Duration = Duration::from_secs(28);
/// Longest wait after that for the word that the server has the mail: a server that looks
/// into it takes its time, and one that is given up too early has it twice (RFC 1047).
const END_LIMIT: Duration = Duration::from_secs(25);
/// Longest wait for the server's goodbye.
pub(super) const GOODBYE_LIMIT: Duration = Duration::from_secs(2);

/// Sends mails; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    settings: Arc<MailSettings>,
    tls: Arc<ClientConfig>,
    delivery_limit: Duration,
    end_limit: Duration,
    recent: RecentMails,
}

/// Why a mail was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The recipient does not exist.
    #[error("{0}")]
    NoRecipient(Cause),
    /// The mail cannot be encoded.
    #[error("the mail cannot be built")]
    Unbuildable,
    /// The mail server, or the way to it, failed.
    #[error("{0}")]
    Later(Cause),
    /// The mail server may have the mail, and did not say so.
    #[error("{0}")]
    Doubtful(Cause),
}

impl From<Cause> for SendError {
    fn from(cause: Cause) -> Self {
        match cause.meaning() {
            Meaning::NoRecipient => Self::NoRecipient(cause),
            Meaning::Later => Self::Later(cause),
            Meaning::Doubtful => Self::Doubtful(cause),
        }
    }
}

/// A line to a mail server, with TLS or without.
pub(super) trait Line: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Line for S {}

pub(super) type Conversation = Dialogue<Box<dyn Line>>;

impl Mailer {
    /// A mailer that obeys `settings`. It connects to nothing yet.
    pub fn new(settings: MailSettings) -> Self {
        let tls = Arc::new(tls_config(&settings));
        Self {
            settings: Arc::new(settings),
            tls,
            delivery_limit: DELIVERY_LIMIT,
            end_limit: END_LIMIT,
            recent: RecentMails::default(),
        }
    }

    /// The same mailer, which records the mails that it sent.
    #[must_use]
    pub(crate) fn noting(self, recent: RecentMails) -> Self {
        Self { recent, ..self }
    }

    /// Most mails that are to be on their way at once.
    pub(super) fn max_concurrent(&self) -> usize {
        self.settings.max_concurrent
    }

    /// Hands over one mail, within a minute. `progress` follows, also when the try is cut off.
    pub(super) async fn send(
        &self,
        mail: &ClaimedMail,
        progress: &Progress,
        now: Timestamp,
    ) -> Result<(), SendError> {
        let message =
            message::build(&self.settings.from, mail, now).map_err(|_| SendError::Unbuildable)?;
        let given = Box::pin(self.hand_over(&message, progress));
        let given = time::timeout(self.delivery_limit, given).await;
        let mut conversation = given.unwrap_or_else(|_| Err(progress.late()))?;
        match time::timeout(self.end_limit, conversation.hear_the_end()).await {
            Ok(heard) => heard?,
            Err(_) => progress.cut()?,
        }
        self.recent.note(mail);
        // The server has the mail: whatever becomes of the goodbye, it is not sent twice.
        let _goodbye = time::timeout(GOODBYE_LIMIT, conversation.quit()).await;
        Ok(())
    }

    async fn hand_over(
        &self,
        message: &Message,
        progress: &Progress,
    ) -> Result<Conversation, Cause> {
        let mut conversation = self.begin(progress).await?;
        conversation.hand_over(message).await?;
        Ok(conversation)
    }

    /// A conversation in which mails may be sent: encrypted and logged in where the
    /// settings ask for it.
    pub(super) async fn begin(&self, progress: &Progress) -> Result<Conversation, Cause> {
        let url = &self.settings.url;
        let name = ClientId::Domain(self.settings.from.domain().to_owned());
        let stream = self.connect(progress).await?;
        let line: Box<dyn Line> = match url.encryption() {
            Encryption::None => Box::new(stream),
            Encryption::Tls => Box::new(self.encrypt(stream, progress).await?),
            Encryption::StartTls => {
                let mut plain = Dialogue::new(stream, progress);
                plain.greet().await?;
                let offered = plain.hello(&name).await?;
                Box::new(self.encrypt(plain.start_tls(&offered).await?, progress).await?)
            }
        };
        let mut conversation = Dialogue::new(line, progress);
        if url.encryption() != Encryption::StartTls {
            conversation.greet().await?;
        }
        let offered = conversation.hello(&name).await?;
        if let Some(login) = url.login() {
            conversation.log_in(&offered, login).await?;
        }
        Ok(conversation)
    }

    /// A connection to the first of the server's addresses that accepts one.
    async fn connect(&self, progress: &Progress) -> Result<TcpStream, Cause> {
        progress.enter(Step::Connect);
        let failed = |trouble| Cause::new(Step::Connect, trouble);
        let (host, port) = (self.settings.url.host(), self.settings.url.port());
        let addresses = lookup_host((host, port)).await;
        let mut last = Trouble::Closed;
        for address in addresses.map_err(|error| failed(Trouble::of(&error)))? {
            last = match time::timeout(CONNECT_LIMIT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // The dot that ends a mail would wait until the server acknowledged the mail.
                    let _delays_only = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Ok(Err(error)) => Trouble::of(&error),
                Err(_) => Trouble::Late,
            };
        }
        Err(failed(last))
    }

    async fn encrypt(
        &self,
        stream: TcpStream,
        progress: &Progress,
    ) -> Result<TlsStream<TcpStream>, Cause> {
        progress.enter(Step::Tls);
        let failed = |error: io::Error| Cause::new(Step::Tls, Trouble::of(&error));
        let name = ServerName::try_from(self.settings.url.host());
        let name = name.map_err(|error| failed(io::Error::other(error)))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        connector.connect(name, stream).await.map_err(failed)
    }
}

/// TLS that believes the usual public roots, and the CA of the settings.
#[expect(clippy::expect_used, reason = "it fails for a provider without ciphers alone")]
fn tls_config(settings: &MailSettings) -> ClientConfig {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    roots.add_parsable_certificates(settings.ca_file.iter().flat_map(CaFile::certificates));
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows both versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use std::{
        net::TcpListener,
        sync::{Arc, Mutex},
    };

    use super::*;
    use crate::mail::{
        test_server::{self, Reply},
        testing::{self, NOW},
    };

    /// A server that greets with the first of `replies` and answers with the others, and then
    /// hangs up; returns its port and the commands it receives.
    fn server(replies: &'static [&str]) -> (u16, Arc<Mutex<Vec<String>>>) {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&heard);
        let port = test_server::listen(0, move |stream| {
            let mut replies = replies.iter().copied();
            let greeting = replies.next();
            // A client that has gone ends its conversation only.
            let _ended = test_server::converse(stream, greeting, |command| {
                told.lock().unwrap().push(command.to_owned());
                replies.next().map_or(Reply::End, Reply::Say)
            });
        });
        (port, heard)
    }

    async fn send(url: String) -> Result<(), SendError> {
        send_within(DELIVERY_LIMIT, url).await
    }

    async fn send_within(limit: Duration, url: String) -> Result<(), SendError> {
        let store = testing::store().await;
        testing::queue(&store, testing::new_mail("mia@example.org")).await;
        let mail = testing::claim(&store, NOW).await.remove(0);
        let from = "Example <no-reply@app.test>".parse().unwrap();
        let settings = MailSettings { url: url.parse().unwrap(), from, ..MailSettings::default() };
        let mailer = Mailer { delivery_limit: limit, end_limit: limit, ..Mailer::new(settings) };
        mailer.send(&mail, &Progress::default(), NOW).await
    }

    #[tokio::test]
    async fn a_mail_is_handed_over_under_the_name_of_the_sender() {
        let replies =
            &["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken", "221 goodbye"];
        let (port, heard) = server(replies);

        assert_eq!(send(format!("smtp://127.0.0.1:{port}")).await, Ok(()));
        let heard = heard.lock().unwrap().clone();
        assert_eq!(heard[0], "EHLO app.test");
        assert_eq!(heard[1], "MAIL FROM:<no-reply@app.test>");
        assert_eq!(heard[2], "RCPT TO:<mia@example.org>");
    }

    #[tokio::test]
    async fn a_mail_that_was_taken_is_sent_whatever_becomes_of_the_goodbye() {
        let (port, _) = server(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 taken"]);

        assert_eq!(send(format!("smtp://127.0.0.1:{port}")).await, Ok(()));
    }

    /// OTG-03, LGG-01, MAI-01.
    #[tokio::test]
    async fn replies_decide_whether_to_try_again_and_are_not_quoted() {
        for (replies, is_final) in [
            (&["220 hi", "250 hi", "250 ok", "550 mia@example.org?"][..], true),
            (&["220 hi", "250 hi", "250 ok", "450 mia@example.org?"][..], false),
            (&["220 hi", "250 hi", "250 ok", "554 mia@example.org: no relay"][..], false),
            (&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "554 mia@example.org"][..], false),
            (&["554 not for mia@example.org"][..], false),
            (&["220 hi", "250 hi", "530 Must issue a STARTTLS command first"][..], false),
        ] {
            let (port, _) = server(replies);
            let error = send(format!("smtp://127.0.0.1:{port}")).await.unwrap_err();

            let was_final = matches!(error, SendError::NoRecipient(_));
            assert!(was_final || matches!(error, SendError::Later(_)), "{replies:?}");
            assert_eq!(was_final, is_final, "{replies:?}");
            let code = replies.last().unwrap().split(' ').next().unwrap();
            assert_eq!(error.to_string(), format!("the mail server replied {code}"));
        }
    }

    /// MAI-02.
    #[tokio::test]
    async fn a_success_without_text_is_one_and_a_doubt_is_no_failure() {
        let end = |end| ["220", "250", "250", "250", "354", end];
        for (reply, expected) in [("250", Some(true)), ("fine!", Some(false)), ("451", None)] {
            let replies: &'static [&'static str] = Box::leak(Box::new(end(reply)));
            let (port, _) = server(replies);
            let sent = send(format!("smtp://127.0.0.1:{port}")).await;
            match expected {
                Some(true) => assert_eq!(sent, Ok(())),
                Some(false) => assert!(matches!(sent, Err(SendError::Doubtful(_))), "{sent:?}"),
                None => assert!(matches!(sent, Err(SendError::Later(_))), "{sent:?}"),
            }
        }
    }

    /// HDR-05.
    #[tokio::test]
    async fn without_the_starttls_that_was_asked_for_nothing_is_sent() {
        let (port, heard) = server(&["220 hi", "250 hi", "250 ok", "250 ok", "354 go", "250 ok"]);
        let error = send(format!("smtp+starttls://mia:s3cret@127.0.0.1:{port}")).await.unwrap_err();

        assert!(matches!(&error, SendError::Later(_)) && error.to_string().contains("STARTTLS"));
        assert_eq!(heard.lock().unwrap().clone(), ["EHLO app.test"]);
    }

    /// OTG-03.
    #[tokio::test]
    async fn a_silent_server_is_given_up_in_time() {
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("smtp://{}", silent.local_addr().unwrap());
        let error = send_within(Duration::from_millis(50), url).await.unwrap_err();

        assert_eq!(error, SendError::Later(Cause::new(Step::Greeting, Trouble::Late)));
    }

    #[tokio::test]
    async fn a_server_that_is_down_or_speaks_no_tls_is_tried_again() {
        let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let refused = send(format!("smtp://127.0.0.1:{gone}")).await.unwrap_err();
        assert!(matches!(refused, SendError::Later(_)));

        let (port, _) = server(&["220 hi"]);
        let no_tls = send(format!("smtps://127.0.0.1:{port}")).await.unwrap_err();
        assert!(matches!(no_tls, SendError::Later(_)), "{no_tls}");
    }
}
