//! The support code of the tests.

pub mod app;
pub mod authenticator;
pub mod browser;
mod browser_process;
mod browser_turn;
pub mod chromium;
pub mod cookies;
pub mod database;
pub mod dom;
pub mod html_check;
pub mod line;
pub mod mailbox;
pub mod mailpit;
pub mod page;
pub mod postgres;
pub mod process;
pub mod search;
pub mod window;
