//! What is measured: what each library does, how often, and what is done before each time.

use chrono::{DateTime, TimeDelta, Utc};
use elyos_benches::Result;
use postgres::Client;

use super::rows::NewItem;
use super::{Look, Peer, Run, Wanted};

/// How many rows the tables have that are read.
pub(crate) const ROWS: u32 = 10_000;

/// The user that is read with groups and roles.
pub(crate) const USER: i32 = 1;

/// A line of the table.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whether several rows come back.
    pub(crate) many: bool,
    /// Whether it is the one that Diesel is to take three times as long for.
    pub(crate) bulk_insert: bool,
    pub(crate) rounds: usize,
    /// What is done before each time, which is no part of it.
    pub(crate) before: Option<fn(&mut Client) -> Result<()>>,
    pub(crate) run: fn(&mut dyn Peer, Look) -> Result<Run>,
}

const ONE: Case = Case { name: "", many: false, bulk_insert: false, rounds: 0, before: None, run: |peer, look| peer.by_key(1, look) };

/// All of them.
pub(crate) const CASES: [Case; 14] = [
    Case { name: "one row by its key", rounds: 4_000, run: |peer, look| peer.by_key(5_000, look), ..ONE },
    Case { name: "1 row of 3 columns", rounds: 4_000, run: |peer, look| peer.narrow(1, look), ..ONE },
    Case { name: "100 rows of 3 columns", many: true, rounds: 2_000, run: |peer, look| peer.narrow(100, look), ..ONE },
    Case { name: "10,000 rows of 3 columns", many: true, rounds: 150, run: |peer, look| peer.narrow(10_000, look), ..ONE },
    Case { name: "1 row of 21 columns", rounds: 4_000, run: |peer, look| peer.wide(1, look), ..ONE },
    Case { name: "100 rows of 21 columns", many: true, rounds: 1_000, run: |peer, look| peer.wide(100, look), ..ONE },
    Case { name: "10,000 rows of 21 columns", many: true, rounds: 50, run: |peer, look| peer.wide(10_000, look), ..ONE },
    Case {
        name: "a filtered page of 20, with the total",
        many: true,
        rounds: 300,
        run: |peer, look| peer.page(Wanted { text: "title 7", page: 3, size: 20 }, look),
        ..ONE
    },
    Case {
        name: "insert one row",
        rounds: 2_000,
        // Of one row that is quicker than TRUNCATE.
        before: Some(|client| Ok(client.batch_execute("DELETE FROM bench.items; SELECT setval('bench.items_id_seq', 1, false)")?)),
        run: |peer, look| peer.insert(item(1), look),
        ..ONE
    },
    Case {
        name: "insert 1,000 rows",
        many: true,
        bulk_insert: true,
        rounds: 150,
        before: Some(|client| Ok(client.batch_execute("TRUNCATE bench.items RESTART IDENTITY")?)),
        run: |peer, look| peer.insert_many((1..=1_000).map(item).collect(), look),
    },
    Case {
        name: "upsert 1,000 rows, half of them there",
        many: true,
        rounds: 150,
        before: Some(half_of_them),
        run: |peer, look| peer.upsert_many((1..=1_000).map(item).collect(), look),
        ..ONE
    },
    Case { name: "a left join of users, user_groups and groups", many: true, rounds: 300, run: |peer, look| peer.left_join(look), ..ONE },
    Case { name: "a tree of 100 × 10 × 10 rows", many: true, rounds: 150, run: |peer, look| peer.tree(look), ..ONE },
    Case { name: "a user with 5 groups and 3 roles", many: true, rounds: 2_000, run: |peer, look| peer.user(USER, look), ..ONE },
];

/// When all of it was made.
fn then() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn item(number: i64) -> NewItem {
    NewItem {
        sku: format!("SKU-{number:08}"),
        name: format!("The thing with the number {number}"),
        price: number * 199,
        quantity: i32::try_from(number % 1_000).unwrap_or_default(),
        is_active: number % 3 != 0,
        note: (number % 4 == 0).then(|| format!("every fourth has a note, and this is {number}")),
        listed_at: then() + TimeDelta::seconds(number),
    }
}

