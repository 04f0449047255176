//! The texts of the settings, of devices and of events.

use crate::texts::Settings;
use domain::{EventActor, RefusalReason, SecurityEvent};

pub(super) const TEXTS: Settings = Settings {
    tabs: "Einstellungen",
    from_profile: "Name, Passwort und mehr ändern",
    tab_profile: "Profil",
    tab_email: "E-Mail",
    tab_password: "Passwort",
    tab_sessions: "Sitzungen",
    tab_security: "Verlauf",
    tab_data: "Daten",
    edit_profile: "Ihr Name",
    edit_profile_lead: "So begrüßen wir Sie hier und in unseren E-Mails.",
    save: "Speichern",
    change_password_title: "Ihr Passwort ändern",
    change_password_lead: "Alle anderen Browser werden abgemeldet. Dieser bleibt angemeldet.",
    change_password: "Passwort ändern",
    sessions: "Wo Sie angemeldet sind",
    sessions_lead: "Geräte heißen hier so, wie ihre Browser sich nennen. Beenden Sie, was Sie \
                    nicht kennen, und ändern Sie dann Ihr Passwort.",
    session_columns: ["Gerät", "Adresse", "Angemeldet", "Zuletzt verwendet", "Beenden"],
    this_session: "Diese hier",
    end_session: "Beenden",
    end_other_sessions: "Alle anderen Sitzungen beenden",
    no_such_session: "Diese Sitzung steht nicht mehr in der Liste. So sieht die Liste jetzt aus.",
    timeline: "Was mit Ihrem Konto geschah",
    timeline_lead: "Das Neueste zuerst. Ist etwas dabei, das Sie nicht getan haben?",
    event_columns: ["Was", "Wann", "Wo", "Durch wen"],
    many_networks: "Viele Netze",
    no_place: "Keine Angabe",
    compromise_report: "Das waren Sie nicht?",
    compromise_report_lead: "Dann ist jemand anderes in Ihrem Konto. Wir melden alle ab, machen das Passwort \
                  wertlos und senden Ihnen einen Link, mit dem Sie ein neues wählen.",
    compromise_report_confirm: "Das war ich nicht: alle abmelden",
    device: |device| {
        let browser = device.browser.unwrap_or("Unbekannter Browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} unter {system}"))
    },
    event,
    refusal_reason,
    times: |count| format!("{count}-mal, zuletzt am"),
    actor,
};

const fn refusal_reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::WrongPassword => "falsches Passwort",
        RefusalReason::VoidPassword => {
            "das Konto hat kein Passwort; ein Link per E-Mail legt eines fest"
        }
        RefusalReason::Unconfirmed => "die Adresse ist nicht bestätigt",
        RefusalReason::Disabled => "das Konto ist gesperrt",
        RefusalReason::ThrottledAccount => "zu viele Versuche bei diesem Konto",
        RefusalReason::ThrottledDevice => "zu viele Versuche mit diesem Browser",
        RefusalReason::ThrottledClient => "zu viele Versuche aus diesem Netz",
    }
}

fn event(event: &SecurityEvent) -> &str {
    match event {
        SecurityEvent::SignUpAttempted => {
            "Jemand wollte sich mit Ihrer Adresse registrieren, ohne Erfolg"
        }
        SecurityEvent::SignedUp => "Das Konto wurde erstellt",
        SecurityEvent::AddressConfirmed => "Die Adresse wurde bestätigt",
        SecurityEvent::AddressCorrected => "Die Adresse wurde vor der Bestätigung berichtigt",
        SecurityEvent::PasswordVoided => {
            "Ein Passwort, das vielleicht jemand anderes festgelegt hatte, wurde ungültig"
        }
        SecurityEvent::LogInRefused => "Anmeldung abgelehnt",
        SecurityEvent::LimitsCleared => "Die bisher gezählten Versuche wurden vergessen",
        SecurityEvent::LoggedIn => "Angemeldet",
        SecurityEvent::Reauthenticated => "Das Passwort wurde noch einmal eingegeben",
        SecurityEvent::LoggedOut => "Abgemeldet",
        SecurityEvent::SessionEnded => "Eine Sitzung wurde beendet",
        SecurityEvent::OtherSessionsEnded => "Alle anderen Sitzungen wurden beendet",
        SecurityEvent::NameChanged => "Der Name wurde geändert",
        SecurityEvent::EmailChangeRequested => "Ein Link ging an eine neue Adresse",
        SecurityEvent::EmailChanged => "Die Adresse wurde geändert",
        SecurityEvent::EmailChangeUndone => "Eine Änderung der Adresse wurde zurückgenommen",
        SecurityEvent::PasswordChanged => "Das Passwort wurde geändert",
        SecurityEvent::PasswordResetRequested => {
            "Ein Link für ein neues Passwort wurde angefordert"
        }
        SecurityEvent::PasswordReset => "Ein neues Passwort wurde über einen Link festgelegt",
        SecurityEvent::AllSessionsEnded => "Alle Sitzungen wurden beendet",
        SecurityEvent::Disabled => "Das Konto wurde gesperrt",
        SecurityEvent::Enabled => "Das Konto wurde wieder freigegeben",
        SecurityEvent::CompromiseReport => "Alle wurden über den Link einer Nachricht abgemeldet",
        SecurityEvent::Exported => {
            "Alles, was wir über Sie gespeichert haben, wurde heruntergeladen"
        }
        SecurityEvent::DeletionRequested => "Das Konto soll gelöscht werden",
        SecurityEvent::DeletionCancelled => "Das Konto bleibt doch bestehen",
        SecurityEvent::Deleted => "Das Konto wurde gelöscht",
        SecurityEvent::BecameAdmin => "Das Konto bekam die Rolle Admin",
        SecurityEvent::BecameUser => "Das Konto verlor die Rolle Admin",
        SecurityEvent::RoleChanged => "Die Rolle des Kontos wurde geändert",
        SecurityEvent::Product(name) => name,
    }
}

const fn actor(actor: EventActor) -> &'static str {
    match actor {
        EventActor::Owner => "Sie",
        EventActor::Admin => "Ein Admin",
        EventActor::Operator => "Die Betreiber dieser Website",
        EventActor::Anyone => "Jemand, der nicht angemeldet war",
    }
}
