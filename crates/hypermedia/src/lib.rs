//! The kit for pages with htmx: the server, its middleware, sessions and CSRF per request, the
//! guard, the page shell, forms, fields, lists, notices, flashes and the texts around them.
//!
//! A handler answers with an [`answer::Answer`], which becomes a whole page, a fragment or a
//! redirect. The kit knows no account page: the crate `web` hands its own to the guard and to the
//! page shell as [`page_context::AccountPages`]. Nothing here asks the database; what a page needs
//! of accounts comes from the services of [`auth::Accounts`].

#![doc = include_str!("../README.md")]

pub mod answer;
mod assets;
pub mod cookies;
pub mod csrf;
mod dev_version;
pub mod error;
pub mod extract;
pub mod flash;
pub mod front;
pub mod guard;
pub mod look;
pub mod metrics;
mod middleware;
pub mod navigation;
mod operator_command;
pub mod page_context;
mod page_paths;
mod pages;
pub mod policy;
pub mod probes;
pub mod proxy_probe;
pub mod reset_request;
pub mod routes;
pub mod server;
pub mod settings;
pub mod telemetry;
mod transport;
pub mod ui;
mod visitor_change;

pub use operator_command::operator_command;

/// The version of the kit.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
