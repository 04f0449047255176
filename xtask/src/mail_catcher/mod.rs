//! A mail server for development and tests, which keeps each mail and delivers none. It can
//! simulate faults at any step of the conversation. It has no TLS and accepts every log-in, so it
//! belongs on the loopback interface only.

mod caught;
mod conversation;

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    net::TcpListener,
    sync::{broadcast, watch},
    task::{JoinHandle, JoinSet},
    time,
};

pub use self::caught::{CaughtMail, Fault, Stage};
use self::{
    caught::{Caught, MAX_MAILS},
    conversation::converse,
};

/// The pause after the listener itself failed, for example for lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A running mail catcher. Dropping it stops it.
#[derive(Debug)]
pub struct MailCatcher {
    addr: SocketAddr,
    caught: Arc<Caught>,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    stop: watch::Sender<()>,
    task: JoinHandle<()>,
}

impl MailCatcher {
    /// Listens on `addr`. Port 0 selects a free port.
    pub async fn start(addr: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let caught = Arc::new(Caught {
            mails: watch::Sender::default(),
            fault: watch::Sender::default(),
            arrivals: broadcast::Sender::new(MAX_MAILS),
            connections: AtomicUsize::new(0),
        });
        let addr = listener.local_addr()?;
        let running = Mutex::new(Some(run(listener, &caught)));
        Ok(Self { addr, caught, running })
    }

    /// Returns the listening address, also while the server is stopped.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the received mails, the oldest first, at most the last thousand.
    pub fn mails(&self) -> Vec<CaughtMail> {
        self.caught.mails.borrow().iter().cloned().collect()
    }

    /// Returns those of the mails that the envelope sends to `address`.
    pub fn mails_to(&self, address: &str) -> Vec<CaughtMail> {
        let mails = self.caught.mails.borrow();
        mails.iter().filter(|mail| mail.to.iter().any(|to| to == address)).cloned().collect()
    }

    /// Returns a receiver of the mails that arrive from now on. A receiver that falls a thousand
    /// mails behind misses the oldest and gets an error that says so.
    pub fn arrivals(&self) -> broadcast::Receiver<CaughtMail> {
        self.caught.arrivals.subscribe()
    }

    /// Returns the mails once `wanted` accepts them, or `None` after `limit`.
    pub async fn wait_for(
        &self,
        wanted: impl Fn(&[CaughtMail]) -> bool,
        limit: Duration,
    ) -> Option<Vec<CaughtMail>> {
        let mut changes = self.caught.mails.subscribe();
        let caught = async {
            loop {
                changes.borrow_and_update();
                let mails = self.mails();
                if wanted(&mails) {
                    return mails;
                }
                // `self` owns the sender, so that this waits and cannot fail.
                let _changed = changes.changed().await;
            }
        };
        time::timeout(limit, caught).await.ok()
    }

    /// Simulates this fault from the next answer on, also on open connections.
    pub fn set_fault(&self, fault: Fault) {
        self.caught.fault.send_replace(fault);
    }

    /// Returns the number of connections accepted so far.
    pub fn connections(&self) -> usize {
        self.caught.connections.load(Ordering::SeqCst)
    }

    /// Closes the port and every connection. The mails are kept.
    pub async fn stop(&self) {
        let running = lock(&self.running).take();
        if let Some(Running { stop, task }) = running {
            drop(stop);
            // The task ends by itself; a panic was reported where it happened.
            let _ended = task.await;
        }
    }

