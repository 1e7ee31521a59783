//! The command `alertbook`.

use std::process::ExitCode;

fn main() -> ExitCode {
    alertbook::cli::main()
}
