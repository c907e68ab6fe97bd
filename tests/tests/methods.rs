//! What repositories do with many rows, with conditions, with rows that are hidden, with keys of every kind and with views: the same
//! from a blocking and from an asynchronous connection.

use std::fmt::Write as _;
use std::sync::Mutex;

use elyos_runtime::DbOptions;
use elyos_runtime::prelude::*;
use elyos_runtime::query::{Query, Row, Statement};
use elyos_runtime::rust_decimal::Decimal;
use elyos_tests::bouncer::Bouncer;
use elyos_tests::proxy::Proxy;
use elyos_tests::{TestDatabase, client, database};

use types::Mood;

const SCHEMA: &str = include_str!("schemas/shop.sql");

mod types {
    elyos_runtime::types!(schema = "tests/schemas/shop.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "shop.customers",
    schema = "tests/schemas/shop.sql",
    search(name, email),
    secret(password),
    soft_delete = deleted_at
)]
struct CustomerRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "shop.orders", schema = "tests/schemas/shop.sql", soft_delete = hidden, updated_at = changed)]
struct OrderRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "shop.visits", schema = "tests/schemas/shop.sql")]
struct VisitRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "shop.spenders", schema = "tests/schemas/shop.sql", search(note))]
struct SpenderRepository;

/// Only the customers that are not hidden, untouched by updates.
mod plain {
    use elyos_runtime::prelude::*;

    #[derive(Debug, Clone, Copy, Repository)]
    #[repository(table = "shop.customers", schema = "tests/schemas/shop.sql", updated_at = none)]
    pub(super) struct CustomerRepository;
}

fn shop() -> TestDatabase {
    let database = database();
    client(database.url()).batch_execute(SCHEMA).expect("the schema is PostgreSQL's");
    database
}

fn customer(name: &str) -> NewCustomer {
    NewCustomer { email: format!("{name}@example.com"), name: name.to_owned(), optional: default() }
}

fn order(region: &str, number: i32, customer_id: i32) -> NewOrder {
    NewOrder { region: region.to_owned(), number, customer_id, optional: default() }
}

fn names(rows: &[CustomerRow]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

/// How often the connection's statements have been run, as text.
struct Prepared;

impl Query for Prepared {
    type Output = i64;

    fn statement(&self) -> Statement<'_> {
        Statement { sql: "SELECT count(*) FROM pg_prepared_statements".into(), params: Vec::new() }
    }

    fn read(&self, rows: Vec<Row>) -> Result<i64, Error> {
        elyos_runtime::query::read(&rows[0], 0)
    }
}

macro_rules! at_once {
    ($answer:expr) => {
        $answer
    };
}

macro_rules! awaited {
    ($answer:expr) => {
        $answer.await
    };
}

