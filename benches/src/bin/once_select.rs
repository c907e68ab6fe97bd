//! The least that a program can do with a database: connect to the one that the argument names, and `select 1`.

use std::process::ExitCode;

use postgres::{Config, NoTls};

fn main() -> ExitCode {
    let url = std::env::args().nth(1).unwrap_or_default();
    let run = || -> Result<(), postgres::Error> {
        let mut client = url.parse::<Config>()?.application_name("elyos").connect(NoTls)?;
        client.simple_query("select 1")?;
        client.close()
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
