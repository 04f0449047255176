//! Logging in with address and password.
//!
//! Every try costs one run of Argon2, whether the account exists or not, and the
//! answer to a wrong password is that to an unknown address (account
//! enumeration). Tries are counted before the password is looked at, and given
//! back when it was right or could not be judged.

mod device;

use std::time::Duration;

use domain::{EmailAddress, Password, Principal, Timestamp, User};
use store::{NewSession, SessionEnding, WriteTx};

use crate::{
    Accounts, Client, Fault,
    password::{PasswordHash, Verdict},
    session::SessionId,
    throttle::{self, Bucket},
};

/// Most sessions a user has at a time; a further log-in ends the oldest.
const MAX_SESSIONS: u32 = 20;

/// Somebody claims to be the owner of an account.
#[derive(Clone, Debug)]
pub struct LogIn {
    /// The account's address.
    pub email: EmailAddress,
    /// The account's password.
    pub password: Password,
    /// Whether the session is to outlive the browser window.
    pub remember: bool,
}

/// A log-in that succeeded.
#[derive(Clone, Debug)]
pub struct LoggedIn {
    /// Who logged in.
    pub user: User,
    /// What the session cookie has to hold.
    pub session_id: SessionId,
    /// Who acts in the session.
    pub principal: Principal,
    /// What the device cookie has to hold.
    pub device: String,
}

/// Why nobody was logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogInError {
    /// There is no such account, or the password is another.
    #[error("wrong address or password")]
    WrongCredentials,
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

impl Accounts {
    /// Logs in, in a session that knows nothing of what was before. `device` is
    /// what the browser's device cookie holds.
    pub async fn log_in(
        &self,
        log_in: LogIn,
        device: Option<&str>,
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let buckets = self.login_buckets(&log_in.email, device, client);
        self.take_log_in(&buckets).await?;
        let result = self.judge_and_begin(&log_in, &buckets, client).await;
        match &result {
            Ok(logged_in) => tracing::info!(user_id = %logged_in.user.id, "logged in"),
            Err(LogInError::Fault(_)) => self.give_back_log_in(&buckets).await?,
            Err(LogInError::WrongCredentials | LogInError::Throttled { .. }) => {
                tracing::info!("log-in refused");
            }
        }
        result
    }

    async fn judge_and_begin(
        &self,
        log_in: &LogIn,
        buckets: &[Option<Bucket>; 2],
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let (user, hash) = self.judge(log_in).await?;
        self.begin_session(log_in, user, &hash, buckets, client).await
    }

    /// The client's count first, so that one client cannot fill many accounts'.
    fn login_buckets(
        &self,
        email: &EmailAddress,
        device: Option<&str>,
        client: &Client,
    ) -> [Option<Bucket>; 2] {
        let throttle = &self.0.throttle;
        let account = match device.and_then(|cookie| self.known_device(cookie, email)) {
            Some(device) => throttle.login_of_device(email, device),
            None => throttle.login_of_account(email),
        };
        [throttle.login_of_client(client), account]
    }

    async fn take_log_in(&self, buckets: &[Option<Bucket>; 2]) -> Result<(), LogInError> {
        if buckets.iter().all(Option::is_none) {
            return Ok(());
        }
        let tx = self.0.store.begin().await.map_err(Fault::from)?;
        let taken = throttle::take(&tx, buckets, self.0.clock.now()).await.map_err(Fault::from)?;
        tx.commit().await.map_err(Fault::from)?;
        taken.map_err(|refused| {
            tracing::info!("log-in throttled");
            LogInError::Throttled { retry_after: refused.retry_after }
        })
    }

    async fn give_back_log_in(&self, buckets: &[Option<Bucket>; 2]) -> Result<(), Fault> {
        if buckets.iter().all(Option::is_none) {
            return Ok(());
        }
        let tx = self.0.store.begin().await?;
        throttle::give_back(&tx, buckets).await?;
        Ok(tx.commit().await?)
    }

