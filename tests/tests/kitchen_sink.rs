//! Every type that a column can have: what is inserted comes back as it was, or is refused by an error that says so, one row at a time and
//! many at once; and the text that PostgreSQL prints of it is read as the same.
//!
//! `ELYOS_CASES` says how many values of each are tried, instead of a few.

mod kitchen_support;

use elyos_runtime::prelude::*;
use elyos_runtime::types::{
    Array, Circle, Hstore, Inet, Json, Line, LineSegment, LocalizedText, MacAddr, MacAddr8, Path, PgLsn, Polygon, Range, Rect,
};
use elyos_tests::{TestDatabase, client, database};
use kitchen_support::check::{Tried, try_column};
use kitchen_support::values::*;
use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use types::kitchen::Colour;
use types::{Address, MoneyAmount, Mood, pantry};

const SCHEMA: &str = include_str!("schemas/kitchen_sink.sql");

mod types {
    elyos_runtime::types!(schema = "tests/schemas/kitchen_sink.sql");
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "kitchen.scalars", schema = "tests/schemas/kitchen_sink.sql")]
struct ScalarRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "kitchen.arrays", schema = "tests/schemas/kitchen_sink.sql")]
struct ArrayRepository;

/// What an application keeps as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Settings {
    theme: String,
    size: Option<i32>,
}

#[derive(Debug, Clone, Copy, Repository)]
#[repository(
    table = "kitchen.own",
    schema = "tests/schemas/kitchen_sink.sql",
    types(bounds: Inet, settings: Json<Settings>, names: LocalizedText, name_list: Vec<Option<LocalizedText>>)
)]
struct OwnRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "kitchen.extensions", schema = "tests/schemas/kitchen_sink.sql")]
struct ExtensionRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "kitchen.by_mood", schema = "tests/schemas/kitchen_sink.sql", types_in = self::types)]
struct ByMoodRepository;

fn kitchen() -> TestDatabase {
    let database = database();
    client(database.url()).batch_execute(SCHEMA).expect("the schema is PostgreSQL's");
    database
}

/// Tries the columns of a table one after the other, each with values of its own.
macro_rules! columns_hold {
    ($test:ident, $repository:ident $row:ident $new:ident $optional:ident $patch:ident; $($column:ident: $values:expr;)*) => {
        #[test]
        fn $test() -> Result<(), Error> {
            let database = kitchen();
            let (db, mut client) = (Db::connect(database.url())?, client(database.url()));
            let mut wrong = Vec::new();
            $(
                let tried = try_column::<$repository, _>(
                    &db,
                    &mut client,
                    &Tried {
                        column: stringify!($column),
                        new: &|value| $new { optional: $optional { $column: Set(Some(value)), ..default() } },
                        patch: &|value| $patch { $column: Set(Some(value)), ..default() },
                        of: &|row: &$row| (row.id, row.$column.clone()),
                    },
                    $values,
                );
                wrong.extend(tried.err());
            )*
            assert_eq!(wrong, Vec::<String>::new());
            Ok(())
        }
    };
}

