//! The site that a mail comes from: its address and its brand.
//!
//! Links begin with the public URL of the configuration, never with what a request calls this
//! server (host header injection).

use domain::Brand;
use url::Url;

/// The site that mails come from, and that their links lead to.
#[derive(Clone, Debug)]
pub struct MailSite {
    public_url: Url,
    brand: &'static Brand,
}

impl MailSite {
    /// The site at `public_url`, with its brand.
    pub const fn new(public_url: Url, brand: &'static Brand) -> Self {
        Self { public_url, brand }
    }

    /// The brand.
    pub const fn brand(&self) -> &'static Brand {
        self.brand
    }

    /// Whether the text is a URL of this site.
    pub(crate) fn is_own_link(&self, text: &str) -> bool {
        Url::parse(text).is_ok_and(|url| url.origin() == self.public_url.origin())
    }

    /// Host and port.
    pub(super) fn host(&self) -> String {
        let host = self.public_url.host_str().unwrap_or_default();
        let port = self.public_url.port().map(|port| format!(":{port}")).unwrap_or_default();
        format!("{host}{port}")
    }

    /// The page below the public URL at these segments of a path.
    pub fn link(&self, segments: &[&str]) -> Url {
        let mut url = self.public_url.clone();
        url.set_query(None);
        url.set_fragment(None);
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_the_path_and_drop_the_rest_of_the_public_url() {
        for (base, expected) in [
            ("http://localhost:8080", "http://localhost:8080/signup"),
            ("https://app.test/", "https://app.test/signup"),
            ("https://app.test/accounts", "https://app.test/accounts/signup"),
            ("https://app.test/accounts/", "https://app.test/accounts/signup"),
            ("https://app.test/?a#b", "https://app.test/signup"),
        ] {
            let site = MailSite::new(base.parse().unwrap(), &Brand::EXAMPLE);
            assert_eq!(site.link(&["signup"]).as_str(), expected);
        }
    }
}
