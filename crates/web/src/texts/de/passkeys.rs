//! The texts about passkeys.

use crate::texts::Passkeys;

pub(super) const TEXTS: Passkeys = Passkeys {
    log_in: "Mit einem Passkey anmelden",
    use_one: "Passkey verwenden",
    not_yours: "Dieser Passkey hat hier nicht funktioniert. Verwenden Sie einen Passkey dieses \
                Kontos.",
    step_lead: "Ihr Passwort stimmt. Verwenden Sie einen Passkey dieses Kontos, um die Anmeldung \
                abzuschließen.",
    step_lead_or_code: "Ihr Passwort stimmt. Verwenden Sie einen Passkey, oder geben Sie einen Code \
                        aus Ihrer Authentifizierungs-App ein.",
    step_unsupported: "Dieser Browser kann hier keine Passkeys verwenden, oder JavaScript ist \
                       ausgeschaltet. Nutzen Sie einen anderen Weg, oder melden Sie sich auf einem \
                       anderen Gerät an.",
    refused: "Dieser Passkey hat nicht funktioniert. Versuchen Sie einen anderen, oder nutzen Sie \
              Ihr Passwort.",
    expired: "Diese Seite war zu lange geöffnet. Bitte versuchen Sie es noch einmal.",
    title: "Ihre Passkeys",
    lead: "Melden Sie sich mit Fingerabdruck, Gesicht oder der PIN Ihres Geräts an, ohne Passwort.",
    synced: "Synchronisiert",
    one_device: "Auf einem Gerät",
    add: "Passkey hinzufügen",
    add_lead: "Ihr Gerät fragt nach Fingerabdruck, Gesicht oder PIN und bewahrt den Passkey auf.",
    create: "Passkey erstellen",
    back: "Zurück zu Ihren Passkeys",
    unsupported: "Dieser Browser kann hier keine Passkeys verwenden, oder JavaScript ist \
                  ausgeschaltet. Ihr Passwort funktioniert wie bisher.",
    new_refused: "Die Antwort Ihres Geräts wurde nicht akzeptiert. Bitte versuchen Sie es noch \
                  einmal.",
    too_many: "Sie haben 20 Passkeys. Entfernen Sie einen, bevor Sie einen weiteren hinzufügen.",
    last_way_in: "Ihr Konto hat kein Passwort. Fügen Sie einen weiteren Passkey hinzu, oder legen Sie \
                  ein Passwort fest, bevor Sie diesen entfernen.",
    remove_password: "Passwort entfernen",
    remove_password_lead: "Danach melden Sie sich nur noch mit einem Passkey an. Alle anderen Geräte \
                           werden abgemeldet. Sie können jederzeit wieder ein Passwort festlegen.",
    keep_password: "Passwort behalten",
    password_needed: "Fügen Sie einen weiteren Passkey hinzu, mit dem Sie sich anmelden können, oder \
                      erzeugen Sie neue Wiederherstellungscodes, bevor Sie Ihr Passwort entfernen.",
    password_removed: "Passwort entfernt. Ab jetzt melden Sie sich mit einem Passkey an.",
    set_password: "Passwort festlegen",
    no_password: "Ihr Konto hat kein Passwort. Sie melden sich mit einem Passkey an.",
    added: "Passkey hinzugefügt.",
};
