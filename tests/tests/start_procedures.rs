//! Procedures whose signatures change from release to release.

use std::thread;

use elyos_runtime::prelude::*;
use elyos_runtime::{Action, Outcome, StepKind};
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, client, database};

fn shop() -> Project {
    Project::new().head("schemas = [\"shop\"]").schema("CREATE TABLE shop.goods (name text PRIMARY KEY, price integer NOT NULL);")
}

fn start(project: &Project, url: &str) -> Result<Report, Error> {
    Init::new(&project.load()).database_url(url).run()
}

/// What happened to functions, without those that were created or replaced in place.
fn told(report: &Report) -> Vec<(Action, String)> {
    let procedures = report.steps.iter().filter(|step| step.kind == StepKind::Procedure && step.action != Action::Applied);
    procedures.map(|step| (step.action, step.name.clone())).collect()
}

fn dropped(identity: &str) -> Vec<(Action, String)> {
    vec![(Action::Dropped, identity.to_owned())]
}

/// The functions in the schema shop.
fn functions(url: &str) -> Vec<String> {
    let sql = "SELECT CASE prokind WHEN 'p' THEN 'procedure ' ELSE 'function ' END || oid::regprocedure || coalesce(' returns ' || \
               pg_get_function_result(oid), '') FROM pg_proc WHERE pronamespace = 'shop'::regnamespace ORDER BY 1";
    client(url).query(sql, &[]).expect("the functions").iter().map(|row| row.get(0)).collect()
}

/// A release with one file, then one with the other text in it: what was told, and the functions that are there.
fn changed(first: &str, second: &str) -> (Vec<(Action, String)>, Vec<String>) {
    let database = database();
    let url = database.url();
    start(&shop().procedure("total", first), url).expect("the first release");
    let next = shop().procedure("total", second);
    let report = start(&next, url).expect("the next release");
    assert_eq!(start(&next, url).expect("nothing is wrong").outcome, Outcome::NothingToDo);
    (told(&report), functions(url))
}

#[test]
fn a_function_with_another_signature_takes_the_place_of_the_old_one() {
    let one = "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';";
    for (what, second, is_dropped, function) in [
        (
            "an argument added",
            "CREATE OR REPLACE FUNCTION shop.total(a integer, b text) RETURNS integer LANGUAGE sql AS 'SELECT 2';",
            true,
            "function shop.total(integer,text) returns integer",
        ),
        (
            "an argument with a default added",
            "CREATE OR REPLACE FUNCTION shop.total(a integer, b text DEFAULT '') RETURNS integer LANGUAGE sql AS 'SELECT 2';",
            true,
            "function shop.total(integer,text) returns integer",
        ),
        (
            "an argument of another type",
            "CREATE OR REPLACE FUNCTION shop.total(a bigint) RETURNS integer LANGUAGE sql AS 'SELECT 2';",
            true,
            "function shop.total(bigint) returns integer",
        ),
        (
            "an argument of another name",
            "CREATE OR REPLACE FUNCTION shop.total(b integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';",
            true,
            "function shop.total(integer) returns integer",
        ),
        (
            "another result",
            "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';",
            true,
            "function shop.total(integer) returns bigint",
        ),
        (
            "a table as its result",
            "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS TABLE (x integer, y text) LANGUAGE sql AS $$SELECT 1, 'y'$$;",
            true,
            "function shop.total(integer) returns TABLE(x integer, y text)",
        ),
        (
            "an output argument",
            "CREATE OR REPLACE FUNCTION shop.total(a integer, OUT x text) LANGUAGE sql AS $$SELECT 'x'$$;",
            true,
            "function shop.total(integer) returns text",
        ),
        (
            "a procedure in place of a function",
            "CREATE OR REPLACE PROCEDURE shop.total(a integer) LANGUAGE sql AS 'SELECT 2';",
            true,
            "procedure shop.total(integer)",
        ),
        (
            "a plain CREATE with an argument more",
            "CREATE FUNCTION shop.total(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT 2';",
            true,
            "function shop.total(integer,integer) returns integer",
        ),
        (
            "a type that is written otherwise",
            "CREATE OR REPLACE FUNCTION shop.total(a pg_catalog.int4) RETURNS int LANGUAGE sql AS 'SELECT 2';",
            false,
            "function shop.total(integer) returns integer",
        ),
    ] {
        let (told, functions) = changed(one, second);
        assert_eq!(functions, [function], "{what}");
        assert_eq!(told, if is_dropped { dropped("shop.total(integer)") } else { Vec::new() }, "{what}");
    }
    let with_default = "CREATE OR REPLACE FUNCTION shop.total(a integer DEFAULT 1) RETURNS integer LANGUAGE sql AS 'SELECT 1';";
    assert_eq!(changed(with_default, one).0, dropped("shop.total(integer)"), "a default removed");
    let columns =
        |columns: &str| format!("CREATE OR REPLACE FUNCTION shop.total() RETURNS TABLE ({columns}) LANGUAGE sql AS $$SELECT 1, 'y'$$;");
    assert_eq!(changed(&columns("x integer, y text"), &columns("x integer, z text")).0, dropped("shop.total()"), "a column renamed");
}

