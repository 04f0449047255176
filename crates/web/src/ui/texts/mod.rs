//! Every word that the pages say to people; mails have theirs in `auth::mail`. Nothing here knows of the errors it
//! describes; the features choose.

mod data;
mod pages;
mod proof;
mod settings;

pub(crate) use data::*;
pub(crate) use pages::*;
pub(crate) use proof::*;
pub(crate) use settings::*;

/// The language of all texts.
pub(crate) const LANG: &str = "en";
/// The name of the product.
pub(crate) const PRODUCT: &str = "Latchkey";

/// The first link of every page.
pub(crate) const SKIP: &str = "Skip to the content";
/// The name of the navbar.
pub(crate) const NAV: &str = "Main";
/// What stands before the name in the link to one's own profile.
pub(crate) const PROFILE_OF: &str = "Your profile:";
/// The foot of every page.
pub(crate) const FOOTER: &str = "Latchkey keeps accounts for hypermedia web apps.";

/// To the log-in page, and its button.
pub(crate) const LOG_IN: &str = "Log in";
/// Ends the session.
pub(crate) const LOG_OUT: &str = "Log out";
/// Closes a question without an answer.
pub(crate) const CANCEL: &str = "Cancel";
/// To the sign-up page.
pub(crate) const SIGN_UP: &str = "Sign up";
/// To the start, from where everything can be found.
pub(crate) const TO_HOME: &str = "Go to the home page";
/// To the list of users.
pub(crate) const USERS: &str = "Users";

/// Shown by the script when no answer came.
pub(crate) const OFFLINE: &str =
    "No answer came from the server. Check your connection, then try again.";
/// Before the id of a request.
pub(crate) const REQUEST_ID: &str = "Request";
/// Above the list of what is wrong in a form.
pub(crate) const SUMMARY: &str = "A few answers need another look:";
/// The button beside a password.
pub(crate) const SHOW_PASSWORD: &str = "Show password";
/// Below a new password that has reached its length.
pub(crate) const PASSWORD_LONG_ENOUGH: &str = "Long enough.";

/// The button of a search.
pub(crate) const SEARCH: &str = "Search";
/// The name of the links between the pages of a list.
pub(crate) const PAGER: &str = "Pages of the list";
/// To the beginning of a list.
pub(crate) const FIRST: &str = "Newest";
/// To the page after.
pub(crate) const NEXT: &str = "Older";

/// Below a new password as it grows; the script puts the count in place of `{}`.
pub(crate) fn password_progress(min_length: usize) -> String {
    format!("{{}} of at least {min_length} characters.")
}

/// The heading and the explanation where another site sent a form.
pub(crate) const FOREIGN_FORM: (&str, &str) = (
    "This did not come from a page of ours",
    "Another site seems to have sent it, so nothing was done. If you meant to, open the page from \
     the home page and send the form from there.",
);

/// The heading and the explanation of an error page.
pub(crate) const fn error_page(status: u16) -> (&'static str, &'static str) {
    match status {
        400 => (
            "That request made no sense to us",
            "Part of it was missing or garbled. Go back, reload the page and try again.",
        ),
        403 => (
            "This page is not for your account",
            "You are logged in, but this needs rights that your account does not have. Ask an \
             administrator if you think it should.",
        ),
        404 => (
            "There is no page here",
            "The address may be mistyped, or the page has moved. Check it, or start again from \
             the home page.",
        ),
        405 => (
            "That cannot be done here",
            "The page exists but does not take this kind of request. Open it from the home page \
             instead.",
        ),
        408 => (
            "That took too long to arrive",
            "The connection may be slow or interrupted. Nothing was done; send it again.",
        ),
        410 => (
            "This link no longer works",
            "It was used already, it has expired, or a newer one has taken its place.",
        ),
        413 => (
            "That was too much at once",
            "What you sent is larger than we accept. Shorten it and try again.",
        ),
        415 => (
            "We cannot read that format",
            "Please use the form on the page; other formats are not understood here.",
        ),
        421 => (
            "Wrong address",
            "This server does not answer under the name that was asked for. Check the address.",
        ),
        429 => (
            "Too many tries",
            "To keep accounts safe we slow things down after many tries. Wait a little, then try \
             again.",
        ),
        501 => (
            "That is not understood here",
            "This server does not know this kind of request. Open the page from the home page \
             instead.",
        ),
        503 => (
            "We are busy just now",
            "The request could not be served in time. Wait a moment, then try again.",
        ),
        _ => (
            "Something went wrong on our side",
            "It is not your doing, and it has been noted. Try again in a moment; if it happens \
             again, tell us the number of the request.",
        ),
    }
}
