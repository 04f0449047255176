//! German: the mails about a reset of lost second factors.

use super::{
    FactorResetLink, FactorResetPending, FactorResetStopped,
    way_back_de::{if_not, knows_password},
};

pub(super) const FACTOR_RESET_LINK: FactorResetLink = FactorResetLink {
    subject: "Zweiten Faktor für {brand} verloren?",
    opening: |within| {
        format!(
            "Jemand hat das richtige Passwort Ihres {{brand}}-Kontos eingegeben und möchte die \
             Zwei-Faktor-Anmeldung entfernen. Wenn Sie das waren, öffnen Sie innerhalb von \
             {within} den Link unten."
        )
    },
    wait: |wait| {
        format!(
            "Damit beginnt eine Wartezeit von {wait}. Danach können Sie sich allein mit Ihrem \
             Passwort anmelden."
        )
    },
    action: "Zwei-Faktor-Anmeldung entfernen",
    ignore: "Wenn Sie das nicht waren, kennt eine andere Person Ihr Passwort: Melden Sie sich an, \
             und ändern Sie es. Ohne diesen Link bleibt Ihr zweiter Faktor erhalten.",
};

pub(super) const FACTOR_RESET_PENDING: FactorResetPending = FactorResetPending {
    subject: "Die Zwei-Faktor-Anmeldung wird von Ihrem {brand}-Konto entfernt",
    opening: |moment| {
        format!(
            "Am {moment} entfernen wir alle Authentifizierungs-Apps, Passkeys und \
             Wiederherstellungscodes von Ihrem {{brand}}-Konto und melden alle Geräte \
             ab. Danach genügt Ihr Passwort zur Anmeldung."
        )
    },
    stop: "Wenn Sie das nicht angefordert haben, kennt eine andere Person Ihr Passwort und liest \
           Ihre E-Mails. Brechen Sie den Vorgang hier ab, und ändern Sie danach beide \
           Passwörter:",
    action: "Zwei-Faktor-Anmeldung behalten",
    wanted: "Wenn Sie das angefordert haben, müssen Sie nichts tun. Auch eine Anmeldung mit \
             einem Code, einem Passkey oder einem Wiederherstellungscode bricht den Vorgang ab.",
};

pub(super) const FACTOR_RESET_STOPPED: FactorResetStopped = FactorResetStopped {
    subject: "Die Zwei-Faktor-Anmeldung bleibt für Ihr {brand}-Konto eingeschaltet",
    opening: "Die Zwei-Faktor-Anmeldung Ihres {brand}-Kontos wird nicht entfernt. Alles bleibt, \
              wie es war.",
    way_back: knows_password,
};

pub(super) const FACTORS_RESET: FactorResetStopped = FactorResetStopped {
    subject: "Die Zwei-Faktor-Anmeldung wurde von Ihrem {brand}-Konto entfernt",
    opening: "Alle Authentifizierungs-Apps, Passkeys und Wiederherstellungscodes Ihres \
              {brand}-Kontos wurden entfernt, und alle Geräte wurden abgemeldet. Melden Sie sich \
              mit Ihrem Passwort an, und richten Sie in den Einstellungen wieder einen zweiten Faktor \
              ein:",
    way_back: |within| format!("Falls Sie das nicht verlangt haben, {}", if_not(within)),
};