fn half_of_them(client: &mut Client) -> Result<()> {
    Ok(client.batch_execute(
        "TRUNCATE bench.items RESTART IDENTITY; \
         INSERT INTO bench.items (sku, name, price, quantity, is_active, note, listed_at) \
         SELECT 'SKU-' || lpad((n * 2)::text, 8, '0'), 'old', 1, 1, true, 'old', '2020-01-01' FROM generate_series(1, 500) AS n",
    )?)
}

/// Fills the tables that are read, and gives the user groups and roles.
pub(crate) fn fill(client: &mut Client) -> Result<()> {
    client.batch_execute(include_str!("schema.sql"))?;
    client.batch_execute(include_str!("../library.sql"))?;
    client.batch_execute(&format!(
        "INSERT INTO bench.narrow SELECT n, 'name of number ' || n, n * 7 % 1000 FROM generate_series(1, {ROWS}) AS n; \
         INSERT INTO bench.wide SELECT n, md5(n::text)::uuid, 'A title ' || n, CASE WHEN n % 3 = 0 THEN 'subtitle ' || n END, \
             'The summary of number ' || n || ', of a line or so, as they are', repeat('Text of the body. ', 10 + n % 10), \
             'author ' || n % 100, CASE WHEN n % 2 = 0 THEN 'editor ' || n % 10 END, CASE n % 2 WHEN 0 THEN 'hu' ELSE 'en-GB' END, \
             n % 5, n, n * 1000, n / 7.0::float8, CASE WHEN n % 5 <> 0 THEN n / 3.0::float4 END, n % 4 <> 0, n % 50 = 0, \
             jsonb_build_object('theme', 'dark', 'size', n % 9, 'tags', jsonb_build_array('a', 'b')), \
             CASE WHEN n % 4 <> 0 THEN date '2020-01-01' + (n % 2000)::int END, \
             timestamptz '2020-01-01 00:00:00+00' + n * interval '1 minute', timestamptz '2021-01-01 00:00:00+00' + n * interval '1 second', \
             CASE WHEN n % 100 = 0 THEN timestamptz '2022-01-01 00:00:00+00' END \
         FROM generate_series(1, {ROWS}) AS n; \
         INSERT INTO auth.groups (name) SELECT jsonb_build_object('en', 'Group ' || n, 'hu', n || '. csoport') FROM generate_series(1, 5) AS n; \
         INSERT INTO auth.roles (name) SELECT jsonb_build_object('en', 'Role ' || n, 'hu', n || '. szerep') FROM generate_series(1, 3) AS n; \
         DELETE FROM auth.user_groups WHERE user_id = {USER}; DELETE FROM auth.user_roles WHERE user_id = {USER}; \
         INSERT INTO auth.user_groups (user_id, group_id) SELECT {USER}, id FROM auth.groups ORDER BY id DESC LIMIT 5; \
         INSERT INTO auth.user_roles (user_id, role_id) SELECT {USER}, id FROM auth.roles ORDER BY id DESC LIMIT 3; \
         INSERT INTO auth.users (full_name, email) SELECT 'user ' || n, n || '@example.com' FROM generate_series(1, 1000) AS n; \
         INSERT INTO auth.user_groups (user_id, group_id) \
             SELECT u.id, g.id FROM auth.users AS u, auth.groups AS g WHERE u.id <> {USER} AND u.id % g.id = 0; \
         INSERT INTO library.authors (name) SELECT 'author ' || n FROM generate_series(1, 100) AS n; \
         INSERT INTO library.books (author_id, title) SELECT a.id, 'book ' || n FROM library.authors AS a, generate_series(1, 10) AS n; \
         INSERT INTO library.chapters (book_id, title, pages) \
             SELECT b.id, 'chapter ' || n, n FROM library.books AS b, generate_series(1, 10) AS n",
    ))?;
    Ok(client.batch_execute("VACUUM ANALYZE")?)
}
