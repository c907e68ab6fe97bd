//! Keeps processes from starting or stopping the same cluster at the same time.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

use nix::fcntl::OFlag;

use super::error::{Error, Kind};

/// Starting takes a second or two; recovering after a crash, or waiting for many that start, may take longer.
const PATIENCE: Duration = Duration::from_mins(3);

/// What a lock is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// To start or stop: keeps everybody else out.
    Change,
    /// To look at what is there: keeps those out who change it.
    Look,
}

/// Held while a cluster is started, stopped or looked for; given back when dropped, or by the system when the process
/// ends in whatever way.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "open, it holds the lock")] File);

impl Lock {
    /// Takes the lock of the cluster whose folder is `home`, waiting for who has it.
    ///
    /// `None` when there is none to take: for looking, because nobody has ever made it; for a change, because the folder
    /// was removed while this waited, and is to be made again.
    pub(super) fn take(home: &Path, mode: Mode) -> Result<Option<Self>, Error> {
        let path = home.join("lock");
        let file = match open(&path, mode == Mode::Change) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("open the lock", &path, error)),
        };
        let started = Instant::now();
        // The system's waiting lock has no time limit, and a stopped process that holds it would hang us with it.
        while let Err(error) = match mode {
            Mode::Change => file.try_lock(),
            Mode::Look => file.try_lock_shared(),
        } {
            match error {
                TryLockError::WouldBlock if started.elapsed() < PATIENCE => {
                    sleep(Duration::from_millis(10));
                }
                TryLockError::WouldBlock => {
                    return Err(Kind::Busy { home: home.to_owned(), waited: PATIENCE }.into());
                }
                TryLockError::Error(error) => return Err(Error::io("lock", &path, error)),
            }
        }
        // A lock on a file that was removed meanwhile keeps nobody out who makes a new one.
        let same = match (file.metadata(), fs::symlink_metadata(&path)) {
            (Ok(held), Ok(there)) => held.ino() == there.ino() && held.dev() == there.dev(),
            _ => false,
        };
        Ok(same.then_some(Self(file)))
    }
}

/// Opens a lock file, without following a link.
fn open(path: &Path, create: bool) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(create).mode(0o600).custom_flags(OFlag::O_NOFOLLOW.bits()).open(path)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::symlink, path::PathBuf, thread};

    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("elyos-lock-{name}-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn who_changes_is_alone_and_who_looks_is_not() {
        let home = fresh("alone");
        assert!(Lock::take(&home, Mode::Look).unwrap().is_none());
        let held = Lock::take(&home, Mode::Change).unwrap().unwrap();
        let waiting = thread::spawn({
            let home = home.clone();
            move || {
                let one = Lock::take(&home, Mode::Look).unwrap();
                let two = Lock::take(&home, Mode::Look).unwrap();
                one.is_some() && two.is_some()
            }
        });
        sleep(Duration::from_millis(50));
        assert!(!waiting.is_finished());
        drop(held);
        assert!(waiting.join().unwrap());
        fs::remove_dir_all(home).unwrap();
    }

    #[test]
    fn a_lock_that_was_removed_meanwhile_is_none() {
        let home = fresh("removed");
        let held = Lock::take(&home, Mode::Change).unwrap().unwrap();
        let waiting = thread::spawn({
            let home = home.clone();
            move || Lock::take(&home, Mode::Change).unwrap().is_none()
        });
        sleep(Duration::from_millis(50));
        fs::remove_dir_all(&home).unwrap();
        drop(held);
        assert!(waiting.join().unwrap());
    }

    #[test]
    fn a_lock_file_is_not_opened_through_a_link() {
        let home = fresh("link");
        symlink(home.join("elsewhere"), home.join("lock")).unwrap();
        assert!(Lock::take(&home, Mode::Change).is_err());
        assert!(!home.join("elsewhere").exists());
        fs::remove_dir_all(home).unwrap();
    }
}
