//! The texts of the admin area.

use auth::{MailFilter, MailTrouble, UserFilter, UserOrder};
use domain::EventActor;

use crate::texts::{ActionTexts, Admin};

pub(super) const TEXTS: Admin = Admin {
    nav: "Admin area",
    events: "Events",
    mails: "Emails",
    user_columns: ["Name", "Email address", "Role", "Created", "Last seen"],
    filters: "Filters",
    filter: |filter| match filter {
        UserFilter::All => "All",
        UserFilter::Admins => "Admins",
        UserFilter::Unconfirmed => "Unconfirmed",
        UserFilter::Disabled => "Disabled",
        UserFilter::ToBeDeleted => "To be deleted",
    },
    sort_by: "Sort by:",
    order: |order| match order {
        UserOrder::Created => "Newest first",
        UserOrder::Oldest => "Oldest first",
        UserOrder::LastSeen => "Last seen",
        UserOrder::LongestUnseen => "Longest unseen",
    },
    never: "Never",
    export: "Download as CSV",
    export_lead: "The file contains the users of this list, up to 10,000. The download is recorded.",
    export_too_long: "This list has more than 10,000 users. Filter or search, then try again.",
    user: "User",
    facts: "Account",
    created: "Created",
    last_seen: "Last seen",
    confirmed: "Address confirmed",
    disabled_since: "Disabled since",
    deleted_on: "Will be deleted on",
    password: "Password",
    password_set: "Set",
    password_removed: "None. The user logs in with a passkey.",
    password_void: "None. The user sets one with an emailed link.",
    second_factor_since: "Two-factor authentication since",
    factors_removed_on: "Second factors will be removed on",
    throttled: "Too many failed attempts. Log-in from new browsers is blocked for now.",
    actions: "Actions",
    reason_missing: "Enter a reason, such as how you know who is asking.",
    no_factor: "This account has no second factor.",
    not_of_admins: "This is another admin. Only the operator can remove an admin's second factor.",
    own_account: "This is your own account. Another admin can change it here.",
    to_settings: "Go to your settings",
    reason: "Reason",
    reason_hint: "Optional. We keep it with the event. The user can read it in the data export.",
    reason_needed_hint: "We keep it with the event. The user can read it in the data export.",
    reason_too_long: "Use 200 characters or fewer for the reason.",
    reason_unprintable: "Write the reason on one line, without special characters.",
    repeat_email: "Email address of the account",
    repeat_email_hint: "Type it to confirm.",
    repeat_email_wrong: "That is not the address of this account. Nothing was deleted.",
    account_disabled: "The account is disabled, so a link would not work. Enable it first.",
    disable: ActionTexts {
        title: "Disable",
        effect: "The user is logged out everywhere and can’t log in until you enable the account.",
        label: "Disable account",
        done: Some("Account disabled."),
    },
    enable: ActionTexts {
        title: "Enable",
        effect: "The user can log in again.",
        label: "Enable account",
        done: Some("Account enabled."),
    },
    end_sessions: ActionTexts {
        title: "Log out everywhere",
        effect: "Ends every session of the user. They can log in again.",
        label: "Log out everywhere",
        done: Some("The user is logged out everywhere."),
    },
    send_reset: ActionTexts {
        title: "Send password link",
        effect: "Emails the user a link to set a new password. An earlier link stops working.",
        label: "Send link",
        done: Some("Link sent."),
    },
    confirm: ActionTexts {
        title: "Confirm address",
        effect: "Only do this if you are sure that the user reads email at this address.",
        label: "Confirm address",
        done: Some("Address confirmed."),
    },
    role: ActionTexts {
        title: "Change role",
        effect: "The new role applies to the user’s next request.",
        label: "Change role",
        done: None,
    },
    role_changed,
    delete: ActionTexts {
        title: "Delete",
        effect: "Deletes the account and all personal data at once. This can’t be undone.",
        label: "Delete account",
        done: Some("Account deleted."),
    },
    keep: ActionTexts {
        title: "Cancel deletion",
        effect: "The user asked to delete this account. Keep it only if they changed their mind.",
        label: "Keep account",
        done: Some("The account is kept."),
    },
    reset_factors: ActionTexts {
        title: "Remove second factors",
        effect: "For users who lost their phone and their recovery codes. Check who is asking: \
                 from then on, they log in with their password alone. They are told by email.",
        label: "Remove second factors",
        done: Some("Second factors removed, and every device logged out."),
    },
    sessions: "Sessions",
    session_columns: ["Device", "IP address", "Logged in", "Last used"],
    no_sessions: "Not logged in anywhere.",
    mail_columns: ["Subject", "To", "Queued", "State"],
    no_mails: "No emails.",
    mail_waits: "Next attempt:",
    mail_sent: "Sent:",
    mail_failed: "Failed:",
    event_columns: ["Event", "When", "Account", "Who", "IP address"],
    all_events: "All events of this account",
    no_events: "No events found",
    no_events_text: "Change the filters, or remove one.",
    no_events_yet: "Nothing found in this part. Older events may match.",
    deleted_account: "Deleted account",
    kind: "Event",
    by_whom: "Who",
    any: "All",
    account: "Account (email address)",
    acted_by: "Admin (email address)",
    from: "From",
    until: "To",
    apply: "Apply filters",
    actor: |actor| match actor {
        EventActor::Owner => "Account owner",
        EventActor::Admin => "Admin",
        EventActor::Operator => "Operator",
        EventActor::Anyone => "Not logged in",
    },
    mail_filter: |filter| match filter {
        MailFilter::Waiting => "Waiting",
        MailFilter::Failed => "Failed",
    },
    queue_columns: ["Subject", "To", "State", "Cause", "Send"],
    mail_trouble: |trouble| match trouble {
        MailTrouble::Refused => "The mail server refused it.",
        MailTrouble::Unreachable => "The mail server could not be reached.",
        MailTrouble::Expired => "It expired before it could be sent.",
    },
    tries: "Attempts:",
    queue_empty: "No emails here",
    queue_empty_text: "Emails that are waiting or could not be sent appear here.",
    send_again: "Send again",
    sent_again: "The email will be sent now.",
    not_repeatable: "Can’t be sent again. The user can ask for a new one.",
    send_test: "Send a test email",
    test_lead: |email| format!("Goes to {email}. If it fails, it appears here with the cause."),
    test_sent: "Test email queued. It should arrive within a minute.",
};

/// The role with its article, as in "an editor". An acronym keeps its capitals.
fn role_changed(name: &str, role: &str) -> String {
    let is_acronym = role.chars().nth(1).is_some_and(char::is_uppercase);
    let role = match role.char_indices().nth(1) {
        Some((at, _)) if !is_acronym => {
            let (first, rest) = role.split_at(at);
            first.to_lowercase() + rest
        }
        _ => role.to_owned(),
    };
    let begins =
        |sounds: &[&str]| sounds.iter().any(|sound| role.to_lowercase().starts_with(sound));
    let sounds_like_you = ["us", "uni", "eu", "one"];
    let article =
        if begins(&["a", "e", "i", "o", "u"]) && !begins(&sounds_like_you) { "an" } else { "a" };
    format!("{name} is now {article} {role}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_told_with_its_article() {
        for (role, told) in [
            ("Editor", "Ada is now an editor."),
            ("Admin", "Ada is now an admin."),
            ("User", "Ada is now a user."),
            ("Manager", "Ada is now a manager."),
            ("QA lead", "Ada is now a QA lead."),
            ("", "Ada is now a ."),
        ] {
            assert_eq!(role_changed("Ada", role), told);
        }
    }
}
