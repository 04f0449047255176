//! The services that [`crate::Accounts`] hands out, one per kind of caller.
//!
//! Each is a view of the one [`Context`]: it is free to make and to copy, and it has no state of
//! its own. Its methods are in the modules of their use cases. No service calls another, so that a
//! change of one cannot change the promises of the others.

use std::sync::Arc;

use crate::context::Context;

/// How a visitor gets an account: signing up, and proving the address.
///
/// With `confirmed` sign-up, no answer and no time of an answer tells whether an address has an
/// account.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'a>(pub(crate) &'a Arc<Context>);

/// How a user gets into an account and out of it: logging in and out, finding and ending sessions,
/// giving the password again, and the forms that wait meanwhile.
///
/// A session begins with a log-in and in no other way, and an ended session never comes back.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Arc<Context>);

/// How an owner sets another password: by the current one, by a mailed link, or by the report that
/// the account is in other hands.
///
/// Each of them revokes the sessions and links that the old password could have led to, and logs no
/// one in.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a>(pub(crate) &'a Arc<Context>);

/// What users do with their own account: the name, the language, the address, the timeline, the
/// export, and the deletion.
///
/// A principal or a mailed link names the account, so that no call reaches the account of another.
#[derive(Clone, Copy, Debug)]
pub struct OwnAccount<'a>(pub(crate) &'a Arc<Context>);

/// What admins and the operator do with the accounts of others.
///
/// The caller has checked that the actor may do it. Each change is in the timeline of the account
/// with its actor, and the last active admin stays one.
#[derive(Clone, Copy, Debug)]
pub struct Administration<'a>(pub(crate) &'a Arc<Context>);

/// What the process and its operator need besides accounts: migrations, readiness, metrics and the
/// deletion of expired rows.
#[derive(Clone, Copy, Debug)]
pub struct Operations<'a>(pub(crate) &'a Arc<Context>);
