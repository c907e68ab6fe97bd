//! An application that only starts: what the tests run many of at once, and kill.

use std::process::ExitCode;

fn main() -> ExitCode {
    match elyos_runtime::init() {
        Ok(report) => {
            println!("{}", serde_json::to_string(&report).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
