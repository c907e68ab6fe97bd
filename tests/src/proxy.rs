//! A server in front of the test's: it counts what a client asks, refuses when told to, and cuts connections.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Where the server is.
#[derive(Clone)]
enum Upstream {
    Socket(PathBuf),
    Port(u16),
}

impl Upstream {
    fn connect(&self) -> io::Result<Stream> {
        match self {
            Self::Socket(path) => UnixStream::connect(path).map(Stream::Unix),
            Self::Port(port) => {
                let stream = TcpStream::connect(("127.0.0.1", *port))?;
                stream.set_nodelay(true)?;
                Ok(Stream::Tcp(stream))
            }
        }
    }
}

/// A connection to the server.
enum Stream {
    Unix(UnixStream),
    Tcp(TcpStream),
}

impl Stream {
    fn try_clone(&self) -> io::Result<Self> {
        match self {
            Self::Unix(stream) => stream.try_clone().map(Self::Unix),
            Self::Tcp(stream) => stream.try_clone().map(Self::Tcp),
        }
    }

    fn shutdown(&self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.read(buffer),
            Self::Tcp(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Unix(stream) => stream.write(bytes),
            Self::Tcp(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Unix(stream) => stream.flush(),
            Self::Tcp(stream) => stream.flush(),
        }
    }
}

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

/// What happens at a message.
pub enum Fault {
    /// The connection is cut before the server sees the message.
    CutBefore,
    /// The connection is cut, but the server gets the message, and the client no answer.
    CutAfter,
    /// The function is called with the `application_name` of the client; then the message goes on.
    Before(Box<dyn FnOnce(&str) + Send>),
    /// The function is called with the `application_name` of the client; the message and the connection end here.
    InPlace(Box<dyn FnOnce(&str) + Send>),
    /// The message goes on; then the function is called.
    After(Box<dyn FnOnce(&str) + Send>),
    /// A simple query of this text goes to the server in place of the message.
    Replace(String),
}

#[derive(Default)]
struct State {
    answers: VecDeque<Answer>,
    limit: Option<usize>,
    open: usize,
    connections: usize,
    messages: Vec<Message>,
    fault: Option<(usize, Fault)>,
    /// Whether the fault is happening.
    strikes: bool,
    /// Whether the fault's number counts simple queries only.
    counts_statements: bool,
    statements: usize,
}

impl State {
    /// Keeps a message, and gives the fault that is to happen at it.
    fn seen(&mut self, message: Message) -> Option<Fault> {
        let is_statement = message.kind == 'Q';
        let number = if self.counts_statements { self.statements } else { self.messages.len() };
        let counts = is_statement || !self.counts_statements;
        self.statements += usize::from(is_statement);
        self.messages.push(message);
        let fault = self.fault.take_if(|(wanted, _)| counts && *wanted == number).map(|(_, fault)| fault);
        self.strikes |= fault.is_some();
        fault
    }
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
        Self::before(Upstream::Socket(folder.join(".s.PGSQL.5432")), url)
    }

    /// A proxy for the database of a URL that is reached on a port of this machine: by another proxy.
    ///
    /// # Panics
    ///
    /// When it cannot listen.
    #[must_use]
    pub fn before_port(port: u16, url: &str) -> Self {
        Self::before(Upstream::Port(port), url)
    }

