//! The texts of the pages of the features.

use crate::texts::Pages;

pub(super) const TEXTS: Pages = Pages {
    to_profile: "Zu Ihrem Profil",
    profile_title: "Profil",
    hello: |name| ["Guten Tag, ", name].concat(),
    profile_lead: "Das ist Ihr Konto. Niemand sonst kann diese Seite sehen.",
    role: "Rolle",
    role_user: "Benutzer",
    role_admin: "Admin",
    sign_up_lead: "Eine Adresse, ein Name, ein Passwort.",
    sign_up_closed: "Die Registrierung ist geschlossen. Bitten Sie die Betreiber dieser Website um \
                     ein Konto.",
    have_account: "Sie haben schon ein Konto?",
    no_account_yet: "Noch kein Konto?",
    log_in_to_go_on: "Melden Sie sich an, dann geht es weiter zur gewünschten Seite.",
    forgot_password: "Passwort vergessen?",
    forgot_password_lead: "Nennen Sie uns Ihre Adresse. Wir senden Ihnen einen Link, mit dem Sie \
                           ein neues Passwort festlegen.",
    send_reset_link: "Link senden",
    back_to_log_in: "Zurück zur Anmeldung",
    reset_password: "Neues Passwort festlegen",
    reset_password_lead: "Danach sind Sie überall abgemeldet und melden sich mit dem neuen \
                          Passwort an.",
    set_password: "Passwort festlegen",
    ask_for_new_link: "Neuen Link anfordern",
    change_email: "Adresse ändern",
    change_email_lead: |email| {
        format!(
            "Zurzeit ist es {email}. Wir senden einen Link an die neue Adresse; sie gilt, sobald \
             Sie ihn öffnen."
        )
    },
    send_link: "Link senden",
    confirm_email: "Neue Adresse bestätigen",
    confirm_email_lead: "Ab dann öffnet diese Adresse das Konto, das darum gebeten hat. Die alte \
                         bekommt eine Nachricht. Ein Konto, das jemand mit dieser Adresse \
                         erstellt und nie bestätigt hat, wird entfernt.",
    confirm_email_submit: "Diese Adresse verwenden",
    undo_email: "Änderung der Adresse zurücknehmen",
    undo_email_lead: "Ihr Konto bekommt diese Adresse zurück, alle werden abgemeldet, und kein \
                      Passwort öffnet es, bis Sie ein neues festlegen. Dafür senden wir Ihnen \
                      einen Link.",
    undo_email_submit: "Mein Konto zurückholen",
    email_link_gone_lead: "Er wurde schon verwendet, ist abgelaufen oder durch einen neueren \
                           ersetzt. Wenn Sie ihn verwendet haben, ist nichts weiter zu tun.",
    sudo: "Bestätigen Sie, dass Sie es sind",
    sudo_lead: "Dafür brauchen wir Ihr Passwort noch einmal. Was Sie gerade tun wollten, geht \
                gleich danach weiter.",
    sudo_submit: "Bestätigen",
    form_gone: "Hier wartet kein Formular",
    form_gone_lead: "Es wurde schon gesendet, hat zu lange gewartet oder gehört jemand anderem. \
                     Gerade eben wurde nichts ausgeführt.",
    resend_title: "Bitte senden Sie das noch einmal",
    send_again: "Noch einmal senden",
    other_user: "Ein anderes Konto ist angemeldet",
    other_user_lead: |email| {
        format!(
            "In diesem Browser sind Sie als {email} angemeldet. Das gesendete Formular wurde \
             vorher oder für ein anderes Konto geöffnet, daher wurde nichts ausgeführt."
        )
    },
    switch_user: "Abmelden und fortfahren",
    stay_logged_in: "Angemeldet bleiben und zum Profil",
    user_columns: ["Name", "E-Mail-Adresse", "Rolle"],
    search_users: "Nach Name oder Adresse suchen",
    no_users: "Niemand gefunden",
    no_users_text: "Versuchen Sie es mit einem kürzeren Teil des Namens oder der Adresse.",
    change_role: "Rolle ändern",
    last_admin: "Das ist der letzte Admin, und er bleibt es.",
    no_admin: "Die Adresse ist noch nicht bestätigt.",
    unconfirmed: "Unbestätigt",
    disabled: "Gesperrt",
    dev_mail: "E-Mails",
    no_mail: "Noch keine E-Mail",
    no_mail_text: "Registrieren Sie sich oder fordern Sie ein neues Passwort an, und laden Sie \
                   diese Seite neu.",
};
