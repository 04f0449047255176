//! Latchkey, the product that ships: the account pages under their own brand, and a home page.
//!
//! Start reading at `app`. `examples/notes` is a product with a table, pages and a role of its own.

#![doc = include_str!("../README.md")]

mod brand;
mod features;
mod texts;

use hypermedia::{policy::Policy, routes::Routes};
use web::App;

use self::features::home;
pub use brand::BRAND;

/// The product.
pub fn app() -> App {
    App::new(&BRAND).routes(routes)
    // `cargo xtask new feature` adds a line above this one.
}

fn routes(routes: Routes) -> Routes {
    routes.group(Policy::Anyone, |group| group.get("/", home::index))
}
