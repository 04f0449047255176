//! What the worker needs of the use cases: the mails that were asked for, and the links of those that
//! are sent. The use cases depend on this folder, so they are handed in.

use std::{error::Error, fmt, pin::Pin, sync::Arc};

use store::{ClaimedMail, StoreError};

use super::link::LinkKey;

/// Writes the mails that were asked for, and completes those that are sent.
#[derive(Clone)]
pub struct Writer {
    links: LinkKey,
    write: Arc<WriteRequest>,
}

type WriteRequest = dyn Fn(ClaimedMail) -> Written + Send + Sync;
type Written = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

impl Writer {
    /// A writer whose links have tokens from `links`. `write` turns a request into a mail or
    /// withdraws it, in a transaction of its own.
    pub fn new<W>(links: LinkKey, write: impl Fn(ClaimedMail) -> W + Send + Sync + 'static) -> Self
    where
        W: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        Self { links, write: Arc::new(move |request| Box::pin(write(request))) }
    }

    /// The mail as it is sent, with its link.
    pub(super) fn complete(&self, mail: ClaimedMail) -> ClaimedMail {
        self.links.complete(mail)
    }

    /// Whether it is done. A request that fails is due again when its lease ends.
    pub(super) async fn write(&self, request: ClaimedMail) -> bool {
        let (mail_id, kind) = (request.id, request.kind.clone());
        let written = (self.write)(request).await;
        if let Err(error) = &written {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%mail_id, kind, %error, cause, "a mail could not be written yet");
        }
        written.is_ok()
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer(…)")
    }
}
