//! The latest mails that were sent, for a developer on this machine. They are kept only where the
//! settings ask for it, because mails contain links that open accounts.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use store::ClaimedMail;

/// Most mails kept.
const CAPACITY: usize = 50;

/// A mail as it was sent.
#[derive(Clone)]
pub struct RecentMail {
    /// The recipient.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The whole mail as plain text.
    pub text: String,
}

/// The latest mails, or none where they are not kept.
#[derive(Clone, Default)]
pub(crate) struct RecentMails(Option<Arc<Mutex<VecDeque<RecentMail>>>>);

impl RecentMails {
    pub(crate) fn new(is_kept: bool) -> Self {
        Self(is_kept.then(Arc::default))
    }

    pub(crate) fn note(&self, mail: &ClaimedMail) {
        let Some(mails) = &self.0 else { return };
        let mut mails = mails.lock().unwrap_or_else(PoisonError::into_inner);
        mails.truncate(CAPACITY - 1);
        mails.push_front(RecentMail {
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            text: mail.text.clone(),
        });
    }

    /// The newest first.
    pub(crate) fn list(&self) -> Vec<RecentMail> {
        let Some(mails) = &self.0 else { return Vec::new() };
        mails.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl std::fmt::Debug for RecentMails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecentMails(…)")
    }
}
