//! Small changes of files that are there: lines above a mark, and dependencies of a package.

use anyhow::{Context, Result, ensure};

/// Above it a feature adds its line, once in `src/lib.rs` and once in `src/features/mod.rs`.
pub(super) const MARK: &str = "// `cargo xtask new feature` adds a line above this one.";

/// Returns the text of `file` with `line` above the mark.
pub(super) fn above_mark(file: &str, text: &str, line: &str) -> Result<String> {
    let marks = text.lines().filter(|line| line.trim() == MARK).count();
    ensure!(marks == 1, "{file} needs this line once, and has it {marks} times: {MARK}");
    let lines = text.lines().flat_map(|old| {
        let new = (old.trim() == MARK).then_some(line);
        new.into_iter().chain([old])
    });
    Ok(lines.collect::<Vec<_>>().join("\n") + "\n")
}

/// Returns the manifest with these dependencies of the workspace in `[section]`.
pub(super) fn depending(manifest: &str, section: &str, names: &[&str]) -> String {
    let header = format!("[{section}]");
    let mut lines: Vec<&str> = manifest.lines().collect();
    let start = lines.iter().position(|line| line.trim() == header).map_or_else(
        || {
            lines.extend(["", header.as_str()]);
            lines.len()
        },
        |at| at + 1,
    );
    let length = lines.iter().skip(start).take_while(|line| is_entry(line)).count();
    let mut entries: Vec<String> = lines.drain(start..start + length).map(str::to_owned).collect();
    let before = entries.len();
    for name in names {
        if !entries.iter().any(|entry| key(entry) == *name) {
            entries.push(format!("{name}.workspace = true"));
        }
    }
    // A table over several lines stays as it is.
    if entries.iter().all(|entry| entry.contains('=')) && entries.len() > before {
        entries.sort_by(|one, other| key(one).cmp(key(other)));
    }
    let end = lines.split_off(start);
    let all = lines.into_iter().map(str::to_owned).chain(entries);
    all.chain(end.into_iter().map(str::to_owned)).collect::<Vec<_>>().join("\n") + "\n"
}

/// Returns the name that an entry is about.
fn key(entry: &str) -> &str {
    entry.split(['.', '=', ' ']).next().unwrap_or_default()
}

fn is_entry(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('[')
}

/// Returns the name of the package.
pub(super) fn package_name(manifest: &str) -> Result<String> {
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = \""));
    let name = name.and_then(|rest| rest.split('"').next());
    Ok(name.context("the manifest has no name")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_added_above_the_mark_and_keeps_the_order_of_several() {
        let text = format!("fn a() {{\n    {MARK}\n}}\n");
        let one = above_mark("lib.rs", &text, "one").unwrap();
        let two = above_mark("lib.rs", &one, "two").unwrap();
        assert_eq!(two, format!("fn a() {{\none\ntwo\n    {MARK}\n}}\n"));

        for wrong in [String::new(), format!("{MARK}\n{MARK}\n")] {
            let told = above_mark("lib.rs", &wrong, "one").unwrap_err().to_string();
            assert!(told.starts_with("lib.rs needs this line once"), "{told}");
        }
    }

    #[test]
    fn missing_dependencies_are_added_in_their_order() {
        let manifest =
            "[package]\nname = \"app\"\n\n[dependencies]\nmaud.workspace = true\n\n[x]\n";
        let expected = "[package]\nname = \"app\"\n\n[dependencies]\nauth.workspace = true\n\
                        maud.workspace = true\n\n[x]\n\n[dev-dependencies]\ntests.workspace = true\n";

        let with = depending(manifest, "dependencies", &["maud", "auth"]);
        let with = depending(&with, "dev-dependencies", &["tests"]);

        assert_eq!(with, expected);
        assert_eq!(depending(&with, "dependencies", &["auth"]), expected);
        assert_eq!(package_name(&with).unwrap(), "app");
    }
}
