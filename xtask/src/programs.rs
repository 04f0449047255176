//! Finds the programs that commands run: cargo, the server, and those on the PATH.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus},
};

use anyhow::{Context, Result};

/// Returns the full path of a program on the PATH.
pub fn on_path(program: &str) -> Option<String> {
    let folders = env::var_os("PATH")?;
    let found =
        env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.map(|path| path.display().to_string())
}

/// Returns a command for cargo without the variables that the outer cargo set for this package.
/// Otherwise build scripts that read them would run again and rebuild half of the workspace.
pub fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Returns the path of the server's binary, which cargo puts beside this one.
pub fn server_binary() -> Result<PathBuf> {
    let own = env::current_exe().context("this program has no path")?;
    Ok(own.parent().unwrap_or(Path::new(".")).join("latchkey"))
}

/// Returns the root folder of this workspace.
pub fn workspace() -> &'static Path {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own)
}

/// Returns the exit code of a process; that of one that was killed is a failure.
pub fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}
