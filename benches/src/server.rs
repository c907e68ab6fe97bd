//! A durable private PostgreSQL, and databases that are new for each run.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use elyos_cli::cluster::{Cluster, Outcome};
use postgres::{Client, NoTls};

use crate::Result;

/// The server that is measured on: the private one of this folder, as `elyos init` would start it.
pub struct Server {
    cluster: Cluster,
    admin: Client,
    stop: bool,
    count: usize,
}

impl Server {
    /// Starts it, and prints what it is.
    ///
    /// # Errors
    ///
    /// When there is none, or when it would lose what it has committed: that would flatter whoever commits most.
    pub fn start() -> Result<Self> {
        let started = Cluster::start(Path::new(env!("CARGO_MANIFEST_DIR")))?;
        let cluster = started.cluster;
        let mut admin = Client::connect(&cluster.url("postgres"), NoTls)?;
        // Held until this session ends.
        if !admin.query_one("SELECT pg_try_advisory_lock(1)", &[])?.get::<_, bool>(0) {
            return Err("another benchmark is running, and the two would disturb each other".into());
        }
        for row in admin.query("SELECT datname::text FROM pg_database WHERE datname LIKE 'bench\\_%'", &[])? {
            // Left by one that was interrupted.
            drop_database(&mut admin, row.get(0))?;
        }
        println!("PostgreSQL {} over a Unix socket", cluster.server_version());
        let sql = "SELECT name, setting FROM pg_settings WHERE name IN \
                   ('fsync', 'synchronous_commit', 'full_page_writes', 'wal_level', 'shared_buffers', 'jit') ORDER BY name";
        for row in admin.query(sql, &[])? {
            let (name, value): (&str, &str) = (row.get(0), row.get(1));
            print!("{name} = {value}  ");
            if ["fsync", "synchronous_commit", "full_page_writes"].contains(&name) && value != "on" {
                return Err(format!("{name} is {value}: this is to be measured with durable settings").into());
            }
        }
        let processors = std::thread::available_parallelism()?;
        let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        println!("\n{processors} cores, load {}", load.split(' ').next().filter(|load| !load.is_empty()).unwrap_or("unknown"));
        Ok(Self { cluster, admin, stop: started.outcome != Outcome::Running, count: 0 })
    }

    /// An empty database. What creating it has left to write is written, so that it does not count for who comes next.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub fn database(&mut self) -> Result<Database> {
        self.count += 1;
        let name = format!("bench_{}_{}", std::process::id(), self.count);
        self.cluster.create_database(&name)?;
        self.admin.batch_execute("CHECKPOINT")?;
        Ok(Database { url: self.cluster.url(&name), name })
    }

    /// Drops a database.
    ///
    /// # Errors
    ///
    /// When the server refuses.
    pub fn drop(&mut self, database: &Database) -> Result<()> {
        drop_database(&mut self.admin, &database.name)
    }

    /// The folder of the server's socket.
    #[must_use]
    pub fn socket_directory(&self) -> &Path {
        self.cluster.socket_directory()
    }

    /// The server's own psql, not the script that some distributions put before it and that takes its time.
    ///
    /// # Errors
    ///
    /// When the server cannot be asked where its programs are.
    pub fn psql(&mut self) -> Result<PathBuf> {
        let row = self.admin.query_one("SELECT setting FROM pg_config WHERE name = 'BINDIR'", &[])?;
        let path = Path::new(row.get::<_, &str>(0)).join("psql");
        Ok(if path.is_file() { path } else { "psql".into() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.stop
            && let Err(error) = Cluster::stop(Path::new(env!("CARGO_MANIFEST_DIR")))
        {
            eprintln!("the server was not stopped: {error}");
        }
    }
}

fn drop_database(admin: &mut Client, name: &str) -> Result<()> {
    Ok(admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", elyos_runtime::quote_identifier(name)))?)
}

/// A database of one run.
pub struct Database {
    name: String,
    /// The URL to connect with.
    pub url: String,
}

impl Database {
    /// How many tables, functions and rows the schemas of ElyOS have: equal where the same was done.
    ///
    /// # Errors
    ///
    /// When the database cannot be read.
    pub fn content(&self) -> Result<String> {
        let mut client = Client::connect(&self.url, NoTls)?;
        let schemas = "('auth', 'platform', 'extensions')";
        let tables = client.query(
            &format!("SELECT format('%I.%I', schemaname, tablename) FROM pg_catalog.pg_tables WHERE schemaname IN {schemas} ORDER BY 1"),
            &[],
        )?;
        let mut rows = 0;
        for table in &tables {
            rows += client.query_one(&format!("SELECT count(*) FROM {}", table.get::<_, &str>(0)), &[])?.get::<_, i64>(0);
        }
        let functions: i64 = client
            .query_one(
                &format!(
                    "SELECT count(*) FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace \
                     WHERE n.nspname IN {schemas}"
                ),
                &[],
            )?
            .get(0);
        Ok(format!("{} tables, {functions} functions, {rows} rows", tables.len()))
    }
}

/// A command that nothing in the environment leads elsewhere.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("PG") || name == "ADMIN_USER_EMAIL" || name == "DATABASE_URL") {
            command.env_remove(name);
        }
    }
    command
}
