//! Values that are the same though their texts are not, in queries inside of queries, sets of distinct rows, aggregates and functions.

use elyos_runtime::prelude::*;
use elyos_runtime::query::{DatePart, coalesce, count, exists, sql_type};
use elyos_runtime::rust_decimal::Decimal;
use elyos_tests::{TestDatabase, client, database};
use types::Mood;

mod types {
    elyos_runtime::types!(schema = "tests/schemas/measures.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "measures.readings", schema = "tests/schemas/measures.sql")]
struct ReadingRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "measures.limits", schema = "tests/schemas/measures.sql")]
struct LimitRepository;

elyos_runtime::alias!(
    struct Later: ReadingRepository = "later"
);

fn measures() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/measures.sql")).expect("the schema is PostgreSQL's");
    client(database.url())
        .batch_execute(
            "INSERT INTO measures.readings VALUES
                 (1, 'North', 1.5, (1.5, 'a'), 'low', NULL, '2024-05-06 07:08:09+00', '{1,2}', '{high,NULL}', '{1.5}'),
                 (2, 'NORTH', 2.5, (2, 'b'), 'high', 'low', '2024-05-07', '{3}', NULL, '{}'),
                 (3, 'south', 1.5, (9, 'c'), 'low', 'high', '2024-05-08', DEFAULT, NULL, NULL);
             INSERT INTO measures.limits VALUES (1, 'north', 1.500, (1.50, 'A')), (2, 'East', 9, NULL)",
        )
        .expect("rows");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

#[test]
fn queries_inside_compare_what_is() -> Result<(), Error> {
    let (_database, db) = measures();
    let ids = |filter| ReadingRepository::select().filter(filter).order_by(readings::ID.asc()).columns(readings::ID).all(&db);
    let limits = LimitRepository::select;
    assert_eq!(ids(readings::LABEL.is_in_query(limits().columns(limits::LABEL)))?, [1, 2]);
    assert_eq!(ids(readings::LABEL.is_not_in_query(limits().columns(limits::LABEL)))?, [3]);
    assert_eq!(ids(readings::AMOUNT.is_in_query(limits().columns(limits::AMOUNT)))?, [1, 3]);
    assert_eq!(ids(readings::SPOT.is_in_query(limits().columns(limits::SPOT)))?, [1]);
    assert_eq!(ids(readings::SPOT.is_not_in_query(limits().filter(limits::ID.eq(1)).columns(limits::SPOT)))?, [2, 3]);
    assert_eq!(ids(readings::MOOD.is_in_query(ReadingRepository::select().columns(readings::OTHER)))?, [1, 2, 3]);
    let first = limits().order_by(limits::ID.asc()).limit(1).columns(limits::LABEL);
    assert_eq!(ids(readings::LABEL.eq(first.scalar(elyos_runtime::query::Form::cast("public.citext"))))?, [1, 2]);
    // Of the same table, by another name: what has no later reading of its label.
    let later = || {
        let same = readings::LABEL.of::<Later>().eq(readings::LABEL);
        Later::subquery().filter(same.and(readings::ID.of::<Later>().gt(readings::ID)))
    };
    assert_eq!(ids(exists(later()).not())?, [2, 3]);
    let greatest = later().columns(readings::AMOUNT.of::<Later>().max()).scalar(sql_type::<Decimal>());
    let with_greatest = ReadingRepository::select().order_by(readings::ID.asc()).columns((readings::ID, greatest)).all(&db)?;
    assert_eq!(with_greatest, [(1, Some(Decimal::new(250, 2))), (2, None), (3, None)]);
    assert_eq!(Later::select().filter(readings::ID.of::<Later>().eq(3)).columns(Later::row()).one(&db)?.label, "south");
    Ok(())
}

