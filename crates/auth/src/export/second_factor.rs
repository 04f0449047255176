//! The second factors in the export: their names and times, and nothing that opens the account.

use domain::{FactorKind, Principal, User};
use serde::Serialize;
use store::{ListedFactor, RecoveryCodeState, RememberedBrowser};

use crate::{Fault, exported_time::ExportedTime, services::OwnAccount};

#[derive(Serialize)]
pub(super) struct SecondFactor {
    /// Since when log-ins ask for one.
    since: Option<ExportedTime>,
    /// When they are removed, if their owner has lost them.
    removed_at: Option<ExportedTime>,
    factors: Vec<Factor>,
    recovery_codes: Vec<Code>,
    remembered_browsers: Vec<Browser>,
}

#[derive(Serialize)]
struct Factor {
    kind: &'static str,
    name: String,
    created_at: ExportedTime,
    last_used_at: Option<ExportedTime>,
}

#[derive(Serialize)]
struct Code {
    created_at: ExportedTime,
    used_at: Option<ExportedTime>,
}

#[derive(Serialize)]
struct Browser {
    ip_address: String,
    user_agent: String,
    created_at: ExportedTime,
    last_used_at: ExportedTime,
    expires_at: ExportedTime,
}

impl OwnAccount<'_> {
    pub(super) async fn exported_factors(
        self,
        principal: &Principal,
        user: &User,
    ) -> Result<SecondFactor, Fault> {
        let (store, now) = (&self.0.store, self.0.clock.now());
        let factors = store.factors().list(principal.user_id).await?.into_iter();
        // The passkeys have a list of their own.
        let apps = factors.filter(|factor| factor.kind == FactorKind::AuthenticationApp);
        let codes = store.recovery_codes().list(principal.user_id).await?;
        let browsers = store.remembered_browsers().list(principal.user_id, now).await?;
        Ok(SecondFactor {
            since: user.second_factor_since.map(ExportedTime::from),
            removed_at: user.factor_reset_at.map(ExportedTime::from),
            factors: apps.map(Factor::from).collect(),
            recovery_codes: codes.into_iter().map(Code::from).collect(),
            remembered_browsers: browsers.into_iter().map(Browser::from).collect(),
        })
    }
}

impl From<ListedFactor> for Factor {
    fn from(factor: ListedFactor) -> Self {
        Self {
            kind: factor.kind.as_str(),
            name: factor.name.to_string(),
            created_at: factor.created_at.into(),
            last_used_at: factor.last_used_at.map(ExportedTime::from),
        }
    }
}

impl From<RecoveryCodeState> for Code {
    fn from(code: RecoveryCodeState) -> Self {
        Self { created_at: code.created_at.into(), used_at: code.used_at.map(ExportedTime::from) }
    }
}

impl From<RememberedBrowser> for Browser {
    fn from(browser: RememberedBrowser) -> Self {
        Self {
            ip_address: browser.ip_address,
            user_agent: browser.user_agent,
            created_at: browser.created_at.into(),
            last_used_at: browser.last_used_at.into(),
            expires_at: browser.expires_at.into(),
        }
    }
}
