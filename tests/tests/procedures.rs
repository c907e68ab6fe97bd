//! Typed callers of functions and procedures, of ElyOS's bundle and of a schema with every shape of them.

use elyos_runtime::prelude::*;
use elyos_tests::{TestDatabase, client, database, seeded};

/// ElyOS's: those of the bundle around the nearest schema.sql.
mod procedures {
    elyos_runtime::procedures!();
}

/// Of a schema alone.
mod functions {
    elyos_runtime::procedures!("tests/schemas/functions.sql");
}

/// The same, which take and give the schema's types.
mod typed {
    elyos_runtime::procedures!("tests/schemas/functions.sql", types_in = crate::types);
}

mod types {
    elyos_runtime::types!(schema = "tests/schemas/functions.sql");
}

use functions::calls;
use types::{Mood, Pair};

fn ready() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/functions.sql")).expect("the schema is PostgreSQL's");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

#[test]
fn the_bundles_procedures_are_called() -> Result<(), Error> {
    let (_database, db) = seeded();
    let groups = procedures::auth::get_groups(&db, &[1, 2, 999])?;
    assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), [Some(1), Some(2)]);
    let counted = procedures::auth::get_groups_2(&db, &[1])?;
    assert_eq!(counted.iter().map(|group| group.member_count).collect::<Vec<_>>(), [Some(1)]);
    assert_eq!(procedures::auth::get_user_permissions(&db, 1)?.len(), 28);
    assert!(procedures::platform::get_user_apps(&db, 1)?.iter().any(|app| app.app_id.as_deref() == Some("users")));
    let texts = procedures::platform::get_translations(&db, "common", "hu", "en")?;
    assert!(texts.len() > 20 && texts.iter().all(|text| text.locale.as_deref() == Some("hu")));
    Ok(())
}