columns_hold! { a_value_of_every_type_comes_back, ScalarRepository ScalarRow NewScalar NewScalarOptional ScalarPatch;
    c_bool: any::<bool>();
    c_char: any::<i8>();
    c_int2: any::<i16>();
    c_int4: any::<i32>();
    c_int8: any::<i64>();
    c_oid: any::<u32>();
    c_float4: float4();
    c_float8: float8();
    c_numeric: decimal();
    c_text: text();
    c_varchar: text();
    c_bpchar: "[a-z]{8}";
    c_name: "[a-zé]{0,20}";
    c_bytea: vec(any::<u8>(), 0..9);
    c_uuid: uuid();
    c_json: json();
    c_jsonb: json();
    c_date: date();
    c_time: time();
    c_timetz: time_tz();
    c_timestamp: timestamp();
    c_timestamptz: point_in_time();
    c_interval: interval();
    c_inet: address();
    c_cidr: network();
    c_macaddr: any::<[u8; 6]>().prop_map(MacAddr);
    c_macaddr8: any::<[u8; 8]>().prop_map(MacAddr8);
    c_bit: bits(9..10);
    c_varbit: bits(0..30);
    c_pg_lsn: any::<u64>().prop_map(PgLsn);
    c_point: point();
    c_line: (1.0..1e9, any::<i32>(), any::<i32>()).prop_map(|(a, b, c)| Line { a, b: b.into(), c: c.into() });
    c_lseg: (point(), point()).prop_map(|(start, end)| LineSegment { start, end });
    c_box: (point(), point()).prop_map(|(one, other)| Rect::new(one, other));
    c_path: (any::<bool>(), vec(point(), 1..4)).prop_map(|(closed, points)| Path { closed, points });
    c_polygon: vec(point(), 1..4).prop_map(|points| Polygon { points });
    c_circle: (point(), 0.0..1e200).prop_map(|(center, radius)| Circle { center, radius });
    c_int4range: whole_range(any::<i32>());
    c_int8range: whole_range(any::<i64>());
    c_numrange: range(decimal());
    c_daterange: whole_range(date());
    c_tsrange: range(timestamp());
    c_tstzrange: range(point_in_time());
    c_int4multirange: multirange(any::<i32>());
    c_int8multirange: multirange(any::<i64>());
    c_nummultirange: multirange(decimal());
    c_datemultirange: multirange(date());
    c_tsmultirange: multirange(timestamp());
    c_tstzmultirange: multirange(point_in_time());
    c_money: sample(&["$1.50", "-$1,000.00"]);
    c_xml: sample(&["<a>b</a>", "text and more"]);
    c_tsvector: sample(&["'a':1 'b':2A", "'it''s'"]);
    c_tsquery: sample(&["'a' & 'b'", "!'x'"]);
    c_jsonpath: sample(&["$.\"a\"[*]", "strict $"]);
    c_regclass: sample(&["pg_class", "kitchen.own"]);
    c_regproc: sample(&["now"]);
    c_regprocedure: sample(&["now()", "abs(integer)"]);
    c_regoper: sample(&["0"]);
    c_regoperator: sample(&["+(integer,integer)"]);
    c_regtype: sample(&["integer", "kitchen.mood"]);
    c_regrole: sample(&["-"]);
    c_regnamespace: sample(&["pg_catalog", "kitchen"]);
    c_regcollation: sample(&["\"C\""]);
    c_regconfig: sample(&["simple"]);
    c_regdictionary: sample(&["simple"]);
    c_xid: sample(&["7", "4294967295"]);
    c_xid8: sample(&["7", "18446744073709551615"]);
    c_cid: sample(&["7"]);
    c_tid: sample(&["(1,2)"]);
    c_txid_snapshot: sample(&["10:20:10,14,15"]);
    c_pg_snapshot: sample(&["10:20:10,14,15"]);
    c_refcursor: sample(&["c"]);
    c_int2vector: sample(&["1 2", "-3"]);
    c_oidvector: sample(&["1 2"]);
    c_aclitem: sample(&["=r/postgres"]);
}

