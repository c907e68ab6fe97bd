//! What holds of the dates and times of any crate: the file around this one says how its values are made.

#[path = "../tests/kitchen_support/check.rs"]
mod check;
#[allow(dead_code, reason = "values of every type, of which dates and times are a few")]
#[path = "../tests/kitchen_support/values.rs"]
mod values;

use elyos_runtime::DbOptions;
use elyos_runtime::prelude::*;
use elyos_runtime::query::{DatePart, current_date_as, now_as};
use elyos_runtime::types::Interval;
use elyos_tests::{TestDatabase, client, database};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::diary::procedures::diary as functions;
use super::diary::types::Slot;
use super::diary::*;
use super::{BEYOND, behind_microseconds, clock, clock_somewhere, date, instant, local};
use check::{Tried, try_column};
use values::{elements, grid, multirange, range, whole_range};

fn ready() -> TestDatabase {
    let database = database();
    client(database.url()).batch_execute(include_str!("schema.sql")).expect("the schema is PostgreSQL's");
    database
}

/// Tries the columns one after the other, each with values of its own.
macro_rules! columns_hold {
    ($($column:ident: $values:expr;)*) => {
        #[test]
        fn a_value_of_every_column_comes_back() -> Result<(), Error> {
            let database = ready();
            let (db, mut client) = (Db::connect(database.url())?, client(database.url()));
            let mut wrong = Vec::new();
            $(
                let tried = try_column::<EntryRepository, _>(
                    &db,
                    &mut client,
                    &Tried {
                        column: stringify!($column),
                        new: &|value| NewEntry { optional: NewEntryOptional { $column: Set(Some(value)), ..default() } },
                        patch: &|value| EntryPatch { $column: Set(Some(value)), ..default() },
                        of: &|row: &EntryRow| (row.id, row.$column.clone()),
                    },
                    $values,
                );
                wrong.extend(tried.err());
            )*
            assert_eq!(wrong, Vec::<String>::new());
            Ok(())
        }

        /// Values of all columns, of those that PostgreSQL has: its days begin in 4713 before the first year.
        fn entry(runner: &mut TestRunner, db: &Db) -> NewEntry {
            let of = |optional| NewEntry { optional };
            let mut all = NewEntryOptional::default();
            $(
                all.$column = loop {
                    let value = Set(Some(some(runner, $values)));
                    let alone = of(NewEntryOptional { $column: value.clone(), ..default() });
                    if EntryRepository::insert(db, alone.clone()).is_ok() && EntryRepository::insert_many(db, vec![alone]).is_ok() {
                        break value;
                    }
                };
            )*
            of(all)
        }
    };
}

columns_hold! {
    c_date: date();
    c_time: clock();
    c_timetz: clock_somewhere();
    c_timestamp: local();
    c_timestamptz: instant();
    c_moment: instant();
    c_daterange: whole_range(date());
    c_tsrange: range(local());
    c_tstzrange: range(instant());
    c_shift: range(clock());
    c_datemultirange: multirange(date());
    c_tsmultirange: multirange(local());
    c_tstzmultirange: multirange(instant());
    a_date: elements(date());
    a_time: elements(clock());
    a_timetz: elements(clock_somewhere());
    a_timestamp: elements(local());
    a_timestamptz: elements(instant());
    a_tstzrange: elements(range(instant()));
    g_date: grid(date());
    g_timestamptz: grid(instant());
    c_slot: slot();
    a_slot: elements(slot());
}

fn some<S: Strategy>(runner: &mut TestRunner, values: S) -> S::Value {
    values.new_tree(runner).expect("a value").current()
}