macro_rules! many_rows_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        // One statement for any number of rows; the answer is in their order.
        let new: Vec<NewCustomer> = (0..500).map(|number| customer(&format!("c{number:03}"))).collect();
        let rows = $now!(CustomerRepository::insert_many(ex, new))?;
        assert_eq!(rows.len(), 500);
        assert!(rows.iter().enumerate().all(|(number, row)| row.name == format!("c{number:03}")));
        assert!(rows.windows(2).all(|two| two[0].id < two[1].id));
        assert_eq!(rows[0].tags, [Some("none".to_owned())]);

        // Default, null and a value are told apart for each row, arrays too.
        let with = |name: &str, optional| NewCustomer { optional, ..customer(name) };
        let new = vec![
            customer("d1"),
            with("d2", NewCustomerOptional { nick: Set(Some("two".into())), tags: Set(vec![]), ..default() }),
            customer("d3"),
            with(
                "d4",
                NewCustomerOptional {
                    nick: Set(None),
                    tags: Set(vec![Some("a \"b\", c\\".into()), None, Some("NULL".into()), Some(String::new())]),
                    ..default()
                },
            ),
            with(
                "d5",
                NewCustomerOptional { scores: Set(Some(vec![Some(Decimal::new(125, 2)), None])), mood: Set(Mood::ItSOk), ..default() },
            ),
            with("d6", NewCustomerOptional { scores: Set(None), mood: Set(Mood::Sad), ..default() }),
            with("d7", NewCustomerOptional { moods: Set(vec![Some(Mood::Sad), None, Some(Mood::ItSOk)]), ..default() }),
        ];
        let rows = $now!(CustomerRepository::insert_many(ex, new))?;
        assert_eq!(names(&rows), ["d1", "d2", "d3", "d4", "d5", "d6", "d7"]);
        assert_eq!(rows[0].tags, [Some("none".to_owned())]);
        assert_eq!((rows[1].nick.as_deref(), rows[1].shout.as_deref(), rows[1].tags.len()), (Some("two"), Some("TWO"), 0));
        assert_eq!(rows[3].nick, None);
        assert_eq!(rows[3].tags, [Some("a \"b\", c\\".to_owned()), None, Some("NULL".to_owned()), Some(String::new())]);
        assert_eq!(rows[4].scores, Some(vec![Some(Decimal::new(125, 2)), None]));
        assert_eq!((rows[4].mood, rows[5].mood, rows[6].mood), (Mood::ItSOk, Mood::Sad, Mood::Happy));
        assert_eq!(rows[5].scores, None);
        assert_eq!(rows[6].moods, [Some(Mood::Sad), None, Some(Mood::ItSOk)]);

        // Of no rows there is no statement.
        let before = $now!(ex.run(Prepared))?;
        assert_eq!($now!(CustomerRepository::insert_many(ex, Vec::new()))?, []);
        assert_eq!($now!(CustomerRepository::upsert_many(ex, Vec::new(), CustomerTarget::Email))?, []);
        assert_eq!($now!(CustomerRepository::find_by_ids(ex, &[]))?, []);
        assert_eq!($now!(ex.run(Prepared))?, before);

        // Of which nothing is said, but their number.
        assert_eq!($now!(VisitRepository::insert_many(ex, vec![NewVisit { optional: default() }; 3]))?.len(), 3);
        assert!($now!(VisitRepository::find_all(ex))?.iter().all(|visit| visit.at.is_some() && visit.page.is_none()));

        // Rows by their keys, in the order of the keys.
        let ids = [rows[6].id, -1, rows[0].id];
        assert_eq!(names(&$now!(CustomerRepository::find_by_ids(ex, &ids))?), ["d7", "d1"]);
        assert!($now!(CustomerRepository::exists(ex, rows[0].id))?);
        assert!(!$now!(CustomerRepository::exists(ex, -1))?);

        // An array, an enum and a domain by themselves.
        let patch = CustomerPatch { tags: Set(vec![None]), mood: Set(Mood::Sad), email: Set("d1@other.example".into()), ..default() };
        let changed = $now!(CustomerRepository::update(ex, rows[0].id, patch))?;
        assert_eq!((changed.tags, changed.mood), (vec![None], Mood::Sad));
        assert_eq!($now!(CustomerRepository::find_by_email(ex, "d1@other.example"))?.map(|row| row.id), Some(rows[0].id));
        // A domain's check holds whatever the Rust type is.
        let error = $now!(CustomerRepository::update(ex, rows[0].id, CustomerPatch { email: Set("nobody".into()), ..default() }));
        assert!(error.expect_err("no address").is_check_violation());
    }};
}

