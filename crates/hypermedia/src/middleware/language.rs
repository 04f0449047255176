//! The language of every request: the one that the visitor chose on a page, else what
//! the browser asks for, else English.

use domain::Language;
use poem::http::{HeaderMap, header};

use crate::cookies::{self, Cookie};

/// Chooses the language. `is_secure` says by which name the cookie goes.
pub(super) fn choose(headers: &HeaderMap, is_secure: bool) -> Language {
    let chosen = cookies::find(headers, Cookie::Language, is_secure);
    let chosen = chosen.and_then(|tag| tag.parse().ok());
    let accepted =
        || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(Language::accepted);
    chosen.or_else(accepted).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn chosen(headers: &[(&'static str, &'static str)], is_secure: bool) -> Language {
        let pairs = headers.iter();
        let pairs =
            pairs.map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        choose(&pairs.collect(), is_secure)
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
