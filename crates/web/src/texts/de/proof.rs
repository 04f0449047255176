//! The texts about confirming an address.

use auth::{DelayReason, MailProgress};

use crate::texts::Proof;

pub(super) const TEXTS: Proof = Proof {
    mailbox: "Sehen Sie in Ihr Postfach",
    mailbox_lead: |email| {
        format!(
            "Wir haben an {email} geschrieben. Folgen Sie dem Link in der E-Mail oder geben Sie \
             ihren Code hier ein."
        )
    },
    mail_progress,
    another_mail: "Weitere E-Mail senden",
    correct_email_submit: "Diese Adresse verwenden",
    confirm_address: "Adresse bestätigen",
    confirm_here_lead: "Ein Klick, und wir wissen, dass die Adresse Ihnen gehört.",
    confirm_here: "Bestätigen",
    confirm_elsewhere_lead: "Die Registrierung kam aus einem anderen Browser, vielleicht von \
                             jemand anderem. Deshalb wird das dort festgelegte Passwort ungültig, \
                             alle werden abgemeldet, und Sie wählen ein neues.",
    confirm_elsewhere: "Bestätigen und neues Passwort wählen",
    log_in_for_new_link: "Für einen neuen anmelden",
    unconfirmed: "Bitte bestätigen Sie Ihre Adresse über den Link, den wir Ihnen gesendet haben. \
                  Ein Konto, das niemand bestätigt, wird mit der Zeit entfernt.",
    send_mail: "Noch einmal senden",
    enter_code: "Code aus der E-Mail eingeben",
};

const fn mail_progress(mail: MailProgress) -> &'static str {
    match mail {
        MailProgress::Queued => "Die E-Mail wird gleich gesendet.",
        MailProgress::Sent => {
            "Der Mailserver hat die E-Mail angenommen. Es kann eine Minute dauern; sehen Sie auch \
             im Spam-Ordner nach."
        }
        MailProgress::Delayed(DelayReason::Unreachable) => {
            "Die E-Mail verspätet sich: Unser Mailserver ist gerade nicht erreichbar. Wir \
             versuchen es weiter."
        }
        MailProgress::Delayed(DelayReason::Refused) => {
            "Die E-Mail verspätet sich: Der Mailserver nimmt sie gerade nicht an. Wir versuchen es \
             weiter."
        }
        MailProgress::Failed => {
            "Die E-Mail konnte nicht zugestellt werden. Prüfen Sie die Adresse oder fordern Sie \
             eine weitere an."
        }
        MailProgress::Withheld => {
            "An diese Adresse gingen innerhalb einer Stunde schon mehrere E-Mails, daher gab es \
             keine weitere. Fordern Sie später eine an."
        }
    }
}
