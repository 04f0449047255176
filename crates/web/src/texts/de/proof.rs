//! The texts about confirming an address.

use auth::{DelayReason, MailProgress};

use crate::texts::Proof;

pub(super) const TEXTS: Proof = Proof {
    mailbox: "Sehen Sie in Ihrem Posteingang nach",
    mailbox_lead: |email| {
        format!(
            "Wir haben eine E-Mail an {email} gesendet. Öffnen Sie den Link darin oder geben Sie \
             hier ihren Code ein."
        )
    },
    mail_progress,
    sent_hint: "Es kann eine Minute dauern, bis sie ankommt. Sehen Sie auch im Spam-Ordner nach.",
    wrong_address: "Falsche Adresse?",
    another_mail: "Erneut senden",
    correct_email_submit: "Diese Adresse verwenden",
    confirm_address: "Adresse bestätigen",
    confirm_here: "Adresse bestätigen",
    log_in_for_new_link: "Anmelden und neuen Link anfordern",
    unconfirmed: "Bestätigen Sie Ihre E-Mail-Adresse bis zum",
    send_mail: "Erneut senden",
    enter_code: "Code aus der E-Mail eingeben",
};

const fn mail_progress(mail: MailProgress) -> &'static str {
    match mail {
        MailProgress::Queued => "Die E-Mail wird gesendet…",
        MailProgress::Sent => {
            "E-Mail gesendet. Es kann eine Minute dauern, bis sie ankommt. Sehen Sie auch im \
             Spam-Ordner nach."
        }
        MailProgress::Delayed(DelayReason::Unreachable) => {
            "Die E-Mail verspätet sich, weil unser Mailserver nicht erreichbar ist. Wir versuchen \
             es weiter."
        }
        MailProgress::Delayed(DelayReason::Refused) => {
            "Die E-Mail verspätet sich, weil ein Mailserver sie noch nicht annimmt. Wir versuchen \
             es weiter."
        }
        MailProgress::Failed => {
            "Die E-Mail konnte nicht zugestellt werden. Prüfen Sie die Adresse, oder senden Sie \
             erneut."
        }
        MailProgress::Withheld => {
            "Wir haben innerhalb einer Stunde schon mehrere E-Mails an diese Adresse gesendet, \
             daher keine weitere. Versuchen Sie es später noch einmal."
        }
    }
}
