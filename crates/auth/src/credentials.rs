//! Whether somebody knows the password of an account, for every use case that wants
//! this proof.
//!
//! Every try costs one run of Argon2, whether the account exists or not, and a wrong
//! password is told like an unknown address (account enumeration). Tries are counted
//! before the password is looked at, and given back when it was right or could not be
//! judged, whether or not the asker is still there to hear it.

use std::time::Duration;

use domain::{EmailAddress, Password, User, UserId};
use store::AddressProof;
use tracing::Instrument;

use crate::{
    Accounts, Client, Fault, SignupMode,
    device::KnownDevice,
    password::{MatchTime, PasswordHash, Verdict},
    throttle::{Bucket, Refused},
};

/// What somebody claims to be the owner of an account with.
pub(crate) struct Credentials {
    pub(crate) email: EmailAddress,
    pub(crate) password: Password,
}

/// The owner of an account, proven by the password.
pub(crate) struct Proven {
    pub(crate) user: User,
    /// The hash that stood when the password was found right; where another stands
    /// by now, the proof is void.
    pub(crate) hash: PasswordHash,
}

/// What was found out of what somebody claims.
pub(crate) enum Claim {
    /// The password is that of the account.
    Proven(Proven),
    /// The password is what somebody signed up with whose address has the account.
    Pending,
}

/// Why nothing is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CredentialsError {
    /// There is no such account, or the password is another.
    #[error("wrong address or password")]
    Wrong,
    /// Too many tries for this account or from this network.
    #[error("too many tries")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<Refused> for CredentialsError {
    fn from(refused: Refused) -> Self {
        Self::Throttled { retry_after: refused.retry_after }
    }
}

/// A password that was judged against what is stored.
enum Judged {
    Match { user: User, hash: PasswordHash, rehash: bool },
    Pending,
}

/// What a right password is worth.
#[derive(Clone, Copy)]
enum Worth {
    /// It lets its owner in.
    LogIn,
    /// It says no more than that a proof of the address is owed, as one that somebody
    /// signed up with in vain does.
    Proof,
    /// As much as a wrong one.
    Nothing,
}

impl Worth {
    const fn match_time(self) -> MatchTime {
        match self {
            Self::LogIn => MatchTime::OfTheHash,
            Self::Proof | Self::Nothing => MatchTime::OfAMismatch,
        }
    }
}

impl From<Judged> for Claim {
    fn from(judged: Judged) -> Self {
        match judged {
            Judged::Match { user, hash, .. } => Self::Proven(Proven { user, hash }),
            Judged::Pending => Self::Pending,
        }
    }
}

impl Accounts {
    /// Whose password this is. `device` is what the browser's device cookie holds.
    pub(crate) async fn check_credentials(
        &self,
        credentials: Credentials,
        device: Option<&str>,
        client: &Client,
    ) -> Result<Proven, CredentialsError> {
        let device = self.known_device(device, &credentials.email).await?;
        match self.check_claim(credentials, device.as_ref(), client).await? {
            Claim::Proven(proven) => Ok(proven),
            Claim::Pending => Err(CredentialsError::Wrong),
        }
    }

    /// As [`Self::check_credentials`], and tells a password that somebody signed up with
    /// in vain, so that a log-in with it says no more than the sign-up did.
    ///
    /// A request that is given up does not end the try: it is judged and given back
    /// or stays counted as if somebody waited for the answer. Giving it back unseen
    /// would be runs of Argon2 for nothing.
    pub(crate) async fn check_claim(
        &self,
        credentials: Credentials,
        device: Option<&KnownDevice>,
        client: &Client,
    ) -> Result<Claim, CredentialsError> {
        let buckets = self.credentials_buckets(&credentials.email, device, client);
        let accounts = self.clone();
        let a_try = async move { accounts.count_and_judge(&credentials, &buckets).await };
        // The span tells the log in which request the try began; an error is logged at
        // every level, and so has to be the span.
        let judged = tokio::spawn(a_try.instrument(tracing::error_span!("credentials"))).await;
        judged.unwrap_or(Err(CredentialsError::Fault(Fault::Internal)))
    }

    /// The client's count first: it is used up by asking, also where the account has
    /// no tries left, and a client without tries cannot use up those of accounts.
    fn credentials_buckets(
        &self,
        email: &EmailAddress,
        device: Option<&KnownDevice>,
        client: &Client,
    ) -> [Option<Bucket>; 2] {
        let throttle = &self.0.throttle;
        let account = match device {
            Some(KnownDevice(name)) => throttle.login_of_device(email, name),
            None => throttle.login_of_account(email),
        };
        [throttle.login_of_client(client), account]
    }

