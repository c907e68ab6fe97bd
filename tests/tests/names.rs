//! The derive in a crate that forbids and denies all it can, with names that are legal in SQL and awkward in Rust.

#![forbid(unsafe_code)]
#![deny(missing_docs, clippy::pedantic, unreachable_pub, unused_qualifications, rust_2018_idioms, warnings)]

use elyos_runtime::chrono::NaiveDate;
use elyos_runtime::prelude::*;
use elyos_tests::{TestDatabase, client, database};

/// Every awkward name.
#[derive(Repository)]
#[repository(table = "Odd Names.Every Name", schema = "tests/schemas/names.sql", search(r#type, mixed_case, say__hi_))]
pub struct OddRepository;

/// Repositories of every visibility, none of which imports anything.
mod nested {
    pub(crate) mod deeper {
        /// Seen in the crate.
        #[derive(::elyos_runtime::prelude::Repository)]
        #[repository(table = "type", schema = "tests/schemas/names.sql")]
        pub(crate) struct TypeRepository;

        /// Seen in the parent.
        #[derive(::elyos_runtime::prelude::Repository)]
        #[repository(table = "self", schema = "tests/schemas/names.sql")]
        pub(super) struct SelfRepository;

        /// Seen in a module.
        #[derive(::elyos_runtime::prelude::Repository)]
        #[repository(table = "std", schema = "tests/schemas/names.sql")]
        pub(in crate::nested) struct StdRepository;

        /// Seen here.
        #[derive(::elyos_runtime::prelude::Repository)]
        #[repository(table = "elyos_runtime", schema = "tests/schemas/names.sql")]
        struct ElyosRepository;

        pub(crate) fn private_table() -> &'static str {
            <ElyosRepository as ::elyos_runtime::repository::Repository>::TABLE
        }
    }

    pub(crate) fn tables() -> [&'static str; 2] {
        use elyos_runtime::repository::Repository as _;
        [deeper::SelfRepository::TABLE, deeper::StdRepository::TABLE]
    }
}

/// Where not even `Option` and `Clone` have their names.
mod bare {
    #![no_implicit_prelude]

    /// The key is made by the database.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "made", schema = "tests/schemas/names.sql")]
    pub(crate) struct MadeRepository;

    /// Nothing has to be said.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "nothing_required", schema = "tests/schemas/names.sql")]
    pub(crate) struct NothingRequiredRepository;

    /// No key.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "keyless", schema = "tests/schemas/names.sql", search(what))]
    pub(crate) struct KeylessRepository;

    /// Arrays and bytes.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "listed", schema = "tests/schemas/names.sql", search(tags, day))]
    pub(crate) struct ListedRepository;
}

/// Names that shadow those of the standard library.
mod shadowed {
    #![allow(dead_code, unused_imports, reason = "they are there to be in the way")]

    pub(crate) struct Option;
    pub(crate) struct Vec;
    pub(crate) struct String;
    pub(crate) struct Result;
    pub(crate) enum Shadow {
        Some,
        None,
        Ok,
        Err,
    }
    pub(crate) use Shadow::{Err, None, Ok, Some};
    pub(crate) trait Default {}
    pub(crate) mod std {}
    pub(crate) mod core {}
    pub(crate) mod elyos_runtime {}
    pub(crate) mod str {}
    pub(crate) mod u8 {}
    pub(crate) mod usize {}
    pub(crate) mod bool {}

    /// A table that is called like a type.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "i32", schema = "tests/schemas/names.sql")]
    pub(crate) struct NumberRepository;

    /// A reference that is checked late.
    #[derive(::elyos_runtime::prelude::Repository)]
    #[repository(table = "chained", schema = "tests/schemas/names.sql")]
    pub(crate) struct ChainedRepository;
}

use bare::{KeylessRepository, ListedRepository, MadeRepository, NothingRequiredRepository};
use shadowed::ChainedRepository;

/// Fourteen columns of key.
#[derive(Repository)]
#[repository(table = "\"dot.ted\".\"a.b\"", schema = "tests/schemas/names.sql")]
pub struct DottedRepository;

/// Its `id` is unique, and not the key.
#[derive(Repository)]
#[repository(table = "id_is_not_the_key", schema = "tests/schemas/names.sql")]
pub struct NotTheKeyRepository;

