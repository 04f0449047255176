//! Web addresses in a name: text that mail programs and messengers turn into a link. A
//! name goes into mails and pages, and must not lead anywhere (spam by sign-up forms).

use unicode_normalization::UnicodeNormalization;

use super::marks::is_mark;

/// Top-level domains that are reserved and no list of registries has (RFC 6761, 7686).
const RESERVED: [&str; 6] = ["test", "example", "invalid", "localhost", "local", "onion"];
/// Top-level domains beside those of countries that make a web address of a name which
/// stands alone. Others are words that people are called by or write: `mia.new`.
const COMMON: [&str; 17] = [
    "app", "biz", "click", "com", "dev", "edu", "gov", "info", "link", "net", "online", "org",
    "shop", "site", "store", "top", "xyz",
];
/// Longest abbreviation before a name that is written without a space: `St.Li`.
const MAX_ABBREVIATION: usize = 2;

/// Whether the text holds `scheme://`, `www.`, a host name with a path or port, a host
/// name under a top-level domain that exists, an IPv4 address, or an `@`.
///
/// `St.Patrick` and `J.R.R.Tolkien` end in no top-level domain. `J.Kim` and `Dr.No` do:
/// they pass because their parts are capitalised and short. `mia.new` passes where it is
/// all of the text, because sign-ups take the name from an address.
pub(crate) fn holds_link(text: &str) -> bool {
    let text: String = text.nfkc().map(ascii_dot).collect();
    if text.contains('@') || text.contains("://") {
        return true;
    }
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_host_char) {
        rest = rest.get(start..).unwrap_or_default();
        let end = rest.find(|c| !is_host_char(c)).unwrap_or(rest.len());
        let (host, behind) = rest.split_at(end);
        let host = host.trim_matches(['.', '-', '_']);
        if is_link(host, behind, host == text) {
            return true;
        }
        rest = behind;
    }
    false
}

fn is_link(host: &str, behind: &str, is_alone: bool) -> bool {
    let lower = host.to_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let Some((top, parts)) = labels.split_last() else { return false };
    if parts.is_empty() || labels.iter().any(|label| label.is_empty()) {
        return false;
    }
    if lower.starts_with("www.") || is_ipv4(&labels) {
        return true;
    }
    let is_word = top.chars().count() > 1 && !top.chars().all(|c| c.is_ascii_digit());
    let is_known = || {
        let top = lower.rsplit('.').next().unwrap_or_default();
        let is_listed = || psl::suffix(lower.as_bytes()).is_some_and(|suffix| suffix.is_known());
        let is_word = top.is_ascii() && top.len() > 2 && !top.starts_with("xn--");
        RESERVED.contains(&top)
            || COMMON.contains(&top)
            || is_listed() && !(is_alone && is_word && parts.len() == 1)
    };
    is_word && (leads_on(behind) || is_known() && !is_abbreviated(top, parts))
}

/// Whether a path, a port or a query follows.
fn leads_on(behind: &str) -> bool {
    let mut chars = behind.chars();
    let is_separator = matches!(chars.next(), Some('/' | '\\' | ':' | '?' | '#'));
    is_separator && chars.next().is_some_and(char::is_alphanumeric)
}

fn is_ipv4(labels: &[&str]) -> bool {
    labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok())
}

/// Whether short capitalised parts stand before a capitalised word.
fn is_abbreviated(top: &str, parts: &[&str]) -> bool {
    let is_capitalised = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is_short = |part: &&str| part.chars().count() <= MAX_ABBREVIATION && is_capitalised(part);
    parts.iter().all(is_short)
        && is_capitalised(top)
        && top.chars().skip(1).all(|c| !c.is_uppercase())
}

/// The dots that UTS #46 takes for one.
fn ascii_dot(c: char) -> char {
    if matches!(c, '\u{3002}' | '\u{ff0e}' | '\u{ff61}') { '.' } else { c }
}

fn is_host_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || is_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_and_initials_are_no_web_addresses() {
        for name in [
            "Dr. No",
            "Dr.No",
            "O.J.",
            "J.R.R. Tolkien",
            "J.R.R.Tolkien",
            "St.Patrick",
            "J.Kim",
            "M.Sc. Mia Li",
            "Ph.D.",
            "Mr. T",
            "Anna-Maria",
            "and/or",
            "Mia/Max",
            "Jr./Sr.",
            "Mia: Co",
            "3.16",
            "John 3:16",
            "Mia...",
            "...",
            "А.С.Пушкин",
            "モーニング娘。",
            "Who is St.Patrick?",
            "1.2.3",
            "Dipl.-Ing. Mia",
            "A. B.",
            "mia.new",
            "anna.green",
            "陳大文",
        ] {
            assert!(!holds_link(name), "{name}");
        }
    }

    #[test]
    fn what_is_made_a_link_of_is_seen() {
        for name in [
            "http://evil.test/x",
            "evil.test/x",
            "evil.test",
            "bit.ly/abc",
            "bit.ly",
            "see mia.new",
            "mia.new/x",
            "evil.xyz",
            "a.mia.new",
            "You won 500 EUR, collect at http://evil.test/x",
            "HTTPS://EVIL.EXAMPLE",
            "www.evil",
            "WWW.evil.test",
            "see evil.com.",
            "(evil.com)",
            "Evil.Com",
            "evil.co.uk",
            "evil.zzz/x",
            "evil.zzz:8080",
            "evil.zzz?x=1",
            "192.0.2.1",
            "192.0.2.1/x",
            "ftp://x",
            "xn--bcher-kva.com",
            "bücher.com",
            "пример.рф",
            "evil.xn--p1ai",
            "evil\u{ff0e}com",
            "evil\u{3002}com",
            "evil\u{2024}com",
            "ｅｖｉｌ.com",
            "t.co",
            "mia@example.org",
            "mia\u{ff20}example.org",
            "mia\u{fe6b}x",
            "@mia",
            "a.b.evil.de/x",
            "evil.com,",
            "Mia|evil.com",
            "x://y",
            "mia_m.github.io",
            "will.i.am",
        ] {
            assert!(holds_link(name), "{name}");
        }
    }
}
