//! Routes as data: the table that `router.rs` declares, that `cargo xtask routes` prints and
//! that the tests walk. A route cannot be declared without a policy.

use std::{collections::BTreeMap, sync::Arc};

use poem::{Endpoint, IntoEndpoint, Response, Route, endpoint::ToDynEndpoint, http::Method};

use crate::{
    guard::{Entry, Resource},
    page_context::{FormPage, FormRoute, FormRoutes},
    page_paths::PagePaths,
    policy::{Policy, RouteInfo},
    ui::FieldName,
};

/// The table under construction.
#[derive(Default)]
pub struct Routes(Vec<Entry>);

/// The part of the table with one policy.
pub struct Group(Policy, Routes);

impl Routes {
    /// Adds the routes of `group`, all for `policy`.
    #[must_use]
    pub fn group(self, policy: Policy, group: impl FnOnce(Group) -> Group) -> Self {
        group(Group(policy, self)).1
    }

    /// The table as it can be printed.
    pub fn table(&self) -> Vec<RouteInfo> {
        self.0.iter().map(|entry| entry.info.clone()).collect()
    }

    /// The pages that a visitor can be sent to, and the forms by the paths that they are sent to.
    pub fn pages(&self) -> (PagePaths, FormRoutes) {
        let of = |method| self.0.iter().filter(move |entry| entry.info.method == method);
        let pages = of(Method::GET).map(|entry| entry.info.path).collect();
        let forms = of(Method::POST).map(|entry| (entry.info.path, entry.form)).collect();
        (PagePaths::new(pages), FormRoutes(forms))
    }

    /// The table at work.
    pub fn into_route(self) -> Route {
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
    pub fn get<E>(self, path: &'static str, handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::GET, path, handler, FormRoute::default())
    }

    /// An action without a page of its own, with the fields that it reads.
    #[must_use]
    pub fn post<E>(self, path: &'static str, fields: &'static [FieldName], handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::POST, path, handler, FormRoute { fields, page: None })
    }

    /// A button on a page with other forms.
    #[must_use]
    pub fn button<E>(self, path: &'static str, page: FormPage, handler: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        self.add(Method::POST, path, handler, FormRoute { fields: &[], page: Some(page) })
    }

    /// A button that answers with a file and leaves the browser on the page `on`. It never waits
    /// for the password: the visitor could not see whether the file came.
    #[must_use]
    pub fn download<E>(
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
        let mut group = self.button(path, page, handler);
        if let Some(entry) = group.1.0.last_mut() {
            entry.resumed_at = Some(on);
        }
        group
    }

    /// As [`Self::download`], for a button with the hidden fields `fields`.
    #[must_use]
    pub fn download_with<E>(
        self,
        path: &'static str,
        fields: &'static [FieldName],
        on: &'static str,
        page: FormPage,
        handler: E,
    ) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        let mut group = self.download(path, on, page, handler);
        if let Some(entry) = group.1.0.last_mut() {
            entry.form.fields = fields;
        }
        group
    }

    /// A form: the fields that it reads, the page that shows it in any state, and the handlers of
    /// GET and POST.
    #[must_use]
    pub fn form<S, T>(
        self,
        path: &'static str,
        fields: &'static [FieldName],
        page: FormPage,
        show: S,
        take: T,
    ) -> Self
    where
        S: IntoEndpoint,
        S::Endpoint: Endpoint<Output = Response> + 'static,
        T: IntoEndpoint,
        T::Endpoint: Endpoint<Output = Response> + 'static,
    {
        let form = FormRoute { fields, page: Some(page) };
        self.add(Method::GET, path, show, form).add(Method::POST, path, take, form)
    }

    fn add<E>(mut self, method: Method, path: &'static str, handler: E, form: FormRoute) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: Endpoint<Output = Response> + 'static,
    {
        let info = RouteInfo { method, path, policy: self.0 };
        let endpoint = Arc::new(ToDynEndpoint(handler.into_endpoint()));
        self.1.0.push(Entry { info, endpoint, form, resumed_at: None });
        self
    }
}
