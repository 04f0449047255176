//! `cargo xtask routes`: the route table as the router has it.

use std::io;

use crate::listing;

/// Prints method, path and who may, one route a line.
pub(crate) fn run() -> io::Result<()> {
    listing::print(
        web::route_table().iter().map(|route| {
            format!("{:<5} {:<36} {}", route.method.as_str(), route.path, route.policy)
        }),
    )
}