    /// Listens again on the same port, after [`MailCatcher::stop`].
    pub async fn restart(&self) -> io::Result<()> {
        self.stop().await;
        let listener = TcpListener::bind(self.addr).await?;
        *lock(&self.running) = Some(run(listener, &self.caught));
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run(listener: TcpListener, caught: &Arc<Caught>) -> Running {
    let (stop, stopped) = watch::channel(());
    let task = tokio::spawn(accept(listener, Arc::clone(caught), stopped));
    Running { stop, task }
}

async fn accept(listener: TcpListener, caught: Arc<Caught>, mut stopped: watch::Receiver<()>) {
    let mut conversations = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_ended) = conversations.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    caught.connections.fetch_add(1, Ordering::SeqCst);
                    let caught = Arc::clone(&caught);
                    conversations.spawn(async move { converse(stream, &caught).await });
                }
                Err(_) => time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }
    drop(listener);
    conversations.shutdown().await;
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
        net::TcpStream,
    };

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);
    const MAIL: &[&str] = &[
        "EHLO me",
        "MAIL FROM:<a@x.test> BODY=8BITMIME",
        "RCPT TO:<b@x.test>",
        "RCPT TO:<c@x.test>",
        "DATA",
        "Subject: hi\r\n\r\n..dotted\r\nend\r\n.",
        "QUIT",
    ];

    async fn catcher() -> MailCatcher {
        MailCatcher::start(([127, 0, 0, 1], 0).into()).await.unwrap()
    }

    /// Sends `lines`, each after the answer to the one before; returns the answers.
    async fn say(catcher: &MailCatcher, lines: &[&str]) -> Vec<String> {
        let mut stream = BufReader::new(TcpStream::connect(catcher.addr()).await.unwrap());
        let mut answers = Vec::new();
        for line in [""].iter().chain(lines) {
            if !line.is_empty() {
                let _gone = stream.write_all(format!("{line}\r\n").as_bytes()).await;
            }
            let mut answer = String::new();
            while answer.lines().last().is_none_or(|last| last.as_bytes()[3] != b' ') {
                match time::timeout(Duration::from_millis(200), stream.read_line(&mut answer)).await
                {
                    Ok(Ok(1..)) => {}
                    Ok(_) => return [answers, vec!["gone".to_owned()]].concat(),
                    Err(_) => return [answers, vec!["silence".to_owned()]].concat(),
                }
            }
            answers.push(answer[..3].to_owned());
        }
        answers
    }

    #[tokio::test]
    async fn a_mail_is_kept_as_it_was_meant() {
        let catcher = catcher().await;
        let answers = say(&catcher, MAIL).await;

        assert_eq!(answers, ["220", "250", "250", "250", "250", "354", "250", "221"]);
        let mails = catcher.wait_for(|mails| !mails.is_empty(), LIMIT).await.unwrap();
        let data = b"Subject: hi\r\n\r\n.dotted\r\nend\r\n".to_vec();
        let to = vec!["b@x.test".to_owned(), "c@x.test".to_owned()];
        assert_eq!(mails, [CaughtMail { from: "a@x.test".to_owned(), to, data }]);
    }

    #[tokio::test]
    async fn it_misbehaves_as_it_is_told() {
        for (fault, last, kept) in [
            (Fault::Refuse, "gone", 0),
            (Fault::DropAt(Stage::Connect), "gone", 0),
            (Fault::SilentAt(Stage::Ehlo), "silence", 0),
            (Fault::ReplyAt(Stage::Mail, 421), "gone", 0),
            (Fault::SilentAt(Stage::Rcpt), "silence", 0),
            (Fault::DropAt(Stage::Data), "gone", 0),
            (Fault::DropAt(Stage::AfterData), "gone", 1),
            (Fault::SilentAt(Stage::AfterData), "silence", 0),
            (Fault::ReplyAt(Stage::AfterData, 451), "221", 0),
            (Fault::SayAt(Stage::Rcpt, b"554 5.7.1 no relay\r\n"), "502", 0),
            (Fault::SayAt(Stage::AfterData, b"451 4.3.0 later\r\n"), "221", 0),
            (Fault::SayAt(Stage::AfterData, b"250 taken\r\n"), "221", 1),
        ] {
            let catcher = catcher().await;
            catcher.set_fault(fault);
            let answers = say(&catcher, MAIL).await;

            assert_eq!(answers.last().map(String::as_str), Some(last), "{fault:?}: {answers:?}");
            assert_eq!(catcher.mails().len(), kept, "{fault:?}");
            assert_eq!(catcher.connections(), 1);
        }
    }

    #[tokio::test]
    async fn after_an_outage_it_is_there_again_on_the_same_port() {
        let catcher = catcher().await;
        say(&catcher, MAIL).await;
        catcher.stop().await;
        // A process that another test starts holds every open port until it runs its program.
        let closed = async { while TcpStream::connect(catcher.addr()).await.is_ok() {} };
        time::timeout(LIMIT, closed).await.unwrap();

        catcher.restart().await.unwrap();
        say(&catcher, MAIL).await;
        assert_eq!(catcher.mails().len(), 2);
    }
}
