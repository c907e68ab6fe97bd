//! A package outside of the workspace, as a user has it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use crate::workspace;

/// A package that depends on the runtime without its bundle, removed together with the value.
#[derive(Debug)]
pub struct Package {
    folder: tempfile::TempDir,
    target: PathBuf,
}

impl Package {
    /// A package of edition 2021: what the macros emit is no newer than that. `more` is what else stands in its manifest; `target` is
    /// the folder in which cargo builds.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    #[must_use]
    pub fn new(name: &str, more: &str, target: &Path) -> Self {
        let package = Self { folder: tempfile::tempdir().expect("a folder can be made"), target: target.to_owned() };
        let elyos = fs::read_to_string(workspace().join("Cargo.toml")).expect("the workspace has a manifest");
        // The same profiles and versions: so most of what it depends on has been built already.
        let profiles = elyos.find("[profile.").map_or("", |start| &elyos[start..]);
        let runtime = workspace().join("elyos-runtime");
        package.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[workspace]\n\n[dependencies]\n\
                 elyos-runtime = {{ path = '{}', default-features = false }}\n\n{more}\n{profiles}",
                runtime.display()
            ),
        );
        fs::copy(workspace().join("Cargo.lock"), package.path("Cargo.lock")).expect("the workspace has a lock file");
        package
    }

    /// Where a file of the package is.
    #[must_use]
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes a file.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Removes a file.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).expect("it is there");
    }

    /// Has cargo do that to it, as `build` or `check`; gives what cargo says, which is an error where the package does not compile.
    ///
    /// # Errors
    ///
    /// What cargo says when it fails.
    ///
    /// # Panics
    ///
    /// When there is no cargo.
    pub fn cargo(&self, command: &str) -> Result<String, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args([command, "--offline", "--verbose", "--color=never"])
            .current_dir(self.folder.path())
            .env("CARGO_TARGET_DIR", &self.target)
            .output()
            .expect("cargo is what runs this test");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    }
}
