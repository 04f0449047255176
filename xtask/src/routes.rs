//! `cargo xtask routes`: the route table as the router has it.

use std::process::ExitCode;

/// Prints method, path and who may, one route a line.
pub(crate) fn run() -> ExitCode {
    for route in web::route_table() {
        println!("{:<5} {:<32} {}", route.method.as_str(), route.path, route.policy);
    }
    ExitCode::SUCCESS
}
