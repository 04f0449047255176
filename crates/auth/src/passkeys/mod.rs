//! Passkeys (W3C Web Authentication, Level 3): a challenge in a form, its one answer, and the
//! passkeys of an account.
//!
//! A page asks for a [`PasskeyCeremony`] and puts it into a form. The form brings it back as a
//! [`PasskeyAnswer`], beside what the authenticator signed. No row is written before that, and the
//! challenge is spent before the answer is parsed. Attestation is not asked for: nothing depends on
//! the make of an authenticator.
//!
//! Guards against answers for another site or account, against replay, and against a copied private
//! key (MFA-07, PSK-01 to PSK-04).

mod accepted;
mod ceremony;
mod export;
mod log_in;
mod proof;
mod providers;
mod reauthentication;
mod registration;
mod relying_party;
mod second_step;

pub use self::{
    ceremony::{PasskeyAnswer, PasskeyCeremony},
    log_in::{LogInWithPasskey, PasskeyLogInError},
    registration::{AddPasskey, AddPasskeyError},
    second_step::LogInByPasskey,
};
pub(crate) use self::{export::ExportedPasskey, relying_party::RelyingParty};
