//! How lines of the log are written. Those about requests are many, and a `write` for each
//! would be an eighth of what a page costs; so they wait for one another, for some
//! milliseconds. Every other line is written at once, after those before it.

use std::{
    fmt,
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use tracing::Metadata;
use tracing_subscriber::fmt::MakeWriter;

use crate::middleware::REQUESTS;

/// How long lines wait for others, and so the most that a killed process loses.
const TOGETHER: Duration = Duration::from_millis(5);
/// Bytes that wait at most, but for one line that is longer.
const MOST: usize = 64 * 1024;

/// Lets lines of the log wait for one another. When it is dropped, what waits is written,
/// and nothing waits from then on.
#[must_use = "nothing waits once it is dropped"]
#[derive(Debug)]
pub struct Log {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

/// The lines, on their way out.
#[derive(Clone, Debug)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

struct Waiting {
    text: Vec<u8>,
    may_wait: bool,
    out: Box<dyn Write + Send>,
}

/// One line.
pub(super) struct Line<'a> {
    lines: &'a Lines,
    may_wait: bool,
}

impl Lines {
    /// Lines that are written to `out`, each at once.
    pub(super) fn new(out: impl Write + Send + 'static) -> Self {
        let waiting = Waiting { text: Vec::new(), may_wait: false, out: Box::new(out) };
        Self(Arc::new(Shared { waiting: Mutex::new(waiting), changed: Condvar::new() }))
    }

    /// Lets them wait, if there can be a thread that writes them.
    pub(super) fn gather(self) -> Log {
        self.lock().may_wait = true;
        let lines = self.clone();
        let thread = thread::Builder::new().name("log".to_owned()).spawn(move || lines.write());
        self.lock().may_wait = thread.is_ok();
        Log { lines: self, thread: thread.ok() }
    }

    /// Writes what waits, again and again.
    fn write(&self) {
        let is_idle = |waiting: &mut Waiting| waiting.text.is_empty() && waiting.may_wait;
        loop {
            let waiting = self.0.changed.wait_while(self.lock(), is_idle);
            if !waiting.unwrap_or_else(PoisonError::into_inner).may_wait {
                return;
            }
            thread::sleep(TOGETHER);
            // The writer is gone, and so is every other place to report to.
            let _ = self.lock().write();
        }
    }

    fn add(&self, line: &[u8], may_wait: bool) -> io::Result<()> {
        let mut waiting = self.lock();
        if waiting.text.len() + line.len() > MOST {
            waiting.write()?;
        }
        let is_first = waiting.text.is_empty();
        waiting.text.extend_from_slice(line);
        if !(may_wait && waiting.may_wait) {
            return waiting.write();
        }
        drop(waiting);
        if is_first {
            self.0.changed.notify_one();
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn write(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.text);
        self.text.clear();
        // A vector that grew to hold as much has up to twice the room.
        self.text.shrink_to(2 * MOST);
        written
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("may_wait", &self.may_wait).finish_non_exhaustive()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let mut waiting = self.lines.lock();
        waiting.may_wait = false;
        let _ = waiting.write();
        drop(waiting);
        self.lines.0.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Self::Writer {
        Line { lines: self, may_wait: false }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Self::Writer {
        Line { lines: self, may_wait: metadata.target() == REQUESTS }
    }
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.lines.add(line, self.may_wait).map(|()| line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Tells of each write.
    struct Out(mpsc::Sender<String>);

    impl Write for Out {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.send(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn lines() -> (Lines, mpsc::Receiver<String>) {
        let (sender, written) = mpsc::channel();
        (Lines::new(Out(sender)), written)
    }

    #[test]
    fn lines_that_may_wait_are_written_soon() {
        let (lines, written) = lines();
        let _log = lines.clone().gather();

        for line in ["first\n", "second\n"] {
            lines.add(line.as_bytes(), true).unwrap();
            let mut all = String::new();
            while !all.ends_with(line) {
                all += &written.recv_timeout(Duration::from_secs(10)).unwrap();
            }
            assert_eq!(all, line);
        }
    }

    #[test]
    fn a_line_that_may_not_wait_comes_at_once_and_after_those_before_it() {
        let (lines, written) = lines();
        lines.lock().may_wait = true;

        lines.add(b"a request\n", true).unwrap();
        assert_eq!(written.try_recv(), Err(mpsc::TryRecvError::Empty));
        lines.add(b"a fault\n", false).unwrap();

        assert_eq!(written.try_recv().as_deref(), Ok("a request\na fault\n"));
    }

    #[test]
    fn what_waits_is_bounded() {
        let (lines, written) = lines();
        lines.lock().may_wait = true;
        let line = vec![b'x'; MOST / 4];

        for _ in 0..4 {
            lines.add(&line, true).unwrap();
            assert_eq!(written.try_recv(), Err(mpsc::TryRecvError::Empty));
        }
        lines.add(&line, true).unwrap();
        assert_eq!(written.try_recv().unwrap().len(), MOST);

        lines.add(&vec![b'x'; 5 * MOST], false).unwrap();
        assert_eq!(
            written.iter().take(2).map(|text| text.len()).sum::<usize>(),
            MOST / 4 + 5 * MOST
        );
        assert!(lines.lock().text.capacity() <= 2 * MOST);
    }

    #[test]
    fn what_waits_is_written_at_the_end_and_nothing_waits_from_then_on() {
        let (lines, written) = lines();
        let log = lines.clone().gather();

        lines.add(b"the last request\n", true).unwrap();
        drop(log);
        lines.add(b"after the end\n", true).unwrap();

        let all: String = written.try_iter().collect();
        assert_eq!(all, "the last request\nafter the end\n");
    }
}
