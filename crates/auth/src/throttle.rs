//! Limits on tries: how much a client and an account may ask for.
//!
//! Counts are in the database, so that they hold over all nodes and restarts. Keys are keyed
//! hashes: the table reveals no address. The limits guard against guessing, password spraying, mail
//! bombing and strangers who lock an owner out. Tries of a network also count for the wider network
//! around it. Mails that strangers cause also count for their domain and in total, in shards: a
//! single row would make every request wait for the others.

mod factors;

use std::time::Duration;

use domain::{EmailAddress, Timestamp, User, UserId, random};
use store::{Limit, StoreError, Taken, WriteTx};

use crate::{Client, LimitSettings, Rate, keys::MacKey};

/// Mails of invitations that one admin may cause.
const INVITATIONS_PER_ACCOUNT: Rate = Rate::new(100, Duration::from_hours(1));
/// Forms of one account that may begin to wait.
const SAVED_SUBMISSIONS_PER_ACCOUNT: Rate = Rate::new(30, Duration::from_mins(10));
/// The same of all accounts: 24 MiB in a period at most.
const SAVED_SUBMISSIONS_IN_ALL: Rate = Rate::new(6_000, Duration::from_mins(10));

pub(crate) struct Throttle {
    settings: LimitSettings,
    key: MacKey,
}

/// How many times the tries of a network the wider one around it has.
const WIDER: u32 = 10;
/// Least part of a limit that is counted in a row of its own.
const SHARE: u32 = 100;
/// Most rows that one limit is counted in.
const MAX_SHARES: u32 = 16;

/// One count: its key, and how often the action is allowed.
#[derive(Clone, Copy)]
struct Count {
    key: [u8; 32],
    limit: Limit,
}

/// A count of one account, for the operator to look at and to clear.
#[derive(Clone, Copy)]
pub(crate) struct AccountCount {
    pub(crate) key: [u8; 32],
    pub(crate) limit: Limit,
}

/// The counts of one kind of try, the narrowest first.
#[derive(Clone, Copy)]
pub(crate) struct Bucket([Option<Count>; 3]);

impl Bucket {
    /// `None` where nothing is limited.
    fn of(counts: [Option<Count>; 3]) -> Option<Self> {
        counts.iter().any(Option::is_some).then_some(Self(counts))
    }

    fn counts(&self) -> impl Iterator<Item = &Count> {
        self.0.iter().flatten()
    }
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

