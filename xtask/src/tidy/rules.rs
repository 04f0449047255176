//! The rules that a file must follow by its text alone.

use super::{Source, Violation};

/// The most lines of a file, without its unit tests.
const MAX_LINES: usize = 300;
/// Files with a different limit, by the end of their path. The list of modules in
/// `tests/suite/main.rs` has no entry: each feature adds a line to it.
const SIZES: [(&str, usize); 3] =
    [("src/main.rs", 60), ("src/router.rs", 150), ("assets/app.js", 100)];

/// A word that is forbidden in the sources under `folder`, except in those under `home`.
struct Confined {
    word: &'static str,
    folder: &'static str,
    home: Option<&'static str>,
}

const CONFINED: [Confined; 8] = [
    Confined { word: "argon2::", folder: "crates/", home: Some("crates/auth/src/password/") },
    Confined { word: "webauthn_rs::", folder: "crates/", home: Some("crates/auth/src/passkeys/") },
    Confined { word: "lettre::", folder: "crates/", home: Some("crates/auth/src/mail/") },
    Confined { word: "maud::", folder: "crates/auth/", home: Some("crates/auth/src/mail/") },
    Confined {
        word: "PreEscaped",
        folder: "crates/",
        home: Some("crates/hypermedia/src/ui/icon.rs"),
    },
    Confined { word: "unsafe-", folder: "crates/", home: None },
    Confined { word: "hx-on", folder: "crates/", home: None },
    Confined { word: "js:", folder: "crates/", home: None },
];

/// Marks of unfinished work, split so that this file does not contain them.
const LEFT_OVERS: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("dbg", "!("), concat!("#[ig", "nore")];

/// Words that do not say which person is meant. A comment names the user, the visitor or the
/// caller.
const VAGUE: [&str; 4] = ["somebody", "nobody", "whoever", "whomever"];

/// Returns the violations in `source`.
pub(super) fn check(source: &Source) -> Vec<Violation> {
    let problems = if source.extension() == "rs" {
        let text = [introduction(source), size(source), left_overs(source), vague(source)];
        [text.concat(), confined(source), logged(source)].concat()
    } else {
        [size(source), left_overs(source)].concat()
    };
    let violation = |(line, what)| Violation::new(&source.path, line, what);
    problems.into_iter().map(violation).collect()
}

/// Returns the promises that the tests of a file name in their doc comments, with the lines.
pub(super) fn promises_of_tests(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let first = if source.path.starts_with("tests/") { 0 } else { length_without_tests(source) };
    let lines = source.text.lines().enumerate().skip(first);
    let comments = lines.filter(|(_, line)| line.trim_start().starts_with("///"));
    comments.flat_map(|(index, line)| promises(line).map(move |id| (index + 1, id)))
}

/// Returns the ids of promises in a text: three or four letters, a hyphen and two digits.
pub(super) fn promises(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| {
        word.split_once('-').is_some_and(|(area, number)| {
            let is_area =
                matches!(area.len(), 3 | 4) && area.bytes().all(|c| c.is_ascii_uppercase());
            is_area && number.len() == 2 && number.bytes().all(|c| c.is_ascii_digit())
        })
    })
}

fn introduction(source: &Source) -> Vec<(usize, String)> {
    if source.text.starts_with("//!") {
        return Vec::new();
    }
    vec![(1, "does not say what it promises: begin it with `//!`".to_owned())]
}

fn size(source: &Source) -> Vec<(usize, String)> {
    let own_limit = SIZES.iter().find(|(end, _)| source.path.ends_with(end));
    let own_limit = own_limit.map(|(_, limit)| *limit);
    let limit = own_limit.unwrap_or(MAX_LINES);
    let length = length_without_tests(source);
    if length <= limit || source.extension() == "css" {
        return Vec::new();
    }
    vec![(limit, format!("has {length} lines without tests: split it, {limit} are allowed"))]
}

