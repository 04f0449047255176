//! The database of accounts: SQLite for one node, PostgreSQL for many. The URL alone selects it.
//!
//! [`Store`] reads. [`WriteTx`] reads and writes, and is the only way to write, because SQLite
//! refuses a transaction under load that starts with a read and writes later. Each aggregate has
//! one concrete repository. Only this crate converts rows to domain types. No transaction hashes a
//! password, sends a mail or waits for anything but the database.

#![doc = include_str!("../README.md")]

mod account_limits;
mod address_proofs;
mod audit_trail;
mod authentication_apps;
mod cache_change;
mod cache_invalidation;
mod cause;
mod confirmation;
mod database;
mod database_url;
mod disabling;
mod email_changes;
mod encoding;
mod entities;
mod error;
mod event_sweep;
mod factor_resets;
mod factors;
mod inspection;
mod invitation_changes;
mod invitations;
mod last_seen;
mod limited;
mod limits;
mod mail_list;
mod mail_requests;
mod metrics;
mod migrating;
mod notice_links;
mod open;
mod open_error;
mod open_sessions;
mod outbox;
mod outbox_work;
mod passkeys;
mod pending_log_ins;
mod person;
mod principal_cache;
mod readiness;
mod reauthentication;
mod recovery_codes;
mod refusals;
mod remembered_browsers;
mod repositories;
mod rights;
mod roles;
mod saved_submissions;
mod search_text;
mod second_factor;
mod security_events;
mod server_time;
mod sessions;
mod settings;
mod sql;
mod sweep;
#[cfg(test)]
mod testing;
mod throttles;
mod tokens;
mod user_mails;
mod user_search;
mod users;
mod values;

pub use account_limits::LimitState;
pub use address_proofs::{AddressProof, AddressProofs, ProofPurpose};
pub use audit_trail::{AccountName, AuditEntry, AuditPage, AuditQuery};
pub use authentication_apps::{AuthenticationApp, AuthenticationApps, NewApp, SealedSecret};
pub use cause::Cause;
pub use database::{Reads, Store, WriteTx};
pub use database_url::{DatabaseUrl, InvalidDatabaseUrl};
pub use email_changes::{EmailChange, EmailChanges};
pub use error::{Constraint, StoreError};
pub use event_sweep::MAX_EVENTS;
pub use factors::{Factors, ListedFactor};
pub use invitations::{
    Invitation, InvitationCursor, InvitationId, InvitationPage, Invitations, ListedInvitation,
    NewInvitationLink,
};
pub use mail_list::{ListedMail, MailCursor, MailFilter, MailPage};
pub use mail_requests::MailRequest;
pub use metrics::{OutboxState, PoolState};
pub use migrating::IGNORE_PROGRESS;
pub use migrations::{
    Blocks, Change, Changes, Part, Planned as PlannedMigration, PlannedPart,
    Progress as MigrationProgress, Say as SayProgress, Schema, Status as MigrationStatus,
    Step as MigrationStep,
};
pub use notice_links::{NoticeLink, NoticeLinks};
pub use open_error::OpenError;
pub use open_sessions::OpenSession;
pub use outbox::{ClaimedMail, MailId, MailPriority, MailState, NewMail, Outbox, Pause};
pub use passkeys::{AuthenticatorState, NewPasskey, Passkeys, StoredPasskey};
pub use pending_log_ins::{NewPendingLogIn, PendingLogIn, PendingLogIns};
pub use person::{PersonalMail, PersonalProof};
pub use principal_cache::CacheState;
pub use readiness::Writable;
pub use recovery_codes::{RecoveryCodeState, RecoveryCodes};
pub use refusals::NewRefusals;
pub use remembered_browsers::{NewRememberedBrowser, RememberedBrowser, RememberedBrowsers};
pub use roles::RoleChange;
pub use saved_submissions::{NewSavedSubmission, SavedSubmissions};
pub use security_events::{EventCursor, EventPage, NewSecurityEvent, Refusals, SecurityEvents};
pub use sessions::{Freshness, NewSession, SessionEnding, Sessions};
pub use settings::DatabaseSettings;
pub use sweep::Swept;
pub use throttles::{Limit, Taken, Throttles};
pub use tokens::{NewToken, Tokens};
pub use user_mails::{MailPlace, UserMail};
pub use user_search::{
    MAX_COUNTED, SearchIndex, UserCursor, UserFilter, UserOrder, UserPage, UserQuery,
};
pub use users::{NewUser, Users};
