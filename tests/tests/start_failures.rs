//! Statements that fail: what is said, and that nothing of the run is left.

use std::fmt::Write as _;

use elyos_runtime::Error;
use elyos_runtime::prelude::*;
use elyos_tests::snapshot::{assert_same, dump};
use elyos_tests::{Project, client, database};

/// Longer than what is sent together with other files.
const LARGE: usize = 140 * 1024;

/// A way to fail: a file's text, and what is said of it.
struct Failure {
    sql: &'static str,
    message: &'static str,
    /// Line and column of the caret.
    place: (usize, usize),
    /// How much is underlined.
    underlined: usize,
    label: &'static str,
    help: &'static [&'static str],
}

const ON_CONFLICT: &str = "give the INSERT an ON CONFLICT clause that names the columns of `parent_pkey`, so that it can run again";
const SETVAL: &str = "if the value came from a sequence, the sequence is behind its table: end the seed of shop.parent by moving it past the \
                      greatest id, and never back, as in SELECT count(nextval('…_id_seq')) FROM generate_series(1, (SELECT max(id) FROM \
                      shop.parent) - (SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM …_id_seq))";

const FAILURES: [Failure; 9] = [
    Failure {
        sql: "-- ű\nINSERT INTO shop.parent VALUES (70, 'one');\nINSERT INTO shop.parent\nVALUES (70, 'two');\n",
        message: "duplicate key value violates unique constraint \"parent_pkey\"",
        place: (3, 1),
        underlined: 23,
        label: "Key (id)=(70) already exists.",
        help: &[ON_CONFLICT, SETVAL],
    },
    Failure {
        sql: "INSERT INTO shop.child VALUES (80, 81);",
        message: "insert or update on table \"child\" violates foreign key constraint \"child_parent_id_fkey\"",
        place: (1, 1),
        underlined: 38,
        label: "Key (parent_id)=(81) is not present in table \"parent\".",
        help: &["the seed that brings the referenced row has to run first: add it to depends_on in seeds.toml"],
    },
    Failure {
        sql: "DROP TABLE shop.spare;\n\n  INSERT INTO /* őű */ shop.spare VALUES (1)\n",
        message: "relation \"shop.spare\" does not exist",
        place: (3, 24),
        underlined: 10,
        label: "",
        help: &["is its name spelt right, and is it in a migration that has been applied?"],
    },
    Failure {
        sql: "SELECT 'ő';\nDO $$\nBEGIN\n    EXECUTE 'selec 1';\nEND $$;\n",
        message: "syntax error at or near \"selec\"",
        place: (2, 1),
        underlined: 5,
        label: "",
        help: &[],
    },
    Failure {
        sql: "INSERT INTO shop.parent VALUES (90, '');",
        message: "new row for relation \"parent\" violates check constraint \"parent_name_check\"",
        place: (1, 1),
        underlined: 39,
        label: "",
        help: &[],
    },
    // Not what was in the row: it may be one that was there, and hold a secret.
    Failure {
        sql: "INSERT INTO shop.parent VALUES (94, 'x');\nUPDATE shop.parent SET name = NULL WHERE id = 94;",
        message: "null value in column \"name\" of relation \"parent\" violates not-null constraint",
        place: (2, 1),
        underlined: 48,
        label: "",
        help: &[],
    },
    Failure {
        sql: "INSERT INTO shop.parent (id, name)\nVALUES (91, 'ő'), ('ninety', 'x');\n",
        message: "invalid input syntax for type integer: \"ninety\"",
        place: (2, 20),
        underlined: 1,
        label: "",
        help: &[],
    },
    Failure {
        sql: "SET ROLE pg_monitor;\nINSERT INTO shop.parent VALUES (92, 'x');",
        message: "permission denied for schema shop",
        place: (2, 13),
        underlined: 11,
        label: "",
        help: &["grant the role what it lacks, or connect as one that has it"],
    },
    Failure {
        sql: "SELECT 1;\nINSERT INTO shop.parent\n    SELECT 93 / (n - 2), 'x' FROM generate_series(1, 3) AS n;",
        message: "division by zero",
        place: (2, 1),
        underlined: 23,
        label: "",
        help: &[],
    },
];

