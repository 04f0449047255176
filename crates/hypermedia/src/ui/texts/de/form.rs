//! The texts of forms.

use crate::ui::texts::FormTexts;

pub(super) const TEXTS: FormTexts = FormTexts {
    show_password: "Passwort anzeigen",
    password_progress: |min| format!("{{}} von mindestens {min} Zeichen."),
    password_long_enough: "Lang genug.",
    summary: "Einige Angaben stimmen noch nicht:",
    doubled_field: "Diese Angabe kam mehr als einmal. Machen Sie sie noch einmal.",
    form_unproven: "Dieses Formular war zu lange geöffnet, oder Sie haben sich seitdem an- oder \
                    abgemeldet. Bitte senden Sie es noch einmal.",
    form_before_log_in: |email| {
        format!(
            "Sie sind jetzt als {email} angemeldet; dieses Formular wurde vorher geöffnet. Es \
             wurde nichts ausgeführt. Senden Sie es noch einmal, wenn Sie es weiterhin möchten."
        )
    },
    cookies_blocked: "Ihr Browser sendet unsere Cookies nicht zurück, daher wurde nichts \
                      ausgeführt. Erlauben Sie Cookies für diese Website und senden Sie das \
                      Formular noch einmal.",
};