    async fn judge(&self, log_in: &LogIn) -> Result<(User, PasswordHash), LogInError> {
        let found = self.0.store.users().find_by_email(&log_in.email).await.map_err(Fault::from)?;
        let (user, hash) =
            found.map(|(user, hash)| (user, PasswordHash::from_stored(hash))).unzip();
        let verdict =
            self.0.hasher.verify(&log_in.password, hash.as_ref()).await.map_err(Fault::from)?;
        match (verdict, user, hash) {
            (Verdict::Match { rehash: false }, Some(user), Some(hash)) => Ok((user, hash)),
            (Verdict::Match { rehash: true }, Some(user), Some(hash)) => {
                let hash = self.renew_hash(&log_in.password, &user, hash).await?;
                Ok((user, hash))
            }
            _ => Err(LogInError::WrongCredentials),
        }
    }

    /// Hashes anew with today's parameters (ASVS 11.4.2).
    async fn renew_hash(
        &self,
        password: &Password,
        user: &User,
        old: PasswordHash,
    ) -> Result<PasswordHash, Fault> {
        let new = self.0.hasher.hash(password).await?;
        let tx = self.0.store.begin().await?;
        tx.users().renew_password_hash(user.id, old.as_str(), new.as_str()).await?;
        tx.commit().await?;
        Ok(new)
    }

    async fn begin_session(
        &self,
        log_in: &LogIn,
        user: User,
        judged: &PasswordHash,
        buckets: &[Option<Bucket>; 2],
        client: &Client,
    ) -> Result<LoggedIn, LogInError> {
        let now = self.0.clock.now();
        let id = SessionId::generate();
        let new = self.new_session(&id, &user, log_in.remember, client, now);
        let tx = self.0.store.begin().await.map_err(Fault::from)?;
        // A password changed since it was judged was not the one that was given.
        let current = tx.users().lock_password_hash(user.id).await.map_err(Fault::from)?;
        if current.as_deref() != Some(judged.as_str()) {
            return Err(LogInError::WrongCredentials);
        }
        insert_session(&tx, &new, buckets, now).await?;
        tx.commit().await.map_err(Fault::from)?;
        let device = self.device_cookie(&log_in.email);
        Ok(LoggedIn { principal: principal(&user, &new, now), session_id: id, user, device })
    }

    fn new_session(
        &self,
        id: &SessionId,
        user: &User,
        remember: bool,
        client: &Client,
        now: Timestamp,
    ) -> NewSession {
        let settings = &self.0.settings.session;
        let lifetime = if remember { settings.remember_lifetime } else { settings.lifetime };
        NewSession {
            key: id.key(),
            user_id: user.id,
            role: user.role,
            remember,
            expires_at: now + lifetime,
            ip_address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
            session_values: "{}".to_owned(),
        }
    }
}

async fn insert_session(
    tx: &WriteTx,
    new: &NewSession,
    buckets: &[Option<Bucket>; 2],
    now: Timestamp,
) -> Result<(), Fault> {
    // Before the new one is there: of two that began at the same moment it could go.
    tx.sessions().delete_of_user(new.user_id, SessionEnding::Beyond(MAX_SESSIONS - 1)).await?;
    tx.sessions().insert(new, now).await?;
    // Only the account's count: a success on an account of one's own must not buy
    // further tries from the same network on the accounts of others.
    let [_, account] = buckets;
    Ok(throttle::give_back(tx, &[*account]).await?)
}

fn principal(user: &User, session: &NewSession, now: Timestamp) -> Principal {
    Principal {
        user_id: user.id,
        email: user.email.clone(),
        name: user.name.clone(),
        role: user.role,
        session_key: session.key,
        remember: session.remember,
        logged_in_at: now,
        last_seen_at: now,
        expires_at: session.expires_at,
        session_values: session.session_values.clone(),
        role_when_issued: session.role,
    }
}
