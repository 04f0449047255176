//! Acme Notes: a product on the account pages, with a brand, a table, pages and a role of its own.
//!
//! Read `app` first: it is everything that the product adds.

mod account;
mod brand;
mod home;
mod notes;
mod published;

use domain::{Permission, RoleDefinition};
use hypermedia::{
    navigation::NavigationEntry, page_context::EventLabel, policy::Policy, routes::Routes,
};
use web::App;

/// Publishing a note, and taking it back.
pub const PUBLISH: Permission = Permission::named("notes.publish");

/// Recorded in the timeline of the owner.
const PUBLISHED: &str = "notes.published";

/// The product.
pub fn app() -> App {
    App::new(&brand::BRAND)
        .routes(routes)
        .landing(notes::PATH)
        .navigation(NAVIGATION)
        .roles(&[EDITOR])
        .events(&[EventLabel { name: PUBLISHED, label: |_| "Note published" }])
        .migrations(notes::migrations)
        .personal_data(notes::OwnNotes)
        .profile(account::profile)
}

const EDITOR: RoleDefinition =
    RoleDefinition { name: "editor", label: |_| "Editor", permissions: &[PUBLISH] };

const NAVIGATION: &[NavigationEntry] = &[
    NavigationEntry { label: |_| "Published", path: published::PATH, policy: Policy::Anyone },
    NavigationEntry { label: |_| "My notes", path: notes::PATH, policy: Policy::User },
];

fn routes(routes: Routes) -> Routes {
    routes
        .group(Policy::Anyone, |group| {
            group.get("/", home::index).get(published::PATH, published::index)
        })
        .group(Policy::User, notes::routes)
        .group(Policy::Permission(PUBLISH), |group| {
            group.post("/notes/{id}/publish", &[], published::publish)
        })
}
