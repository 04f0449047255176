//! The texts of the account menu.

use crate::texts::Account;

pub(super) const TEXTS: Account = Account {
    menu_of: "Konto:",
    settings: "Einstellungen",
    log_in: "Anmelden",
    log_out: "Abmelden",
    sign_up: "Registrieren",
    users: "Benutzer",
};
