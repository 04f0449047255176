//! One SMTP conversation with a mail server over an open connection (RFC 5321).
//!
//! The commands, the list of the server's extensions and the authentication mechanisms are
//! lettre's. The replies are read here, because lettre 0.11 refuses some that servers send: a code
//! without text, which RFC 5321 §4.2 allows; text that is not UTF-8; a second digit other than 0 to
//! 5; different codes within one reply; a line that ends in LF alone. A reply to the final dot that
//! is refused would make an accepted mail look failed, and it would be sent again. Here only the
//! code decides.

use lettre::{
    Message,
    transport::smtp::{
        authentication::{Credentials, DEFAULT_MECHANISMS},
        commands::{Auth, Data, Ehlo, Mail, Quit, Rcpt, Starttls},
        extension::{ClientId, Extension, ServerInfo},
        response::Response,
    },
};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

use super::{
    mail_url::Login,
    progress::Progress,
    smtp_outcome::{Cause, Refusal, Step, Trouble},
};

/// Most bytes of a line that are kept.
const MAX_LINE: usize = 1_024;
/// Most bytes of a reply that are read.
const MAX_REPLY: usize = 64 * 1_024;
/// Most questions of a server during a log-in.
const MAX_CHALLENGES: usize = 10;

/// A reply: the code of its last line, and the text of each.
#[derive(Debug, Default)]
struct Reply {
    code: u16,
    lines: Vec<String>,
}

/// The first digit of a reply.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// 2xx: it is done.
    Done,
    /// 3xx: the server waits for more.
    More,
}