    fn before(upstream: Upstream, url: &str) -> Self {
        let config: postgres::Config = url.parse().expect("a URL");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its own address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (state, upstream) = (Arc::clone(&shared), upstream.clone());
                thread::spawn(move || {
                    // A connection that breaks is what a proxy is for; its client sees it.
                    drop(serve(client, &upstream, &state));
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
        self.fault_at(number, Fault::CutBefore);
    }

    /// As [`cut_before`](Self::cut_before), but the server gets the message, and the client no answer.
    pub fn cut_after(&self, number: usize) {
        self.fault_at(number, Fault::CutAfter);
    }

    /// Does something at the message of this number, counted over all connections from 0.
    pub fn fault_at(&self, number: usize, fault: Fault) {
        lock(&self.state).fault = Some((number, fault));
    }

    /// As [`fault_at`](Self::fault_at), counted over simple queries only.
    pub fn fault_at_statement(&self, number: usize, fault: Fault) {
        let mut state = lock(&self.state);
        state.fault = Some((number, fault));
        state.counts_statements = true;
    }

    /// Has every connection ended, with all that its client sent?
    #[must_use]
    pub fn is_idle(&self) -> bool {
        lock(&self.state).open == 0
    }

    /// Has the fault happened, or was there none?
    #[must_use]
    pub fn is_done(&self) -> bool {
        let state = lock(&self.state);
        state.fault.is_none() && !state.strikes
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

    /// The names of the statements that clients prepared.
    #[must_use]
    pub fn prepared(&self) -> Vec<String> {
        let messages = self.messages();
        let names = messages.iter().filter(|message| message.kind == 'P').filter_map(|message| message.text.split('\0').next());
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// How many statements clients had parsed, prepared or not.
    #[must_use]
    pub fn parsed(&self) -> usize {
        lock(&self.state).messages.iter().filter(|message| message.kind == 'P').count()
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

fn serve(mut client: TcpStream, upstream: &Upstream, state: &Arc<Mutex<State>>) -> io::Result<()> {
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
            let result = forward(&mut client, upstream, state, connection);
            lock(state).open -= 1;
            result
        }
    }
}

fn forward(client: &mut TcpStream, upstream: &Upstream, state: &Arc<Mutex<State>>, connection: usize) -> io::Result<()> {
    let mut server = upstream.connect()?;
    // Messages are handed on in pieces, and none waits until the one before was received.
    client.set_nodelay(true)?;
    let startup = read_start_up(client)?;
    let application = application_name(&startup);
    server.write_all(&startup)?;
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    let back = thread::spawn(move || {
        let copied = io::copy(&mut from_server, &mut to_client);
        // The client is told that the server has gone.
        drop(to_client.shutdown(Shutdown::Both));
        copied
    });
    let mut kind = [0];
    while client.read_exact(&mut kind).is_ok() {
        let mut body = read_sized(client)?;
        let text = String::from_utf8_lossy(&body[4..]).trim_end_matches('\0').to_owned();
        let fault = { lock(state).seen(Message { connection, kind: char::from(kind[0]), text }) };
        let mut afterwards = None;
        let strikes = fault.is_some();
        match fault {
            Some(Fault::CutBefore) => {
                lock(state).strikes = false;
                break;
            }
            Some(Fault::CutAfter) => drop(client.shutdown(Shutdown::Both)),
            Some(Fault::Before(happens)) => happens(&application),
            Some(Fault::InPlace(happens)) => {
                happens(&application);
                lock(state).strikes = false;
                break;
            }
            Some(Fault::After(happens)) => afterwards = Some(happens),
            Some(Fault::Replace(text)) => {
                kind = [b'Q'];
                body = sized(format!("{text}\0").as_bytes());
            }
            None => {}
        }
        let sent = server.write_all(&kind).and_then(|()| server.write_all(&body));
        if let Some(happens) = afterwards {
            happens(&application);
        }
        if strikes {
            lock(state).strikes = false;
        }
        sent?;
    }
    drop(server.shutdown());
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

/// The parameter of that name in a start-up message: pairs of texts, each ended by a zero byte.
fn application_name(startup: &[u8]) -> String {
    let mut texts = startup.get(8..).unwrap_or_default().split(|byte| *byte == 0);
    while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
        if name == b"application_name" {
            return String::from_utf8_lossy(value).into_owned();
        }
    }
    String::new()
}

/// A body with its length before it.
fn sized(body: &[u8]) -> Vec<u8> {
    let mut message = u32::try_from(body.len() + 4).unwrap_or(u32::MAX).to_be_bytes().to_vec();
    message.extend(body);
    message
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
    response.extend(sized(&fields));
    response
}
