//! The pages of accounts on the kit of `hypermedia`: Poem handlers that answer with Maud, as whole
//! pages, as fragments for htmx, and without any script.
//!
//! Start reading at `router.rs`, which is every route. Nothing here asks the database: handlers
//! call the services of [`auth::Accounts`].

#![doc = include_str!("../README.md")]

mod account_pages;
mod app;
mod features;
mod fields;
mod router;
mod texts;

pub use app::{RunningApp, open_accounts};
#[doc(hidden)]
pub use hypermedia::server::serve_bare;
pub use hypermedia::{
    VERSION, operator_command,
    policy::{Policy, RouteInfo},
    proxy_probe,
    settings::{self, Environment, Settings},
    telemetry,
};

/// Every route that serves visitors, as the router has it.
pub fn route_table() -> Vec<RouteInfo> {
    router::routes(true).table()
}
