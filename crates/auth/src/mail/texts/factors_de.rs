//! German: the notices about second factors.

use domain::FactorKind;

use super::FactorNotice;

pub(super) fn factor(kind: FactorKind, name: &str) -> String {
    match kind {
        FactorKind::AuthenticationApp => format!("die Authentifizierungs-App „{name}“"),
        FactorKind::Passkey => format!("den Passkey „{name}“"),
    }
}

pub(super) const SECOND_FACTOR_ON: FactorNotice = FactorNotice {
    subject: "Zwei-Faktor-Anmeldung für Ihr {brand}-Konto eingeschaltet",
    opening: "Ab jetzt melden Sie sich bei Ihrem {brand}-Konto mit Ihrem Passwort und einem \
              zweiten Faktor an oder mit einem Passkey. Bewahren Sie Ihre \
              Wiederherstellungscodes sicher auf. Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const FACTOR_ADDED: FactorNotice = FactorNotice {
    subject: "Zweiter Faktor zu Ihrem {brand}-Konto hinzugefügt",
    opening: "Ab jetzt können Sie auch {it} verwenden, um sich bei Ihrem {brand}-Konto \
              anzumelden. Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const FACTOR_REMOVED: FactorNotice = FactorNotice {
    subject: "Zweiter Faktor aus Ihrem {brand}-Konto entfernt",
    opening: "Sie können {it} nicht mehr verwenden, um sich bei Ihrem {brand}-Konto anzumelden. \
              Alle anderen Geräte wurden abgemeldet. Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const SECOND_FACTOR_OFF: FactorNotice = FactorNotice {
    subject: "Zwei-Faktor-Anmeldung für Ihr {brand}-Konto ausgeschaltet",
    opening: "Sie können {it} nicht mehr verwenden, um sich anzumelden. Damit hat Ihr \
              {brand}-Konto keinen zweiten Faktor mehr, und Ihr Passwort genügt. Alle anderen \
              Geräte wurden abgemeldet. Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const RECOVERY_CODES_RENEWED: FactorNotice = FactorNotice {
    subject: "Neue Wiederherstellungscodes für Ihr {brand}-Konto",
    opening: "Ihr {brand}-Konto hat neue Wiederherstellungscodes, und die alten sind ungültig. \
              Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const RECOVERY_CODE_USED: FactorNotice = FactorNotice {
    subject: "Wiederherstellungscode Ihres {brand}-Kontos verwendet",
    opening: "Anstelle des zweiten Faktors Ihres {brand}-Kontos wurde ein Wiederherstellungscode \
              verwendet. Verbleibende Codes: {it}. Falls Sie das waren, ist nichts zu tun.",
};

pub(super) const WRONG_CODES: FactorNotice = FactorNotice {
    subject: "Falscher zweiter Faktor für Ihr {brand}-Konto",
    opening: "Das richtige Passwort Ihres {brand}-Kontos wurde eingegeben, danach aber ein \
              falscher Code oder Passkey: {it}. Niemand wurde angemeldet. Falls Sie das waren, \
              ist nichts zu tun.",
};

/// The notice that the account has no password any longer.
pub(super) const PASSWORD_REMOVED: FactorNotice = FactorNotice {
    subject: "Das Passwort Ihres {brand}-Kontos wurde entfernt",
    opening: "Ihr {brand}-Konto hat kein Passwort mehr: Sie melden sich mit einem Passkey an. \
              Alle anderen Geräte wurden abgemeldet. Falls Sie das waren, ist nichts zu tun.",
};

/// The notice that a passkey seems to be copied.
pub(super) const PASSKEY_COPIED: FactorNotice = FactorNotice {
    subject: "Ein Passkey Ihres {brand}-Kontos wurde möglicherweise kopiert",
    opening: "Wir haben den Passkey „{it}“ Ihres {brand}-Kontos abgelehnt. Sein Zähler stand \
              niedriger als bei der letzten Verwendung; möglicherweise gibt es eine Kopie davon. \
              Entfernen Sie ihn in den Einstellungen Ihres Kontos, und fügen Sie einen neuen \
              hinzu.",
};
