//! Makes, starts and stops one server.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use nix::{sys::signal::Signal, unistd::Pid};

use super::{
    account::said,
    binaries::Binaries,
    error::{Error, Kind},
    folder,
    place::{Place, Purpose, SOCKET_NAME},
    postmaster,
    session::{self, Answer},
    settings::{self, ROLE},
};

/// How long a server may take to come up. Recovery after a crash takes as long as there is to recover.
const START_PATIENCE: Duration = Duration::from_mins(2);

/// How long a server may take to write its data before it is told to leave that to the next start.
const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// How long processes of a killed server may linger.
const LEFTOVER_PATIENCE: Duration = Duration::from_secs(15);

/// A log of more bytes is set aside at the next start.
const LONG_LOG: u64 = 10 << 20;

/// How the names of folders begin that `initdb` is at work in.
const UNFINISHED: &str = "data.new-";

/// Locales for character classification, the first that the machine knows. All sort by code point; that of the last
/// knows the letters of ASCII only, so that upper('é') is 'é'.
const CHARACTER_LOCALES: [&str; 3] = ["C.UTF-8", "en_US.UTF-8", "C"];

/// One server: the folder with its data, and the place that the folder is in.
///
/// All methods that change something are to be called with the place's lock held.
#[derive(Debug)]
pub(super) struct Server<'a> {
    place: &'a Place,
    folder: PathBuf,
    socket: PathBuf,
}

impl<'a> Server<'a> {
    /// The server whose data, log and, where the path is short enough, socket are in `folder`, which is the place's
    /// state folder or one within it.
    pub(super) fn new(place: &'a Place, folder: PathBuf) -> Self {
        let socket = place.socket_folder(&folder);
        Self { place, folder, socket }
    }

    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// The major version that made the data, or `None` when there is no data yet.
    pub(super) fn data_version(&self) -> Result<Option<u32>, Error> {
        let path = self.data().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let major = text.trim().split('.').next().unwrap_or_default();
                major.parse().map(Some).map_err(|_| Error::refused(&self.data(), "it is not a data folder of PostgreSQL's"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("read", &path, error)),
        }
    }

    /// Whether a server answers; waits for one that is starting or stopping.
    pub(super) fn running(&self) -> Result<Option<String>, Error> {
        let started = Instant::now();
        loop {
            match session::ask(&self.socket)? {
                Answer::Ready { version } => return Ok(Some(version)),
                Answer::None => return Ok(None),
                Answer::NotNow if started.elapsed() > START_PATIENCE => {
                    return Err(self.failed("the server neither starts nor stops", 0));
                }
                Answer::NotNow => sleep(Duration::from_millis(20)),
            }
        }
    }

    /// Makes the data of a new cluster.
    ///
    /// In a folder beside its own and renamed when it is complete: were `initdb` killed, its half of a cluster would look
    /// like a whole one. The folder has a name that no other attempt has, because an `initdb` whose starter was killed
    /// goes on for a while.
    pub(super) fn initialise(&self, binaries: &Binaries) -> Result<(), Error> {
        // A server whose data was removed writes its control file by path, so into ours. It has nothing left to save.
        self.kill()?;
        self.remove_unfinished();
        let unfinished = self.folder.join(format!("{UNFINISHED}{}", fresh_name()));
        let accounts = &self.place.accounts;
        for locale in CHARACTER_LOCALES {
            let mut initdb = accounts.command(binaries.program("initdb"), &self.folder);
            initdb
                .arg("-D")
                .arg(&unfinished)
                .args(["-U", ROLE, "--encoding=UTF8", "--locale=C"])
                .arg(format!("--lc-ctype={locale}"))
                // What counts is our own pg_hba.conf; this is for who starts the data by hand.
                .args(["--auth-local=peer", "--auth-host=reject"]);
            if self.place.purpose == Purpose::Tests {
                initdb.arg("--no-sync");
            }
            let output = accounts.run(&mut initdb)?;
            if output.status.success() {
                self.add_settings(&unfinished)?;
                let data = self.data();
                return fs::rename(&unfinished, &data).map_err(|source| Error::io("complete the folder", &data, source));
            }
            let said = said(&output);
            if !said.contains("invalid locale") {
                return Err(
                    Kind::Program { what: format!("initdb could not make a cluster in {}", self.data().display()), output: said }.into()
                );
            }
            folder::remove(&unfinished)?;
        }
        Err(Error::invalid("this machine's locale database", "initdb does not even take the locale C from it"))
    }

