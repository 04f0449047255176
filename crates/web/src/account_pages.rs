//! The pages and answers that the account features hand to the guard and to the page shell.

use hypermedia::page_context::AccountPages;

use crate::{
    features::{account_deletion, account_menu, banner, other_user, resend, session, sudo},
    paths,
};

pub(crate) const ACCOUNT_PAGES: AccountPages = AccountPages {
    landing: paths::PROFILE,
    log_in: paths::LOG_IN,
    confirm_password: paths::SUDO,
    pending_deletion: account_deletion::PATH,
    second_factor: paths::FACTORS,
    second_factor_routes: &[paths::FACTORS, paths::SUDO],
    session_poll: session::PATH,
    password_dialog: sudo::dialog,
    password_refused: sudo::refuse,
    send_again: resend::view,
    already_logged_in: other_user::instead,
    other_user: other_user::refuse,
    banner: banner::banner,
    account_menu: account_menu::view,
};
