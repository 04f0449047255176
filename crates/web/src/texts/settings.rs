//! The texts of the settings, of devices and of events.

use domain::{EventActor, RefusalReason, SecurityEvent, UserAgent};

/// The texts of the settings pages, and of devices and events.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The navigation between the pages of the settings.
    pub(crate) tabs: &'static str,
    /// To the page of the name.
    pub(crate) tab_profile: &'static str,
    /// To the address.
    pub(crate) tab_email: &'static str,
    /// To the page of the password.
    pub(crate) tab_password: &'static str,
    /// To the page of the second factors.
    pub(crate) tab_factors: &'static str,
    /// To the page of the sessions.
    pub(crate) tab_sessions: &'static str,
    /// To the timeline.
    pub(crate) tab_security: &'static str,
    /// To the page about personal data.
    pub(crate) tab_data: &'static str,
    /// The page of the name.
    pub(crate) edit_profile: &'static str,
    /// Its first sentence.
    pub(crate) edit_profile_lead: &'static str,
    /// Its button.
    pub(crate) save: &'static str,
    /// The page of the password.
    pub(crate) change_password_title: &'static str,
    /// Its first sentence.
    pub(crate) change_password_lead: &'static str,
    /// The button, and the link to the page.
    pub(crate) change_password: &'static str,
    /// The page of the sessions.
    pub(crate) sessions: &'static str,
    /// Its first sentence.
    pub(crate) sessions_lead: &'static str,
    /// Its columns.
    pub(crate) session_columns: [&'static str; 5],
    /// In place of the button of the session that asks.
    pub(crate) this_session: &'static str,
    /// The button of another.
    pub(crate) end_session: &'static str,
    /// The button for all others.
    pub(crate) end_other_sessions: &'static str,
    /// When a session to be ended is not in the list.
    pub(crate) no_such_session: &'static str,
    /// The change of address that waits for its link.
    pub(crate) pending_email: &'static str,
    /// Which address that is, and what changes it.
    pub(crate) pending_email_lead: fn(&str) -> String,
    /// Before the time of the latest mail.
    pub(crate) pending_email_sent: &'static str,
    /// Voids that link.
    pub(crate) cancel_email: &'static str,
    /// The timeline.
    pub(crate) timeline: &'static str,
    /// Its first sentence.
    pub(crate) timeline_lead: &'static str,
    /// Its columns.
    pub(crate) event_columns: [&'static str; 4],
    /// In place of the network of what came from many.
    pub(crate) many_networks: &'static str,
    /// Where the place is not shown.
    pub(crate) no_place: &'static str,
    /// The page behind the link of a notice.
    pub(crate) compromise_report: &'static str,
    /// Its first sentence.
    pub(crate) compromise_report_lead: &'static str,
    /// Its button.
    pub(crate) compromise_report_confirm: &'static str,
    /// A browser and its system, as far as they are known.
    pub(crate) device: fn(UserAgent) -> String,
    /// The kind of an event.
    pub(crate) event: fn(&SecurityEvent) -> &str,
    /// Why a password was refused.
    pub(crate) refusal_reason: fn(RefusalReason) -> &'static str,
    /// How often it happened, before the moment of the last time.
    pub(crate) times: fn(u32) -> String,
    /// The actor of an event.
    pub(crate) actor: fn(EventActor) -> &'static str,
}
