//! [`Accounts`]: the one door to everything that accounts can do.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::{Clock, Permission, Principal};
use store::{DatabaseSettings, MigrationStep, OpenError, Store, Writable};
use tokio::{
    sync::Mutex,
    time::{self, Instant},
};
use url::Url;

use crate::{
    AuthSettings, Fault, Rate,
    counters::Counters,
    keys::{KeyPurpose, MacKey, SecretKey},
    mail::{MailSite, Outbox, RecentMail, RecentMails},
    password::{PasswordHasher, PasswordJudge},
    refusal_notes::RefusalNotes,
    session::LastSeen,
    shared_time::SharedTime,
    tally::Tally,
    throttle::Throttle,
};

/// How long an answer about readiness may take.
const READINESS_LIMIT: Duration = Duration::from_secs(2);
/// How long a write that was tried says whether another would do.
const WRITE_INTERVAL: Duration = Duration::from_secs(1);

/// The account use cases; cheap to clone.
#[derive(Clone)]
pub struct Accounts(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
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
    pub(crate) session_key: MacKey,
    pub(crate) saved_submission_key: MacKey,
    pub(crate) outbox: Outbox,
    pub(crate) recent_mails: RecentMails,
    pub(crate) last_seen: LastSeen,
    pub(crate) counters: Arc<Counters>,
    pub(crate) refusals: RefusalNotes,
    schema_seen_current: AtomicBool,
    pub(crate) shared_time: SharedTime,
    /// The last write that was tried, and what came of it.
    last_write: Mutex<Option<(Instant, Writable)>>,
}

/// Why there are no accounts to be had.
#[derive(Debug, thiserror::Error)]
pub enum OpenAccountsError {
    /// The database cannot be opened.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// No threads that hash passwords.
    #[error("the threads that hash passwords cannot be started")]
    Hasher,
}

/// Whether requests can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// They can.
    Ready,
    /// The database does not answer.
    DatabaseUnavailable,
    /// The database answers and takes no writes: it is read-only, or its disk is full.
    DatabaseNotWritable,
    /// The database lacks migrations of this program.
    MigrationsPending,
}

impl Accounts {
    /// Opens the database and starts the threads that hash passwords. Links in
    /// mails begin with `public_url`.
    pub async fn open(
        database: &DatabaseSettings,
        settings: AuthSettings,
        secret: &SecretKey,
        public_url: Url,
        clock: Clock,
    ) -> Result<Self, OpenAccountsError> {
        let store = Store::connect(database, settings.session.cache_ttl).await?;
        let shared_time = SharedTime::default();
        shared_time.follow(&store, &clock).await;
        let no_threads = |error: std::io::Error| {
            tracing::error!(error = %error.kind(), "no threads for hashing");
            OpenAccountsError::Hasher
        };
        let hasher = PasswordHasher::start(&settings.password).map_err(no_threads)?;
        let judge = PasswordJudge::start(settings.password.min_length, settings.brand.name)
            .map_err(no_threads)?;
        let mail_site = MailSite::new(public_url, settings.brand);
        let limits = &settings.limits;
        let checks = if limits.enabled { limits.signup_check_per_client } else { Rate::OFF };
        Ok(Self(Arc::new(Inner {
            hasher,
            judge,
            sign_up_checks: Tally::new(checks),
            throttle: Throttle::new(settings.limits.clone(), secret.derive(KeyPurpose::Throttle)),
            device_key: secret.derive(KeyPurpose::Device),
            code_key: secret.derive(KeyPurpose::ConfirmationCode),
            session_key: secret.derive(KeyPurpose::Session),
            saved_submission_key: secret.derive(KeyPurpose::SavedSubmission),
            outbox: Outbox::new(),
            recent_mails: RecentMails::new(settings.keep_recent_mails),
            last_seen: LastSeen::default(),
            counters: Arc::default(),
            refusals: RefusalNotes::default(),
            schema_seen_current: AtomicBool::new(false),
            shared_time,
            last_write: Mutex::default(),
            store,
            clock,
            settings,
            mail_site,
        })))
    }

