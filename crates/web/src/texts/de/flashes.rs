//! The flashes: sentences about a completed action.

use crate::texts::Flashes;

pub(super) const TEXTS: Flashes = Flashes {
    signed_up: "Konto erstellt. Melden Sie sich an, und bestätigen Sie Ihre Adresse über die \
                E-Mail, die wir Ihnen gesendet haben.",
    account_created: "Willkommen! Ihr Konto ist angelegt.",
    logged_in: "Sie sind angemeldet.",
    factors_kept: "Sie sind angemeldet. Die Zwei-Faktor-Anmeldung bleibt eingeschaltet.",
    logged_out: "Sie sind abgemeldet.",
    reset_resent: "E-Mail gesendet. Der Link der vorigen E-Mail gilt nicht mehr.",
    password_reset_factor: "Ihr neues Passwort ist festgelegt. Melden Sie sich damit und mit Ihrem zweiten Faktor an.",
    password_reset: "Ihr neues Passwort ist festgelegt. Melden Sie sich damit an.",
    email_change_requested: "Wir haben eine E-Mail an Ihre neue Adresse gesendet. Öffnen Sie den \
                             Link darin, um die Adresse zu ändern.",
    email_change_cancelled: "Die Änderung ist abgebrochen. Ihre E-Mail-Adresse bleibt, wie sie \
                             ist.",
    email_changed: "Ihre neue Adresse ist bestätigt. Melden Sie sich ab jetzt damit an.",
    email_change_undone: "Ihre Adresse ist wiederhergestellt, und alle Geräte sind abgemeldet. In \
                          Ihrem Posteingang finden Sie einen Link für ein neues Passwort.",
    address_confirmed: "Ihre Adresse ist bestätigt.",
    address_corrected: "Wir haben eine E-Mail an Ihre andere Adresse gesendet.",
    proof_sent: "E-Mail gesendet. Link und Code der vorigen E-Mail gelten nicht mehr.",
    name_changed: "Name gespeichert.",
    password_changed: "Passwort geändert. Alle anderen Geräte sind abgemeldet.",
    session_ended: "Das Gerät ist abgemeldet.",
    other_sessions_ended: "Alle anderen Geräte sind abgemeldet.",
    taken_back: "Alle Geräte sind abgemeldet, und das alte Passwort gilt nicht mehr. In Ihrem \
                 Posteingang finden Sie einen Link für ein neues.",
    deletion_requested: "Ihr Konto wird gelöscht, und alle Geräte sind abgemeldet. In unserer \
                         E-Mail steht, bis wann Sie es sich anders überlegen können.",
    deletion_cancelled: "Ihr Konto wird nicht gelöscht.",
};