/// A conversation; dropping it ends it.
pub(super) struct Dialogue<S> {
    line: BufReader<S>,
    progress: Progress,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Dialogue<S> {
    /// Nothing is said yet. `progress` follows the conversation, also when it is cut
    /// off.
    pub(super) fn new(stream: S, progress: &Progress) -> Self {
        Self { line: BufReader::new(stream), progress: progress.clone() }
    }

    /// Hears the greeting.
    pub(super) async fn greet(&mut self) -> Result<(), Cause> {
        self.progress.enter(Step::Greeting);
        self.expect(Class::Done).await.map(drop)
    }

    /// Greets in the name of `name` and hears what the server offers.
    pub(super) async fn hello(&mut self, name: &ClientId) -> Result<ServerInfo, Cause> {
        self.progress.enter(Step::Ehlo);
        let reply = self.ask(&Ehlo::new(name.clone()), Class::Done).await?;
        // Keywords come in any case (RFC 5321 §4.1.1.1), and lettre knows one.
        let response: Option<Response> = reply.for_lettre().to_ascii_uppercase().parse().ok();
        let server = response.and_then(|response| ServerInfo::from_response(&response).ok());
        server.ok_or_else(|| self.cause(Trouble::Unreadable))
    }

    /// Starts TLS. Bytes that the server sent before are not protected, so anything beyond its
    /// answer ends the conversation (CVE-2011-0411).
    pub(super) async fn start_tls(mut self, server: &ServerInfo) -> Result<S, Cause> {
        self.progress.enter(Step::StartTls);
        if !server.supports_feature(Extension::StartTls) {
            return Err(self.cause(Trouble::NoStartTls));
        }
        self.ask(&Starttls, Class::Done).await?;
        if self.line.buffer().is_empty() {
            Ok(self.line.into_inner())
        } else {
            Err(self.cause(Trouble::Unreadable))
        }
    }

    /// Logs in by the first way that both sides know.
    pub(super) async fn log_in(&mut self, server: &ServerInfo, login: &Login) -> Result<(), Cause> {
        self.progress.enter(Step::Auth);
        let mechanism = server.get_auth_mechanism(DEFAULT_MECHANISMS);
        let mechanism = mechanism.ok_or_else(|| self.cause(Trouble::NoLogIn))?;
        let credentials = Credentials::new(login.user.clone(), login.password.to_string());
        let mut command = Auth::new(mechanism, credentials.clone(), None);
        for _ in 0..MAX_CHALLENGES {
            let said = command.map_err(|_| self.cause(Trouble::Unreadable))?;
            self.say(said.to_string().as_bytes()).await?;
            let reply = self.reply().await?;
            match reply.class() {
                Some(Class::Done) => return Ok(()),
                Some(Class::More) => {
                    let challenge: Option<Response> = reply.for_lettre().parse().ok();
                    let challenge = challenge.ok_or_else(|| self.cause(Trouble::Unreadable))?;
                    command = Auth::new_from_response(mechanism, credentials.clone(), &challenge);
                }
                None => return Err(self.refusal(&reply)),
            }
        }
        Err(self.cause(Trouble::Unreadable))
    }

    /// Hands over the mail, up to the dot at its end.
    pub(super) async fn hand_over(&mut self, message: &Message) -> Result<(), Cause> {
        let envelope = message.envelope();
        self.progress.enter(Step::Mail);
        self.ask(&Mail::new(envelope.from().cloned(), Vec::new()), Class::Done).await?;
        for recipient in envelope.to() {
            self.progress.enter(Step::Rcpt);
            self.ask(&Rcpt::new(recipient.clone(), Vec::new()), Class::Done).await?;
        }
        self.progress.enter(Step::Data);
        self.ask(&Data, Class::More).await?;
        self.say(&stuffed(&message.formatted())).await?;
        self.progress.enter(Step::End);
        self.say(b".\r\n").await
    }

    /// Hears whether the server has the mail.
    pub(super) async fn hear_the_end(&mut self) -> Result<(), Cause> {
        self.expect(Class::Done).await.map(drop)
    }

    /// Says goodbye, whatever the server thinks of it.
    pub(super) async fn quit(mut self) {
        let _said = self.ask(&Quit, Class::Done).await;
    }

    async fn ask(&mut self, command: &impl ToString, wanted: Class) -> Result<Reply, Cause> {
        self.say(command.to_string().as_bytes()).await?;
        self.expect(wanted).await
    }

    async fn say(&mut self, bytes: &[u8]) -> Result<(), Cause> {
        let stream = self.line.get_mut();
        let said = match stream.write_all(bytes).await {
            Ok(()) => stream.flush().await,
            error => error,
        };
        said.map_err(|error| self.cause(Trouble::of(&error)))
    }

    async fn expect(&mut self, wanted: Class) -> Result<Reply, Cause> {
        let reply = self.reply().await?;
        if reply.class() == Some(wanted) { Ok(reply) } else { Err(self.refusal(&reply)) }
    }

    /// Reads one reply. A line that breaks off within it does not take back its code.
    async fn reply(&mut self) -> Result<Reply, Cause> {
        let (mut reply, mut size) = (Reply::default(), 0);
        loop {
            let line = match self.read_line(&mut size).await {
                Ok(line) => line,
                Err(_) if reply.code > 0 => return Ok(reply),
                Err(trouble) => return Err(self.cause(trouble)),
            };
            let (code, is_last, text) =
                read_reply_line(&line).ok_or_else(|| self.cause(Trouble::Unreadable))?;
            self.progress.hear(code);
            reply.code = code;
            reply.lines.push(text);
            if is_last {
                return Ok(reply);
            }
        }
    }

    /// A line without its end, or what there is of it where the server hangs up. It keeps
    /// the beginning of one that is too long.
    async fn read_line(&mut self, size: &mut usize) -> Result<Vec<u8>, Trouble> {
        let mut line = Vec::new();
        loop {
            let heard = self.line.fill_buf().await;
            let heard = match heard {
                Err(_) if !line.is_empty() => return Ok(line),
                heard => heard.map_err(|error| Trouble::of(&error))?,
            };
            if heard.is_empty() {
                return if line.is_empty() { Err(Trouble::Closed) } else { Ok(line) };
            }
            let end = heard.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(heard.len(), |end| end + 1);
            let room = MAX_LINE.saturating_sub(line.len());
            line.extend(heard.iter().take(taken.min(room)));
            self.line.consume(taken);
            *size += taken;
            if end.is_some() {
                return Ok(line);
            }
            if *size > MAX_REPLY {
                return Err(Trouble::Unreadable);
            }
        }
    }

    fn refusal(&self, reply: &Reply) -> Cause {
        self.cause(match reply.code {
            400.. => Trouble::Reply(Refusal::read(reply.code, &reply.lines)),
            _ => Trouble::Unreadable,
        })
    }

    fn cause(&self, trouble: Trouble) -> Cause {
        Cause::new(self.progress.step(), trouble)
    }
}

impl Reply {
    fn class(&self) -> Option<Class> {
        match self.code {
            200..300 => Some(Class::Done),
            300..400 => Some(Class::More),
            _ => None,
        }
    }

