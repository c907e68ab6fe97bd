//! What a package says below `[package.metadata.elyos]`, and what is said where that is wrong: a package of its own, as a user has it.

use std::path::Path;

use elyos_tests::package::Package;

const PROGRAM: &str = r#"//! A diary.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "days")]
struct DayRepository;

pub mod procedures {
    elyos_runtime::procedures!("schema.sql");
}

fn main() {}
"#;

/// What the compiler says to a package with that line in its metadata.
fn said(line: &str) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is inside the target folder");
    let package = Package::new("diary", &format!("[package.metadata.elyos]\n{line}\n"), target);
    package.write("src/main.rs", PROGRAM);
    package.write("schema.sql", "CREATE TABLE days (day date PRIMARY KEY);\n");
    let said = package.cargo("check").expect_err("this must not compile");
    let start = said.find("error: ").unwrap_or_else(|| panic!("no error in {said}"));
    let end = said.find("error: could not compile").unwrap_or(said.len());
    said[start..end].trim_end().to_owned()
}

/// The message, once for the derive and once for the functions.
fn twice(message: &str) -> String {
    let indented = message.replace('\n', "\n       ");
    format!(
        "error: {indented}\n --> src/main.rs:5:10\n  |\n5 | #[derive(Repository)]\n  |          ^^^^^^^^^^\n  |\n  \
         = note: this error originates in the derive macro `Repository` (in Nightly builds, run with -Z macro-backtrace for more info)\n\n\
         error: {indented}\n  --> src/main.rs:10:5\n   |\n10 |     elyos_runtime::procedures!(\"schema.sql\");\n   |     \
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n   |\n   \
         = note: this error originates in the macro `elyos_runtime::procedures` (in Nightly builds, run with -Z macro-backtrace for more info)"
    )
}

#[test]
fn dates_and_times_are_those_of_a_crate_that_there_is() {
    assert_eq!(
        said("datetime = \"tme\""),
        twice("`datetime` in [package.metadata.elyos] of Cargo.toml is `chrono`, `jiff` or `time`, and not `tme`; did you mean `time`?")
    );
}

#[test]
fn dates_and_times_of_another_crate_are_a_feature() {
    for name in ["time", "jiff"] {
        assert_eq!(
            said(&format!("datetime = \"{name}\"")),
            twice(&format!(
                "`datetime = \"{name}\"` in [package.metadata.elyos] of Cargo.toml needs the feature `{name}` of elyos-runtime\n\
                 = help: elyos-runtime = {{ version = \"0.1.0\", features = [\"{name}\"] }}"
            ))
        );
    }
}