impl Failure {
    /// The text, with the file's first lines moved down by so many.
    fn text(&self, below: usize) -> String {
        let (line, column) = self.place;
        let number = (line + below).to_string();
        let gap = " ".repeat(number.len());
        let source = self.sql.lines().nth(line - 1).expect("the line");
        let mut text = format!(
            "seed bad failed: {}\n{gap}--> seeds/bad.sql:{number}:{column}\n{gap} |\n{number} | {source}\n{gap} | {}{}",
            self.message,
            " ".repeat(column - 1),
            "^".repeat(self.underlined),
        );
        if !self.label.is_empty() {
            text.push(' ');
            text.push_str(self.label);
        }
        if !self.help.is_empty() {
            let _ = write!(text, "\n{gap} |");
        }
        for help in self.help {
            let _ = write!(text, "\n{gap} = help: {help}");
        }
        text
    }
}

fn shop() -> Project {
    Project::new().head("schemas = [\"shop\"]").schema(
        "CREATE TABLE shop.parent (id integer PRIMARY KEY, name text NOT NULL CHECK (name <> ''));\n\
         CREATE TABLE shop.child (id integer PRIMARY KEY, parent_id integer REFERENCES shop.parent);\n\
         CREATE TABLE shop.spare (n integer);\n",
    )
}

fn good(project: Project, name: &str, id: usize) -> Project {
    let sql = format!("-- őű\nINSERT INTO shop.parent VALUES ({id}, 'ő') ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name || 'ű';");
    project.seed(name, &[], &sql)
}

/// A bundle of three good seeds and, as number `position` of four, the bad one.
fn with_bad(bad: &str, position: usize) -> Project {
    let mut project = shop();
    for (index, name) in ["one", "two", "three", "four"].into_iter().enumerate() {
        project = if index == position { project.seed("bad", &[], bad) } else { good(project, name, index) };
    }
    project
}

fn start(project: &Project, url: &str) -> Result<Report, Error> {
    Init::new(&project.load()).database_url(url).run()
}

#[test]
fn a_failing_statement_is_shown_in_its_place_and_nothing_of_the_run_is_left() {
    for failure in &FAILURES {
        let database = database();
        let mut client = client(database.url());
        // Two good seeds are there from the release before, with other texts.
        let before = shop().seed("two", &[], "INSERT INTO shop.parent VALUES (1, 'old');").seed("four", &[], "SELECT 1;");
        start(&before, database.url()).expect("the first release");
        let rows = dump(&mut client);
        for large in [false, true] {
            // Lines that take room and say nothing, as data often does.
            let line = format!("-- {}\n", "őű".repeat(2000));
            let padding = line.repeat(if large { LARGE / line.len() + 1 } else { 0 });
            let below = padding.lines().count();
            for position in [0, 1, 3] {
                let bad = format!("{padding}{}", failure.sql);
                let error = start(&with_bad(&bad, position), database.url()).expect_err(failure.message);
                assert_eq!(error.to_string(), failure.text(below), "as number {position}, large: {large}");
                assert_eq!(format!("{error:?}"), error.to_string());
                assert_eq!(error.place(), Some(("seeds/bad.sql", failure.place.0 + below, failure.place.1)));
                assert!(error.is_refused_by_database() && !error.is_usage() && !error.is_drift() && !error.is_connection());
                assert_same(&rows, &dump(&mut client));
            }
        }
        start(&with_bad("SELECT 'mended';", 3), database.url()).expect("mended, it goes through");
        assert_eq!(dump(&mut client)["shop.parent"].len(), 3);
    }
}

