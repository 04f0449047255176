//! Black-box tests of Latchkey and what they are made of.
//!
//! A test starts a [`TestApp`], opens a [`Browser`] on it in one of the three
//! transports, does what a visitor does and asks the [`Page`] what a visitor would
//! see. Nothing here knows the inside of the app. A wrong expectation panics with
//! what was there instead: in a test, that is the answer.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "an expectation that does not hold is a failed test"
)]

pub mod support;

pub use support::{
    app::TestApp,
    browser::{Answer, Browser, RawRequest, Transport},
    chromium::{Chromium, Colours, Scripts, Window},
    cookies::{Cookie, CookieJar},
    mailbox::{Mail, Mailbox},
    page::{Control, Page},
    postgres::Backend,
    process::ServerProcess,
};
