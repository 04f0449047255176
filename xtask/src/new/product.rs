//! `cargo xtask new product`: a product of its own, in a folder beside this repository, whose crates
//! it names by their path.

use std::{
    fs,
    iter::repeat_n,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use domain::Brand;

use super::{manifest, name, template::fill};

/// Our crates that a product uses, with their folders.
const CRATES: [(&str, &str); 6] = [
    ("auth", "crates/auth"),
    ("domain", "crates/domain"),
    ("hypermedia", "crates/hypermedia"),
    ("store", "crates/store"),
    ("tests", "tests"),
    ("web", "crates/web"),
];
/// The other crates that a product and its features use, in the versions of this repository.
const OTHERS: [&str; 9] = [
    "async-trait",
    "maud",
    "mimalloc",
    "poem",
    "sea-orm",
    "sea-orm-migration",
    "serde",
    "serde_json",
    "tokio",
];
/// Folders of cargo, which refuses packages of these names.
const CARGO_FOLDERS: [&str; 4] = ["build", "deps", "examples", "incremental"];
/// Files that a product has as this repository has them.
const COPIED: [&str; 3] = ["Cargo.lock", "clippy.toml", "rustfmt.toml"];
const TEMPLATES: [(&str, &str); 11] = [
    ("Cargo.toml", include_str!("templates/product/Cargo.tmpl")),
    (".gitignore", include_str!("templates/product/gitignore.tmpl")),
    ("README.md", include_str!("templates/product/README.tmpl")),
    ("icon.svg", include_str!("templates/product/icon.tmpl")),
    ("src/brand.rs", include_str!("templates/product/brand.tmpl")),
    ("src/features/home.rs", include_str!("templates/product/home.tmpl")),
    ("src/features/mod.rs", include_str!("templates/product/features.tmpl")),
    ("src/lib.rs", include_str!("templates/product/lib.tmpl")),
    ("src/main.rs", include_str!("templates/product/main.tmpl")),
    ("src/texts.rs", include_str!("templates/product/texts.tmpl")),
    ("tests/home.rs", include_str!("templates/product/tests.tmpl")),
];

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The folder to write to: `../acme`
    path: PathBuf,
    /// The name as people read it: `Acme Notes`
    #[arg(long)]
    name: String,
    /// The name for machines, if it is not to be made of the name: `acme-notes`
    #[arg(long)]
    slug: Option<String>,
}

/// Returns the folder of the product and its files.
pub(super) fn files(
    root: &Path,
    arguments: &Arguments,
) -> Result<(PathBuf, Vec<(PathBuf, String)>)> {
    let root = root.canonicalize()?;
    let folder = new_folder(&root, &arguments.path)?;
    let lock = fs::read_to_string(root.join("Cargo.lock"))?;
    let slug = slug(&arguments.name, arguments.slug.as_deref(), &lock)?;
    let ours = fs::read_to_string(root.join("Cargo.toml"))?;
    let values = [
        ("name", arguments.name.replace('\\', r"\\").replace('"', "\\\"")),
        ("slug", slug.clone()),
        ("crate", slug.replace('-', "_")),
        ("initial", initial(&arguments.name)),
        ("mark", manifest::MARK.to_owned()),
        ("checkout", relative(&folder, &root).display().to_string()),
        ("dependencies", dependencies(&ours, &relative(&folder, &root))?),
        ("settings", settings(&ours)?),
    ];
    let mut files = Vec::new();
    for (file, template) in TEMPLATES {
        let path = folder.join(file);
        let text = fill(&path, template, &values, &root)?;
        files.push((path, text));
    }
    for file in COPIED {
        files.push((folder.join(file), fs::read_to_string(root.join(file))?));
    }
    Ok((folder, files))
}

/// Returns the whole path of a folder that is missing or empty and is not in this repository.
fn new_folder(root: &Path, path: &Path) -> Result<PathBuf> {
    let name = path.file_name().context("the path has no name at its end")?;
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let parent = parent.unwrap_or(Path::new(".")).canonicalize();
    let parent =
        parent.with_context(|| format!("the folder above {} cannot be read", path.display()))?;
    let folder = parent.join(name);
    ensure!(is_free(&folder), "{} is there already, and is no empty folder", folder.display());
    let is_outside = !folder.starts_with(root);
    ensure!(is_outside, "{} is in this repository: name one beside it", folder.display());
    Ok(folder)
}

