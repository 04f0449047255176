//! The rule for what a mail may say to its recipient: a mail to an unproven address contains no
//! text that a visitor chose. A visitor can give any address at sign-up, and a name can be a
//! sentence (`You won, call …`). So a name is used in the greeting and in `To:` only for a proven
//! address, and no mail repeats the address that it goes to. A [`super::letter::Letter`] takes a
//! name as [`Greeted`] only.

use domain::{DisplayName, User};
use store::MailPriority;

/// The name of a user, for a mail to the user's confirmed address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Greeted<'a>(&'a DisplayName);

impl<'a> Greeted<'a> {
    /// The user, if the address is proven to be theirs.
    pub(super) fn of(user: &'a User) -> Option<Self> {
        user.confirmed_at.map(|_| Self(&user.name))
    }

    pub(super) fn name(self) -> &'a DisplayName {
        self.0
    }
}

/// Mails to confirmed addresses go first, because anyone can cause any number of others.
pub(super) fn priority(user: &User) -> MailPriority {
    if user.confirmed_at.is_some() { MailPriority::Owner } else { MailPriority::Unproven }
}