#[test]
fn overloads_stay_and_only_the_one_that_changed_is_replaced() {
    let of = |arguments: &str| format!("CREATE OR REPLACE FUNCTION shop.total({arguments}) RETURNS integer LANGUAGE sql AS 'SELECT 1';\n");
    let both = of("a integer") + &of("a text");
    let (told, functions) = changed(&both, &(of("a integer") + &of("a text, b integer")));
    assert_eq!(told, dropped("shop.total(text)"));
    assert_eq!(functions, ["function shop.total(integer) returns integer", "function shop.total(text,integer) returns integer"]);
    // One more is no change of the others.
    let (told, functions) = changed(&both, &(both.clone() + &of("a boolean")));
    assert_eq!((told, functions.len()), (Vec::new(), 3));
    // One of several whose result changes, found by its arguments.
    let (told, functions) =
        changed(&both, &(of("a integer") + "CREATE OR REPLACE FUNCTION shop.total(a varchar) RETURNS integer LANGUAGE sql AS 'SELECT 1';"));
    assert_eq!(told, dropped("shop.total(text)"));
    assert_eq!(functions.len(), 2);
    let text = "CREATE OR REPLACE FUNCTION shop.total(a text) RETURNS text LANGUAGE sql AS 'SELECT a';";
    let (told, functions) = changed(&both, &(of("a integer") + text));
    assert_eq!(told, dropped("shop.total(text)"));
    assert_eq!(functions, ["function shop.total(integer) returns integer", "function shop.total(text) returns text"]);
}

