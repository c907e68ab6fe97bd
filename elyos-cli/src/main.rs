//! The `elyos` command; all of it is in the library beside this file.

use std::process::ExitCode;

fn main() -> ExitCode {
    elyos_cli::main()
}
