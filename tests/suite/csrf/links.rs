//! The links in mails that routes with a token are asked for with.

use tests::TestApp;
use web::RouteInfo;

use crate::people;

/// The link that this route is asked for with, for one that has a token in its path;
/// where that is about a change of address, of `moving`.
pub(crate) async fn link(app: &TestApp, route: &RouteInfo, email: &str, moving: &str) -> String {
    match route.path {
        "/not-me/{token}" => people::compromise_report_path(app, email).await,
        "/sudo/{token}" | "/new-account/{token}" | "/invitation/{token}" => {
            people::real_path(app, route.path, email).await
        }
        "/confirm-email/{token}" | "/undo-email/{token}" => {
            people::real_path(app, route.path, moving).await
        }
        _ => people::reset_path(app, email).await,
    }
}