#[test]
fn distinct_rows_are_ordered_by_what_they_are() -> Result<(), Error> {
    let (_database, db) = measures();
    let moods = || ReadingRepository::select().distinct().columns(readings::MOOD);
    assert_eq!(moods().order_by(readings::MOOD.asc()).all(&db)?, [Mood::Low, Mood::High]);
    assert_eq!(moods().order_by(readings::MOOD.desc()).limit(1).all(&db)?, [Mood::High]);
    assert_eq!(moods().count(&db)?, 2);
    let labels = || ReadingRepository::select().distinct().columns((readings::LABEL, readings::MOOD.is_null().is_true()));
    assert_eq!((labels().order_by(readings::LABEL.asc()).all(&db)?.len(), labels().count(&db)?), (2, 2));
    let rows = ReadingRepository::select().distinct().order_by((readings::MOOD.desc(), readings::ID.desc())).all(&db)?;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 3, 1]);
    let on = ReadingRepository::select().distinct_on(readings::LABEL).order_by((readings::LABEL.asc(), readings::ID.desc()));
    assert_eq!(on.columns(readings::ID).all(&db)?, [2, 3]);
    assert!(moods().exists(&db)?);
    Ok(())
}

#[test]
fn rows_of_aggregates_are_counted() -> Result<(), Error> {
    let (_database, db) = measures();
    let all = ReadingRepository::select;
    assert_eq!(all().columns(count()).count(&db)?, 1);
    assert_eq!(all().filter(readings::ID.lt(0)).columns((readings::ID.max(), count())).count(&db)?, 1);
    assert_eq!(all().group_by(readings::MOOD).columns((readings::MOOD, count())).count(&db)?, 2);
    assert_eq!(all().having(count().gt(5)).columns(count()).count(&db)?, 0);
    assert_eq!(all().columns((readings::ID, readings::MOOD)).count(&db)?, 3);
    assert_eq!(all().columns(readings::ID.plus(1)).limit(2).count(&db)?, 2);
    Ok(())
}

#[test]
fn aggregates_are_distinct_and_ordered_once() -> Result<(), Error> {
    let (_database, db) = measures();
    let (labels, amounts, moods, greatest, numbers) = ReadingRepository::select()
        .columns((
            readings::LABEL.count().distinct().distinct(),
            readings::AMOUNT.array_agg().distinct().order_by(readings::AMOUNT.desc()),
            readings::MOOD.array_agg().order_by(readings::MOOD.desc()).order_by(readings::ID.asc()),
            readings::MOOD.max(),
            readings::NUMBERS.max(),
        ))
        .one(&db)?;
    assert_eq!((labels, greatest, numbers), (2, Some(Mood::High), Some(vec![Some(3)])));
    assert_eq!(amounts, Some(vec![Some(Decimal::new(250, 2)), Some(Decimal::new(150, 2))]));
    assert_eq!(moods, Some([Mood::High, Mood::Low, Mood::Low].map(Some).to_vec()));
    // As its values are read, which the type alone does not say.
    let other = coalesce(readings::OTHER.null_if(Mood::Low), [readings::MOOD.null_if(Mood::High), readings::OTHER.null_if(Mood::High)]);
    let others = ReadingRepository::select().order_by(readings::ID.asc()).columns(other.clone()).all(&db)?;
    assert_eq!(others, [Some(Mood::Low), Some(Mood::Low), Some(Mood::High)]);
    assert_eq!(ReadingRepository::select().filter(other.eq(Mood::High)).columns(readings::ID).all(&db)?, [3]);
    Ok(())
}

#[test]
fn arrays_are_looked_for_and_gathered() -> Result<(), Error> {
    let (_database, db) = measures();
    let ids = |filter| ReadingRepository::select().filter(filter).order_by(readings::ID.asc()).columns(readings::ID).all(&db);
    let numbers = |numbers: &[i32]| numbers.iter().map(|number| Some(*number)).collect::<Vec<_>>();
    assert_eq!(ids(readings::NUMBERS.is_in([numbers(&[3]), numbers(&[]), numbers(&[2, 1])]))?, [2, 3]);
    assert_eq!(ids(readings::NUMBERS.is_not_in([numbers(&[3]), numbers(&[])]).and(readings::ID.gt(0)))?, [1]);
    assert_eq!(ids(readings::NUMBERS.is_in(Vec::<Vec<Option<i32>>>::new()).or(readings::ID.eq(2)))?, [2]);
    assert_eq!(ids(readings::NUMBERS.is_not_in(Vec::<Vec<Option<i32>>>::new()))?, [1, 2, 3]);
    assert_eq!(ids(readings::MOODS.is_in([vec![Some(Mood::High), None]]))?, [1]);
    let gathered = ReadingRepository::select().columns((
        readings::NUMBERS.array_agg().order_by(readings::ID.desc()),
        readings::MOODS.array_agg().order_by(readings::ID.asc()),
        readings::AMOUNTS.array_agg().filter(readings::ID.le(2)).order_by(readings::ID.asc()),
        readings::NUMBERS.array_agg().filter(readings::ID.lt(0)),
    ));
    let (all, moods, amounts, none) = gathered.one(&db)?;
    assert_eq!(all, Some(vec![Some(vec![]), Some(numbers(&[3])), Some(numbers(&[1, 2]))]));
    assert_eq!(moods, Some(vec![Some(vec![Some(Mood::High), None]), None, None]));
    assert_eq!(amounts, Some(vec![Some(vec![Some(Decimal::new(15, 1))]), Some(vec![])]));
    assert_eq!(none, None);
    Ok(())
}

