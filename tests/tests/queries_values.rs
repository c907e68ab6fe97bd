//! Values that are the same though their texts are not, in queries inside of queries, sets of distinct rows, aggregates and functions.

use std::fmt::Debug;
use std::net::IpAddr;
use std::str::FromStr;

use elyos_runtime::chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use elyos_runtime::prelude::*;
use elyos_runtime::query::{DatePart, Form, SqlElement, case, coalesce, count, exists, raw, sql_type, value, value_as};
use elyos_runtime::rust_decimal::Decimal;
use elyos_runtime::types::{
    Bits, Cidr, Circle, Inet, Line, LineSegment, MacAddr, MacAddr8, Multirange, Path, PgLsn, Point, Polygon, Range, Rect, TimeTz,
};
use elyos_tests::{TestDatabase, client, database};
use postgres::types::ToSql;
use types::{Band, Mood, Spot};

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

elyos_runtime::sql_functions! {
    fn bits_of(address: IpAddr) -> i32 = "pg_catalog"."masklen";
    fn merged(one: Range<i32>, other: Range<i32>) -> Range<i32> = "pg_catalog"."range_merge";
    fn first_of(mood: Mood) -> Mood = "pg_catalog"."enum_first";
}

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
    assert_eq!(ids(readings::LABEL.eq(first.scalar(Form::cast("public.citext"))))?, [1, 2]);
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

