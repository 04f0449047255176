//! Accounts over HTTP: Poem handlers that answer with Maud, as whole pages, as
//! fragments for htmx, and without any script.
//!
//! Start reading at `router.rs`, which is every route, and `pages/`, which is how
//! an answer reaches a browser. Nothing here asks the database: handlers call
//! [`auth::Accounts`].

mod account_pages;
mod answer;
mod app;
mod assets;
mod cookies;
mod csrf;
mod error;
mod extract;
mod features;
mod fields;
mod flash;
mod guard;
mod metrics;
mod middleware;
mod navigation;
mod operator_command;
mod page_context;
mod page_paths;
mod pages;
mod policy;
pub mod proxy_probe;
mod router;
mod routes;
mod server;
pub mod settings;
pub mod telemetry;
mod texts;
mod transport;
mod ui;

pub use app::{RunningApp, open_accounts};
pub use operator_command::operator_command;
pub use policy::{Policy, RouteInfo};
#[doc(hidden)]
pub use server::serve_bare;
pub use settings::{Environment, Settings};

/// The version of this program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Every route that serves visitors, as the router has it.
pub fn route_table() -> Vec<RouteInfo> {
    router::routes(true).table()
}
