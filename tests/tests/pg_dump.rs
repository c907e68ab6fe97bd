//! What `pg_dump` writes is a schema.sql as it is: another database made from it is the same.

use std::process::Command;

use elyos_runtime::prelude::*;
use elyos_tests::{Project, client, database};

/// Objects of many kinds; names and texts that have to be quoted.
const OBJECTS: &str = r#"
CREATE EXTENSION citext WITH SCHEMA public;
CREATE SCHEMA shop;
CREATE SCHEMA "Odd Names";
COMMENT ON SCHEMA shop IS 'The shop; \restrict x
\unrestrict x';
CREATE TYPE shop.colour AS ENUM ('red', 'dark "green"', 'bl''ue');
CREATE TYPE shop.size AS (width integer, height integer);
CREATE DOMAIN shop.price AS numeric(12, 2) DEFAULT 0 CHECK (VALUE >= 0);
CREATE SEQUENCE shop.number START 100 INCREMENT 5;
CREATE TABLE shop.goods (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code citext NOT NULL UNIQUE,
    colour shop.colour DEFAULT 'bl''ue',
    price shop.price NOT NULL,
    tax numeric GENERATED ALWAYS AS (price * 0.2) STORED,
    path text DEFAULT E'a\\b\t''c' CHECK (path <> '\i'),
    tags text[] NOT NULL DEFAULT '{}'
);
CREATE TABLE "Odd Names"."Every; Name" ("a""b" serial PRIMARY KEY, goods bigint REFERENCES shop.goods ON DELETE CASCADE);
CREATE TABLE shop.sales (at date NOT NULL, goods bigint REFERENCES shop.goods, PRIMARY KEY (at, goods)) PARTITION BY RANGE (at);
CREATE TABLE shop.sales_2026 PARTITION OF shop.sales FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE shop.old_goods (since date) INHERITS (shop.goods);
CREATE INDEX goods_tags ON shop.goods USING gin (tags);
CREATE INDEX goods_dear ON shop.goods (lower(path)) WHERE price > 10;
CREATE VIEW shop.dear AS SELECT g.code, g.tax FROM shop.goods AS g WHERE g.price > 10;
CREATE MATERIALIZED VIEW shop.sums AS SELECT count(*) AS n, sum(price) AS total FROM shop.goods;
CREATE FUNCTION shop.touch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- \restrict inside
    NEW.path := NEW.path || '\';
    RETURN NEW;
END
$body$;
CREATE TRIGGER touch BEFORE UPDATE ON shop.goods FOR EACH ROW EXECUTE FUNCTION shop.touch();
CREATE PROCEDURE shop.tidy() LANGUAGE sql BEGIN ATOMIC DELETE FROM shop.goods WHERE price = 0; END;
CREATE AGGREGATE shop.product(double precision) (SFUNC = float8mul, STYPE = double precision, INITCOND = '1');
CREATE RULE keep AS ON DELETE TO "Odd Names"."Every; Name" DO INSTEAD NOTHING;
ALTER TABLE shop.goods ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON shop.goods FOR SELECT USING (true);
CREATE STATISTICS shop.together (dependencies) ON colour, price FROM shop.goods;
COMMENT ON COLUMN shop.goods.code IS E'é\nő \\i';
"#;

/// The schema of a database as the machine's `pg_dump` writes it, without what it says of the ledger.
fn dumped(url: &str) -> String {
    let output = Command::new("pg_dump").args(["--schema-only", "--no-owner", "--exclude-schema=elyos", "--dbname", url]).output();
    let output = output.expect("pg_dump comes with PostgreSQL");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is in UTF-8")
}

/// A key is another one in each dump.
fn without_keys(dump: &str) -> String {
    dump.lines().filter(|line| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_database_made_from_a_dump_is_the_one_that_was_dumped() {
    let first = database();
    client(first.url()).batch_execute(OBJECTS).expect("the objects");
    let dump = dumped(first.url());
    // An older pg_dump writes no guards.
    let guarded = if dump.contains("\n\\restrict ") { dump } else { format!("\\restrict aB1\n{dump}\n\\unrestrict aB1\n") };
    let bundle = Project::new()
        .head("schemas = [\"shop\", \"Odd Names\"]")
        .head("extensions = [\"citext\"]")
        .schema(&guarded)
        .seed("goods", &[], "INSERT INTO shop.goods (code, price) VALUES ('TEA', 5) ON CONFLICT (code) DO NOTHING;")
        .load();
    let second = database();
    let report = Init::new(&bundle).database_url(second.url()).run().expect("the dump applies");
    assert!(!report.steps.is_empty());
    assert_eq!(without_keys(&dumped(second.url())), without_keys(&guarded));
    let found: i64 = client(second.url()).query_one("SELECT count(*) FROM shop.goods WHERE code = 'tea'", &[]).expect("a row").get(0);
    assert_eq!(found, 1);
    let again = Init::new(&bundle).database_url(second.url()).run().expect("nothing is wrong");
    assert_eq!(again.outcome, elyos_runtime::Outcome::NothingToDo);
}
