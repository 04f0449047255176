//! [`Context`]: what every service works with, from the database to the keys.
//!
//! A service calls down to the context and never another service. The steps that several services
//! share are methods of the context. Each is in the module of its subject, such as
//! [`crate::credentials`].

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use domain::{Clock, EmailAddress, Timestamp, User};
use store::{MailId, Store, Writable};
use tokio::{sync::Mutex, time::Instant};

use crate::{
    AuthSettings, Fault,
    counters::Counters,
    keys::MacKey,
    mail::{Envelope, LinkKey, MailSite, Outbox, RecentMails},
    passkeys::RelyingParty,
    password::{PasswordHasher, PasswordJudge},
    refusal_notes::RefusalNotes,
    sealing::SealingKeys,
    session::LastSeen,
    shared_time::SharedTime,
    tally::Tally,
    throttle::Throttle,
};

/// The parts that the services share; one per process.
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) hasher: PasswordHasher,
    pub(crate) judge: PasswordJudge,
    pub(crate) clock: Clock,
    pub(crate) settings: AuthSettings,
    pub(crate) mail_site: MailSite,
    pub(crate) throttle: Throttle,
    pub(crate) sign_up_checks: Tally,
    pub(crate) device_key: MacKey,
    pub(crate) code_key: MacKey,
    pub(crate) link_key: LinkKey,
    pub(crate) session_key: MacKey,
    /// The present key, and the one before it.
    pub(crate) saved_submission_keys: Vec<MacKey>,
    pub(crate) sealing: SealingKeys,
    /// `None` where browsers have no passkeys.
    pub(crate) relying_party: Option<RelyingParty>,
    pub(crate) outbox: Outbox,
    pub(crate) recent_mails: RecentMails,
    pub(crate) last_seen: LastSeen,
    pub(crate) counters: Arc<Counters>,
    pub(crate) refusals: RefusalNotes,
    pub(crate) schema_seen_current: AtomicBool,
    pub(crate) shared_time: SharedTime,
    /// The last write that was tried, and what came of it.
    pub(crate) last_write: Mutex<Option<(Instant, Writable)>>,
}

impl Context {
    /// Finds the account with this address.
    pub(crate) async fn find_user(&self, email: &EmailAddress) -> Result<Option<User>, Fault> {
        Ok(self.store.users().find_by_email(email).await?.map(|(user, _)| user))
    }

    /// The envelope of a new mail that is good for `lifetime` from `now` on.
    pub(crate) fn envelope(&self, lifetime: Duration, now: Timestamp) -> Envelope<'_> {
        Envelope::new(&self.mail_site, MailId::generate(), lifetime, now)
    }

    /// Adjusts the clock to that of the database.
    pub(crate) async fn follow_shared_time(&self) {
        self.shared_time.follow(&self.store, &self.clock).await;
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context(…)")
    }
}
