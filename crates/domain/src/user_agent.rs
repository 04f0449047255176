//! The browser and the operating system in a `User-Agent` header (RFC 9110 §10.1.5), by the names
//! that people know. Guards against text of the visitor in pages: only names from this file are
//! returned. The names prove nothing, because a browser can send any header.

/// The browsers: the text to search for in the header, and the name. The first match counts,
/// because most headers also contain the texts of browsers further down.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

/// The operating systems: the text to search for, and the name. The first match counts.
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
    ("FreeBSD", "FreeBSD"),
];

/// The device that a `User-Agent` header describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserAgent {
    /// The name of the browser, if it is known.
    pub browser: Option<&'static str>,
    /// The name of the operating system, if it is known.
    pub system: Option<&'static str>,
}

impl UserAgent {
    /// Reads a `User-Agent` header. Unknown text yields no names.
    pub fn parse(header: &str) -> Self {
        let first = |marks: &[(&str, &'static str)]| {
            marks.iter().find(|(mark, _)| header.contains(mark)).map(|(_, name)| *name)
        };
        // The old Android browser has the text of Safari and no name of its own.
        let is_nameless = header.contains("Android") && header.contains("Version/4.0");
        let browser = first(&BROWSERS).filter(|name| !(*name == "Safari" && is_nameless));
        Self { browser, system: first(&SYSTEMS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_told_by_their_names_and_systems() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let safari = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
        for (header, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
                    .to_owned(),
                "Firefox on Windows",
            ),
            (
                format!("Mozilla/5.0 (X11; Linux x86_64) {webkit} Chrome/142.0.0.0 Safari/537.36"),
                "Chrome on Linux",
            ),
            (
                format!(
                    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/142.0.0.0 \
                     Safari/537.36 Edg/142.0.0.0"
                ),
                "Edge on Windows",
            ),
            (
                format!(
                    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {safari} Version/18.6 \
                     Safari/605.1.15"
                ),
                "Safari on macOS",
            ),
            (
                format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {safari} \
                     CriOS/142.0.0.0 Mobile/15E148 Safari/604.1"
                ),
                "Chrome on iPhone",
            ),
            (
                "Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0".to_owned(),
                "Firefox on Android",
            ),
            (
                format!(
                    "Mozilla/5.0 (Linux; Android 10; K) {webkit} SamsungBrowser/28.0 \
                     Chrome/130.0.0.0 Mobile Safari/537.36"
                ),
                "Samsung Internet on Android",
            ),
            ("curl/8.14.1".to_owned(), "curl on -"),
            ("Mozilla/5.0 (X11; Linux x86_64) tests".to_owned(), "- on Linux"),
            (String::new(), "- on -"),
        ] {
            let UserAgent { browser, system } = UserAgent::parse(&header);
            let told = format!("{} on {}", browser.unwrap_or("-"), system.unwrap_or("-"));
            assert_eq!(told, expected, "{header}");
        }
    }

    /// OUT-02: text from the header is never repeated.
    #[test]
    fn whatever_a_header_says_only_known_names_are_told() {
        let long = "<b>".repeat(1_000);
        for header in ["<script>", "Mozilla/5.0 (<b>) Evil/1", "\u{202e}Firefox", &long] {
            let told = UserAgent::parse(header);
            assert_eq!((told.browser, told.system), (None, None), "{header}");
        }
    }
}