/// Of two constraints that are called alike by their columns, the second is called by its name.
#[derive(Repository)]
#[repository(table = "twin_keys", schema = "tests/schemas/names.sql")]
pub struct TwinKeyRepository;

fn ready() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/names.sql")).expect("the schema is PostgreSQL's SQL");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

fn odd(key: i32) -> NewOdd {
    NewOdd {
        key,
        self_: "me".into(),
        r#type: format!("type {key}"),
        order: key,
        ex: format!("ex {key}"),
        optional: NewOddOptional {
            mixed_case: Set(Some("Mixed".into())),
            camel_case: Set(Some("camel".into())),
            e_mail: Set(Some(format!("{key}@example.com"))),
            c_2fa: Set(true),
            a__b: Set(Some("ab".into())),
            c__: Set(Some("underscore".into())),
            név: Set(Some("név".into())),
            m_: Set(Some(1.5)),
            say__hi_: Set(Some("hi".into())),
            cost__: Set(Some("12.30".parse().expect("a number"))),
            place: Set(Some(100 - key)),
            total: Set(Some(-1)),
            row_number: Set(Some(7)),
            optional: Set(Some("may be left out".into())),
            ..default()
        },
    }
}

#[test]
fn every_name_can_be_inserted_found_changed_and_sorted_by() -> Result<(), Error> {
    let (_database, db) = ready();
    let rows: Vec<OddRow> = (1..=5).map(|key| OddRepository::insert(&db, odd(key))).collect::<Result<_, _>>()?;
    let row = &rows[0];
    assert_eq!((row.self_.as_str(), row.r#type.as_str(), row.c_2fa, row.m_), ("me", "type 1", true, Some(1.5)));
    assert_eq!(row.cost__.map(|cost| cost.to_string()).as_deref(), Some("12.30"));
    assert_eq!((row.optional.as_deref(), row.r#gen.as_deref()), (Some("may be left out"), None));
    // The key is in the key's order, not the table's.
    assert_eq!(OddRepository::find_by_id(&db, ("me", 1))?.as_ref(), Some(row));
    assert_eq!(OddRepository::find_by_ex(&db, "ex 1")?.as_ref(), Some(row));
    assert_eq!(OddRepository::find_by_type_and_order(&db, "type 1", 1)?.as_ref(), Some(row));
    assert_eq!(OddRepository::find_by_place(&db, 99)?.as_ref(), Some(row));
    assert_eq!(OddRepository::find_by_mixed_case_and_e_mail(&db, "Mixed", "1@example.com")?.as_ref(), Some(row));

    let patch = OddPatch { r#type: Set("changed".into()), optional: Set(None), self_: Set("you".into()), ..default() };
    let changed = OddRepository::update(&db, ("me", 1), patch)?;
    assert_eq!((changed.r#type.as_str(), changed.optional.as_deref(), changed.self_.as_str()), ("changed", None, "you"));
    assert!(OddRepository::delete(&db, ("you", 1))?);

    // A page has names of its own beside the table's; they are not mistaken for one another.
    for sort in [
        every_name::PLACE.desc(),
        every_name::KEY.asc(),
        every_name::TYPE.asc(),
        every_name::M_.asc(),
        every_name::TOTAL.desc(),
        every_name::ROW_NUMBER.asc(),
        every_name::SAY__HI_.asc(),
        every_name::NÉV.asc(),
    ] {
        let page = OddRepository::paginate(&db, PageRequest::new(2, 2).search("MIXED").sort(sort))?;
        assert_eq!((page.rows.iter().map(|row| row.key).collect::<Vec<_>>(), page.total), (vec![4, 5], 4), "{sort:?}");
    }
    let page = OddRepository::paginate(&db, PageRequest::new(1, 1).sort(every_name::PLACE.asc()))?;
    assert_eq!((page.rows[0].key, page.rows[0].total, page.total), (5, Some(-1), 4));
    Ok(())
}

#[test]
fn names_of_any_visibility_are_seen_where_they_should_be() {
    assert_eq!(nested::tables(), ["public.self", "public.std"]);
    assert_eq!(nested::deeper::TypeRepository::TABLE, "public.type");
    assert_eq!(nested::deeper::private_table(), "public.elyos_runtime");
    assert_eq!(nested::deeper::r#type::NAME.name(), "name");
}

#[test]
fn a_key_may_have_any_number_of_columns() -> Result<(), Error> {
    let (_database, db) = ready();
    let new = NewDotted {
        k1: 1,
        k2: 2,
        k3: 3,
        k4: 4,
        k5: 5,
        k6: 6,
        k7: 7,
        k8: 8,
        k9: 9,
        k10: 10,
        k11: 11,
        k12: 12,
        k13: 13,
        k14: 14,
        optional: default(),
    };
    let row = DottedRepository::insert(&db, new)?;
    assert_eq!(DottedRepository::find_by_id(&db, (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14))?.as_ref(), Some(&row));
    let found = DottedRepository::find_by_k14_and_k13_and_k12_and_k11_and_k10_and_k9_and_k8_and_k7_and_k6_and_k5_and_k4_and_k3_and_k2(
        &db, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2,
    )?;
    assert_eq!(found, Some(row));
    Ok(())
}

#[test]
fn a_repository_may_be_made_inside_a_function() -> Result<(), Error> {
    /// Here only.
    #[derive(Repository)]
    #[repository(table = "nothing_required", schema = "tests/schemas/names.sql")]
    struct LocalRepository;

    let (_database, db) = ready();
    let row: LocalRow = LocalRepository::insert(&db, NewLocal { optional: default() })?;
    let page = LocalRepository::paginate(&db, PageRequest::new(1, 10).sort(nothing_required::AT.desc()))?;
    assert_eq!(page.rows, [row]);
    Ok(())
}

#[test]
fn what_the_database_makes_is_not_said() -> Result<(), Error> {
    let (_database, db) = ready();
    let made = MadeRepository::insert(&db, bare::NewMade { amount: 21, optional: default() })?;
    assert_eq!((made.id, made.doubled), (1, Some(42)));
    let made = MadeRepository::update(&db, 1, bare::MadePatch { amount: Set(4) })?;
    assert_eq!(made.doubled, Some(8));
    let row = NothingRequiredRepository::insert(&db, bare::NewNothingRequired { optional: default() })?;
    assert_eq!(NothingRequiredRepository::find_by_id(&db, row.id)?, Some(row));
    Ok(())
}

#[test]
fn a_table_without_a_key_is_read_and_inserted_into() -> Result<(), Error> {
    let (_database, db) = ready();
    for n in [3, 1, 2, 2] {
        let optional = bare::NewKeylessOptional { n: Set(Some(n)) };
        KeylessRepository::insert(&db, bare::NewKeyless { what: format!("What {n}"), optional })?;
    }
    let page = KeylessRepository::paginate(&db, PageRequest::new(1, 3).search("what").sort(bare::keyless::N.desc()))?;
    assert_eq!((page.rows.iter().map(|row| row.n).collect::<Vec<_>>(), page.total), (vec![Some(3), Some(2), Some(2)], 4));
    assert_eq!(KeylessRepository::paginate(&db, PageRequest::new(3, 3))?.total, 4);
    assert_eq!(KeylessRepository::count_matching(&db, "WHAT 2")?, 2);
    Ok(())
}

#[test]
fn keys_and_searches_are_of_any_type() -> Result<(), Error> {
    let (_database, db) = ready();
    let tags = vec![Some("a".to_owned()), None, Some("it's \"b\"".to_owned())];
    let day = NaiveDate::from_ymd_opt(2024, 2, 29);
    let new = bare::NewListed {
        tags: tags.clone(),
        optional: bare::NewListedOptional {
            bytes: Set(Some(vec![0, 255])),
            day: Set(day),
            ratio: Set(Some(vec![Some(0.5), None])),
            char: Set(Some(65)),
        },
    };
    let row = ListedRepository::insert(&db, new)?;
    assert_eq!((&row.tags, &row.bytes, row.day, row.char), (&tags, &Some(vec![0, 255]), day, Some(65)));
    assert_eq!(ListedRepository::find_by_id(&db, &tags)?.as_ref(), Some(&row));
    assert_eq!(ListedRepository::find_by_bytes(&db, &[0, 255])?.as_ref(), Some(&row));
    assert_eq!(ListedRepository::find_by_day(&db, day.expect("a leap year"))?.as_ref(), Some(&row));
    assert_eq!(ListedRepository::count_matching(&db, "02-29")?, 1);
    assert!(ListedRepository::delete(&db, &tags)?);
    Ok(())
}

#[test]
fn what_is_checked_at_the_end_fails_the_commit_and_undoes_it() -> Result<(), Error> {
    let (_database, db) = ready();
    let link = |id, next| shadowed::NewChained { id, optional: shadowed::NewChainedOptional { next: Set(next) } };
    db.transaction(|tx| {
        ChainedRepository::insert(tx, link(1, Some(2)))?;
        ChainedRepository::insert(tx, link(2, Some(1)))
    })?;
    let error = db.transaction(|tx| ChainedRepository::insert(tx, link(3, Some(4)))).expect_err("there is no 4");
    assert!(error.is_foreign_key_violation(), "{error}");
    assert_eq!(ChainedRepository::count_all(&db)?, 2);
    db.transaction(|tx| ChainedRepository::insert(tx, link(3, Some(1))))?;
    Ok(())
}

#[test]
fn a_unique_id_that_is_not_the_key_hides_no_method_of_the_traits() {
    fn generic<'a, R: Keyed<Key<'a> = &'a str>>(db: &'a Db, key: &'a str) -> elyos_runtime::Result<Option<R::Row>> {
        R::find_by_id(db, key)
    }
    let (_database, db) = ready();
    let new = NewNotTheKey { uid: "a".into(), optional: NewNotTheKeyOptional { id: Set(Some(7)), ids: Set(Some(8)) } };
    NotTheKeyRepository::insert(&db, new).expect("it is inserted");
    let concrete = NotTheKeyRepository::find_by_id(&db, "a").expect("it is asked");
    assert_eq!(concrete.as_ref().map(|row| row.id), Some(Some(7)));
    assert_eq!(concrete, generic::<NotTheKeyRepository>(&db, "a").expect("it is asked"));
    assert_eq!(concrete, NotTheKeyRepository::find_by_unique_id(&db, 7).expect("it is asked"));
    assert_eq!(concrete, NotTheKeyRepository::find_by_unique_ids(&db, 8).expect("it is asked"));
    assert_eq!(NotTheKeyRepository::find_by_unique_id(&db, 8).expect("it is asked"), None);
}

#[test]
fn constraints_that_would_be_called_alike_are_called_by_their_names() -> Result<(), Error> {
    let (database, db) = ready();
    client(database.url())
        .batch_execute("INSERT INTO pairs VALUES (5, 6); INSERT INTO made (amount) SELECT 1 FROM generate_series(1, 5); INSERT INTO chained VALUES (7)")
        .expect("there is what is referred to");
    let optional = NewTwinKeyOptional {
        a: Set(Some(1)),
        b: Set(Some(2)),
        a_and_b: Set(Some(3)),
        c: Set(Some(5)),
        d: Set(Some(6)),
        c_and_d: Set(Some(7)),
    };
    let row = TwinKeyRepository::insert(&db, NewTwinKey { id: 1, optional })?;
    assert_eq!(TwinKeyRepository::find_by_a_and_b(&db, 3)?.as_ref(), Some(&row));
    assert_eq!(TwinKeyRepository::find_by_doubled(&db, 1, 2)?.as_ref(), Some(&row));
    assert_eq!(TwinKeyRepository::list_by_c_and_d(&db, 7)?, std::slice::from_ref(&row));
    assert_eq!(TwinKeyRepository::list_by_pair(&db, 5, 6)?, std::slice::from_ref(&row));
    for target in [TwinKeyTarget::AAndB, TwinKeyTarget::Doubled] {
        assert_eq!(TwinKeyRepository::upsert(&db, NewTwinKey { id: 1, optional: optional_of(&row) }, target)?, row);
    }
    Ok(())
}

fn optional_of(row: &TwinKeyRow) -> NewTwinKeyOptional {
    NewTwinKeyOptional { a: Set(row.a), b: Set(row.b), a_and_b: Set(row.a_and_b), c: Set(row.c), d: Set(row.d), c_and_d: Set(row.c_and_d) }
}
