//! The `elyos` command, and the private PostgreSQL that it and the tests start.
//!
//! What the user wrote (`arguments`) names a command (`commands`, one file each), which works on a project's
//! bundle (`project`) in a folder (`folder`), on a database (`database`) and on a demonstration's files (`uploads`), and tells
//! what happens (`output`); how it ended becomes the exit code (`failure`).

// What is told goes through `output`, which survives a closed pipe.
#![warn(clippy::print_stdout, clippy::print_stderr)]

mod arguments;
pub mod cluster;
mod commands;
mod database;
mod failure;
mod folder;
pub mod inspect;
mod large;
mod output;
#[doc(hidden)]
pub mod project;
mod uploads;

pub use failure::Error;

use std::process::ExitCode;

use clap::Parser as _;

/// Runs the command with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are errors of clap's too, and end well.
            let code = if error.use_stderr() { failure::USAGE } else { 0 };
            if error.use_stderr() && std::env::args_os().any(|argument| arguments::is_url(&argument)) {
                // It would repeat what stands in a wrong place, and a URL may hold a password.
                output::Output::new(false).note(&format!("error: {}\n  = help: `elyos --help` says what is taken", error.kind()));
            } else {
                // A closed pipe is no reason to fail a second time.
                drop(error.print());
            }
            return ExitCode::from(code);
        }
    };
    let output = output::Output::new(arguments.json);
    match commands::run(&arguments, &output) {
        // What was to be done is done; who asked for the result, as for a file of `elyos sql`, has not got it.
        Ok(0) if !output.is_whole() => ExitCode::from(failure::FILES),
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output.failure(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
