//! Limits on tries: how much a client and an account may ask for.
//!
//! Counts live in the database, so that they hold over all nodes and restarts.
//! Keys are keyed hashes: the table tells nobody's address. Guards against
//! guessing, password spraying, mail bombing and strangers who lock an owner out.

use std::time::Duration;

use domain::{EmailAddress, Timestamp, User, UserId, random};
use store::{Limit, StoreError, Taken, WriteTx};

use crate::{Accounts, Client, Fault, LimitSettings, Rate, keys::MacKey};

pub(crate) struct Throttle {
    settings: LimitSettings,
    key: MacKey,
}

/// One count: whose tries, and how many are allowed.
#[derive(Clone, Copy)]
pub(crate) struct Bucket {
    key: [u8; 32],
    limit: Limit,
}

/// A count of one account, for the operator to look at and to clear.
#[derive(Clone, Copy)]
pub(crate) struct AccountCount {
    pub(crate) key: [u8; 32],
    pub(crate) limit: Limit,
}

/// The visitor has to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) retry_after: Duration,
}

impl Throttle {
    pub(crate) fn new(settings: LimitSettings, key: MacKey) -> Self {
        Self { settings, key }
    }

    /// Log-ins to one account from browsers unknown to it.
    pub(crate) fn login_of_account(&self, email: &EmailAddress) -> Option<Bucket> {
        self.bucket(self.settings.login_per_account, &[b"login account", email.as_str().as_bytes()])
    }

    /// Log-ins to one account from one browser that logged in to it before.
    pub(crate) fn login_of_device(&self, email: &EmailAddress, device: &str) -> Option<Bucket> {
        let parts: [&[u8]; 3] = [b"login device", email.as_str().as_bytes(), device.as_bytes()];
        self.bucket(self.settings.login_per_device, &parts)
    }

    /// Log-ins from one network.
    pub(crate) fn login_of_client(&self, client: &Client) -> Option<Bucket> {
        self.client_bucket(self.settings.login_per_client, b"login client", client)
    }

    /// Sign-ups from one network.
    pub(crate) fn signup_of_client(&self, client: &Client) -> Option<Bucket> {
        self.client_bucket(self.settings.signup_per_client, b"signup client", client)
    }

    /// Reset mails to one address.
    pub(crate) fn forgot_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"forgot address", email.as_str().as_bytes()];
        self.bucket(self.settings.forgot_per_address, &parts)
    }

    /// Mails to one address for its proof, as many as reset mails.
    pub(crate) fn proof_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"proof address", email.as_str().as_bytes()];
        self.bucket(self.settings.forgot_per_address, &parts)
    }

    /// Reset mails asked for from one network.
    pub(crate) fn forgot_of_client(&self, client: &Client) -> Option<Bucket> {
        self.client_bucket(self.settings.forgot_per_client, b"forgot client", client)
    }

    /// Mails about log-ins to one account from browsers unknown to it.
    pub(crate) fn new_device_of_account(&self, email: &EmailAddress) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"new device account", email.as_str().as_bytes()];
        self.bucket(self.settings.new_device_per_account, &parts)
    }

    /// Reset mails in all to addresses without an account.
    pub(crate) fn forgot_in_all(&self) -> Option<Bucket> {
        self.bucket(self.settings.forgot_in_all, &[b"forgot in all"])
    }

    /// New addresses asked for by one account.
    pub(crate) fn email_change_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"email change account", user_id.as_bytes()];
        self.bucket(self.settings.email_change_per_account, &parts)
    }

    /// Changes of the name of one account.
    pub(crate) fn name_change_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"name change account", user_id.as_bytes()];
        self.bucket(self.settings.name_change_per_account, &parts)
    }

    /// Every count of one account that is its own, by the setting that limits it.
    pub(crate) fn of_account(&self, user: &User) -> Vec<(&'static str, Option<AccountCount>)> {
        let email = user.email.as_str().as_bytes();
        let id: &[u8] = user.id.as_bytes();
        let count = |rate: Rate, parts: &[&[u8]]| {
            let limit = rate.0.filter(|_| self.settings.enabled)?;
            Some(AccountCount { key: self.key.sign(parts), limit })
        };
        let settings = &self.settings;
        vec![
            ("login_per_account", count(settings.login_per_account, &[b"login account", email])),
            ("forgot_per_address", count(settings.forgot_per_address, &[b"forgot address", email])),
            ("forgot_per_address", count(settings.forgot_per_address, &[b"proof address", email])),
            (
                "new_device_per_account",
                count(settings.new_device_per_account, &[b"new device account", email]),
            ),
            (
                "email_change_per_account",
                count(settings.email_change_per_account, &[b"email change account", id]),
            ),
            (
                "name_change_per_account",
                count(settings.name_change_per_account, &[b"name change account", id]),
            ),
            ("export_per_account", count(settings.export_per_account, &[b"export account", id])),
        ]
    }

    /// Files of what is held that one account asks for.
    pub(crate) fn export_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"export account", user_id.as_bytes()];
        self.bucket(self.settings.export_per_account, &parts)
    }

    fn client_bucket(&self, rate: Rate, what: &[u8], client: &Client) -> Option<Bucket> {
        self.bucket(rate, &[what, client.network().to_string().as_bytes()])
    }

    fn bucket(&self, rate: Rate, parts: &[&[u8]]) -> Option<Bucket> {
        let limit = rate.0.filter(|_| self.settings.enabled)?;
        Some(Bucket { key: self.key.sign(parts), limit })
    }
}

impl Accounts {
    /// Counts one try, in a transaction of its own: see [`take`].
    pub(crate) async fn take(
        &self,
        buckets: &[Option<Bucket>],
    ) -> Result<Result<(), Refused>, Fault> {
        if buckets.iter().all(Option::is_none) {
            return Ok(Ok(()));
        }
        let tx = self.0.store.begin().await?;
        let taken = take(&tx, buckets, self.0.clock.now()).await?;
        tx.commit().await?;
        Ok(taken)
    }

    /// Takes back one counted try, in a transaction of its own.
    pub(crate) async fn give_back(&self, buckets: &[Option<Bucket>]) -> Result<(), Fault> {
        if buckets.iter().all(Option::is_none) {
            return Ok(());
        }
        let tx = self.0.store.begin().await?;
        for bucket in buckets.iter().flatten() {
            tx.throttles().give_back(&bucket.key, bucket.limit).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Counts one try against one bucket after the other, up to the first that is full.
///
/// What was counted before that one stays counted: who goes on asking where nothing
/// is left uses up a bucket that is their own, which therefore comes first.
pub(crate) async fn take(
    tx: &WriteTx,
    buckets: &[Option<Bucket>],
    now: Timestamp,
) -> Result<Result<(), Refused>, StoreError> {
    for bucket in buckets.iter().flatten() {
        let taken = tx.throttles().take(&bucket.key, bucket.limit, now).await?;
        if let Taken::Refused { retry_after } = taken {
            return Ok(Err(Refused { retry_after }));
        }
    }
    Ok(Ok(()))
}

/// Counts nothing, by as many statements as [`take`] of a bucket that is not full.
pub(crate) async fn take_none(tx: &WriteTx, bucket: Option<Bucket>) -> Result<(), StoreError> {
    match bucket {
        Some(Bucket { limit, .. }) => tx.throttles().give_back(&random::bytes(), limit).await,
        None => Ok(()),
    }
}
