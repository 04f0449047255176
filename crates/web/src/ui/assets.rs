//! The addresses of the assets.

/// A file under `/assets/`.
pub(crate) struct Asset(&'static str);

impl Asset {
    /// Where it is served.
    pub(crate) const fn url(&self) -> &'static str {
        self.0
    }
}

/// The style sheet.
pub(crate) static APP_CSS: Asset = Asset("/assets/app.css");
/// The script.
pub(crate) static APP_JS: Asset = Asset("/assets/app.js");
/// The library.
pub(crate) static HTMX_JS: Asset = Asset("/assets/htmx.js");
/// The sprite.
pub(crate) static ICONS: Asset = Asset("/assets/icons.svg");
/// The icon of the site.
pub(crate) static FAVICON: Asset = Asset("/assets/favicon.svg");
