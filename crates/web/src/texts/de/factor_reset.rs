//! The texts of the pages about lost second factors.

use crate::texts::FactorReset;

pub(super) const TEXTS: FactorReset = FactorReset {
    lost: "Telefon und Wiederherstellungscodes verloren?",
    to_log_in: "Anmelden",
    request_title: "Zweiten Faktor verloren?",
    request_lead: |moment| {
        format!(
            "Wir können die Zwei-Faktor-Anmeldung von Ihrem Konto entfernen, sodass Sie sich \
             allein mit Ihrem Passwort anmelden. Zum Schutz vor Personen, die Ihr Passwort kennen, \
             dauert das mindestens bis zum {moment}."
        )
    },
    request_submit: "Link per E-Mail senden",
    back: "Zurück zum Code",
    sent_title: "Sehen Sie in Ihrem Posteingang nach",
    sent: |email| format!("Wir haben einen Link an {email} gesendet. Er gilt eine Stunde lang."),
    sent_next: "Öffnen Sie ihn, um die Wartezeit zu starten. Bis sie vorbei ist, schreiben wir Ihnen \
                jeden Tag eine E-Mail, und Sie können jederzeit abbrechen.",
    begin_title: "Zwei-Faktor-Anmeldung entfernen",
    begin_lead: |moment| {
        format!(
            "Ihre Authentifizierungs-Apps, Passkeys und Wiederherstellungscodes gelten bis zum \
             {moment}. Dann werden sie entfernt, und Sie werden überall abgemeldet. Wenn Sie sich \
             vorher mit einem davon anmelden, wird der Vorgang abgebrochen."
        )
    },
    begin_submit: "Wartezeit starten",
    begun: |moment| {
        format!(
            "Die Wartezeit läuft bis zum {moment}. Danach können Sie sich allein mit Ihrem \
             Passwort anmelden."
        )
    },
    under_way: |moment| {
        format!(
            "Die Zwei-Faktor-Anmeldung endet am {moment}. Schließen Sie die Anmeldung ab, um das \
             zu verhindern."
        )
    },
    keep_title: "Zwei-Faktor-Anmeldung behalten",
    keep_lead: "Eine Person, die Ihr Passwort kennt und Ihre E-Mails liest, möchte die \
                Zwei-Faktor-Anmeldung Ihres Kontos entfernen. Wenn Sie das nicht waren, behalten \
                Sie sie, und wählen Sie danach ein neues Passwort.",
    keep_submit: "Zwei-Faktor-Anmeldung behalten",
    kept: "Die Zwei-Faktor-Anmeldung bleibt eingeschaltet. Wenn Sie das Entfernen nicht \
           angefordert haben, wählen Sie jetzt ein neues Passwort.",
    banner_title: "Zwei-Faktor-Anmeldung",
    banner: |moment| {
        format!(
            "Die Zwei-Faktor-Anmeldung Ihres Kontos endet am {moment}. Wenn Sie das nicht \
             angefordert haben, behalten Sie sie, und wählen Sie danach ein neues Passwort."
        )
    },
};
