//! What the documents say is true: commands and settings are there, the image is made of
//! what is there, and the tests that the threat model names as proofs say what they prove. That
//! the commands of adding-a-page.md do what it says is shown by `cargo xtask example`.

mod excerpts;
mod links;
mod user_commands;
mod ways_in;

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tests::{Backend, TestApp};

use crate::fault_steps::Operator;

/// Where commands and settings are named.
const DOCUMENTS: &[&str] = &[
    ".ci/run",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "docs/Containerfile",
    "docs/adding-a-page.md",
    "docs/compose.yaml",
    "docs/contract.md",
    "docs/latchkey.service",
    "docs/operations.md",
    "docs/upgrading.md",
    "docs/ways-in.md",
    "docs/your-product.md",
];
/// A settings key of no section, and one that stands for all others.
const PLACEHOLDER: &str = "section.key";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// What is code in a document: spans and blocks of Markdown, all of anything else.
fn code(document: &str) -> Vec<String> {
    let text = read(document);
    if Path::new(document).extension().is_none_or(|extension| extension != "md") {
        return text.lines().map(ToOwned::to_owned).collect();
    }
    let mut is_block = false;
    let mut code = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            is_block = !is_block;
        } else if is_block {
            code.push(line.to_owned());
        } else {
            code.extend(line.split('`').skip(1).step_by(2).map(ToOwned::to_owned));
        }
    }
    code
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"))
}

/// An operator who types a command as it is printed has it.
#[tokio::test]
async fn every_command_that_the_documents_name_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let xtask = Operator::bare(folder.path());
    let is_name = |c: char| c.is_ascii_lowercase() || c == '-';
    let mut named = BTreeSet::new();
    for line in DOCUMENTS.iter().flat_map(|document| code(document)) {
        let line = line.replace("COPY xtask", "");
        for (program, start) in [("xtask", "xtask "), ("latchkey", "cargo run -- ")] {
            for after in line.split(start).skip(1) {
                let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                named.insert((program, after[..end].to_owned()));
            }
        }
        // A line that is this command: elsewhere the name is that of the product, too.
        for start in ["latchkey ", "latchkeyctl "] {
            if let Some(after) = line.trim_start_matches(['#', ' ']).strip_prefix(start) {
                let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
                named.insert(("latchkey", after[..end].to_owned()));
            }
        }
    }
    named.retain(|(_, name)| name.len() > 1 && !name.starts_with('-'));
    assert!(named.len() > 12, "{named:?}");

    for (program, name) in named {
        let arguments = [name.as_str(), "--help"];
        let help = match program {
            "xtask" => xtask.run_xtask(&arguments).await,
            _ => xtask.run(&arguments).await,
        };
        assert_eq!(help.code, Some(0), "{program} {name}: {}", help.stderr);
    }
    xtask.run(&["no-command", "--help"]).await.misused();
}

/// Variables of the environment lead to settings; those of the compose file are taken.
#[tokio::test]
async fn every_setting_that_the_documents_name_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Operator::bare(folder.path()).run(&["config"]).await.succeeded();
    let keys: Vec<_> = keys.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
    let mut named = 0;
    for document in DOCUMENTS {
        let text = read(document);
        for after in text.split("LATCHKEY__").skip(1) {
            let end = after.find(|c| !is_name(c)).unwrap_or(after.len());
            let key = after[..end].replace("__", ".").to_lowercase();
            let key = key.strip_suffix("_file").unwrap_or(&key);
            assert!(
                keys.contains(&key) || key == PLACEHOLDER,
                "{document}: {key} is not a setting"
            );
            named += 1;
        }
    }
    assert!(named > 20, "{named}");

    let mut xtask = Operator::bare(folder.path());
    for line in code("docs/compose.yaml") {
        if let Some((name, value)) = line.trim().split_once(": ")
            && name.starts_with("LATCHKEY")
            && !name.ends_with("_FILE")
        {
            xtask = xtask.with(name, value.trim_matches('"'));
        }
    }
    let shown = xtask.run(&["config"]).await.succeeded();
    assert!(shown.contains("LATCHKEY__MAIL__TRUSTED_NETWORK"), "{shown}");
}

