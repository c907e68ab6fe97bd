//! What running a statement costs beside the drivers alone: blocking, asynchronous, and without preparing.

use std::process::ExitCode;

use elyos_benches::{
    Result,
    sample::{Contender, Ratio, alternate, print, timed},
    server::Server,
};
use elyos_runtime::{
    AsyncDb, DbOptions, ELYOS, Init,
    prelude::*,
    repositories::{UserRepository, UserRow},
};
use postgres::{Client, Config, NoTls, Row, types::Type};

const RUNS: usize = 20_000;
const WARM_UP: usize = 2_000;

/// The text that the repository's statement has too.
const SQL: &str = "SELECT \"id\", \"full_name\", \"email\", \"email_verified\", \"two_factor_enabled\", \"username\", \"image\", \"oauth_image\", \
                   \"user_settings\", \"created_at\", \"updated_at\", \"deleted_at\", \"is_active\" FROM \"auth\".\"users\" WHERE \"id\" = $1";

const GOAL: Option<f64> = Some(1.05);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut server = Server::start()?;
    let database = server.database()?;
    Init::new(&ELYOS).database_url(&database.url).admin_email("").run()?;
    let config = || database.url.parse::<Config>().map(|mut config| config.application_name("elyos").clone());

    {
        let (by_hand, ours) = ("postgres, prepared", "Db");
        let mut client = config()?.connect(NoTls)?;
        let statement = client.prepare(SQL)?;
        let db = Db::connect(&database.url)?;
        let mut contenders = [
            Contender::new(by_hand, || timed(|| Ok(client.query_opt(&statement, &[&1])?.as_ref().map(user)))),
            Contender::new(ours, || timed(|| Ok(UserRepository::find_by_id(&db, 1)?))),
        ];
        alternate(&mut contenders, WARM_UP, RUNS)?;
        print("One row by its key, blocking", &contenders, &[Ratio { of: ours, to: by_hand, goal: GOAL }]);
    }

    {
        let (by_hand, ours) = ("postgres, query_typed", "Db, unprepared");
        let mut client = config()?.connect(NoTls)?;
        let db = Db::connect_with(&database.url, DbOptions::new().unprepared())?;
        let mut contenders = [
            Contender::new(by_hand, || timed(|| Ok(client.query_typed(SQL, &[(&1, Type::INT4)])?.first().map(user)))),
            Contender::new(ours, || timed(|| Ok(UserRepository::find_by_id(&db, 1)?))),
        ];
        alternate(&mut contenders, WARM_UP, RUNS)?;
        print("The same, prepared by neither", &contenders, &[Ratio { of: ours, to: by_hand, goal: GOAL }]);
    }

    {
        let (by_hand, ours) = ("postgres, BEGIN and COMMIT", "Db::transaction");
        let mut client: Client = config()?.connect(NoTls)?;
        let statement = client.prepare(SQL)?;
        let db = Db::connect(&database.url)?;
        let mut contenders = [
            Contender::new(by_hand, || {
                timed(|| {
                    let mut transaction = client.transaction()?;
                    let row = transaction.query_opt(&statement, &[&1])?.as_ref().map(user);
                    transaction.commit()?;
                    Ok(row)
                })
            }),
            Contender::new(ours, || timed(|| Ok(db.transaction(|tx| UserRepository::find_by_id(tx, 1))?))),
        ];
        alternate(&mut contenders, WARM_UP, RUNS)?;
        print("The same in a transaction", &contenders, &[Ratio { of: ours, to: by_hand, goal: GOAL }]);
    }

    {
        let (by_hand, ours) = ("tokio-postgres, prepared", "AsyncDb");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut config = database.url.parse::<tokio_postgres::Config>()?;
        let (client, connection) = runtime.block_on(config.application_name("elyos").connect(NoTls))?;
        runtime.spawn(connection);
        let statement = runtime.block_on(client.prepare(SQL))?;
        let db = runtime.block_on(AsyncDb::connect(&database.url))?;
        let mut contenders = [
            Contender::new(by_hand, || timed(|| Ok(runtime.block_on(client.query_opt(&statement, &[&1]))?.as_ref().map(user)))),
            Contender::new(ours, || timed(|| Ok(runtime.block_on(UserRepository::find_by_id(&db, 1))?))),
        ];
        alternate(&mut contenders, WARM_UP, RUNS)?;
        print("The same, asynchronously", &contenders, &[Ratio { of: ours, to: by_hand, goal: GOAL }]);
    }
    server.drop(&database)
}

fn user(row: &Row) -> UserRow {
    UserRow {
        id: row.get(0),
        full_name: row.get(1),
        email: row.get(2),
        email_verified: row.get(3),
        two_factor_enabled: row.get(4),
        username: row.get(5),
        image: row.get(6),
        oauth_image: row.get(7),
        user_settings: row.get(8),
        created_at: row.get(9),
        updated_at: row.get(10),
        deleted_at: row.get(11),
        is_active: row.get(12),
    }
}
