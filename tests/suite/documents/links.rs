//! The links between the documents. Links to other sites are not followed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::root;

/// Links within the repository lead to a file and, after `#`, to a heading of it.
#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut followed = 0;
    let mut broken = Vec::new();
    for document in documents() {
        let prose = prose(&fs::read_to_string(&document).unwrap());
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for target in targets.filter(|target| !target.contains(':')) {
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() { document.clone() } else { beside(&document, file) };
            followed += 1;
            if !path.exists() || (!heading.is_empty() && !has_heading(&path, heading)) {
                broken.push(format!("{}: {target}", document.display()));
            }
        }
    }
    assert!(followed > 100, "{followed}");
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(!has_heading(&root().join("README.md"), "no-such-heading"), "a control");
}

/// Every Markdown file of the repository that is not a test's.
fn documents() -> Vec<PathBuf> {
    let mut folders = vec![root(), root().join("docs"), root().join("docs/decisions")];
    for parent in ["crates", "examples"] {
        let members = fs::read_dir(root().join(parent)).unwrap();
        folders.extend(members.map(|member| member.unwrap().path()));
    }
    let files = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let files = files.map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

fn beside(document: &Path, file: &str) -> PathBuf {
    document.parent().unwrap().join(file)
}

/// The document without blocks of code.
fn prose(text: &str) -> String {
    text.split("```").step_by(2).collect()
}

/// Whether a heading has this name in links: in lower case, with hyphens for spaces and without
/// punctuation.
fn has_heading(path: &Path, name: &str) -> bool {
    let text = prose(&fs::read_to_string(path).unwrap_or_default());
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| line.trim_start_matches('#').trim()).any(|heading| {
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.collect::<String>().to_lowercase().replace(' ', "-") == name
    })
}