columns_hold! { an_array_of_every_type_comes_back, ArrayRepository ArrayRow NewArray NewArrayOptional ArrayPatch;
    c_bool: elements(any::<bool>());
    c_char: elements(any::<i8>());
    c_int2: elements(any::<i16>());
    c_int4: elements(any::<i32>());
    c_int8: elements(any::<i64>());
    c_oid: elements(any::<u32>());
    c_float4: elements(float4());
    c_float8: elements(float8());
    c_numeric: elements(decimal());
    c_text: elements(text());
    c_varchar: elements(text());
    c_bpchar: elements("[a-z]{8}");
    c_name: elements("[a-zé]{0,20}");
    c_bytea: elements(vec(any::<u8>(), 0..9));
    c_uuid: elements(uuid());
    c_json: elements(json());
    c_jsonb: elements(json());
    c_date: elements(date());
    c_time: elements(time());
    c_timetz: elements(time_tz());
    c_timestamp: elements(timestamp());
    c_timestamptz: elements(point_in_time());
    c_interval: elements(interval());
    c_inet: elements(address());
    c_cidr: elements(network());
    c_macaddr: elements(any::<[u8; 6]>().prop_map(MacAddr));
    c_macaddr8: elements(any::<[u8; 8]>().prop_map(MacAddr8));
    c_bit: elements(bits(9..10));
    c_varbit: elements(bits(0..30));
    c_pg_lsn: elements(any::<u64>().prop_map(PgLsn));
    c_point: elements(point());
    c_line: elements((1.0..1e9, any::<i32>(), any::<i32>()).prop_map(|(a, b, c)| Line { a, b: b.into(), c: c.into() }));
    c_lseg: elements((point(), point()).prop_map(|(start, end)| LineSegment { start, end }));
    c_box: elements((point(), point()).prop_map(|(one, other)| Rect::new(one, other)));
    c_path: elements((any::<bool>(), vec(point(), 1..4)).prop_map(|(closed, points)| Path { closed, points }));
    c_polygon: elements(vec(point(), 1..4).prop_map(|points| Polygon { points }));
    c_circle: elements((point(), 0.0..1e200).prop_map(|(center, radius)| Circle { center, radius }));
    c_int4range: elements(whole_range(any::<i32>()));
    c_int8range: elements(whole_range(any::<i64>()));
    c_numrange: elements(range(decimal()));
    c_daterange: elements(whole_range(date()));
    c_tsrange: elements(range(timestamp()));
    c_tstzrange: elements(range(point_in_time()));
    c_int4multirange: elements(multirange(any::<i32>()));
    c_int8multirange: elements(multirange(any::<i64>()));
    c_nummultirange: elements(multirange(decimal()));
    c_datemultirange: elements(multirange(date()));
    c_tsmultirange: elements(multirange(timestamp()));
    c_tstzmultirange: elements(multirange(point_in_time()));
    c_money: elements(sample(&["$1.50", "-$1,000.00"]));
    c_xml: elements(sample(&["<a>b</a>", "text and more"]));
    c_tsvector: elements(sample(&["'a':1 'b':2A", "'it''s'"]));
    c_tsquery: elements(sample(&["'a' & 'b'", "!'x'"]));
    c_jsonpath: elements(sample(&["$.\"a\"[*]", "strict $"]));
    c_regclass: elements(sample(&["pg_class", "kitchen.own"]));
    c_regproc: elements(sample(&["now"]));
    c_regprocedure: elements(sample(&["now()", "abs(integer)"]));
    c_regoper: elements(sample(&["0"]));
    c_regoperator: elements(sample(&["+(integer,integer)"]));
    c_regtype: elements(sample(&["integer", "kitchen.mood"]));
    c_regrole: elements(sample(&["-"]));
    c_regnamespace: elements(sample(&["pg_catalog", "kitchen"]));
    c_regcollation: elements(sample(&["\"C\""]));
    c_regconfig: elements(sample(&["simple"]));
    c_regdictionary: elements(sample(&["simple"]));
    c_xid: elements(sample(&["7", "4294967295"]));
    c_xid8: elements(sample(&["7", "18446744073709551615"]));
    c_cid: elements(sample(&["7"]));
    c_tid: elements(sample(&["(1,2)"]));
    c_txid_snapshot: elements(sample(&["10:20:10,14,15"]));
    c_pg_snapshot: elements(sample(&["10:20:10,14,15"]));
    c_refcursor: elements(sample(&["c"]));
    c_int2vector: elements(sample(&["1 2", "-3"]));
    c_oidvector: elements(sample(&["1 2"]));
    c_aclitem: elements(sample(&["=r/postgres"]));
}

columns_hold! { a_value_of_a_type_of_the_schema_comes_back, OwnRepository OwnRow NewOwn NewOwnOptional OwnPatch;
    mood: mood();
    moods: elements(mood());
    mood_grid: grid(mood());
    colour: prop::sample::select(Colour::ALL);
    other_colour: prop::sample::select(pantry::Colour::ALL);
    email: "[a-z]{0,5}@[a-z,\"\\\\]{0,9}";
    emails: elements("[a-z]{0,5}@[a-z]{0,9}");
    short: "[a-z]{0,5}@[a-z]{0,50}";
    scores: elements(any::<i32>());
    good_mood: mood();
    good_moods: elements(mood());
    amount: amount();
    address: composite();
    addresses: elements(composite());
    floats: range(float8());
    float_sets: multirange(float8());
    texts: range(text());
    text_list: elements(range(text()));
    grid: grid(any::<i32>());
    number_grid: grid(decimal());
    bounds: (address(), 0_u8..=32).prop_map(|(address, prefix)| Inet::new(address, prefix).expect("an address has 32 bits"));
    settings: ("[a-z\"]{0,5}", any::<Option<i32>>()).prop_map(|(theme, size)| Json(Settings { theme, size }));
    names: names();
    name_list: elements(names());
}

columns_hold! { a_value_of_an_extensions_type_comes_back,
    ExtensionRepository ExtensionRow NewExtension NewExtensionOptional ExtensionPatch;
    c_hstore: hstore();
    c_hstores: elements(hstore());
    c_citext: text();
    c_citexts: elements(text());
    c_ltree: sample(&["Top", "Top.Science.Astronomy", ""]);
    c_ltrees: elements(sample(&["Top", "Top.Science"]));
}