fn left_overs(source: &Source) -> Vec<(usize, String)> {
    let lines = (1..).zip(source.text.lines());
    let marked = lines.filter_map(|(number, line)| {
        let mark = LEFT_OVERS.iter().find(|mark| line.contains(**mark))?;
        Some((number, format!("`{mark}` is left over: finish it or make it an issue")))
    });
    marked.collect()
}

fn vague(source: &Source) -> Vec<(usize, String)> {
    let lines = (1..).zip(source.text.lines());
    let comments = lines.filter(|(_, line)| line.trim_start().starts_with("//"));
    let found = comments.filter_map(|(number, line)| {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let word = words.find(|word| VAGUE.contains(&word.to_lowercase().as_str()))?;
        Some((number, format!("`{word}` leaves open who is meant: name the person")))
    });
    found.collect()
}

fn confined(source: &Source) -> Vec<(usize, String)> {
    let is_confined = |rule: &&Confined| {
        let is_home = rule.home.is_some_and(|home| source.path.starts_with(home));
        source.path.starts_with(rule.folder) && !is_home
    };
    let rules: Vec<&Confined> = CONFINED.iter().filter(is_confined).collect();
    let lines = (1..).zip(source.text.lines()).take(length_without_tests(source));
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with("//"));
    let found = code.filter_map(|(number, line)| {
        let rule = rules.iter().find(|rule| line.contains(rule.word))?;
        let fix = rule.home.map_or("do without".to_owned(), |home| format!("move it to {home}"));
        Some((number, format!("`{}` may not stand here: {fix}", rule.word)))
    });
    found.collect()
}

/// Finds fields of the log that are the `Debug` form of a value, which shows Rust to an operator.
fn logged(source: &Source) -> Vec<(usize, String)> {
    let is_of_server = source.path.starts_with("crates/") || source.path.starts_with("migrations/");
    let mut is_event = false;
    let lines = (1..).zip(source.text.lines()).take(length_without_tests(source));
    let found = lines.filter(|(_, line)| {
        let begins = line.contains("tracing::") && line.contains("!(");
        is_event |= begins;
        let is_debug = is_event && ["(?", " ?"].iter().any(|mark| line.contains(mark));
        let is_last = if begins { line.ends_with([';', ',']) } else { line.ends_with(");") };
        is_event &= !is_last;
        is_of_server && is_debug
    });
    let what = "a field of the log is logged with `?`: give it a plain form, and log it with `%`";
    found.map(|(number, _)| (number, what.to_owned())).collect()
}

