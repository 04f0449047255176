//! What the pages say on which people look after their accounts, and what they tell
//! of devices and events.

use domain::{EventActor, SecurityEvent, UserAgent};
use time::OffsetDateTime;

/// The navigation between the pages of the settings.
pub(crate) const SETTINGS: &str = "Settings";
/// To them, from one's own page.
pub(crate) const TO_SETTINGS: &str = "Change your name, your password and more";
/// To the page of the name.
pub(crate) const SETTINGS_PROFILE: &str = "Profile";
/// To the address.
pub(crate) const SETTINGS_EMAIL: &str = "Email";
/// To the page of the password.
pub(crate) const SETTINGS_PASSWORD: &str = "Password";
/// To the page of the sessions.
pub(crate) const SETTINGS_SESSIONS: &str = "Sessions";
/// To the timeline.
pub(crate) const SETTINGS_SECURITY: &str = "Security";

/// The page of the name.
pub(crate) const EDIT_PROFILE: &str = "Your name";
/// Its first sentence.
pub(crate) const EDIT_PROFILE_LEAD: &str = "It greets you here and in our mails.";
/// Its button.
pub(crate) const SAVE: &str = "Save";
/// After changing it.
pub(crate) const FLASH_NAME_CHANGED: &str = "Your name is saved.";

/// The page of the password.
pub(crate) const CHANGE_PASSWORD_TITLE: &str = "Change your password";
/// Its first sentence.
pub(crate) const CHANGE_PASSWORD_LEAD: &str =
    "Every other browser is logged out. This one stays logged in.";
/// The field for the password that there is.
pub(crate) const CURRENT_PASSWORD: &str = "Current password";
/// The button, and the link to the page.
pub(crate) const CHANGE_PASSWORD: &str = "Change the password";
/// Beside the current password when it is another.
pub(crate) const WRONG_CURRENT_PASSWORD: &str = "This is not your current password.";
/// Beside a new password that is none.
pub(crate) const SAME_PASSWORD: &str = "This is the password that you have. Choose another.";
/// After changing it.
pub(crate) const FLASH_PASSWORD_CHANGED: &str =
    "Your password is changed, and every other browser is logged out.";

/// The page of the sessions.
pub(crate) const SESSIONS: &str = "Where you are logged in";
/// Its first sentence.
pub(crate) const SESSIONS_LEAD: &str = "Devices are called what their browsers say they are. End what you do not know, then change \
     your password.";
/// Its columns.
pub(crate) const SESSION_COLUMNS: [&str; 5] =
    ["Device", "Address", "Logged in", "Last used", "End"];
/// In place of the button of the session that asks.
pub(crate) const THIS_SESSION: &str = "This one";
/// The button of another.
pub(crate) const END_SESSION: &str = "End";
/// The button for all others.
pub(crate) const END_OTHER_SESSIONS: &str = "End all other sessions";
/// When a session to be ended is not in the list.
pub(crate) const NO_SUCH_SESSION: &str =
    "That session is not in the list any more. This is the list as it is now.";
/// After ending one.
pub(crate) const FLASH_SESSION_ENDED: &str = "The session is ended.";
/// After ending all others.
pub(crate) const FLASH_OTHER_SESSIONS_ENDED: &str = "You are logged in here and nowhere else.";

/// The timeline.
pub(crate) const TIMELINE: &str = "What happened to your account";
/// Its first sentence.
pub(crate) const TIMELINE_LEAD: &str = "The newest first. Is something here that you did not do?";
/// Its columns.
pub(crate) const EVENT_COLUMNS: [&str; 4] = ["What", "When", "Where", "By whom"];
/// Where nothing is told of the place.
pub(crate) const NO_PLACE: &str = "Not told";

/// The page behind the link of a notice.
pub(crate) const NOT_ME: &str = "This was not you?";
/// Its first sentence.
pub(crate) const NOT_ME_LEAD: &str = "Then somebody else is in your account. We log everybody out, make the password worthless \
     and mail you a link to choose another.";
/// Its button.
pub(crate) const NOT_ME_CONFIRM: &str = "It was not me: log everybody out";
/// After it.
pub(crate) const FLASH_TAKEN_BACK: &str = "Everybody is logged out, and the old password is worthless. A mail with a link to choose a \
     new one is on its way.";

/// What a button ends, for those who cannot see the row.
pub(crate) fn end_session_of(device: &str) -> String {
    format!("{END_SESSION}: {device}")
}

/// A browser and its system, as far as they are known.
pub(crate) fn device(device: UserAgent) -> String {
    let browser = device.browser.unwrap_or("Unknown browser");
    device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
}

/// A device and its address.
pub(crate) fn place(device: &str, address: &str) -> String {
    format!("{device}, {address}")
}

/// A moment, to the minute.
pub(crate) fn moment(at: OffsetDateTime) -> String {
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!("{day} {month} {year}, {:02}:{:02} UTC", at.hour(), at.minute())
}

/// What happened.
pub(crate) const fn event(event: SecurityEvent) -> &'static str {
    match event {
        SecurityEvent::SignedUp => "The account was made",
        SecurityEvent::AddressConfirmed => "The address was confirmed",
        SecurityEvent::AddressCorrected => "The address was corrected before it was confirmed",
        SecurityEvent::PasswordVoided => "A password that somebody else may have set was voided",
        SecurityEvent::LoggedIn => "Logged in",
        SecurityEvent::Reauthenticated => "The password was given again",
        SecurityEvent::LoggedOut => "Logged out",
        SecurityEvent::SessionEnded => "A session was ended",
        SecurityEvent::OtherSessionsEnded => "All other sessions were ended",
        SecurityEvent::NameChanged => "The name was changed",
        SecurityEvent::EmailChangeRequested => "A link was mailed to a new address",
        SecurityEvent::EmailChanged => "The address was changed",
        SecurityEvent::EmailChangeUndone => "A change of the address was taken back",
        SecurityEvent::PasswordChanged => "The password was changed",
        SecurityEvent::PasswordResetRequested => "A link to a new password was asked for",
        SecurityEvent::PasswordReset => "A new password was set by a mailed link",
        SecurityEvent::AllSessionsEnded => "Every session was ended",
        SecurityEvent::Disabled => "The account was disabled",
        SecurityEvent::Enabled => "The account was enabled again",
        SecurityEvent::NotMe => "Everybody was logged out by the link of a notice",
        SecurityEvent::Exported => "Everything that we hold about you was downloaded",
        SecurityEvent::DeletionRequested => "The account is to be deleted",
        SecurityEvent::DeletionCancelled => "The account is kept after all",
        SecurityEvent::BecameAdmin => "The account became an administrator's",
        SecurityEvent::BecameUser => "The account is no administrator's any more",
    }
}

/// Who made it happen.
pub(crate) const fn actor(actor: EventActor) -> &'static str {
    match actor {
        EventActor::Owner => "You",
        EventActor::Admin => "An administrator",
        EventActor::Operator => "Whoever runs this site",
        EventActor::Anyone => "Somebody who was not logged in",
    }
}