/// As it is printed, on both databases.
#[tokio::test]
async fn the_sql_of_the_documents_is_understood() {
    let text = read("docs/operations.md");
    let blocks = text.split("```sql\n").skip(1).filter_map(|rest| rest.split("```").next());
    let statements = blocks.flat_map(|block| block.split(';'));
    let statements: Vec<_> = statements.map(str::trim).filter(|sql| !sql.is_empty()).collect();
    assert!(statements.len() > 8, "{statements:?}");
    for backend in Backend::available() {
        let app = TestApp::on(backend, |_| {}).await;
        for sql in statements.iter().filter(|sql| !["BEGIN", "COMMIT"].contains(sql)) {
            app.database.execute(sql).await;
        }
    }
}

/// The image is built of every member of the workspace, and nothing that is copied into it
/// is ignored.
#[test]
fn what_the_image_is_built_of_is_there() {
    let (file, ignored) = (read("docs/Containerfile"), read(".dockerignore"));
    let copied = file.lines().filter_map(|line| line.strip_prefix("COPY "));
    let copied = copied.filter(|line| !line.starts_with("--from"));
    let copied: BTreeSet<_> = copied
        .flat_map(|line| {
            let names: Vec<_> = line.split_whitespace().collect();
            names[..names.len() - 1].to_vec()
        })
        .collect();
    assert!(ignored.lines().any(|line| line == "*"));
    let taken: BTreeSet<_> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert_eq!(copied, taken);
    for name in &copied {
        assert!(root().join(name).exists(), "{name}");
    }
    let manifest = read("Cargo.toml");
    let (_, members) = manifest.split_once("members = [").unwrap();
    let (members, _) = members.split_once(']').unwrap();
    for member in members.split('"').skip(1).step_by(2) {
        let folder = member.split('/').next().unwrap_or_default();
        assert!(copied.contains(folder), "{member} is not copied");
    }
}

/// The script for systemd hands over what the unit has; systemd itself is played by a
/// program that takes note of its arguments.
#[test]
fn the_script_for_systemd_runs_the_commands_as_the_unit_runs_the_server() {
    let unit = read("docs/latchkey.service");
    let script = root().join("docs/latchkeyctl");
    let folder = tempfile::tempdir().unwrap();
    let fake = folder.path().join("systemd-run");
    fs::write(&fake, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n").unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());

    let run = Command::new(&script)
        .args(["user", "show", "ada lovelace@example.test"])
        .env("PATH", path)
        .stdin(Stdio::null())
        .output()
        .unwrap();

    assert!(run.status.success(), "{run:?}");
    let printed = String::from_utf8(run.stdout).unwrap();
    let arguments: Vec<_> = printed.trim_end_matches('\0').split('\0').collect();
    assert_eq!(
        arguments[arguments.len() - 4..],
        ["latchkey", "user", "show", "ada lovelace@example.test"]
    );
    let inner = arguments[arguments.len() - 5];
    let mut credentials = 0;
    for line in unit.lines() {
        let handed_over = match line.split_once('=') {
            Some(("User", user)) => format!("--uid={user}"),
            Some(("Group", group)) => format!("--gid={group}"),
            Some(("WorkingDirectory", folder)) => format!("--working-directory={folder}"),
            Some(("LoadCredential" | "StateDirectory" | "StateDirectoryMode" | "UMask", _)) => {
                format!("--property={line}")
            }
            Some(("Environment", set)) => match set.split_once("=%d/") {
                Some((name, file)) => {
                    credentials += 1;
                    let set = format!("export {name}=\"$CREDENTIALS_DIRECTORY/{file}\"");
                    assert!(inner.contains(&set), "{set} is not in {inner}");
                    continue;
                }
                None => format!("--setenv={set}"),
            },
            _ => continue,
        };
        assert!(arguments.contains(&handed_over.as_str()), "{handed_over}: {arguments:?}");
    }
    assert!(credentials >= 2);
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

/// Whether `name` in backticks, with its file in parentheses, is a function that runs as a test and
/// has this id in its doc comment.
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
