//! The texts where there is no page to show.

use crate::ui::texts::Errors;

pub(super) const TEXTS: Errors = Errors {
    foreign_form: (
        "This did not come from a page of ours",
        "Another site seems to have sent it, so nothing was done. If you meant to, open the page \
         from the home page and send the form from there.",
    ),
    by_status: [
        (
            400,
            "That request made no sense to us",
            "Part of it was missing or garbled. Go back, reload the page and try again.",
        ),
        (
            403,
            "This page is not for your account",
            "You are logged in, but this needs rights that your account does not have. Ask an \
             administrator if you think it should.",
        ),
        (
            404,
            "There is no page here",
            "The address may be mistyped, or the page has moved. Check it, or start again from the \
             home page.",
        ),
        (
            405,
            "That cannot be done here",
            "The page exists but does not take this kind of request. Open it from the home page \
             instead.",
        ),
        (
            408,
            "That took too long to arrive",
            "The connection may be slow or interrupted. Nothing was done; send it again.",
        ),
        (
            410,
            "This link no longer works",
            "It was used already, it has expired, or a newer one has taken its place.",
        ),
        (
            413,
            "That was too much at once",
            "What you sent is larger than we accept. Shorten it and try again.",
        ),
        (
            415,
            "We cannot read that format",
            "Please use the form on the page; other formats are not understood here.",
        ),
        (
            421,
            "Wrong address",
            "This server does not answer under the name that was asked for. Check the address.",
        ),
        (
            429,
            "Too many tries",
            "To keep accounts safe we slow things down after many tries. Wait a little, then try \
             again.",
        ),
        (
            501,
            "That is not understood here",
            "This server does not know this kind of request. Open the page from the home page \
             instead.",
        ),
        (
            503,
            "We are busy just now",
            "The request could not be served in time. Wait a moment, then try again.",
        ),
    ],
    other: (
        "Something went wrong on our side",
        "It is not your doing, and it has been noted. Try again in a moment; if it happens again, \
         tell us the number of the request.",
    ),
};
