//! An application that only starts: what the tests run many of at once, and kill. It embeds `ElyOS`; where `BUNDLE` names a folder, it is
//! an application with that bundle.

use std::env;
use std::path::Path;
use std::process::ExitCode;

use elyos_runtime::{Error, Init, Report};

fn main() -> ExitCode {
    let result = match env::var_os("BUNDLE") {
        None => elyos_runtime::init(),
        Some(folder) => match elyos_cli::project::load(Path::new(&folder)) {
            Ok(bundle) => start(&bundle),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        },
    };
    match result {
        Ok(report) => {
            println!("{}", serde_json::to_string(&report).unwrap_or_default());
            eprintln!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn start(bundle: &elyos_runtime::Bundle) -> Result<Report, Error> {
    Init::new(bundle).run()
}
