//! The texts of the account menu.

use crate::texts::Account;

pub(super) const TEXTS: Account = Account {
    menu_of: "Account:",
    settings: "Settings",
    log_in: "Log in",
    log_out: "Log out",
    sign_up: "Sign up",
    users: "Users",
};
