//! The texts of the pages of the features.

use crate::texts::Pages;

pub(super) const TEXTS: Pages = Pages {
    to_profile: "Zu Ihrem Profil",
    profile_title: "Profil",
    hello: |name| ["Guten Tag, ", name].concat(),
    profile_lead: "Das ist Ihr Konto. Nur Sie sehen diese Seite.",
    change: "Ändern",
    joined: "Mitglied seit",
    left_to_do: "Zu erledigen",
    nothing_left: "Alles erledigt. Ihre E-Mail-Adresse ist bestätigt.",
    confirm_with_link: "Bestätigen Sie Ihre E-Mail-Adresse über den Link in unserer E-Mail.",
    role: "Rolle",
    role_user: "Benutzer",
    role_admin: "Admin",
    sign_up_lead: "Sie brauchen nur eine E-Mail-Adresse, einen Namen und ein Passwort.",
    sign_up_closed: "Hier können Sie sich nur mit einer Einladung registrieren. Öffnen Sie den Link \
                     in Ihrer Einladung, oder bitten Sie die Betreiber dieser Website um eine.",
    have_account: "Sie haben schon ein Konto?",
    no_account_yet: "Noch kein Konto?",
    log_in_to_go_on: "Melden Sie sich an, um fortzufahren.",
    forgot_password: "Passwort vergessen?",
    forgot_password_lead: "Geben Sie Ihre Adresse ein. Wir senden Ihnen einen Link, mit dem Sie \
                           ein neues Passwort festlegen.",
    send_reset_link: "Link senden",
    reset_sent_lead: |email| {
        format!(
            "Wir haben eine E-Mail an {email} gesendet. Öffnen Sie den Link darin, um ein neues \
             Passwort festzulegen."
        )
    },
    back_to_log_in: "Zurück zur Anmeldung",
    reset_password: "Neues Passwort festlegen",
    reset_password_lead: "Sie werden dadurch überall abgemeldet. Melden Sie sich danach mit dem \
                          neuen Passwort an.",
    set_password: "Passwort festlegen",
    ask_for_new_link: "Neuen Link anfordern",
    change_email: "E-Mail-Adresse ändern",
    change_email_lead: |email| {
        format!(
            "Ihre Adresse ist {email}. Wir senden einen Link an die neue. Ihre Adresse ändert \
             sich, sobald Sie den Link öffnen."
        )
    },
    send_link: "Link senden",
    confirm_email: "Neue Adresse bestätigen",
    confirm_email_lead: "Ab jetzt melden Sie sich mit dieser Adresse an. An die alte senden wir \
                         einen Hinweis. Ein unbestätigtes Konto mit dieser Adresse wird entfernt.",
    confirm_email_submit: "Diese Adresse verwenden",
    undo_email: "Änderung rückgängig machen",
    undo_email_lead: "Ihr Konto bekommt diese Adresse zurück, und alle Geräte werden abgemeldet. \
                      Wir senden Ihnen einen Link für ein neues Passwort.",
    undo_email_submit: "Änderung rückgängig machen",
    email_link_gone_lead: "Er wurde schon verwendet, ist abgelaufen oder durch einen neueren \
                           ersetzt. Haben Sie ihn selbst verwendet, ist nichts weiter zu tun.",
    sudo: "Passwort eingeben",
    sudo_lead: "Geben Sie zu Ihrer Sicherheit Ihr Passwort ein, um fortzufahren.",
    sudo_lead_deletion: "Geben Sie Ihr Passwort ein, um Ihr Konto zu löschen.",
    sudo_lead_export: "Geben Sie Ihr Passwort ein, um Ihre Daten herunterzuladen.",
    sudo_lead_email: "Geben Sie Ihr Passwort ein, um Ihre E-Mail-Adresse zu ändern.",
    sudo_submit: "Fortfahren",
    form_gone: "Dieses Formular gibt es nicht mehr",
    form_gone_lead: "Es wurde schon gesendet, ist abgelaufen oder gehört zu einem anderen Konto. \
                     Es wurde nichts geändert.",
    resend_title: "Bitte noch einmal senden",
    send_again: "Erneut senden",
    other_user: "Sie sind mit einem anderen Konto angemeldet",
    other_user_lead: |email| {
        format!(
            "In diesem Browser sind Sie als {email} angemeldet. Das Formular wurde vorher oder für \
             ein anderes Konto geöffnet, daher wurde nichts geändert."
        )
    },
    switch_user: "Abmelden und fortfahren",
    stay_logged_in: "Angemeldet bleiben und zum Profil",
    search_users: "Nach Name oder Adresse suchen",
    no_users: "Keine Benutzer gefunden",
    no_users_text: "Versuchen Sie es mit einem kürzeren Teil des Namens oder der Adresse.",
    last_admin: "Das ist der letzte Admin. Er kann nicht geändert werden.",
    no_admin: "Die Adresse ist noch nicht bestätigt.",
    unconfirmed: "Unbestätigt",
    disabled: "Gesperrt",
    dev_mail: "E-Mails",
    no_mail: "Noch keine E-Mails",
    no_mail_text: "Registrieren Sie sich oder setzen Sie ein Passwort zurück, und laden Sie diese \
                   Seite neu.",
};
