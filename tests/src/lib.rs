//! Black-box tests of Latchkey and their support code.
//!
//! A test starts a [`TestApp`], opens a [`Browser`] on it in one of the three transports, acts as a
//! visitor and checks the [`Page`] that the visitor sees. Nothing here knows the internals of the
//! app. An expectation that does not hold panics and shows the actual state.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "an expectation that does not hold is a failed test"
)]

pub mod support;

pub use support::{
    app::{TestApp, account_routes},
    authenticator::{self, Authenticator},
    browser::{Answer, Browser, RawRequest, Transport},
    chromium::{AxeRules, Chromium},
    cookies::{Cookie, CookieJar},
    mailbox::{Mail, Mailbox},
    page::{Control, Page},
    postgres::Backend,
    process::ServerProcess,
    window::{Colours, Motion, Scripts, Window},
};
