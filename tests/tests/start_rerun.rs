//! Which seeds run again: the table that `docs/bundles.md` shows, case by case.

use elyos_runtime::prelude::*;
use elyos_runtime::{Outcome, StepKind};
use elyos_tests::{Project, client, database, workspace};

/// What comes after the first start.
enum Then {
    Start(Project),
    Reset(Project),
    Seed(Project, Selection),
    /// A start that sets the administrator's address.
    Address(Project, &'static str),
}

struct Case {
    what: &'static str,
    first: Project,
    then: Then,
    ran: &'static [&'static str],
}

const SCHEMA: &str = "\
CREATE TABLE shop.base (n integer);
CREATE TABLE shop.left_side (n integer);
CREATE TABLE shop.right_side (n integer);
CREATE TABLE shop.both_sides (n integer);
CREATE TABLE shop.people (id integer PRIMARY KEY, mail text);
CREATE VIEW shop.base_view AS SELECT n FROM shop.base;
CREATE VIEW shop.view_of_view AS SELECT n FROM shop.base_view;
CREATE TABLE shop.log (at integer, line text) PARTITION BY RANGE (at);
CREATE TABLE shop.log_first PARTITION OF shop.log FOR VALUES FROM (0) TO (10);
CREATE TABLE shop.log_rest PARTITION OF shop.log DEFAULT;
CREATE FUNCTION shop.count_base() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shop.base';
";

fn copy(from: &str, to: &str) -> String {
    format!("DELETE FROM shop.{to};\nINSERT INTO shop.{to} (n) SELECT n FROM shop.{from};")
}

/// `base` is read by `left` and `right`, both of which are read by `both`.
fn diamond() -> Project {
    Project::new()
        .head("schemas = [\"shop\"]")
        .schema(SCHEMA)
        .seed("base", &[], "DELETE FROM shop.base;\nINSERT INTO shop.base VALUES (1);")
        .seed("left", &["base"], &copy("base", "left_side"))
        .seed("right", &["base"], &copy("base", "right_side"))
        .seed(
            "both",
            &["left", "right"],
            "DELETE FROM shop.both_sides;\nINSERT INTO shop.both_sides SELECT l.n FROM shop.left_side AS l JOIN shop.right_side AS r USING (n);",
        )
        .procedure("count", "CREATE OR REPLACE FUNCTION shop.counted() RETURNS bigint LANGUAGE sql AS 'SELECT shop.count_base()';")
        .table("[truncate]", "order = [\"shop.base\", \"shop.left_side\", \"shop.right_side\", \"shop.both_sides\"]")
}

fn base(project: Project, value: i32) -> Project {
    project.seed("base", &[], &format!("DELETE FROM shop.base;\nINSERT INTO shop.base VALUES ({value});"))
}

/// The diamond with one more seed behind `base`.
fn with(name: &str, run: &str, sql: &str) -> Project {
    diamond().seed_that_runs(name, run, &["base"], sql)
}

fn administered() -> Project {
    diamond()
        .seed("people", &[], "INSERT INTO shop.people VALUES (1, 'seeded@example.com') ON CONFLICT (id) DO NOTHING;")
        .table("[admin]", "table = \"shop.people\"\nkey = { id = 1 }\ncolumn = \"mail\"\nenv = \"NOBODY_SETS_THIS_ADDRESS\"")
}

