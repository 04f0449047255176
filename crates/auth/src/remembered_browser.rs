//! Browsers in which a log-in asks for no second factor: for 30 days after their user has ticked the
//! box, not prolonged by use. Any change of the password, the address or the factors ends it.
//!
//! The cookie alone opens nothing: the password is asked for all the same, and the factor before
//! anything sensitive.

use std::{fmt, time::Duration};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{Principal, SecurityEvent, Timestamp, User, UserAgent, UserId, random};
use sha2::{Digest, Sha256};
use store::{NewRememberedBrowser, StoreError, WriteTx};

use crate::{
    Client, Fault,
    context::Context,
    services::Sessions,
    timeline::{Origin, record},
};

/// How long a browser is remembered.
pub const REMEMBERED_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// The value of the cookie of a remembered browser: 256 random bits; does not print itself.
#[derive(Clone, PartialEq, Eq)]
pub struct RememberedCookie(String);

/// A remembered browser of an account.
#[derive(Clone, Debug)]
pub struct ListedBrowser {
    /// Its name on the pages of its user.
    pub name: String,
    /// The device that it names.
    pub device: UserAgent,
    /// Where it was when it was remembered.
    pub ip_address: String,
    /// Since when it is remembered.
    pub created_at: Timestamp,
    /// The last log-in in it.
    pub last_used_at: Timestamp,
    /// Until when it is remembered.
    pub expires_at: Timestamp,
}

impl RememberedCookie {
    /// Takes what a browser sent.
    pub fn of_request(value: &str) -> Self {
        Self(value.to_owned())
    }

    /// The value, for the cookie alone.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for RememberedCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RememberedCookie(…)")
    }
}

impl Sessions<'_> {
    /// The remembered browsers of the principal's own account, the latest first.
    pub async fn list_remembered_browsers(
        self,
        principal: &Principal,
    ) -> Result<Vec<ListedBrowser>, Fault> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let found = self.0.store.remembered_browsers().list(user_id, now).await?;
        let listed = found.into_iter().map(|browser| ListedBrowser {
            name: self.0.browser_name(&browser.id_hash),
            device: UserAgent::parse(&browser.user_agent),
            ip_address: browser.ip_address,
            created_at: browser.created_at,
            last_used_at: browser.last_used_at,
            expires_at: browser.expires_at,
        });
        Ok(listed.collect())
    }

    /// Forgets the browser of that name. Returns `false` if the principal has no such browser, or
    /// not any more.
    pub async fn forget_browser(
        self,
        principal: &Principal,
        name: &str,
        client: &Client,
    ) -> Result<bool, Fault> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let found = self.0.store.remembered_browsers().list(user_id, now).await?;
        let named = found.iter().find(|browser| self.0.browser_name(&browser.id_hash) == name);
        let Some(named) = named else { return Ok(false) };
        let tx = self.0.store.begin().await?;
        if !tx.remembered_browsers().delete(&named.id_hash, user_id).await? {
            return Ok(false);
        }
        let event = SecurityEvent::BrowserForgotten;
        record(&tx, user_id, event, Origin::owner(client), now).await?;
        tx.commit().await?;
        Ok(true)
    }
}

impl Context {
    /// Whether the browser is remembered for the locked user, noting the use.
    pub(crate) async fn is_remembered(
        &self,
        tx: &WriteTx,
        cookie: &RememberedCookie,
        user: &User,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        tx.remembered_browsers().set_used(&cookie.hash(), user.id, now).await
    }

    /// Remembers the browser for the locked user.
    pub(crate) async fn remember_browser(
        &self,
        tx: &WriteTx,
        user_id: UserId,
        client: &Client,
        now: Timestamp,
    ) -> Result<RememberedCookie, StoreError> {
        let cookie = RememberedCookie(BASE64_URL_SAFE_NO_PAD.encode(random::bytes::<32>()));
        let new = NewRememberedBrowser {
            id_hash: cookie.hash(),
            user_id,
            ip_address: client.address.to_string(),
            user_agent: client.user_agent.clone(),
            expires_at: now + REMEMBERED_LIFETIME,
        };
        tx.remembered_browsers().insert(&new, now).await?;
        let event = SecurityEvent::BrowserRemembered;
        record(tx, user_id, event, Origin::owner(client), now).await?;
        Ok(cookie)
    }

    /// Tells neither the cookie nor its hash.
    fn browser_name(&self, hash: &[u8; 32]) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.session_key.sign(&[b"remembered browser", hash]))
    }
}