#[test]
fn a_failing_procedure_is_shown_in_its_place_and_takes_the_seeds_with_it() {
    let database = database();
    start(&shop(), database.url()).expect("the first release");
    let rows = dump(&mut client(database.url()));
    let project = good(shop(), "one", 1)
        .procedure("fine", "CREATE OR REPLACE FUNCTION shop.fine() RETURNS int LANGUAGE sql RETURN 1;")
        .procedure(
            "total",
            "-- ő\nCREATE OR REPLACE FUNCTION shop.total() RETURNS bigint LANGUAGE sql STABLE AS $$\n    SELECT sum(p.price) FROM shop.parent AS p\n$$;\n",
        );
    let error = start(&project, database.url()).expect_err("there is no such column");
    assert_eq!(
        error.to_string(),
        "procedure total failed: column p.price does not exist\n --> procedures/total.sql:3:16\n  |\n\
         3 |     SELECT sum(p.price) FROM shop.parent AS p\n  |                ^^^^^^^\n  |\n  \
         = help: is its name spelt right, and is it in a migration that has been applied?"
    );
    assert_same(&rows, &dump(&mut client(database.url())));
    let there: bool = client(database.url()).query_one("SELECT to_regproc('shop.fine') IS NULL", &[]).expect("a row").get(0);
    assert!(there, "a procedure of the failed run is left");
}

#[test]
fn a_constraint_checked_at_the_end_fails_the_whole_run() {
    let database = database();
    let deferred = shop().schema(
        "CREATE TABLE shop.parent (id integer PRIMARY KEY, name text);\n\
         CREATE TABLE shop.child (id integer PRIMARY KEY, parent_id integer REFERENCES shop.parent DEFERRABLE INITIALLY DEFERRED);",
    );
    start(&deferred, database.url()).expect("the first release");
    let rows = dump(&mut client(database.url()));
    let child = deferred.seed("child", &[], "INSERT INTO shop.child VALUES (1, 1);");
    let error = start(&child, database.url()).expect_err("there is no parent");
    assert_eq!(
        error.to_string(),
        "checking what was deferred to the end of the run: insert or update on table \"child\" violates foreign key constraint \
         \"child_parent_id_fkey\"\n  = note: Key (parent_id)=(1) is not present in table \"parent\".\n  \
         = help: the seed that brings the referenced row has to run first: add it to depends_on in seeds.toml"
    );
    assert!(error.is_foreign_key_violation());
    assert_same(&rows, &dump(&mut client(database.url())));
    // Rows that need each other may come in any order.
    let parent = child.seed("parent", &["child"], "INSERT INTO shop.parent VALUES (1, 'late');");
    start(&parent, database.url()).expect("all is there at the end");
}

#[test]
fn settings_of_one_seed_do_not_reach_the_next() {
    let database = database();
    let project = Project::new()
        .head("schemas = [\"shop\", \"other\"]")
        .head("search_path = [\"shop\", \"public\"]")
        .schema(
            "CREATE TABLE shop.t (a text, b text, d date, i interval, who text DEFAULT current_user);\n\
             CREATE TABLE other.t (a text, b text, d date, i interval, who text);\nCREATE TABLE shop.p (id int PRIMARY KEY);\n\
             CREATE TABLE shop.c (p int REFERENCES shop.p);",
        )
        .seed(
            "a_unruly",
            &[],
            "SET search_path = other;\nSET DateStyle = 'German, DMY';\nSET IntervalStyle = sql_standard;\nSET standard_conforming_strings = off;\n\
             SET TimeZone = 'Asia/Tokyo';\nSET bytea_output = 'escape';\nSET statement_timeout = '1ms';\nSET default_transaction_read_only = on;\n\
             SET session_replication_role = replica;\nSET backslash_quote = on;\nSET SESSION AUTHORIZATION pg_monitor;\nSET ROLE pg_monitor;",
        )
        .seed(
            "b_plain",
            &["a_unruly"],
            "SELECT pg_sleep(0.01);\nINSERT INTO t (a, b, d, i) VALUES ('x\\ny', ('1/2/2003'::date)::text || ' ' || ('2003-01-01 00:00+00'::timestamptz)::text || ' ' || '\\x00'::bytea::text, '1/2/2003', '-1 2:00:00');",
        )
        .seed("c_orphan", &["b_plain"], "INSERT INTO c VALUES (1);");
    let error = start(&project, database.url()).expect_err("foreign keys still hold");
    assert!(error.is_foreign_key_violation(), "{error}");
    let project = project.seed("c_orphan", &["b_plain"], "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1);");
    start(&project, database.url()).expect("the bundle applies");
    let row = client(database.url()).query_one("SELECT a, b, d::text, i::text, who FROM shop.t", &[]).expect("one row");
    let texts: Vec<String> = (0..5).map(|index| row.get(index)).collect();
    assert_eq!(texts, ["x\\ny", "2003-01-02 2003-01-01 00:00:00+00 \\x00", "2003-01-02", "-1 days +02:00:00", "postgres"]);
}

