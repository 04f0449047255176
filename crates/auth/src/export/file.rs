//! What the file of an export is made of, and how rows become parts of it.

use domain::{EventActor, Timestamp, User};
use serde::Serialize;
use store::{EmailChange, Invitation, NewSecurityEvent, PersonalMail, PersonalProof};

use super::second_factor::SecondFactor;
use crate::{exported_time::ExportedTime, passkeys::ExportedPasskey};

#[derive(Serialize)]
pub(super) struct Export {
    pub(super) exported_at: ExportedTime,
    pub(super) profile: Profile,
    pub(super) sessions: Vec<Session>,
    pub(super) second_factor: SecondFactor,
    pub(super) passkeys: Vec<ExportedPasskey>,
    pub(super) timeline: Vec<Event>,
    pub(super) address_proofs: Vec<Proof>,
    pub(super) email_changes: Vec<Change>,
    pub(super) mails: Vec<Mail>,
    /// The invitations of the address.
    pub(super) invitations: Vec<Invited>,
    /// The invitations of others, by the user.
    pub(super) invitations_sent: Vec<Invited>,
    /// What the product holds besides the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) product: Option<serde_json::Value>,
}

#[derive(Serialize)]
pub(super) struct Profile {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) role: String,
    pub(super) created_at: ExportedTime,
    pub(super) confirmed_at: Option<ExportedTime>,
    pub(super) disabled_at: Option<ExportedTime>,
    pub(super) delete_after: Option<ExportedTime>,
    pub(super) last_seen_at: Option<ExportedTime>,
    pub(super) language: &'static str,
}

#[derive(Serialize)]
pub(super) struct Session {
    pub(super) is_this_one: bool,
    pub(super) created_at: ExportedTime,
    pub(super) authenticated_at: ExportedTime,
    pub(super) assurance: &'static str,
    pub(super) factor_at: Option<ExportedTime>,
    pub(super) last_seen_at: ExportedTime,
    pub(super) expires_at: ExportedTime,
    pub(super) remember: bool,
    pub(super) ip_address: String,
    pub(super) user_agent: String,
    pub(super) values: serde_json::Value,
}

#[derive(Serialize)]
pub(super) struct Event {
    pub(super) created_at: ExportedTime,
    pub(super) what: String,
    pub(super) actor: &'static str,
    pub(super) place: Option<Place>,
    pub(super) refusals: Option<RefusedTimes>,
    pub(super) reason: Option<String>,
    pub(super) role: Option<String>,
}

#[derive(Serialize)]
pub(super) struct RefusedTimes {
    pub(super) reason: &'static str,
    pub(super) count: u32,
    pub(super) last_at: ExportedTime,
}

#[derive(Serialize)]
pub(super) struct Place {
    pub(super) ip_address: String,
    pub(super) user_agent: String,
    pub(super) request_id: String,
}

#[derive(Serialize)]
pub(super) struct Proof {
    pub(super) purpose: String,
    pub(super) email: String,
    pub(super) created_at: ExportedTime,
    pub(super) expires_at: ExportedTime,
}

#[derive(Serialize)]
pub(super) struct Change {
    pub(super) old_email: String,
    pub(super) new_email: String,
    pub(super) created_at: ExportedTime,
    pub(super) expires_at: ExportedTime,
}

#[derive(Serialize)]
pub(super) struct Mail {
    pub(super) recipient: String,
    pub(super) recipient_name: Option<String>,
    pub(super) subject: String,
    pub(super) language: String,
    pub(super) created_at: ExportedTime,
    pub(super) expires_at: ExportedTime,
    pub(super) sent_at: Option<ExportedTime>,
    pub(super) failed_at: Option<ExportedTime>,
}

#[derive(Serialize)]
pub(super) struct Invited {
    pub(super) email: String,
    pub(super) role: String,
    pub(super) language: &'static str,
    pub(super) reason: Option<String>,
    pub(super) created_at: ExportedTime,
    pub(super) sent_at: ExportedTime,
    pub(super) expires_at: ExportedTime,
    pub(super) accepted_at: Option<ExportedTime>,
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email.to_string(),
            name: user.name.to_string(),
            role: user.role.to_string(),
            created_at: user.created_at.into(),
            confirmed_at: user.confirmed_at.map(ExportedTime::from),
            disabled_at: user.disabled_at.map(ExportedTime::from),
            delete_after: user.delete_after.map(ExportedTime::from),
            last_seen_at: user.last_seen_at.map(ExportedTime::from),
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
        let role = event.role.map(|role| role.to_string());
        let (created_at, reason) = (created_at.into(), event.note);
        Self { created_at, what, actor, place, refusals, reason, role }
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
            sent_at: mail.sent_at.map(ExportedTime::from),
            failed_at: mail.failed_at.map(ExportedTime::from),
        }
    }
}

impl From<Invitation> for Invited {
    fn from(invitation: Invitation) -> Self {
        Self {
            email: invitation.email.to_string(),
            role: invitation.role.to_string(),
            language: invitation.language.tag(),
            reason: invitation.note,
            created_at: invitation.created_at.into(),
            sent_at: invitation.sent_at.into(),
            expires_at: invitation.expires_at.into(),
            accepted_at: invitation.accepted_at.map(ExportedTime::from),
        }
    }
}