fn slot() -> impl Strategy<Value = Slot> {
    use prop::option::of;

    (
        of(date()),
        of(clock()),
        of(clock_somewhere()),
        of(local()),
        of(instant()),
        of(whole_range(date())),
        of(elements(instant())),
        of(range(clock())),
    )
        .prop_map(|(day, at, somewhere, until, since, days, moments, shift)| Slot {
            day,
            at,
            somewhere,
            until,
            since,
            days,
            moments,
            shift,
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_comes_back_asynchronously_and_where_nothing_is_prepared() -> Result<(), Error> {
    let unprepared = DbOptions::new().unprepared();
    let (database, new, blocking) = tokio::task::spawn_blocking(|| {
        let database = ready();
        let db = Db::connect(database.url())?;
        let mut runner = TestRunner::deterministic();
        let new: Vec<_> = (0..5).map(|_| entry(&mut runner, &db)).collect();
        EntryRepository::delete_where(&db, entries::ID.gt(0))?;
        let rows = EntryRepository::insert_many(&db, new.clone())?;
        let unprepared = Db::connect_with(database.url(), DbOptions::new().unprepared())?;
        assert_eq!(EntryRepository::find_all(&unprepared)?, rows);
        let again = EntryRepository::insert_many(&unprepared, new.clone())?;
        assert!(again.iter().zip(&rows).all(|(one, other)| EntryRow { id: other.id, ..one.clone() } == *other));
        assert_eq!((EntryRepository::delete_where(&unprepared, entries::ID.gt(rows[4].id))?, unprepared.prepared_statements()), (5, 0));
        Ok::<_, Error>((database, new, rows))
    })
    .await
    .expect("it does not panic")?;
    for db in [AsyncDb::connect(database.url()).await?, AsyncDb::connect_with(database.url(), unprepared).await?] {
        assert_eq!(EntryRepository::find_all(&db).await?, blocking);
        for (new, row) in new.iter().zip(&blocking) {
            let one = EntryRepository::insert(&db, new.clone()).await?;
            assert_eq!(EntryRow { id: row.id, ..one.clone() }, *row);
            let found = EntryRepository::count_where(&db, entries::C_TIMESTAMPTZ.eq(one.c_timestamptz.expect("it was said"))).await?;
            assert!(found >= 2, "{found}");
            assert!(EntryRepository::delete(&db, one.id).await?);
        }
    }
    tokio::task::spawn_blocking(move || drop(database)).await.expect("it does not panic");
    Ok(())
}

#[test]
fn dates_are_keys_and_are_compared() -> Result<(), Error> {
    let database = ready();
    let db = Db::connect(database.url())?;
    let mut runner = TestRunner::deterministic();
    let mut visits = Vec::new();
    while visits.len() < 4 {
        let (day, at) = (some(&mut runner, date()), some(&mut runner, instant()));
        let new = NewVisit { day, at, optional: NewVisitOptional { noted_at: Set(some(&mut runner, local())) } };
        visits.extend(VisitRepository::upsert(&db, new, VisitTarget::DayAndAt).ok());
    }
    for visit in &visits {
        assert_eq!(VisitRepository::find_by_id(&db, (visit.day, visit.at))?.as_ref(), Some(visit));
        assert_eq!(VisitRepository::find_by_noted_at(&db, visit.noted_at)?.as_ref(), Some(visit));
    }
    let keys: Vec<_> = visits.iter().rev().map(|visit| (visit.day, visit.at)).collect();
    assert_eq!(VisitRepository::find_by_ids(&db, &keys)?, visits.iter().rev().cloned().collect::<Vec<_>>());
    let first = visits.iter().map(|visit| visit.at).min().expect("there are some");
    assert_eq!(VisitRepository::count_where(&db, visits::AT.gt(first))?, 3);
    assert_eq!(VisitRepository::count_where(&db, visits::DAY.is_in(visits.iter().map(|visit| visit.day)))?, 4);
    let mut after = VisitRepository::list_after(&db, ListRequest::new(2).sort(visits::AT.desc()))?;
    let mut listed = after.rows.clone();
    while let Some(next) = after.next {
        after = VisitRepository::list_after(&db, ListRequest::new(2).sort(visits::AT.desc()).after(Some(next)))?;
        listed.extend(after.rows.clone());
    }
    visits.sort_by_key(|visit| std::cmp::Reverse(visit.at));
    assert_eq!(listed, visits);
    Ok(())
}

/// Queries compute with the crate's dates and times as the server does.
#[test]
fn dates_are_computed_with() -> Result<(), Error> {
    let database = ready();
    let db = Db::connect(database.url())?;
    client(database.url())
        .batch_execute(
            "INSERT INTO diary.entries (c_date, c_time, c_timestamp, c_timestamptz)
                 SELECT day, '01:02:03', day + time '04:05:06.5', (day + time '04:05:06.5') AT TIME ZONE current_setting('TimeZone')
                 FROM unnest(ARRAY['2024-02-29', '1999-12-31']::date[]) AS day;
             INSERT INTO diary.entries (c_date, c_timestamptz) VALUES ('infinity', '-infinity')",
        )
        .expect("rows");
    let day = Interval { months: 0, days: 1, microseconds: 0 };
    let of = |id: i32| EntryRepository::select().filter(entries::ID.eq(id));
    for id in 1..=2 {
        let row = of(id).one(&db)?;
        let (date, parts, same) = of(id)
            .columns((
                (entries::C_TIMESTAMP.date(), entries::C_TIMESTAMPTZ.date(), entries::C_DATE.date()),
                (entries::C_DATE.extract(DatePart::Day), entries::C_TIMESTAMP.extract(DatePart::Second)),
                (
                    entries::C_DATE.later_by(day).earlier_by(day).date(),
                    entries::C_TIMESTAMP.earlier_by(day).later_by(day),
                    entries::C_TIMESTAMPTZ.later_by(day).earlier_by(day),
                ),
            ))
            .one(&db)?;
        assert_eq!(date, (row.c_date, row.c_date, row.c_date));
        assert_eq!(parts.0.map(|day| day.to_string()).as_deref(), Some(if id == 1 { "29" } else { "31" }));
        assert_eq!(parts.1.map(|second| second.normalize().to_string()).as_deref(), Some("6.5"));
        assert_eq!(same, (row.c_date, row.c_timestamp, row.c_timestamptz));
        let begun = entries::C_DATE
            .truncated_to(DatePart::Month)
            .le(entries::C_TIMESTAMP)
            .and(entries::C_TIMESTAMPTZ.truncated_to(DatePart::Year).lt(now_as()));
        assert_eq!(of(id).filter(begun).count(&db)?, 1);
    }
    assert_eq!(
        of(3).columns((entries::C_DATE.extract(DatePart::Month), entries::C_TIMESTAMPTZ.extract(DatePart::Year))).one(&db)?,
        (None, None)
    );
    let dated = EntryRepository::select().filter(entries::C_DATE.lt(current_date_as()));
    assert_eq!(
        dated.columns((entries::C_DATE.max(), entries::C_TIME.min(), entries::C_TIMESTAMPTZ.max())).one(&db)?.0,
        of(1).one(&db)?.c_date
    );
    Ok(())
}

/// What the server holds and the crate has not is an error that says so, and never another value.
#[test]
fn what_the_crate_has_not_is_refused() -> Result<(), Error> {
    let database = ready();
    let mut client = client(database.url());
    let infinite = "it is infinite, and the dates and times here are not";
    let beyond = "the year is beyond those of the dates and times here";
    let end_of_day = "it is 24:00, the end of a day, and the last time here is before that";
    let cases = [
        ("c_date", "'infinity'", infinite),
        ("c_date", "'-infinity'", infinite),
        ("c_date", "'5874897-12-31'", beyond),
        ("c_time", "'24:00'", end_of_day),
        ("c_timetz", "'24:00+02'", end_of_day),
        ("c_timestamp", "'-infinity'", infinite),
        ("c_timestamp", "'294276-12-31'", beyond),
        ("c_timestamptz", "'infinity'", infinite),
        ("c_timestamptz", "'294276-12-31+00'", beyond),
        ("c_moment", "'infinity'", infinite),
        ("c_daterange", "'[2020-01-01,infinity)'", infinite),
        ("c_tstzmultirange", "'{[2020-01-01,infinity)}'", infinite),
        ("c_shift", "'[01:00,24:00)'", end_of_day),
        ("a_date", "'{infinity}'", infinite),
        ("a_time", "'{24:00}'", end_of_day),
        ("a_timestamptz", "'{NULL,-infinity}'", infinite),
        ("g_date", "'{{5874897-12-31}}'", beyond),
        ("c_slot", "'(infinity,,,,,,,)'", "the attribute day of diary.slot: it is infinite, and the dates and times here are not"),
    ];
    let far = ["c_date", "c_timestamp", "c_timestamptz"].map(|column| (column, format!("'{BEYOND}'"), beyond));
    let cases = cases.map(|(column, value, expected)| (column, value.to_owned(), expected)).into_iter().chain(far);
    for (column, value, expected) in cases {
        let insert = format!("DELETE FROM diary.entries; INSERT INTO diary.entries ({column}) VALUES ({value})");
        client.batch_execute(&insert).unwrap_or_else(|error| panic!("{insert}: {error:?}"));
        let db = Db::connect(database.url())?;
        let error = EntryRepository::find_all(&db).expect_err(&value);
        assert_eq!(error.to_string(), format!("the column {column} holds what its Rust type cannot: {expected}"));
    }
    Ok(())
}

#[test]
fn what_is_behind_a_microsecond_is_not_kept() -> Result<(), Error> {
    let database = ready();
    let (db, mut client) = (Db::connect(database.url())?, client(database.url()));
    for (at, printed) in behind_microseconds() {
        let optional = NewEntryOptional { c_timestamp: Set(Some(at)), a_timestamp: Set(Some(vec![Some(at)])), ..default() };
        // By itself in binary, and as a text among the arrays of many rows.
        let one = EntryRepository::insert(&db, NewEntry { optional: optional.clone() })?;
        let many = EntryRepository::insert_many(&db, vec![NewEntry { optional }])?;
        assert_eq!((one.c_timestamp, &one.a_timestamp), (many[0].c_timestamp, &many[0].a_timestamp));
        let row = client.query_one("SELECT c_timestamp::text, a_timestamp[1]::text FROM diary.entries WHERE id = $1", &[&one.id]);
        let row = row.expect("the row");
        assert_eq!((row.get(0), row.get(1)), (printed, printed));
    }
    Ok(())
}

#[test]
fn functions_take_and_give_them() -> Result<(), Error> {
    let database = ready();
    let db = Db::connect(database.url())?;
    let mut runner = TestRunner::deterministic();
    let noon = |text: &str| elyos_runtime::types::FromLiteral::from_literal(text);
    let at = noon("2024-02-29 12:00:00+00").expect("a point in time");
    let mut expected = Some(at);
    assert_eq!(
        functions::later(&db, at, functions::LaterOptional { by: Set(Some(Interval { months: 0, days: 0, microseconds: 0 })) })?,
        expected
    );
    expected = noon("2024-02-29 13:00:00+00").ok();
    assert_eq!(functions::later(&db, at, default())?, expected);
    let time = some(&mut runner, clock());
    assert_eq!(functions::clock(&db, time)?, Some(time));
    let error = functions::end_of_day(&db).expect_err("no crate has it");
    assert_eq!(
        error.to_string(),
        "the column answer holds what its Rust type cannot: it is 24:00, the end of a day, and the last time here is before that"
    );
    let day: Option<_> = elyos_runtime::types::FromLiteral::from_literal("2024-02-29").ok();
    assert_eq!(functions::days(&db, &[day.expect("a day")])?, [day]);
    let around = functions::around(&db, elyos_runtime::types::FromLiteral::from_literal("2024-02-29 01:00:00").ok())?;
    assert_eq!((around.len(), around[0].day), (1, day));
    assert_eq!(around[0].somewhere.map(|time| time.to_string()).as_deref(), Some("01:02:03+04:00:00"));
    Ok(())
}
