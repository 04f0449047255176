//! The pages of accounts on the kit of `hypermedia`: Poem handlers that answer with Maud, as whole
//! pages, as fragments for htmx, and without any script.
//!
//! Start reading at `app.rs`, a product as one value, and at `router.rs`, which is every route of the
//! accounts. Handlers ask the database for nothing: they call the
//! services of [`auth::Accounts`].

#![doc = include_str!("../README.md")]
#![cfg_attr(doctest, doc = include_str!("../../../README.md"))]

mod account_pages;
mod app;
mod commands;
mod features;
mod fields;
mod paths;
mod personal_data;
mod router;
mod running_app;
mod texts;
mod user_view;

pub use app::App;
pub use hypermedia::{
    policy::{Policy, RouteInfo},
    proxy_probe,
    settings::{self, Environment, Settings},
};
pub use running_app::RunningApp;
pub use user_view::UserView;
