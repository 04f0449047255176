//! A mail server for the tests of this folder. A closure chooses each reply.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// What the server does after a command or the end of a mail.
pub(super) enum Reply {
    /// Sends this line.
    Say(&'static str),
    /// Sends nothing and keeps listening.
    Silence,
    /// Ends the conversation.
    End,
}

/// Converses with one client. `reply` gets each command, and the dot at the end of a mail.
pub(super) fn converse(
    stream: impl Read + Write,
    greeting: Option<&str>,
    mut reply: impl FnMut(&str) -> Reply,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    if let Some(greeting) = greeting {
        write!(stream.get_mut(), "{greeting}\r\n")?;
    }
    let (mut line, mut is_body) = (String::new(), false);
    while stream.read_line(&mut line)? > 0 {
        let command = line.trim_end();
        if !is_body || command == "." {
            is_body = command == "DATA";
            match reply(command) {
                Reply::Say(said) => write!(stream.get_mut(), "{said}\r\n")?,
                Reply::Silence => {}
                Reply::End => return Ok(()),
            }
        }
        line.clear();
    }
    Ok(())
}

/// Listens on `port`, or on a free one for 0, as long as the process lasts. Each client has a
/// thread. Returns the port.
pub(super) fn listen(port: u16, serve: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            thread::spawn(move || serve(stream));
        }
    });
    port
}

/// A port that no server listens on.
pub(super) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A server that accepts every recipient but `refused@`, and gives no reply for `silent@`.
pub(super) struct TestServer {
    pub(super) port: u16,
    recipients: Arc<Mutex<Vec<String>>>,
}

impl TestServer {
    pub(super) fn start() -> Self {
        Self::start_on(0)
    }

    pub(super) fn start_on(port: u16) -> Self {
        let recipients = Arc::default();
        let taken = Arc::clone(&recipients);
        let port = listen(port, move |stream| {
            let mut recipient = String::new();
            // A client that has gone ends its conversation only.
            let _ended = converse(stream, Some("220 test"), |command| {
                if let Some(to) = command.strip_prefix("RCPT TO:<") {
                    to.trim_end_matches('>').clone_into(&mut recipient);
                }
                take(command, &recipient, &taken)
            });
        });
        Self { port, recipients }
    }

    /// The recipients of the mails taken so far.
    pub(super) fn recipients(&self) -> Vec<String> {
        self.recipients.lock().unwrap().clone()
    }
}

fn take(command: &str, recipient: &str, taken: &Mutex<Vec<String>>) -> Reply {
    match command {
        "DATA" => Reply::Say("354 go"),
        "." => {
            taken.lock().unwrap().push(recipient.to_owned());
            if recipient.starts_with("silent@") { Reply::Silence } else { Reply::Say("250 ok") }
        }
        _ if command.starts_with("RCPT") && recipient.starts_with("refused@") => {
            Reply::Say("550 no")
        }
        _ => Reply::Say("250 ok"),
    }
}
