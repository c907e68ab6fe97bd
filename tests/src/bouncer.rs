//! pgbouncer before the server, giving each transaction the connection that has been free the longest: hardly ever that of the
//! transaction before.

use std::fs;
use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use std::thread;
use std::time::{Duration, Instant};

use nix::unistd::Uid;
use tempfile::TempDir;

/// A pgbouncer that runs until it is dropped.
pub struct Bouncer {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl Bouncer {
    /// Whether the program is there. Where it is not, says so past the capture of the test's output.
    ///
    /// # Panics
    ///
    /// When it is not and the variable `CI` is set: there every case has to run.
    #[must_use]
    pub fn is_installed() -> bool {
        if program().is_some() {
            return true;
        }
        assert!(std::env::var_os("CI").is_none(), "pgbouncer is not installed; CI has to run its cases");
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "left out: pgbouncer is not installed");
        false
    }

    /// Starts one before the database of a URL with a Unix socket, which keeps so many connections to the server.
    ///
    /// # Panics
    ///
    /// When it cannot be started.
    #[must_use]
    pub fn start(url: &str, connections: usize) -> Self {
        let config: postgres::Config = url.parse().expect("a URL");
        let Some(postgres::config::Host::Unix(socket)) = config.get_hosts().first() else { panic!("the URL names no socket") };
        let database = config.get_dbname().expect("the URL names a database");
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder is readable");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
        let settings = format!(
            "[databases]\n{database} = host={} dbname={database} user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = {connections}\nmin_pool_size = {}\nserver_round_robin = 1\nmax_client_conn = 200\nserver_login_retry = 1\n\
             ignore_startup_parameters = extra_float_digits\n",
            socket.display(),
            connections.min(5)
        );
        let file = folder.path().join("pgbouncer.ini");
        fs::write(&file, settings).expect("the settings are written");
        let mut command = Command::new(program().expect("pgbouncer is installed"));
        // Like the server it refuses to run as root.
        if Uid::effective().is_root() {
            command.args(["-u", "postgres"]);
        }
        let child = command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("pgbouncer starts");
        let bouncer = Self { child, port, _folder: folder };
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "pgbouncer does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        bouncer
    }

    /// The port that leads here.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Debian installs it where only root looks.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/local/sbin")]);
    folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file())
}
