//! What the documents say is true: the example of a new page applies to the tree, and
//! the tests that the threat model names as proofs are there and say what they prove.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn the_example_of_a_new_page_applies_to_the_tree() {
    let text = fs::read_to_string(root().join("docs/adding-a-page.md")).unwrap();
    let (_, rest) = text.split_once("```diff\n").unwrap();
    let (diff, _) = rest.split_once("\n```").unwrap();

    let mut git = Command::new("git")
        .args(["apply", "--check", "-"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    git.stdin.take().unwrap().write_all(format!("{diff}\n").as_bytes()).unwrap();

    assert!(git.wait().unwrap().success());
}

#[test]
fn every_proof_in_the_threat_model_is_a_test_that_names_the_promise() {
    let model = fs::read_to_string(root().join("docs/threat-model.md")).unwrap();
    let rows = model.lines().filter(|line| line.starts_with("| ") && line.ends_with(" |"));
    let mut proofs = 0;
    let mut missing = Vec::new();
    for row in rows {
        let id = row.trim_start_matches("| ").split(" | ").next().unwrap_or_default();
        let proof = row.trim_end_matches(" |").rsplit(" | ").next().unwrap_or_default();
        for proof in proof.split("<br>").filter(|proof| proof.starts_with('`')) {
            proofs += 1;
            if !proves(proof, id) {
                missing.push(format!("{id}: {proof}"));
            }
        }
    }
    assert!(proofs > 150, "{proofs}");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether `name` in backticks, with its file in parentheses, is a function that runs
/// as a test and whose doc comment has this id.
fn proves(proof: &str, id: &str) -> bool {
    let Some((name, file)) = proof.split_once(" (") else { return false };
    let (name, file) = (name.trim_matches('`'), file.trim_end_matches(')'));
    let text = fs::read_to_string(root().join(file)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
    let called = format!("fn {name}(");
    let above = lines.iter().rev().skip_while(|line| !line.contains(&called)).skip(1);
    let above = above.take_while(|line| line.starts_with("#[") || line.starts_with("///"));
    let (attributes, doc): (Vec<&str>, Vec<&str>) = above.partition(|line| line.starts_with("#["));
    let is_test =
        attributes.iter().any(|line| *line == "#[test]" || line.starts_with("#[tokio::test"));
    is_test && doc.iter().any(|line| line.contains(id))
}