fn mood() -> impl Strategy<Value = Mood> {
    prop::sample::select(Mood::ALL)
}

fn names() -> impl Strategy<Value = LocalizedText> {
    vec((sample(&["hu", "en", "de"]), "[a-zé\"\\\\]{0,6}"), 0..3).prop_map(LocalizedText::from_iter)
}

fn hstore() -> impl Strategy<Value = Hstore> {
    vec(("[a-z =>,\"\\\\é]{0,6}", prop::option::of("[A-Z =>,\"\\\\]{0,6}")), 0..4).prop_map(Hstore::from_iter)
}

fn amount() -> impl Strategy<Value = MoneyAmount> {
    (prop::option::of((any::<i64>(), 0_u32..5)), prop::option::of("[A-Z]{3}"))
        .prop_map(|(amount, currency)| MoneyAmount { amount: amount.map(|(digits, scale)| decimal_of(digits, scale)), currency })
}

fn composite() -> impl Strategy<Value = Address> {
    let plain = (prop::option::of("[a-z\"\\\\(),{}é ]{0,8}"), prop::option::of(mood()), prop::option::of(elements(text())));
    let nested = (prop::option::of(amount()), prop::option::of(elements(amount())), prop::option::of("[a-z]@[a-z]"));
    let times =
        (prop::option::of(recent()), prop::option::of(interval()), prop::option::of(whole_range(recent().prop_map(|at| at.date_naive()))));
    let rest = (
        prop::option::of(grid(any::<i32>())),
        prop::option::of(elements((point(), point()).prop_map(|(one, other)| Rect::new(one, other)))),
        prop::option::of(vec(any::<u8>(), 0..5)),
        any::<Option<bool>>(),
        prop::option::of(float8()),
    );
    (plain, nested, times, rest).prop_map(
        |((street, r#type, tags), (price, prices, mail), (at, span, days), (grid, boxes, raw, ok, ratio))| Address {
            street,
            r#type,
            tags,
            price,
            prices,
            mail,
            at,
            span,
            grid,
            boxes,
            days,
            raw,
            ok,
            ratio,
            colour: Some(pantry::Colour::Blue),
        },
    )
}

/// What the server holds and a Rust type cannot is an error that says so, and never another value.
#[test]
fn what_a_type_cannot_hold_is_refused() -> Result<(), Error> {
    let database = kitchen();
    let mut client = client(database.url());
    client.batch_execute("SET session_replication_role = replica; ALTER TYPE kitchen.mood ADD VALUE 'angry'").expect("a superuser");
    for (table, column, value, expected) in [
        ("scalars", "c_date", "'infinity'", "it is infinite, and the dates and times here are not"),
        ("scalars", "c_date", "'5874897-12-31'", "the year is beyond those of the dates and times here"),
        ("scalars", "c_time", "'24:00'", "it is 24:00, the end of a day, and the last time here is before that"),
        ("scalars", "c_timetz", "'24:00+02'", "it is 24:00, the end of a day, and the last time here is before that"),
        ("scalars", "c_timestamp", "'-infinity'", "it is infinite, and the dates and times here are not"),
        ("scalars", "c_timestamptz", "'infinity'", "it is infinite, and the dates and times here are not"),
        ("scalars", "c_timestamp", "'294276-12-31'", "the year is beyond those of the dates and times here"),
        ("scalars", "c_numeric", "'NaN'", "it is not a finite number, and a `Decimal` is"),
        ("scalars", "c_numeric", "'-Infinity'", "it is not a finite number, and a `Decimal` is"),
        ("scalars", "c_numeric", "79228162514264337593543950336", "the number has more digits than a `Decimal`, which has 28"),
        ("scalars", "c_numeric", "1e-29", "the number has more digits than a `Decimal`, which has 28"),
        ("scalars", "c_numeric", "12345678901234567890.12345678901", "the number has more digits than a `Decimal`, which has 28"),
        (
            "scalars",
            "c_inet",
            "'10.0.0.1/8'",
            "the address has a netmask, which `IpAddr` has no place for: `types(column: elyos_runtime::types::Inet)` keeps it",
        ),
        ("scalars", "c_daterange", "'[2020-01-01,infinity)'", "it is infinite, and the dates and times here are not"),
        ("scalars", "c_numrange", "'[1,NaN]'", "it is not a finite number, and a `Decimal` is"),
        ("arrays", "c_date", "'{infinity}'", "it is infinite, and the dates and times here are not"),
        ("arrays", "c_time", "'{24:00}'", "it is 24:00, the end of a day, and the last time here is before that"),
        ("arrays", "c_int4", "'{{1,2}}'", "array contains too many dimensions"),
        ("own", "mood", "'angry'", "kitchen.mood has no label `angry` in the schema that the program was compiled with"),
        ("own", "moods", "'{sad,angry}'", "kitchen.mood has no label `angry` in the schema that the program was compiled with"),
        (
            "own",
            "address",
            "'(,angry,,,,,,,,,,,,,)'",
            "the attribute type of kitchen.address: kitchen.mood has no label `angry` in the schema that the program was compiled with",
        ),
        ("own", "amount", "'(NaN,)'", "the attribute amount of kitchen.money_amount: it is not a finite number, and a `Decimal` is"),
        ("own", "settings", "'[1]'", "the JSON is of another shape than the type, at line 1, column 2"),
    ] {
        let insert = format!("DELETE FROM kitchen.{table}; INSERT INTO kitchen.{table} ({column}) VALUES ({value})");
        client.batch_execute(&insert).unwrap_or_else(|error| panic!("{insert}: {error:?}"));
        let db = Db::connect(database.url())?;
        let error = match table {
            "scalars" => ScalarRepository::find_all(&db).map(drop),
            "arrays" => ArrayRepository::find_all(&db).map(drop),
            _ => OwnRepository::find_all(&db).map(drop),
        };
        let error = error.expect_err(value);
        assert_eq!(error.to_string(), format!("the column {column} holds what its Rust type cannot: {expected}"));
    }
    Ok(())
}

#[test]
fn keys_may_be_of_any_type() -> Result<(), Error> {
    let database = kitchen();
    let db = Db::connect(database.url())?;
    let new = |mood, note: &str| NewByMood {
        mood,
        colour: pantry::Colour::Blue,
        optional: NewByMoodOptional { note: Set(Some(note.to_owned())) },
    };
    let rows = ByMoodRepository::insert_many(&db, vec![new(Mood::ItSOk, "one"), new(Mood::Sad, "two")])?;
    assert_eq!(rows.iter().map(|row| row.mood).collect::<Vec<_>>(), [Mood::ItSOk, Mood::Sad]);
    let changed = ByMoodRepository::upsert(&db, new(Mood::Sad, "three"), ByMoodTarget::MoodAndColour)?;
    assert_eq!(ByMoodRepository::get_by_id(&db, (Mood::Sad, pantry::Colour::Blue))?, changed);
    // In the order of the schema, and of the keys that were given.
    assert_eq!(ByMoodRepository::find_all(&db)?.iter().map(|row| row.mood).collect::<Vec<_>>(), [Mood::Sad, Mood::ItSOk]);
    let keys = [(Mood::ItSOk, pantry::Colour::Blue), (Mood::Sad, pantry::Colour::Blue)];
    let found = ByMoodRepository::find_by_ids(&db, &keys)?;
    assert_eq!(found.iter().map(|row| row.note.as_deref()).collect::<Vec<_>>(), [Some("one"), Some("three")]);
    assert!(ByMoodRepository::delete(&db, keys[0])? && !ByMoodRepository::exists(&db, keys[0])?);
    Ok(())
}

#[test]
fn an_enum_is_its_labels() {
    assert_eq!(Mood::ALL.len(), 7);
    assert!(Mood::ALL.is_sorted() && Mood::Sad < Mood::ItSOk);
    assert!(Mood::ALL.iter().all(|mood| mood.as_str().parse() == Ok(*mood)));
    assert_eq!((Mood::InProgress4.as_str(), Mood::C2fa.to_string().as_str()), ("inProgress", "2fa"));
    let error = "Sad".parse::<Mood>().expect_err("labels are told apart by their case");
    assert_eq!(error.to_string(), "kitchen.mood has no label `Sad` in the schema that the program was compiled with");
    let scores: types::Scores = vec![Some(1), None];
    let (email, range): (types::Email, types::FloatRange) = (String::new(), Range::from(0.5..1.0));
    assert_eq!((scores.len(), email.len(), range.contains(&0.7)), (2, 0, true));
    assert_eq!(Array::<i32>::default().dimensions(), []);
}
