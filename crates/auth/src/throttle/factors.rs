//! The limits of second factors.

use std::time::Duration;

use domain::UserId;

use super::{Bucket, Limit, Throttle};

/// Wrong factors at one account that are no news to its owner.
const UNTOLD_WRONG_FACTORS: Limit = Limit { count: 1, period: Duration::from_hours(24) };
/// Mails about one kind of misuse of the factors of one account.
const MISUSE_MAILS: Limit = Limit { count: 1, period: Duration::from_hours(1) };

impl Throttle {
    /// Codes of second factors at one account, whatever kind they are of and whatever they are for.
    pub(crate) fn code_of_account(&self, user_id: UserId) -> Option<Bucket> {
        self.bucket(self.settings.code_per_account, &[b"code account", user_id.as_bytes()])
    }

    /// Links to reset the lost factors of one account.
    pub(crate) fn factor_reset_of_account(&self, user_id: UserId) -> Option<Bucket> {
        self.bucket(self.settings.forgot_per_address, &[b"factor reset", user_id.as_bytes()])
    }

    /// Wrong factors at one account that its owner is not told of, because everyone mistypes.
    pub(crate) fn untold_wrong_factors(&self, user_id: UserId) -> Bucket {
        self.always(UNTOLD_WRONG_FACTORS, &[b"untold wrong codes", user_id.as_bytes()])
    }

    /// Mails about one kind of misuse of the factors of one account, such as wrong ones.
    pub(crate) fn misuse_mails(&self, kind: &[u8], user_id: UserId) -> Bucket {
        self.always(MISUSE_MAILS, &[kind, user_id.as_bytes()])
    }
}
