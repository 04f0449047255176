//! `routes`: prints the route table of the router.

use std::io;

use super::listing;
use crate::App;

/// Prints method, path and access policy, one route per line.
pub(super) fn run(app: &App) -> io::Result<()> {
    listing::print(
        app.route_table().iter().map(|route| {
            format!("{:<5} {:<36} {}", route.method.as_str(), route.path, route.policy)
        }),
    )
}
