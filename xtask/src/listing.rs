//! The output of commands that print lists.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write, stdout},
};

/// Prints one a line. A reader that has seen enough, such as `head`, is no error.
pub(crate) fn print(lines: impl IntoIterator<Item = impl Display>) -> io::Result<()> {
    let mut stdout = stdout().lock();
    let printed = lines.into_iter().try_for_each(|line| writeln!(stdout, "{line}"));
    match printed.and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        printed => printed,
    }
}