    async fn count_and_judge(
        &self,
        credentials: &Credentials,
        buckets: &[Option<Bucket>; 2],
    ) -> Result<Claim, CredentialsError> {
        self.take(buckets).await??;
        let result = self.prove(credentials).await;
        let [_, account] = buckets;
        match &result {
            // Only the account's count: a success on an account of one's own must not
            // buy further tries from the same network on the accounts of others.
            Ok(_) => self.give_back(&[*account]).await?,
            Err(CredentialsError::Fault(_)) => self.give_back(buckets).await?,
            Err(CredentialsError::Wrong | CredentialsError::Throttled { .. }) => {}
        }
        result
    }

    async fn prove(&self, credentials: &Credentials) -> Result<Claim, CredentialsError> {
        let judged = self.judge(credentials).await?;
        let Judged::Match { user, hash, rehash: true } = judged else { return Ok(judged.into()) };
        if let Some(hash) = self.renew_hash(&credentials.password, &user, &hash).await? {
            return Ok(Claim::Proven(Proven { user, hash }));
        }
        // Another try renewed the hash first, or the password was changed.
        Ok(self.judge(credentials).await?.into())
    }

    async fn judge(&self, credentials: &Credentials) -> Result<Judged, CredentialsError> {
        let users = self.0.store.users();
        let found = users.find_by_email(&credentials.email).await?;
        let (user, hash) =
            found.map(|(user, hash)| (user, PasswordHash::from_stored(hash))).unzip();
        let waiting = self.find_waiting(&credentials.email).await?;
        let pending = waiting.as_ref().and_then(|proof| proof.pending.as_ref());
        let pending = pending.map(|it| PasswordHash::from_stored(it.password_hash.clone()));
        // Before the password is looked at: else the question would tell that it is right.
        let worth = self.worth(user.as_ref(), waiting.as_ref()).await?;
        let stored = (hash.as_ref(), worth.match_time());
        let hasher = &self.0.hasher;
        let verdict = hasher.verify_either(&credentials.password, stored, pending.as_ref()).await;
        match (verdict.map_err(Fault::from)?, worth, user, hash) {
            (Verdict::Match { rehash }, Worth::LogIn, Some(user), Some(hash)) => {
                Ok(Judged::Match { user, hash, rehash })
            }
            (Verdict::Match { .. }, Worth::Proof, Some(user), Some(hash)) => {
                Ok(Judged::Match { user, hash, rehash: false })
            }
            (Verdict::MatchBeside, ..) => Ok(Judged::Pending),
            _ => Err(CredentialsError::Wrong),
        }
    }

    /// What is owed of a sign-up with the address; asked for whether or not there is an
    /// account.
    pub(crate) async fn find_waiting(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<AddressProof>, Fault> {
        if self.0.settings.accounts.signup != SignupMode::Confirmed {
            return Ok(None);
        }
        let proofs = self.0.store.address_proofs();
        Ok(proofs.find_of_sign_up(email, self.0.clock.now()).await?)
    }

    /// What the account's password is worth, by one question whoever has the address.
    /// Where sign-up tells nothing, the password of an account that nobody has proven
    /// counts for as long as one that somebody signed up with in vain: else what becomes
    /// of it would tell which it is.
    async fn worth(
        &self,
        user: Option<&User>,
        waiting: Option<&AddressProof>,
    ) -> Result<Worth, Fault> {
        let enabled = user.filter(|user| user.disabled_at.is_none());
        if self.0.settings.accounts.signup != SignupMode::Confirmed {
            return Ok(enabled.map_or(Worth::Nothing, |_| Worth::LogIn));
        }
        let unproven = enabled.filter(|user| user.confirmed_at.is_none());
        let id = unproven.map_or_else(UserId::generate, |user| user.id);
        let has_logged_in = self.0.store.users().has_logged_in(id).await?;
        let is_fresh =
            waiting.is_some_and(|proof| proof.user_id == Some(id) && proof.pending.is_none());
        Ok(match (enabled, unproven) {
            (None, _) => Worth::Nothing,
            (Some(_), None) => Worth::LogIn,
            (_, Some(_)) if is_fresh || has_logged_in => Worth::Proof,
            (_, Some(_)) => Worth::Nothing,
        })
    }

    /// Hashes anew with today's parameters (ASVS 11.4.2); `None` when `old` does not
    /// stand any more.
    async fn renew_hash(
        &self,
        password: &Password,
        user: &User,
        old: &PasswordHash,
    ) -> Result<Option<PasswordHash>, Fault> {
        let new = self.0.hasher.hash(password).await?;
        let tx = self.0.store.begin().await?;
        let renewed = tx.users().renew_password_hash(user.id, old.as_str(), new.as_str()).await?;
        tx.commit().await?;
        Ok(renewed.then_some(new))
    }
}
