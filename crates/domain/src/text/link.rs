//! Finds web addresses in a name: text that mail programs and messengers turn into a link.
//!
//! Guards against spam by sign-up forms: a name appears in mails and pages, so it must not contain
//! a link. The check is a heuristic. It prefers real names over rare forms of web addresses.

use unicode_normalization::UnicodeNormalization;

use super::marks::is_mark;

/// Reserved top-level domains, which are not in the public suffix list (RFC 6761, RFC 7686).
const RESERVED: [&str; 6] = ["test", "example", "invalid", "localhost", "local", "onion"];
/// Generic top-level domains that make a web address even of a text without anything else. Other
/// generic top-level domains are also ordinary words, as in `mia.new`.
const COMMON: [&str; 17] = [
    "app", "biz", "click", "com", "dev", "edu", "gov", "info", "link", "net", "online", "org",
    "shop", "site", "store", "top", "xyz",
];
/// Longest abbreviation before a name without a space between, in characters: `St.Li`.
const MAX_ABBREVIATION: usize = 2;

/// Returns whether the text has `scheme://`, `www.`, a host name with a path, port or query, a
/// host name under an existing top-level domain, an IPv4 address, or an `@`.
///
/// `St.Patrick` and `J.R.R.Tolkien` end in no top-level domain. `J.Kim` and `Dr.No` do, but pass
/// because their parts are capitalised and short. `mia.new` passes if it is the whole text,
/// because a sign-up takes the name from the address.
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

/// Returns whether a path, a port, a query or a fragment follows.
fn leads_on(behind: &str) -> bool {
    let mut chars = behind.chars();
    let is_separator = matches!(chars.next(), Some('/' | '\\' | ':' | '?' | '#'));
    is_separator && chars.next().is_some_and(char::is_alphanumeric)
}

fn is_ipv4(labels: &[&str]) -> bool {
    labels.len() == 4 && labels.iter().all(|label| label.parse::<u8>().is_ok())
}

/// Returns whether `top` is a capitalised word, and all `parts` before it are short and
/// capitalised.
fn is_abbreviated(top: &str, parts: &[&str]) -> bool {
    let is_capitalised = |word: &str| word.chars().next().is_some_and(char::is_uppercase);
    let is_short = |part: &&str| part.chars().count() <= MAX_ABBREVIATION && is_capitalised(part);
    parts.iter().all(is_short)
        && is_capitalised(top)
        && top.chars().skip(1).all(|c| !c.is_uppercase())
}

/// Converts the characters that UTS #46 treats as dots to the ASCII dot.
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
