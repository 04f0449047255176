//! A connection that a slow reader cannot hold, and that does not cut off its own last bytes.
//!
//! Threats: a slow reader, who keeps a connection and the page it waits for (RES-03).
//! And a trap of TCP: closing a socket with unread bytes, such as the rest of a body
//! that was refused, resets the connection, and the client may never see why.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

/// Bytes that a client takes within the write time-out, or it is too slow.
const MIN_PROGRESS: usize = 64 * 1024;

/// How long a client may take to hang up when it was told that the answer is over.
const LINGER: Duration = Duration::from_millis(250);

/// The same for a client that was still sending.
const DRAIN: Duration = Duration::from_secs(1);

/// A connection with a pace.
pub(super) struct WriteTimeout {
    stream: TcpStream,
    limit: Duration,
    /// Runs while the client does not read.
    timer: Option<Pin<Box<Sleep>>>,
    is_waiting: bool,
    taken: usize,
    is_shut: bool,
    is_draining: bool,
}

impl WriteTimeout {
    pub(super) fn new(stream: TcpStream, limit: Duration) -> Self {
        Self {
            stream,
            limit,
            timer: None,
            is_waiting: false,
            taken: 0,
            is_shut: false,
            is_draining: false,
        }
    }

    fn set_timer(&mut self, duration: Duration) {
        match &mut self.timer {
            Some(timer) => timer.as_mut().reset(Instant::now() + duration),
            None => self.timer = Some(Box::pin(sleep(duration))),
        }
    }

    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.timer.as_mut().map_or(Poll::Ready(()), |timer| timer.as_mut().poll(cx))
    }

    fn note_progress(&mut self, bytes: usize) {
        self.taken += bytes;
        if self.taken >= MIN_PROGRESS {
            self.is_waiting = false;
        }
    }

    fn poll_too_slow<T>(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<T>> {
        if !self.is_waiting {
            self.is_waiting = true;
            self.taken = 0;
            self.set_timer(self.limit);
        }
        ready!(self.poll_timer(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Throws away what the client still sends, until it hangs up too.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 8192];
        while self.poll_timer(cx).is_pending() {
            let mut buffer = ReadBuf::new(&mut scratch);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
            if !self.is_draining {
                self.is_draining = true;
                self.set_timer(DRAIN);
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for WriteTimeout {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for WriteTimeout {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Pending => self.poll_too_slow(cx),
            Poll::Ready(written) => {
                self.note_progress(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write_vectored(cx, bytes) {
            Poll::Pending => self.poll_too_slow(cx),
            Poll::Ready(written) => {
                self.note_progress(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Called when everything is written, so that the client is not late.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.is_waiting = false;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.is_shut {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.is_shut = true;
            self.set_timer(LINGER);
        }
        self.poll_drain(cx).map(Ok)
    }
}
