//! The commands about accounts that the documents list are those that `user --help` lists.

use std::collections::BTreeSet;

use super::{code, read};
use crate::fault_steps::Operator;

/// The part of a document from this heading to the next one.
fn section(document: &str, heading: &str) -> String {
    let text = read(document);
    let (_, after) = text.split_once(&format!("\n{heading}\n")).expect("the heading is there");
    after.split("\n#").next().unwrap_or_default().to_owned()
}

/// The words in backquotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[tokio::test]
async fn the_documents_list_every_command_about_accounts_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let help = Operator::bare(folder.path()).run(&["user", "--help"]).await.succeeded();
    let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.map_while(|line| line.split_whitespace().next());
    let names: BTreeSet<&str> = names.filter(|name| *name != "help").collect();
    assert!(names.contains("show") && names.contains("invite"), "{help}");

    let operations = section("docs/operations.md", "## Accounts");
    let rows = operations.lines().filter(|line| line.starts_with('|')).skip(2);
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    let tabled = cells.flat_map(quoted).filter(|name| !name.starts_with('-'));
    assert_eq!(tabled.collect::<BTreeSet<_>>(), names, "the table of docs/operations.md");

    let contract = section("docs/contract.md", "### user");
    let paragraph = contract.lines().find(|line| line.starts_with("`user ")).expect("a list");
    let lines = quoted(paragraph).filter_map(|line| line.split_whitespace().nth(1));
    assert_eq!(lines.collect::<BTreeSet<_>>(), names, "the list of docs/contract.md");

    let mentioned = code("docs/operations.md").into_iter().chain(code("docs/contract.md"));
    for line in mentioned {
        let after = line.trim_start_matches("latchkey ").strip_prefix("user ");
        let name = after.and_then(|after| after.split_whitespace().next());
        let Some(name) = name.filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        else {
            continue;
        };
        assert!(names.contains(name), "{line}: `user --help` lists no {name}");
    }
}
