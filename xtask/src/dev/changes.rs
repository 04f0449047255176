//! Watches the sources of the server.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher,
    event::{AccessKind, AccessMode},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

/// The file that is watched in the root itself, besides pictures.
const MANIFEST: &str = "Cargo.toml";
/// Editors write several files at once, and git many. A build begins after this time without any.
const QUIET: Duration = Duration::from_millis(200);

/// The changes of the sources, from the call of `watch` on.
pub(super) struct Changes {
    root: PathBuf,
    changed: UnboundedReceiver<PathBuf>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Begins to watch these folders and, without those below it, the root.
    pub(super) fn watch(root: &Path, folders: &[PathBuf]) -> Result<Self> {
        let (sender, changed) = unbounded_channel();
        let manifest = root.join(MANIFEST);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            let Ok(event) = event else { return };
            if is_change(event.kind) {
                let paths = event.paths.into_iter();
                for path in paths.filter(|path| is_source(path, &manifest)) {
                    let _the_command_ends = sender.send(path);
                }
            }
        })
        .context("changes cannot be watched")?;
        let recursive = folders.iter().map(|folder| (&**folder, RecursiveMode::Recursive));
        for (folder, mode) in recursive.chain([(root, RecursiveMode::NonRecursive)]) {
            let begun = watcher.watch(folder, mode);
            begun.with_context(|| format!("{} cannot be watched", folder.display()))?;
        }
        Ok(Self { root: root.to_owned(), changed, _watcher: watcher })
    }

    /// Waits for changes until they pause. Returns the path of the first.
    pub(super) async fn next(&mut self) -> Result<String> {
        let first = self.changed.recv().await.context("changes are no longer watched")?;
        while let Ok(Some(_)) = timeout(QUIET, self.changed.recv()).await {}
        Ok(first.strip_prefix(&self.root).unwrap_or(&first).display().to_string())
    }
}

/// Whether a file may have another content afterwards. Cargo's reading is none of these.
fn is_change(kind: EventKind) -> bool {
    match kind {
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_) => true,
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        EventKind::Any | EventKind::Other => false,
    }
}

/// Whether the path is one of a source. Editors have files beside them, whose names begin with a
/// dot or end with a tilde, and Vim tries whether it may write with a file `4913`.
fn is_source(path: &Path, manifest: &Path) -> bool {
    let folder = manifest.parent();
    if path.parent() == folder {
        return path == manifest || path.extension().is_some_and(|extension| extension == "svg");
    }
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    !name.is_empty()
        && !name.starts_with(['.', '#'])
        && !name.ends_with('~')
        && path.extension().is_none_or(|extension| extension != "tmp")
        && name != "4913"
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    #[test]
    fn files_of_editors_are_no_sources() {
        let manifest = Path::new("/w/Cargo.toml");
        for (path, expected) in [
            ("/w/Cargo.toml", true),
            ("/w/README.md", false),
            ("/w/icon.svg", true),
            ("/w/crates/web/src/app.rs", true),
            ("/w/assets/app.css", true),
            ("/w/crates/web/src/.app.rs.swp", false),
            ("/w/crates/web/src/app.rs~", false),
            ("/w/crates/web/src/#app.rs#", false),
            ("/w/crates/web/src/4913", false),
        ] {
            assert_eq!(is_source(Path::new(path), manifest), expected, "{path}");
        }
    }

    #[tokio::test]
    async fn a_change_is_told_once_and_reading_is_none() {
        let root = std::env::temp_dir().join(format!("xtask-changes-{}", std::process::id()));
        let folder = root.join("assets");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("app.css");
        fs::write(&file, "a").unwrap();
        let mut changes = Changes::watch(&root, &[folder]).unwrap();

        fs::read(&file).unwrap();
        fs::write(root.join("README.md"), "a").unwrap();
        assert!(timeout(QUIET * 2, changes.next()).await.is_err());

        fs::write(&file, "b").unwrap();
        fs::write(&file, "c").unwrap();
        let first = timeout(LIMIT, changes.next()).await.unwrap().unwrap();

        assert_eq!(first, "assets/app.css");
        assert!(timeout(QUIET * 2, changes.next()).await.is_err());
        fs::remove_dir_all(&root).unwrap();
    }
}