    /// The reply as lettre reads it, which wants a word where a server gives its name.
    fn for_lettre(&self) -> String {
        let last = self.lines.len().saturating_sub(1);
        let lines = self.lines.iter().enumerate();
        lines.fold(String::new(), |text, (n, line)| {
            let (code, mark) = (self.code, if n == last { ' ' } else { '-' });
            let line = if n == 0 && line.is_empty() { "unnamed" } else { line.as_str() };
            text + &format!("{code}{mark}{line}\r\n")
        })
    }
}

/// The code, whether the reply ends there, and the text: `None` without a code. What stands
/// between code and text is of no matter, unless it is the hyphen or another digit.
fn read_reply_line(line: &[u8]) -> Option<(u16, bool, String)> {
    let (code, text) = line.split_at_checked(3)?;
    let code = str::from_utf8(code).ok().filter(|code| code.bytes().all(|b| b.is_ascii_digit()))?;
    let code = code.parse::<u16>().ok().filter(|code| (200..600).contains(code))?;
    let text = String::from_utf8_lossy(text);
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let rest = text.strip_prefix(['-', ' ']).unwrap_or(&text);
    Some((code, !text.starts_with('-'), rest.trim_end().to_owned()))
}

/// The mail with a dot before each line that begins with one, and with the end of its last
/// line (RFC 5321 §4.5.2).
fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(mail.len() + 2);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
    }
    if !stuffed.ends_with(b"\r\n") {
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, duplex};

    use super::*;

    /// The outcome of `reply` to the end of a mail.
    async fn end(reply: &[u8]) -> Result<(), Cause> {
        let (mut server, client) = duplex(1 << 20);
        server.write_all(reply).await.unwrap();
        drop(server);
        let progress = Progress::default();
        progress.enter(Step::End);
        Dialogue::new(client, &progress).hear_the_end().await
    }

    /// The reason for this file: when this test fails, lettre accepts these replies and may be able
    /// to replace it.
    #[test]
    fn lettre_refuses_replies_that_are_good() {
        for reply in ["250\r\n", "260 ok\r\n", "250-queued\r\n251 ok\r\n", "250 ok\n"] {
            assert!(reply.parse::<Response>().is_err(), "{reply:?}");
        }
    }

    /// MAI-02: any success, however it is written, is one.
    #[tokio::test]
    async fn the_code_alone_decides_whether_the_server_has_the_mail() {
        for reply in [
            &b"250 taken\r\n"[..],
            b"250\r\n",
            b"250 \r\n",
            b"250\n",
            b"250 taken\n",
            b"250",
            b"250 ta",
            b"250\ttaken\r\n",
            b"250taken\r\n",
            b"260 taken\r\n",
            b"299 taken\r\n",
            b"250 angenommen f\xfcr M\xfcller\r\n",
            b"250 \xff\xfe\x00\r\n",
            b"250-\xff\r\n250 2.0.0 ok\r\n",
            b"250-queued\r\n251 ok\r\n",
            b"250-queued\r\n",
            b"250-queued\r\n250",
        ] {
            assert_eq!(end(reply).await, Ok(()), "{:?}", String::from_utf8_lossy(reply));
        }
        let long = [b"250 ".to_vec(), vec![b'x'; 5_000], b"\r\n".to_vec()].concat();
        assert_eq!(end(&long).await, Ok(()));
        let endless = [b"250-x\r\n".to_vec(), vec![b'x'; MAX_REPLY + 10]].concat();
        assert_eq!(end(&endless).await, Ok(()));
    }

    /// MAI-02.
    #[tokio::test]
    async fn what_has_no_code_is_neither_yes_nor_no() {
        for reply in
            [&b"ok\r\n"[..], b"25\r\n", b"2500 ok\r\n", b" 250 ok\r\n", b"\r\n", b"150 x\r\n"]
        {
            let cause = end(reply).await.unwrap_err();
            assert_eq!(cause, Cause::new(Step::End, Trouble::Unreadable), "{reply:?}");
        }
        assert_eq!(end(b"").await, Err(Cause::new(Step::End, Trouble::Closed)));
        assert_eq!(end(b"354 more\r\n").await, Err(Cause::new(Step::End, Trouble::Unreadable)));
        assert!(end(&vec![b'2'; MAX_REPLY + 10]).await.is_err());
        let refused = end(b"250-x\r\n550 \xff\r\n").await.unwrap_err();
        assert_eq!(refused.to_string(), "the mail server replied 550");
    }

    #[tokio::test]
    async fn what_a_server_says_before_tls_is_not_heard_after_it() {
        let (mut server, client) = duplex(1 << 10);
        server.write_all(b"250-x\r\n250 STARTTLS\r\n220 go\r\n250 injected\r\n").await.unwrap();
        let mut dialogue = Dialogue::new(client, &Progress::default());
        let name = ClientId::Domain("app.test".to_owned());
        let offered = dialogue.hello(&name).await.unwrap();

        let cause = dialogue.start_tls(&offered).await.err().unwrap();

        assert_eq!(cause, Cause::new(Step::StartTls, Trouble::Unreadable));
        let mut said = String::new();
        server.read_to_string(&mut said).await.unwrap();
        assert_eq!(said, "EHLO app.test\r\nSTARTTLS\r\n");
    }

    #[test]
    fn lines_that_begin_with_a_dot_end_no_mail() {
        assert_eq!(stuffed(b".\r\na\r\n..b\r\n"), b"..\r\na\r\n...b\r\n");
        assert_eq!(stuffed(b"a"), b"a\r\n");
    }
}
