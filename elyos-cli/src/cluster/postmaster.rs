//! Finds the running server of a data folder among the machine's processes.
//!
//! PostgreSQL's own way, the process id in `postmaster.pid`, misleads after a reboot or a restarted container, when
//! another process has that id; and it is gone when somebody removed the data of a running server. The command line of
//! the server names its data folder for as long as it runs, so that is what is looked for.

use std::{
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt, fs::MetadataExt},
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::error::Error;

/// Where Linux shows each process as a folder.
const PROCESSES: &str = "/proc";

/// The process that serves `data`, run by user `uid`.
pub(super) fn find(data: &Path, uid: u32) -> Result<Option<Pid>, Error> {
    // A look into /proc is exact and takes 2 ms; systems without one have `ps`, which not every Linux image has.
    if Path::new(PROCESSES).join("self/cmdline").exists() {
        in_proc(data, uid).map_err(|source| Error::io("read", Path::new(PROCESSES), source))
    } else {
        in_ps(data, uid).map_err(|source| Error::io("run", Path::new("ps"), source))
    }
}

/// Sends `signal` to the server of `data` and waits until it is gone. `false` when there was none, or it is still
/// there after `patience`.
pub(super) fn end(data: &Path, uid: u32, signal: Signal, patience: Duration) -> Result<bool, Error> {
    let Some(server) = find(data, uid)? else {
        return Ok(false);
    };
    match kill(server, signal) {
        Ok(()) | Err(Errno::ESRCH) => {}
        Err(errno) => return Err(Error::io("stop the server of", data, errno.into())),
    }
    let started = Instant::now();
    // Looked for again rather than asked by its id: in a container without an init a dead child keeps its id.
    while find(data, uid)?.is_some() {
        if started.elapsed() > patience {
            return Ok(false);
        }
        sleep(Duration::from_millis(10));
    }
    Ok(true)
}

fn in_proc(data: &Path, uid: u32) -> io::Result<Option<Pid>> {
    for entry in fs::read_dir(PROCESSES)? {
        let entry = entry?;
        let name = entry.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // A process may end while it is looked at, and others' may be hidden: neither is ours.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.uid() != uid {
            continue;
        }
        let Ok(line) = fs::read(entry.path().join("cmdline")) else {
            continue;
        };
        let arguments: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
        if serves(&arguments, data) {
            return Ok(Some(Pid::from_raw(pid)));
        }
    }
    Ok(None)
}

/// Whether this is the command line `…/postgres -D <data> …`. The server's own children have changed theirs.
fn serves(arguments: &[&[u8]], data: &Path) -> bool {
    let program = arguments.first().map(|program| Path::new(OsStr::from_bytes(program)));
    program.and_then(Path::file_name) == Some(OsStr::new("postgres"))
        && arguments.windows(2).any(|pair| pair[0] == b"-D" && pair[1] == data.as_os_str().as_bytes())
}

fn in_ps(data: &Path, uid: u32) -> io::Result<Option<Pid>> {
    let output = Command::new("ps").args(["-A", "-ww", "-o", "pid=,uid=,args="]).stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(io::Error::other("it failed"));
    }
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(printed.lines().find_map(|line| in_ps_line(line, data, uid)).map(Pid::from_raw))
}

fn in_ps_line(line: &str, data: &Path, uid: u32) -> Option<i32> {
    let (pid, rest) = line.trim_start().split_once(char::is_whitespace)?;
    let (owner, command) = rest.trim_start().split_once(char::is_whitespace)?;
    let (_, after) = command.split_once(&format!("/postgres -D {}", data.display()))?;
    let ours = owner.parse() == Ok(uid) && (after.is_empty() || after.starts_with(' '));
    pid.parse().ok().filter(|_| ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_program_and_data_folder() {
        let data = Path::new("/c/data");
        let line = |text: &str| {
            let arguments: Vec<_> = text.split(' ').map(str::as_bytes).collect();
            serves(&arguments, data)
        };
        assert!(line("/usr/lib/postgresql/15/bin/postgres -D /c/data -k /c/run"));
        assert!(!line("/usr/lib/postgresql/15/bin/postgres -D /c/data2 -k /c/run"));
        assert!(!line("/usr/lib/postgresql/15/bin/pg_ctl -D /c/data start"));
        assert!(!line(""));
    }

    #[test]
    fn the_same_is_read_from_ps() {
        let line = |line| in_ps_line(line, Path::new("/c d/data"), 501);
        assert_eq!(line("  871   501 /opt/homebrew/bin/postgres -D /c d/data -k /c d/run"), Some(871));
        assert_eq!(line("871 501 /opt/homebrew/bin/postgres -D /c d/data"), Some(871));
        assert_eq!(line("871 502 /opt/homebrew/bin/postgres -D /c d/data"), None);
        assert_eq!(line("871 501 /opt/homebrew/bin/postgres -D /c d/database"), None);
        assert_eq!(line("871 501 vi /c d/data"), None);
    }

    #[test]
    fn no_server_is_found_where_there_is_none() {
        assert_eq!(find(Path::new("/nowhere/data"), 0).unwrap(), None);
        assert!(!end(Path::new("/nowhere/data"), 0, Signal::SIGINT, Duration::ZERO).unwrap());
    }
}
