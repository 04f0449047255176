//! Everything that the server answers: the pages, and beside them the probes and the assets, which
//! know no visitor, inside the layers (ARCHITECTURE.md, "A request").

use std::sync::Arc;

use percent_encoding::percent_decode_str;
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get, http::StatusCode};

use crate::{
    assets,
    dev_version::{self, DevVersion},
    look::Look,
    metrics::RequestMetrics,
    middleware,
    page_context::Site,
    pages::{self, PagesEndpoint},
    probes::{self, Draining},
    proxy_probe::{self, ProxyProbe},
    routes::Routes,
    settings::{Settings, SettingsError},
};

/// The routes of the site inside their layers, with the probes and the assets. Requests are counted
/// where `counted` is given.
pub fn endpoint(
    site: Site,
    look: Arc<Look>,
    routes: Routes,
    settings: &Settings,
    draining: &Draining,
    counted: Option<RequestMetrics>,
) -> Result<impl Endpoint<Output = Response> + use<>, SettingsError> {
    let accounts = site.accounts.clone();
    let pages = PagesEndpoint::new(Arc::new(site), routes.into_route());
    let reloads = look.reloads;
    let mut fixtures = Route::new()
        .at("/livez", get(probes::livez).catch_error(probes::refuse))
        .at("/readyz", get(probes::readyz).catch_error(probes::refuse))
        .at("/assets/:file", assets::endpoint(settings.environment, Arc::clone(&look)))
        .at("/favicon.ico", assets::favicon(Arc::clone(&look)))
        .at(proxy_probe::PATH, get(probes::proxy_probe).catch_error(probes::refuse));
    if reloads {
        let version = get(dev_version::version).data(DevVersion::of_process());
        fixtures = fixtures.at(dev_version::PATH, version.catch_error(probes::refuse));
    }
    let fixtures = fixtures
        .data(ProxyProbe::new(&settings.secret_key()?))
        .data(settings.server.trusted_proxies.clone())
        .data(accounts)
        .data(draining.clone());
    Ok(middleware::stack(
        Front { fixtures, pages, reloads },
        settings,
        look,
        pages::refuse,
        counted,
    ))
}

/// Probes and assets beside the pages. They are not nested in a route: Poem would take every path
/// apart and put it together again.
struct Front<E> {
    fixtures: E,
    pages: PagesEndpoint,
    /// Whether pages ask for the version of the server.
    reloads: bool,
}

impl<E: Endpoint> Endpoint for Front<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        if !is_text(path) {
            return Err(StatusCode::BAD_REQUEST.into());
        }
        if is_fixture(path) && (self.reloads || path != dev_version::PATH) {
            return self.fixtures.call(request).await.map(IntoResponse::into_response);
        }
        self.pages.call(request).await
    }
}

/// Whether the path is that of a probe, an asset or the version of the server, which no route of a
/// product can have.
pub fn is_fixture(path: &str) -> bool {
    let single = ["/livez", "/readyz", "/favicon.ico", proxy_probe::PATH, dev_version::PATH];
    single.contains(&path) || path.starts_with("/assets/")
}

/// Whether the path, decoded, is UTF-8.
fn is_text(path: &str) -> bool {
    percent_decode_str(path).decode_utf8().is_ok()
}
