//! Who runs this process, as whom the server runs, and how a program is run as the latter.
//!
//! PostgreSQL refuses to run as root. A cluster that root asks for therefore runs as `postgres`, which the packages of
//! most systems bring, else as `nobody`; everybody else's runs as themselves.

use std::{
    env,
    ffi::OsStr,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use nix::unistd::{Uid, User};

use super::error::{Error, Kind};

/// What of the caller's environment reaches the server: where programs and libraries are, and nothing else. A server
/// outlives its starter and lets whoever may run SQL in it read its environment, which is no place for the secrets of a
/// developer's shell; and PG* variables would silently change what the programs do.
const KEPT: [&str; 5] = ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "TMPDIR"];

/// Runs its arguments without the file descriptors that this process itself inherited (Rust's own are closed on exec):
/// a server that keeps the starter's `flock` or pipe open would block whoever waits for it.
const WITHOUT_INHERITED: &str = "exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; exec \"$@\"";

/// One entry of the user database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    pub home: PathBuf,
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw(), home: user.dir }
    }
}

/// The two users a cluster has to do with; often the same one.
#[derive(Clone, Debug)]
pub(super) struct Accounts {
    /// The user this process runs as.
    pub me: Account,
    /// The user the server runs as.
    pub server: Account,
}

impl Accounts {
    /// Looks both up. PostgreSQL needs a passwd entry for its user, so the lack of one is found here and not deep in
    /// `initdb`.
    pub(super) fn detect() -> Result<Self, Error> {
        let uid = Uid::effective();
        let me = User::from_uid(uid)
            .map_err(|errno| Error::io("read the user database for", Path::new("this user"), errno.into()))?
            .map(Account::from)
            .ok_or(Kind::NoAccount { uid: uid.as_raw() })?;
        let server = if uid.is_root() {
            ["postgres", "nobody"]
                .iter()
                .filter_map(|name| User::from_name(name).ok().flatten())
                .find(|user| !user.uid.is_root())
                .map(Account::from)
                .ok_or(Kind::NoServerAccount)?
        } else {
            me.clone()
        };
        Ok(Self { me, server })
    }

    /// Whether the server runs as somebody else than this process.
    pub(super) fn differ(&self) -> bool {
        self.me.uid != self.server.uid
    }

    /// A command that runs as the server's user, in an environment of its own, in `folder`.
    ///
    /// The working folder matters: PostgreSQL's programs want to return to it, and a caller's may be one that only root
    /// can enter.
    pub(super) fn command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(folder)
            .env_clear()
            .env("HOME", &self.server.home)
            // Messages are read back, and macOS' PostgreSQL does not start in a locale that it must look up.
            .env("LC_ALL", "C")
            // Saves `initdb` its search through all time zones for the one that behaves like the machine's.
            .env("TZ", "UTC")
            .stdin(Stdio::null());
        for name in KEPT {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        if self.differ() {
            // With `uid` the standard library also drops root's supplementary groups.
            command.uid(self.server.uid).gid(self.server.gid);
        }
        command
    }

    /// Like [`command`](Self::command), for what goes on after this process has ended.
    pub(super) fn lasting_command(&self, program: impl AsRef<OsStr>, folder: &Path) -> Command {
        let mut command = self.command("/bin/sh", folder);
        command.args(["-c", WITHOUT_INHERITED, "elyos"]).arg(program);
        command
    }

    /// Runs a command to its end and hands over what it wrote, whether or not it succeeded.
    pub(super) fn run(&self, command: &mut Command) -> Result<Output, Error> {
        command.output().map_err(|source| self.unable(command, source))
    }

    /// Explains why a command could not even be started.
    pub(super) fn unable(&self, command: &Command, source: std::io::Error) -> Error {
        let program = Path::new(command.get_program());
        let doing = match source.kind() {
            // The error is the same for the program and for the folder it is to run in, so the message names both.
            std::io::ErrorKind::PermissionDenied => format!(
                "run (as user {}, in {}; that user must be able to enter both folders)",
                self.server.name,
                command.get_current_dir().unwrap_or(Path::new("/")).display()
            ),
            _ => "run".to_owned(),
        };
        Error::io(doing, program, source)
    }
}

/// What a program wrote to both its outputs, for an error message.
pub(super) fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stderr).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stdout));
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_never_runs_as_root() {
        let accounts = Accounts::detect().unwrap();
        assert_ne!(accounts.server.uid, 0);
        assert_eq!(accounts.differ(), accounts.me.uid == 0);
    }

    #[test]
    fn a_command_runs_as_the_servers_user_without_the_callers_environment() {
        let accounts = Accounts::detect().unwrap();
        let output = accounts.run(accounts.lasting_command("sh", Path::new("/")).args(["-c", "id -u; env"])).unwrap();
        let text = said(&output);
        assert_eq!(text.lines().next(), Some(accounts.server.uid.to_string().as_str()));
        assert!(!text.contains("CARGO") && text.contains("LC_ALL=C"), "{text}");
    }
}
