//! A server in front of the test's: it counts what a client asks, refuses when told to, and cuts connections.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What a connection is answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Whatever the real server says.
    Forward,
    /// An error in place of a session: its SQLSTATE and message.
    Refuse(&'static str, String),
    /// A request for a password.
    AskPassword,
    /// Nothing, ever.
    Silence,
    /// The end of the connection.
    Close,
}

/// A message of a client's after the start-up: its type and its text, where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Which connection, counted from 0.
    pub connection: usize,
    /// The message's type: `Q` for a simple query, `P` for parse and so on.
    pub kind: char,
    /// Its content, as text.
    pub text: String,
}

/// When a connection is cut: before a message reaches the server, or once it has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Before,
    After,
}

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    limit: Option<usize>,
    open: usize,
    connections: usize,
    messages: Vec<Message>,
    cut: Option<(usize, Cut)>,
}

/// The proxy. It listens until the process ends.
pub struct Proxy {
    port: u16,
    database: String,
    state: Arc<Mutex<State>>,
}

impl Proxy {
    /// A proxy for the database of a URL with a Unix socket, as [`TestDatabase::url`](crate::TestDatabase::url) is one.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    #[must_use]
    pub fn new(url: &str) -> Self {
        let config: postgres::Config = url.parse().expect("a URL");
        let Some(postgres::config::Host::Unix(folder)) = config.get_hosts().first() else { panic!("the URL names no socket") };
        let socket = folder.join(".s.PGSQL.5432");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its own address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (state, socket) = (Arc::clone(&shared), socket.clone());
                thread::spawn(move || {
                    // A connection that breaks is what a proxy is for; its client sees it.
                    drop(serve(client, &socket, &state));
                });
            }
        });
        Self { port, database: config.get_dbname().expect("the URL names a database").to_owned(), state }
    }

    /// The URL that leads here.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgresql://postgres@127.0.0.1:{}/{}", self.port, self.database)
    }

    /// The port that leads here.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// How the next connections are answered, one each; after these all are forwarded.
    pub fn answer(&self, answers: impl IntoIterator<Item = Answer>) {
        lock(&self.state).answers.extend(answers);
    }

    /// Lets so many connections in at a time, and refuses more as a role's CONNECTION LIMIT does.
    pub fn limit(&self, connections: usize) {
        lock(&self.state).limit = Some(connections);
    }

    /// Cuts the connection that sends the message of this number, counted over all connections from 0, before the server
    /// sees it. With the numbers of [`messages`](Self::messages) of a whole run, every point of it can be tried.
    pub fn cut_before(&self, number: usize) {
        lock(&self.state).cut = Some((number, Cut::Before));
    }

    /// As [`cut_before`](Self::cut_before), but the server gets the message, and the client no answer.
    pub fn cut_after(&self, number: usize) {
        lock(&self.state).cut = Some((number, Cut::After));
    }

    /// How many connections were attempted.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// All that clients sent after starting up, in the order in which it came here.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        lock(&self.state).messages.clone()
    }

    /// What clients asked: [`messages`](Self::messages) that begin a round trip.
    #[must_use]
    pub fn requests(&self) -> Vec<Message> {
        lock(&self.state).messages.iter().filter(|message| matches!(message.kind, 'Q' | 'P')).cloned().collect()
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut client: TcpStream, socket: &std::path::Path, state: &Arc<Mutex<State>>) -> io::Result<()> {
    let (connection, answer) = {
        let mut state = lock(state);
        state.connections += 1;
        let is_full = state.limit.is_some_and(|limit| state.open >= limit);
        let answer = if is_full {
            Answer::Refuse("53300", "too many connections for role \"postgres\"".to_owned())
        } else {
            state.answers.pop_front().unwrap_or(Answer::Forward)
        };
        if matches!(answer, Answer::Forward) {
            state.open += 1;
        }
        (state.connections - 1, answer)
    };
    match answer {
        // AuthenticationCleartextPassword.
        Answer::AskPassword => {
            read_start_up(&mut client)?;
            client.write_all(&[b'R', 0, 0, 0, 8, 0, 0, 0, 3])?;
            client.read_to_end(&mut Vec::new()).map(drop)
        }
        Answer::Close => Ok(()),
        Answer::Silence => {
            // Reads until the client gives up.
            io::copy(&mut client, &mut io::sink()).map(drop)
        }
        Answer::Refuse(code, message) => {
            read_start_up(&mut client)?;
            client.write_all(&error_response(code, &message))
        }
        Answer::Forward => {
            let result = forward(&mut client, socket, state, connection);
            lock(state).open -= 1;
            result
        }
    }
}

fn forward(client: &mut TcpStream, socket: &std::path::Path, state: &Arc<Mutex<State>>, connection: usize) -> io::Result<()> {
    let mut server = UnixStream::connect(socket)?;
    server.write_all(&read_start_up(client)?)?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from_server, &mut to_client);
        // The client is told that the server has gone.
        drop(to_client.shutdown(Shutdown::Both));
        copied
    });
    let mut kind = [0];
    while client.read_exact(&mut kind).is_ok() {
        let body = read_sized(client)?;
        let text = String::from_utf8_lossy(&body[4..]).trim_end_matches('\0').to_owned();
        let kind = char::from(kind[0]);
        let cut = {
            let mut state = lock(state);
            let number = state.messages.len();
            state.messages.push(Message { connection, kind, text });
            state.cut.take_if(|(wanted, _)| *wanted == number).map(|(_, cut)| cut)
        };
        if cut == Some(Cut::Before) {
            break;
        }
        if cut == Some(Cut::After) {
            drop(client.shutdown(Shutdown::Both));
        }
        server.write_all(&[kind as u8])?;
        server.write_all(&body)?;
    }
    drop(server.shutdown(Shutdown::Both));
    drop(client.shutdown(Shutdown::Both));
    drop(back.join());
    Ok(())
}

/// The start-up message. Nothing is encrypted here, and who asks for it is told so.
///
/// Source: PostgreSQL, "Message Formats", `SSLRequest` and `GSSENCRequest`.
fn read_start_up(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    loop {
        let message = read_sized(client)?;
        if message.len() != 8 || ![80_877_103_u32, 80_877_104].iter().any(|code| message[4..] == code.to_be_bytes()) {
            return Ok(message);
        }
        client.write_all(b"N")?;
    }
}

/// A message's length, which counts itself, and its body.
fn read_sized(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let size = usize::try_from(u32::from_be_bytes(length)).unwrap_or(4);
    let mut message = length.to_vec();
    message.resize(size.max(4), 0);
    stream.read_exact(&mut message[4..])?;
    Ok(message)
}

/// Source: PostgreSQL, "Message Formats", `ErrorResponse`.
fn error_response(code: &str, message: &str) -> Vec<u8> {
    let mut fields = Vec::new();
    for (field, value) in [('S', "FATAL"), ('V', "FATAL"), ('C', code), ('M', message)] {
        fields.push(field as u8);
        fields.extend(value.as_bytes());
        fields.push(0);
    }
    fields.push(0);
    let mut response = vec![b'E'];
    response.extend(u32::try_from(fields.len() + 4).unwrap_or(u32::MAX).to_be_bytes());
    response.extend(fields);
    response
}