macro_rules! upserts_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let first = $now!(CustomerRepository::upsert(ex, customer("ann"), CustomerTarget::Email))?;
        // What is said is changed, what is not said stays.
        $now!(CustomerRepository::update(ex, first.id, CustomerPatch { points: Set(7), ..default() }))?;
        let again = NewCustomer { name: "Ann".into(), ..customer("ann") };
        let second = $now!(CustomerRepository::upsert(ex, again, CustomerTarget::Email))?;
        assert_eq!((second.id, second.name.as_str(), second.points), (first.id, "Ann", 7));
        // The row is given where nothing but the target is said, too.
        let orders = vec![order("hu", 1, first.id), order("hu", 2, first.id)];
        let made = $now!(OrderRepository::upsert_many(ex, orders.clone(), OrderTarget::RegionAndNumber))?;
        assert_eq!(made.iter().map(|order| order.number).collect::<Vec<_>>(), [1, 2]);
        let mut orders: Vec<NewOrder> = orders;
        orders[1].optional.note = Set(Some("gift".into()));
        orders.push(order("hu", 3, first.id));
        let changed = $now!(OrderRepository::upsert_many(ex, orders, OrderTarget::RegionAndNumber))?;
        assert_eq!(
            changed.iter().map(|order| (order.number, order.note.as_deref())).collect::<Vec<_>>(),
            [(1, None), (2, Some("gift")), (3, None)]
        );
        assert!(changed[0].changed.is_some() && changed[2].changed.is_none());
        // A unique index is a target as well.
        let other = NewOrder { optional: NewOrderOptional { note: Set(Some("gift".into())), ..default() }, ..order("hu", 9, first.id) };
        let met = $now!(OrderRepository::upsert(ex, other, OrderTarget::Note))?;
        assert_eq!((met.number, $now!(OrderRepository::count_all(ex))?), (9, 3));
        // Keys of two columns, in any order; columns may be called anything.
        let found = $now!(OrderRepository::find_by_ids(ex, &[("hu", 9), ("xx", 1), ("hu", 1)]))?;
        assert_eq!(found.iter().map(|order| order.number).collect::<Vec<_>>(), [9, 1]);
        // No row twice in a statement.
        let twice = vec![order("hu", 1, first.id), order("hu", 1, first.id)];
        let error = $now!(OrderRepository::upsert_many(ex, twice, OrderTarget::RegionAndNumber)).expect_err("the same row twice");
        assert_eq!(error.code(), Some("21000"));
    }};
}

macro_rules! conditions_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let new = ["Ann", "Bob", "Carl", "100%", "100x"].map(customer).to_vec();
        let rows = $now!(CustomerRepository::insert_many(ex, new))?;
        let ids: Vec<i32> = rows.iter().map(|row| row.id).collect();
        let count = |filter| CustomerRepository::count_where(ex, filter);
        assert_eq!($now!(count(customers::NAME.eq("Ann")))?, 1);
        assert_eq!($now!(count(customers::NAME.ne("Ann")))?, 4);
        assert_eq!($now!(count(customers::NAME.contains("0%")))?, 1);
        assert_eq!($now!(count(customers::NAME.starts_with("100")))?, 2);
        assert_eq!($now!(count(customers::NAME.ends_with("_")))?, 0);
        assert_eq!($now!(count(customers::NAME.like("_nn")))?, 1);
        assert_eq!($now!(count(customers::NAME.ilike("ANN").or(customers::NAME.eq("Bob"))))?, 2);
        assert_eq!($now!(count(customers::NICK.is_null().and(customers::NAME.eq("Bob").not())))?, 4);
        assert_eq!($now!(count(customers::NICK.is_not_null()))?, 0);
        assert_eq!($now!(count(customers::ID.is_in(ids[..2].to_vec())))?, 2);
        assert_eq!($now!(count(customers::ID.is_in(Vec::<i32>::new())))?, 0);
        assert_eq!($now!(count(customers::ID.between(ids[1], ids[3])))?, 3);
        assert_eq!($now!(count(customers::ID.gt(ids[1]).and(customers::ID.le(ids[3])).and_if(None)))?, 2);
        assert_eq!($now!(count(customers::MOOD.eq(Mood::Happy).and(customers::MOOD.is_in([Mood::Happy, Mood::Sad]))))?, 5);
        assert_eq!($now!(count(customers::POINTS.eq(customers::ID)))?, 0);

        let patch = CustomerPatch { points: Set(3), nick: Set(Some("x".into())), ..default() };
        assert_eq!($now!(CustomerRepository::update_where(ex, customers::NAME.starts_with("100"), patch))?, 2);
        assert_eq!($now!(CustomerRepository::update_where(ex, customers::NAME.eq("Ann"), default()))?, 0);
        assert_eq!($now!(count(customers::POINTS.eq(3).and(customers::NICK.eq("x"))))?, 2);
        assert_eq!($now!(VisitRepository::count_where(ex, visits::PAGE.eq("x")))?, 0);
        // Hidden, not removed; and removed for good where nothing hides.
        assert_eq!($now!(CustomerRepository::delete_where(ex, customers::POINTS.eq(3)))?, 2);
        assert_eq!($now!(CustomerRepository::count_all(ex))?, 3);
        assert_eq!($now!(plain::CustomerRepository::count_all(ex))?, 5);
        assert_eq!($now!(plain::CustomerRepository::delete_where(ex, plain::customers::DELETED_AT.is_not_null()))?, 2);
        assert_eq!($now!(plain::CustomerRepository::count_all(ex))?, 3);
    }};
}

