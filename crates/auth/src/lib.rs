//! The account use cases. This crate does not depend on HTTP.
//!
//! [`Accounts`] is the entry point and returns the services, such as [`Sessions`]. Each family of
//! use cases has a file with its commands, its error enums and its methods of a service. Passwords,
//! sessions, throttles and mails have separate modules. The texts of pages are in `web`, those of
//! mails in [`mail`].

#![doc = include_str!("../README.md")]

mod accounts;
mod address_proof;
mod admin_seed;
mod authentication_app;
mod client;
mod compromise_report;
mod context;
mod counters;
mod credential_check;
mod credentials;
mod deletion;
mod device;
mod email_change;
mod export;
mod exported_time;
mod factor_code;
mod factor_reset;
mod factors;
mod fault;
mod first_step;
mod invitation;
pub mod keys;
mod link_error;
mod log_in;
pub mod mail;
mod mail_admin;
mod mail_requests;
mod mailbox;
mod maintenance;
mod metrics;
mod operator;
mod orders;
mod own_factors;
mod owner_notices;
mod passkeys;
pub mod password;
mod password_change;
mod password_reset;
mod passwordless;
mod pending_log_in;
mod personal_data;
mod product;
mod profile;
mod readiness;
mod recovery_codes;
mod refusal_notes;
mod refusals;
mod remembered_browser;
mod revocation;
mod saved_submission;
mod sealing;
mod second_step;
mod seldom;
mod services;
pub mod session;
mod session_start;
mod settings;
mod shared_time;
mod sign_up;
mod sudo;
mod tally;
mod throttle;
mod timeline;
mod tries;
mod user_admin;
mod ways_in;

pub use accounts::{Accounts, OpenAccountsError};
pub use address_proof::{
    ConfirmByLink, ConfirmByLinkError, Confirmation, Confirmed, LinkStanding, PROOF_LIFETIME,
    ProofCookie, ProofLink, RESEND_PAUSE, ResendProofError,
};
pub use admin_seed::{AdminSecret, SeedAdmin, SeedAdminError, Seeded};
pub use authentication_app::{AddApp, AddAppError, AppEnrolment, NoEnrolment};
pub use client::Client;
pub use counters::{LogInOutcome, MailOutcome, SweepState};
pub use deletion::{CancelDeletionError, RequestDeletionError};
pub use device::DeviceCookie;
pub use email_change::{
    EmailChangeError, PendingEmailChange, RequestEmailChangeError, ResendEmailChangeError,
};
pub use export::ExportError;
pub use exported_time::ExportedTime;
pub use factor_reset::{FactorResetBegun, RequestFactorResetError};
pub use factors::{FactorAdded, RemoveFactorError, UsableFactors};
pub use fault::Fault;
pub use invitation::{
    INVITATION_LIFETIME, InvitationEntry, InvitationList, InvitationStatus, Invite, InviteError,
    Invited, Inviter, ResendInvitationError, RevokeInvitationError,
};
pub use link_error::LinkError;
pub use log_in::{LogIn, LogInError};
pub use mail_admin::{MailTrouble, SendAgainError, is_repeatable};
pub use mailbox::{
    CodeAccepted, ConfirmByCodeError, CorrectAddressError, DelayReason, MailProgress, Mailbox,
    WaitingMailbox,
};
pub use maintenance::Background;
pub use metrics::Metrics;
pub use operator::{AccountLimit, AccountReport};
pub use orders::{Order, OrderError, OrderOutcome};
pub use own_factors::FactorList;
pub use passkeys::{
    AddPasskey, AddPasskeyError, LogInByPasskey, LogInWithPasskey, PasskeyAnswer, PasskeyCeremony,
    PasskeyLogInError,
};
pub use password_change::{ChangePassword, ChangePasswordError, PasswordChanged};
pub use password_reset::{
    PasswordReset, RequestPasswordResetError, ResetPassword, ResetPasswordError,
};
pub use passwordless::{RemovePasswordError, SetPasswordError};
pub use pending_log_in::{
    FinishedLogIn, PENDING_LIFETIME, PendingCookie, PendingEnd, PendingLogIn, SecondStep,
};
pub use personal_data::PersonalData;
pub use profile::ChangeNameError;
pub use readiness::Readiness;
pub use recovery_codes::{CodesSaved, DrawnCodes, RECOVERY_CODES, SaveCodesError};
pub use remembered_browser::{ListedBrowser, REMEMBERED_LIFETIME, RememberedCookie};
pub use saved_submission::SavedSubmission;
pub use sealing::count_sealed_otherwise;
pub use second_step::{LogInByCode, SecondStepError};
pub use seldom::Seldom;
pub use services::{Administration, Credentials, Operations, OwnAccount, Registration, Sessions};
pub use session_start::LoggedIn;
pub use settings::{
    AccountSettings, AuthSettings, LimitSettings, Rate, SecondFactorMode, SessionSettings,
    SignupMode,
};
pub use sign_up::{
    CompleteSignUp, CompleteSignUpError, RequestSignUpError, SignUp, SignUpError, SignUpLink,
    SignUpLinkError,
};
pub use store::{
    AccountName, AuditEntry, AuditPage, AuditQuery, CacheState, DatabaseSettings, DatabaseUrl,
    EventCursor, EventPage, Freshness, InvalidDatabaseUrl, Invitation, InvitationCursor,
    InvitationId, LimitState, ListedFactor, ListedMail, MAX_COUNTED, MailCursor, MailFilter,
    MailId, MailPage, MailPlace, MigrationStep, NewSecurityEvent, OpenError, OpenSession,
    OutboxState, PoolState, RecoveryCodeState, Refusals, Store, StoreError, UserCursor, UserFilter,
    UserMail, UserOrder, UserPage, UserQuery, WriteTx,
};
pub use sudo::{ConfirmPasswordError, PasswordConfirmed, PasswordProof, Reauthenticate};
pub use user_admin::ExportUsersError;
pub use ways_in::{WAYS_IN, WayIn, WayInFacts};
