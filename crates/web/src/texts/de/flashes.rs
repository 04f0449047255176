//! The flashes: sentences about a completed action.

use crate::texts::Flashes;

pub(super) const TEXTS: Flashes = Flashes {
    signed_up: "Ihr Konto ist bereit. Melden Sie sich mit Ihrem neuen Passwort an, und bestätigen \
                Sie Ihre Adresse über die E-Mail, die wir Ihnen gesendet haben.",
    logged_in: "Sie sind angemeldet.",
    logged_out: "Sie sind abgemeldet.",
    reset_requested: "Eine E-Mail an diese Adresse ist unterwegs. Es kann eine Minute dauern; \
                      sehen Sie auch im Spam-Ordner nach.",
    password_reset: "Ihr neues Passwort ist festgelegt. Melden Sie sich damit an.",
    email_change_requested: "Eine E-Mail an die neue Adresse ist unterwegs. Öffnen Sie den Link \
                             darin; bis dahin ändert sich nichts.",
    email_changed: "Die neue Adresse ist bestätigt. Melden Sie sich ab jetzt damit an.",
    email_change_undone: "Ihre Adresse ist wiederhergestellt, und alle sind abgemeldet. In Ihrem \
                          Postfach finden Sie den Link, mit dem Sie ein neues Passwort festlegen.",
    role_changed: "Die Rolle wurde geändert.",
    address_confirmed: "Ihre Adresse ist bestätigt.",
    address_corrected: "Eine E-Mail an die andere Adresse ist unterwegs.",
    proof_sent: "Eine weitere E-Mail ist unterwegs. Link und Code der vorigen gelten nicht mehr.",
    name_changed: "Ihr Name ist gespeichert.",
    password_changed: "Ihr Passwort ist geändert, und alle anderen Browser sind abgemeldet.",
    session_ended: "Die Sitzung ist beendet.",
    other_sessions_ended: "Sie sind nur noch hier angemeldet.",
    taken_back: "Alle sind abgemeldet, und das alte Passwort ist wertlos. Eine E-Mail mit einem \
                 Link, über den Sie ein neues wählen, ist unterwegs.",
    deletion_requested: "Sie sind überall abgemeldet, und Ihr Konto wird gelöscht. Eine E-Mail \
                         nennt Ihnen, bis wann Sie die Löschung zurücknehmen können.",
    deletion_cancelled: "Ihr Konto bleibt bestehen.",
};
