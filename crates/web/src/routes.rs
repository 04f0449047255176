//! Routes as data: what `router.rs` declares, what `cargo xtask routes` prints and
//! what the tests walk. A route without a policy cannot be written down.

use std::{collections::BTreeMap, fmt, sync::Arc};

use domain::Permission;
use poem::{
    Endpoint, IntoEndpoint, Response, Route,
    endpoint::{DynEndpoint, ToDynEndpoint},
    http::Method,
};

use crate::{
    answer::View,
    extract::{FormState, LocalPath},
    guard::Resource,
    page_context::PageContext,
};

/// Segments of the longest path below a page.
const DEPTH: usize = 4;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Everybody.
    Anyone,
    /// Visitors who are not logged in; others are sent to their profile.
    Anonymous,
    /// Visitors who are logged in, also while their account waits to be deleted; others
    /// are sent to log in.
    AnyUser,
    /// Visitors who are logged in; others are sent to log in. Whose account waits to be
    /// deleted is sent to where it can be taken back, here and below.
    User,
    /// Visitors who are logged in and gave the password a short while ago; others are
    /// asked for it.
    RecentUser,
    /// Users whose role has the permission, read anew at each request.
    Permission(Permission),
}

impl Policy {
    /// Whether who is not logged in is sent to log in.
    pub(crate) const fn is_for_users(self) -> bool {
        match self {
            Self::Anyone | Self::Anonymous => false,
            Self::AnyUser | Self::User | Self::RecentUser | Self::Permission(_) => true,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Anyone => "anyone",
            Self::Anonymous => "anonymous",
            Self::AnyUser => "any user",
            Self::User => "user",
            Self::RecentUser => "recently authenticated",
            Self::Permission(Permission::ManageUsers) => "admin",
        })
    }
}

/// One line of the route table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; HEAD comes with GET.
    pub method: Method,
    /// The path, with parameters as `{name}`.
    pub path: &'static str,
    /// Who may.
    pub policy: Policy,
}

/// The page with a form, in whatever state; what a handler shows again when the
/// form was refused before it was asked.
pub(crate) type FormPage = fn(&PageContext, &FormState) -> View;

/// A route with what serves it.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) info: RouteInfo,
    pub(crate) endpoint: Arc<dyn DynEndpoint<Output = Response>>,
    pub(crate) page: Option<FormPage>,
    /// Where the visitor goes on after the password, if not to the action itself.
    pub(crate) resumed_at: Option<&'static str>,
}

/// The table under construction.
#[derive(Default)]
pub(crate) struct Routes(Vec<Entry>);

/// The part of the table with one policy.
pub(crate) struct Group(Policy, Routes);

impl Routes {
    /// Adds the routes of `group`, all for `policy`.
    #[must_use]
    pub(crate) fn group(self, policy: Policy, group: impl FnOnce(Group) -> Group) -> Self {
        group(Group(policy, self)).1
    }

    /// The table as it can be printed.
    pub(crate) fn table(&self) -> Vec<RouteInfo> {
        self.0.iter().map(|entry| entry.info.clone()).collect()
    }

    /// The addresses of pages that a visitor can be sent to.
    pub(crate) fn pages(&self) -> Pages {
        let of = |method| self.0.iter().filter(move |entry| entry.info.method == method);
        Pages {
            paths: of(Method::GET).map(|entry| entry.info.path).collect(),
            forms: of(Method::POST).map(|entry| (entry.info.path, entry.page)).collect(),
        }
    }

    /// The table at work.
    pub(crate) fn into_route(self) -> Route {
        let mut paths: BTreeMap<&str, Vec<Entry>> = BTreeMap::new();
        for entry in self.0 {
            paths.entry(entry.info.path).or_default().push(entry);
        }
        paths.into_iter().fold(Route::new(), |route, (path, entries)| {
            route.at(path.replace('{', ":").replace('}', ""), Resource(entries))
        })
    }
}

impl Group {
    /// A page.
    #[must_use]
    pub(crate) fn get<E>(self, path: &'static str, handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::GET, path, handler, None)
    }

    /// An action without a page of its own.
    #[must_use]
    pub(crate) fn post<E>(self, path: &'static str, handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::POST, path, handler, None)
    }

