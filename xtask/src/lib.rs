//! The commands of developers. One file or folder per command; the server knows nothing of this
//! crate. The commands of operators are those of the server's binary, which they are forwarded to.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands print their results")]

pub mod cli;
mod dev;
mod example;
mod forward;
pub mod mail_catcher;
mod mailpit;
pub mod new;
pub mod postgres;
pub mod programs;
mod test;
pub mod tidy;