    /// Removes what earlier attempts have left. What cannot be removed is still being written, and is removed next time.
    fn remove_unfinished(&self) {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        for entry in entries {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }

    /// Appends to the settings that `initdb` wrote; as their owner, since root must not write where others can.
    fn add_settings(&self, data: &Path) -> Result<(), Error> {
        let mut append = self.place.accounts.command("/bin/sh", data);
        append.args(["-c", "printf '%s\\n' \"$1\" >> postgresql.conf", "sh"]).arg(settings::include_line(self.place));
        let output = self.place.accounts.run(&mut append)?;
        if output.status.success() {
            return Ok(());
        }
        Err(Kind::Program { what: format!("the settings in {} could not be extended", data.display()), output: said(&output) }.into())
    }

    /// Starts the server on its data and waits until it serves.
    pub(super) fn start(&self, binaries: &Binaries) -> Result<String, Error> {
        // One that runs without being reachable: somebody removed its socket, or the whole cluster. It would refuse us
        // the data, or take our new socket with it when it notices and leaves.
        self.end(Signal::SIGINT)?;
        settings::write(self.place)?;
        folder::ensure_for_server(&self.socket, &self.place.accounts)?;
        self.set_log_aside();

        let started = Instant::now();
        let mut cleared = false;
        loop {
            let log_start = fs::metadata(self.log()).map_or(0, |log| log.len());
            let output = self.pg_ctl_start(binaries)?;
            // Asked whatever `pg_ctl` says: it gives up on a long recovery, which is no failure of the server's.
            if let Some(version) = self.running()? {
                return Ok(version);
            }
            let tail = self.log_tail(log_start);
            // Processes of a server that was killed hold its memory until they notice.
            let leftovers = tail.contains("pre-existing shared memory block");
            if leftovers && started.elapsed() < LEFTOVER_PATIENCE {
                sleep(Duration::from_millis(50));
                continue;
            }
            let locked = tail.contains("lock file") && tail.contains("already exists");
            if locked && self.process()?.is_some() {
                // A server that was started by a process that was then killed, and is not reachable yet.
                if started.elapsed() < LEFTOVER_PATIENCE {
                    sleep(Duration::from_millis(50));
                    continue;
                }
            } else if locked && !cleared {
                // The id in the lock file is another process's by now, as after the restart of a container.
                cleared = true;
                self.clear_lock_files()?;
                continue;
            }
            let said = output.unwrap_or_default();
            return Err(if tail.trim().is_empty() {
                Kind::Program { what: format!("the server in {} did not start", self.folder.display()), output: said }.into()
            } else {
                self.failed("the server did not start", log_start)
            });
        }
    }

    /// `None` when it went well, else what `pg_ctl` said.
    ///
    /// `pg_ctl` and not the server itself, because it gives the server a session of its own (Ctrl-C and the end of the
    /// terminal do not reach it) and leaves it to init, so that a dead one is not kept as a zombie by us.
    fn pg_ctl_start(&self, binaries: &Binaries) -> Result<Option<String>, Error> {
        let accounts = &self.place.accounts;
        let mut pg_ctl = accounts.lasting_command(binaries.program("pg_ctl"), &self.folder);
        pg_ctl
            .args(["start", "--wait", "--silent", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(self.log())
            .arg("-o")
            // The place of a cluster holds no character that a shell or this setting would understand; the system's
            // temporary folder, where the socket may be, is checked below.
            .arg(format!("-k '{}'", self.socket.display()));
        if self.socket.to_string_lossy().contains(['\'', ',', '"']) {
            return Err(Error::invalid("TMPDIR", "it holds a quote or a comma, which PostgreSQL does not take in the path of a socket"));
        }
        let output = accounts.run(&mut pg_ctl)?;
        Ok((!output.status.success()).then(|| said(&output)))
    }

    /// Stops the server: with all data written, or, when that takes too long, leaving it to recover at the next start.
    /// `false` when there was none.
    pub(super) fn stop(&self) -> Result<bool, Error> {
        let stopped = self.end(Signal::SIGINT)?;
        if !stopped && session::ask(&self.socket)? != Answer::None {
            return Err(self.failed("the server does not stop", 0));
        }
        Ok(stopped)
    }

    /// Stops the server at once, whatever becomes of its data.
    pub(super) fn kill(&self) -> Result<(), Error> {
        self.end(Signal::SIGQUIT).map(drop)
    }

    fn process(&self) -> Result<Option<Pid>, Error> {
        postmaster::find(&self.data(), self.place.accounts.server.uid)
    }

    fn end(&self, signal: Signal) -> Result<bool, Error> {
        let (data, uid) = (self.data(), self.place.accounts.server.uid);
        Ok(postmaster::end(&data, uid, signal, STOP_PATIENCE)? || postmaster::end(&data, uid, Signal::SIGQUIT, STOP_PATIENCE)?)
    }

    fn clear_lock_files(&self) -> Result<(), Error> {
        for path in [self.data().join("postmaster.pid"), self.socket.join(SOCKET_NAME), self.socket.join(format!("{SOCKET_NAME}.lock"))] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io("remove the stale", &path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Keeps one long log as it was. That it cannot be renamed is no reason not to start.
    fn set_log_aside(&self) {
        let log = self.log();
        if fs::metadata(&log).is_ok_and(|found| found.len() > LONG_LOG) {
            let _ = fs::rename(&log, self.folder.join("server.log.old"));
        }
    }

    fn failed(&self, what: &str, log_start: u64) -> Error {
        Kind::Server { what: what.to_owned(), log: self.log(), tail: self.log_tail(log_start) }.into()
    }

    /// The last lines that the server has logged since `start`.
    fn log_tail(&self, start: u64) -> String {
        const LINES: usize = 20;
        const BYTES: u64 = 16 << 10;
        let read = || {
            let mut log = File::open(self.log())?;
            let length = log.metadata()?.len();
            log.seek(SeekFrom::Start(start.max(length.saturating_sub(BYTES))))?;
            let mut bytes = Vec::new();
            log.take(BYTES).read_to_end(&mut bytes)?;
            io::Result::Ok(String::from_utf8_lossy(&bytes).into_owned())
        };
        let text = read().unwrap_or_else(|error| format!("(it cannot be read: {error})"));
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

/// A name that no other start has: eight hexadecimal digits, since it may become part of a socket's path.
pub(super) fn fresh_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let digits = format!("{:016x}", now.as_micros() & u128::from(u64::MAX));
    digits[8..].to_owned()
}
