//! The argument that names a role.

use domain::Role;

use crate::App;

/// The role with this name; without one, prints those that there are.
pub(super) fn find_role(app: &App, name: &str) -> Option<Role> {
    if let Ok(role) = app.roles.find(name) {
        return Some(role);
    }
    let names: Vec<_> = app.roles.all().map(|role| role.to_string()).collect();
    eprintln!("there is no role {name:?}; give one of: {}", names.join(", "));
    None
}
