//! The texts of forms.

use std::time::Duration;

use auth::password::PasswordProblem;

use crate::texts::Forms;

pub(super) const TEXTS: Forms = Forms {
    email: "E-Mail-Adresse",
    email_hint: "Damit melden Sie sich an. Wir schreiben nur zu Ihrem Konto dorthin.",
    name: "Name",
    name_hint: "Wie wir Sie nennen dürfen.",
    password: "Passwort",
    new_password: "Neues Passwort",
    current_password: "Aktuelles Passwort",
    password_hint: |min| {
        format!("Mindestens {min} Zeichen. Ein paar zusammenhanglose Wörter merkt man sich leicht.")
    },
    remember_me: "Auf diesem Gerät angemeldet bleiben",
    new_email: "Neue E-Mail-Adresse",
    code: "Code aus der E-Mail",
    code_hint: "Acht Buchstaben und Ziffern, falls Sie Ihre E-Mails auf einem anderen Gerät lesen.",
    correct_email: "Andere Adresse",
    correct_email_hint: "Falls Sie sich bei der oben vertippt haben.",
    email_missing: "Geben Sie Ihre E-Mail-Adresse ein.",
    email_too_long: "Das ist länger, als eine E-Mail-Adresse sein kann.",
    email_malformed: "Das sieht nicht nach einer E-Mail-Adresse aus. Schreiben Sie sie wie \
                      name@example.org.",
    email_taken: "Zu dieser Adresse gibt es bereits ein Konto. Haben Sie es nicht erstellt, fordern \
                  Sie einen Link für ein neues Passwort an: Damit wird es Ihres.",
    log_in_instead: "Stattdessen anmelden",
    email_unchanged: "Das ist bereits Ihre Adresse.",
    name_missing: "Geben Sie einen Namen ein.",
    name_too_long: "Verwenden Sie höchstens 80 Zeichen.",
    name_unprintable: "Der Name enthält ein Zeichen, das sich nicht darstellen lässt. Geben Sie \
                       ihn neu ein.",
    name_stacked: "Der Name hat zu viele Akzente auf einem Buchstaben. Verwenden Sie höchstens vier.",
    name_link: "Ein Name darf keine Internetadresse und kein @ enthalten. Setzen Sie nach dem Punkt \
                einer Abkürzung ein Leerzeichen.",
    password_missing: "Geben Sie Ihr Passwort ein.",
    new_password_missing: "Wählen Sie ein Passwort.",
    password_too_long: "Verwenden Sie höchstens 1024 Byte, das sind etwa 1000 Zeichen.",
    password_unprintable: "Das Passwort enthält ein Zeichen, das sich nicht eintippen lässt. Geben \
                           Sie es neu ein.",
    password_problem,
    wrong_password: "Das ist nicht Ihr Passwort. Versuchen Sie es noch einmal.",
    wrong_current_password: "Das ist nicht Ihr aktuelles Passwort.",
    same_password: "Dieses Passwort haben Sie schon. Wählen Sie ein anderes.",
    code_missing: "Geben Sie den Code aus der E-Mail ein.",
    code_malformed: "Ein Code hat acht Buchstaben und Ziffern, wie 7KQ2-M9XD.",
    code_wrong: "Das ist nicht der Code der neuesten E-Mail. Prüfen Sie ihn noch einmal.",
    code_spent: "Das waren zu viele falsche Codes. Fordern Sie eine neue E-Mail an oder folgen Sie \
                 dem Link in dieser.",
    wrong_credentials: "Die Adresse oder das Passwort ist falsch. Prüfen Sie beides und versuchen \
                        Sie es noch einmal.",
    email_taken_meanwhile: "Inzwischen hat ein anderes Konto diese Adresse, daher wurde nichts \
                            geändert.",
    throttled: "Das wurde zu oft versucht. Warten Sie ein wenig und versuchen Sie es dann noch \
                einmal; gesperrt ist nichts.",
    busy: "Gerade melden sich viele an. Warten Sie ein paar Sekunden und versuchen Sie es dann \
           noch einmal.",
    resend_too_soon,
};

fn password_problem(problem: &PasswordProblem) -> String {
    match problem {
        PasswordProblem::Invisible => {
            "Das Passwort hat unsichtbare Zeichen, am Rand oder darin, wie \
             es bei kopiertem Text vorkommt. Tippen Sie es ein, statt es einzufügen."
                .to_owned()
        }
        PasswordProblem::TooShort { min } => {
            format!(
                "Verwenden Sie mindestens {min} Zeichen; ein paar Wörter merkt man sich leicht."
            )
        }
        PasswordProblem::Common => "Viele verwenden dieses Passwort, daher wird es zuerst \
             ausprobiert. Wählen Sie ein anderes."
            .to_owned(),
        PasswordProblem::ProductName => "Der Name dieser Website wird zuerst ausprobiert. Wählen \
             Sie ein anderes Passwort."
            .to_owned(),
        PasswordProblem::OwnAddress => "Ihre Adresse wird zuerst ausprobiert. Wählen Sie ein \
             anderes Passwort."
            .to_owned(),
        PasswordProblem::OwnName => "Ihr Name wird zuerst ausprobiert. Wählen Sie ein anderes \
             Passwort."
            .to_owned(),
    }
}

fn resend_too_soon(wait: Duration) -> String {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    match seconds {
        0..=1 => "Die letzte E-Mail ist noch frisch. Fragen Sie gleich noch einmal.".to_owned(),
        2..=90 => {
            format!("Die letzte E-Mail ist noch frisch. Fragen Sie in {seconds} Sekunden wieder.")
        }
        _ => {
            let minutes = seconds.div_ceil(60);
            format!("Vorerst genug E-Mails. Fragen Sie in {minutes} Minuten wieder.")
        }
    }
}
