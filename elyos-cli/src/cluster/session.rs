//! Talks to a running server, from whatever thread this is called on.

use std::{io, os::unix::net::UnixStream, path::Path, sync::mpsc, thread, time::Duration};

use postgres::{Client, Config, NoTls, error::SqlState};

use super::{
    error::{Error, Kind},
    place::SOCKET_NAME,
    settings::ROLE,
};

/// How long a server may take over one piece of work here. All are short, so this only ends a wait for one that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

/// What is behind a socket.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Nobody listens.
    None,
    /// A server that starts or stops.
    NotNow,
    /// A server that serves, with its version as it calls it: `15.13 (Debian 15.13-0+deb12u1)`.
    Ready { version: String },
}

/// Asks the server that listens in `socket` how it is.
pub(super) fn ask(socket: &Path) -> Result<Answer, Error> {
    match UnixStream::connect(socket.join(SOCKET_NAME)) {
        Ok(_) => {}
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => {
            return Ok(Answer::None);
        }
        Err(error) => return Err(Error::io("connect to the socket in", socket, error)),
    }
    let asked = run(socket, ROLE, |client| client.query_one("select current_setting('server_version')", &[])?.try_get(0));
    match asked {
        Ok(version) => Ok(Answer::Ready { version }),
        Err(Failure::Postgres(error)) if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) => Ok(Answer::NotNow),
        // It ended between the two connections, or in the middle of the second.
        Err(Failure::Postgres(error)) if error.code().is_none() => Ok(Answer::NotNow),
        Err(failure) => Err(failure.into_error("talk to the cluster")),
    }
}

/// Why a piece of work was not done.
pub(super) enum Failure {
    Postgres(postgres::Error),
    /// The server said nothing at all.
    Silence,
    /// The system has no thread left to do it on.
    NoThread(io::Error),
}

impl Failure {
    pub(super) fn into_error(self, doing: &str) -> Error {
        match self {
            Self::Postgres(source) => Kind::Session { doing: doing.to_owned(), source }.into(),
            Self::NoThread(source) => Error::io(doing, Path::new("on a thread"), source),
            Self::Silence => Error::invalid(
                "the cluster",
                format!("it did not {doing} within {} s; it may be stopped (SIGSTOP) or its disk may hang", PATIENCE.as_secs()),
            ),
        }
    }
}

/// Connects to `database` and does `work`, on a thread of its own: the blocking client runs an async runtime inside,
/// which panics on a thread that is already in one, as that of an async test is.
pub(super) fn run<T: Send + 'static>(
    socket: &Path,
    database: &str,
    work: impl FnOnce(&mut Client) -> Result<T, postgres::Error> + Send + 'static,
) -> Result<T, Failure> {
    let mut config = Config::new();
    config.host_path(socket).port(5432).user(ROLE).dbname(database).application_name("elyos");
    let (done, wait) = mpsc::channel();
    thread::Builder::new()
        .name("elyos-session".to_owned())
        .spawn(move || {
            let result = config.connect(NoTls).and_then(|mut client| work(&mut client));
            // Nobody waits any more when it took too long.
            let _ = done.send(result);
        })
        .map_err(Failure::NoThread)?;
    match wait.recv_timeout(PATIENCE) {
        Ok(result) => result.map_err(Failure::Postgres),
        Err(_) => Err(Failure::Silence),
    }
}
