//! German.

use domain::Language;
use time::Month;

use super::{
    AccountDisabled, AccountExists, ConfirmAddress, ConfirmEmail, DeletionCancelled, DeletionDone,
    DeletionRequested, EmailChanged, EmailLeft, EmailWanted, FinishSignUp, Invitation,
    InvitedAccount, NewDevice, NoAccount, PasswordChanged, PasswordReset, TakenBack, TestMail,
    Texts, Units, UserInvitation, factor_reset_de as factor_reset, factors_de as factors,
    way_back_de::{if_not, knows_password},
};

pub(super) static TEXTS: Texts = Texts {
    language: Language::German,
    greeting: |name| {
        name.map_or_else(|| "Guten Tag,".to_owned(), |name| format!("Guten Tag {name},"))
    },
    footer: |host| format!("Automatisch gesendet von {{brand}} auf {host}. Bitte nicht antworten."),
    moment: |at| {
        let (day, month, year) = (at.day(), month(at.month()), at.year());
        format!("{day}. {month} {year} um {:02}:{:02} Uhr (UTC)", at.hour(), at.minute())
    },
    device: |device| {
        let browser = device.browser.unwrap_or("ein unbekannter Browser");
        device.system.map_or(browser.to_owned(), |system| format!("{browser} unter {system}"))
    },
    units: Units {
        day: ("einem Tag", "Tagen"),
        hour: ("einer Stunde", "Stunden"),
        minute: ("einer Minute", "Minuten"),
        second: ("einer Sekunde", "Sekunden"),
        joint: " und ",
        moment: "wenigen Augenblicken",
    },
    log_in: "Anmelden",
    sign_up: "Konto erstellen",
    choose_password: "Passwort wählen",
    compromise_report: "Das war ich nicht",
    ignore: "Falls Sie das nicht waren, ignorieren Sie diese E-Mail: Es hat sich nichts geändert.",
    works_once: "Der Link funktioniert einmal. Ist er abgelaufen, fordern Sie auf der \
                 Anmeldeseite unter „Passwort vergessen?“ einen neuen an.",
    password_reset: PasswordReset {
        subject: "Ihr {brand}-Passwort zurücksetzen",
        opening: |within| {
            format!(
                "Für Ihr {{brand}}-Konto wurde ein neues Passwort angefordert. Um es zu wählen, \
                 öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
        replaced: "Der Link funktioniert einmal. Fordern Sie einen neueren an, gilt dieser nicht \
                   mehr.",
        ignore: "Falls Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Ihr Passwort \
                 bleibt, wie es ist.",
    },
    account_disabled: AccountDisabled {
        subject: "Ihr {brand}-Konto ist gesperrt",
        opening: "Für Ihr {brand}-Konto wurde ein neues Passwort angefordert. Das Konto ist \
                  gesperrt. Sie können sich damit nicht anmelden, und das Passwort bleibt, wie es \
                  ist. Wenn Sie das Konto brauchen, wenden Sie sich an den Betreiber dieser \
                  Website.",
    },
    no_account: NoAccount {
        subject: "Kein {brand}-Konto mit dieser Adresse",
        opening: "Für ein {brand}-Konto mit dieser Adresse wurde ein neues Passwort angefordert. \
                  Ein solches Konto gibt es nicht. Vielleicht haben Sie sich mit einer anderen \
                  Adresse registriert.",
        sign_up_here: "Wenn Sie ein Konto möchten, erstellen Sie es hier:",
    },
    invitation: Invitation {
        subject: "Das Passwort Ihres {brand}-Kontos festlegen",
        opening: |within| {
            format!(
                "Für Sie wurde ein {{brand}}-Konto erstellt. Um das Passwort dafür zu wählen, \
                 öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
    },
    user_invitation: UserInvitation {
        subject: "Sie sind zu {brand} eingeladen",
        opening: |within| {
            format!(
                "Sie sind zu {{brand}} eingeladen. Um Ihren Namen und ein Passwort zu wählen, \
                 öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
        action: "Einladung annehmen",
        ignore: "Falls Sie das nicht erwartet haben, können Sie diese E-Mail ignorieren: Ein \
                 Konto wird erst erstellt, wenn Sie annehmen.",
    },
    invited_account: InvitedAccount {
        subject: "Sie sind zu {brand} eingeladen und haben bereits ein Konto",
        opening: "Sie sind zu {brand} eingeladen. Mit dieser Adresse haben Sie bereits ein Konto, \
                  es ist also nichts einzurichten. Hier melden Sie sich an:",
    },
    finish_sign_up: FinishSignUp {
        subject: "Ihre Registrierung bei {brand} abschließen",
        opening: |within| {
            format!(
                "Um Ihr {{brand}}-Konto mit dieser Adresse anzulegen, öffnen Sie innerhalb von \
                 {within} diesen Link:"
            )
        },
        action: "Konto anlegen",
        or_code: "Oder geben Sie diesen Code auf der Seite ein, auf der Sie sich registriert \
                  haben:",
    },
    confirm_address: ConfirmAddress {
        subject: "Ihre Adresse für {brand} bestätigen",
        opening: |within| {
            format!(
                "Vielen Dank für Ihre Registrierung bei {{brand}}. Um zu bestätigen, dass diese \
                 Adresse Ihnen gehört, öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
        action: "Adresse bestätigen",
        or_code: "Oder geben Sie diesen Code auf der Seite ein, auf der Sie sich registriert \
                  haben:",
        ignore: "Falls Sie sich nicht registriert haben, ignorieren Sie diese E-Mail: Ein Konto, \
                 das nicht bestätigt wird, wird entfernt.",
    },
    account_exists: AccountExists {
        subject: "Sie haben bereits ein {brand}-Konto",
        opening: "Mit Ihrer Adresse wurde versucht, sich bei {brand} zu registrieren. Sie haben \
                  bereits ein Konto, daher haben wir kein weiteres erstellt. Hier melden Sie sich \
                  an:",
        forgotten: "Falls Sie Ihr Passwort vergessen haben, legen Sie hier ein neues fest:",
    },
    confirm_email: ConfirmEmail {
        subject: "Ihre neue Adresse für {brand} bestätigen",
        opening: |within| {
            format!(
                "Diese Adresse soll für ein {{brand}}-Konto verwendet werden. Um das zu bestätigen, \
                 öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
        action: "Diese Adresse bestätigen",
        ignore: "Falls Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Es ändert \
                 sich nichts.",
    },
    email_wanted: EmailWanted {
        subject: "Ein {brand}-Konto wollte Ihre Adresse verwenden",
        opening: "Ihre Adresse sollte für ein anderes {brand}-Konto verwendet werden. Sie gehört \
                  bereits zu Ihrem Konto, daher hat sich nichts geändert. Falls Sie das waren, \
                  melden Sie sich hier damit an:",
    },
    email_changed: EmailChanged {
        subject: "Die Adresse Ihres {brand}-Kontos wurde geändert",
        opening: "Ihr {brand}-Konto hat eine neue Adresse. Mit dieser hier können Sie sich nicht \
                  mehr anmelden. Falls Sie das waren, ist nichts zu tun.",
        way_back: |within| {
            format!(
                "Falls Sie das nicht waren, machen Sie die Änderung innerhalb von {within} mit \
                 diesem Link rückgängig. Er stellt diese Adresse wieder her, meldet alle Geräte ab \
                 und sendet Ihnen einen Link für ein neues Passwort:"
            )
        },
    },
    email_left: EmailLeft {
        subject: "Ein {brand}-Konto verwendet Ihre Adresse nicht mehr",
        opening: "Ein {brand}-Konto mit dieser Adresse hat jetzt eine andere. Diese Adresse wurde \
                  nie bestätigt, daher lässt sich die Änderung mit ihr nicht rückgängig machen. \
                  Falls Sie das waren, ist nichts zu tun. Falls das Konto Ihnen gehört und Sie das \
                  nicht waren, wenden Sie sich an den Betreiber dieser Website.",
        undone: "Ein {brand}-Konto mit dieser Adresse hat wieder seine frühere: Der Wechsel zu dieser \
                 wurde mit einem Link rückgängig gemacht, der an die frühere ging. Falls das Konto \
                 Ihnen gehört und Sie das nicht waren, wenden Sie sich an den Betreiber dieser \
                 Website.",
    },
    password_changed: PasswordChanged {
        subject: "Ihr {brand}-Passwort wurde geändert",
        opening: "Das Passwort Ihres {brand}-Kontos wurde geändert, und alle anderen Geräte wurden \
                  abgemeldet. Falls Sie das waren, ist nichts zu tun.",
        way_back: |within| format!("Falls Sie das nicht waren, {}", if_not(within)),
        mailbox: "Ändern Sie auch das Passwort Ihres E-Mail-Kontos: Vielleicht liest eine andere \
                  Person Ihre E-Mails mit.",
    },
    new_device: NewDevice {
        subject: "Neue Anmeldung bei Ihrem {brand}-Konto",
        opening: |device, address, moment| {
            format!(
                "Bei Ihrem {{brand}}-Konto gab es eine Anmeldung mit einem neuen Browser: {device}, \
                 von {address}, am {moment}. Falls Sie das waren, ist nichts zu tun."
            )
        },
        way_back: knows_password,
    },
    factor: factors::factor,
    second_factor_on: factors::SECOND_FACTOR_ON,
    factor_added: factors::FACTOR_ADDED,
    factor_removed: factors::FACTOR_REMOVED,
    second_factor_off: factors::SECOND_FACTOR_OFF,
    recovery_codes_renewed: factors::RECOVERY_CODES_RENEWED,
    recovery_code_used: factors::RECOVERY_CODE_USED,
    wrong_codes: factors::WRONG_CODES,
    factor_reset_link: factor_reset::FACTOR_RESET_LINK,
    factor_reset_pending: factor_reset::FACTOR_RESET_PENDING,
    factor_reset_stopped: factor_reset::FACTOR_RESET_STOPPED,
    factors_reset: factor_reset::FACTORS_RESET,
    passkey_copied: factors::PASSKEY_COPIED,
    password_removed: factors::PASSWORD_REMOVED,
    taken_back: TakenBack {
        subject: "Neues Passwort für Ihr {brand}-Konto festlegen",
        opening: "Sie haben uns mitgeteilt, dass eine andere Person Zugriff auf Ihr {brand}-Konto \
                  hatte. Alle Geräte wurden abgemeldet, und das alte Passwort gilt nicht mehr.",
        link: |within| {
            format!("Um ein neues zu wählen, öffnen Sie innerhalb von {within} diesen Link:")
        },
    },
    deletion_requested: DeletionRequested {
        subject: "Ihr {brand}-Konto wird gelöscht",
        opening: |moment| {
            format!(
                "Sie haben uns gebeten, Ihr {{brand}}-Konto zu löschen, und alle Geräte wurden \
                 abgemeldet. Am {moment} löschen wir das Konto mit allen Daten."
            )
        },
        take_back: "Wenn Sie es sich anders überlegen, melden Sie sich vorher an und behalten Sie \
                    es:",
        way_back: |within| {
            format!(
                "Falls Sie das nicht waren, kennt eine andere Person Ihr Passwort. Öffnen Sie \
                 innerhalb von {within} diesen Link, um das Konto zu behalten. Er meldet alle \
                 Geräte ab, macht das alte Passwort ungültig und sendet Ihnen einen Link für ein \
                 neues:"
            )
        },
    },
    deletion_cancelled: DeletionCancelled {
        subject: "Ihr {brand}-Konto wird nicht gelöscht",
        opening: "Ihr {brand}-Konto sollte gelöscht werden. Nach einer Anmeldung wurde die \
                  Löschung zurückgenommen, daher bleibt es bestehen. Falls Sie das waren, ist \
                  nichts zu tun.",
        way_back: knows_password,
    },
    deletion_done: DeletionDone {
        subject: "Ihr {brand}-Konto ist gelöscht",
        opening: "Wie gewünscht haben wir Ihr {brand}-Konto mit allen Daten gelöscht. Das ist \
                  unsere letzte E-Mail an Sie. Ihre Adresse speichern wir als Empfänger dieser \
                  E-Mail noch 30 Tage und löschen sie dann ebenfalls.",
    },
    test_mail: TestMail {
        subject: "Test-E-Mail von {brand}",
        opening: "Sie haben diese E-Mail im Verwaltungsbereich von {brand} angefordert. Sie ist \
                  angekommen, also kann {brand} E-Mails senden. Es ist nichts zu tun.",
    },
};

const fn month(month: Month) -> &'static str {
    match month {
        Month::January => "Januar",
        Month::February => "Februar",
        Month::March => "März",
        Month::April => "April",
        Month::May => "Mai",
        Month::June => "Juni",
        Month::July => "Juli",
        Month::August => "August",
        Month::September => "September",
        Month::October => "Oktober",
        Month::November => "November",
        Month::December => "Dezember",
    }
}
