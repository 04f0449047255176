//! The language of every request: the one that the visitor chose on a page, else what
//! the browser asks for, else the first of the product.

use domain::Language;
use poem::http::{HeaderMap, header};

use crate::cookies::{self, Cookie, CookieNames};

/// Chooses one of `languages`, the first by default. `names` says by which name the cookie goes.
pub(super) fn choose(headers: &HeaderMap, names: CookieNames, languages: &[Language]) -> Language {
    let chosen = cookies::find(headers, Cookie::Language, names);
    let is_offered = |language: &Language| languages.contains(language);
    let chosen = chosen.and_then(|tag| tag.parse().ok()).filter(is_offered);
    let accepted =
        || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::accepted);
    let first = || languages.first().copied().unwrap_or_default();
    chosen.or_else(accepted).filter(is_offered).unwrap_or_else(first)
}

#[cfg(test)]
mod tests {
    use domain::Brand;
    use poem::http::HeaderValue;

    use super::*;

    fn chosen(headers: &[(&'static str, &'static str)], is_secure: bool) -> Language {
        let pairs = headers.iter();
        let pairs =
            pairs.map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        let names = CookieNames::new(&Brand::EXAMPLE, is_secure);
        choose(&pairs.collect(), names, &Language::ALL)
    }

    #[test]
    fn what_was_chosen_on_a_page_comes_first() {
        let german = ("accept-language", "de-DE,de;q=0.9,en;q=0.8");
        for (headers, is_secure, expected) in [
            (vec![], false, Language::English),
            (vec![german], false, Language::German),
            (vec![("accept-language", "fr")], false, Language::English),
            (vec![german, ("cookie", "a=b; example-language=en")], false, Language::English),
            (vec![("cookie", "example-language=de")], false, Language::German),
            (vec![("cookie", "example-language=fr"), german], false, Language::German),
            (
                vec![("cookie", "example-language=en; example-language=en"), german],
                false,
                Language::German,
            ),
            (vec![("cookie", "__Host-example-language=de")], true, Language::German),
            (vec![("cookie", "example-language=de")], true, Language::English),
        ] {
            assert_eq!(chosen(&headers, is_secure), expected, "{headers:?} {is_secure}");
        }
    }

    #[test]
    fn only_languages_of_the_product_are_chosen() {
        let names = CookieNames::new(&Brand::EXAMPLE, false);
        let header = |name: &'static str, value| {
            [(header::HeaderName::from_static(name), HeaderValue::from_static(value))]
        };
        for headers in [header("accept-language", "de"), header("cookie", "example-language=de")] {
            let chosen = choose(&headers.into_iter().collect(), names, &[Language::English]);
            assert_eq!(chosen, Language::English);
        }
    }
}
