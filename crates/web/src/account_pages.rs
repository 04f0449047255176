//! The pages and answers that the account features hand to the guard and to the page shell.

use hypermedia::page_context::AccountPages;

use crate::features::{
    account_deletion, account_menu, banner, factors, other_user, resend, session, settings, sudo,
};

/// Where a user goes who asked for no other page, unless the product says otherwise.
pub(crate) const PROFILE: &str = settings::PROFILE;

pub(crate) const ACCOUNT_PAGES: AccountPages = AccountPages {
    landing: PROFILE,
    log_in: "/login",
    confirm_password: "/sudo",
    pending_deletion: account_deletion::PATH,
    second_factor: factors::PATH,
    second_factor_routes: &[factors::PATH, "/sudo"],
    session_poll: session::PATH,
    password_dialog: sudo::dialog,
    password_refused: sudo::refuse,
    send_again: resend::view,
    already_logged_in: other_user::instead,
    other_user: other_user::refuse,
    banner: banner::banner,
    account_menu: account_menu::view,
};
