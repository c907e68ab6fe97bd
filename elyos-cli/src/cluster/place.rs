//! Where a project's cluster lives: a folder of its own, found from the project's path alone.
//!
//! It cannot be in the project: PostgreSQL's user may not be able to reach that, and a socket's path must be short. So
//! the folder is named by a hash of the project's path, below the first of these that can be used:
//!
//! - what `ELYOS_CLUSTERS` says;
//! - for root `/var/lib/elyos` (macOS: `/var/db/elyos`), which unlike `/var/tmp` is never tidied up by age;
//!   for others `elyos` in `$XDG_STATE_HOME`, `~/.local/state` (macOS: `~/Library/Application Support`);
//! - `/var/tmp`.
//!
//! ```text
//! <base>/<hash>/        belongs to who runs this process; the server's user may pass through
//!     lock              who starts or stops holds it
//!     cluster.toml      which project this is for, and which server
//!     elyos.conf, …     the server's settings, which it can read but not change
//!     state/            belongs to the server's user; all that the server writes is below
//! ```
//!
//! This process makes and writes no file below `state/` itself: were it root, the server's user could lead it anywhere
//! with a link.

use std::{
    env, fs,
    fs::Permissions,
    io,
    os::unix::{
        ffi::OsStrExt,
        fs::{DirBuilderExt, PermissionsExt},
    },
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    account::Accounts,
    error::Error,
    folder,
    lock::{Lock, Mode},
};

/// Names the folder below which clusters are kept.
pub(super) const BASE_VARIABLE: &str = "ELYOS_CLUSTERS";

/// The longest path of a socket that is taken. Linux has room for 107 bytes, macOS for 103.
const LONGEST_SOCKET: usize = 100;

/// The name PostgreSQL gives the socket for port 5432.
pub(super) const SOCKET_NAME: &str = ".s.PGSQL.5432";

/// What a cluster is for. Each purpose has a folder of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// The developer's database: durable, kept until removed.
    Project,
    /// Test runs: fast, gone afterwards.
    Tests,
}

/// The folder of one cluster.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub home: PathBuf,
    pub purpose: Purpose,
    pub accounts: Accounts,
}

impl Place {
    /// The place of an existing cluster, or `None` when there never was one for this project.
    pub(super) fn locate(project: &Path, purpose: Purpose) -> Result<Option<Self>, Error> {
        let accounts = Accounts::detect()?;
        let hash = hash(project, purpose);
        for (base, home) in candidates(&accounts, &hash)? {
            match fs::symlink_metadata(&home) {
                Ok(_) => {
                    folder::verify_parent(&base)?;
                    folder::verify(&home, accounts.me.uid)?;
                    return Ok(Some(Self { home, purpose, accounts }));
                }
                Err(error) if is_absent(&error) => {}
                Err(error) => return Err(Error::io("look at the folder", &home, error)),
            }
        }
        Ok(None)
    }

    /// The place of the project's cluster, made when there is none.
    pub(super) fn establish(project: &Path, purpose: Purpose) -> Result<Self, Error> {
        if let Some(place) = Self::locate(project, purpose)? {
            return Ok(place);
        }
        let accounts = Accounts::detect()?;
        let hash = hash(project, purpose);
        let mut unusable = None;
        for (base, home) in candidates(&accounts, &hash)? {
            if let Err(error) = make_base(&base, &accounts) {
                unusable.get_or_insert(Error::io("make the folder", &base, error));
                continue;
            }
            folder::verify_parent(&base)?;
            folder::ensure(&home, &accounts.me)?;
            return Ok(Self { home, purpose, accounts });
        }
        Err(unusable.unwrap_or_else(|| Error::invalid("this machine", "it has no folder to keep a cluster in")))
    }

    /// Waits until no other process starts or stops this cluster, and keeps them from it. The folder is complete then.
    pub(super) fn lock(&self) -> Result<Lock, Error> {
        loop {
            folder::ensure(&self.home, &self.accounts.me)?;
            if let Some(lock) = Lock::take(&self.home, Mode::Change)? {
                folder::open_to(&self.home, &self.accounts.server, self.accounts.differ())?;
                folder::ensure(&self.state(), &self.accounts.server)?;
                return Ok(lock);
            }
        }
    }

    /// Waits until no other process starts or stops this cluster, for looking only. `None` when it was never started.
    pub(super) fn lock_shared(&self) -> Result<Option<Lock>, Error> {
        Lock::take(&self.home, Mode::Look)
    }

    /// The folder of all that the server writes.
    pub(super) fn state(&self) -> PathBuf {
        self.home.join("state")
    }

    /// Where the socket of a server in `folder` is to be: beside its data, or, where that would be too long a path, in a
    /// folder below the system's temporary one that is made again at each start.
    pub(super) fn socket_folder(&self, folder: &Path) -> PathBuf {
        let beside = folder.join("run");
        if fits_a_socket(&beside) {
            return beside;
        }
        let key = hex(&Sha256::digest(folder.as_os_str().as_bytes()));
        let name = format!("elyos-{}-{key}", self.accounts.me.uid);
        let temporary = env::temp_dir().join(&name);
        if fits_a_socket(&temporary) { temporary } else { Path::new("/tmp").join(name) }
    }
}

