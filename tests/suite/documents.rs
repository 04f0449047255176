//! What the documents say is true: the example of a new page applies to the tree.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

#[test]
fn the_example_of_a_new_page_applies_to_the_tree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let text = fs::read_to_string(root.join("docs/adding-a-page.md")).unwrap();
    let (_, rest) = text.split_once("```diff\n").unwrap();
    let (diff, _) = rest.split_once("\n```").unwrap();

    let mut git = Command::new("git")
        .args(["apply", "--check", "-"])
        .current_dir(root)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    git.stdin.take().unwrap().write_all(format!("{diff}\n").as_bytes()).unwrap();

    assert!(git.wait().unwrap().success());
}
