//! `cargo xtask new feature`: the table, pages, texts, export and tests of a user's own rows.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use super::{
    code,
    field::Fields,
    manifest,
    name::Name,
    template::{fill, formatted},
};

/// The dependencies of what is written.
const DEPENDENCIES: [&str; 12] = [
    "async-trait",
    "auth",
    "domain",
    "hypermedia",
    "maud",
    "poem",
    "sea-orm",
    "sea-orm-migration",
    "serde",
    "serde_json",
    "store",
    "web",
];
const DEV_DEPENDENCIES: [&str; 2] = ["tests", "tokio"];
/// The tables of the accounts, and names of the generated tests. A test compares them with the
/// tables.
pub const TAKEN_TABLES: &[&str] = &[
    "address_proofs",
    "authentication_apps",
    "email_changes",
    "held_forms",
    "home",
    "invitations",
    "notice_links",
    "outbox",
    "passkeys",
    "pending_log_ins",
    "readiness",
    "recovery_codes",
    "remembered_browsers",
    "seaql_migrations",
    "security_events",
    "sessions",
    "spent_ceremonies",
    "suite",
    "throttles",
    "tokens",
    "users",
];
/// How the paths of the accounts begin, and those that the kit serves. A test compares them with
/// the routes.
pub const TAKEN_PATHS: &[&str] = &[
    ".well-known",
    "account-deletion",
    "admin",
    "assets",
    "confirm-address",
    "confirm-email",
    "dev",
    "factor-reset",
    "favicon.ico",
    "forgot-password",
    "invitation",
    "keep-factors",
    "language",
    "livez",
    "login",
    "logout",
    "mailbox",
    "metrics",
    "new-account",
    "not-me",
    "profile",
    "readyz",
    "reset-password",
    "robots.txt",
    "session",
    "settings",
    "signup",
    "static",
    "sudo",
    "undo-email",
];
/// The files of the feature, by the name of their module.
const MODULES: [(&str, &str); 7] = [
    ("mod", include_str!("templates/feature/mod.tmpl")),
    ("form", include_str!("templates/feature/form.tmpl")),
    ("view", include_str!("templates/feature/view.tmpl")),
    ("texts", include_str!("templates/feature/texts.tmpl")),
    ("repository", include_str!("templates/feature/repository.tmpl")),
    ("migration", include_str!("templates/feature/migration.tmpl")),
    ("personal_data", include_str!("templates/feature/personal_data.tmpl")),
];
const TESTS: &str = include_str!("templates/feature/tests.tmpl");

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The name of the feature and of its table, in the plural: `notes`
    name: String,
    /// The fields with their kinds, line, lines, number, date, url or flag: `title:line`
    #[arg(required = true)]
    fields: Vec<String>,
    /// The folder of the product, instead of `crates/app`
    #[arg(long, value_name = "PATH")]
    into: Option<PathBuf>,
    /// Change files that have changes which are not committed
    #[arg(long)]
    allow_dirty: bool,
}

/// Returns the files of the feature and the changed ones of the product.
pub(super) fn files(root: &Path, arguments: &Arguments) -> Result<Vec<(PathBuf, String)>> {
    let name = Name::parse(&arguments.name)?;
    ensure_free(&name)?;
    let fields = Fields::parse(&arguments.fields)?;
    let product = arguments.into.clone().unwrap_or_else(|| root.join("crates/app"));
    let sources = product.join("src/features");
    let tests = product.join(format!("tests/{name}.rs"));
    let folder = sources.join(name.as_str());
    for there in [&folder, &sources.join(format!("{name}.rs")), &tests] {
        ensure!(!there.exists(), "{} is there already", there.display());
    }
    let mut files = changed(&product, &name)?;
    if !arguments.allow_dirty {
        ensure_committed(&product, files.iter().map(|(path, _)| path))?;
    }
    let mut values = vec![
        ("name", name.to_string()),
        ("title", name.title()),
        ("path", format!("/{}", name.in_address())),
        ("form_id", format!("{}-form", name.in_address())),
        ("crate", crate_name(&product)?),
    ];
    values.extend(code::values(&fields));
    for (module, template) in MODULES {
        let path = folder.join(format!("{module}.rs"));
        let text = fill(&path, template, &values, &product)?;
        files.push((path, text));
    }
    let text = fill(&tests, TESTS, &values, &product)?;
    files.push((tests, text));
    Ok(files)
}

fn ensure_free(name: &Name) -> Result<()> {
    let address = name.in_address();
    let is_taken = TAKEN_PATHS.contains(&&*address);
    ensure!(!is_taken, "/{address} is an address of the accounts: choose another name");
    let is_taken = TAKEN_TABLES.contains(&name.as_str());
    ensure!(!is_taken, "{name} is a name of the accounts or of the product: choose another one");
    Ok(())
}

/// Returns the files of the product that name its features, with this one.
fn changed(product: &Path, name: &Name) -> Result<Vec<(PathBuf, String)>> {
    let read = |file: &str| {
        let path = product.join(file);
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read: is it a product?", path.display()))?;
        Ok::<_, anyhow::Error>((path, text))
    };
    let (lib, text) = read("src/lib.rs")?;
    let line = format!(".with(features::{name}::add)");
    let text = manifest::above_mark(&lib.to_string_lossy(), &text, &line)?;
    let lib = (lib, formatted(&text, product)?);
    let (list, text) = read("src/features/mod.rs")?;
    let line = format!("pub(crate) mod {name};");
    let text = manifest::above_mark(&list.to_string_lossy(), &text, &line)?;
    let list = (list, formatted(&text, product)?);
    let (cargo, text) = read("Cargo.toml")?;
    let text = manifest::depending(&text, "dependencies", &DEPENDENCIES);
    let text = manifest::depending(&text, "dev-dependencies", &DEV_DEPENDENCIES);
    Ok(vec![lib, list, (cargo, text)])
}

fn crate_name(product: &Path) -> Result<String> {
    let text = fs::read_to_string(product.join("Cargo.toml"))?;
    Ok(manifest::package_name(&text)?.replace('-', "_"))
}

/// Fails if git knows of changes in these files that are not committed. Without git, or outside of
/// a repository, there is nothing to ask.
fn ensure_committed<'a>(product: &Path, files: impl Iterator<Item = &'a PathBuf>) -> Result<()> {
    let mut git = Command::new("git");
    let names = files.filter_map(|path| path.strip_prefix(product).ok());
    git.args(["status", "--porcelain", "--"]).args(names).current_dir(product);
    let Ok(status) = git.output() else { return Ok(()) };
    let changes = String::from_utf8_lossy(&status.stdout);
    if status.status.success() && !changes.trim().is_empty() {
        bail!("these files are not committed; commit them first, or add --allow-dirty:\n{changes}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, into: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let fields = vec!["title:line".to_owned()];
        let into = Some(root.join(into));
        let arguments = Arguments { name: name.to_owned(), fields, into, allow_dirty: true };
        files(&root, &arguments).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_name_that_is_taken_is_refused() {
        for name in ["settings", "login", "admin", "language", "assets"] {
            assert!(told(name, "crates/app").contains("an address of the accounts"), "{name}");
        }
        for name in ["users", "tokens", "home"] {
            assert!(told(name, "crates/app").contains("a name of the accounts"), "{name}");
        }
        assert!(told("no-name", "crates/app").contains("is no name"));
    }

    #[test]
    fn a_product_without_the_marks_is_refused() {
        assert!(told("lists", "examples/notes").contains("needs this line once"));
        assert!(told("lists", "docs").contains("is it a product?"));
    }
}