fn fits_a_socket(folder: &Path) -> bool {
    folder.join(SOCKET_NAME).as_os_str().len() <= LONGEST_SOCKET
}

/// Each base with the folder that the cluster would have in it, in order of preference.
fn candidates(accounts: &Accounts, hash: &str) -> Result<Vec<(PathBuf, PathBuf)>, Error> {
    if let Some(base) = env::var_os(BASE_VARIABLE).filter(|value| !value.is_empty()) {
        let base = PathBuf::from(base);
        if !base.is_absolute() {
            return Err(Error::invalid(BASE_VARIABLE, "it is not an absolute path"));
        }
        check_plain(&base)?;
        return Ok(vec![(base.clone(), base.join(hash))]);
    }
    let own = if accounts.me.uid == 0 {
        Some(PathBuf::from(if cfg!(target_os = "macos") { "/var/db/elyos" } else { "/var/lib/elyos" }))
    } else {
        state_folder(accounts)
    };
    let shared = PathBuf::from("/var/tmp");
    let in_shared = shared.join(format!("elyos-{}-{hash}", accounts.me.uid));
    let own = own.filter(|base| check_plain(base).is_ok()).map(|base| (base.clone(), base.join(hash)));
    Ok(own.into_iter().chain([(shared, in_shared)]).collect())
}

/// Where an ordinary user's programs keep what should outlive them.
fn state_folder(accounts: &Accounts) -> Option<PathBuf> {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if let Some(folder) = absolute("XDG_STATE_HOME") {
        return Some(folder.join("elyos"));
    }
    let home = absolute("HOME").unwrap_or_else(|| accounts.me.home.clone());
    let below = if cfg!(target_os = "macos") { "Library/Application Support/elyos" } else { ".local/state/elyos" };
    home.is_dir().then(|| home.join(below))
}

/// The path is written into PostgreSQL's settings, into shell commands and into URLs. Rather than to escape it for each,
/// the few characters that mean something in one of them are not taken.
fn check_plain(base: &Path) -> Result<(), Error> {
    let plain = base.to_str().is_some_and(|text| !text.chars().any(|c| c.is_control() || matches!(c, '\'' | '"' | '\\' | ',' | '$' | '`')));
    if plain {
        return Ok(());
    }
    Err(Error::invalid(
        base.display().to_string(),
        "a cluster's path may hold no quotes, backslashes, commas, dollar signs and control characters. \
         Set ELYOS_CLUSTERS to another folder",
    ))
}

/// Makes a base. Only the innermost folder is ours; others can pass through root's, to a cluster that lets them in.
fn make_base(base: &Path, accounts: &Accounts) -> io::Result<()> {
    if base.is_dir() {
        // Seen now rather than as a failure of the next step, so that the next candidate gets its turn.
        return nix::unistd::access(base, nix::unistd::AccessFlags::W_OK).map_err(io::Error::from);
    }
    if let Some(parent) = base.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(base) {
        // By a permission of its own, whatever the umask is.
        Ok(()) if accounts.differ() => fs::set_permissions(base, Permissions::from_mode(0o711)),
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// 16 hexadecimal digits that name the cluster of a project.
fn hash(project: &Path, purpose: Purpose) -> String {
    let mut hasher = Sha256::new();
    hasher.update(project.as_os_str().as_bytes());
    if purpose == Purpose::Tests {
        // A path holds no zero byte, so no project's path hashes to another's tests.
        hasher.update(b"\0tests");
    }
    hex(&hasher.finalize())
}

fn hex(digest: &[u8]) -> String {
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    format!("{:016x}", u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_and_purposes_have_places_of_their_own() {
        let project = Path::new("/home/alice/shop");
        assert_eq!(hash(project, Purpose::Project), hash(project, Purpose::Project));
        assert_eq!(hash(project, Purpose::Project).len(), 16);
        assert_ne!(hash(project, Purpose::Project), hash(project, Purpose::Tests));
        assert_ne!(hash(project, Purpose::Project), hash(Path::new("/home/bob/shop"), Purpose::Project));
    }

    #[test]
    fn a_socket_is_beside_the_data_unless_its_path_would_be_too_long() {
        let place = Place { home: "/x".into(), purpose: Purpose::Project, accounts: Accounts::detect().unwrap() };
        assert_eq!(place.socket_folder(Path::new("/x/state")), Path::new("/x/state/run"));
        let long = PathBuf::from("/y".repeat(60));
        let folder = place.socket_folder(&long);
        assert!(fits_a_socket(&folder) && !folder.starts_with(&long), "{}", folder.display());
        assert_ne!(folder, place.socket_folder(&long.join("other")));
    }

    #[test]
    fn paths_that_mean_something_to_a_shell_or_to_postgres_are_refused() {
        assert!(check_plain(Path::new("/Users/a b/Library/Application Support/elyos")).is_ok());
        for path in ["/it's", "/a,b", "/a\nb", "/$HOME"] {
            assert!(check_plain(Path::new(path)).is_err(), "{path}");
        }
    }
}
