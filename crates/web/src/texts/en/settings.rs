//! The texts of the settings, of devices and of events.

use domain::{EventActor, RefusalReason, SecurityEvent};

use crate::texts::Settings;

pub(super) const TEXTS: Settings = Settings {
    tabs: "Settings",
    tab_profile: "Profile",
    tab_email: "Email",
    tab_password: "Password",
    tab_factors: "Two-factor authentication",
    tab_sessions: "Sessions",
    tab_security: "Activity",
    tab_data: "Data",
    edit_profile: "Your name",
    edit_profile_lead: "We use it on this site and in our emails to you.",
    save: "Save",
    change_password_title: "Change your password",
    change_password_lead: "This logs out every other device. You stay logged in here.",
    change_password: "Change password",
    sessions: "Your sessions",
    sessions_lead: "Log out any device you don’t know, then change your password.",
    session_columns: ["Device", "Address", "Logged in", "Last used", "Log out"],
    this_session: "This device",
    end_session: "Log out",
    end_other_sessions: "Log out all other devices",
    no_such_session: "That session has already ended. This is the current list.",
    pending_email: "Pending change",
    pending_email_lead: |email| {
        format!("We emailed a link to {email}. Your address changes when you open it.")
    },
    pending_email_sent: "Sent",
    cancel_email: "Cancel this change",
    timeline: "Account activity",
    timeline_lead: "Newest first. See something you didn’t do?",
    event_columns: ["What", "When", "Where", "Who"],
    many_networks: "Several networks",
    no_place: "Not shown",
    compromise_report: "Wasn’t this you?",
    compromise_report_lead: "Then another person has access to your account. We log out every \
                             device, disable the old password and email you a link to set a new \
                             one.",
    compromise_report_confirm: "It wasn’t me: log out every device",
    device: |device| {
        let browser = device.browser.unwrap_or("Unknown browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} on {system}"))
    },
    event,
    refusal_reason,
    times: |count| format!("{count} times, most recently"),
    actor,
};

const fn refusal_reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::WrongPassword => "wrong password",
        RefusalReason::VoidPassword => "no password set; use “Forgot your password?”",
        RefusalReason::WrongPasskey => "passkey not accepted",
        RefusalReason::CopiedPasskey => "passkey that may have been copied",
        RefusalReason::Unconfirmed => "address not confirmed",
        RefusalReason::Disabled => "account disabled",
        RefusalReason::WrongCode => "right password, wrong code",
        RefusalReason::ThrottledCode => "too many codes tried",
        RefusalReason::ThrottledAccount => "too many tries on this account",
        RefusalReason::ThrottledDevice => "too many tries from this browser",
        RefusalReason::ThrottledClient => "too many tries from this network",
    }
}

fn event(event: &SecurityEvent) -> &str {
    match event {
        SecurityEvent::SignUpAttempted => "Sign-up with your address; no account created",
        SecurityEvent::SignedUp => "Account created",
        SecurityEvent::AddressConfirmed => "Address confirmed",
        SecurityEvent::AddressCorrected => "Address corrected before it was confirmed",
        SecurityEvent::PasswordVoided => "Password disabled; another person may have set it",
        SecurityEvent::LogInRefused => "Log-in failed",
        SecurityEvent::LimitsCleared => "Count of failed log-ins reset",
        SecurityEvent::LoggedIn => "Logged in",
        SecurityEvent::Reauthenticated => "Password entered again",
        SecurityEvent::LoggedOut => "Logged out",
        SecurityEvent::SessionEnded => "Device logged out",
        SecurityEvent::OtherSessionsEnded => "All other devices logged out",
        SecurityEvent::NameChanged => "Name changed",
        SecurityEvent::EmailChangeRequested => "Link sent to a new address",
        SecurityEvent::EmailChangeCancelled => "Change of address cancelled",
        SecurityEvent::EmailChanged => "Address changed",
        SecurityEvent::EmailChangeUndone => "Change of address undone",
        SecurityEvent::PasswordChanged => "Password changed",
        SecurityEvent::PasswordRemoved => "Password removed",
        SecurityEvent::PasswordResetRequested => "Password reset requested",
        SecurityEvent::PasswordReset => "Password reset by email",
        SecurityEvent::AllSessionsEnded => "Every device logged out",
        SecurityEvent::SecondFactorOn => "Two-factor authentication turned on",
        SecurityEvent::SecondFactorOff => "Two-factor authentication turned off",
        SecurityEvent::AppAdded => "Authentication app added",
        SecurityEvent::AppRemoved => "Authentication app removed",
        SecurityEvent::PasskeyAdded => "Passkey added",
        SecurityEvent::PasskeyRemoved => "Passkey removed",
        SecurityEvent::RecoveryCodesRenewed => "New recovery codes",
        SecurityEvent::RecoveryCodeUsed => "Recovery code used",
        SecurityEvent::BrowserRemembered => "Browser remembered",
        SecurityEvent::BrowserForgotten => "Remembered browser forgotten",
        SecurityEvent::FactorResetRequested => "Link to remove the second factor sent",
        SecurityEvent::FactorResetBegun => "Removal of the second factor started",
        SecurityEvent::FactorResetStopped => "Removal of the second factor stopped",
        SecurityEvent::FactorsReset => "All second factors removed",
        SecurityEvent::Disabled => "Account disabled",
        SecurityEvent::Enabled => "Account enabled again",
        SecurityEvent::CompromiseReport => "Access by another person reported",
        SecurityEvent::Exported => "Data downloaded",
        SecurityEvent::DeletionRequested => "Account deletion requested",
        SecurityEvent::DeletionCancelled => "Account deletion cancelled",
        SecurityEvent::Deleted => "Account deleted",
        SecurityEvent::BecameAdmin => "Role changed to admin",
        SecurityEvent::BecameUser => "Admin role removed",
        SecurityEvent::RoleChanged => "Role changed",
        SecurityEvent::UsersExported => "List of users downloaded",
        SecurityEvent::Invited => "Account created by invitation",
        SecurityEvent::UserInvited => "Invitation sent",
        SecurityEvent::InvitationRevoked => "Invitation withdrawn",
        SecurityEvent::Product(name) => name,
    }
}

const fn actor(actor: EventActor) -> &'static str {
    match actor {
        EventActor::Owner => "You",
        EventActor::Admin => "An admin",
        EventActor::Operator => "The operator of this site",
        EventActor::Anyone => "A visitor who was not logged in",
    }
}
