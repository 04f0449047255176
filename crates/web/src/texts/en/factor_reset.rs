//! The texts of the pages about lost second factors.

use crate::texts::FactorReset;

pub(super) const TEXTS: FactorReset = FactorReset {
    lost: "Lost your phone and your recovery codes?",
    to_log_in: "Log in",
    request_title: "Lost your second factor?",
    request_lead: |moment| {
        format!(
            "We can remove two-factor authentication from your account, so that you can log in with \
             your password alone. To protect you from anyone who knows your password, this takes \
             until {moment} at the earliest."
        )
    },
    request_submit: "Email me a link",
    back: "Back to the code",
    sent_title: "Check your inbox",
    sent: |email| format!("We sent a link to {email}. It works for one hour."),
    sent_next: "Open it to start the wait. We will email you every day until it is over, and you can \
                stop it at any time.",
    begin_title: "Remove two-factor authentication",
    begin_lead: |moment| {
        format!(
            "Your authentication apps, passkeys and recovery codes will be removed on {moment}, and \
             you will be logged out everywhere. Until then, logging in with one of them stops this."
        )
    },
    begin_submit: "Start the wait",
    begun: |moment| {
        format!("The wait has started. You can log in with your password alone from {moment}.")
    },
    under_way: |moment| {
        format!(
            "Two-factor authentication will be removed on {moment}. Finish logging in to stop this."
        )
    },
    keep_title: "Keep two-factor authentication",
    keep_lead: "Someone who knows your password and reads your email asked us to remove two-factor \
                authentication from your account. If that was not you, keep it, and then choose a \
                new password.",
    keep_submit: "Keep two-factor authentication",
    kept: "Two-factor authentication stays on. If you did not ask to remove it, choose a new password \
           now.",
    banner_title: "Two-factor authentication",
    banner: |moment| {
        format!(
            "Two-factor authentication will be removed from your account on {moment}. If you did \
             not ask for this, keep it and then choose a new password."
        )
    },
};
