//! The vocabulary of accounts: types that describe an account and cannot hold an invalid value.
//! The crate is pure: it has no async code, no I/O and no framework. `now` is always an argument.
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | brand | the name, the colours and the links of a product: [`Brand`] |
//! | account | a [`User`] with a password |
//! | principal | the user that a request acts for, with the session: [`Principal`] |
//! | role, permission | the role of a user, and an action that only some roles allow: [`Role`], [`Permission`] |
//! | session | a log-in that a browser holds in a cookie; the store knows only its [`SessionKey`] |
//! | recent log-in, sudo mode | the password, and the second factor of an account that has one, was given in the session a short time ago; sensitive actions require it |
//! | assurance | how strongly the user of a session was proven: [`Assurance`] |
//! | second factor | an authentication app or a passkey, beside the password: [`FactorKind`] |
//! | pending log-in | a right password that waits for a second factor; it is no session |
//! | recovery code | replaces a lost second factor once: [`RecoveryCode`] |
//! | saved submission | a form that waits for its user to log in or to give the password; stored encrypted, without secrets |
//! | remember me | a session that outlives the browser window |
//! | token, purpose | a secret that is mailed once, for one purpose: [`Token`], [`TokenPurpose`] |
//! | proof of address | a mail with a link or a code that shows that its recipient reads the mailbox: [`ConfirmationCode`] |
//! | invitation | an address that an admin or the operator invited, with the role that its account gets |
//! | device cookie | the proof that a browser has logged in to an account before |
//! | audit note | the reason that an admin gives for a change of an account: [`AuditNote`] |
//! | timeline, event | the account activity that its owner can read: [`SecurityEvent`] |
//! | passkey | a public key by which a user logs in; the private key stays in the authenticator: [`Passkey`] |
//! | ceremony | one challenge for an authenticator, and its one answer |
//! | revocation | ending the sessions and links that a change of an account makes invalid |
//! | compromise report | the owner's report, by the link "this wasn't me" in a notice, that another person acted |
//! | language | the language of pages and mails: [`Language`], from the browser until the user chooses one |
//! | throttle | the number of tries that a client or an account has left |
//! | flash | a sentence shown once, on the page after the one that caused it |
//! | fragment, out of band | a part of a page that is sent alone; a part that is sent along with another |
//! | search key | a text in the form that searches compare, which ignores case and composition: [`search_key`] |
//! | outbox | the mails that wait to be sent, written in the transaction that causes them |

#![doc = include_str!("../README.md")]

mod assurance;
mod audit_note;
mod brand;
mod clock;
mod confirmation_code;
mod email_address;
mod event_actor;
mod factor;
mod language;
mod name;
mod passkey;
mod password;
pub mod random;
mod refusal_reason;
mod role;
mod second_factor_code;
mod security_event;
mod session;
mod symbols;
mod text;
mod token;
mod user;
mod user_agent;

pub use assurance::{Assurance, UnknownAssurance};
pub use audit_note::{AuditNote, AuditNoteError};
pub use brand::{Brand, BrandLink, BrandPicture, InvalidBrand, Palette};
pub use clock::{Clock, Timestamp};
pub use confirmation_code::{ConfirmationCode, InvalidConfirmationCode};
pub use email_address::{EmailAddress, EmailAddressError};
pub use event_actor::EventActor;
pub use factor::{FactorId, FactorKind, InvalidFactorId};
pub use language::{Language, UnknownLanguage};
pub use name::{DisplayName, DisplayNameError};
pub use passkey::{Aaguid, LogInKeys, Passkey};
pub use password::{Password, PasswordError};
pub use refusal_reason::{RefusalReason, UnknownReason};
pub use role::{InvalidRoles, Permission, Role, RoleDefinition, Roles, UnknownRole};
pub use second_factor_code::{AppCode, InvalidSecondFactorCode, RecoveryCode, SecondFactorCode};
pub use security_event::{SecurityEvent, UnknownEvent};
pub use session::{Principal, SessionKey};
pub use text::{former_search_key, search_key};
pub use token::{InvalidToken, Token, TokenHash, TokenPurpose};
pub use user::{InvalidUserId, User, UserId};
pub use user_agent::UserAgent;
