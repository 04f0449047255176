//! The navigation bar as data: a label, a path and a policy for each link. It is a courtesy to
//! the visitor; the policies of the routes decide.

use domain::{Language, Permission, Principal};

use crate::policy::Policy;

/// A link of the navigation bar.
#[derive(Clone, Copy, Debug)]
pub struct NavigationEntry {
    /// The link's text in each language.
    pub label: fn(Language) -> &'static str,
    /// The path of the page.
    pub path: &'static str,
    /// The visitors who are shown the link.
    pub policy: Policy,
}

impl NavigationEntry {
    /// Whether the visitor is shown the link; `may` tells what the principal's role allows. An
    /// account that waits to be deleted has one page only, so its user is shown no link for users.
    pub fn is_shown(
        &self,
        principal: Option<&Principal>,
        may: impl Fn(&Principal, Permission) -> bool,
    ) -> bool {
        let active = principal.filter(|principal| principal.delete_after.is_none());
        match self.policy {
            Policy::Anyone => true,
            Policy::Anonymous => principal.is_none(),
            Policy::AnyUser => principal.is_some(),
            Policy::User | Policy::RecentUser => active.is_some(),
            Policy::Permission(permission) | Policy::RecentPermission(permission) => {
                active.is_some_and(|user| may(user, permission))
            }
        }
    }
}
