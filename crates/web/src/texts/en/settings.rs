//! The texts of the settings, of devices and of events.

use domain::{EventActor, RefusalReason, SecurityEvent};

use crate::texts::Settings;

pub(super) const TEXTS: Settings = Settings {
    tabs: "Settings",
    from_profile: "Change your name, your password and more",
    tab_profile: "Profile",
    tab_email: "E-mail",
    tab_password: "Password",
    tab_sessions: "Sessions",
    tab_security: "Security",
    tab_data: "Data",
    edit_profile: "Your name",
    edit_profile_lead: "It greets you here and in our mails.",
    save: "Save",
    change_password_title: "Change your password",
    change_password_lead: "Every other browser is logged out. This one stays logged in.",
    change_password: "Change the password",
    sessions: "Where you are logged in",
    sessions_lead: "Devices are called what their browsers say they are. End what you do not know, \
                    then change your password.",
    session_columns: ["Device", "Address", "Logged in", "Last used", "End"],
    this_session: "This one",
    end_session: "End",
    end_other_sessions: "End all other sessions",
    no_such_session: "That session is not in the list any more. This is the list as it is now.",
    timeline: "What happened to your account",
    timeline_lead: "The newest first. Is something here that you did not do?",
    event_columns: ["What", "When", "Where", "By whom"],
    many_networks: "Many networks",
    no_place: "Not told",
    compromise_report: "This was not you?",
    compromise_report_lead: "Then somebody else is in your account. We log everybody out, make the password \
                  worthless and mail you a link to choose another.",
    compromise_report_confirm: "It was not me: log everybody out",
    device: |device| {
        let browser = device.browser.unwrap_or("Unknown browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
    },
    event,
    refusal_reason,
    times: |count| format!("{count} times, the last on"),
    actor,
};

const fn refusal_reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::WrongPassword => "wrong password",
        RefusalReason::VoidPassword => "the account has no password; set one by a mailed link",
        RefusalReason::Unconfirmed => "the address is not confirmed",
        RefusalReason::Disabled => "the account is disabled",
        RefusalReason::ThrottledAccount => "too many tries at this account",
        RefusalReason::ThrottledDevice => "too many tries from this browser",
        RefusalReason::ThrottledClient => "too many tries from this network",
    }
}

fn event(event: &SecurityEvent) -> &str {
    match event {
        SecurityEvent::SignUpAttempted => "Somebody signed up with your address and got nothing",
        SecurityEvent::SignedUp => "The account was made",
        SecurityEvent::AddressConfirmed => "The address was confirmed",
        SecurityEvent::AddressCorrected => "The address was corrected before it was confirmed",
        SecurityEvent::PasswordVoided => "A password that somebody else may have set was voided",
        SecurityEvent::LogInRefused => "Log-in refused",
        SecurityEvent::LimitsCleared => "The tries counted so far were forgotten",
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
        SecurityEvent::CompromiseReport => "Everybody was logged out by the link of a notice",
        SecurityEvent::Exported => "Everything that we hold about you was downloaded",
        SecurityEvent::DeletionRequested => "The account is to be deleted",
        SecurityEvent::DeletionCancelled => "The account is kept after all",
        SecurityEvent::Deleted => "The account was deleted",
        SecurityEvent::BecameAdmin => "The account became an administrator's",
        SecurityEvent::BecameUser => "The account is no administrator's any more",
        SecurityEvent::RoleChanged => "The role of the account was changed",
        SecurityEvent::Product(name) => name,
    }
}

const fn actor(actor: EventActor) -> &'static str {
    match actor {
        EventActor::Owner => "You",
        EventActor::Admin => "An administrator",
        EventActor::Operator => "Whoever runs this site",
        EventActor::Anyone => "Somebody who was not logged in",
    }
}
