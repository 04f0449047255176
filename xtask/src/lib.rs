//! The commands of operators and developers. One file or folder per command; the server knows
//! nothing of this crate.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands print their results")]

mod accounts;
pub mod bench;
pub mod cli;
mod client;
mod config;
mod database_name;
mod dev;
mod doctor;
mod drill;
mod example;
pub mod exit_code;
mod healthcheck;
mod listing;
pub mod mail_catcher;
mod mailpit;
mod migrate;
mod routes;
mod seed_admin;
mod test;
pub mod tidy;
mod user;
mod user_report;
