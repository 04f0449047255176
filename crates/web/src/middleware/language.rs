//! The language of every request, chosen once, before anything can refuse it: the one
//! that the visitor chose on a page, else what the browser asks for, else English.

use domain::Language;
use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{HeaderMap, header},
};

use crate::cookies::{self, Cookie};

/// Chooses the language; to be found as data of the request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LanguageLayer {
    is_secure: bool,
}

/// [`LanguageLayer`] around an endpoint.
pub(crate) struct LanguageEndpoint<E> {
    inner: E,
    layer: LanguageLayer,
}

impl LanguageLayer {
    /// `is_secure` says by which name the cookie goes.
    pub(crate) fn new(is_secure: bool) -> Self {
        Self { is_secure }
    }

    fn choose(self, headers: &HeaderMap) -> Language {
        let chosen = cookies::find(headers, Cookie::Language, self.is_secure);
        let chosen = chosen.and_then(|tag| tag.parse().ok());
        let accepted =
            || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::accepted);
        chosen.or_else(accepted).unwrap_or_default()
    }
}

impl<E: Endpoint<Output = Response>> Middleware<E> for LanguageLayer {
    type Output = LanguageEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        LanguageEndpoint { inner, layer: *self }
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for LanguageEndpoint<E> {
    type Output = Response;

    fn call(&self, mut request: Request) -> impl Future<Output = Result<Response>> {
        let language = self.layer.choose(request.headers());
        request.set_data(language);
        self.inner.call(request)
    }
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn chosen(headers: &[(&'static str, &'static str)], is_secure: bool) -> Language {
        let pairs = headers.iter();
        let pairs =
            pairs.map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        LanguageLayer::new(is_secure).choose(&pairs.collect())
    }

    #[test]
    fn what_was_chosen_on_a_page_comes_first() {
        let german = ("accept-language", "de-DE,de;q=0.9,en;q=0.8");
        for (headers, is_secure, expected) in [
            (vec![], false, Language::English),
            (vec![german], false, Language::German),
            (vec![("accept-language", "fr")], false, Language::English),
            (vec![german, ("cookie", "a=b; language=en")], false, Language::English),
            (vec![("cookie", "language=de")], false, Language::German),
            (vec![("cookie", "language=fr"), german], false, Language::German),
            (vec![("cookie", "language=en; language=en"), german], false, Language::German),
            (vec![("cookie", "__Host-language=de")], true, Language::German),
            (vec![("cookie", "language=de")], true, Language::English),
        ] {
            assert_eq!(chosen(&headers, is_secure), expected, "{headers:?} {is_secure}");
        }
    }
}
