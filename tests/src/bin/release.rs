//! The first or the second release of an application, which only starts: what the tests run many of at once, and disturb.
//!
//! `release 1|2 [MILLISECONDS]`: how long it waits for another that is starting.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use elyos_runtime::{Bundle, Init};

static FIRST: Bundle = elyos_runtime::bundle!("bundles/shop_1");
static SECOND: Bundle = elyos_runtime::bundle!("bundles/shop_2");

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let bundle = if arguments.next().as_deref() == Some("1") { &FIRST } else { &SECOND };
    let patience = arguments.next().and_then(|text| text.parse().ok()).map_or(Duration::from_mins(1), Duration::from_millis);
    match Init::new(bundle).connect_timeout(Duration::from_secs(20)).lock_timeout(patience).run() {
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
