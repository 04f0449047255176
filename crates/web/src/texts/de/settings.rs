//! The texts of the settings, of devices and of events.

use crate::texts::Settings;
use domain::{EventActor, RefusalReason, SecurityEvent};

pub(super) const TEXTS: Settings = Settings {
    tabs: "Einstellungen",
    tab_profile: "Profil",
    tab_email: "E-Mail",
    tab_password: "Passwort",
    tab_factors: "Zwei-Faktor-Anmeldung",
    tab_sessions: "Sitzungen",
    tab_security: "Aktivität",
    tab_data: "Daten",
    edit_profile: "Ihr Name",
    edit_profile_lead: "Wir verwenden ihn auf dieser Website und in unseren E-Mails an Sie.",
    save: "Speichern",
    change_password_title: "Ihr Passwort ändern",
    change_password_lead: "Alle anderen Geräte werden abgemeldet. Hier bleiben Sie angemeldet.",
    change_password: "Passwort ändern",
    sessions: "Ihre Sitzungen",
    sessions_lead: "Melden Sie Geräte ab, die Sie nicht kennen, und ändern Sie dann Ihr Passwort.",
    session_columns: ["Gerät", "Adresse", "Angemeldet", "Zuletzt verwendet", "Abmelden"],
    this_session: "Dieses Gerät",
    end_session: "Abmelden",
    end_other_sessions: "Alle anderen Geräte abmelden",
    no_such_session: "Diese Sitzung ist bereits beendet. Das ist die aktuelle Liste.",
    pending_email: "Ausstehende Änderung",
    pending_email_lead: |email| {
        format!(
            "Wir haben einen Link an {email} gesendet. Ihre Adresse ändert sich, sobald Sie ihn \
             öffnen."
        )
    },
    pending_email_sent: "Gesendet",
    cancel_email: "Änderung abbrechen",
    timeline: "Kontoaktivität",
    timeline_lead: "Neueste zuerst. Haben Sie etwas davon nicht selbst getan?",
    event_columns: ["Was", "Wann", "Wo", "Wer"],
    many_networks: "Mehrere Netze",
    no_place: "Keine Angabe",
    compromise_report: "Waren Sie das nicht?",
    compromise_report_lead: "Dann hat eine andere Person Zugriff auf Ihr Konto. Wir melden alle \
                             Geräte ab, machen das alte Passwort ungültig und senden Ihnen einen \
                             Link für ein neues.",
    compromise_report_confirm: "Das war ich nicht: alle Geräte abmelden",
    device: |device| {
        let browser = device.browser.unwrap_or("Unbekannter Browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} unter {system}"))
    },
    event,
    refusal_reason,
    times: |count| format!("{count}-mal, zuletzt:"),
    actor,
};

const fn refusal_reason(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::WrongPassword => "falsches Passwort",
        RefusalReason::VoidPassword => "kein Passwort festgelegt; nutzen Sie „Passwort vergessen?“",
        RefusalReason::WrongPasskey => "Passkey nicht akzeptiert",
        RefusalReason::CopiedPasskey => "Passkey, der möglicherweise kopiert wurde",
        RefusalReason::Unconfirmed => "Adresse nicht bestätigt",
        RefusalReason::Disabled => "Konto gesperrt",
        RefusalReason::WrongCode => "richtiges Passwort, falscher Code",
        RefusalReason::ThrottledCode => "zu viele Codes versucht",
        RefusalReason::ThrottledAccount => "zu viele Versuche bei diesem Konto",
        RefusalReason::ThrottledDevice => "zu viele Versuche mit diesem Browser",
        RefusalReason::ThrottledClient => "zu viele Versuche aus diesem Netz",
    }
}

