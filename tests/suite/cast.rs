//! The cast of the tests: who has an account, and with which password.

/// The password of everyone.
pub(crate) const PASSWORD: &str = "a goose on the loose";
/// Another password.
pub(crate) const NEW_PASSWORD: &str = "two ducks in tuxedos";
/// A user.
pub(crate) const MIA: &str = "mia@example.test";
/// The address that Mia moves to.
pub(crate) const NEW_MIA: &str = "mia.new@example.test";
/// An admin.
pub(crate) const ADA: &str = "ada@example.test";
/// A user with an unconfirmed address.
pub(crate) const ZOE: &str = "zoe@example.test";
/// A user who changes the address.
pub(crate) const LEA: &str = "lea@example.test";
/// A person without an account.
pub(crate) const LEO: &str = "leo@example.test";
/// Another user.
pub(crate) const NOAH: &str = "noah@example.test";
/// A user who wants what is Mia's.
pub(crate) const EVE: &str = "eve@example.test";