#[test]
fn overloads_in_files_of_their_own_are_not_each_others() {
    let of = |arguments: &str| format!("CREATE OR REPLACE FUNCTION shop.total({arguments}) RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    let project = shop().procedure("by_number", &of("a integer")).procedure("by_name", &of("a text"));
    let database = database();
    start(&project, database.url()).expect("the first release");
    let report = start(&project.procedure("by_name", &of("a text, b text")), database.url()).expect("the next release");
    assert_eq!(told(&report), dropped("shop.total(text)"));
    assert_eq!(functions(database.url()).len(), 2);
}

#[test]
fn what_no_file_makes_any_more_is_reported_and_not_dropped() {
    let function = |name: &str| format!("CREATE OR REPLACE FUNCTION shop.{name}() RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    let left = |identity: &str| vec![(Action::LeftBehind, identity.to_owned())];
    let database = database();
    let url = database.url();
    let project = shop().procedure("one", &function("one")).procedure("two", &function("two"));
    start(&project, url).expect("the first release");

    // A file that makes another function now.
    let renamed = project.clone().procedure("two", &function("deux"));
    let report = start(&renamed, url).expect("the next release");
    assert_eq!(told(&report), left("shop.two()"));
    let shown: Vec<String> = report.steps.iter().filter(|step| step.action == Action::LeftBehind).map(ToString::to_string).collect();
    assert_eq!(shown, ["procedure    left behind  shop.two()"]);
    assert_eq!(functions(url).len(), 3);

    // A file that has gone; and one that has another name in the manifest, which leaves nothing behind.
    let gone = shop().procedure("deux", &function("deux"));
    let report = start(&gone, url).expect("the release after");
    assert_eq!(told(&report), [(Action::LeftBehind, "shop.one()".to_owned()), (Action::LeftBehind, "shop.two()".to_owned())]);
    assert_eq!(functions(url).len(), 3);

    // Dropped by a person, they are no longer told.
    client(url).batch_execute("DROP FUNCTION shop.one(); DROP FUNCTION shop.two()").expect("they can be dropped");
    let report = start(&gone.procedure("three", &function("three")), url).expect("one more release");
    assert_eq!(told(&report), Vec::new());
    let recorded: Vec<String> = client(url)
        .query("SELECT identity FROM elyos.routines ORDER BY 1", &[])
        .expect("the ledger")
        .iter()
        .map(|row| row.get(0))
        .collect();
    assert_eq!(recorded, ["shop.deux()", "shop.three()"]);
}

/// The old and the new text of a procedure, with something that depends on the old: what the start says, and that nothing was touched.
fn refused(first: &str, dependent: &str, second: &str) -> String {
    let database = database();
    let url = database.url();
    start(&shop().procedure("total", first), url).expect("the first release");
    let mut client = client(url);
    client.batch_execute(dependent).expect("it depends");
    let (before, functions_before) = (dump(&mut client), functions(url));
    let error = start(&shop().procedure("total", second), url).expect_err("something depends on it");
    assert!(error.is_drift());
    assert_eq!(error.place(), Some(("procedures/total.sql", 1, 1)));
    assert_same(&before, &dump(&mut client));
    assert_eq!(functions(url), functions_before);
    error.to_string()
}

#[test]
fn what_depends_on_the_old_function_is_named() {
    let first = "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';";
    let second = "CREATE OR REPLACE FUNCTION shop.total(a bigint)\nRETURNS integer LANGUAGE sql AS 'SELECT 1';";
    let message = |depends: &str| {
        format!(
            "procedure total changes the signature of shop.total(integer), which cannot be dropped: {depends} on it\n \
             --> procedures/total.sql:1:1\n  |\n1 | CREATE OR REPLACE FUNCTION shop.total(a bigint)\n  \
             | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  \
             = help: drop what depends on it in a migration, or give the new one another name"
        )
    };
    for (dependent, named) in [
        ("CREATE VIEW shop.totals AS SELECT shop.total(price) FROM shop.goods", "view shop.totals depends"),
        ("CREATE VIEW public.totals AS SELECT shop.total(price) FROM shop.goods", "view public.totals depends"),
        ("CREATE MATERIALIZED VIEW shop.totals AS SELECT shop.total(price) FROM shop.goods", "materialized view shop.totals depends"),
        ("ALTER TABLE shop.goods ADD tax integer DEFAULT shop.total(1)", "default value for column tax of table shop.goods depends"),
        ("ALTER TABLE shop.goods ADD CONSTRAINT sane CHECK (shop.total(price) > 0)", "constraint sane on table shop.goods depends"),
        ("CREATE INDEX by_total ON shop.goods (shop.total(price))", "index shop.by_total depends"),
        ("CREATE POLICY few ON shop.goods USING (shop.total(price) > 0)", "policy few on table shop.goods depends"),
        (
            "CREATE FUNCTION shop.twice(a integer) RETURNS integer LANGUAGE sql RETURN 2 * shop.total(a)",
            "function shop.twice(integer) depends",
        ),
        (
            "CREATE VIEW shop.totals AS SELECT shop.total(price) FROM shop.goods; CREATE INDEX by_total ON shop.goods (shop.total(price)); \
             CREATE POLICY few ON shop.goods USING (shop.total(price) > 0)",
            "index shop.by_total, policy few on table shop.goods and view shop.totals depend",
        ),
    ] {
        assert_eq!(refused(first, dependent, second), message(named), "{dependent}");
    }
    let trigger = "CREATE OR REPLACE FUNCTION shop.total() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';";
    let error = refused(
        trigger,
        "CREATE TRIGGER watch BEFORE INSERT ON shop.goods FOR EACH ROW EXECUTE FUNCTION shop.total()",
        "CREATE OR REPLACE FUNCTION shop.total() RETURNS integer LANGUAGE sql AS 'SELECT 1';",
    );
    let first_line =
        "procedure total changes the signature of shop.total(), which cannot be dropped: trigger watch on table shop.goods depends on it";
    assert_eq!(error.lines().next(), Some(first_line));
}

#[test]
fn what_depends_and_is_made_again_by_the_same_start_is_no_obstacle() {
    let total = |argument: &str| format!("CREATE OR REPLACE FUNCTION shop.total(a {argument}) RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    let twice =
        |note: &str| format!("-- {note}\nCREATE OR REPLACE FUNCTION shop.twice() RETURNS integer LANGUAGE sql RETURN 2 * shop.total(1);");
    let database = database();
    let url = database.url();
    let project = shop().procedure("total", &total("integer")).procedure("twice", &twice("first"));
    start(&project, url).expect("the first release");
    client(url).batch_execute("COMMENT ON FUNCTION shop.twice() IS 'kept'").expect("a comment");
    let both = project.clone().procedure("total", &total("integer, b integer DEFAULT 1")).procedure("twice", &twice("second"));
    let report = start(&both, url).expect("both are made again");
    let mut names: Vec<String> = told(&report).into_iter().map(|(_, name)| name).collect();
    names.sort();
    assert_eq!(names, ["shop.total(integer)", "shop.twice()"]);
    let row = client(url).query_one("SELECT shop.twice(), obj_description('shop.twice()'::regprocedure)", &[]).expect("it works");
    assert_eq!((row.get::<_, i32>(0), row.get::<_, String>(1)), (2, "kept".to_owned()));
    // Unchanged, it is not made again, and so it is in the way.
    let error = start(&both.procedure("total", &total("text")), url).expect_err("it depends");
    assert!(error.to_string().contains("cannot be dropped: function shop.twice() depends on it"), "{error}");
}

#[test]
fn owner_grants_and_comment_outlive_the_change() {
    let role = |name: &str| format!("elyos_test_{}_{name}", std::process::id());
    let (owner, reader, granter) = (role("owner"), role("reader"), role("granter"));
    let database = database();
    let url = database.url();
    let mut client = client(url);
    for role in [&owner, &reader, &granter] {
        client.batch_execute(&format!("CREATE ROLE {role}")).expect("a role");
    }
    let function = |arguments: &str, more: &str| {
        format!("CREATE OR REPLACE FUNCTION shop.total({arguments}) RETURNS integer LANGUAGE sql AS 'SELECT 1';\n{more}")
    };
    start(&shop().procedure("total", &function("a integer", "")), url).expect("the first release");
    client
        .batch_execute(&format!(
            "GRANT USAGE, CREATE ON SCHEMA shop TO {owner}; ALTER FUNCTION shop.total(integer) OWNER TO {owner}; \
             REVOKE ALL ON FUNCTION shop.total(integer) FROM PUBLIC; GRANT EXECUTE ON FUNCTION shop.total(integer) TO {reader}; \
             GRANT EXECUTE ON FUNCTION shop.total(integer) TO {granter} WITH GRANT OPTION; \
             COMMENT ON FUNCTION shop.total(integer) IS 'it''s a \\ total'"
        ))
        .expect("the rights");
    let rights = |client: &mut postgres::Client| -> (String, String, Option<String>) {
        let sql = "SELECT proowner::regrole::text, (SELECT string_agg(grantee::regrole::text || is_grantable, ' ' ORDER BY 1) \
                   FROM (SELECT * FROM aclexplode(proacl) ORDER BY grantee::regrole::text) AS a), obj_description(oid, 'pg_proc') \
                   FROM pg_proc WHERE pronamespace = 'shop'::regnamespace";
        let row = client.query_one(sql, &[]).expect("one function");
        (row.get(0), row.get(1), row.get(2))
    };
    let before = rights(&mut client);
    assert_eq!(before.1, format!("{granter}true {owner}false {reader}false"));
    for arguments in ["b integer", "b integer, c text", "b bigint DEFAULT 1, c text DEFAULT ''"] {
        let report = start(&shop().procedure("total", &function(arguments, "")), url).expect("the next release");
        assert_eq!(told(&report).len(), 1);
        assert_eq!(rights(&mut client), before, "{arguments}");
    }
    // What the file itself says after that holds.
    let more = format!("REVOKE ALL ON FUNCTION shop.total(text) FROM {reader}; COMMENT ON FUNCTION shop.total(text) IS 'new';");
    start(&shop().procedure("total", &function("a text", &more)), url).expect("the last release");
    let after = rights(&mut client);
    assert_eq!(after, (owner.clone(), format!("{granter}true {owner}false"), Some("new".to_owned())));
    drop(database);
    let another = elyos_tests::database();
    let mut client = elyos_tests::client(another.url());
    for role in [owner, reader, granter] {
        client.batch_execute(&format!("DROP ROLE {role}")).expect("nothing is the role's");
    }
}

#[test]
fn a_function_that_the_ledger_does_not_know_is_replaced_where_the_file_names_it() {
    let database = database();
    let url = database.url();
    let made = "CREATE TABLE shop.goods (name text);\n\
                CREATE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';\n\
                CREATE FUNCTION shop.total(a text) RETURNS integer LANGUAGE sql AS 'SELECT 1';";
    let project = shop()
        .schema(made)
        .procedure("total", "CREATE OR REPLACE FUNCTION shop.total(b integer) RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';");
    let report = start(&project, url).expect("the bundle applies");
    assert_eq!(told(&report), dropped("shop.total(integer)"));
    assert_eq!(functions(url), ["function shop.total(integer) returns bigint", "function shop.total(text) returns integer"]);
}

#[test]
fn an_error_of_a_function_itself_is_told_as_it_is() {
    let first = "CREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql AS 'SELECT 1';";
    let bad = "SELECT 1;\nCREATE OR REPLACE FUNCTION shop.total(a integer) RETURNS integer LANGUAGE sql AS $$SELECT 'text'$$;";
    let database = database();
    start(&shop().procedure("total", first), database.url()).expect("the first release");
    let error = start(&shop().procedure("total", bad), database.url()).expect_err("it returns something else");
    assert_eq!(
        error.to_string().lines().take(2).collect::<Vec<_>>(),
        ["procedure total failed: return type mismatch in function declared to return integer", " --> procedures/total.sql:2:1"]
    );
    assert_eq!(functions(database.url()), ["function shop.total(integer) returns integer"]);
    // The same, found while the old one is out of the way.
    let bad = "CREATE OR REPLACE FUNCTION shop.total(a bigint) RETURNS integer LANGUAGE sql AS 'SELECT 1';\nSELECT 1 / 0;";
    let error = start(&shop().procedure("total", bad), database.url()).expect_err("it divides by zero");
    assert_eq!(
        error.to_string().lines().take(2).collect::<Vec<_>>(),
        ["procedure total failed: division by zero", " --> procedures/total.sql:2:1"]
    );
}

#[test]
fn procedures_asked_for_and_starts_at_once_replace_it_once() {
    let function =
        |arguments: &str| format!("CREATE OR REPLACE FUNCTION shop.total({arguments}) RETURNS integer LANGUAGE sql AS 'SELECT 1';");
    let database = database();
    let url = database.url();
    start(&shop().procedure("total", &function("a integer")), url).expect("the first release");
    let next = shop().procedure("total", &function("a text")).load();
    let report =
        Init::new(&next).database_url(url).seed(&Selection::all().only_procedures(["total"])).expect("the procedure that was asked for");
    assert_eq!(told(&report), dropped("shop.total(integer)"));
    let again = Init::new(&next).database_url(url).seed(&Selection::all().only_procedures(["total"])).expect("once more");
    assert_eq!(told(&again), Vec::new());

    let last = shop().procedure("total", &function("a boolean, b text")).load();
    let mut outcomes: Vec<(Outcome, usize)> = thread::scope(|scope| {
        let running: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| Init::new(&last).database_url(url).run().map(|report| (report.outcome, told(&report).len()))))
            .collect();
        running.into_iter().map(|start| start.join().expect("no panic").expect("no start fails")).collect()
    });
    outcomes.sort_by_key(|(_, told)| *told);
    assert_eq!(outcomes.pop(), Some((Outcome::Applied, 1)));
    assert!(outcomes.iter().all(|outcome| *outcome == (Outcome::NothingToDo, 0)), "{outcomes:?}");
    assert_eq!(functions(url), ["function shop.total(boolean,text) returns integer"]);
}
