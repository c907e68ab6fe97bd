//! One row by its key: the repository's method against a query prepared and decoded by hand.

use std::process::ExitCode;

use elyos_benches::{
    Result,
    sample::{Contender, Ratio, alternate, print, timed},
    server::Server,
};
use elyos_runtime::{
    ELYOS, Init,
    prelude::*,
    repositories::{UserRepository, UserRow},
};
use postgres::{Client, Config, NoTls, Statement};

const RUNS: usize = 20_000;
const WARM_UP: usize = 2_000;

const BY_HAND: &str = "postgres, prepared and decoded by hand";
const REPOSITORY: &str = "UserRepository::find_by_id";

/// The text that the repository's statement has too.
const SQL: &str = "SELECT id, full_name, email, email_verified, two_factor_enabled, username, image, oauth_image, user_settings, \
                   created_at, updated_at, deleted_at, is_active FROM auth.users WHERE id = $1";

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
    {
        let db = Db::connect(&database.url)?;
        let mut client = database.url.parse::<Config>()?.application_name("elyos").connect(NoTls)?;
        let statement = client.prepare(SQL)?;
        let expected = by_hand(&mut client, &statement, 1)?;
        if expected.is_none() || expected != UserRepository::find_by_id(&db, 1)? {
            return Err("the two do not find the same row".into());
        }
        let mut contenders = [
            Contender::new(BY_HAND, || timed(|| by_hand(&mut client, &statement, 1))),
            Contender::new(REPOSITORY, || timed(|| Ok(UserRepository::find_by_id(&db, 1)?))),
        ];
        alternate(&mut contenders, WARM_UP, RUNS)?;
        print("One row by its key, 13 columns", &contenders, &[Ratio { of: REPOSITORY, to: BY_HAND, goal: None }]);
    }
    server.drop(&database)
}

fn by_hand(client: &mut Client, statement: &Statement, id: i32) -> Result<Option<UserRow>> {
    let Some(row) = client.query_opt(statement, &[&id])? else { return Ok(None) };
    Ok(Some(UserRow {
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
    }))
}
