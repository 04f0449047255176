//! The excerpts of the guide for products are parts of the example that it explains, so they compile
//! and pass tests.

use std::fs;

use super::{read, root};

/// The guide whose excerpts are from an example, and that example.
const GUIDE: &str = "docs/your-product.md";
const EXAMPLE: &[&str] =
    &["examples/notes/src", "examples/notes/src/notes", "examples/notes/tests"];

/// An excerpt is whole lines of one file, in their order. Only the indentation may differ.
#[test]
fn every_excerpt_of_the_guide_is_in_the_example() {
    let files = EXAMPLE.iter().flat_map(|folder| fs::read_dir(root().join(folder)).unwrap());
    let files = files.map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let sources: Vec<_> = files.map(|path| trimmed(&fs::read_to_string(path).unwrap())).collect();
    let guide = read(GUIDE);
    let blocks = guide.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<_> = blocks.map(trimmed).collect();
    assert!(sources.len() > 8 && blocks.len() > 25, "{} {}", sources.len(), blocks.len());

    let is_found = |block: &str| sources.iter().any(|source| source.contains(block));
    let missing: Vec<_> = blocks.iter().filter(|block| !is_found(block)).collect();

    assert!(missing.is_empty(), "{missing:#?}");
    assert!(!is_found("\nfn main() -> ExitCode {\nlatchkey::app().run()\n"), "a control");
}

/// The lines without indentation, each between line breaks; empty ones are left out.
fn trimmed(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::from("\n"), |text, line| text + line + "\n")
}
