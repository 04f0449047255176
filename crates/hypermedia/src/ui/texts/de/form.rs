//! The texts of forms.

use crate::ui::texts::{FormTexts, WrongTexts};

pub(super) const TEXTS: FormTexts = FormTexts {
    show_password: "Passwort anzeigen",
    password_progress: |min| format!("{{}} von mindestens {min} Zeichen."),
    password_long_enough: "Lang genug.",
    optional: "(freiwillig)",
    choose: "Bitte wählen",
    choose_none: "Keine Angabe",
    number_range: |min, max| format!("Von {min} bis {max}."),
    length_limit: |max| format!("Höchstens {max} Zeichen."),
    length_progress: |max| format!("{{}} von höchstens {max} Zeichen."),
    length_exceeded: |max| format!("{{}} mehr als die erlaubten {max} Zeichen."),
    wrong: WrongTexts {
        text_missing: "Bitte füllen Sie dieses Feld aus.",
        text_too_long: |surplus, max| {
            format!("Das sind {surplus} mehr als die erlaubten {max} Zeichen. Kürzen Sie den Text.")
        },
        text_unprintable: "Der Text enthält ein Zeichen, das sich nicht anzeigen lässt. Geben \
                           Sie ihn neu ein.",
        number: |min, max| format!("Geben Sie eine ganze Zahl von {min} bis {max} ein."),
        date_missing: "Geben Sie ein Datum mit Tag, Monat und Jahr ein.",
        date_malformed: "Dieses Datum gibt es nicht. Geben Sie es als Jahr-Monat-Tag ein, zum \
                         Beispiel 2026-12-31.",
        url_missing: "Geben Sie eine Internetadresse ein, zum Beispiel https://example.org.",
        url_malformed: "Geben Sie eine vollständige Internetadresse ein, die mit https:// oder \
                        http:// beginnt, zum Beispiel https://example.org.",
        choice_missing: "Wählen Sie eine Antwort.",
        consent_missing: "Kreuzen Sie dieses Feld an, um fortzufahren.",
    },
    summary: |count| format!("Bitte korrigieren Sie {count} Angaben:"),
    again: "Bitte geben Sie das noch einmal ein.",
    doubled_field: "Dieses Feld wurde mehr als einmal gesendet. Füllen Sie es noch einmal aus.",
    passkey_cancelled: "Es wurde kein Passkey verwendet. Sie können es noch einmal versuchen.",
    passkey_known: "Dieses Gerät hat bereits einen Passkey für Ihr Konto.",
    form_unproven: "Dieses Formular war zu lange geöffnet, oder Sie haben sich seitdem an- oder \
                    abgemeldet. Bitte senden Sie es noch einmal.",
    form_before_log_in: |email| {
        format!(
            "Sie sind jetzt als {email} angemeldet. Dieses Formular haben Sie vorher geöffnet, \
             daher wurde nichts geändert. Senden Sie es noch einmal, wenn Sie das weiterhin möchten."
        )
    },
    cookies_blocked: "Ihr Browser blockiert unsere Cookies, daher wurde nichts geändert. Erlauben \
                      Sie Cookies für diese Website und senden Sie das Formular noch einmal.",
};
