//! The texts of the page of invitations.

use auth::{InvitationStatus, MailProgress};

use crate::texts::Invitations;

pub(super) const TEXTS: Invitations = Invitations {
    title: "Invitations",
    lead: "We email a link that works once, for 7 days, even while sign-up is closed. If the \
           address already has an account, we tell its owner to log in; the role stays as it is.",
    reason_hint: "We keep it with the event. The person can read it in the data export.",
    invite: "Send invitation",
    columns: ["Email address", "Role", "Invited by", "Sent", "State", "Actions"],
    status: |status| match status {
        InvitationStatus::Open => "Valid until",
        InvitationStatus::Expired => "Expired",
        InvitationStatus::Accepted => "Accepted",
        InvitationStatus::HasAccount => "Has an account",
        InvitationStatus::Void => {
            "Not valid: the role is gone, or the inviter may no longer invite"
        }
    },
    mail: |mail| match mail {
        MailProgress::Queued => "Email not sent yet",
        MailProgress::Delayed(_) => "Email delayed",
        MailProgress::Sent => "Email sent",
        MailProgress::Failed | MailProgress::Withheld => "Email could not be delivered",
    },
    resend: "Send again",
    revoke: "Withdraw",
    empty: "No invitations yet",
    empty_text: "The invitations that you send appear here.",
    sent: |email| format!("Invitation sent to {email}."),
    has_account: |email| {
        format!(
            "{email} already has an account, which keeps its role. You can change the role \
        here."
        )
    },
    resent: "Invitation sent again. The link in the email before it no longer works.",
    revoked: "Invitation withdrawn. Its link no longer works.",
    already_invited: "This address already has an invitation. Send it again or withdraw it below.",
    too_many: "Too many invitations. Wait a while, then try again.",
    gone: "This invitation was already accepted or withdrawn.",
    has_account_now: "This address has an account by now. You can change its role on its page.",
    role_gone: "This role no longer exists. Withdraw the invitation and send a new one.",
};