fn case(what: &'static str, first: Project, then: Then, ran: &'static [&'static str]) -> Case {
    Case { what, first, then, ran }
}

/// A change of what `base` writes, beside one more seed.
fn base_changes(what: &'static str, first: Project, ran: &'static [&'static str]) -> Case {
    let then = Then::Start(base(first.clone(), 2));
    case(what, first, then, ran)
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    use Then::{Address, Reset, Seed, Start};
    let all = &["base", "left", "right", "both"];
    let through = |relation: &str| format!("SELECT n FROM shop.{relation};");
    let first_log = "INSERT INTO shop.log_first VALUES (1, 'one');";
    let logs = |first: &str, whole: &str| {
        diamond()
            .seed("first_log", &[], first)
            .seed("whole_log", &[], whole)
            .seed("reads_log", &["first_log", "whole_log"], "SELECT line FROM shop.log;")
            .seed("reads_first", &["first_log", "whole_log"], "SELECT line FROM shop.log_first;")
            .seed("reads_rest", &["first_log", "whole_log"], "SELECT line FROM shop.log_rest;")
    };
    let whole_log = "INSERT INTO shop.log VALUES (2, 'two');";
    vec![
        case("nothing", diamond(), Start(diamond()), &[]),
        case("a seed that nobody reads", diamond(), Start(diamond().seed("both", &["left", "right"], "SELECT 1;")), &["both"]),
        case(
            "one side of a diamond",
            diamond(),
            Start(diamond().seed("left", &["base"], &(copy("base", "left_side") + ";"))),
            &["left", "both"],
        ),
        case("the top of a diamond", diamond(), Start(base(diamond(), 2)), all),
        case(
            "a comment in a seed",
            diamond(),
            Start(diamond().seed("left", &["base"], &(copy("base", "left_side") + " -- ok"))),
            &["left", "both"],
        ),
        case("line ends, a byte order mark", diamond(), Start(diamond().as_checked_out_on_windows()), &[]),
        case("the description of a seed", diamond(), Start(described()), &[]),
        case("the name of a seed's file", diamond(), Start(moved()), &[]),
        case("the name of a seed", diamond(), Start(renamed()), &["first", "left", "right", "both"]),
        case("`depends_on` alone", diamond(), Start(diamond().seed("right", &["base", "left"], &copy("base", "right_side"))), &[]),
        case("a seed added", diamond(), Start(with("more", "changed", "INSERT INTO shop.left_side VALUES (7);")), &["more"]),
        case("a seed added before what reads its table", diamond(), Start(added_before()), &["more", "both"]),
        case("a seed removed", diamond(), Start(diamond().without("seeds/both.sql")), &[]),
        case("the revision", diamond(), Start(diamond().revision(2)), &[]),
        case("a migration added", migrated(&[]), Start(migrated(&["0002_more"])), &[]),
        case("a procedure", diamond(), Start(with_procedure()), &[]),
        base_changes("the top, and one that depends on it and reads nothing of it", with("apart", "changed", "SELECT 1;"), all),
        base_changes(
            "the top, and one that reads it through a view",
            with("viewer", "changed", &through("base_view")),
            &["base", "left", "right", "both", "viewer"],
        ),
        base_changes(
            "the top, and one that reads it through two views",
            with("viewer", "changed", &through("view_of_view")),
            &["base", "left", "right", "both", "viewer"],
        ),
        base_changes(
            "the top, and one that reads it in a sub-query of a `WITH`",
            with("deep", "changed", "WITH w AS (SELECT 1 WHERE EXISTS (SELECT FROM shop.base)) SELECT * FROM w;"),
            &["base", "left", "right", "both", "deep"],
        ),
        base_changes(
            "the top, and one that reads it in a function (not seen)",
            with("caller", "changed", "SELECT shop.count_base();"),
            all,
        ),
        base_changes(
            "the top, and one that reads it in a `DO` block (not seen)",
            with("block", "changed", "DO $$BEGIN PERFORM n FROM shop.base; END$$;"),
            all,
        ),
        base_changes("the top, and one with `run = \"once\"` that reads it", with("once", "once", &through("base")), all),
        base_changes(
            "the top, and one with `run = \"always\"` that reads nothing of it",
            with("always", "always", "SELECT 1;"),
            &["base", "left", "right", "both", "always"],
        ),
        case("the text of one with `run = \"once\"`", with("once", "once", "SELECT 1;"), Start(with("once", "once", "SELECT 2;")), &[]),
        case(
            "nothing, beside one with `run = \"always\"`",
            with("always", "always", "SELECT 1;"),
            Start(with("always", "always", "SELECT 1;")),
            &[],
        ),
        case(
            "a procedure, beside one with `run = \"always\"` that one reads",
            with("always", "always", "INSERT INTO shop.left_side VALUES (3);").seed(
                "both",
                &["left", "right", "always"],
                "SELECT n FROM shop.left_side;",
            ),
            Start(
                with("always", "always", "INSERT INTO shop.left_side VALUES (3);")
                    .seed("both", &["left", "right", "always"], "SELECT n FROM shop.left_side;")
                    .procedure("count", "CREATE OR REPLACE FUNCTION shop.counted() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';"),
            ),
            &["always", "both"],
        ),
        case("one that writes through a view", writes_view(1), Start(writes_view(2)), &["base", "left", "right", "both"]),
        case(
            "one that empties a table",
            with("empty", "changed", "SELECT 1;").seed("both", &["empty"], "SELECT n FROM shop.left_side;"),
            Start(with("empty", "changed", "TRUNCATE shop.left_side;").seed("both", &["empty"], "SELECT n FROM shop.left_side;")),
            &["empty", "both"],
        ),
        case(
            "one that writes a partition",
            logs(first_log, whole_log),
            Start(logs("INSERT INTO shop.log_first VALUES (1, 'two');", whole_log)),
            &["first_log", "reads_log", "reads_first"],
        ),
        case(
            "one that writes a partitioned table",
            logs(first_log, whole_log),
            Start(logs(first_log, "INSERT INTO shop.log VALUES (2, 'three');")),
            &["whole_log", "reads_log", "reads_first", "reads_rest"],
        ),
        case("the administrator's address", administered(), Address(administered(), "a@example.com"), &[]),
        case("the top, at a reset", diamond(), Reset(base(diamond(), 2)), all),
        case(
            "nothing, at a reset",
            with("once", "once", "SELECT 1;"),
            Reset(with("once", "once", "SELECT 1;")),
            &["base", "left", "right", "both", "once"],
        ),
        case("the top, asked for by `--only=left`", diamond(), Seed(base(diamond(), 2), Selection::all().only_seeds(["left"])), &["left"]),
        case(
            "nothing, asked for by `--only=left --with-dependencies`",
            diamond(),
            Seed(diamond(), Selection::all().only_seeds(["left"]).with_dependencies(true)),
            &["base", "left"],
        ),
        case("nothing, asked for by `elyos seed`", diamond(), Seed(diamond(), Selection::all()), all),
        case(
            "the top, asked for by `--only-procedures=count`",
            diamond(),
            Seed(base(diamond(), 2), Selection::all().only_procedures(["count"])),
            &[],
        ),
    ]
}

fn described() -> Project {
    diamond().table("[seeds.base]", "file = \"base.sql\"\ndescription = \"The base\"\n")
}

fn moved() -> Project {
    let text = "DELETE FROM shop.base;\nINSERT INTO shop.base VALUES (1);";
    let project = diamond().without("seeds/base.sql").file("seeds/below/other.sql", text);
    project.table("[seeds.base]", "file = \"below/other.sql\"\n")
}

fn renamed() -> Project {
    let text = "DELETE FROM shop.base;\nINSERT INTO shop.base VALUES (1);";
    diamond().without("seeds/base.sql").seed("first", &[], text).seed("left", &["first"], &copy("base", "left_side")).seed(
        "right",
        &["first"],
        &copy("base", "right_side"),
    )
}

fn added_before() -> Project {
    let both = "DELETE FROM shop.both_sides;\nINSERT INTO shop.both_sides SELECT l.n FROM shop.left_side AS l JOIN shop.right_side AS r USING (n);";
    with("more", "changed", "INSERT INTO shop.left_side VALUES (7);").seed("both", &["left", "right", "more"], both)
}

fn migrated(more: &[&str]) -> Project {
    let project = diamond().without("schema.sql").migration("0001_shop", SCHEMA);
    more.iter().fold(project, |project, name| project.migration(name, "CREATE TABLE shop.more (n integer);"))
}

fn with_procedure() -> Project {
    diamond().procedure("count", "CREATE OR REPLACE FUNCTION shop.counted() RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint';")
}

fn writes_view(value: i32) -> Project {
    diamond().seed("base", &[], &format!("INSERT INTO shop.view_of_view VALUES ({value});"))
}

fn applied(report: &Report) -> Vec<&str> {
    report.steps.iter().filter(|step| step.kind == StepKind::Seed && step.is_applied()).map(|step| &*step.name).collect()
}

#[test]
fn a_changed_seed_runs_exactly_what_it_should_again() {
    for case in cases() {
        let database = database();
        let start = |project: &Project| Init::new(&project.load()).database_url(database.url()).run().expect("the bundle applies");
        start(&case.first);
        let report = match &case.then {
            Then::Start(project) => start(project),
            Then::Reset(project) => Init::new(&project.load()).database_url(database.url()).reset(true).run().expect("a reset"),
            Then::Seed(project, selection) => Init::new(&project.load()).database_url(database.url()).seed(selection).expect("seeds"),
            Then::Address(project, address) => {
                Init::new(&project.load()).database_url(database.url()).admin_email(*address).run().expect("the address is set")
            }
        };
        assert_eq!(applied(&report), case.ran, "{}", case.what);
        if let Then::Start(project) = &case.then {
            assert_eq!(start(project).outcome, Outcome::NothingToDo, "{}", case.what);
        }
    }
}

#[test]
fn the_guide_shows_this_table() {
    let guide = std::fs::read_to_string(workspace().join("docs/bundles.md")).expect("the guide");
    let lines = cases().into_iter().map(|case| {
        let ran = if case.ran.is_empty() { "none".to_owned() } else { format!("`{}`", case.ran.join("`, `")) };
        format!("| {} | {ran} |", case.what)
    });
    let missing: Vec<String> = lines.filter(|line| !guide.contains(line)).collect();
    assert!(missing.is_empty(), "docs/bundles.md lacks\n{}", missing.join("\n"));
}

#[test]
fn a_run_that_failed_is_done_again_whole() {
    let database = database();
    let start = |project: &Project| Init::new(&project.load()).database_url(database.url()).run();
    start(&diamond()).expect("the bundle applies");
    let broken = base(diamond(), 2).seed("both", &["left", "right"], "SELECT 1 / 0;");
    start(&broken).expect_err("it divides by zero");
    let row = client(database.url()).query_one("SELECT n FROM shop.base", &[]).expect("a row");
    assert_eq!(row.get::<_, i32>(0), 1);
    let report = start(&base(diamond(), 2)).expect("the bundle applies");
    assert_eq!(applied(&report), ["base", "left", "right", "both"]);
}
