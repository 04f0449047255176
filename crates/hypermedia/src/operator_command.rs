//! How the operator's commands of this program are called on this machine, for messages that name
//! one: by cargo with the package that cargo started, or by `cargo xtask`; by the script that hands over the credentials
//! where systemd did and the script is installed; else by the program itself, with its path where
//! the shell would not find it.

use std::{env, ffi::OsStr, path::Path};

/// What the name of the script adds to the slug, as in `acmectl` (docs/latchkeyctl).
const SCRIPT_SUFFIX: &str = "ctl";

/// The program that started this process.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Start {
    /// Cargo, which runs this package.
    Cargo(Option<String>),
    Systemd,
    Other,
}

/// The command line of the product `slug` with these arguments, such as `acme migrate`.
pub fn operator_command(slug: &str, arguments: &str) -> String {
    let program = env::current_exe().ok();
    let is_set = |name| env::var_os(name).is_some();
    let start = if is_set("CARGO") {
        Start::Cargo(env::var("CARGO_PKG_NAME").ok())
    } else if is_set("INVOCATION_ID") {
        Start::Systemd
    } else {
        Start::Other
    };
    let path = env::var_os("PATH");
    format!("{} {arguments}", call(&start, slug, program.as_deref(), path.as_deref()))
}

fn call(start: &Start, slug: &str, program: Option<&Path>, path: Option<&OsStr>) -> String {
    let is_found = |program: &str| {
        path.is_some_and(|path| env::split_paths(path).any(|f| f.join(program).is_file()))
    };
    if let Start::Cargo(package) = start {
        return match package.as_deref() {
            Some("xtask") => "cargo xtask".to_owned(),
            Some(package) => format!("cargo run --package {package} --"),
            None => "cargo run --".to_owned(),
        };
    }
    let script = format!("{slug}{SCRIPT_SUFFIX}");
    if *start == Start::Systemd && is_found(&script) {
        return script;
    }
    let name = program.and_then(Path::file_name).and_then(OsStr::to_str).unwrap_or(slug);
    match program {
        Some(program) if !is_found(name) => program.display().to_string(),
        _ => name.to_owned(),
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
        let (here, elsewhere) = (Some(folder.path().as_os_str()), Some(OsStr::new("/nowhere")));
        let file = folder.path().join("notes");
        fs::write(&file, "").unwrap();
        let (program, whole) = (Some(&*file), file.display().to_string());

        for (package, expected) in [
            (None, "cargo run --"),
            (Some("notes"), "cargo run --package notes --"),
            (Some("xtask"), "cargo xtask"),
        ] {
            let start = Start::Cargo(package.map(ToOwned::to_owned));
            assert_eq!(call(&start, "acme", program, elsewhere), expected);
        }
        assert_eq!(call(&Start::Systemd, "acme", program, here), "notes");
        assert_eq!(call(&Start::Other, "acme", program, here), "notes");
        assert_eq!(call(&Start::Other, "acme", None, None), "acme");
        assert_eq!(call(&Start::Other, "acme", program, elsewhere), whole);
        assert_eq!(call(&Start::Systemd, "acme", program, elsewhere), whole);
        fs::write(folder.path().join("acmectl"), "").unwrap();
        assert_eq!(call(&Start::Systemd, "acme", program, here), "acmectl");
        assert_eq!(call(&Start::Other, "acme", program, here), "notes");
    }
}