#[test]
fn the_remedy_for_a_sequence_moves_it_past_its_table_and_never_back() {
    let database = database();
    let url = database.url();
    let tables = Project::new().schema("CREATE TABLE public.goods (id serial PRIMARY KEY, name text);");
    let mut client = client(url);
    // The remedy of an error, made to fit the table.
    let remedy = |error: &Error| -> String {
        let text = error.to_string();
        let line = text.lines().rfind(|line| line.contains("nextval")).expect("a line of help");
        let (_, sql) = line.split_once(", as in ").expect("the SQL");
        sql.replace("…_id_seq", "public.goods_id_seq").replace("FROM …)", "FROM public.goods)")
    };
    let behind = "INSERT INTO goods (id, name) VALUES (1, 'tea'), (2, 'rice');\nINSERT INTO goods (name) VALUES ('salt');";
    let duplicate = start(&tables.clone().seed("goods", &[], behind), url).expect_err("the sequence gives 1");
    let out_of_bounds =
        start(&tables.clone().seed("goods", &[], "SELECT setval('goods_id_seq', 0);"), url).expect_err("it is none of its values");
    assert_eq!(
        out_of_bounds.to_string(),
        "seed goods failed: setval: value 0 is out of bounds for sequence \"goods_id_seq\" (1..2147483647)\n --> seeds/goods.sql:1:1\n  |\n\
         1 | SELECT setval('goods_id_seq', 0);\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n  |\n  \
         = help: an empty table has no greatest id: move the sequence by nextval, which needs none, as in SELECT \
         count(nextval('…_id_seq')) FROM generate_series(1, (SELECT max(id) FROM …) - (SELECT last_value - CASE WHEN is_called \
         THEN 0 ELSE 1 END FROM …_id_seq))"
    );
    let (remedy, other) = (remedy(&duplicate), remedy(&out_of_bounds));
    assert_eq!(remedy, other);
    client.batch_execute("ALTER SEQUENCE goods_id_seq RESTART").expect("what failed has taken an id");
    let next = |client: &mut postgres::Client| -> i64 {
        let row = client.query_one("SELECT last_value + is_called::int FROM goods_id_seq", &[]).expect("a sequence");
        row.get(0)
    };
    for (rows, wanted) in [("", 1), ("INSERT INTO goods (id) VALUES (1), (7)", 8), ("SELECT setval('goods_id_seq', 20)", 21)] {
        client.batch_execute(rows).expect("rows");
        for _ in 0..2 {
            client.batch_execute(&remedy).expect("the remedy is SQL");
            assert_eq!(next(&mut client), wanted, "behind {rows:?}");
        }
    }
    start(
        &tables.seed(
            "goods",
            &[],
            &behind
                .replacen('\n', &format!("\n{remedy};\n"), 1)
                .replace("INSERT INTO goods (id", "DELETE FROM goods;\nINSERT INTO goods (id"),
        ),
        url,
    )
    .expect("mended, it goes through");
}
