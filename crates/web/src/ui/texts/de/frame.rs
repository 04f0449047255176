//! The texts around every page.

use crate::ui::texts::Frame;

pub(super) const TEXTS: Frame = Frame {
    skip: "Zum Inhalt springen",
    nav: "Hauptnavigation",
    profile_of: "Ihr Profil:",
    footer: "Latchkey verwaltet Konten für Hypermedia-Webanwendungen.",
    log_in: "Anmelden",
    log_out: "Abmelden",
    cancel: "Abbrechen",
    sign_up: "Registrieren",
    to_home: "Zur Startseite",
    users: "Benutzer",
    offline: "Der Server hat nicht geantwortet. Prüfen Sie Ihre Verbindung und versuchen Sie es \
              dann noch einmal.",
    request_id: "Anfrage",
    search: "Suchen",
    pager: "Seiten der Liste",
    first: "Neueste",
    next: "Ältere",
};