elyos_runtime::sql_functions! {
    fn append(numbers: Vec<Option<i32>>, number: i32) -> Vec<Option<i32>> = "pg_catalog"."array_append";
    fn joined(texts: Vec<Option<String>>, with: String) -> String = "pg_catalog"."array_to_string";
}

#[test]
fn functions_take_and_give_arrays() -> Result<(), Error> {
    let (_database, db) = measures();
    let appended = ReadingRepository::select().filter(readings::ID.eq(1)).columns((
        append(readings::NUMBERS, 7),
        append(vec![Some(5), None], readings::ID),
        joined(vec![Some("a".to_owned()), Some("b".to_owned())], "-"),
        readings::NUMBERS.cast(sql_type::<Vec<Option<i64>>>()),
    ));
    let numbers = |numbers: &[i32]| Some(numbers.iter().map(|number| Some(*number)).collect::<Vec<_>>());
    let (first, second, text, cast) = appended.one(&db)?;
    assert_eq!((first, text.as_deref(), cast), (numbers(&[1, 2, 7]), Some("a-b"), vec![Some(1_i64), Some(2)]));
    assert_eq!(second, Some(vec![Some(5), None, Some(1)]));
    Ok(())
}

#[test]
fn a_day_begins_at_midnight_wherever_the_session_is() -> Result<(), Error> {
    let (database, _) = measures();
    let mut sql = client(database.url());
    let name: String = sql.query_one("SELECT current_database()", &[]).expect("it has one").get(0);
    // Where the fourth of November 2018 begins at one o'clock.
    sql.batch_execute(&format!("ALTER DATABASE {name} SET timezone = 'America/Sao_Paulo'")).expect("it is set");
    sql.batch_execute("UPDATE measures.readings SET at = '2018-11-04 12:00 America/Sao_Paulo'").expect("rows are changed");
    let db = Db::connect(database.url())?;
    let day = || readings::AT.date();
    let found = ReadingRepository::select()
        .filter(readings::ID.eq(1))
        .columns((day().truncated_to(DatePart::Day), day().extract(DatePart::Hour)))
        .one(&db)?;
    assert_eq!((found.0.to_string(), found.1), ("2018-11-04 00:00:00".to_owned(), Some(Decimal::ZERO)));
    Ok(())
}

#[test]
fn what_never_comes_has_no_parts() -> Result<(), Error> {
    let (database, db) = measures();
    client(database.url())
        .batch_execute("UPDATE measures.readings SET at = (CASE id WHEN 2 THEN 'infinity' ELSE '-infinity' END)::timestamptz WHERE id > 1")
        .expect("rows are changed");
    let parts = ReadingRepository::select()
        .order_by(readings::ID.asc())
        .columns((readings::AT.extract(DatePart::Year), readings::AT.extract(DatePart::Month), readings::AT.date().extract(DatePart::Day)))
        .all(&db)?;
    let number = |number: i32| Some(Decimal::from(number));
    assert_eq!(parts[0], (number(2024), number(5), number(6)));
    assert_eq!(parts[1..], [(None, None, None), (None, None, None)]);
    assert_eq!(ReadingRepository::select().filter(readings::AT.extract(DatePart::Year).gt(Decimal::from(2000))).count(&db)?, 1);
    Ok(())
}