    /// Mails to one address for its proof, as many as reset mails; each is one to an
    /// unproven address too.
    pub(crate) fn proof_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        self.unproven_of_address(b"proof address", email)
    }

    /// Mails to one address because an account would like to have it, as many as reset
    /// mails, and not counted with them: an owner gets theirs whatever others would like
    /// (RTL-05). Each is one to an unproven address too.
    pub(crate) fn email_change_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        self.unproven_of_address(b"email change address", email)
    }

    /// Mails of invitations to one address, as many as reset mails.
    pub(crate) fn invitation_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"invitation address", email.as_str().as_bytes()];
        self.bucket(self.settings.forgot_per_address, &parts)
    }

    /// Mails of invitations that one admin causes.
    pub(crate) fn invitation_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"invitation account", user_id.as_bytes()];
        self.bucket(INVITATIONS_PER_ACCOUNT, &parts)
    }

    /// Notices to an unproven address, as many as reset mails.
    pub(crate) fn notice_of_address(&self, email: &EmailAddress) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"notice address", email.as_str().as_bytes()];
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

    /// Mails to unproven addresses of one domain, and those to addresses without an account
    /// in all, whatever asks for them. Where an answer shows whether there was a mail, those
    /// to owners count as well, else it would tell which addresses have accounts (ENU-04).
    pub(crate) fn unproven(&self, email: &EmailAddress) -> [Option<Bucket>; 2] {
        self.unproven_counts(email).map(|count| Bucket::of([count, None, None]))
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
            ("code_per_account", count(settings.code_per_account, &[b"code account", id])),
            ("forgot_per_address", count(settings.forgot_per_address, &[b"forgot address", email])),
            ("forgot_per_address", count(settings.forgot_per_address, &[b"proof address", email])),
            ("forgot_per_address", count(settings.forgot_per_address, &[b"notice address", email])),
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

    /// Exports that one account may request.
    pub(crate) fn export_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"export account", user_id.as_bytes()];
        self.bucket(self.settings.export_per_account, &parts)
    }

    fn unproven_of_address(&self, what: &[u8], email: &EmailAddress) -> Option<Bucket> {
        let address = [what, email.as_str().as_bytes()];
        let address = self.count(self.settings.forgot_per_address, &address);
        let [domain, all] = self.unproven_counts(email);
        Bucket::of([address, domain, all])
    }

    fn unproven_counts(&self, email: &EmailAddress) -> [Option<Count>; 2] {
        let domain: [&[u8]; 2] = [b"unproven domain", email.domain().as_bytes()];
        [
            self.share(self.settings.mails_per_domain, &domain),
            self.share(self.settings.forgot_in_all, &[b"unproven in all"]),
        ]
    }

    /// Forms of one account that wait for the password or a log-in.
    pub(crate) fn saved_submission_of_account(&self, user_id: UserId) -> Option<Bucket> {
        let parts: [&[u8]; 2] = [b"held form account", user_id.as_bytes()];
        self.bucket(SAVED_SUBMISSIONS_PER_ACCOUNT, &parts)
    }

    /// Forms of all accounts that wait.
    pub(crate) fn saved_submissions_in_all(&self) -> Option<Bucket> {
        Bucket::of([self.share(SAVED_SUBMISSIONS_IN_ALL, &[b"held forms in all"]), None, None])
    }

    fn client_bucket(&self, rate: Rate, what: &[u8], client: &Client) -> Option<Bucket> {
        let count = |rate, network: String| self.count(rate, &[what, network.as_bytes()]);
        let narrow = count(rate, client.network().to_string());
        Bucket::of([narrow, count(rate.times(WIDER), client.wider_network()), None])
    }

    fn bucket(&self, rate: Rate, parts: &[&[u8]]) -> Option<Bucket> {
        Bucket::of([self.count(rate, parts), None, None])
    }

    /// A bucket that is no limit on visitors, and counts where those are off.
    fn always(&self, limit: Limit, parts: &[&[u8]]) -> Bucket {
        Bucket([Some(Count { key: self.key.sign(parts), limit }), None, None])
    }

    fn count(&self, rate: Rate, parts: &[&[u8]]) -> Option<Count> {
        let limit = rate.0.filter(|_| self.settings.enabled)?;
        Some(Count { key: self.key.sign(parts), limit })
    }

    /// A share of the limit, any of them: a limit of many is used up when each of its
    /// shares is, and refuses somewhat before that.
    fn share(&self, rate: Rate, parts: &[&[u8]]) -> Option<Count> {
        let Limit { count, period } = rate.0?;
        let shares = (count / SHARE).clamp(1, MAX_SHARES);
        let [random] = random::bytes();
        let share = u32::from(random) % shares;
        let count = count / shares + u32::from(share < count % shares);
        let number = share.to_be_bytes();
        let parts: Vec<&[u8]> = parts.iter().copied().chain([&number[..]]).collect();
        self.count(Rate::new(count, period), &parts)
    }
}

/// Takes back one counted try.
pub(crate) async fn give_back(tx: &WriteTx, buckets: &[Option<Bucket>]) -> Result<(), StoreError> {
    for count in buckets.iter().flatten().flat_map(Bucket::counts) {
        tx.throttles().give_back(&count.key, count.limit).await?;
    }
    Ok(())
}

/// Forgets the tries of a bucket.
pub(crate) async fn clear(tx: &WriteTx, bucket: &Bucket) -> Result<(), StoreError> {
    for count in bucket.counts() {
        tx.throttles().clear(&count.key).await?;
    }
    Ok(())
}

