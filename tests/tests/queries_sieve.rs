//! Rows that triggers leave out: those that are written come in their order.

use elyos_runtime::prelude::*;
use elyos_runtime::query::excluded;
use elyos_tests::{TestDatabase, client, database};

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "sieve.grains", schema = "tests/schemas/sieve.sql")]
struct GrainRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "sieve.dust", schema = "tests/schemas/sieve.sql")]
struct DustRepository;

#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "sieve.stones", schema = "tests/schemas/sieve.sql")]
struct StoneRepository;

fn sieve() -> (TestDatabase, Db) {
    let database = database();
    client(database.url()).batch_execute(include_str!("schemas/sieve.sql")).expect("the schema is PostgreSQL's");
    let db = Db::connect(database.url()).expect("the database is there");
    (database, db)
}

/// Grains of these sizes: of every other one the key is said, so that they are of two kinds.
fn grains(sizes: impl IntoIterator<Item = i32>) -> Vec<NewGrain> {
    let key = |size: i32| if size % 2 == 0 { Set(1000 + size) } else { Unset };
    sizes.into_iter().map(|size| NewGrain { size, optional: NewGrainOptional { id: key(size), note: Unset } }).collect()
}

fn sizes(rows: Vec<GrainRow>) -> Vec<i32> {
    rows.into_iter().map(|row| row.size).collect()
}

#[test]
fn what_is_left_out_leaves_the_others_in_their_order() -> Result<(), Error> {
    let (_database, db) = sieve();
    assert_eq!(sizes(GrainRepository::insert_many(&db, grains([2, 3, 4, 1, 6, 8, 5, 7]))?), [2, 4, 1, 8, 5, 7]);
    let more = GrainRepository::inserting(grains([10, 9, 12, 11, 14])).returning((grains::SIZE, grains::ID.gt(1000).is_true()));
    assert_eq!(more.all(&db)?, [(10, true), (11, false), (14, true)]);
    assert_eq!(GrainRepository::inserting(grains([15, 16, 18, 17])).run(&db)?, 2);
    assert_eq!(sizes(GrainRepository::inserting(grains([16, 20, 17, 21, 19])).or_nothing().all(&db)?), [20, 19]);
    assert_eq!(sizes(GrainRepository::inserting(grains([3, 6])).all(&db)?), [0; 0]);
    let error = GrainRepository::insert(&db, grains([3]).remove(0)).expect_err("it is left out");
    assert!(error.is_not_returned() && !error.is_not_found());
    assert_eq!(
        error.to_string(),
        "the row that was inserted into sieve.grains did not come back\n  = help: a trigger or a rule has left it out, or has put it into \
         another table: look for it before it is inserted again"
    );
    Ok(())
}

#[test]
fn what_is_not_changed_leaves_the_others_in_their_order() -> Result<(), Error> {
    let (_database, db) = sieve();
    let note = |note: &str, of: Vec<NewGrain>| {
        let noted = |new: NewGrain| NewGrain { optional: NewGrainOptional { note: Set(Some(note.to_owned())), ..new.optional }, ..new };
        of.into_iter().map(noted).collect::<Vec<_>>()
    };
    GrainRepository::insert_many(&db, note("kept", grains([2, 5])))?;
    let upserted = GrainRepository::upsert_many(&db, note("new", grains([1, 2, 3, 4, 5, 7])), GrainTarget::Size)?;
    assert_eq!(sizes(upserted), [1, 4, 7]);
    let merged = GrainRepository::inserting(note("newer", grains([2, 4, 5, 8, 7])))
        .or_update_only(GrainTarget::Size, grains::NOTE)
        .update_if(excluded(grains::NOTE).ne(grains::NOTE));
    assert_eq!(sizes(merged.all(&db)?), [4, 8, 7]);
    Ok(())
}

#[test]
fn the_triggers_of_partitions_leave_out_rows_too() -> Result<(), Error> {
    let (_database, db) = sieve();
    let stones = [3, 12, 14, 11, 4, 13]
        .map(|size| NewStone { size, optional: NewStoneOptional { id: if size % 2 == 0 { Set(size) } else { Unset } } });
    let sizes: Vec<_> = StoneRepository::insert_many(&db, stones.to_vec())?.into_iter().map(|stone| stone.size).collect();
    assert_eq!(sizes, [12, 14, 11, 13]);
    Ok(())
}

#[test]
fn a_trigger_that_the_schema_does_not_know_takes_no_row_for_another() -> Result<(), Error> {
    let (database, db) = sieve();
    let dust = |sizes: &[i32]| {
        let key = |size: i32| if size % 2 == 0 { Set(1000 + size) } else { Unset };
        sizes.iter().map(|size| NewDust { size: *size, optional: NewDustOptional { id: key(*size) } }).collect::<Vec<_>>()
    };
    let sizes = |rows: Vec<DustRow>| rows.into_iter().map(|row| row.size).collect::<Vec<_>>();
    assert_eq!(sizes(DustRepository::insert_many(&db, dust(&[1, 2, 3, 4]))?), [1, 2, 3, 4]);
    client(database.url())
        .batch_execute(
            "CREATE TRIGGER sifted BEFORE INSERT ON sieve.dust FOR EACH ROW WHEN (NEW.size % 3 = 0) EXECUTE FUNCTION sieve.leave_out()",
        )
        .expect("a trigger");
    // Those that say the same columns together.
    assert_eq!(sizes(DustRepository::insert_many(&db, dust(&[5, 6, 7, 8, 9, 10, 11]))?), [5, 7, 11, 8, 10]);
    assert_eq!(sizes(DustRepository::insert_many(&db, dust(&[14, 15, 16]))?), [14, 16]);
    Ok(())
}
