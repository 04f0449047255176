//! The texts of the page of invitations.

use auth::{InvitationStatus, MailProgress};

use crate::texts::Invitations;

pub(super) const TEXTS: Invitations = Invitations {
    title: "Einladungen",
    lead: "Wir senden einen Link, der einmal und 7 Tage lang gilt, auch wenn die Registrierung \
           geschlossen ist. Gibt es zu der Adresse schon ein Konto, bitten wir den Inhaber, sich \
           anzumelden; die Rolle bleibt, wie sie ist.",
    reason_hint: "Wir speichern ihn beim Ereignis. Die Person kann ihn in ihrem Datenexport lesen.",
    invite: "Einladung senden",
    columns: ["E-Mail-Adresse", "Rolle", "Eingeladen von", "Gesendet", "Stand", "Aktionen"],
    status: |status| match status {
        InvitationStatus::Open => "Gültig bis",
        InvitationStatus::Expired => "Abgelaufen",
        InvitationStatus::Accepted => "Angenommen",
        InvitationStatus::HasAccount => "Hat ein Konto",
        InvitationStatus::Void => {
            "Ungültig: Es gibt die Rolle nicht mehr, oder der Absender darf nicht mehr einladen"
        }
    },
    mail: |mail| match mail {
        MailProgress::Queued => "E-Mail noch nicht gesendet",
        MailProgress::Delayed(_) => "E-Mail verspätet sich",
        MailProgress::Sent => "E-Mail gesendet",
        MailProgress::Failed | MailProgress::Withheld => "E-Mail nicht zustellbar",
    },
    resend: "Erneut senden",
    revoke: "Zurückziehen",
    empty: "Noch keine Einladungen",
    empty_text: "Hier erscheinen die Einladungen, die Sie senden.",
    sent: |email| format!("Die Einladung an {email} ist unterwegs."),
    has_account: |email| {
        format!("{email} hat schon ein Konto und behält seine Rolle. Sie können sie hier ändern.")
    },
    resent: "Einladung erneut gesendet. Der Link der vorigen E-Mail gilt nicht mehr.",
    revoked: "Einladung zurückgezogen. Ihr Link gilt nicht mehr.",
    already_invited: "Diese Adresse ist schon eingeladen. Senden Sie die Einladung unten erneut, \
                      oder ziehen Sie sie zurück.",
    too_many: "Zu viele Einladungen. Warten Sie eine Weile, und versuchen Sie es dann erneut.",
    gone: "Diese Einladung wurde schon angenommen oder zurückgezogen.",
    has_account_now: "Zu dieser Adresse gibt es inzwischen ein Konto. Seine Rolle ändern Sie auf \
                      dessen Seite.",
    role_gone: "Diese Rolle gibt es nicht mehr. Ziehen Sie die Einladung zurück, und senden Sie \
                eine neue.",
};
