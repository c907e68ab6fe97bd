//! Stops the server of a test run when its last user is gone.
//!
//! Cargo tells nobody when a test run is over, and a test may be killed. So a shell watches a named pipe that every
//! process which uses the server holds open for writing: reading from it ends when the last of them is gone, however it
//! went; the kernel sees to that.
//!
//! Each user also writes a byte, so that the shell can tell silence from somebody who came and went. Before it stops the
//! server it renames the pipe, so that nobody comes in any more, and looks once more for who came in before: either a
//! user has opened the pipe and the server stays, or it finds no pipe and starts a server of its own.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::{
        fs::{FileTypeExt, OpenOptionsExt},
        process::CommandExt,
    },
    path::Path,
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant},
};

use nix::{errno::Errno, fcntl::OFlag};

use crate::cluster::{
    account::said,
    error::{Error, Kind},
    place::Place,
};

/// How many seconds the server waits for its next user.
const LINGER_VARIABLE: &str = "ELYOS_TEST_LINGER";
const LINGER: &str = "15";

/// The pipe's name while the server can be joined, and from when it is about to be stopped.
const PIPE: &str = "users";
const CLOSED_PIPE: &str = "closing";

/// A shell that does not even open the pipe within this time does not run.
const PATIENCE: Duration = Duration::from_secs(20);

/// `$1` the server's folder, `$2` its socket's, `$3` `pg_ctl`, `$4` the seconds to linger.
///
/// Descriptor 4 is there because opening a pipe for reading waits for a writer, who may have been killed. The outer
/// shell ends at once, which leaves the inner one to init instead of to the test as a zombie. The first pause is for the
/// process that starts all this to come in.
const SCRIPT: &str = r#"
{
    trap '' HUP INT QUIT
    cd "$1" || exit
    exec 4<>users 3<users 4>&- || exit
    pause=3
    while :; do
        sleep "$pause" 3<&-
        pause=$4
        said=$(cat <&3)
        case $said in
            *k*) exit ;;
            ?*) continue ;;
        esac
        mv users closing || break
        said=$(cat <&3)
        case $said in
            *k*) mv closing users; exit ;;
            ?*) mv closing users ;;
            *) break ;;
        esac
    done
    cd /
    "$3" stop --silent --mode immediate -D "$1/data"
    rm -rf "$1" "$2"
} </dev/null >/dev/null 2>&1 &
"#;

/// What is at the place of a pipe.
pub(super) enum Pipe {
    /// A pipe with a watcher; as long as this is open, it waits.
    Watched(File),
    /// A pipe that nobody reads from.
    Unwatched,
    /// None: there is no server to join here.
    Missing,
}

/// How long the server is to wait for its next user, as `sleep` takes it.
pub(super) fn linger() -> Result<String, Error> {
    let Some(value) = env::var_os(LINGER_VARIABLE) else {
        return Ok(LINGER.to_owned());
    };
    value
        .to_str()
        .filter(|text| text.parse::<f64>().is_ok_and(|seconds| (0.0..=86_400.0).contains(&seconds)) && !text.contains(['e', 'E']))
        .map(str::to_owned)
        .ok_or_else(|| Error::invalid(format!("{LINGER_VARIABLE}={}", value.display()), "it is to be a number of seconds"))
}

/// Opens the pipe of the server in `folder`.
pub(super) fn open(folder: &Path) -> Result<Pipe, Error> {
    open_at(&folder.join(PIPE))
}

/// Whether a watcher looks after `folder`, be it that its server runs or that it is about to remove it.
pub(super) fn is_alive(folder: &Path) -> Result<bool, Error> {
    for name in [PIPE, CLOSED_PIPE] {
        if matches!(open_at(&folder.join(name))?, Pipe::Watched(_)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn open_at(path: &Path) -> Result<Pipe, Error> {
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW;
    let opened = OpenOptions::new().write(true).custom_flags(flags.bits()).open(path);
    match opened {
        Ok(file) => match file.metadata() {
            Ok(metadata) if metadata.file_type().is_fifo() => Ok(Pipe::Watched(file)),
            Ok(_) => Err(Error::refused(path, "it is not a pipe")),
            Err(error) => Err(Error::io("look at the pipe", path, error)),
        },
        Err(error) if error.raw_os_error() == Some(Errno::ENXIO as i32) => Ok(Pipe::Unwatched),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Pipe::Missing),
        Err(error) => Err(Error::io("open the pipe", path, error)),
    }
}

/// Tells the watcher that somebody is here, and whether the server is to be kept.
pub(super) fn announce(mut seat: &File, folder: &Path, keep: bool) -> Result<(), Error> {
    match seat.write_all(if keep { b"k" } else { b"." }) {
        // A pipe that is full has been written to by thousands: the watcher knows.
        Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(Error::io("write to the pipe in", folder, error)),
        _ => Ok(()),
    }
}

/// Makes the pipe, as the server's user, who renames it later.
pub(super) fn make_pipe(place: &Place, folder: &Path) -> Result<(), Error> {
    let accounts = &place.accounts;
    let mut mkfifo = accounts.command("mkfifo", folder);
    mkfifo.args(["-m", "600", PIPE]);
    let output = accounts.run(&mut mkfifo)?;
    if output.status.success() {
        return Ok(());
    }
    Err(Kind::Program { what: format!("mkfifo could not make a pipe in {}", folder.display()), output: said(&output) }.into())
}

/// Starts the watcher. It holds none of this process's outputs, and a Ctrl-C meant for this one does not reach it.
pub(super) fn spawn(place: &Place, folder: &Path, socket: &Path, binaries: &Path, linger: &str) -> Result<(), Error> {
    let accounts = &place.accounts;
    let mut shell = accounts.lasting_command("/bin/sh", folder);
    shell
        .args(["-c", SCRIPT, "elyos-test-watcher"])
        .args([folder, socket])
        .arg(binaries.join("pg_ctl"))
        .arg(linger)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    let status = shell.status().map_err(|source| accounts.unable(&shell, source))?;
    if status.success() {
        return Ok(());
    }
    Err(Kind::Program { what: "the shell that stops the test server could not be started".to_owned(), output: status.to_string() }.into())
}

/// Waits until the watcher has opened the pipe.
pub(super) fn wait_for(folder: &Path) -> Result<File, Error> {
    let started = Instant::now();
    loop {
        if let Pipe::Watched(seat) = open(folder)? {
            return Ok(seat);
        }
        if started.elapsed() > PATIENCE {
            return Err(Error::invalid("the shell that stops the test server", "it does not open its pipe"));
        }
        sleep(Duration::from_millis(2));
    }
}
