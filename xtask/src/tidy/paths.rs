//! Finds the paths in a Rust source that lead to the same crate, in `use` declarations and in code,
//! and expands braces. Ignores comments and string literals.

/// A path such as `crate::a::B`, and whether a `pub use` re-exports it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NamedPath {
    /// The segments, including a leading `crate`, `super` or `self`.
    pub(super) segments: Vec<String>,
    /// Whether the path is part of a re-export.
    pub(super) is_reexport: bool,
}

/// Returns every path in `code` that begins with `crate`, `super` or `self`. In re-exports, paths
/// that begin with one of `children` count too.
pub(super) fn named(code: &str, children: &[&str]) -> Vec<NamedPath> {
    let code = without_comments_and_texts(code);
    let mut found = Vec::new();
    let mut rest = code.as_str();
    let mut is_reexport = false;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric() || c == '_') {
        let tail = rest.get(start..).unwrap_or_default();
        let word =
            tail.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
        let before = rest.get(..start).unwrap_or_default();
        if before.contains(';') {
            is_reexport = false;
        }
        rest = tail.get(word.len()..).unwrap_or_default();
        if word == "pub" {
            is_reexport = starts_with_use(rest);
        }
        let is_path =
            matches!(word, "crate" | "super" | "self") || (is_reexport && children.contains(&word));
        if is_path && rest.starts_with("::") && !before.ends_with("::") {
            let length = tree_length(tail);
            let tree = tail.get(..length).unwrap_or_default();
            let paths = expand(tree).into_iter();
            found.extend(paths.map(|segments| NamedPath { segments, is_reexport }));
            rest = tail.get(length..).unwrap_or_default();
        }
    }
    found
}

/// Whether the text after `pub` is a `use` declaration, such as `use` or `(crate) use`.
fn starts_with_use(after: &str) -> bool {
    let after = after.trim_start();
    let after = match after.strip_prefix('(') {
        Some(scope) => scope.split_once(')').map_or("", |(_, after)| after),
        None => after,
    };
    after.trim_start().starts_with("use ")
}

/// Returns the length in bytes of the path at the beginning of `text`, including its braces.
fn tree_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (index, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return index + usize::from(depth == 1),
            '}' => depth -= 1,
            _ if depth > 0 || c.is_alphanumeric() || matches!(c, '_' | ':') => {}
            _ => return index,
        }
    }
    text.len()
}

/// Expands a tree such as `crate::{a::{B, C}, d}` to its paths.
fn expand(tree: &str) -> Vec<Vec<String>> {
    let Some((head, group)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        return vec![segments(name)];
    };
    let group = group.strip_suffix('}').unwrap_or(group);
    let prefix = segments(head);
    let inner = split_at_commas(group).into_iter().flat_map(|part| expand(part.trim()));
    inner.map(|path| [prefix.clone(), path].concat()).collect()
}

fn segments(path: &str) -> Vec<String> {
    let segments = path.split("::").map(str::trim).filter(|segment| !segment.is_empty());
    segments.map(str::to_owned).collect()
}

fn split_at_commas(group: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_usize, 0);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(group.get(start..index));
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.extend(group.get(start..).filter(|part| !part.trim().is_empty()));
    parts
}

fn without_comments_and_texts(code: &str) -> String {
    let lines = code.lines().map(|line| {
        let mut kept = String::new();
        let mut is_text = false;
        let mut chars = line.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\\' if is_text => drop(chars.next()),
                '"' => is_text = !is_text,
                '/' if !is_text && chars.peek() == Some(&'/') => break,
                _ if is_text => {}
                _ => kept.push(c),
            }
        }
        kept
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str) -> Vec<String> {
        named(code, &["child"]).into_iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn trees_are_taken_apart() {
        let code = "use crate::{a::{B, c::D as E}, f};\nuse std::fmt;\nuse super::g;\n";
        assert_eq!(paths(code), ["crate::a::B", "crate::a::c::D", "crate::f", "super::g"]);
    }

    #[test]
    fn paths_in_code_count_and_those_in_comments_and_texts_do_not() {
        let code = "// crate::a\nfn b() { crate::c::d(\"crate::e\"); self.f(); }\n";
        assert_eq!(paths(code), ["crate::c::d"]);
    }

    #[test]
    fn re_exports_are_marked() {
        let found =
            named("pub(crate) use child::A;\nuse child::B;\npub use self::c::D;\n", &["child"]);
        let marked: Vec<_> =
            found.iter().map(|it| (it.segments.join("::"), it.is_reexport)).collect();
        assert_eq!(marked, [("child::A".to_owned(), true), ("self::c::D".to_owned(), true)]);
    }
}
