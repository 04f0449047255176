//! The texts of the admin area.

use auth::{MailFilter, MailTrouble, UserFilter, UserOrder};
use domain::EventActor;

use crate::texts::{ActionTexts, Admin};

pub(super) const TEXTS: Admin = Admin {
    nav: "Verwaltung",
    events: "Ereignisse",
    mails: "E-Mails",
    user_columns: ["Name", "E-Mail-Adresse", "Rolle", "Erstellt", "Zuletzt aktiv"],
    filters: "Auswahl",
    filter: |filter| match filter {
        UserFilter::All => "Alle",
        UserFilter::Admins => "Admin-Konten",
        UserFilter::Unconfirmed => "Unbestätigt",
        UserFilter::Disabled => "Gesperrt",
        UserFilter::ToBeDeleted => "Zur Löschung",
    },
    sort_by: "Sortieren nach:",
    order: |order| match order {
        UserOrder::Created => "Neueste zuerst",
        UserOrder::Oldest => "Älteste zuerst",
        UserOrder::LastSeen => "Zuletzt aktiv",
        UserOrder::LongestUnseen => "Am längsten inaktiv",
    },
    never: "Nie",
    export: "Als CSV herunterladen",
    export_lead: "Die Datei enthält die Benutzer dieser Liste, höchstens 10.000. Das Herunterladen \
                  wird protokolliert.",
    export_too_long: "Diese Liste hat mehr als 10.000 Benutzer. Grenzen Sie sie ein und versuchen \
                      Sie es noch einmal.",
    user: "Benutzer",
    facts: "Konto",
    created: "Erstellt",
    last_seen: "Zuletzt aktiv",
    confirmed: "Adresse bestätigt",
    disabled_since: "Gesperrt seit",
    deleted_on: "Wird gelöscht am",
    password: "Passwort",
    password_set: "Festgelegt",
    password_removed: "Keines. Der Benutzer meldet sich mit einem Passkey an.",
    password_void: "Keines. Der Benutzer legt es über einen Link in einer E-Mail fest.",
    second_factor_since: "Zwei-Faktor-Anmeldung seit",
    factors_removed_on: "Zweite Faktoren werden entfernt am",
    throttled: "Zu viele Fehlversuche. Anmeldungen aus neuen Browsern sind vorerst blockiert.",
    actions: "Aktionen",
    reason_missing: "Geben Sie einen Grund an, zum Beispiel, woher Sie wissen, wer fragt.",
    no_factor: "Dieses Konto hat keinen zweiten Faktor.",
    not_of_admins: "Das ist ein anderer Admin. Zweite Faktoren von Admins kann nur der Betreiber entfernen.",
    own_account: "Das ist Ihr eigenes Konto. Ein anderer Admin kann es hier ändern.",
    to_settings: "Zu Ihren Einstellungen",
    reason: "Grund",
    reason_hint: "Optional. Wir speichern ihn beim Ereignis. Der Benutzer kann ihn in seinem \
                  Datenexport lesen.",
    reason_needed_hint: "Wir speichern ihn beim Ereignis. Der Benutzer kann ihn in seinem \
                         Datenexport lesen.",
    reason_too_long: "Verwenden Sie für den Grund höchstens 200 Zeichen.",
    reason_unprintable: "Schreiben Sie den Grund in eine Zeile, ohne Sonderzeichen.",
    repeat_email: "E-Mail-Adresse des Kontos",
    repeat_email_hint: "Geben Sie sie zur Bestätigung ein.",
    repeat_email_wrong: "Das ist eine andere Adresse als die des Kontos. Es wurde nichts gelöscht.",
    account_disabled: "Das Konto ist gesperrt, ein Link würde daher ins Leere führen. Geben Sie es \
                       zuerst frei.",
    disable: ActionTexts {
        title: "Sperren",
        effect: "Der Benutzer wird überall abgemeldet und kann sich erst wieder anmelden, wenn Sie \
                 das Konto freigeben.",
        label: "Konto sperren",
        done: Some("Das Konto ist gesperrt."),
    },
    enable: ActionTexts {
        title: "Freigeben",
        effect: "Der Benutzer kann sich wieder anmelden.",
        label: "Konto freigeben",
        done: Some("Das Konto ist freigegeben."),
    },
    end_sessions: ActionTexts {
        title: "Überall abmelden",
        effect: "Beendet alle Sitzungen des Benutzers. Er kann sich wieder anmelden.",
        label: "Überall abmelden",
        done: Some("Der Benutzer ist überall abgemeldet."),
    },
    send_reset: ActionTexts {
        title: "Passwort-Link senden",
        effect: "Sendet dem Benutzer einen Link, um ein neues Passwort festzulegen. Ein früherer \
                 Link wird ungültig.",
        label: "Link senden",
        done: Some("Der Link ist unterwegs."),
    },
    confirm: ActionTexts {
        title: "Adresse bestätigen",
        effect: "Tun Sie das nur, wenn Sie sicher sind, dass der Benutzer E-Mails an diese Adresse \
                 liest.",
        label: "Adresse bestätigen",
        done: Some("Die Adresse ist bestätigt."),
    },
    role: ActionTexts {
        title: "Rolle ändern",
        effect: "Die neue Rolle gilt ab der nächsten Anfrage des Benutzers.",
        label: "Rolle ändern",
        done: None,
    },
    role_changed: |name, role| format!("{name} hat jetzt die Rolle „{role}“."),
    delete: ActionTexts {
        title: "Löschen",
        effect: "Löscht das Konto und alle personenbezogenen Daten sofort und endgültig.",
        label: "Konto löschen",
        done: Some("Das Konto ist gelöscht."),
    },
    keep: ActionTexts {
        title: "Löschung abbrechen",
        effect: "Der Benutzer hat um die Löschung gebeten. Behalten Sie das Konto nur, wenn er es \
                 sich anders überlegt hat.",
        label: "Konto behalten",
        done: Some("Das Konto bleibt bestehen."),
    },
    reset_factors: ActionTexts {
        title: "Zweite Faktoren entfernen",
        effect: "Für Personen, die Telefon und Wiederherstellungscodes verloren haben. Prüfen Sie, wer \
                 Sie darum bittet: Danach genügt das Passwort zur Anmeldung. Wir schreiben dem \
                 Benutzer eine E-Mail.",
        label: "Zweite Faktoren entfernen",
        done: Some("Die zweiten Faktoren sind entfernt, und alle Geräte sind abgemeldet."),
    },
    sessions: "Sitzungen",
    session_columns: ["Gerät", "IP-Adresse", "Angemeldet", "Zuletzt verwendet"],
    no_sessions: "Nirgends angemeldet.",
    mail_columns: ["Betreff", "An", "Eingereiht", "Stand"],
    no_mails: "Keine E-Mails.",
    mail_waits: "Nächster Versuch:",
    mail_sent: "Gesendet:",
    mail_failed: "Fehlgeschlagen:",
    event_columns: ["Ereignis", "Wann", "Konto", "Wer", "IP-Adresse"],
    all_events: "Alle Ereignisse dieses Kontos",
    no_events: "Keine Ereignisse gefunden",
    no_events_text: "Ändern Sie die Auswahl oder entfernen Sie einen Teil davon.",
    no_events_yet: "In diesem Abschnitt wurde nichts gefunden. Ältere Ereignisse können passen.",
    deleted_account: "Gelöschtes Konto",
    kind: "Ereignis",
    by_whom: "Wer",
    any: "Alle",
    account: "Konto (E-Mail-Adresse)",
    acted_by: "Admin (E-Mail-Adresse)",
    from: "Von",
    until: "Bis",
    apply: "Auswahl anwenden",
    actor: |actor| match actor {
        EventActor::Owner => "Inhaber des Kontos",
        EventActor::Admin => "Admin",
        EventActor::Operator => "Betreiber",
        EventActor::Anyone => "Nicht angemeldet",
    },
    mail_filter: |filter| match filter {
        MailFilter::Waiting => "In der Warteschlange",
        MailFilter::Failed => "Fehlgeschlagen",
    },
    queue_columns: ["Betreff", "An", "Stand", "Ursache", "Senden"],
    mail_trouble: |trouble| match trouble {
        MailTrouble::Refused => "Der Mailserver hat sie abgelehnt.",
        MailTrouble::Unreachable => "Der Mailserver war nicht erreichbar.",
        MailTrouble::Expired => "Sie ist abgelaufen, bevor sie gesendet werden konnte.",
    },
    tries: "Versuche:",
    queue_empty: "Hier sind keine E-Mails",
    queue_empty_text: "E-Mails, die warten oder sich nicht senden ließen, erscheinen hier.",
    send_again: "Noch einmal senden",
    sent_again: "Die E-Mail wird jetzt gesendet.",
    not_repeatable: "Lässt sich nicht noch einmal senden. Der Benutzer kann eine neue anfordern.",
    send_test: "Test-E-Mail senden",
    test_lead: |email| {
        format!("Geht an {email}. Schlägt das fehl, erscheint sie hier mit der Ursache.")
    },
    test_sent: "Die Test-E-Mail ist unterwegs. Sie sollte in einer Minute ankommen.",
};
