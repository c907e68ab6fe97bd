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
