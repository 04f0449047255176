//! The texts around every page.

use crate::ui::texts::Frame;

pub(super) const TEXTS: Frame = Frame {
    skip: "Skip to content",
    nav: "Main",
    cancel: "Cancel",
    offline: "We can’t reach the server. Check your connection, then try again.",
    refused_title: |title| format!("Error: {title}"),
    request_id: "Request",
    to_home: "Go to the home page",
    search: "Search",
    pager: "Pages",
    first: "Newest",
    next: "Older",
    day: |at| format!("{} {} {}", at.day(), at.month(), at.year()),
    moment: |at| {
        let (day, month, year) = (at.day(), at.month(), at.year());
        format!("{day} {month} {year}, {:02}:{:02} UTC", at.hour(), at.minute())
    },
};