macro_rules! hidden_rows_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let ann = $now!(CustomerRepository::insert(ex, customer("ann")))?;
        let bob = $now!(CustomerRepository::insert(ex, customer("bob")))?;
        assert!($now!(CustomerRepository::delete(ex, ann.id))?);
        assert!(!$now!(CustomerRepository::delete(ex, ann.id))?);
        // Nothing finds it, and nothing changes it.
        assert_eq!($now!(CustomerRepository::find_by_id(ex, ann.id))?, None);
        assert_eq!($now!(CustomerRepository::find_by_email(ex, &ann.email))?, None);
        assert!(!$now!(CustomerRepository::exists(ex, ann.id))?);
        assert_eq!(names(&$now!(CustomerRepository::find_by_ids(ex, &[ann.id, bob.id]))?), ["bob"]);
        assert_eq!(names(&$now!(CustomerRepository::find_all(ex))?), ["bob"]);
        assert_eq!($now!(CustomerRepository::count_all(ex))?, 1);
        assert_eq!($now!(CustomerRepository::count_matching(ex, "example"))?, 1);
        assert_eq!($now!(CustomerRepository::count_where(ex, customers::ID.gt(0)))?, 1);
        let page = $now!(CustomerRepository::paginate(ex, PageRequest::new(1, 9).search("example")))?;
        assert_eq!((names(&page.rows), page.total), (vec!["bob"], 1));
        assert_eq!(names(&$now!(CustomerRepository::list_after(ex, ListRequest::new(9)))?.rows), ["bob"]);
        assert_eq!($now!(CustomerRepository::update_where(ex, customers::ID.gt(0), CustomerPatch { points: Set(1), ..default() }))?, 1);
        let error = $now!(CustomerRepository::update(ex, ann.id, CustomerPatch { points: Set(1), ..default() }));
        assert!(error.expect_err("it is hidden").is_not_found());
        // That is noted as any change is, and it comes back as it was.
        let restored = $now!(CustomerRepository::restore(ex, ann.id))?;
        assert_eq!((restored.deleted_at, restored.points), (None, 0));
        assert!(restored.updated_at > ann.updated_at);
        assert!($now!(CustomerRepository::restore(ex, ann.id)).expect_err("it is not hidden").is_not_found());
        // An upsert brings back what it meets.
        $now!(CustomerRepository::delete(ex, ann.id))?;
        assert_eq!($now!(CustomerRepository::upsert(ex, customer("ann"), CustomerTarget::Email))?.id, ann.id);
        assert!($now!(CustomerRepository::exists(ex, ann.id))?);
        // Hidden by a flag.
        $now!(OrderRepository::insert(ex, order("hu", 1, bob.id)))?;
        assert!($now!(OrderRepository::delete(ex, ("hu", 1)))?);
        assert_eq!($now!(OrderRepository::list_by_customer_id(ex, bob.id))?, []);
        assert_eq!($now!(OrderRepository::restore(ex, ("hu", 1)))?.region, "hu");
        assert_eq!($now!(OrderRepository::list_by_customer_id(ex, bob.id))?.len(), 1);
        assert!($now!(OrderRepository::delete_permanently(ex, ("hu", 1)))?);
        assert!(!$now!(OrderRepository::delete_permanently(ex, ("hu", 1)))?);
    }};
}

