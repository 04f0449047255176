//! `cargo xtask routes`: prints the route table of the router.

use std::io;

use crate::listing;

/// Prints method, path and access policy, one route per line.
pub(crate) fn run() -> io::Result<()> {
    listing::print(
        web::route_table().iter().map(|route| {
            format!("{:<5} {:<36} {}", route.method.as_str(), route.path, route.policy)
        }),
    )
}