#[test]
fn values_sets_and_rows_come_back() -> Result<(), Error> {
    let (_database, db) = ready();
    assert_eq!(calls::answer(&db)?, Some(42));
    assert_eq!(calls::twice(&db, 21, "n = ")?.as_deref(), Some("n = 42"));
    assert_eq!(calls::twice(&db, None, "n = ")?, None);
    assert_eq!(calls::unnamed(&db, 5, 3)?, Some(2));
    assert_eq!(calls::numbers(&db, 3)?, [Some(1), Some(2), Some(3)]);
    assert_eq!(calls::numbers(&db, 0)?, []);
    assert_eq!(calls::spread(&db, &["a", "b"])?.as_deref(), Some("a+b"));
    assert_eq!(calls::only_out(&db)?, Some(7));
    let both = calls::both(&db, 1)?.expect("a row");
    assert_eq!((both.a, both.b.as_deref()), (Some(2), Some("b1")));
    let rows = calls::rows(&db, &[3, 1])?;
    assert_eq!(
        rows.iter().map(|row| (row.n, row.order.as_deref())).collect::<Vec<_>>(),
        [(Some(3), Some("row 3")), (Some(1), Some("row 1"))]
    );
    let pair = calls::make_pair(&db, "x")?.expect("a row");
    assert_eq!((pair.a, pair.b.as_deref()), (Some(1), Some("x")));
    assert_eq!(calls::cut(&db, "short")?.as_deref(), Some("short"));
    assert_eq!((calls::over_integer(&db, 1)?.as_deref(), calls::over_text(&db, "1")?.as_deref()), (Some("integer"), Some("text")));
    assert_eq!(functions::other_calls::r#type(&db, 3)?, Some(3));
    Ok(())
}

#[test]
fn arguments_are_left_to_their_defaults() -> Result<(), Error> {
    let (_database, db) = ready();
    assert_eq!(calls::with_defaults(&db, 1, default())?.as_deref(), Some("1 10 c"));
    let last = calls::WithDefaultsOptional { c: Set(Some("x".into())), ..default() };
    assert_eq!(calls::with_defaults(&db, 1, last)?.as_deref(), Some("1 10 x"));
    let both = calls::WithDefaultsOptional { b: Set(None), c: Set(None) };
    assert_eq!(calls::with_defaults(&db, 1, both)?.as_deref(), Some("1 - -"));
    assert_eq!(calls::all_defaults(&db, default())?, Some(-1));
    assert_eq!(calls::all_defaults(&db, calls::AllDefaultsOptional { b: Set(Some(5)), ..default() })?, Some(-4));
    assert_eq!(calls::all_defaults(&db, calls::AllDefaultsOptional { a: Set(Some(7)), b: Set(Some(5)) })?, Some(2));
    Ok(())
}

#[test]
fn nothing_comes_back_of_void_and_procedures_are_called() -> Result<(), Error> {
    let (_database, db) = ready();
    calls::nothing(&db)?;
    calls::note(&db, "noted")?;
    calls::note(&db, None)?;
    let lines = calls::lines(&db)?;
    let lines: Vec<_> = lines.iter().map(|line| (line.id, line.line.as_deref())).collect();
    assert_eq!(lines, [(Some(1), Some("nothing")), (Some(2), Some("noted")), (Some(3), None)]);
    let counted = calls::count_up(&db, 4)?.expect("a row");
    assert_eq!((counted.n, counted.was), (Some(5), Some(4)));
    db.transaction(|tx| calls::note(tx, "in a transaction"))?;
    Ok(())
}

#[tokio::test]
async fn callers_are_futures_for_an_asynchronous_connection() -> Result<(), Error> {
    let database = tokio::task::spawn_blocking(|| ready().0).await.expect("ready");
    let db = AsyncDb::connect(database.url()).await?;
    assert_eq!(calls::answer(&db).await?, Some(42));
    assert_eq!(calls::with_defaults(&db, 1, default()).await?.as_deref(), Some("1 10 c"));
    assert_eq!(calls::rows(&db, &[3]).await?.len(), 1);
    Ok(())
}

#[test]
fn enums_and_composite_types_are_those_of_the_module_that_is_named() -> Result<(), Error> {
    let (database, db) = ready();
    assert_eq!(calls::other_mood(&db, "sad")?.as_deref(), Some("happy"));
    assert_eq!(typed::calls::other_mood(&db, Mood::Sad)?, Some(Mood::Happy));
    assert_eq!(typed::calls::other_mood(&db, None)?, Some(Mood::Sad));
    assert_eq!(typed::calls::moods(&db, &[Mood::Happy], default())?, [Some(Mood::Happy), Some(Mood::Sad)]);
    let other = typed::calls::MoodsOptional { other: Set(None) };
    assert_eq!(typed::calls::moods(&db, &[Mood::Happy, Mood::Sad], other)?, [Some(Mood::Happy), Some(Mood::Sad), None]);
    let pair = Pair { a: Some(1), b: Some("x, \"y\"".to_owned()) };
    let row = typed::calls::mood_of(&db, pair.clone())?.expect("a row");
    assert_eq!((row.m, row.all_moods, row.p2), (Some(Mood::Happy), Some(vec![Some(Mood::Sad)]), Some(pair)));
    for change in [
        "ALTER TYPE calls.mood ADD VALUE 'angry'",
        "CREATE OR REPLACE FUNCTION calls.other_mood(m calls.mood) RETURNS calls.mood LANGUAGE sql AS $$ SELECT 'angry'::calls.mood $$",
    ] {
        client(database.url()).batch_execute(change).expect("it is the owner");
    }
    assert_eq!(
        typed::calls::other_mood(&db, Mood::Sad).expect_err("the program does not know it").to_string(),
        "the column answer holds what its Rust type cannot: calls.mood has no label `angry` in the schema that the program was compiled with"
    );
    Ok(())
}

/// What the driver would take for another value: midnight, a rounded number, an address alone.
#[test]
fn a_single_value_is_never_another() -> Result<(), Error> {
    let (_database, db) = ready();
    assert_eq!(calls::many_digits(&db, 2)?.iter().flatten().map(ToString::to_string).collect::<Vec<_>>(), ["1.5", "1.5"]);
    for (error, column, expected) in [
        (calls::end_of_day(&db).map(drop), "answer", "it is 24:00, the end of a day, and the last time here is before that"),
        (calls::many_digits(&db, 0).map(drop), "answer", "the number has more digits than a `Decimal`, which has 28"),
        (
            calls::network(&db).map(drop),
            "answer",
            "the address has a netmask, which `IpAddr` has no place for: `types(column: elyos_runtime::types::Inet)` keeps it",
        ),
        (calls::forever(&db).map(drop), "answer", "it is infinite, and the dates and times here are not"),
    ] {
        let error = error.expect_err(expected);
        assert_eq!(error.to_string(), format!("the column {column} holds what its Rust type cannot: {expected}"));
    }
    Ok(())
}

#[test]
fn what_only_comes_out_of_a_procedure_may_stand_anywhere() -> Result<(), Error> {
    let (_database, db) = ready();
    let told = calls::measure(&db, 5, default())?.expect("a row");
    assert_eq!((told.total, told.half.as_deref()), (Some(50), Some("2")));
    let told = calls::measure(&db, 5, calls::MeasureOptional { times: Set(Some(3)) })?.expect("a row");
    assert_eq!(told.total, Some(15));
    Ok(())
}

#[test]
fn what_would_be_called_alike_is_numbered() -> Result<(), Error> {
    let (_database, db) = ready();
    let told = [calls::alike_integer(&db, 1)?, calls::alike_text(&db, "1")?, calls::alike_text_2(&db, 1)?];
    assert_eq!(told.map(Option::unwrap_or_default), ["integer", "text", "by name"]);
    let twins = calls::twins(&db)?;
    assert_eq!((twins[0].one_twin, twins[0].one_twin_2), (Some(1), Some(2)));
    Ok(())
}
