//! `cargo xtask new`: writes a feature into a product, or a new product. Everything is checked and
//! put together before the first file is written. A product is there whole or not at all.

mod code;
mod feature;
mod field;
mod manifest;
mod name;
mod product;
mod template;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{self, Command, ExitCode},
};

use anyhow::{Context, Result};

pub use self::feature::{TAKEN_PATHS, TAKEN_TABLES};

/// What is to be written.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum What {
    /// Write the table, pages, texts and tests of a user's own rows into a product
    Feature(feature::Arguments),
    /// Write a product of its own, beside this repository
    Product(product::Arguments),
}

/// Writes it, and prints the names of the files.
pub(crate) fn run(what: &What) -> Result<ExitCode> {
    let root = workspace_root()?;
    let files = match what {
        What::Feature(arguments) => {
            let files = feature::files(&root, arguments)?;
            write(&files)?;
            files
        }
        What::Product(arguments) => {
            let (folder, files) = product::files(&root, arguments)?;
            write_whole(&folder, &files)?;
            eprintln!("next: cargo xtask dev --into {}", folder.display());
            files
        }
    };
    print(&mut io::stdout().lock(), &files);
    Ok(ExitCode::SUCCESS)
}

/// Prints the names. Everything is written by then: that the reader of the output has gone is no
/// failure.
fn print(output: &mut impl Write, files: &[(PathBuf, String)]) {
    for (path, _) in files {
        if writeln!(output, "{}", path.display()).is_err() {
            return;
        }
    }
}

fn write(files: &[(PathBuf, String)]) -> Result<()> {
    for (path, text) in files {
        let written = fs::create_dir_all(path.parent().unwrap_or(path));
        let written = written.and_then(|()| fs::write(path, text));
        written.with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Writes the files of a new folder, all or none: into a folder beside it, which gets the name at
/// the end.
fn write_whole(folder: &Path, files: &[(PathBuf, String)]) -> Result<()> {
    let name = folder.file_name().context("the folder has no name")?.to_string_lossy();
    let unfinished = folder.with_file_name(format!(".{name}.{}.unfinished", process::id()));
    let move_to = |(path, text): &(PathBuf, String)| {
        let path = path.strip_prefix(folder).context("a file lies outside of the folder")?;
        Ok((unfinished.join(path), text.clone()))
    };
    let written = files.iter().map(move_to).collect::<Result<Vec<_>>>();
    let written = written.and_then(|files| write(&files)).and_then(|()| {
        let named = fs::rename(&unfinished, folder);
        named.with_context(|| folder.display().to_string())
    });
    if written.is_err() {
        let _nothing_was_begun = fs::remove_dir_all(&unfinished);
    }
    written
}

fn workspace_root() -> Result<PathBuf> {
    let arguments = ["locate-project", "--workspace", "--message-format", "plain"];
    let located = Command::new("cargo").args(arguments).output().context("cargo does not run")?;
    let manifest = PathBuf::from(String::from_utf8(located.stdout)?.trim());
    Ok(manifest.parent().context("this is no folder of the workspace")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that has gone, as of `| head -1`.
    struct Gone;

    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn names_that_nothing_reads_are_no_failure() {
        let files = [(PathBuf::from("a"), String::new())];
        let mut read = Vec::new();

        print(&mut read, &files);
        print(&mut Gone, &files);

        assert_eq!(read, b"a\n");
    }

    #[test]
    fn a_folder_that_cannot_be_written_whole_is_not_written_at_all() {
        let parent = std::env::temp_dir().join(format!("xtask-new-{}", process::id()));
        fs::create_dir_all(&parent).unwrap();
        let folder = parent.join("acme");
        let file = |name: &str| (folder.join(name), name.to_owned());

        write_whole(&folder, &[file("a"), file("a/b")]).unwrap_err();
        assert_eq!(fs::read_dir(&parent).unwrap().count(), 0);

        write_whole(&folder, &[file("a"), file("b/c")]).unwrap();
        assert_eq!(fs::read_to_string(folder.join("b/c")).unwrap(), "b/c");
        assert_eq!(fs::read_dir(&parent).unwrap().count(), 1);
        fs::remove_dir_all(&parent).unwrap();
    }
}
