//! The binary: the server and the commands of its operator.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Threads that allocate much at once wait for one another in the system's allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    app::app().run()
}
