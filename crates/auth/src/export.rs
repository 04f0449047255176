//! Handing a person everything that is held about them, as JSON.
//!
//! Never in it: what opens something (hashes, tokens, signatures, links), what a mail
//! says beyond its subject, and where those sit who look after the accounts of others.

use std::time::{Duration, UNIX_EPOCH};

use domain::{EventActor, Principal, SecurityEvent, Timestamp, User};
use serde::Serialize;
use store::{
    EmailChange, MOST_EVENTS, NewSecurityEvent, OpenSession, PersonalMail, PersonalProof,
    StoreError,
};

use crate::{
    Client, Fault,
    fault::ending_in_fault,
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
    /// Anything that is no fault of the visitor's.
    #[error(transparent)]
    Fault(#[from] Fault),
}

ending_in_fault!(ExportError);

#[derive(Serialize)]
struct Export {
    exported_at: Moment,
    profile: Profile,
    sessions: Vec<Session>,
    timeline: Vec<Event>,
    address_proofs: Vec<Proof>,
    email_changes: Vec<Change>,
    mails: Vec<Mail>,
    /// What the product holds besides the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<serde_json::Value>,
}

#[derive(Serialize)]
struct Profile {
    id: String,
    email: String,
    name: String,
    role: String,
    created_at: Moment,
    confirmed_at: Option<Moment>,
    disabled_at: Option<Moment>,
    delete_after: Option<Moment>,
    last_seen_at: Option<Moment>,
    language: &'static str,
}

#[derive(Serialize)]
struct Session {
    is_this_one: bool,
    created_at: Moment,
    authenticated_at: Moment,
    last_seen_at: Moment,
    expires_at: Moment,
    remember: bool,
    ip_address: String,
    user_agent: String,
    values: serde_json::Value,
}

#[derive(Serialize)]
struct Event {
    created_at: Moment,
    what: String,
    actor: &'static str,
    place: Option<Place>,
    refusals: Option<RefusedTimes>,
    reason: Option<String>,
}

#[derive(Serialize)]
struct RefusedTimes {
    reason: &'static str,
    count: u32,
    last_at: Moment,
}

#[derive(Serialize)]
struct Place {
    ip_address: String,
    user_agent: String,
    request_id: String,
}

#[derive(Serialize)]
struct Proof {
    purpose: String,
    email: String,
    created_at: Moment,
    expires_at: Moment,
}

#[derive(Serialize)]
struct Change {
    old_email: String,
    new_email: String,
    created_at: Moment,
    expires_at: Moment,
}

#[derive(Serialize)]
struct Mail {
    recipient: String,
    recipient_name: Option<String>,
    subject: String,
    language: String,
    created_at: Moment,
    expires_at: Moment,
    sent_at: Option<Moment>,
    failed_at: Option<Moment>,
}

/// A moment as RFC 3339 has it, to the millisecond, in UTC.
#[derive(Serialize)]
struct Moment(String);

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
        let proofs = store.address_proofs().list_of_user(user_id).await?;
        let changes = store.email_changes().list_of_user(user_id).await?;
        let mails = store.outbox().list_of_user(user_id).await?;
        let product = match &self.0.settings.personal_data {
            Some(own) => Some(own.export(store, user_id).await?),
            None => None,
        };
        let export = Export {
            exported_at: now.into(),
            profile: user.into(),
            sessions: sessions.map(|session| self.exported(session, principal)).collect(),
            timeline: self.whole_timeline(principal).await?,
            address_proofs: proofs.into_iter().map(Proof::from).collect(),
            email_changes: changes.into_iter().map(Change::from).collect(),
            mails: mails.into_iter().map(Mail::from).collect(),
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
                if seen < MOST_EVENTS || is_others || is_latest_log_in {
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
            last_seen_at: last_seen_at.into(),
            expires_at: session.expires_at.into(),
            remember: session.remember,
            ip_address: session.ip_address,
            user_agent: session.user_agent,
            values: serde_json::from_str(&session.session_values).unwrap_or_default(),
        }
    }
}

impl From<Timestamp> for Moment {
    fn from(moment: Timestamp) -> Self {
        let since = Duration::from_millis(u64::try_from(moment.as_millis()).unwrap_or(0));
        Self(humantime::format_rfc3339_millis(UNIX_EPOCH + since).to_string())
    }
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            name: user.name.to_string(),
            role: user.role.to_string(),
            created_at: user.created_at.into(),
            confirmed_at: user.confirmed_at.map(Moment::from),
            disabled_at: user.disabled_at.map(Moment::from),
            delete_after: user.delete_after.map(Moment::from),
            last_seen_at: user.last_seen_at.map(Moment::from),
            language: user.language.tag(),
        }
    }
}

impl From<(Timestamp, NewSecurityEvent)> for Event {
    fn from((created_at, event): (Timestamp, NewSecurityEvent)) -> Self {
        let place = match event.actor {
            EventActor::Owner | EventActor::Anyone => Some(Place {
                ip_address: event.ip_address,
                user_agent: event.user_agent,
                request_id: event.request_id,
            }),
            EventActor::Admin | EventActor::Operator => None,
        };
        let (what, actor) = (event.event.to_string(), event.actor.as_str());
        let refusals = event.refusals.map(|refusals| RefusedTimes {
            reason: refusals.reason.as_str(),
            count: refusals.count,
            last_at: refusals.last_at.into(),
        });
        Self { created_at: created_at.into(), what, actor, place, refusals, reason: event.note }
    }
}

impl From<PersonalProof> for Proof {
    fn from(proof: PersonalProof) -> Self {
        Self {
            purpose: proof.purpose,
            email: proof.email,
            created_at: proof.created_at.into(),
            expires_at: proof.expires_at.into(),
        }
    }
}

impl From<(Timestamp, EmailChange)> for Change {
    fn from((created_at, change): (Timestamp, EmailChange)) -> Self {
        Self {
            old_email: change.old_email.to_string(),
            new_email: change.new_email.to_string(),
            created_at: created_at.into(),
            expires_at: change.expires_at.into(),
        }
    }
}

impl From<PersonalMail> for Mail {
    fn from(mail: PersonalMail) -> Self {
        Self {
            recipient: mail.to,
            recipient_name: mail.to_name,
            subject: mail.subject,
            language: mail.language,
            created_at: mail.created_at.into(),
            expires_at: mail.expires_at.into(),
            sent_at: mail.sent_at.map(Moment::from),
            failed_at: mail.failed_at.map(Moment::from),
        }
    }
}
