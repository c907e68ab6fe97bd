//! Finds the PostgreSQL server that is installed on this machine.
//!
//! Distributions put `initdb` and `postgres` where no PATH reaches, one folder a major version; this module knows those
//! folders. A data folder can only be served by the major version that made it, so a search may ask for one.

use std::{
    env,
    ffi::OsString,
    fmt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    error::{Error, Kind},
    packaged,
};

/// The oldest major version that is taken: `DROP DATABASE … WITH (FORCE)` came with it.
pub(super) const OLDEST_MAJOR: u32 = 13;

/// Names the folder to take the server from, before any search.
pub(super) const FOLDER_VARIABLE: &str = "ELYOS_POSTGRES_BIN";

/// A PostgreSQL version as the server prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Version {
    pub major: u32,
    /// The number alone: `15.13`, `18beta1`.
    pub number: String,
}

impl Version {
    /// Reads the output of `postgres --version`: `postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)`.
    pub(super) fn parse(output: &str) -> Option<Self> {
        let number = output.split(") ").nth(1)?.split_whitespace().next()?;
        let digits = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        Some(Self { major: number[..digits].parse().ok()?, number: number.to_owned() })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.number)
    }
}

/// A folder with a server's programs in it, tried out.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    pub folder: PathBuf,
    pub version: Version,
}

impl Binaries {
    /// Finds the server to use: one of major version `wanted` for data that exists, any for data that does not yet.
    ///
    /// `known` is the folder that served the cluster last time. It comes before the search, because that folder may have
    /// been named by a variable that is not set today.
    pub(super) fn find(wanted: Option<u32>, known: Option<&Path>, data: &Path) -> Result<Self, Error> {
        Search::of_this_machine().find(wanted, known, data)
    }

    /// The path of one of the server's programs.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Tries a folder out. Says why when it holds no server that can be used.
    fn try_out(folder: &Path) -> Result<Self, String> {
        // A PATH may hold links to the programs; the rest of the installation is beside what they point to.
        let initdb = folder.join("initdb").canonicalize().map_err(|_| "there is no initdb in it".to_owned())?;
        let folder = initdb.parent().unwrap_or(folder).to_owned();
        for name in ["pg_ctl", "postgres"] {
            if !folder.join(name).is_file() {
                return Err(format!("there is no {name} in it"));
            }
        }
        let printed = stdout_of(&folder.join("postgres"), "--version").ok_or("its postgres cannot be run here")?;
        let version = Version::parse(&printed).ok_or_else(|| format!("its postgres calls itself {:?}", printed.trim()))?;
        if version.major < OLDEST_MAJOR {
            return Err(format!("it holds PostgreSQL {version}, which is older than {OLDEST_MAJOR}"));
        }
        Ok(Self { folder, version })
    }
}

/// Where to look. A value, so that tests can look elsewhere.
struct Search {
    named: Option<OsString>,
    path: OsString,
    packaged: Vec<PathBuf>,
}

impl Search {
    fn of_this_machine() -> Self {
        Self {
            named: env::var_os(FOLDER_VARIABLE).filter(|value| !value.is_empty()),
            path: env::var_os("PATH").unwrap_or_default(),
            packaged: packaged::folders(),
        }
    }

    fn find(&self, wanted: Option<u32>, known: Option<&Path>, data: &Path) -> Result<Binaries, Error> {
        let mut others = Vec::new();
        let mut fits = |binaries: Binaries| {
            if wanted.is_none_or(|wanted| wanted == binaries.version.major) {
                return Some(binaries);
            }
            others.push(binaries.version);
            None
        };
        // What the user names is used or is an error; to go on silently with another server would surprise.
        if let Some(named) = &self.named {
            let folder = PathBuf::from(named);
            match Binaries::try_out(&folder) {
                Ok(binaries) => {
                    if let Some(binaries) = fits(binaries) {
                        return Ok(binaries);
                    }
                }
                Err(why) => return Err(Kind::NoServerIn { folder, why }.into()),
            }
        }
        let known = known.map(Path::to_owned);
        let on_path = env::split_paths(&self.path).filter(|folder| folder.is_absolute());
        for folder in known.into_iter().chain(on_path).chain(self.told_by_pg_config()).chain(self.packaged.iter().cloned()) {
            if let Some(binaries) = Binaries::try_out(&folder).ok().and_then(&mut fits) {
                return Ok(binaries);
            }
        }
        Err(match wanted {
            Some(wanted) => Kind::MissingVersion {
                data: data.to_owned(),
                wanted,
                found: {
                    others.dedup();
                    others
                },
            },
            None => Kind::MissingServer,
        }
        .into())
    }

