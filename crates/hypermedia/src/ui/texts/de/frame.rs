//! The texts around every page.

use time::Month;

use crate::ui::texts::Frame;

pub(super) const TEXTS: Frame = Frame {
    skip: "Zum Inhalt springen",
    nav: "Hauptnavigation",
    cancel: "Abbrechen",
    offline: "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es dann \
              noch einmal.",
    refused_title: |title| format!("Fehler: {title}"),
    request_id: "Anfrage",
    to_home: "Zur Startseite",
    search: "Suchen",
    pager: "Seiten",
    first: "Neueste",
    next: "Ältere",
    day: |at| format!("{}. {} {}", at.day(), month(at.month()), at.year()),
    moment: |at| {
        let (day, month, year) = (at.day(), month(at.month()), at.year());
        format!("{day}. {month} {year}, {:02}:{:02} Uhr (UTC)", at.hour(), at.minute())
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
