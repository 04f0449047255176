//! The conversation with one client: the part of SMTP (RFC 5321) that senders of mail need, with
//! the current fault.

use std::{future, io};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::caught::{Caught, CaughtMail, Fault, Stage};

/// The longest accepted line, in bytes; more than RFC 5321 §4.5.3.1.6 allows.
const MAX_LINE: u64 = 64 * 1024;
/// The largest accepted mail, in bytes.
const MAX_MAIL: usize = 10 * 1024 * 1024;

/// Handles one client. An error ends this conversation only.
pub(super) async fn converse(stream: TcpStream, caught: &Caught) -> io::Result<()> {
    if caught.fault() == Fault::Refuse {
        return Ok(());
    }
    let (input, output) = stream.into_split();
    let mut line = Line { input: BufReader::new(input), output, caught };
    line.answer(Stage::Connect, "220 mail catcher").await?;
    let mut mail = None;
    loop {
        let command = line.read().await?;
        let verb = command.get(..4).unwrap_or(&command).to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => {
                line.answer(Stage::Ehlo, "250-mail catcher\r\n250-8BITMIME\r\n250 AUTH PLAIN")
                    .await?;
            }
            "AUTH" => line.log_in(&command).await?,
            "MAIL" => {
                let new = CaughtMail { from: path(&command), to: Vec::new(), data: Vec::new() };
                mail = line.answer(Stage::Mail, "250 ok").await?.then_some(new);
            }
            "RCPT" => line.add_recipient(mail.as_mut(), &command).await?,
            "DATA" => line.take(mail.take()).await?,
            "RSET" => {
                mail = None;
                line.write("250 ok").await?;
            }
            "NOOP" => line.write("250 ok").await?,
            "QUIT" => return line.write("221 goodbye").await,
            _ => line.write("502 unknown command").await?,
        }
    }
}

/// Returns the address between angle brackets.
fn path(command: &str) -> String {
    let inner = command.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map(|(address, _)| address.to_owned()).unwrap_or_default()
}

fn is_refusal(said: &[u8]) -> bool {
    said.first().is_some_and(|first| (b'4'..=b'9').contains(first))
}

/// The connection with one client.
struct Line<'a> {
    input: BufReader<OwnedReadHalf>,
    output: OwnedWriteHalf,
    caught: &'a Caught,
}

impl Line<'_> {
    /// Sends the good answer, or acts as the fault demands. Returns whether the command was
    /// accepted.
    async fn answer(&mut self, stage: Stage, good: &str) -> io::Result<bool> {
        let fault = self.caught.fault_after_holding(stage).await;
        match fault {
            Fault::SilentAt(at) if at == stage => future::pending().await,
            Fault::DropAt(at) if at == stage => Err(io::ErrorKind::ConnectionAborted.into()),
            Fault::ReplyAt(at, code) if at == stage => {
                self.write(&format!("{code} as told")).await?;
                if code == 421 {
                    Err(io::ErrorKind::ConnectionAborted.into())
                } else {
                    Ok(code < 400)
                }
            }
            Fault::SayAt(at, said) if at == stage => {
                self.output.write_all(said).await?;
                Ok(!is_refusal(said))
            }
            _ => self.write(good).await.map(|()| true),
        }
    }

    async fn log_in(&mut self, command: &str) -> io::Result<()> {
        if command.split_whitespace().count() < 3 {
            self.write("334 ").await?;
            self.read().await?;
        }
        self.write("235 welcome").await
    }

    async fn add_recipient(
        &mut self,
        mail: Option<&mut CaughtMail>,
        command: &str,
    ) -> io::Result<()> {
        let Some(mail) = mail else { return self.write("503 MAIL first").await };
        if self.answer(Stage::Rcpt, "250 ok").await? {
            mail.to.push(path(command));
        }
        Ok(())
    }

    async fn take(&mut self, mail: Option<CaughtMail>) -> io::Result<()> {
        let Some(mut mail) = mail.filter(|mail| !mail.to.is_empty()) else {
            return self.write("503 RCPT first").await;
        };
        if !self.answer(Stage::Data, "354 end with a dot").await? {
            return Ok(());
        }
        mail.data = self.read_data().await?;
        match self.caught.fault() {
            Fault::SilentAt(Stage::AfterData) | Fault::ReplyAt(Stage::AfterData, 400..) => {}
            Fault::SayAt(Stage::AfterData, said) if is_refusal(said) => {}
            _ => self.caught.keep(mail),
        }
        self.answer(Stage::AfterData, "250 taken").await.map(drop)
    }

    async fn read_data(&mut self) -> io::Result<Vec<u8>> {
        let mut data = Vec::new();
        loop {
            let line = self.read_line().await?;
            if line == b".\r\n" || line == b".\n" {
                return Ok(data);
            }
            data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if data.len() > MAX_MAIL {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
        }
    }

    async fn read(&mut self) -> io::Result<String> {
        let line = self.read_line().await?;
        Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
    }

    async fn read_line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut line).await?;
        if line.ends_with(b"\n") { Ok(line) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }

    async fn write(&mut self, reply: &str) -> io::Result<()> {
        self.output.write_all(format!("{reply}\r\n").as_bytes()).await
    }
}
