//! [`App`]: a product as one value, which the commands of its binary serve and operate.

use std::{fmt, sync::Arc};

use anyhow::{Result, bail, ensure};
use auth::PersonalData;
use domain::{Brand, RoleDefinition, Roles};
use hypermedia::{
    front::is_fixture,
    navigation::NavigationEntry,
    page_context::{AccountPages, EventLabel, SiteParts},
    policy::{Policy, RouteInfo},
    routes::Routes,
    settings::Settings,
};
use poem::http::Method;
use store::{Changes, Schema};

use crate::{
    account_pages,
    features::{account_menu::ADMIN_LINKS, home, profile, well_known::RobotsTxt},
    paths, personal_data, router,
    user_view::UserView,
};

/// A product: the account pages under its brand, and what it adds to them.
///
/// Nothing of it is checked before it runs; [`App::check`] says what is wrong.
#[derive(Clone)]
pub struct App {
    pub(crate) brand: &'static Brand,
    pub(crate) roles: Roles,
    landing: &'static str,
    routes: Vec<fn(Routes) -> Routes>,
    navigation: Vec<NavigationEntry>,
    events: &'static [EventLabel],
    profile: UserView,
    schema: Schema,
    personal_data: Vec<Arc<dyn PersonalData>>,
}

impl App {
    /// The account pages under this brand, and no page besides them: `/` leads users to the landing
    /// page and visitors to the log-in.
    pub fn new(brand: &'static Brand) -> Self {
        Self {
            brand,
            roles: Roles::default(),
            landing: paths::PROFILE,
            routes: Vec::new(),
            navigation: Vec::new(),
            events: &[],
            profile: profile::view,
            schema: Schema::default(),
            personal_data: Vec::new(),
        }
    }

    /// Adds a feature: its routes, its links, its changes of the schema and its personal data.
    #[must_use]
    pub fn with(self, feature: fn(Self) -> Self) -> Self {
        feature(self)
    }

    /// Adds routes of the product, the home page `/` among them.
    #[must_use]
    pub fn routes(mut self, routes: fn(Routes) -> Routes) -> Self {
        self.routes.push(routes);
        self
    }

    /// The page that a user sees after the log-in, instead of the profile. It needs a route.
    #[must_use]
    pub fn landing(self, path: &'static str) -> Self {
        Self { landing: path, ..self }
    }

    /// Adds links to the navigation bar, before the account menu.
    #[must_use]
    pub fn navigation(mut self, entries: &[NavigationEntry]) -> Self {
        self.navigation.extend_from_slice(entries);
        self
    }

    /// The roles of the product, besides `user` and `admin`.
    #[must_use]
    pub fn roles(self, roles: &'static [RoleDefinition]) -> Self {
        Self { roles: Roles::new(roles), ..self }
    }

    /// The events that the product records in timelines, with their texts.
    #[must_use]
    pub fn events(self, events: &'static [EventLabel]) -> Self {
        Self { events, ..self }
    }

    /// Adds the product's own changes of the schema, applied after those of the accounts in the same
    /// run. A foreign key to `users` needs `ON DELETE CASCADE`.
    #[must_use]
    pub fn migrations(mut self, own: fn() -> Changes) -> Self {
        self.schema = self.schema.with(own);
        self
    }

    /// Adds personal data that the product holds besides the accounts. What several export is one
    /// object with the keys of all.
    #[must_use]
    pub fn personal_data(mut self, own: impl PersonalData + 'static) -> Self {
        self.personal_data.push(Arc::new(own));
        self
    }

    /// Another view of the profile.
    #[must_use]
    pub fn profile(self, view: UserView) -> Self {
        Self { profile: view, ..self }
    }

    /// The brand.
    pub fn brand(&self) -> &'static Brand {
        self.brand
    }

    /// Checks what the compiler cannot: the brand, the roles, that each route is there once and has
    /// no path of a probe or an asset, that the links lead to pages, that each migration is there
    /// once, and that the names of events have a dot.
    pub fn check(&self) -> Result<()> {
        self.brand.check()?;
        self.roles.check()?;
        let table = self.route_table();
        for (at, route) in table.iter().enumerate() {
            let is_same =
                |other: &&RouteInfo| (&other.method, other.path) == (&route.method, route.path);
            let earlier = table.iter().take(at).find(is_same);
            ensure!(earlier.is_none(), "{} {} is routed twice", route.method, route.path);
            ensure!(!is_fixture(route.path), "{} is a path of the server itself", route.path);
        }
        let pages = self.routes_without_defaults(false).pages().0;
        let is_page = |path: &str| pages.find(path).is_some();
        for entry in self.navigation.iter().chain(ADMIN_LINKS) {
            ensure!(
                is_page(entry.path),
                "the navigation leads to {}, which has no page",
                entry.path
            );
        }
        ensure!(is_page(self.landing), "landing() leads to {}, which has no page", self.landing);
        if let Some(doubled) = self.schema.doubled() {
            bail!("the migration {doubled:?} is there twice");
        }
        for event in self.events {
            ensure!(event.name.contains('.'), "the event {:?} needs a dot in its name", event.name);
        }
        Ok(())
    }

    /// Every route that serves visitors.
    pub fn route_table(&self) -> Vec<RouteInfo> {
        self.routes_with(true).table()
    }

    /// The settings as this product needs them.
    pub(crate) fn prepare(&self, mut settings: Settings) -> Settings {
        settings.brand = self.brand;
        settings.database.product = self.brand.identifier();
        settings.database.schema = self.schema.clone();
        settings
    }

    pub(crate) fn routes_with(&self, dev_mail: bool) -> Routes {
        let routes = self.routes_without_defaults(dev_mail);
        let table = routes.table();
        let robots = RobotsTxt::of(&table);
        let routes = routes.group(Policy::Anyone, |group| group.get("/robots.txt", robots));
        let is_home = |route: &RouteInfo| route.method == Method::GET && route.path == home::PATH;
        if table.iter().any(is_home) {
            return routes;
        }
        routes.group(Policy::Anyone, |group| group.get(home::PATH, home::index))
    }

    fn routes_without_defaults(&self, dev_mail: bool) -> Routes {
        let accounts = router::routes(self.profile, dev_mail);
        self.routes.iter().fold(accounts, |routes, own| own(routes))
    }

    pub(crate) fn own_data(&self) -> Option<Arc<dyn PersonalData>> {
        personal_data::together(&self.personal_data)
    }

    pub(crate) fn site_parts(&self) -> SiteParts {
        let account_pages = AccountPages { landing: self.landing, ..account_pages::ACCOUNT_PAGES };
        SiteParts { account_pages, navigation: self.navigation.clone(), events: self.events }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("brand", &self.brand.name).finish_non_exhaustive()
    }
}
