//! Handing a person everything that is held about them, as JSON.
//!
//! Never in it: what opens something (hashes, tokens, signatures, links), what a mail
//! says beyond its subject, and where those sit who look after the accounts of others.

mod file;
mod second_factor;

use std::time::Duration;

use domain::{EventActor, Principal, SecurityEvent};
use store::{MAX_EVENTS, OpenSession, StoreError};

use self::file::{Change, Event, Export, Invited, Mail, Proof, Session};
use crate::{
    Client, Fault,
    exported_time::ExportedTime,
    fault::ending_in_fault,
    passkeys::ExportedPasskey,
    services::OwnAccount,
    throttle::{self, Refused},
    timeline::{Origin, record},
};

/// Events that are read at a time.
const EVENTS: u64 = 500;

/// Why nothing was handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// It was asked for too often.
    #[error("too many files")]
    Throttled {
        /// When to try again.
        retry_after: Duration,
    },
    /// A failure that the visitor did not cause.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ExportError);

impl OwnAccount<'_> {
    /// Everything that is held about the principal, as a JSON text; of the timeline all
    /// that the next sweep leaves. That it was handed out is in the timeline, and there in
    /// the text.
    pub async fn export(
        self,
        principal: &Principal,
        client: &Client,
    ) -> Result<String, ExportError> {
        let (user_id, now) = (principal.user_id, self.0.clock.now());
        let tx = self.0.store.begin().await?;
        let bucket = self.0.throttle.export_of_account(user_id);
        if let Err(Refused { retry_after }) = throttle::take(&tx, &[bucket], now).await? {
            tracing::info!(%user_id, "export throttled");
            return Err(ExportError::Throttled { retry_after });
        }
        record(&tx, user_id, SecurityEvent::Exported, Origin::owner(client), now).await?;
        tx.commit().await?;
        let store = &self.0.store;
        let user = store.users().find(user_id).await?.ok_or(Fault::AccountGone)?;
        let sessions = store.sessions().list(user_id).await?.into_iter();
        let passkeys = store.passkeys().list(user_id).await?.into_iter();
        let proofs = store.address_proofs().list_of_user(user_id).await?;
        let changes = store.email_changes().list_of_user(user_id).await?;
        let mails = store.outbox().list_of_user(user_id).await?;
        let confirmed = user.confirmed_at.map(|_| &user.email);
        let invited = store.invitations().list_to_user(user_id, confirmed).await?;
        let invited_others = store.invitations().list_by_user(user_id).await?;
        let product = match &self.0.settings.personal_data {
            Some(own) => Some(own.export(store, user_id).await?),
            None => None,
        };
        let second_factor = self.exported_factors(principal, &user).await?;
        let export = Export {
            second_factor,
            passkeys: passkeys.map(ExportedPasskey::from).collect(),
            exported_at: now.into(),
            profile: user.into(),
            sessions: sessions.map(|session| self.exported(session, principal)).collect(),
            timeline: self.whole_timeline(principal).await?,
            address_proofs: proofs.into_iter().map(Proof::from).collect(),
            email_changes: changes.into_iter().map(Change::from).collect(),
            mails: mails.into_iter().map(Mail::from).collect(),
            invitations: invited.into_iter().map(Invited::from).collect(),
            invitations_sent: invited_others.into_iter().map(Invited::from).collect(),
            product,
        };
        tracing::info!(%user_id, "everything about the user handed out");
        Ok(serde_json::to_string_pretty(&export).map_err(|_| Fault::Internal)?)
    }

    /// To the end, and of it what the sweep would leave: so no more is held in memory, however
    /// much happened since the last one.
    async fn whole_timeline(self, principal: &Principal) -> Result<Vec<Event>, StoreError> {
        let (mut timeline, mut after, mut seen, mut has_log_in) = (Vec::new(), None, 0, false);
        loop {
            let events = self.0.store.security_events();
            let page = events.list(principal.user_id, after, EVENTS).await?;
            for (moment, event) in page.events {
                let is_log_in = event.event == SecurityEvent::LoggedIn;
                let is_latest_log_in = is_log_in && !has_log_in;
                let is_others = matches!(event.actor, EventActor::Admin | EventActor::Operator);
                if seen < MAX_EVENTS || is_others || is_latest_log_in {
                    timeline.push(Event::from((moment, event)));
                }
                seen += 1;
                has_log_in |= is_log_in;
            }
            after = page.next;
            if after.is_none() {
                return Ok(timeline);
            }
        }
    }

    fn exported(self, session: OpenSession, principal: &Principal) -> Session {
        let last_seen_at = self.0.last_seen_at(&session.key, session.last_seen_at);
        Session {
            is_this_one: session.key == principal.session_key,
            created_at: session.created_at.into(),
            authenticated_at: session.authenticated_at.into(),
            assurance: session.assurance.as_str(),
            factor_at: session.factor_at.map(ExportedTime::from),
            last_seen_at: last_seen_at.into(),
            expires_at: session.expires_at.into(),
            remember: session.remember,
            ip_address: session.ip_address,
            user_agent: session.user_agent,
            values: serde_json::from_str(&session.session_values).unwrap_or_default(),
        }
    }
}
