//! [`Accounts`]: the handle to the accounts of a site, which is opened, started and closed, and
//! hands out the services.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicBool},
};

use domain::{Clock, Permission, Principal};
use store::{DatabaseSettings, OpenError, Store};
use tokio::sync::Mutex;
use url::Url;

use crate::{
    AuthSettings, Rate,
    context::Context,
    keys::{KeyPurpose, SecretKey},
    mail::{LinkKey, MailSite, Outbox, RecentMails},
    passkeys::RelyingParty,
    password::{PasswordHasher, PasswordJudge},
    refusal_notes::RefusalNotes,
    sealing::SealingKeys,
    seldom::Seldom,
    services::{Administration, Credentials, Operations, OwnAccount, Registration, Sessions},
    session::LastSeen,
    shared_time::SharedTime,
    tally::Tally,
    throttle::Throttle,
};

/// The accounts of a site; cheap to clone.
#[derive(Clone)]
pub struct Accounts(pub(crate) Arc<Context>);

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
        let relying_party = RelyingParty::new(&public_url, settings.brand.name);
        let mail_site = MailSite::new(public_url, settings.brand);
        let limits = &settings.limits;
        let checks = if limits.enabled { limits.signup_check_per_client } else { Rate::OFF };
        Ok(Self(Arc::new(Context {
            hasher,
            judge,
            sign_up_checks: Tally::new(checks),
            throttle: Throttle::new(settings.limits.clone(), secret.derive(KeyPurpose::Throttle)),
            device_key: secret.derive(KeyPurpose::Device),
            code_key: secret.derive(KeyPurpose::ConfirmationCode),
            link_key: LinkKey::new(secret.derive(KeyPurpose::MailLink)),
            session_key: secret.derive(KeyPurpose::Session),
            saved_submission_keys: [Some(secret.derive(KeyPurpose::SavedSubmission))]
                .into_iter()
                .chain([secret.derive_previous(KeyPurpose::SavedSubmission)])
                .flatten()
                .collect(),
            sealing: SealingKeys::new(secret),
            relying_party,
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

    /// Returns the service for signing up and for proving an address.
    pub fn registration(&self) -> Registration<'_> {
        Registration(&self.0)
    }

    /// Returns the service for logging in and out, and for sessions.
    pub fn sessions(&self) -> Sessions<'_> {
        Sessions(&self.0)
    }

    /// Returns the service for changing and resetting passwords.
    pub fn credentials(&self) -> Credentials<'_> {
        Credentials(&self.0)
    }

    /// Returns the service for the account of the user who asks.
    pub fn account(&self) -> OwnAccount<'_> {
        OwnAccount(&self.0)
    }

    /// Returns the service for admins and the operator.
    pub fn administration(&self) -> Administration<'_> {
        Administration(&self.0)
    }

    /// Returns the service for running the process.
    pub fn operations(&self) -> Operations<'_> {
        Operations(&self.0)
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
            static UNKNOWN_ROLE: Seldom = Seldom::new();
            if let Some(left_out) = UNKNOWN_ROLE.due() {
                let user_id = &principal.user_id;
                tracing::warn!(%user_id, %role, left_out, "the product has no such role");
            }
        }
        roles.allows(role, permission)
    }

    /// Whether the principal has to set up a second factor before anything else.
    pub fn lacks_second_factor(&self, principal: &Principal) -> bool {
        principal.second_factor_since.is_none() && self.0.requires_second_factor(&principal.role)
    }

    /// The database, for the tables of the product.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The clock that the use cases go by.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Whether the text is a link to a page of this site.
    pub fn is_own_link(&self, text: &str) -> bool {
        self.0.mail_site.is_own_link(text)
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
