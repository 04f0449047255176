//! The texts of forms.

use std::time::Duration;

use auth::password::PasswordProblem;

use crate::texts::Forms;

pub(super) const TEXTS: Forms = Forms {
    email: "E-Mail-Adresse",
    email_hint: "Wir verwenden sie nur für Ihr Konto.",
    name: "Name",
    name_hint: "Wie dürfen wir Sie nennen?",
    password: "Passwort",
    new_password: "Neues Passwort",
    current_password: "Aktuelles Passwort",
    password_hint: |min| {
        format!("Mindestens {min} Zeichen. Ein paar zusammenhanglose Wörter merkt man sich leicht.")
    },
    remember_me: "Auf diesem Gerät angemeldet bleiben",
    new_email: "Neue E-Mail-Adresse",
    code: "Code aus der E-Mail",
    code_hint: "Acht Buchstaben und Ziffern. Praktisch, wenn Sie die E-Mail auf einem anderen \
                Gerät lesen.",
    correct_email: "Andere Adresse",
    correct_email_hint: "Falsche Adresse? Geben Sie die richtige ein.",
    email_missing: "Geben Sie Ihre E-Mail-Adresse ein.",
    email_too_long: "Das ist zu lang für eine E-Mail-Adresse.",
    email_malformed: "Geben Sie eine E-Mail-Adresse wie name@example.org ein.",
    email_taken: "Zu dieser Adresse gibt es schon ein Konto. Ist es nicht Ihres, setzen Sie das \
                  Passwort zurück, um es zu übernehmen.",
    log_in_instead: "Stattdessen anmelden",
    email_unchanged: "Das ist bereits Ihre Adresse.",
    name_missing: "Geben Sie einen Namen ein.",
    name_too_long: "Verwenden Sie höchstens 80 Zeichen.",
    name_unprintable: "Der Name enthält ein Zeichen, das sich nicht anzeigen lässt. Geben Sie ihn \
                       neu ein.",
    name_stacked: "Der Name hat zu viele Akzente auf einem Buchstaben. Verwenden Sie höchstens vier.",
    name_link: "Ein Name darf keine Internetadresse und kein @ enthalten. Setzen Sie nach dem Punkt \
                einer Abkürzung ein Leerzeichen.",
    password_missing: "Geben Sie Ihr Passwort ein.",
    new_password_missing: "Wählen Sie ein Passwort.",
    password_too_long: "Verwenden Sie höchstens 1024 Byte, das sind etwa 1000 Zeichen.",
    password_unprintable: "Das Passwort enthält ein Zeichen, das sich nicht eintippen lässt. Geben \
                           Sie es neu ein.",
    password_problem,
    wrong_password: "Falsches Passwort. Versuchen Sie es noch einmal.",
    wrong_current_password: "Das ist nicht Ihr aktuelles Passwort.",
    same_password: "Dieses Passwort haben Sie schon. Wählen Sie ein anderes.",
    code_missing: "Geben Sie den Code aus der E-Mail ein.",
    code_malformed: "Ein Code hat acht Buchstaben und Ziffern, zum Beispiel 7KQ2-M9XD.",
    code_wrong: "Falscher Code. Prüfen Sie, ob er aus der neuesten E-Mail ist.",
    code_spent: "Zu viele falsche Codes. Wir können Ihnen einen neuen senden, oder Sie öffnen den \
                 Link in dieser E-Mail.",
    wrong_credentials: "E-Mail-Adresse oder Passwort ist falsch. Prüfen Sie beides und versuchen \
                        Sie es noch einmal.",
    email_taken_meanwhile: "Inzwischen hat ein anderes Konto diese Adresse, daher wurde nichts \
                            geändert.",
    throttled: "Zu viele Versuche. Warten Sie ein paar Minuten und versuchen Sie es dann noch \
                einmal. Ihr Konto ist nicht gesperrt.",
    busy: "Gerade melden sich viele an. Versuchen Sie es in ein paar Sekunden noch einmal.",
    resend_too_soon,
};

fn password_problem(problem: &PasswordProblem) -> String {
    match problem {
        PasswordProblem::Invisible => "Das Passwort enthält unsichtbare Zeichen, wie es bei \
             kopiertem Text vorkommt. Tippen Sie es ein, statt es einzufügen."
            .to_owned(),
        PasswordProblem::TooShort { min } => {
            format!(
                "Verwenden Sie mindestens {min} Zeichen. Ein paar Wörter merkt man sich leicht."
            )
        }
        PasswordProblem::Common => "Dieses Passwort ist weit verbreitet und leicht zu erraten. \
             Wählen Sie ein anderes."
            .to_owned(),
        PasswordProblem::ProductName => "Der Name dieser Website ist leicht zu erraten. Wählen \
             Sie ein anderes Passwort."
            .to_owned(),
        PasswordProblem::OwnAddress => "Ihre Adresse ist leicht zu erraten. Wählen Sie ein \
             anderes Passwort."
            .to_owned(),
        PasswordProblem::OwnName => "Ihr Name ist leicht zu erraten. Wählen Sie ein anderes \
             Passwort."
            .to_owned(),
    }
}

fn resend_too_soon(wait: Duration) -> String {
    match wait.as_secs() + u64::from(wait.subsec_nanos() > 0) {
        0..=1 => "Bitte noch eine Sekunde warten, dann können Sie erneut senden.".to_owned(),
        seconds @ 2..=90 => {
            format!("Bitte noch {seconds} Sekunden warten, dann können Sie erneut senden.")
        }
        seconds => {
            let minutes = seconds.div_ceil(60);
            format!("Bitte noch {minutes} Minuten warten, dann können Sie erneut senden.")
        }
    }
}