    /// The settings that the use cases obey.
    pub fn settings(&self) -> &AuthSettings {
        &self.0.settings
    }

    /// Whether the role of the principal allows `permission`. A role that the product does not
    /// have allows nothing, and is logged.
    pub fn may(&self, principal: &Principal, permission: Permission) -> bool {
        let (roles, role) = (self.0.settings.roles, &principal.role);
        if roles.find(role.as_str()).is_err() {
            tracing::warn!(user_id = %principal.user_id, %role, "the product has no such role");
        }
        roles.allows(role, permission)
    }

    /// The database, for the tables of the product.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The clock that the use cases go by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Adjusts the clock to that of the database.
    pub(crate) async fn follow_shared_time(&self) {
        self.0.shared_time.follow(&self.0.store, &self.0.clock).await;
    }

    /// The names of the migrations that the database lacks.
    pub async fn pending_migrations(&self) -> Result<Vec<String>, Fault> {
        let status = self.0.store.migration_status().await?;
        Ok(status.into_iter().filter(|one| !one.applied).map(|one| one.name).collect())
    }

    /// Refuses a role of the database that may not read and write every table.
    pub async fn check_may_serve(&self) -> Result<(), OpenError> {
        self.0.store.check_may_serve().await
    }

    /// Refuses a role of the database that may not change the schema.
    pub async fn check_may_migrate(&self) -> Result<(), OpenError> {
        self.0.store.check_may_migrate().await
    }

    /// Applies every pending migration, all or none.
    pub async fn migrate(&self) -> Result<Vec<MigrationStep>, Fault> {
        Ok(self.0.store.migrate_up().await?)
    }

    /// Asks the database whether it answers, once whether its schema is current, and at
    /// most once a second, for all who ask, whether it takes writes. Takes two seconds at
    /// most.
    pub async fn readiness(&self) -> Readiness {
        let found = time::timeout(READINESS_LIMIT, self.look_at_database()).await;
        found.unwrap_or(Readiness::DatabaseUnavailable)
    }

    async fn look_at_database(&self) -> Readiness {
        if self.0.store.ping().await.is_err() {
            return Readiness::DatabaseUnavailable;
        }
        if !self.0.schema_seen_current.load(Ordering::Relaxed) {
            match self.pending_migrations().await {
                Ok(pending) if pending.is_empty() => {
                    self.0.schema_seen_current.store(true, Ordering::Relaxed);
                }
                Ok(_) => return Readiness::MigrationsPending,
                Err(_) => return Readiness::DatabaseUnavailable,
            }
        }
        match self.check_writable().await {
            Writable::Yes => Readiness::Ready,
            Writable::No => Readiness::DatabaseNotWritable,
        }
    }

    async fn check_writable(&self) -> Writable {
        let mut last = self.0.last_write.lock().await;
        if let Some((moment, writable)) = *last
            && moment.elapsed() < WRITE_INTERVAL
        {
            return writable;
        }
        let writable = self.0.store.try_write().await;
        *last = Some((Instant::now(), writable));
        writable
    }

    /// The latest mails that this process sent, the newest first; none unless the
    /// settings keep them.
    pub fn recent_mails(&self) -> Vec<RecentMail> {
        self.0.recent_mails.list()
    }

    /// Whether the text is a link to a page of this site.
    pub fn is_own_link(&self, text: &str) -> bool {
        self.0.mail_site.is_own_link(text)
    }

    /// How many statements have run on the database, for tests that count them.
    pub fn statement_count(&self) -> u64 {
        self.0.store.statement_count()
    }

    /// How many times Argon2 has run, for tests that count them.
    pub fn hash_count(&self) -> u64 {
        self.0.hasher.runs()
    }

    /// Closes the database when its running statements are done.
    pub async fn close(&self) {
        if let Err(error) = self.0.store.close().await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accounts")
    }
}
