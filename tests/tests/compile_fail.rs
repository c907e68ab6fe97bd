//! What the compiler says when a derive or a bundle is wrong: each program in `ui/` does not compile, and the file
//! beside it holds the whole of the message.
//!
//! After a message has been changed on purpose, `TRYBUILD=overwrite cargo test -p elyos-tests --test compile_fail`
//! writes the files anew.

use std::path::Path;
use std::{fs, io};

#[test]
fn mistakes_are_explained() {
    // The programs are compiled as a package of their own in the target folder; what they name has to be in its reach.
    for folder in ["bundles", "schemas"] {
        lend(folder).unwrap_or_else(|error| panic!("{folder} cannot be linked: {error}"));
    }
    trybuild::TestCases::new().compile_fail("ui/*.rs");
}

#[test]
fn the_command_says_the_same_of_a_schema() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let compiler = fs::read_to_string(ui.join("schema_does_not_parse.stderr")).expect("it is there");
    let compiler: Vec<&str> = compiler.lines().map(str::trim).collect();
    for schema in ["schemas/broken.sql", "schemas/dangling.sql"] {
        let error = elyos_cli::inspect::files::read(&[ui.join(schema)]).expect_err("it is wrong").to_string();
        let command = error.replace(&format!("{}/", ui.display()), "");
        assert!(command.contains(&format!("--> {schema}:")), "{command}");
        for diagnostic in command.split("\n\n") {
            let lines: Vec<&str> = diagnostic.lines().map(str::trim).collect();
            assert!(compiler.windows(lines.len()).any(|window| window == lines), "the compiler does not say\n{diagnostic}");
        }
    }
}

/// Links a folder of `ui/` into the package that the programs are compiled as.
fn lend(folder: &str) -> io::Result<()> {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui").join(folder);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the folder is inside the target folder");
    let package = target.join("tests/trybuild").join(env!("CARGO_PKG_NAME"));
    fs::create_dir_all(&package)?;
    let to = package.join(folder);
    match fs::remove_file(&to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => std::os::unix::fs::symlink(from, to),
    }
}
