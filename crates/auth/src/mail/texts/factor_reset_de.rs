//! German: the mails about a reset of lost second factors.

use super::{FactorResetLink, FactorResetPending, FactorResetStopped, way_back_de::knows_password};

pub(super) const FACTOR_RESET_LINK: FactorResetLink = FactorResetLink {
    subject: "Zweiten Faktor f\u{fc}r {brand} verloren?",
    opening: |within| {
        format!(
            "Jemand hat sich mit dem richtigen Passwort bei Ihrem Konto bei {{brand}} angemeldet \
             und m\u{f6}chte die Zwei-Faktor-Anmeldung entfernen. Wenn Sie das waren, \
             \u{f6}ffnen Sie innerhalb von {within} diesen Link."
        )
    },
    wait: |wait| {
        format!(
            "Damit beginnt eine Wartezeit von {wait}. Danach \u{f6}ffnet allein Ihr Passwort das \
             Konto."
        )
    },
    action: "Zwei-Faktor-Anmeldung entfernen",
    ignore: "Wenn Sie das nicht waren, kennt eine andere Person Ihr Passwort: Melden Sie sich an, \
             und \u{e4}ndern Sie es. Ohne diesen Link bleibt Ihr zweiter Faktor erhalten.",
};

pub(super) const FACTOR_RESET_PENDING: FactorResetPending = FactorResetPending {
    subject: "Die Zwei-Faktor-Anmeldung wird von Ihrem Konto bei {brand} entfernt",
    opening: |moment| {
        format!(
            "Am {moment} entfernen wir alle Authentifizierungs-Apps, Passkeys und \
             Wiederherstellungscodes von Ihrem Konto bei {{brand}} und melden alle Ger\u{e4}te \
             ab. Ab dann \u{f6}ffnet allein Ihr Passwort das Konto."
        )
    },
    stop: "Wenn Sie das nicht angefordert haben, kennt eine andere Person Ihr Passwort und liest \
           Ihre E-Mails. Brechen Sie den Vorgang hier ab, und \u{e4}ndern Sie danach beide \
           Passw\u{f6}rter:",
    action: "Zwei-Faktor-Anmeldung behalten",
    wanted: "Wenn Sie das angefordert haben, m\u{fc}ssen Sie nichts tun. Auch eine Anmeldung mit \
             einem Code, einem Passkey oder einem Wiederherstellungscode bricht den Vorgang ab.",
};

pub(super) const FACTOR_RESET_STOPPED: FactorResetStopped = FactorResetStopped {
    subject: "Die Zwei-Faktor-Anmeldung bleibt f\u{fc}r Ihr Konto bei {brand} an",
    opening: "Die Zwei-Faktor-Anmeldung Ihres Kontos bei {brand} wird nicht entfernt. Alles bleibt, \
              wie es war.",
    way_back: knows_password,
};

pub(super) const FACTORS_RESET: FactorResetStopped = FactorResetStopped {
    subject: "Die Zwei-Faktor-Anmeldung wurde von Ihrem Konto bei {brand} entfernt",
    opening: "Alle Authentifizierungs-Apps, Passkeys und Wiederherstellungscodes Ihres Kontos bei \
              {brand} wurden entfernt, und alle Ger\u{e4}te wurden abgemeldet. Melden Sie sich mit \
              Ihrem Passwort an, und richten Sie in den Einstellungen wieder einen zweiten Faktor \
              ein:",
    way_back: knows_password,
};