macro_rules! views_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let rows = $now!(CustomerRepository::insert_many(ex, vec![customer("ann"), customer("bob")]))?;
        let note = NewOrderOptional { note: Set(Some("a gift".into())), ..default() };
        $now!(OrderRepository::insert(ex, NewOrder { optional: note, ..order("hu", 1, rows[1].id) }))?;
        let spenders = $now!(SpenderRepository::find_all(ex))?;
        // What is counted is never null, what is joined may be.
        let orders: Vec<(i32, i64, Option<&str>)> = spenders.iter().map(|row| (row.id, row.orders, row.note.as_deref())).collect();
        assert!(orders.contains(&(rows[0].id, 0, None)) && orders.contains(&(rows[1].id, 1, Some("a gift"))), "{orders:?}");
        let page = $now!(SpenderRepository::paginate(ex, PageRequest::new(1, 1).sort(spenders::ORDERS.desc())))?;
        assert_eq!((page.total, page.rows[0].id), (2, rows[1].id));
        assert_eq!($now!(SpenderRepository::count_matching(ex, "GIFT"))?, 1);
        assert_eq!($now!(SpenderRepository::count_where(ex, spenders::ORDERS.eq(0)))?, 1);
    }};
}

macro_rules! places_hold {
    ($ex:expr, $now:ident) => {{
        let ex = $ex;
        let new = (0..50).map(|number| NewCustomer {
            optional: NewCustomerOptional {
                // Every third is null, and many are equal.
                nick: if number % 3 == 0 { Unset } else { Set(Some(format!("n{}", number % 7))) },
                points: Set(number % 5),
                mood: Set(Mood::ALL[usize::try_from(number % 3).expect("small")]),
                ..default()
            },
            ..customer(&format!("c{number:02}"))
        });
        $now!(CustomerRepository::insert_many(ex, new.collect()))?;
        let orders = [
            vec![],
            vec![customers::ID.desc()],
            vec![customers::NICK.asc()],
            vec![customers::NICK.desc()],
            vec![customers::POINTS.desc(), customers::NICK.asc()],
            vec![customers::POINTS.asc(), customers::NICK.desc(), customers::NAME.desc()],
            vec![customers::MOOD.desc(), customers::UPDATED_AT.desc()],
            vec![customers::EMAIL.asc()],
        ];
        for order in orders {
            let request = order.iter().fold(ListRequest::new(7), |request, by| request.sort(*by));
            let mut found = Vec::new();
            let mut place = None;
            loop {
                // As it would go out into a URL and come back.
                let after = place.map(|place: Cursor| place.to_string().parse::<Cursor>().expect("any text"));
                let part = $now!(CustomerRepository::list_after(ex, request.clone().after(after)))?;
                found.extend(part.rows);
                place = part.next;
                if place.is_none() {
                    break;
                }
            }
            // The key decides last, in the direction of what stands before it.
            let down = format!("{:?}", order.last()).contains("DESC");
            let all = order.iter().fold(PageRequest::new(1, 100), |request, by| request.sort(*by));
            let all = all.sort(if down { customers::ID.desc() } else { customers::ID.asc() });
            assert_eq!(names(&found), names(&$now!(CustomerRepository::find_many_paginated(ex, all))?), "{order:?}");
        }
        // A search goes on through its parts.
        let request = ListRequest::new(3).search("c1");
        let part = $now!(CustomerRepository::list_after(ex, request.clone()))?;
        assert_eq!(names(&part.rows), ["c10", "c11", "c12"]);
        assert_eq!(names(&$now!(CustomerRepository::list_after(ex, request.after(part.next)))?.rows), ["c13", "c14", "c15"]);

        // A place of another order, or none at all.
        let by_name = $now!(CustomerRepository::list_after(ex, ListRequest::new(1).sort(customers::NAME.asc())))?.next;
        for place in [by_name.expect("there are more"), Cursor::from("no\nplace".to_owned()), Cursor::from("WyJhIiwgW10gXQ".to_owned())] {
            let error = $now!(CustomerRepository::list_after(ex, ListRequest::new(1).after(place))).expect_err("no place of this order");
            assert!(error.to_string().contains("is no place in this order of shop.customers"), "{error}");
        }
    }};
}