fn event(event: &SecurityEvent) -> &str {
    match event {
        SecurityEvent::SignUpAttempted => "Registrierung mit Ihrer Adresse; kein Konto erstellt",
        SecurityEvent::SignedUp => "Konto erstellt",
        SecurityEvent::AddressConfirmed => "Adresse bestätigt",
        SecurityEvent::AddressCorrected => "Adresse vor der Bestätigung berichtigt",
        SecurityEvent::PasswordVoided => {
            "Passwort ungültig gemacht; eine andere Person könnte es festgelegt haben"
        }
        SecurityEvent::LogInRefused => "Anmeldung fehlgeschlagen",
        SecurityEvent::LimitsCleared => "Zähler der Fehlversuche zurückgesetzt",
        SecurityEvent::LoggedIn => "Angemeldet",
        SecurityEvent::Reauthenticated => "Passwort erneut eingegeben",
        SecurityEvent::LoggedOut => "Abgemeldet",
        SecurityEvent::SessionEnded => "Gerät abgemeldet",
        SecurityEvent::OtherSessionsEnded => "Alle anderen Geräte abgemeldet",
        SecurityEvent::NameChanged => "Name geändert",
        SecurityEvent::EmailChangeRequested => "Link an eine neue Adresse gesendet",
        SecurityEvent::EmailChangeCancelled => "Änderung der Adresse abgebrochen",
        SecurityEvent::EmailChanged => "Adresse geändert",
        SecurityEvent::EmailChangeUndone => "Änderung der Adresse rückgängig gemacht",
        SecurityEvent::PasswordChanged => "Passwort geändert",
        SecurityEvent::PasswordRemoved => "Passwort entfernt",
        SecurityEvent::PasswordResetRequested => "Neues Passwort angefordert",
        SecurityEvent::PasswordReset => "Passwort per E-Mail zurückgesetzt",
        SecurityEvent::AllSessionsEnded => "Alle Geräte abgemeldet",
        SecurityEvent::SecondFactorOn => "Zwei-Faktor-Anmeldung eingeschaltet",
        SecurityEvent::SecondFactorOff => "Zwei-Faktor-Anmeldung ausgeschaltet",
        SecurityEvent::AppAdded => "Authentifizierungs-App hinzugefügt",
        SecurityEvent::AppRemoved => "Authentifizierungs-App entfernt",
        SecurityEvent::PasskeyAdded => "Passkey hinzugefügt",
        SecurityEvent::PasskeyRemoved => "Passkey entfernt",
        SecurityEvent::RecoveryCodesRenewed => "Neue Wiederherstellungscodes",
        SecurityEvent::RecoveryCodeUsed => "Wiederherstellungscode verwendet",
        SecurityEvent::BrowserRemembered => "Browser gespeichert",
        SecurityEvent::BrowserForgotten => "Gespeicherter Browser entfernt",
        SecurityEvent::FactorResetRequested => "Link zum Entfernen des zweiten Faktors gesendet",
        SecurityEvent::FactorResetBegun => "Entfernen des zweiten Faktors begonnen",
        SecurityEvent::FactorResetStopped => "Entfernen des zweiten Faktors abgebrochen",
        SecurityEvent::FactorsReset => "Alle zweiten Faktoren entfernt",
        SecurityEvent::Disabled => "Konto gesperrt",
        SecurityEvent::Enabled => "Konto wieder freigegeben",
        SecurityEvent::CompromiseReport => "Zugriff durch eine andere Person gemeldet",
        SecurityEvent::Exported => "Daten heruntergeladen",
        SecurityEvent::DeletionRequested => "Löschung des Kontos angefordert",
        SecurityEvent::DeletionCancelled => "Löschung des Kontos zurückgenommen",
        SecurityEvent::Deleted => "Konto gelöscht",
        SecurityEvent::BecameAdmin => "Rolle zu Admin geändert",
        SecurityEvent::BecameUser => "Rolle Admin entzogen",
        SecurityEvent::RoleChanged => "Rolle geändert",
        SecurityEvent::UsersExported => "Liste von Benutzern heruntergeladen",
        SecurityEvent::Invited => "Konto durch Einladung erstellt",
        SecurityEvent::UserInvited => "Einladung gesendet",
        SecurityEvent::InvitationRevoked => "Einladung zurückgezogen",
        SecurityEvent::Product(name) => name,
    }
}

const fn actor(actor: EventActor) -> &'static str {
    match actor {
        EventActor::Owner => "Sie",
        EventActor::Admin => "Ein Admin",
        EventActor::Operator => "Der Betreiber dieser Website",
        EventActor::Anyone => "Ein nicht angemeldeter Besucher",
    }
}
