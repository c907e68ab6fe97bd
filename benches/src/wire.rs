//! What goes over the wire: a relay between a client and the server that keeps what the client says.

use std::{
    io::{Read, Write},
    net::Shutdown,
    os::unix::net::{UnixListener, UnixStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::Result;

/// A message of a client's.
#[derive(Debug, Clone)]
pub struct Message {
    /// Which connection it came over, from 1.
    pub connection: usize,
    /// Its kind, as the protocol's letter: `Q` is a simple query, `P` to parse, `X` the farewell; a start-up has none and is
    /// given as a space.
    ///
    /// Source: PostgreSQL, "Message Formats".
    pub kind: char,
    /// What it says, as far as it is text.
    pub text: String,
    /// When it came, from the relay's start.
    pub at: Duration,
}

/// The relay, for as long as it is kept.
pub struct Relay {
    folder: TempDir,
    messages: Arc<Mutex<Vec<Message>>>,
    open: Arc<AtomicUsize>,
}

impl Relay {
    /// Listens on a socket of its own and passes on to the server's.
    ///
    /// # Errors
    ///
    /// When there can be no socket.
    pub fn start(server: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432"))?;
        let target = server.join(".s.PGSQL.5432");
        let messages = Arc::new(Mutex::new(Vec::new()));
        let open = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        thread::spawn({
            let (messages, open) = (Arc::clone(&messages), Arc::clone(&open));
            move || {
                for (index, client) in listener.incoming().enumerate() {
                    let (Ok(client), Ok(server)) = (client, UnixStream::connect(&target)) else { return };
                    open.fetch_add(1, Ordering::SeqCst);
                    pass(client, server, index + 1, started, Arc::clone(&messages), Arc::clone(&open));
                }
            }
        });
        Ok(Self { folder, messages, open })
    }

    /// The URL that leads through the relay to the database of the one given.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        let database = url.rsplit('/').next().unwrap_or_default();
        let host = self.folder.path().display().to_string().replace('/', "%2F");
        format!("postgresql://postgres@{host}:5432/{database}")
    }

    /// What clients have said, once all of them have gone.
    ///
    /// # Panics
    ///
    /// When a thread of the relay has panicked.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.open.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        self.messages.lock().expect("the relay runs").clone()
    }
}

fn pass(
    client: UnixStream,
    server: UnixStream,
    connection: usize,
    started: Instant,
    messages: Arc<Mutex<Vec<Message>>>,
    open: Arc<AtomicUsize>,
) {
    if let (Ok(mut from), Ok(mut to)) = (server.try_clone(), client.try_clone()) {
        thread::spawn(move || {
            drop(std::io::copy(&mut from, &mut to));
            drop(to.shutdown(Shutdown::Write));
        });
    }
    thread::spawn(move || {
        let mut is_first = true;
        let mut client = client;
        let mut server = server;
        while let Ok((bytes, kind, text)) = read(&mut client, is_first) {
            messages.lock().expect("the relay runs").push(Message { connection, kind, text, at: started.elapsed() });
            is_first = false;
            if server.write_all(&bytes).is_err() {
                break;
            }
        }
        drop(server.shutdown(Shutdown::Write));
        open.fetch_sub(1, Ordering::SeqCst);
    });
}

/// One message: a letter, except for the first, then the length of what follows with itself, then that.
fn read(client: &mut UnixStream, is_first: bool) -> std::io::Result<(Vec<u8>, char, String)> {
    let mut bytes = vec![0; if is_first { 4 } else { 5 }];
    client.read_exact(&mut bytes)?;
    let head = bytes.len();
    let length = u32::from_be_bytes(bytes[head - 4..].try_into().unwrap_or_default()) as usize;
    bytes.resize(head + length.saturating_sub(4), 0);
    client.read_exact(&mut bytes[head..])?;
    let kind = if is_first { ' ' } else { char::from(bytes[0]) };
    let text = String::from_utf8_lossy(&bytes[head..]).trim_matches('\0').to_owned();
    Ok((bytes, kind, text))
}
