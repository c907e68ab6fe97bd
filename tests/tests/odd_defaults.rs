//! Many rows in one statement, some of which leave a column to its default: each is what an insert of it alone makes.

use elyos_runtime::chrono::{NaiveDate, NaiveDateTime};
use elyos_runtime::prelude::*;
use elyos_tests::{client, database};

mod types {
    elyos_runtime::types!(schema = "tests/schemas/odd_defaults.sql");
}

#[derive(Repository)]
#[repository(table = "odd.defaults", schema = "tests/schemas/odd_defaults.sql")]
struct DefaultRepository;

#[derive(Repository)]
#[repository(table = "odd.lengths", schema = "tests/schemas/odd_defaults.sql")]
struct LengthRepository;

#[derive(Repository)]
#[repository(table = "odd.pairs", schema = "tests/schemas/odd_defaults.sql")]
struct PairRepository;

/// In the hour that a change to summer time leaves out: as a time with a zone it would be another one.
fn left_out() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2024, 3, 31).and_then(|day| day.and_hms_opt(2, 30, 0)).expect("a time")
}

fn said(id: i32) -> NewDefault {
    let optional = NewDefaultOptional {
        at: Set(Some(left_out())),
        day: Set(Some(left_out().date())),
        hour: Set(Some(left_out().time())),
        who: Set(Some("w".repeat(100))),
        big: Set(Some(9_007_199_254_740_993)),
        exact: Set("12345678.91".parse().ok()),
        key: Set(Some("a text".to_owned())),
        written: Set(Some("another".to_owned())),
        price: Set(Some("$1.25".to_owned())),
        json: Set(Some(elyos_runtime::serde_json::json!({"b": 1}))),
        code: Set(Some("y".to_owned())),
        padded: Set(Some("z   ".to_owned())),
    };
    NewDefault { id, optional }
}

fn unsaid(id: i32) -> NewDefault {
    NewDefault { id, optional: default() }
}

#[test]
fn a_value_beside_a_default_of_another_type_stays_what_it_is() -> Result<(), Error> {
    let database = database();
    let mut sql = client(database.url());
    sql.batch_execute(include_str!("schemas/odd_defaults.sql")).expect("the schema is made");
    let name: String = sql.query_one("SELECT current_database()", &[]).expect("it has one").get(0);
    sql.batch_execute(&format!("ALTER DATABASE {name} SET timezone = 'Europe/Budapest'")).expect("it is set");
    let db = Db::connect(database.url())?;
    let alone = DefaultRepository::insert(&db, said(1))?;
    let rows = DefaultRepository::insert_many(&db, vec![said(2), unsaid(3), said(4)])?;
    for row in [&rows[0], &rows[2]] {
        assert_eq!(*row, DefaultRow { id: row.id, ..alone.clone() });
    }
    let left = &rows[1];
    assert_eq!((left.id, left.exact, left.price.as_deref()), (3, "0".parse().ok(), Some("$0.00")));
    assert_eq!((left.code.as_deref(), left.padded.as_deref()), (Some("x"), Some("ab  ")));
    assert!(left.at.is_some() && left.day.is_some() && left.hour.is_some() && left.who.is_some() && left.key.is_some());
    // Before, where the time zone is another one, as there is one in which it is a later day.
    assert!((left.at.expect("a time") - left_out()).num_days() > 300);
    Ok(())
}

#[test]
fn what_is_too_long_within_an_array_is_refused_as_it_is_alone() -> Result<(), Error> {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/odd_defaults.sql")).expect("the schema is made");
    let db = Db::connect(database.url())?;
    let new = |id: i32, optional: NewLengthOptional| NewLength { id, optional };
    let cases: [(NewLengthOptional, &str); 3] = [
        (
            NewLengthOptional { texts: Set(Some(vec![Some("abcd".to_owned())])), ..default() },
            "value too long for type character varying(3)",
        ),
        (NewLengthOptional { padded: Set(Some(vec![Some("abc".to_owned())])), ..default() }, "value too long for type character(2)"),
        (NewLengthOptional { bits: Set(Some(vec!["10101".parse().ok()])), ..default() }, "bit string length 5 does not match type bit(3)"),
    ];
    for (optional, expected) in cases {
        let alone = LengthRepository::insert(&db, new(1, optional.clone())).expect_err("it is too long");
        let many = LengthRepository::insert_many(&db, vec![new(1, optional), new(2, default())]).expect_err("it is too long");
        for error in [alone, many] {
            assert!(error.to_string().starts_with(expected), "{error}");
        }
    }
    let fits = NewLengthOptional {
        texts: Set(Some(vec![Some("abc".to_owned()), None])),
        padded: Set(Some(vec![Some("a".to_owned())])),
        bits: Set(Some(vec!["101".parse().ok()])),
        stamps: Set(Some(vec![Some(left_out())])),
    };
    let alone = LengthRepository::insert(&db, new(1, fits.clone()))?;
    let many = LengthRepository::insert_many(&db, vec![new(2, fits)])?;
    assert_eq!(many, [LengthRow { id: 2, ..alone }]);
    Ok(())
}

#[test]
fn rows_are_found_by_keys_that_are_composites() -> Result<(), Error> {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/odd_defaults.sql")).expect("the schema is made");
    let db = Db::connect(database.url())?;
    let pair = |a: i32| types::Pair { a: Some(a), b: Some(format!("({a}, \"x\")")) };
    let rows: Vec<NewPair> = (1..=3).map(|a| NewPair { key: pair(a), optional: default() }).collect();
    let rows = PairRepository::insert_many(&db, rows)?;
    let (one, three) = (pair(1), pair(3));
    let found = PairRepository::find_by_ids(&db, &[&three, &one])?;
    assert_eq!(found, [rows[2].clone(), rows[0].clone()]);
    Ok(())
}
