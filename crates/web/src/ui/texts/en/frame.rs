//! The texts around every page.

use crate::ui::texts::Frame;

pub(super) const TEXTS: Frame = Frame {
    skip: "Skip to the content",
    nav: "Main",
    profile_of: "Your profile:",
    footer: "Latchkey keeps accounts for hypermedia web apps.",
    log_in: "Log in",
    log_out: "Log out",
    cancel: "Cancel",
    sign_up: "Sign up",
    to_home: "Go to the home page",
    users: "Users",
    offline: "No answer came from the server. Check your connection, then try again.",
    request_id: "Request",
    search: "Search",
    pager: "Pages of the list",
    first: "Newest",
    next: "Older",
};