    /// An action whose form is on a page with others.
    #[must_use]
    pub(crate) fn action<E>(self, path: &'static str, page: FormPage, handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::POST, path, handler, Some(page))
    }

    /// An action that answers with a file and leaves the browser on the page `on`. It
    /// never waits for the password: nobody could see whether the file came.
    #[must_use]
    pub(crate) fn download<E>(
        self,
        path: &'static str,
        on: &'static str,
        page: FormPage,
        handler: E,
    ) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        let mut group = self.add(Method::POST, path, handler, Some(page));
        if let Some(entry) = group.1.0.last_mut() {
            entry.resumed_at = Some(on);
        }
        group
    }

    /// A form: the page that shows it and the action that takes it.
    #[must_use]
    pub(crate) fn form<S, T>(self, path: &'static str, page: FormPage, show: S, take: T) -> Self
    where
        S: IntoEndpoint,
        S::Endpoint: Endpoint<Output = Response> + 'static,
        T: IntoEndpoint,
        T::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::GET, path, show, None).add(Method::POST, path, take, Some(page))
    }

    fn add<E>(
        mut self,
        method: Method,
        path: &'static str,
        handler: E,
        page: Option<FormPage>,
    ) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        let info = RouteInfo { method, path, policy: self.0 };
        let endpoint = Arc::new(ToDynEndpoint(handler.into_endpoint()));
        self.1.0.push(Entry { info, endpoint, page, resumed_at: None });
        self
    }
}

/// The addresses of pages, to tell a page of this site from anything else, and the
/// pages of forms by the addresses that these are sent to.
#[derive(Clone, Debug)]
pub(crate) struct Pages {
    paths: Vec<&'static str>,
    forms: Vec<(&'static str, Option<FormPage>)>,
}

impl Pages {
    /// Reads the address of one of the pages; anything else is `None`.
    pub(crate) fn find(&self, address: &str) -> Option<LocalPath> {
        let path = LocalPath::parse(address)?;
        self.paths.iter().any(|pattern| matches(pattern, path.path())).then_some(path)
    }

    /// The page at the address, else the one above it: what a form leads to may stand
    /// where no page is. Anything else is the home page.
    pub(crate) fn nearest(&self, address: &str) -> LocalPath {
        let found = self.find(address);
        let local = LocalPath::parse(address);
        let mut path = local.as_ref().map_or("", LocalPath::path);
        let mut above = || {
            path = path.rsplit_once('/')?.0;
            Some(self.find(path))
        };
        let found = found.or_else(|| (0..DEPTH).map_while(|_| above()).flatten().next());
        found.unwrap_or_else(|| LocalPath::of("/"))
    }

    /// The page with the form that is sent to this path; a button has none.
    pub(crate) fn of_form(&self, path: &str) -> Option<FormPage> {
        self.forms.iter().find(|(pattern, _)| matches(pattern, path))?.1
    }
}

fn matches(pattern: &str, path: &str) -> bool {
    let mut wanted = pattern.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(name), Some(value)) if name.starts_with('{') && !value.is_empty() => {}
            (Some(name), Some(value)) if name == value => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_stands_for_one_segment() {
        assert!(matches("/", "/"));
        assert!(matches("/a/{id}/b", "/a/7/b"));
        for wrong in ["/a//b", "/a/7/8/b", "/a/7", "/a/7/b/", "/A/7/b"] {
            assert!(!matches("/a/{id}/b", wrong), "{wrong}");
        }
    }

    #[test]
    fn an_action_lies_nearest_to_the_page_above_it() {
        let pages = Pages { paths: vec!["/", "/a", "/a/b/{id}"], forms: Vec::new() };
        for (address, page) in [
            ("/a?q=1", "/a?q=1"),
            ("/a/b/7", "/a/b/7"),
            ("/a/b/7/end?q=1", "/a/b/7"),
            ("/a/b", "/a"),
            ("/b", "/"),
            ("/a/1/2/3/4/5/6/7", "/"),
            ("", "/"),
            ("//e.x/a", "/"),
            ("https://e.x/a", "/"),
        ] {
            assert_eq!(pages.nearest(address).as_str(), page, "{address}");
        }
    }
}
