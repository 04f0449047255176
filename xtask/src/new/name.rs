//! The names of features and fields. They become names of modules, tables and columns.

use std::fmt;

use anyhow::{Result, ensure};

/// The longest name. PostgreSQL cuts off what is derived from a longer one.
const MAX_LENGTH: usize = 40;
/// The words that Rust keeps for itself.
const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "raw",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
/// The crates that come with Rust.
const CRATES: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// A name in snake case: `shopping_lists`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

impl Name {
    /// Checks the form of the name.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        ensure!(
            text.len() <= MAX_LENGTH && text.split('_').all(is_word),
            "{text:?} is no name: it needs words of a to z and 0 to 9 with `_` between them, each \
             with a letter first, and {MAX_LENGTH} characters at most"
        );
        ensure!(!is_reserved(text), "{text:?} is a word of Rust: choose another name");
        Ok(Self(text.to_owned()))
    }

    /// Returns the name as it was given.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name for people: `Shopping lists`.
    pub(super) fn title(&self) -> String {
        capitalized(&self.0.replace('_', " "))
    }

    /// Returns the name of a type: `ShoppingLists`.
    pub(super) fn type_name(&self) -> String {
        self.0.split('_').map(capitalized).collect()
    }

    /// Returns the name in an address: `shopping-lists`.
    pub(super) fn in_address(&self) -> String {
        self.0.replace('_', "-")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the text cannot be the name of a module or a crate.
pub(super) fn is_reserved(text: &str) -> bool {
    KEYWORDS.contains(&text) || CRATES.contains(&text)
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_of_rust_that_is_free() {
        for name in ["notes", "a", "shopping_lists", "line2"] {
            assert_eq!(Name::parse(name).unwrap().as_str(), name);
        }
        let long = "a".repeat(41);
        for name in ["", "_a", "a_", "a__b", "Notes", "2nd", "a_2", "a-b", "ä", "../a", &long] {
            let told = Name::parse(name).unwrap_err().to_string();
            assert!(told.contains("is no name"), "{told}");
        }
        for name in ["fn", "type", "self", "async", "union", "core"] {
            let told = Name::parse(name).unwrap_err().to_string();
            assert!(told.contains("a word of Rust"), "{told}");
        }
    }

    #[test]
    fn a_name_has_a_form_for_each_place() {
        let name = Name::parse("shopping_lists").unwrap();

        assert_eq!(name.title(), "Shopping lists");
        assert_eq!(name.type_name(), "ShoppingLists");
        assert_eq!(name.in_address(), "shopping-lists");
    }
}
