//! The command `alertbook`.

use std::process::ExitCode;

/// A build makes and frees millions of small texts on all processors at once; the system's
/// allocator spends a quarter of a build on that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    alertbook::cli::main()
}