/// Returns the number of lines before the unit tests, which end a file or are a file of their own.
pub(super) fn length_without_tests(source: &Source) -> usize {
    if source.path.ends_with("/tests.rs") {
        return 0;
    }
    let mut lines = source.text.lines();
    let tests = lines.position(|line| line.starts_with("#[cfg(test)]"));
    let is_module = lines.next().is_some_and(|line| line.starts_with("mod tests {"));
    tests.filter(|_| is_module).unwrap_or_else(|| source.text.lines().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    fn lines_of(path: &str, text: &str) -> Vec<usize> {
        check(&source(path, text)).into_iter().map(|violation| violation.line).collect()
    }

    const NONE: [usize; 0] = [];
    const UNIT_TESTS: &str = "\n#[cfg(test)]\nmod tests {\n";

    #[test]
    fn a_file_begins_with_its_promise() {
        assert_eq!(lines_of("crates/web/src/a.rs", "//! Promises.\n"), NONE);
        assert_eq!(lines_of("crates/web/src/a.rs", "mod b;\n"), [1]);
        assert_eq!(lines_of("assets/app.js", "let a;\n"), NONE);
    }

    #[test]
    fn sizes_are_counted_without_unit_tests() {
        let file = |lines: usize| format!("//! Promises.\n{}", "mod a;\n".repeat(lines - 1));

        assert_eq!(lines_of("a.rs", &file(300)), NONE);
        assert_eq!(lines_of("a.rs", &file(301)), [300]);
        assert_eq!(lines_of("a.rs", &(file(200) + UNIT_TESTS + &file(200))), NONE);
        assert_eq!(lines_of("crates/web/src/a/tests.rs", &file(301)), NONE);
        assert_eq!(lines_of("crates/web/src/main.rs", &file(61)), [60]);
        assert_eq!(lines_of("tests/suite/main.rs", &file(61)), NONE);
        assert_eq!(lines_of("crates/web/src/router.rs", &file(151)), [150]);
        assert_eq!(lines_of("assets/app.js", &"a;\n".repeat(101)), [100]);
        assert_eq!(lines_of("assets/app.css", &"a{}\n".repeat(900)), NONE);
    }

    #[test]
    fn marks_of_unfinished_work_are_found_everywhere() {
        for mark in LEFT_OVERS {
            assert_eq!(lines_of("tests/a.rs", &format!("//! Promises.\n{mark}")), [2], "{mark}");
        }
    }

    #[test]
    fn comments_say_who_is_meant() {
        for word in VAGUE {
            assert_eq!(lines_of("tests/a.rs", &format!("//! Promises.\n/// For {word}.")), [2]);
            let code = format!("//! Promises.\nfn of_{word}() {{}} // {word}_is: fine\n");
            assert_eq!(lines_of("tests/a.rs", &code), NONE, "{word}");
        }
    }

    #[test]
    fn words_stay_in_their_homes() {
        for (word, home, elsewhere) in [
            ("use argon2::Params;", "crates/auth/src/password/cost.rs", "crates/auth/src/a.rs"),
            ("lettre::Message", "crates/auth/src/mail/message.rs", "crates/web/src/a.rs"),
            ("use maud::html;", "crates/web/src/ui/nav.rs", "crates/auth/src/a.rs"),
            ("PreEscaped(ICON)", "crates/hypermedia/src/ui/icon.rs", "crates/web/src/a.rs"),
            ("\"'unsafe-inline'\"", "tests/src/headers.rs", "crates/web/src/a.rs"),
            ("form hx-on:click=\"\"", "tests/src/markup.rs", "crates/web/src/a.rs"),
            ("hx-vals=\"js:a\"", "tests/src/markup.rs", "crates/web/src/a.rs"),
        ] {
            let code = format!("//! Promises.\n{word}");
            assert_eq!(lines_of(home, &code), NONE, "{word}");
            assert_eq!(lines_of(elsewhere, &code), [2], "{word}");

            let tested = format!("//! Promises.\n// {word}{UNIT_TESTS}{word}");
            assert_eq!(lines_of(elsewhere, &tested), NONE, "{word}");
        }
    }

    #[test]
    fn no_field_of_the_log_is_the_debug_form_of_a_value() {
        for (code, lines) in [
            ("tracing::info!(?order, \"ordered\");", &[2][..]),
            ("tracing::info!(\n    %id,\n    error = ?error,\n    \"x\"\n);", &[4]),
            ("tracing::warn!(%error, ms = f()?, \"x\");\nlet a = [1].get(0)?;", &[]),
        ] {
            let code = format!("//! Promises.\n{code}\n");
            assert_eq!(lines_of("crates/web/src/a.rs", &code), lines, "{code}");
            assert_eq!(lines_of("tests/a.rs", &code), NONE, "{code}");
        }
    }

    #[test]
    fn promises_are_read_from_the_comments_of_tests() {
        let text = format!("//! ABC-01\n/// ABC-02{UNIT_TESTS}/// ABC-03, SHA-256, AB-04: X.\n");
        let found = |path| {
            promises_of_tests(&source(path, &text)).map(|(_, id)| id.to_owned()).collect::<Vec<_>>()
        };

        assert_eq!(found("crates/web/src/a.rs"), ["ABC-03"]);
        assert_eq!(found("tests/src/a.rs"), ["ABC-02", "ABC-03"]);
    }
}