macro_rules! both_worlds {
    ($($what:ident: $blocking:ident $asynchronous:ident $unprepared:ident;)*) => {
        $(
            #[test]
            fn $blocking() -> Result<(), Error> {
                let database = shop();
                let db = Db::connect(database.url())?;
                $what!(&db, at_once);
                Ok(())
            }

            #[tokio::test]
            async fn $asynchronous() -> Result<(), Error> {
                let database = tokio::task::spawn_blocking(shop).await.expect("the schema is loaded");
                let db = AsyncDb::connect(database.url()).await?;
                $what!(&db, awaited);
                Ok(())
            }

            /// Through a pooler that gives each statement another session of the server's.
            #[test]
            fn $unprepared() -> Result<(), Error> {
                let database = shop();
                if !Bouncer::is_installed() {
                    return Ok(());
                }
                let bouncer = Bouncer::start(database.url(), 2);
                let proxy = Proxy::before_port(bouncer.port(), database.url());
                let db = Db::connect_with(&proxy.url(), DbOptions::new().unprepared())?;
                $what!(&db, at_once);
                assert_eq!(proxy.prepared(), [""; 0]);
                Ok(())
            }
        )*
    };
}

both_worlds! {
    many_rows_hold: many_rows many_rows_asynchronously many_rows_unprepared;
    upserts_hold: upserts upserts_asynchronously upserts_unprepared;
    conditions_hold: conditions conditions_asynchronously conditions_unprepared;
    hidden_rows_hold: hidden_rows hidden_rows_asynchronously hidden_rows_unprepared;
    views_hold: views views_asynchronously views_unprepared;
    places_hold: places places_asynchronously places_unprepared;
}

#[test]
fn a_secret_is_shown_to_nobody() -> Result<(), Error> {
    let database = shop();
    let db = Db::connect(database.url())?;
    let new = NewCustomer { optional: NewCustomerOptional { password: Set("hunter2".into()), ..default() }, ..customer("ann") };
    let patch = CustomerPatch { password: Set("hunter2".into()), ..default() };
    let shown = format!("{new:?} {patch:?}");
    let row = CustomerRepository::insert(&db, new)?;
    assert_eq!(row.password, "hunter2");
    let shown = format!("{shown} {row:?} {row:#?}");
    assert!(!shown.contains("hunter2") && shown.matches("<secret>").count() == 4, "{shown}");
    Ok(())
}

/// What the driver and Elyos tell the program's log, of whatever level.
struct Told(Mutex<String>);

impl log::Log for Told {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let mut told = self.0.lock().expect("nobody panics while telling");
        writeln!(told, "{}", record.args()).expect("a text takes any");
    }

    fn flush(&self) {}
}

static TOLD: Told = Told(Mutex::new(String::new()));

#[test]
fn no_log_holds_what_was_bound() -> Result<(), Error> {
    log::set_logger(&TOLD).expect("nobody else has a log here");
    log::set_max_level(log::LevelFilter::Trace);
    let database = shop();
    let db = Db::connect(database.url())?;
    let secret = "known-to-nobody-else";
    let new = |email| NewCustomer { optional: NewCustomerOptional { password: Set(secret.into()), ..default() }, ..customer(email) };
    CustomerRepository::insert(&db, new("ann"))?;
    CustomerRepository::insert_many(&db, vec![new("ben"), new("cid")])?;
    let found = CustomerRepository::select().filter(customers::PASSWORD.eq(secret)).all(&db)?;
    assert_eq!(found.len(), 3);
    let unprepared = Db::connect_with(database.url(), DbOptions::new().unprepared())?;
    CustomerRepository::insert(&unprepared, new("dan"))?;
    log::set_max_level(log::LevelFilter::Off);
    let told = TOLD.0.lock().expect("nobody panics while telling");
    // What is looked for would be there.
    assert!(told.contains("password") && told.contains("executing statement"), "{told}");
    assert!(!told.contains(secret), "{told}");
    Ok(())
}

