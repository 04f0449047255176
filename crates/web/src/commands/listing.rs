//! The output of commands that print lists.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write, stdout},
};

/// Prints one item per line. A reader that closes the pipe early, such as `head`, causes no error.
pub(super) fn print(lines: impl IntoIterator<Item = impl Display>) -> io::Result<()> {
    let mut stdout = stdout().lock();
    let printed = lines.into_iter().try_for_each(|line| writeln!(stdout, "{line}"));
    match printed.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
