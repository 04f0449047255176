//! German.

use domain::Language;
use time::Month;

use super::{
    AccountDisabled, AccountExists, ConfirmAddress, ConfirmEmail, DeletionCancelled, DeletionDone,
    DeletionRequested, EmailChanged, EmailLeft, EmailWanted, Invitation, NewDevice, NoAccount,
    PasswordChanged, PasswordReset, TakenBack, Texts, Units,
};

pub(super) static TEXTS: Texts = Texts {
    language: Language::German,
    greeting: |name| {
        name.map_or_else(|| "Guten Tag,".to_owned(), |name| format!("Guten Tag {name},"))
    },
    footer: |host| {
        format!("Automatisch gesendet von {{brand}} auf {host}. Antworten liest niemand.")
    },
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
                "Jemand, vermutlich Sie, möchte das Passwort Ihres {{brand}}-Kontos zurücksetzen. \
                 Um ein neues zu wählen, öffnen Sie innerhalb von {within} diesen Link:"
            )
        },
        replaced: "Der Link funktioniert einmal. Fordern Sie einen neueren an, ersetzt dieser ihn.",
        ignore: "Falls Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Ihr Passwort \
                 bleibt, wie es ist.",
    },
    account_disabled: AccountDisabled {
        subject: "Ihr {brand}-Konto ist gesperrt",
        opening: "Jemand, vermutlich Sie, möchte das Passwort Ihres {brand}-Kontos zurücksetzen. Das \
                  Konto ist gesperrt: Niemand kann sich damit anmelden, und sein Passwort bleibt, \
                  wie es ist. Wenn Sie es brauchen, wenden Sie sich an den Betreiber dieser \
                  Website.",
    },
    no_account: NoAccount {
        subject: "Kein {brand}-Konto mit dieser Adresse",
        opening: "Jemand, vermutlich Sie, wollte das Passwort eines {brand}-Kontos mit dieser \
                  Adresse zurücksetzen. Ein solches Konto gibt es nicht; vielleicht haben Sie sich \
                  mit einer anderen Adresse registriert.",
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
    confirm_address: ConfirmAddress {
        subject: "Ihre Adresse für {brand} bestätigen",
        opening: |within| {
            format!(
                "Jemand, vermutlich Sie, hat sich mit dieser Adresse bei {{brand}} registriert. \
                 Um zu bestätigen, dass sie Ihnen gehört, öffnen Sie innerhalb von {within} \
                 diesen Link:"
            )
        },
        action: "Adresse bestätigen",
        or_code: "Oder geben Sie diesen Code auf der Seite ein, auf der Sie sich registriert \
                  haben:",
        ignore: "Falls Sie das nicht waren, ignorieren Sie diese E-Mail: Ohne Bestätigung \
                 verschwindet das Konto von selbst.",
    },
    account_exists: AccountExists {
        subject: "Sie haben bereits ein {brand}-Konto",
        opening: "Jemand, vermutlich Sie, hat sich mit dieser Adresse bei {brand} registriert. \
                  Zu ihr gibt es bereits ein Konto, daher wurde kein weiteres erstellt. Hier \
                  melden Sie sich an:",
        forgotten: "Falls Sie Ihr Passwort vergessen haben, legen Sie hier ein neues fest:",
    },
    confirm_email: ConfirmEmail {
        subject: "Ihre neue Adresse für {brand} bestätigen",
        opening: |within| {
            format!(
                "Jemand, vermutlich Sie, möchte diese Adresse für ein {{brand}}-Konto verwenden. Um \
                 das zu bestätigen, öffnen Sie diesen Link innerhalb von {within}:"
            )
        },
        action: "Diese Adresse bestätigen",
        ignore: "Falls Sie das nicht angefordert haben, ignorieren Sie diese E-Mail: Es ändert \
                 sich nichts.",
    },
    email_wanted: EmailWanted {
        subject: "Ihre Adresse wurde bei {brand} angefragt",
        opening: "Jemand wollte Ihre Adresse für ein anderes {brand}-Konto verwenden. Sie \
                  gehört bereits zu Ihrem Konto, daher hat sich nichts geändert. Falls Sie das \
                  waren, melden Sie sich hier damit an:",
    },
    email_changed: EmailChanged {
        subject: "Die Adresse Ihres {brand}-Kontos wurde geändert",
        opening: "Ihr {brand}-Konto hat jetzt eine andere Adresse, und mit dieser können Sie \
                  sich nicht mehr anmelden. Falls Sie das waren, ist nichts zu tun.",
        way_back: |within| {
            format!(
                "Falls Sie das nicht waren, holen Sie das Konto innerhalb von {within} mit \
                 diesem Link zurück. Er stellt diese Adresse wieder her, meldet alle ab und \
                 sendet Ihnen einen Link, mit dem Sie ein neues Passwort festlegen:"
            )
        },
    },
    email_left: EmailLeft {
        subject: "Ein {brand}-Konto hat Ihre Adresse abgelegt",
        opening: "Ein {brand}-Konto, das diese Adresse hatte, hat jetzt eine andere. Diese Adresse \
               wurde nie bestätigt, daher lässt sich das Konto mit ihr nicht zurückholen. Falls \
               Sie das waren, ist nichts zu tun. Falls das Konto Ihnen gehört und Sie es nicht \
               waren, wenden Sie sich an den Betreiber dieser Website.",
    },
    password_changed: PasswordChanged {
        subject: "Ihr {brand}-Passwort wurde geändert",
        opening: "Das Passwort Ihres {brand}-Kontos wurde geändert, und andere angemeldete \
                  Browser wurden abgemeldet. Falls Sie das waren, ist nichts zu tun.",
        way_back: |within| format!("Falls Sie das nicht waren, {}", if_not(within)),
        mailbox: "Wählen Sie auch für Ihr Postfach ein neues Passwort: Vielleicht liest jemand \
                  Ihre E-Mails mit.",
    },
    new_device: NewDevice {
        subject: "Ein neuer Browser hat sich bei Ihrem {brand}-Konto angemeldet",
        opening: |device, address, moment| {
            format!(
                "Jemand hat sich bei Ihrem {{brand}}-Konto mit einem Browser angemeldet, der das \
                 zuvor noch nicht getan hatte: {device}, unter der Adresse {address}, am \
                 {moment}. Falls Sie das waren, ist nichts zu tun."
            )
        },
        way_back: knows_password,
    },
    taken_back: TakenBack {
        subject: "Ihr {brand}-Konto zurückholen",
        opening: "Sie haben uns mitgeteilt, dass jemand anderes in Ihrem {brand}-Konto war. Alle \
                  wurden abgemeldet, und das alte Passwort gilt nicht mehr.",
        link: |within| {
            format!("Um ein neues zu wählen, öffnen Sie innerhalb von {within} diesen Link:")
        },
    },
    deletion_requested: DeletionRequested {
        subject: "Ihr {brand}-Konto wird gelöscht",
        opening: |moment| {
            format!(
                "Sie haben uns gebeten, Ihr {{brand}}-Konto zu löschen, und alle Browser wurden \
                 davon abgemeldet. Am {moment} wird es mit allem, was Sie betrifft, gelöscht."
            )
        },
        take_back: "Wenn Sie es lieber behalten möchten, melden Sie sich vorher an und nehmen Sie \
                    die Löschung zurück:",
        way_back: |within| {
            format!(
                "Falls Sie das nicht waren, kennt jemand anderes Ihr Passwort. In diesem Fall \
                 öffnen Sie innerhalb von {within} diesen Link. Er erhält das Konto, meldet alle \
                 davon ab, macht das Passwort wertlos und lässt uns Ihnen einen Link senden, mit \
                 dem Sie ein neues wählen:"
            )
        },
    },
    deletion_cancelled: DeletionCancelled {
        subject: "Ihr {brand}-Konto bleibt bestehen",
        opening: "Ihr {brand}-Konto sollte gelöscht werden. Jemand hat sich angemeldet und die \
                  Löschung zurückgenommen, daher bleibt es bestehen. Falls Sie das waren, ist \
                  nichts zu tun.",
        way_back: knows_password,
    },
    deletion_done: DeletionDone {
        subject: "Ihr {brand}-Konto ist gelöscht",
        opening: "Wie gewünscht ist Ihr {brand}-Konto gelöscht, und mit ihm alles, was Sie \
                  betrifft. Das ist unsere letzte E-Mail an Sie. Ihre Adresse bleibt als die \
                  dieser E-Mail noch 30 Tage gespeichert und verschwindet dann ebenfalls.",
    },
};

fn knows_password(within: &str) -> String {
    format!(
        "Falls Sie das nicht waren, kennt jemand anderes Ihr Passwort. In diesem Fall {}",
        if_not(within)
    )
}

/// The effect of the link of a notice, as the end of a sentence.
fn if_not(within: &str) -> String {
    format!(
        "öffnen Sie innerhalb von {within} diesen Link. Er meldet alle von Ihrem Konto ab, macht \
         das Passwort wertlos und lässt uns Ihnen einen Link senden, mit dem Sie ein neues wählen:"
    )
}

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
