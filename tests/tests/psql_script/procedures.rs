//! Functions, by psql and by a run.

use elyos_runtime::Outcome;
use elyos_tests::{Project, client, database, snapshot};

use super::{NOTHING, assert_same, init, psql, refused, run_script, script};

/// Releases that differ in what one procedure's file says.
fn procedures(text: &str) -> Project {
    Project::new().head("schemas = [\"shop\"]").migration("0001_t", "CREATE TABLE shop.t (id int PRIMARY KEY)").procedure("total", text)
}

fn total(arguments: &str, result: &str) -> String {
    format!("CREATE OR REPLACE FUNCTION shop.total({arguments}) RETURNS {result} LANGUAGE sql AS 'SELECT 1::{result}';\n")
}

#[test]
fn functions_are_recorded_as_by_init() {
    let (by_init, by_psql) = (database(), database());
    let both = total("a int", "int") + &total("a text", "int");
    // Replaced in place, one more, two less.
    let releases = [both.clone(), format!("-- again\n{both}"), both + &total("a boolean", "int"), total("a int", "int")];
    for release in &releases {
        let bundle = procedures(release).load();
        assert_eq!(init(&by_init, &bundle, ""), Outcome::Applied);
        let _ = run_script(&by_psql, &bundle, "");
        assert_same(&by_init, &by_psql);
        assert_eq!(run_script(&by_psql, &bundle, ""), NOTHING);
    }
    assert_eq!(by_psql.psql("SELECT count(*), count(procedure) FROM elyos.routines"), "3|1");
}

#[test]
fn what_is_left_behind_is_told() {
    let stand = database();
    let _ = run_script(&stand, &procedures(&(total("a int", "int") + &total("a text", "int"))).load(), "");
    let output = psql(&stand, &script(&procedures(&total("a int", "int")).load(), ""), &[]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("WARNING:  shop.total(text) is made by no file any more, and is left as it is\n"), "{told}");
}

#[test]
fn an_old_function_is_never_left_beside_the_one_that_takes_its_place() {
    let (by_init, by_psql) = (database(), database());
    let first = procedures(&total("a int", "int"));
    for database in [&by_init, &by_psql] {
        let _ = run_script(database, &first.load(), "");
    }
    let before = snapshot::dump(&mut client(by_psql.url()));
    let next = procedures(&total("a int, b text DEFAULT ''", "int"));
    let told = refused(&by_psql, &next);
    assert!(
        told.contains(
            "ERROR:  procedure total changes the signature of shop.total(integer), which psql cannot drop for it\n\
             HINT:  run `elyos init`, which drops it in the same transaction; or DROP ROUTINE shop.total(integer); and run this again\n"
        ),
        "{told}"
    );
    let told = refused(&by_psql, &procedures(&total("a int", "bigint")));
    assert!(told.contains("ERROR:  cannot change return type of existing function\n"), "{told}");
    snapshot::assert_same(&before, &snapshot::dump(&mut client(by_psql.url())));

    let _ = by_psql.psql("DROP ROUTINE shop.total(integer)");
    let _ = run_script(&by_psql, &next.load(), "");
    assert_eq!(init(&by_init, &next.load(), ""), Outcome::Applied);
    assert_same(&by_init, &by_psql);
    assert_eq!(init(&by_psql, &next.load(), ""), Outcome::NothingToDo);
}
