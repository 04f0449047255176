//! The vocabulary of Latchkey: what an account is, in types that cannot hold a
//! wrong value. Pure: no async, no I/O, no framework; `now` is always a value.
//!
//! # Glossary
//!
//! | word | meaning |
//! |---|---|
//! | account | what a person has here: a [`User`] with a password |
//! | principal | the user on whose behalf a request acts, with its session: [`Principal`] |
//! | role, permission | what a user is, what a role may do: [`Role`], [`Permission`] |
//! | session | a log-in that a browser holds by a cookie; the store knows its [`SessionKey`] only |
//! | recent log-in, sudo mode | the password was given in the session a short while ago; what is sensitive asks for it |
//! | held form | a form that could not be taken, kept sealed until its sender is back |
//! | remember me | a session that outlives the browser window |
//! | token, purpose | a secret mailed once to prove one thing: [`Token`], [`TokenPurpose`] |
//! | proof of address | a mail whose link or code shows that somebody reads that mailbox: [`ConfirmationCode`] |
//! | device cookie | the proof that a browser has logged in to an account before |
//! | timeline, event | what happened to an account, as its owner reads it: [`SecurityEvent`] |
//! | language | what a person is spoken to in: [`Language`], chosen by the browser until somebody says otherwise |
//! | throttle | the count of tries that a client or an account has left |
//! | flash | a sentence shown once, on the page after the one that caused it |
//! | fragment, out of band | a part of a page sent alone; a part that travels with another |
//! | search key | a text as it is searched in, whatever its case and composition: [`search_key`] |
//! | outbox | the mails that are owed, kept with the facts that they tell of |

mod clock;
mod confirmation_code;
mod email_address;
mod language;
mod name;
mod password;
pub mod random;
mod refusal_reason;
mod role;
mod security_event;
mod session;
mod text;
mod token;
mod user;
mod user_agent;

pub use clock::{Clock, Timestamp};
pub use confirmation_code::{ConfirmationCode, InvalidConfirmationCode};
pub use email_address::{EmailAddress, EmailAddressError};
pub use language::{Language, UnknownLanguage};
pub use name::{DisplayName, DisplayNameError};
pub use password::{Password, PasswordError};
pub use refusal_reason::{RefusalReason, UnknownReason};
pub use role::{Permission, Role, UnknownRole};
pub use security_event::{EventActor, SecurityEvent, UnknownEvent};
pub use session::{Principal, SessionKey};
pub use text::{former_search_key, search_key};
pub use token::{InvalidToken, Token, TokenHash, TokenPurpose};
pub use user::{InvalidUserId, User, UserId};
pub use user_agent::UserAgent;
