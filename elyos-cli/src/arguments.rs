//! What the user wrote.

use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Bring a PostgreSQL database to what a bundle of schema, migrations and seeds describes.
///
/// In a folder with a seeds/seeds.toml at or above it, the bundle is that project's; elsewhere it is `ElyOS`, embedded
/// in this command. The database is the one that `DATABASE_URL` names; without it, a private PostgreSQL is started.
#[derive(Debug, Parser)]
#[command(name = "elyos", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Work on the bundle of this folder.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) project: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// How many seconds to try to connect.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) connect_timeout: u64,

    /// The URL of the same database for the work, of a role that has the rights; else that of `MIGRATION_DATABASE_URL`.
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) migration_database_url: Option<String>,

    /// The role to do the work as, which the connection's user is a member of.
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) role: Option<String>,

    /// How many seconds to wait for another process that initialises the same database.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) lock_timeout: u64,

    /// How many seconds a statement behind which others queue may wait for its lock; then all is rolled back and tried again.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) migration_lock_timeout: u64,

    /// How many seconds to try again what was not given its locks.
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    pub(crate) migration_lock_deadline: u64,
}

/// Is a database's URL in it, in either of its forms? It may hold a password, and is repeated in no message.
pub(crate) fn is_url(argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    ["postgresql://", "postgres://", "password="].iter().any(|sign| text.contains(sign))
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 drift or findings, 2 wrong usage, 3 no database, 4 the database refused, 5 files could not be removed or written.";

/// The commands; each has a file of its own in `commands/`.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Apply all that is left to do: schemas, extensions, migrations, seeds, procedures, the administrator's e-mail.
    ///
    /// `ADMIN_USER_EMAIL`, where it is set, replaces the administrator's e-mail address.
    Init(Init),
    /// Run seeds and procedures again, in the order of their dependencies, whether or not they have changed.
    Seed(Seed),
    /// Empty the tables that seeds.toml lists and run every seed again, in one transaction.
    Reset,
    /// Write what `init` does as one file for psql, without connecting to anything.
    ///
    /// Run it with `psql -X -v ON_ERROR_STOP=1 -f FILE`. It decides by the database's ledger what is due, so it can be run
    /// again, and `init` afterwards has nothing to do.
    Sql(Sql),
    /// Put a demonstration back to its beginning: `reset`, and then the folder of uploaded files cleared.
    ///
    /// The folder is the one that `UPLOADS_DIR` names. `.gitkeep`, the paths in `DEMO_RESET_UPLOADS_KEEP` (in the folder, with
    /// commas between them) and the log stay in it. Each run appends a line to the log, `.demo-reset.log` in the folder.
    DemoReset,
    /// Say how far the database has what the bundle describes.
    Status(Status),
    /// Print the schema that SQL files or a live database hold.
    Inspect(Inspect),
    /// Stop the project's private PostgreSQL. Its data stay.
    Stop,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Empty the tables that seeds.toml lists and run every seed again.
    #[arg(long)]
    pub(crate) reset: bool,

    /// Write nothing: say what is missing, and end with exit code 1 where something is.
    #[arg(long, conflicts_with = "reset")]
    pub(crate) verify: bool,

    /// What to do when a newer release has written the database.
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = OnAhead::GoOn)]
    pub(crate) on_ahead: OnAhead,
}

/// What to do when a newer release has written the database.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum OnAhead {
    /// Write nothing, say so, and end well.
    GoOn,
    /// Fail, with exit code 1.
    Refuse,
}

impl From<OnAhead> for elyos_runtime::OnAhead {
    fn from(on_ahead: OnAhead) -> Self {
        match on_ahead {
            OnAhead::GoOn => Self::GoOn,
            OnAhead::Refuse => Self::Refuse,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Seed {
    /// Only these seeds, and no procedures unless --only-procedures names some.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) only: Option<Vec<String>>,

    /// Only these procedures, and no seeds unless --only names some.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) only_procedures: Option<Vec<String>>,

    /// The seeds that the named ones depend on, too.
    #[arg(long)]
    pub(crate) with_dependencies: bool,

    /// Empty the tables that seeds.toml lists first, all of them, in the same transaction.
    #[arg(long, conflicts_with = "no_truncate")]
    pub(crate) truncate: bool,

    /// Keep the rows that are there; this is so unless --truncate is given.
    #[arg(long)]
    pub(crate) no_truncate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE", conflicts_with = "json")]
    pub(crate) output: Option<PathBuf>,

    /// The administrator's e-mail address, in place of that in `ADMIN_USER_EMAIL`; it stands in the file.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) admin_email: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// SQL files, or folders of them: migrations in the order of their numbers, or a file a table.
    #[arg(value_name = "FILE", required_unless_present = "database")]
    pub(crate) files: Vec<PathBuf>,

    /// The database at this URL instead.
    #[arg(long, value_name = "URL", conflicts_with = "files")]
    pub(crate) database: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Print the URL of the private PostgreSQL and nothing else, as for `DATABASE_URL="$(elyos status --url)"`.
    #[arg(long, conflicts_with = "json")]
    pub(crate) url: bool,
}
