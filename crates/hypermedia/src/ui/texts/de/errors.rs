//! The texts where there is no page to show.

use crate::ui::texts::Errors;

pub(super) const TEXTS: Errors = Errors {
    foreign_form: (
        "Das kam nicht von einer unserer Seiten",
        "Eine andere Website scheint es gesendet zu haben, daher wurde nichts ausgeführt. Wenn Sie \
         es wollten, öffnen Sie die Seite von der Startseite aus und senden Sie das Formular von \
         dort.",
    ),
    by_status: [
        (
            400,
            "Diese Anfrage haben wir nicht verstanden",
            "Ein Teil davon fehlte oder war beschädigt. Gehen Sie zurück, laden Sie die Seite neu \
             und versuchen Sie es noch einmal.",
        ),
        (
            403,
            "Diese Seite ist nicht für Ihr Konto",
            "Sie sind angemeldet, aber dafür fehlen Ihrem Konto die Rechte. Wenden Sie sich an \
             einen Admin, wenn Sie sie haben sollten.",
        ),
        (
            404,
            "Hier gibt es keine Seite",
            "Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen. Prüfen Sie sie \
             oder beginnen Sie wieder auf der Startseite.",
        ),
        (
            405,
            "Das geht hier nicht",
            "Die Seite gibt es, aber diese Art von Anfrage nimmt sie nicht an. Öffnen Sie sie \
             stattdessen von der Startseite aus.",
        ),
        (
            408,
            "Das hat zu lange gedauert",
            "Vielleicht ist die Verbindung langsam oder unterbrochen. Es wurde nichts ausgeführt; \
             senden Sie es noch einmal.",
        ),
        (
            410,
            "Dieser Link funktioniert nicht mehr",
            "Er wurde schon verwendet, ist abgelaufen oder durch einen neueren ersetzt.",
        ),
        (
            413,
            "Das war zu viel auf einmal",
            "Was Sie gesendet haben, ist größer, als wir annehmen. Kürzen Sie es und versuchen Sie \
             es noch einmal.",
        ),
        (
            415,
            "Dieses Format können wir nicht lesen",
            "Bitte verwenden Sie das Formular auf der Seite; andere Formate werden hier nicht \
             verstanden.",
        ),
        (
            421,
            "Falsche Adresse",
            "Unter dem gewünschten Namen antwortet dieser Server nicht. Prüfen Sie die Adresse.",
        ),
        (
            429,
            "Zu viele Versuche",
            "Damit Konten sicher bleiben, bremsen wir nach vielen Versuchen. Warten Sie ein wenig \
             und versuchen Sie es dann noch einmal.",
        ),
        (
            501,
            "Das wird hier nicht verstanden",
            "Diese Art von Anfrage kennt dieser Server nicht. Öffnen Sie die Seite stattdessen von \
             der Startseite aus.",
        ),
        (
            503,
            "Wir sind gerade ausgelastet",
            "Die Anfrage konnte nicht rechtzeitig bearbeitet werden. Warten Sie einen Augenblick \
             und versuchen Sie es dann noch einmal.",
        ),
    ],
    other: (
        "Bei uns ist etwas schiefgegangen",
        "Es liegt nicht an Ihnen, und wir haben es vermerkt. Versuchen Sie es gleich noch einmal; \
         wenn es wieder geschieht, nennen Sie uns die Nummer der Anfrage.",
    ),
};
