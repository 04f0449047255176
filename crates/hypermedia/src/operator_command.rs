//! How the operator's commands are called on this machine, for messages that name one:
//! by cargo where cargo started this process; by the script that hands over the
//! credentials where systemd did and the script is installed; else by the binary `xtask`,
//! with its path where it lies beside this program and the shell would not find it.

use std::{env, ffi::OsStr, path::Path};

const PROGRAM: &str = "xtask";
/// The script `docs/latchkey-xtask`.
const SCRIPT: &str = "latchkey-xtask";

/// The program that started this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    Cargo,
    Systemd,
    Other,
}

/// The command line with these arguments, such as `xtask migrate`.
pub fn operator_command(arguments: &str) -> String {
    let program = env::current_exe().ok();
    let folder = program.as_deref().and_then(Path::parent);
    let is_set = |name| env::var_os(name).is_some();
    let start = if is_set("CARGO") {
        Start::Cargo
    } else if is_set("INVOCATION_ID") {
        Start::Systemd
    } else {
        Start::Other
    };
    format!("{} {arguments}", call(start, folder, env::var_os("PATH").as_deref()))
}

fn call(start: Start, folder: Option<&Path>, path: Option<&OsStr>) -> String {
    let is_found = |program: &str| {
        path.is_some_and(|path| env::split_paths(path).any(|f| f.join(program).is_file()))
    };
    if start == Start::Cargo {
        return format!("cargo {PROGRAM}");
    }
    if start == Start::Systemd && is_found(SCRIPT) {
        return SCRIPT.to_owned();
    }
    let beside = folder.map(|folder| folder.join(PROGRAM)).filter(|file| file.is_file());
    match beside {
        Some(file) if !is_found(PROGRAM) => file.display().to_string(),
        _ => PROGRAM.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A message names a command that this machine has.
    #[test]
    fn the_command_is_the_one_that_works_here() {
        let folder = tempfile::tempdir().unwrap();
        let (here, elsewhere) = (folder.path(), OsStr::new("/nowhere"));

        assert_eq!(call(Start::Cargo, Some(here), Some(elsewhere)), "cargo xtask");
        assert_eq!(call(Start::Systemd, Some(here), Some(here.as_os_str())), "xtask");
        assert_eq!(call(Start::Other, Some(here), Some(elsewhere)), "xtask");
        assert_eq!(call(Start::Other, None, None), "xtask");
        fs::write(here.join("xtask"), "").unwrap();
        let file = here.join("xtask").display().to_string();
        assert_eq!(call(Start::Other, Some(here), Some(elsewhere)), file);
        assert_eq!(call(Start::Systemd, Some(here), Some(elsewhere)), file);
        assert_eq!(call(Start::Other, Some(here), Some(here.as_os_str())), "xtask");
        fs::write(here.join(SCRIPT), "").unwrap();
        assert_eq!(call(Start::Systemd, Some(here), Some(here.as_os_str())), SCRIPT);
        assert_eq!(call(Start::Other, Some(here), Some(here.as_os_str())), "xtask");
    }
}