/// Returns whether the folder is missing or empty.
fn is_free(folder: &Path) -> bool {
    fs::read_dir(folder).map_or(!folder.exists(), |mut entries| entries.next().is_none())
}

/// Returns the given slug, or derives one from the name: `acme-notes` for `Acme Notes`. Refuses one
/// that is taken or reserved.
fn slug(name: &str, given: Option<&str>, lock: &str) -> Result<String> {
    let has_others = name.chars().any(|c| c.is_alphabetic() && !c.is_ascii());
    ensure!(
        given.is_some() || !has_others,
        "{name:?} has letters that a slug cannot have: choose one with --slug"
    );
    let lower =
        given.unwrap_or(name).to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let words = lower.split('-').filter(|word| !word.is_empty());
    let slug = words.collect::<Vec<_>>().join("-");
    if let Some(given) = given {
        ensure!(given == slug, "{given:?} is not a valid slug; use {slug:?}");
    }
    // A brand is made of constants, and this process ends soon.
    let (leaked, name): (&str, &str) = (slug.clone().leak(), name.to_owned().leak());
    let brand = Brand { name, slug: leaked, ..Brand::EXAMPLE };
    brand
        .check()
        .with_context(|| format!("{name:?} makes the slug {slug:?}; choose one with --slug"))?;
    let is_taken = lock.lines().any(|line| line == format!("name = \"{slug}\""))
        || name::is_reserved(&slug)
        || CARGO_FOLDERS.contains(&slug.as_str())
        || slug == "latchkey";
    ensure!(
        !is_taken,
        "{slug} cannot be the name of a crate, because it is taken or reserved: choose another with --slug"
    );
    Ok(slug)
}

fn initial(name: &str) -> String {
    name.chars().find(char::is_ascii_alphanumeric).unwrap_or('A').to_ascii_uppercase().to_string()
}

/// Returns the way from one folder to another.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = repeat_n(Component::ParentDir, from.len() - common);
    up.chain(to.into_iter().skip(common)).collect()
}

fn dependencies(ours: &str, checkout: &Path) -> Result<String> {
    let mut lines = Vec::new();
    for (name, folder) in CRATES {
        lines.push(format!("{name} = {{ path = \"{}\" }}", checkout.join(folder).display()));
    }
    for name in OTHERS {
        let line = ours.lines().find(|line| line.starts_with(&format!("{name} = ")));
        lines.push(line.with_context(|| format!("Cargo.toml names no {name}"))?.to_owned());
    }
    lines.sort();
    Ok(lines.join("\n"))
}

/// Returns the lints and the profiles, which end our manifest.
fn settings(ours: &str) -> Result<String> {
    let start = ours.find("[workspace.lints.rust]").context("Cargo.toml has no lints")?;
    Ok(ours.get(start..).unwrap_or_default().trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_the_name() {
        let lock = "name = \"url\"\n";
        let slug = |name| slug(name, None, lock).map_err(|error| format!("{error:#}"));

        assert_eq!(slug("Acme Notes").unwrap(), "acme-notes");
        assert_eq!(slug(" A.B  C! ").unwrap(), "a-b-c");
        for wrong in ["", "2 Days", "a name that is far too long", "a\nb"] {
            assert!(slug(wrong).unwrap_err().contains("makes the slug"), "{wrong}");
        }
        assert!(slug("Ärzte").unwrap_err().contains("--slug"));
        assert_eq!(super::slug("Ärzte", Some("aerzte"), lock).unwrap(), "aerzte");
        let changed = super::slug("Acme", Some("Acme_Notes"), lock).unwrap_err();
        assert!(changed.to_string().contains("use \"acme-notes\""), "{changed}");
        for taken in ["Url", "Latchkey", "Std", "Type", "Build"] {
            assert!(slug(taken).unwrap_err().contains("taken or reserved"), "{taken}");
        }
    }

    #[test]
    fn a_product_goes_into_a_new_or_an_empty_folder() {
        let folder = std::env::temp_dir().join(format!("xtask-free-{}", std::process::id()));
        assert!(is_free(&folder));

        fs::create_dir(&folder).unwrap();
        assert!(is_free(&folder));
        let file = folder.join("a");
        fs::write(&file, "").unwrap();

        assert!(!is_free(&folder) && !is_free(&file));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_path_leads_from_one_folder_to_another() {
        let way = |from, to| relative(Path::new(from), Path::new(to)).display().to_string();

        assert_eq!(way("/a/acme", "/a/latchkey"), "../latchkey");
        assert_eq!(way("/a/b/c", "/a"), "../..");
    }
}
