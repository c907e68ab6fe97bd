//! Objects that rest on one another ten thousand deep, each of which may be one statement of a long file: an answer within a thread's
//! ordinary stack, and in a time that grows with their number.

use std::{
    fmt::Write,
    thread,
    time::{Duration, Instant},
};

use elyos_schema::{Catalog, Diagnostics, Source, catalog::Table};

/// What a thread has unless one asks for more, as those that the compiler runs macros on may.
const STACK: usize = 2 << 20;

const DEEP: usize = 10_000;

/// Far more than it takes, and far less than it would take if the work grew with the square of the depth.
const PATIENCE: Duration = Duration::from_mins(1);

/// A chain: the first statement, the one that makes number `#` of what rests on number `@`, what is done when all of them are there, and
/// what there is then, or what is wrong.
type Chain = (&'static str, &'static str, &'static str, &'static str);

const TYPES: &[Chain] = &[
    (
        "create domain x0 as int",
        "create domain x# as x@",
        "create table t (a x9999); create view v as select a + 1 as b from t where a > 0",
        "2 tables, 10000 types, 0 functions",
    ),
    (
        "create domain x0 as int",
        "create domain x# as x@",
        "create table t (a x9999); drop domain x0 cascade",
        "1 tables, 0 types, 0 functions",
    ),
    (
        "create domain x0 as int",
        "create domain x# as x@",
        "create table t (a x9999[]); alter domain x0 set not null",
        "cannot check the values of domain `public.x0`: column `a` of `public.t` has them within others",
    ),
    (
        "create domain x0 as json",
        "create domain x# as x@[]",
        "create table t (a x9999); create view v as select distinct a from t",
        "values of type `public.x9999` cannot be compared, as `DISTINCT` does",
    ),
    (
        "create domain x0 as int; create domain y0 as int8",
        "create domain x# as x@[]; create domain y# as y@[]",
        "create table t (a x9999); create view v as select a = a as b, a::y9999 as c from t",
        "2 tables, 20000 types, 0 functions",
    ),
    (
        "create domain x0 as int",
        "create domain x# as x@[]",
        "create table t (a x9999); drop domain x0 cascade",
        "1 tables, 0 types, 0 functions",
    ),
    (
        "create type x0 as (a int)",
        "create type x# as (a x@, b x@)",
        "create table t (a x9999); create view v as select distinct a from t",
        "2 tables, 10000 types, 0 functions",
    ),
    (
        "create type x0 as (a int)",
        "create type x# as (a x@, b x@)",
        "create table t (a x9999); alter type x0 add attribute c x9999",
        "composite type `public.x0` cannot be made a member of itself",
    ),
    (
        "create type x0 as (a int)",
        "create type x# as (a x@, b x@)",
        "create table t (a x9999); drop type x0 cascade",
        "1 tables, 9999 types, 0 functions",
    ),
    (
        "create table x0 (a int)",
        "create table x# (a x@)",
        "create view v as select distinct x9999 from x9999",
        "10001 tables, 0 types, 0 functions",
    ),
    ("create table x0 (a int)", "create table x# (a x@)", "drop table x0 cascade", "9999 tables, 0 types, 0 functions"),
    (
        "create type x0 as range (subtype = int)",
        "create type x# as range (subtype = x@)",
        "create view v as select distinct null::x9999",
        "1 tables, 10000 types, 0 functions",
    ),
    (
        "create type x0 as range (subtype = int)",
        "create type x# as range (subtype = x@)",
        "drop type x0 cascade",
        "0 tables, 0 types, 0 functions",
    ),
    (
        "create function x0() returns int language sql as 'select 1'",
        "create function x#(a int default x@()) returns int language sql as 'select 1'",
        "create table t (a int default x9999()); drop function x0() cascade",
        "1 tables, 0 types, 9999 functions",
    ),
];

const RELATIONS: &[Chain] = &[
    (
        "create view x0 as select 1 as a",
        "create view x# as select a from x@",
        "create view v as select distinct a from x9999",
        "10001 tables, 0 types, 0 functions",
    ),
    ("create view x0 as select 1 as a", "create view x# as select a from x@", "drop view x0 cascade", "0 tables, 0 types, 0 functions"),
    (
        "create table x0 (a int)",
        "create table x# () inherits (x@)",
        "alter table x0 add b int; alter table x0 drop a; create view v as select b from x0",
        "10001 tables, 0 types, 0 functions",
    ),
    (
        "create table x0 (a int)",
        "create table x# () inherits (x@)",
        "alter table x0 add constraint c check (a > 0); alter table x0 drop constraint c; alter table x9999 add constraint c check (a > 1)",
        "10000 tables, 0 types, 0 functions",
    ),
    ("create table x0 (a int)", "create table x# () inherits (x@)", "drop table x0 cascade", "0 tables, 0 types, 0 functions"),
    (
        "create table x0 (a int) partition by list (a)",
        "create table x# partition of x@ default partition by list (a)",
        "create index on x0 (a); alter table x0 add unique (a); alter table x0 alter a set not null; drop table x0",
        "0 tables, 0 types, 0 functions",
    ),
    (
        "create table x0 (a int primary key)",
        "create table x# (a int primary key references x@)",
        "alter table x0 drop constraint x0_pkey cascade; alter table x1 alter a type bigint; drop table x0 cascade",
        "9999 tables, 0 types, 0 functions",
    ),
];

#[test]
fn types_that_rest_on_one_another_are_gone_through_in_loops() {
    TYPES.iter().for_each(hold);
}

#[test]
fn relations_that_rest_on_one_another_are_gone_through_in_loops() {
    RELATIONS.iter().for_each(hold);
}

fn hold((first, next, last, expected): &Chain) {
    let mut text = format!("{first};\n");
    for index in 1..DEEP {
        let statement = next.replace('#', &index.to_string()).replace('@', &(index - 1).to_string());
        writeln!(text, "{statement};").expect("a string takes all");
    }
    writeln!(text, "{last};").expect("a string takes all");
    let since = Instant::now();
    let loaded = thread::Builder::new().stack_size(STACK).spawn(move || Catalog::load(&[Source::new("deep.sql", text)]));
    let loaded: Result<Catalog, Diagnostics> = loaded.expect("a thread starts").join().expect("it does not panic");
    let took = since.elapsed();
    println!("{took:?}: {next}; {last}");
    let found = match &loaded {
        Ok(catalog) => match catalog.tables().find_map(Table::unresolved) {
            Some(errors) => errors.to_string(),
            None => format!(
                "{} tables, {} types, {} functions",
                catalog.tables().count(),
                catalog.domains().count() + catalog.composites().count() + catalog.ranges().count(),
                catalog.functions().count()
            ),
        },
        Err(errors) => errors.to_string(),
    };
    assert!(found.contains(expected), "{next}; {last}\n{found}");
    assert!(took < PATIENCE, "{next}; {last}: {took:?}");
}