    /// What `pg_config --bindir` says. It comes with the client's development files, so the folder may not exist.
    fn told_by_pg_config(&self) -> Option<PathBuf> {
        env::split_paths(&self.path)
            .map(|folder| folder.join("pg_config"))
            .find(|program| program.is_file())
            .and_then(|program| stdout_of(&program, "--bindir"))
            .map(|printed| PathBuf::from(printed.trim()))
    }
}

/// What a program prints when it succeeds.
fn stdout_of(program: &Path, argument: &str) -> Option<String> {
    let output = Command::new(program).arg(argument).env("LC_ALL", "C").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    /// A folder of folders with pretended servers in them, removed at the end of the test.
    struct Machine(PathBuf);

    impl Machine {
        fn new(name: &str) -> Self {
            let folder = env::temp_dir().join(format!("elyos-binaries-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).unwrap();
            Self(folder)
        }

        fn install(&self, folder: &str, version: &str) -> PathBuf {
            let folder = self.0.join(folder);
            fs::create_dir_all(&folder).unwrap();
            for name in ["initdb", "pg_ctl", "postgres"] {
                let program = folder.join(name);
                // Written by another process: were the file open here while a test beside this one starts a program,
                // that child would hold it open as well, and the system runs no program that is being written.
                let text = format!("#!/bin/sh\necho '{name} (PostgreSQL) {version}'\n");
                let script = "printf %s \"$1\" > \"$2\"";
                let shell = Command::new("sh").args(["-c", script, "sh", &text]).arg(&program).status();
                assert!(shell.unwrap().success());
                fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            }
            folder
        }

        fn search(&self) -> Search {
            Search { named: None, path: OsString::new(), packaged: packaged::expand(&self.0.join("pkg-*/bin")) }
        }
    }

    impl Drop for Machine {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.0).unwrap();
        }
    }

    #[test]
    fn versions_are_read_as_servers_print_them() {
        let of = |text| Version::parse(text).map(|version| (version.major, version.number));
        assert_eq!(of("postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n"), Some((15, "15.13".to_owned())));
        assert_eq!(of("postgres (PostgreSQL) 19devel\n"), Some((19, "19devel".to_owned())));
        assert_eq!(of("something else"), None);
    }

    #[test]
    fn the_highest_version_comes_first_and_too_old_ones_not_at_all() {
        let machine = Machine::new("highest");
        machine.install("pkg-9.6/bin", "9.6.24");
        machine.install("pkg-14/bin", "14.1");
        let newest = machine.install("pkg-17/bin", "17.2");
        let found = machine.search().find(None, None, Path::new("/d")).unwrap();
        assert_eq!(found.folder, newest.canonicalize().unwrap());
        assert!(machine.search().find(Some(9), None, Path::new("/d")).is_err());
    }

    #[test]
    fn data_gets_the_major_version_that_made_it_or_an_error() {
        let machine = Machine::new("major");
        machine.install("pkg-17/bin", "17.2");
        let old = machine.install("pkg-14/bin", "14.1");
        let search = machine.search();
        assert_eq!(search.find(Some(14), None, Path::new("/d")).unwrap().folder, old.canonicalize().unwrap());
        let error = search.find(Some(16), None, Path::new("/d")).unwrap_err();
        assert!(error.is_missing_server() && error.to_string().contains("17.2, 14.1"), "{error}");
    }

    #[test]
    fn path_comes_before_packages_and_links_are_followed() {
        let machine = Machine::new("path");
        machine.install("pkg-17/bin", "17.2");
        let built = machine.install("built", "16.4");
        let links = machine.0.join("links");
        fs::create_dir_all(&links).unwrap();
        symlink(built.join("initdb"), links.join("initdb")).unwrap();
        let search = Search { path: links.into_os_string(), ..machine.search() };
        assert_eq!(search.find(None, None, Path::new("/d")).unwrap().version.major, 16);
    }

    #[test]
    fn a_named_folder_without_a_server_is_an_error_not_a_reason_to_search() {
        let machine = Machine::new("named");
        machine.install("pkg-17/bin", "17.2");
        let search = Search { named: Some(machine.0.clone().into_os_string()), ..machine.search() };
        let error = search.find(None, None, Path::new("/d")).unwrap_err();
        assert!(error.is_missing_server() && error.to_string().contains("no initdb"), "{error}");
    }

    #[test]
    fn a_machine_without_a_server_says_what_to_install() {
        let machine = Machine::new("none");
        let error = machine.search().find(None, None, Path::new("/d")).unwrap_err();
        assert!(error.is_missing_server());
    }
}
