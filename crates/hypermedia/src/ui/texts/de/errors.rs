//! The texts where there is no page to show.

use crate::ui::texts::Errors;

pub(super) const TEXTS: Errors = Errors {
    foreign_form: (
        "Dieses Formular kam von einer anderen Website",
        "Es wurde nichts geändert. Wenn Sie das tun wollten, öffnen Sie die Seite von unserer \
         Startseite aus und senden Sie das Formular dort.",
    ),
    by_status: [
        (
            400,
            "Diese Anfrage konnten wir nicht lesen",
            "Ein Teil fehlt oder ist beschädigt. Gehen Sie zurück, laden Sie die Seite neu und \
             versuchen Sie es noch einmal.",
        ),
        (
            403,
            "Sie haben keinen Zugriff auf diese Seite",
            "Ihrem Konto fehlt die Berechtigung dafür. Wenden Sie sich an einen Admin, wenn Sie \
             sie brauchen.",
        ),
        (
            404,
            "Seite nicht gefunden",
            "Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen. Prüfen Sie sie \
             oder beginnen Sie auf der Startseite.",
        ),
        (
            405,
            "So lässt sich diese Seite nicht verwenden",
            "Öffnen Sie sie stattdessen von der Startseite aus.",
        ),
        (
            408,
            "Ihre Anfrage hat zu lange gedauert",
            "Vielleicht ist die Verbindung langsam oder unterbrochen. Es wurde nichts geändert. \
             Bitte versuchen Sie es noch einmal.",
        ),
        (
            410,
            "Dieser Link funktioniert nicht mehr",
            "Er wurde schon verwendet, ist abgelaufen oder durch einen neueren ersetzt.",
        ),
        (
            413,
            "Das ist zu groß",
            "So viel können wir nicht auf einmal annehmen. Kürzen Sie es und versuchen Sie es \
             noch einmal.",
        ),
        (
            415,
            "Dieses Format wird nicht unterstützt",
            "Bitte verwenden Sie das Formular auf der Seite.",
        ),
        (
            421,
            "Falsche Adresse",
            "Unter der verwendeten Adresse gibt es diese Website nicht. Prüfen Sie sie und \
             versuchen Sie es noch einmal.",
        ),
        (
            429,
            "Zu viele Versuche",
            "Zum Schutz der Konten begrenzen wir die Zahl der Versuche. Warten Sie ein paar \
             Minuten und versuchen Sie es dann noch einmal.",
        ),
        (
            501,
            "Diese Anfrage wird nicht unterstützt",
            "Öffnen Sie die Seite stattdessen von der Startseite aus.",
        ),
        (
            503,
            "Wir sind gerade sehr ausgelastet",
            "Die Anfrage konnte nicht rechtzeitig bearbeitet werden. Warten Sie einen Augenblick \
             und versuchen Sie es dann noch einmal.",
        ),
    ],
    other: (
        "Etwas ist schiefgegangen",
        "Das liegt an uns, und wir haben es vermerkt. Versuchen Sie es gleich noch einmal. Wenn \
         es wieder geschieht, nennen Sie uns die Nummer der Anfrage.",
    ),
};
