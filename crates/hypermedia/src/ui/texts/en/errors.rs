//! The texts where there is no page to show.

use crate::ui::texts::Errors;

pub(super) const TEXTS: Errors = Errors {
    foreign_form: (
        "This form came from another site",
        "Nothing was changed. If you meant to do this, open the page from our home page and send \
         the form there.",
    ),
    by_status: [
        (
            400,
            "We could not read this request",
            "Part of it is missing or damaged. Go back, reload the page and try again.",
        ),
        (
            403,
            "You don’t have access to this page",
            "Your account does not have permission for this. Ask an administrator if you need \
             it.",
        ),
        (
            404,
            "Page not found",
            "The address may be mistyped, or the page has moved. Check it, or start from the home \
             page.",
        ),
        (405, "This page can’t be used like that", "Open it from the home page instead."),
        (
            408,
            "Your request took too long",
            "The connection may be slow or interrupted. Nothing was changed. Please try again.",
        ),
        (
            410,
            "This link no longer works",
            "It was already used, has expired, or was replaced by a newer one.",
        ),
        (413, "This is too large", "We can’t accept this much at once. Shorten it and try again."),
        (415, "This format is not supported", "Please use the form on the page."),
        (
            421,
            "Wrong address",
            "This site is not available at the address you used. Check it and try again.",
        ),
        (
            429,
            "Too many tries",
            "To keep accounts safe, we limit how often you can try. Wait a few minutes, then try \
             again.",
        ),
        (501, "This request is not supported", "Open the page from the home page instead."),
        (
            503,
            "We are very busy right now",
            "Your request could not be completed in time. Wait a moment, then try again.",
        ),
    ],
    other: (
        "Something went wrong",
        "This is our fault, and we have recorded it. Try again in a moment. If it happens again, \
         tell us the request number.",
    ),
};
