//! The texts about the export of personal data and the deletion of the account.

use crate::texts::Data;

pub(super) const TEXTS: Data = Data {
    title: "Ihre Daten",
    export: "Ihre Daten herunterladen",
    export_lead: "Eine Datei mit allem, was wir über Sie gespeichert haben: Profil, Sitzungen, \
                  Kontoaktivität und die E-Mails, die wir Ihnen gesendet haben. Bewahren Sie sie \
                  sicher auf.",
    export_submit: "Daten herunterladen",
    export_again: "Vielen Dank. Klicken Sie noch einmal, um den Download zu starten.",
    delete_account: "Konto löschen",
    delete_account_lead: "Wir melden Sie sofort überall ab und löschen Ihr Konto mit allen Daten \
                          einige Tage später. Bis dahin können Sie sich anmelden und es behalten.",
    deleted_after: "Wird gelöscht am",
    delete_account_submit: "Konto löschen",
    deletion: "Konto wirklich löschen?",
    deletion_effects: [
        "Sie werden sofort auf allen Geräten abgemeldet.",
        "Ihr Konto und alle Daten werden am unten genannten Tag gelöscht. Das lässt sich danach \
         nicht rückgängig machen.",
        "Bis dahin können Sie sich anmelden und Ihr Konto behalten. Wie das geht, steht in unserer \
         E-Mail.",
    ],
    deletion_back: "Konto behalten und zurück",
    last_admin_stays: "Sie sind der einzige Admin, der sich anmelden kann. Machen Sie zuerst ein \
                       anderes Konto zum Admin.",
    account_deletion: "Ihr Konto wird gelöscht",
    account_deletion_lead: "Sie haben uns gebeten, Ihr Konto mit allen Daten zu löschen. Bis dahin \
                            können Sie es noch behalten, aber nicht verwenden.",
    keep_account: "Konto behalten",
    to_be_deleted: "Wird gelöscht",
};
