//! A pooler in transaction mode, as pgbouncer is one: each transaction of a client goes to another session of the server's.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The request for TLS, in place of a protocol version. Source: PostgreSQL, "Message Formats", `SSLRequest`.
const TLS: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// The pooler. It listens until the process ends.
pub struct Pooler {
    port: u16,
    database: String,
    sessions: Sessions,
}

/// When a client that is in no transaction is given another session.
#[derive(Clone, Copy)]
enum Moves {
    Always,
    Once { behind: usize },
}

/// The server's sessions, which outlive their client.
type Sessions = Arc<Mutex<Vec<UnixStream>>>;

impl Pooler {
    /// A pooler for the database of a URL with a Unix socket, as [`TestDatabase::url`](crate::TestDatabase::url) is one.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Self::that_moves(url, Moves::Always)
    }

    /// A pooler that gives a client another session once only: behind so many requests.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    #[must_use]
    pub fn that_moves_behind(url: &str, requests: usize) -> Self {
        Self::that_moves(url, Moves::Once { behind: requests })
    }

    fn that_moves(url: &str, moves: Moves) -> Self {
        let config: postgres::Config = url.parse().expect("a URL");
        let Some(postgres::config::Host::Unix(folder)) = config.get_hosts().first() else { panic!("the URL names no socket") };
        let socket = folder.join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its own address").port();
        let sessions = Sessions::default();
        let kept = Arc::clone(&sessions);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (socket, kept): (PathBuf, Sessions) = (socket.clone(), Arc::clone(&kept));
                // A client that goes ends the loop that serves it.
                thread::spawn(move || drop(serve(client, &socket, &kept, moves)));
            }
        });
        Self { port, database: config.get_dbname().expect("the URL names a database").to_owned(), sessions }
    }

    /// The URL that leads here.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{}", self.port, self.database)
    }

    /// Ends the sessions that clients have left.
    pub fn close(&self) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Serves a client from two sessions: where one is in no transaction, the next request may go to the other.
fn serve(mut client: TcpStream, socket: &Path, kept: &Sessions, moves: Moves) -> io::Result<()> {
    let mut startup = sized(&mut client)?;
    if startup[4..] == TLS {
        client.write_all(b"N")?;
        startup = sized(&mut client)?;
    }
    let mut servers = [UnixStream::connect(socket)?, UnixStream::connect(socket)?];
    for (index, server) in servers.iter_mut().enumerate() {
        server.write_all(&startup)?;
        if index == 0 {
            relay(server, &mut client)?
        } else {
            relay(server, &mut io::sink())?
        };
    }
    let (mut turn, mut is_idle, mut requests) = (0, true, 0);
    // The client's farewell is not the session's.
    while let Ok((kind, message)) = typed(&mut client)
        && kind != b'X'
    {
        servers[turn].write_all(&message)?;
        // Only a simple query and a sync are answered by the server's saying that it is ready.
        if matches!(kind, b'Q' | b'S') {
            is_idle = relay(&mut servers[turn], &mut client)?;
            requests += 1;
            let is_given_another = match moves {
                Moves::Always => true,
                Moves::Once { behind } => turn == 0 && requests >= behind,
            };
            turn = if is_idle && is_given_another { 1 - turn } else { turn };
        }
    }
    // One that is left in a transaction is ended, which undoes that.
    let left = servers.into_iter().enumerate().filter(|(index, _)| is_idle || *index != turn).map(|(_, server)| server);
    kept.lock().unwrap_or_else(PoisonError::into_inner).extend(left);
    Ok(())
}

/// Hands on what the server answers until it is ready; is it in no transaction then?
fn relay(server: &mut impl Read, client: &mut impl Write) -> io::Result<bool> {
    loop {
        let (kind, message) = typed(server)?;
        client.write_all(&message)?;
        if kind == b'Z' {
            return Ok(message.last() == Some(&b'I'));
        }
    }
}

/// A message with its type.
fn typed(stream: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut message = vec![0];
    stream.read_exact(&mut message)?;
    let kind = message[0];
    message.extend(sized(stream)?);
    Ok((kind, message))
}

/// A message's length, which counts itself, and its body.
fn sized(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    stream.read_exact(&mut message)?;
    let size = u32::from_be_bytes([message[0], message[1], message[2], message[3]]);
    message.resize(usize::try_from(size).map_or(4, |size| size.max(4)), 0);
    stream.read_exact(&mut message[4..])?;
    Ok(message)
}