/// Counts one try against one count after the other, up to the first that is full.
///
/// Counts taken before the refused one stay taken. A client that goes on without tries uses up its
/// own bucket, which therefore comes first.
pub(crate) async fn take(
    tx: &WriteTx,
    buckets: &[Option<Bucket>],
    now: Timestamp,
) -> Result<Result<(), Refused>, StoreError> {
    for count in buckets.iter().flatten().flat_map(Bucket::counts) {
        let taken = tx.throttles().take(&count.key, count.limit, now).await?;
        if let Taken::Refused { retry_after } = taken {
            return Ok(Err(Refused { retry_after }));
        }
    }
    Ok(Ok(()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::keys::{KeyPurpose, SecretKey};

    const HOUR: Duration = Duration::from_hours(1);

    fn throttle(change: impl FnOnce(&mut LimitSettings)) -> Throttle {
        let mut settings = LimitSettings::default();
        change(&mut settings);
        let secret = SecretKey::new(vec![7; 32]).unwrap();
        Throttle::new(settings, secret.derive(KeyPurpose::Throttle))
    }

    fn counts(bucket: Option<Bucket>) -> Vec<([u8; 32], u32)> {
        bucket.iter().flat_map(Bucket::counts).map(|one| (one.key, one.limit.count)).collect()
    }

    /// RES-09: a small limit is exact, a large one no hot row, and none more than it says.
    #[test]
    fn a_large_limit_is_counted_in_shares_that_add_up_to_it() {
        let email = EmailAddress::parse("mia@example.org").unwrap();
        for (count, shares) in [(3, 1), (199, 1), (250, 2), (1_000, 10), (99_999, 16)] {
            let throttle = throttle(|settings| {
                settings.mails_per_domain = Rate::OFF;
                settings.forgot_in_all = Rate::new(count, HOUR);
            });
            let drawn: HashSet<_> =
                (0..2_000).flat_map(|_| counts(throttle.unproven(&email)[1])).collect();

            assert_eq!(drawn.len(), shares, "{count}");
            assert_eq!(drawn.iter().map(|(_, count)| count).sum::<u32>(), count);
        }
    }

    /// RTL-05: whatever others ask for counts apart from an owner's reset mails.
    #[test]
    fn nothing_that_a_stranger_asks_for_is_counted_with_reset_mails() {
        let throttle = throttle(|_| {});
        let email = EmailAddress::parse("mia@example.org").unwrap();
        let own: HashSet<_> = counts(throttle.forgot_of_address(&email)).into_iter().collect();

        for strangers in [
            throttle.proof_of_address(&email),
            throttle.email_change_of_address(&email),
            throttle.notice_of_address(&email),
            throttle.unproven(&email)[0],
            throttle.unproven(&email)[1],
        ] {
            let strangers: HashSet<_> = counts(strangers).into_iter().collect();
            assert!(!strangers.is_empty() && own.is_disjoint(&strangers));
        }
    }

    /// RTL-04: many networks of one holder have ten times the tries of one.
    #[test]
    fn a_network_counts_for_the_wider_one_around_it() {
        let throttle = throttle(|_| {});
        let of = |address: &str| {
            let client = Client::new(address.parse().unwrap(), "");
            counts(throttle.signup_of_client(&client))
        };

        let [one, other] = [of("2001:db8:1:2::1"), of("2001:db8:1:3::1")];
        assert_ne!(one[0], other[0]);
        assert_eq!((one[1], one[0].1, one[1].1), (other[1], 20, 200));
        assert_ne!(one[1], of("2001:db8:2:2::1")[1]);
        let [one, other] = [of("192.0.2.1"), of("192.0.2.9")];
        assert_ne!(one[0], other[0]);
        assert_eq!(one[1], other[1]);
        assert_ne!(one[1], of("192.0.3.1")[1]);
    }
}
