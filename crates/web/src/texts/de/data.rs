//! The texts about the export of personal data and the deletion of the account.

use crate::texts::Data;

pub(super) const TEXTS: Data = Data {
    title: "Ihre Daten",
    export: "Mitnehmen",
    export_lead: "Eine Datei mit allem, was wir über Sie gespeichert haben: Ihr Profil, wo Sie \
                  angemeldet sind, was mit Ihrem Konto geschah und welche E-Mails an Sie gingen. \
                  Bewahren Sie sie dort auf, wo niemand sonst sie liest.",
    export_submit: "Ihre Daten herunterladen",
    delete_account: "Konto löschen",
    delete_account_lead: "Sie werden sofort überall abgemeldet. Einige Tage später verschwindet \
                          das Konto mit allem, was Sie betrifft; bis dahin können Sie sich \
                          anmelden und die Löschung zurücknehmen.",
    deleted_after: "Gelöscht nach dem",
    delete_account_submit: "Mein Konto löschen",
    last_admin_stays: "Sie sind der einzige Admin, der sich anmelden kann. Machen Sie erst jemand \
                       anderen dazu, damit sich jemand um die Konten kümmert.",
    account_deletion: "Ihr Konto wird gelöscht",
    account_deletion_lead: "Sie haben uns gebeten, es mit allem, was Sie betrifft, zu löschen. Bis \
                            dahin können Sie die Löschung zurücknehmen und sonst nichts damit tun.",
    keep_account: "Mein Konto behalten",
    to_be_deleted: "Wird gelöscht",
};
