//! Black-box tests: the real app on a real socket, one module per feature.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "an expectation that does not hold is a failed test"
)]

use mimalloc::MiMalloc;

/// The allocator of the server, because the suite runs servers in this process.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

mod address_proof;
mod audit_trail;
mod backup;
mod browser;
mod cast;
mod clock;
mod commands;
mod compromise_report;
mod configuration;
mod confirmed_sign_up;
mod connections;
mod cookies;
mod crash;
mod csrf;
mod database_faults;
mod deletion;
mod disabled;
mod disk_full;
mod doctor;
mod documents;
mod email_change;
mod enumeration;
mod error_pages;
mod export;
mod factors;
mod fail_over;
mod fault_steps;
mod flows;
mod headers;
mod hostile_text;
mod hot_path;
mod input;
mod invitations;
mod languages;
mod limits;
mod log_in;
mod log_out;
mod logging;
mod mail_admin;
mod mail_faults;
mod mail_outcomes;
mod mailpit;
mod metrics;
mod passkeys;
mod password_reset;
mod people;
mod policies;
mod postgres;
mod probes;
mod product;
mod profile;
mod promotion;
mod properties;
mod races;
mod sessions;
mod settings;
mod shutdown;
mod sign_up;
mod silent_mistakes;
mod smoke;
mod sudo;
mod tasks;
mod two_servers;
mod user_admin;
mod user_command;