/// The value is for the server what its own reading of the text is, and comes back as it went, also in arrays.
fn travels<T>(db: &Db, ty: &'static str, text: &str, given: &T)
where
    T: SqlElement + ToSql + Clone + PartialEq + Debug + Send + Sync,
{
    let of_text = || raw("(").bind(text.to_owned()).sql("::").sql(ty).sql(")");
    let of_value = || raw("(").put(value(given.clone())).sql(")");
    let array = vec![Some(given.clone()), None];
    let (back, several, (shown, expected), (named, meant), bare) = ReadingRepository::select()
        .filter(readings::ID.eq(1))
        .columns((
            value(given.clone()),
            value(array.clone()),
            (of_value().sql("::text").value::<String>(), of_text().sql("::text").value::<String>()),
            (
                raw("pg_typeof(").put(of_value().value::<T>()).sql(")::text").value::<String>(),
                raw("pg_typeof(").put(of_text().value::<T>()).sql(")::text").value::<String>(),
            ),
            raw("(").bind(given.clone()).sql("::").sql(ty).sql(")").value::<T>(),
        ))
        .one(db)
        .unwrap_or_else(|error| panic!("{ty}: {error}"));
    assert_eq!((&back, &several, bare.as_ref()), (given, &array, Some(given)), "{ty}");
    assert!(shown.is_some() && named.is_some(), "{ty}");
    assert_eq!((shown, named), (expected, meant), "{ty}");
}

/// [`travels`], of what Rust reads in the text.
fn is_read<T>(db: &Db, ty: &'static str, text: &str)
where
    T: SqlElement + ToSql + Clone + PartialEq + Debug + Send + Sync + FromStr<Err: Debug>,
{
    travels::<T>(db, ty, text, &text.parse().unwrap_or_else(|error| panic!("{ty}: {error:?}")));
}

#[test]
fn values_of_any_type_travel() {
    let (_database, db) = measures();
    travels::<i8>(&db, "\"char\"", "A", &65);
    is_read::<u32>(&db, "oid", "4294967295");
    is_read::<IpAddr>(&db, "inet", "192.168.1.20");
    is_read::<IpAddr>(&db, "inet", "2001:db8::1");
    is_read::<Inet>(&db, "inet", "192.168.1.20/24");
    is_read::<Cidr>(&db, "cidr", "10.1.0.0/16");
    is_read::<MacAddr>(&db, "macaddr", "08:00:2b:01:02:03");
    is_read::<MacAddr8>(&db, "macaddr8", "08:00:2b:01:02:03:04:05");
    is_read::<Bits>(&db, "varbit", "1011001");
    is_read::<PgLsn>(&db, "pg_lsn", "16/B374D848");
    is_read::<TimeTz>(&db, "timetz", "12:30:00.5+02:30");
    is_read::<Point>(&db, "point", "(1.5,-2)");
    is_read::<Line>(&db, "line", "{1,-2,3.5}");
    is_read::<LineSegment>(&db, "lseg", "[(0,1),(2,3)]");
    is_read::<Rect>(&db, "box", "(3,4),(1,2)");
    is_read::<Path>(&db, "path", "[(0,0),(1,1),(2,0)]");
    is_read::<Polygon>(&db, "polygon", "((0,0),(1,1),(2,0))");
    is_read::<Circle>(&db, "circle", "<(1,2),3>");
    is_read::<Range<i32>>(&db, "int4range", "[1,5)");
    is_read::<Range<i64>>(&db, "int8range", "[-1,5000000000)");
    is_read::<Range<Decimal>>(&db, "numrange", "(1.5,2.25]");
    is_read::<Range<NaiveDate>>(&db, "daterange", "[2024-02-29,2024-03-02)");
    is_read::<Range<NaiveDateTime>>(&db, "tsrange", "[\"2024-02-29 01:02:03\",)");
    is_read::<Range<DateTime<Utc>>>(&db, "tstzrange", "(,\"2024-02-29 01:02:03+00\")");
    is_read::<Multirange<i32>>(&db, "int4multirange", "{[1,5),[7,9)}");
    is_read::<Multirange<i64>>(&db, "int8multirange", "{[1,5000000000)}");
    is_read::<Multirange<Decimal>>(&db, "nummultirange", "{[1.5,2],(3,4)}");
    is_read::<Multirange<NaiveDate>>(&db, "datemultirange", "{[2024-02-29,2024-03-02)}");
    is_read::<Multirange<NaiveDateTime>>(&db, "tsmultirange", "{[\"2024-02-29 01:02:03\",)}");
    is_read::<Multirange<DateTime<Utc>>>(&db, "tstzmultirange", "{(,\"2024-02-29 01:02:03+00\")}");
    is_read::<Mood>(&db, "\"measures\".\"mood\"", "high");
    travels(&db, "\"measures\".\"spot\"", "(1.50,\"a, b\")", &Spot { x: Some(Decimal::new(150, 2)), note: Some("a, b".to_owned()) });
    // Those that had a form before.
    is_read::<bool>(&db, "boolean", "true");
    is_read::<Decimal>(&db, "numeric", "1.50");
    is_read::<NaiveTime>(&db, "time", "12:30:00");
}

#[test]
fn functions_and_cases_are_of_any_type() -> Result<(), Error> {
    let (_database, db) = measures();
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    let numbers = |text: &str| text.parse::<Range<i32>>().expect("a range");
    let is_low = || readings::MOOD.eq(Mood::Low);
    let found = ReadingRepository::select()
        .order_by(readings::ID.asc())
        .limit(2)
        .columns((
            bits_of(case::<IpAddr>().when(is_low(), address("10.0.0.1")).otherwise(address("::1"))),
            merged(numbers("[1,3)"), numbers("[7,9)")),
            first_of(readings::MOOD),
            case::<Mood>().when(is_low(), Mood::High).otherwise(Mood::Low),
        ))
        .all(&db)?;
    let merged = Some(numbers("[1,9)"));
    assert_eq!(found, [(Some(32), merged, Some(Mood::Low), Mood::High), (Some(128), merged, Some(Mood::Low), Mood::Low)]);
    // The same ranges may be those of several types: which is meant is said.
    let band: Band = "[1.5,2.5)".parse().expect("a range");
    let form = Form::<Band>::cast("\"measures\".\"band\"");
    let own = raw("pg_typeof(").put(value_as(band, form)).sql(")::text").value::<String>();
    let back = ReadingRepository::select().filter(readings::ID.eq(1)).columns((value_as(band, form), own)).one(&db)?;
    assert_eq!(back, (band, Some("measures.band".to_owned())));
    Ok(())
}
