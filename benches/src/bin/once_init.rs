//! An application that only starts: `init` of the embedded bundle on the database that the one argument names.

use std::process::ExitCode;

use elyos_runtime::{ELYOS, Init};

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_default();
    match Init::new(&ELYOS).database_url(url).admin_email("").run() {
        Ok(_report) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
