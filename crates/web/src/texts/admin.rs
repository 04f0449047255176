//! The texts of the admin area.

use auth::{MailFilter, MailTrouble, UserFilter, UserOrder};
use domain::EventActor;

/// The texts of the admin area.
#[derive(Debug)]
pub(crate) struct Admin {
    /// The navigation between its pages.
    pub(crate) nav: &'static str,
    /// The page of the audit trail, and the part of a user's page.
    pub(crate) events: &'static str,
    /// The page of mails, and the part of a user's page.
    pub(crate) mails: &'static str,
    /// The columns of the list of users.
    pub(crate) user_columns: [&'static str; 5],
    /// The name of the links to the filters of a list.
    pub(crate) filters: &'static str,
    /// The users of a filter.
    pub(crate) filter: fn(UserFilter) -> &'static str,
    /// Before the orders of the list.
    pub(crate) sort_by: &'static str,
    /// An order of the list.
    pub(crate) order: fn(UserOrder) -> &'static str,
    /// In place of a time that has not come.
    pub(crate) never: &'static str,
    /// Downloads the list.
    pub(crate) export: &'static str,
    /// Beside it.
    pub(crate) export_lead: &'static str,
    /// In place of a list that is too long to download.
    pub(crate) export_too_long: &'static str,
    /// The title of a user's page.
    pub(crate) user: &'static str,
    /// The facts about the account.
    pub(crate) facts: &'static str,
    /// The time at which it was made.
    pub(crate) created: &'static str,
    /// The time of its last use.
    pub(crate) last_seen: &'static str,
    /// The time at which its address was confirmed.
    pub(crate) confirmed: &'static str,
    /// The time since which it is disabled.
    pub(crate) disabled_since: &'static str,
    /// The time at which it will be deleted.
    pub(crate) deleted_on: &'static str,
    /// Whether it has a password.
    pub(crate) password: &'static str,
    /// It has one.
    pub(crate) password_set: &'static str,
    /// It has none, and a passkey.
    pub(crate) password_removed: &'static str,
    /// It has none.
    pub(crate) password_void: &'static str,
    /// Since when log-ins ask for a second factor.
    pub(crate) second_factor_since: &'static str,
    /// When its second factors are removed, because the owner has lost them.
    pub(crate) factors_removed_on: &'static str,
    /// A log-in is refused in unknown browsers.
    pub(crate) throttled: &'static str,
    /// The actions on an account.
    pub(crate) actions: &'static str,
    /// In place of the actions on the own account.
    pub(crate) own_account: &'static str,
    /// Where a reason has to be given.
    pub(crate) reason_missing: &'static str,
    /// Instead of resetting the factors of another admin.
    pub(crate) no_factor: &'static str,
    pub(crate) not_of_admins: &'static str,
    /// To the own settings.
    pub(crate) to_settings: &'static str,
    /// The field for the reason of an action.
    pub(crate) reason: &'static str,
    /// Beside it.
    pub(crate) reason_hint: &'static str,
    /// The same where a reason has to be given.
    pub(crate) reason_needed_hint: &'static str,
    /// A reason that is too long.
    pub(crate) reason_too_long: &'static str,
    /// A reason with a line break or worse.
    pub(crate) reason_unprintable: &'static str,
    /// The field that repeats the address.
    pub(crate) repeat_email: &'static str,
    /// Beside it.
    pub(crate) repeat_email_hint: &'static str,
    /// Another address was typed.
    pub(crate) repeat_email_wrong: &'static str,
    /// A link would not work.
    pub(crate) account_disabled: &'static str,
    /// Refuses log-ins.
    pub(crate) disable: ActionTexts,
    /// Allows them again.
    pub(crate) enable: ActionTexts,
    /// Logs the owner out.
    pub(crate) end_sessions: ActionTexts,
    /// Mails a link.
    pub(crate) send_reset: ActionTexts,
    /// Vouches for the address.
    pub(crate) confirm: ActionTexts,
    /// Gives another role.
    pub(crate) role: ActionTexts,
    /// After that: the name of the user, and of the role.
    pub(crate) role_changed: fn(&str, &str) -> String,
    /// Deletes the account.
    pub(crate) delete: ActionTexts,
    /// Cancels the deletion.
    pub(crate) keep: ActionTexts,
    /// Removing all second factors.
    pub(crate) reset_factors: ActionTexts,
    /// The sessions of a user.
    pub(crate) sessions: &'static str,
    /// The columns of the sessions.
    pub(crate) session_columns: [&'static str; 4],
    /// When there is none.
    pub(crate) no_sessions: &'static str,
    /// The columns of a user's mails.
    pub(crate) mail_columns: [&'static str; 4],
    /// When there is none.
    pub(crate) no_mails: &'static str,
    /// A mail that waits, before the time of the next try.
    pub(crate) mail_waits: &'static str,
    /// A mail that was sent, before the time.
    pub(crate) mail_sent: &'static str,
    /// A mail that was given up, before the time.
    pub(crate) mail_failed: &'static str,
    /// The columns of the audit trail.
    pub(crate) event_columns: [&'static str; 5],
    /// From a user to the audit trail of the account.
    pub(crate) all_events: &'static str,
    /// When nothing is found.
    pub(crate) no_events: &'static str,
    /// The next step.
    pub(crate) no_events_text: &'static str,
    /// The page looks on from here.
    pub(crate) no_events_yet: &'static str,
    /// The account of an event was deleted.
    pub(crate) deleted_account: &'static str,
    /// The filter by kind.
    pub(crate) kind: &'static str,
    /// The filter by the kind of actor.
    pub(crate) by_whom: &'static str,
    /// No filter.
    pub(crate) any: &'static str,
    /// The filter by account.
    pub(crate) account: &'static str,
    /// The filter by admin.
    pub(crate) acted_by: &'static str,
    /// The filter by the first day.
    pub(crate) from: &'static str,
    /// The filter by the last day.
    pub(crate) until: &'static str,
    /// The button of the filters.
    pub(crate) apply: &'static str,
    /// An actor, as admins see it.
    pub(crate) actor: fn(EventActor) -> &'static str,
    /// The mails of a filter.
    pub(crate) mail_filter: fn(MailFilter) -> &'static str,
    /// The columns of the list of mails.
    pub(crate) queue_columns: [&'static str; 5],
    /// Why a mail was not sent.
    pub(crate) mail_trouble: fn(MailTrouble) -> &'static str,
    /// Before the number of tries.
    pub(crate) tries: &'static str,
    /// When there is no mail.
    pub(crate) queue_empty: &'static str,
    /// The consequence.
    pub(crate) queue_empty_text: &'static str,
    /// Sends a mail again.
    pub(crate) send_again: &'static str,
    /// It is on its way.
    pub(crate) sent_again: &'static str,
    /// In place of the button of a mail without content.
    pub(crate) not_repeatable: &'static str,
    /// Sends a mail to the admin.
    pub(crate) send_test: &'static str,
    /// Beside it, with the address.
    pub(crate) test_lead: fn(&str) -> String,
    /// It is on its way.
    pub(crate) test_sent: &'static str,
}

/// The texts of one action on an account.
#[derive(Debug)]
pub(crate) struct ActionTexts {
    /// Opens the question.
    pub(crate) title: &'static str,
    /// What it does.
    pub(crate) effect: &'static str,
    /// The button.
    pub(crate) label: &'static str,
    /// After it was done; the role says it by its name.
    pub(crate) done: Option<&'static str>,
}
