//! The texts on the way from an address to an account.

use crate::texts::SignUp;

pub(super) const TEXTS: SignUp = SignUp {
    request_lead: "Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie Ihr \
                   Konto anlegen.",
    go_on: "Weiter",
    new_account: "Konto anlegen",
    new_account_lead: |email| {
        format!("{email} ist bestätigt. Wählen Sie noch einen Namen und ein Passwort.")
    },
    new_account_submit: "Konto jetzt anlegen",
    has_account: "Sie haben bereits ein Konto",
    has_account_lead: |email| {
        format!("Für {email} gibt es bereits ein Konto. Melden Sie sich an, um fortzufahren.")
    },
    again: "Erneut registrieren",
    invitation_gone_lead: "Diese Einladung wurde zurückgezogen, ist abgelaufen oder durch eine neuere \
                           ersetzt. Bitten Sie die Person, die Sie eingeladen hat, um eine andere.",
    account_of: |email| format!("Konto: {email}"),
    address_of: |email| format!("Adresse: {email}"),
    confirm_lead: |email| format!("Bestätigen Sie, dass {email} Ihre E-Mail-Adresse ist."),
    elsewhere_lead: |email| {
        format!(
            "Mit {email} hat sich jemand in einem anderen Browser registriert. Geben Sie das \
             Passwort ein, das Sie dort gewählt haben."
        )
    },
    elsewhere_submit: "Bestätigen und anmelden",
    not_mine_lead: "Sie haben kein Passwort gewählt? Dann hat sich jemand anderes mit Ihrer Adresse \
                    registriert. Wählen Sie ein neues Passwort: Das alte gilt dann nicht mehr, und \
                    die andere Person wird abgemeldet.",
    not_mine_submit: "Ich habe kein Passwort gewählt",
    confirmed: "Ihre Adresse ist bestätigt",
    confirmed_lead: |email| {
        format!(
            "Sie haben {email} auf einem anderen Gerät bestätigt. Melden Sie sich an, um hier \
             fortzufahren."
        )
    },
    used_lead: |email| {
        format!("{email} ist bereits bestätigt. Mit diesem Link ist nichts weiter zu tun.")
    },
};