#[test]
fn an_update_notes_its_time_unless_told_not_to() -> Result<(), Error> {
    let database = shop();
    let db = Db::connect(database.url())?;
    let ann = CustomerRepository::insert(&db, customer("ann"))?;
    let later = CustomerRepository::update(&db, ann.id, CustomerPatch { points: Set(1), ..default() })?;
    assert!(later.updated_at > ann.updated_at);
    let said = CustomerRepository::update(&db, ann.id, CustomerPatch { updated_at: Set(ann.updated_at), ..default() })?;
    assert_eq!(said.updated_at, ann.updated_at);
    let plain = plain::CustomerRepository::update(&db, ann.id, plain::CustomerPatch { points: Set(2), ..default() })?;
    assert_eq!((plain.points, plain.updated_at), (2, ann.updated_at));
    Ok(())
}

#[test]
fn a_far_part_costs_what_a_near_one_does() -> Result<(), Error> {
    let database = shop();
    let mut client = client(database.url());
    let fill = "INSERT INTO shop.customers (email, name) SELECT n || '@x', n FROM generate_series(1, 20000) n; ANALYZE shop.customers";
    client.batch_execute(fill).expect("rows");
    let db = Db::connect(database.url())?;
    let mut read = || {
        let blocks =
            "SELECT pg_stat_force_next_flush(); SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_user_tables WHERE relname = 'customers'";
        let rows = client.simple_query(blocks).expect("statistics");
        rows.iter().rev().find_map(|message| match message {
            postgres::SimpleQueryMessage::Row(row) => row.get(0)?.parse::<i64>().ok(),
            _ => None,
        })
    };
    let request = ListRequest::<CustomerRepository>::new(100);
    let mut part = CustomerRepository::list_after(&db, request.clone())?;
    for _ in 0..150 {
        part = CustomerRepository::list_after(&db, request.clone().after(part.next))?;
    }
    drop(db);
    std::thread::sleep(std::time::Duration::from_millis(300));
    // The parts before were 15,100 rows, and no row was read twice but the one that tells that there are more.
    let rows = read().expect("a number");
    assert!(rows < 20_000 + 152 * 103, "{rows}");
    Ok(())
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "shop.parcels", schema = "tests/schemas/shop.sql")]
struct ParcelRepository;

#[test]
fn a_violation_is_of_the_whole_tables_constraint() -> Result<(), Error> {
    let database = shop();
    let db = Db::connect(database.url())?;
    let day = "2026-05-01".parse().expect("a date");
    let parcel = |id: i32, code: &str, weight: i32| NewParcel {
        id,
        sent: day,
        optional: NewParcelOptional { code: Set(Some(code.into())), weight: Set(Some(weight)) },
    };
    ParcelRepository::insert(&db, parcel(1, "a", 1))?;
    // PostgreSQL names the partition, and its index by the partition's name.
    for (new, constraint) in [
        (parcel(1, "b", 1), ParcelConstraint::ParcelsPkey),
        (parcel(2, "a", 1), ParcelConstraint::ParcelsCode),
        (parcel(3, "c", 0), ParcelConstraint::ParcelsWeightCheck),
    ] {
        let error = ParcelRepository::insert(&db, new).expect_err("it violates a constraint");
        assert_eq!(error.violates::<ParcelRepository>(), Some(constraint), "{error}");
        assert_eq!(error.violates::<CustomerRepository>(), None);
    }
    // In a partition that the schema's text does not know.
    client(database.url())
        .batch_execute("CREATE TABLE shop.parcels_2027 PARTITION OF shop.parcels FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')")
        .expect("it is the owner");
    let later = |new: NewParcel| NewParcel { sent: new.sent + elyos_runtime::chrono::Months::new(12), ..new };
    ParcelRepository::insert(&db, later(parcel(1, "a", 1)))?;
    for (new, constraint) in [
        (parcel(1, "b", 1), ParcelConstraint::ParcelsPkey),
        (parcel(2, "a", 1), ParcelConstraint::ParcelsCode),
        (parcel(3, "c", 0), ParcelConstraint::ParcelsWeightCheck),
    ] {
        let error = ParcelRepository::insert(&db, later(new)).expect_err("it violates a constraint");
        assert_eq!(error.violates::<ParcelRepository>(), Some(constraint), "{error}");
    }
    Ok(())
}
