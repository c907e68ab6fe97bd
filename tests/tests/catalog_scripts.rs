//! Scripts on a server and on a catalog: what both must hold afterwards, and what both must refuse.
//!
//! The list of differences that random DDL has found. Whole files and their dumps are compared in `corpus`.

#[path = "catalog_support/mod.rs"]
#[allow(dead_code, reason = "the generator's tests use the rest")]
mod support;

use elyos_tests::{client, database};

/// Each a script whose statements both take or both refuse, to the same end.
const SCRIPTS: &[&str] = &[
    "create view v as select 1 as one from missing",
    "create unlogged table u (a int unique); create table t (a int references u (a))",
    "create type x as (a int); drop table if exists x cascade; create table t of x; alter table t add column b int",
    "create sequence s; alter table s no inherit t; alter table s rename to r; create view v as select last_value as one from r",
    "create domain d as int default null; create domain e as varchar(9) default null; create table t (a varchar(5) default null, b e default null, c text default null)",
    "create table t (a int); create index on t ((b::text)); create index on t (lower(b::text)); create policy p on t using (b is null)",
    "create table t (a text, b varchar(5)); create index on t ((a::text), (b::varchar), (b::text), (a || 'x'), lower(a), lower(a))",
    "create type o as enum ('a'); create sequence s; alter sequence s rename to o; create sequence if not exists o; create sequence o",
    "create table t (a int unique) partition by range (a); alter table t add foreign key (a) references t (a) not valid",
    "create table t (a int generated always as identity); alter table t alter a type text using null; alter table t alter a type bigint",
    "create table t (a int); alter view t rename to v; drop view t; drop type t; alter domain t rename to x",
    "create table p (a int not null default 1, b text); create table t (c int, like p including all) inherits (p); alter table p drop column b",
    "create table t (a int unique deferrable); create table u (a int references t (a))",
    "create table p (a int) partition by list (a); create table q partition of p default partition by list (a); alter table q attach partition p default",
    "create table t (a int, exclude using btree (a with =), constraint k exclude using btree (a with =), unique (a), constraint u unique (a))",
    "create table t (a int primary key, constraint named unique (a), unique (a) deferrable)",
    "create table p (a int not null); create table t (a serial) inherits (p)",
    "create type e as enum ('a'); alter type e set schema public; alter type e rename value 'a' to 'b'; alter type e add value 'c' before 'b'; alter type e add value 'b'",
    "create type x as (a int, b text); create table t (like x including all); comment on column x.b is 'y'; alter type x drop attribute b",
    "create table p (a int primary key); create table t (b int primary key, like p including all)",
    "create table t (a int primary key, b int references t, unique (b, a)); alter table t drop column a; alter table t drop column a cascade",
    "create function f(a int, b char(3) default null) returns setof text language sql as 'select null'; drop function f(int, character)",
    "create table t (a int, exclude using btree (a with =) where (true)); create index on t (a) where true",
    "create type e as enum ('a'); drop domain e; drop domain if exists e; drop type e",
    "create table p (a int) partition by list (a); alter table p add check (a > 0) no inherit",
    "create table p (a serial); create table t (b int) inherits (p); alter table p drop column a",
    "create table p (a int generated always as identity); create table t (like p including all)",
    "create table t (\"A b\" int, c text); alter table t add check (\"A b\" > 0 and c <> 'c'); alter table t rename \"A b\" to d; alter table t rename c to \"C\"",
    "create table t (id serial); alter sequence t_id_seq rename to s; alter table t rename to u; alter table u rename column id to key; drop sequence s",
    "create schema a; create table a.t (id serial primary key); alter table a.t set schema public; alter schema a rename to b; drop schema b",
    "create table p (a int, b int, primary key (a, b)) partition by range (a); create table q partition of p for values from (1) to (2); create index on p (b); alter table p add unique (b)",
    "create table p (a int, b int, primary key (a, b)) partition by range (a); create table q partition of p for values from (1) to (2); create index on p (b); drop index p_b_idx; alter table p drop constraint p_pkey",
    "create table t (a int check (a > 0), check (a > 1), check (a > a), check (1 > 0)); alter table t rename constraint t_a_check to t_check; alter table t add check (true)",
    "create domain d as int check (value > 0) check (value < 9); create table d_t (a int constraint d_check check (a > 0)); create domain x as int; alter domain x add check (value > 0)",
    "create type float_span as range (subtype = float8); create type span as range (subtype = int4, multirange_type_name = spans); drop type spans; drop type span",
    "create function f() returns trigger language plpgsql as 'begin return new; end'; create table t (a int, b int); create trigger g before update of a on t for each row execute function f(); alter table t drop column a; drop function f(); drop function f() cascade",
    "create table t (a int, b int generated always as (a * 2) stored); alter table t alter a type bigint; alter table t drop column a; alter table t alter b drop expression; alter table t drop column a",
    "create schema s; create table s.x (a int constraint k unique); create table t (a int constraint k unique); alter table t set schema s",
    "create table t (a int); create index on t (a) include (a); create table u (like t including indexes)",
    "create table t as select 1 as one; create table u (a int references t)",
    "create table p (a int); create table t (b int) inherits (p, p)",
    "create table t (a int unique); comment on index t_a_key is 'i'; comment on constraint t_a_key on t is 'c'; alter index t_a_key rename to k; create table u (like t including all)",
    "create table t (a int, b int, c int); create view v as select a from t where b > 0; create view w as select * from v; alter table t drop column c; alter table t alter b type bigint; alter table t drop column b; alter table t rename column a to x; alter table t drop column x cascade",
    "create table t (a int); create view v as select t as whole from t; alter table t drop column a",
    "create view v as select 1 as a, 'x'::text as b; create or replace view v as select 1 as a; create or replace view v as select 1 as b, 'x'::text as b; create or replace view v as select 1::bigint as a, 'x'::text as b; create or replace view v as select 1 as a, 'x'::text as b, 2 as c",
    "create sequence s; alter sequence s set unlogged; alter sequence s set logged",
    "create unlogged table t (a int); alter table t add column b bigserial, add c int generated always as identity",
    "create table t (a int not null); create unique index i on t (a, a); alter table t add primary key using index i",
    "create table t (a int); alter table t add column b bigint default nextval('nothing'); alter table t add column c bigint default nextval('nothing'::text)",
    "create table t (a int); create view v as select 1 as one; create materialized view m as select 1 as one; comment on view t is 'x'; comment on table v is 'x'; comment on view m is 'x'; comment on materialized view m is 'x'; comment on view v is 'x'",
    "create table p (a int, b int generated always as (a + 1) stored); create table t () inherits (p); alter table t alter b drop expression; alter table only p alter b drop expression; alter table p alter b drop expression",
    "create table t (a int default 1, b int); alter table t alter a drop default, drop column a; alter table t drop column b, add column b text",
    "create table t (a int not null); alter table t add generated_ int, alter a add generated always as identity, alter a set default 1",
    "create statistics s on a, b from missing; create table t (a int, b int); create statistics s on a, b from t; create table u (a int, b int); create statistics s on a, b from u",
    "create domain d as int not null null; create domain d as int null null",
    "create table p (a int) partition by list (a); create table q partition of p default; alter table q alter a type bigint; alter table only p add b int; alter table only p rename a to c; alter table only p drop column a; alter table only p alter a drop not null",
    "create table p (a int, constraint k check (a > 0)); create table q () inherits (p); alter table only p alter a type bigint; alter table only p rename constraint k to l; alter table only p drop constraint k",
    "create table p (a int) partition by list (a); create table t (a int primary key); alter table only p add foreign key (a) references t; alter table p set unlogged",
    "create table t (a int); alter view t rename column a to b; alter materialized view t rename to u",
    "create schema s; create sequence s.x; create type x as (a int); alter type x set schema s",
    "create function f(a int) returns int language sql as 'select 1'; drop procedure if exists f(int); drop procedure f(int); create procedure g() language sql as 'select 1'; drop function if exists g(); drop routine g()",
    "create type r as range (subtype = int4); alter type r_multirange rename to many; alter type r rename to q; drop type many; drop type q",
    "create table t (a text collate \"C\"); create index on t (a collate \"C\" desc, a collate \"POSIX\"); alter table t add exclude (a collate \"C\" with =)",
    "create table p (a int) partition by list (a); create index i on p (a); create table q partition of p default; alter index i rename to j; drop index i; drop index j",
    "create type x as (a int); create table t of x; alter table t rename column a to b; alter type x rename attribute a to b; alter type x rename attribute a to b cascade",
    "create type x as (a int, b text); create table t of x; alter type x add attribute c date cascade; alter type x alter attribute b type int cascade; alter type x drop attribute a cascade; create table u (c x); alter type x alter attribute b type text cascade; alter type x add attribute d int",
    "create table t (a int primary key); create table u (a int references t); comment on constraint u_a_fkey on u is 'x'; comment on index t_pkey is 'y'; alter table t drop column a cascade; alter table t add a int primary key; alter table u add foreign key (a) references t",
    "create view v as select 1 as one; alter table v add column b int; alter table v drop column one; alter table v rename column one to two; alter table v alter two set default 1; alter table v rename to w",
    "create table p (a int not null) partition by list (a); create table q partition of p default; create table r (a int not null); alter table q no inherit p; alter table q inherit r; alter table q alter a drop not null; alter table p alter a drop not null",
    "create table p (a serial) partition by list (a); alter table p set unlogged",
    "create table t (a int unique, constraint c check (a > 0)); create sequence k9; alter table t rename constraint t_a_key to k9; alter table t rename constraint c to k9",
    "create domain d as interval day to second(3) default null; create domain e as varchar(3) default null",
    "create type x as (a int); drop policy if exists p on x; drop trigger if exists g on x; drop policy if exists p on missing",
    "create type x as (a int); create view v as select 1 as one; alter table x replica identity full; alter table x disable trigger all; alter table v disable trigger user; alter table v replica identity full; alter table v owner to current_user; alter table x owner to current_user",
    "create table p (a int) partition by list (a); create table q partition of p default; alter table q add column if not exists a int; alter table q add column if not exists b int",
    "create table p (a int, b int) partition by list (a); create table q partition of p default partition by list (b); alter table p alter b type bigint; alter table p alter a type bigint; alter table p alter b drop not null",
    "create table p (a int) partition by list (a); create table t (a int); alter table t inherit p; alter table p inherit t",
    "create table p (a int); create table t () inherits (p); alter table only p add check (a > 0), add column b int; alter table only p add check (a > 0), alter a set default 1",
    "create table t (a int not null); create unique index i on t (a desc); create unique index j on t (a nulls first); alter table t add primary key using index i; alter table t add unique using index j",
    "create procedure x() language sql as 'select 1'; drop function x; drop function if exists x; drop routine x",
    "create function x() returns int language sql as 'select 1'; drop procedure x; drop procedure if exists x; drop function x",
    "create table t (a int); create index i on t (a); alter table t add constraint i check (a > 0); comment on constraint i on t is 'c'; comment on index i is 'x'; alter table t rename constraint i to k; drop index i; alter table t drop constraint k",
    "create table t (a int); create index i on t (a); alter table t add constraint i check (a > 0); alter index i rename to j; create index i on t (a); drop index i; alter table t drop constraint i",
    "create table t (a int, b int, unique (a, b), unique (b, a), unique (a), unique (a, b))",
    "create unlogged table t (a int, b int not null); alter table t set logged, alter b add generated always as identity; alter table t add c serial, set unlogged",
    "create sequence q; create view v as select 1 as a, 2 as b; create statistics s on a, b from v; create statistics s on a, b from q; create type x as (a int, b int); create statistics s on a, b from x",
    "create table p (a int primary key, b int references p) partition by list (a); create table q partition of p default; drop table q",
    "create table p (a int primary key, b int references p) partition by list (a); create table q partition of p default; drop table q cascade",
    "create table t (\"end\" int, a int); alter table t add check (case when \"end\" > 0 then true else a > 0 end); alter table t rename \"end\" to b; alter table t rename b to \"end\"; create index on t ((case when a > 0 then \"end\" end)); alter table t rename \"end\" to c; alter table t rename a to \"case\"; alter table t drop column c",
    "create function f(n int) returns int language sql immutable as 'select n'; create table t (a int default f(1), b int check (f(b) > 0), c int, d int generated always as (f(3)) stored); create index on t (f(c)); create index on t (a) where f(a) > 0; drop function f; drop function f cascade",
    "create schema s; create function f(n int) returns int language sql immutable as 'select n'; create table t (a int default public.f(1), b int check (f(b) > 0), c int, d int generated always as (f(3)) stored); create index on t (f(c)); alter function f rename to g; alter function g set schema s; alter schema s rename to r; drop schema r; drop schema r cascade",
    "create table t (a int, b int default 5); create view v as select * from t; alter view v alter column a set default 1; alter view v alter b set default 2; alter view v alter column b drop default; alter table v alter a set default 3",
    "create table p (a int, constraint c check (a > 0)); create table t (like p including constraints) inherits (p); alter table p drop constraint c",
    "create table p (a int, constraint c check (a > 0)); create table t (a int, constraint c check (a > 0)) inherits (p); alter table p drop constraint c; alter table t drop constraint c",
    "create table p (a int, constraint c check (a > 0)); create table t (a int, constraint c check (a > 0)); alter table t inherit p; alter table p drop constraint c; alter table t drop constraint c",
    "create table p (a int, constraint c check (a > 0)); create table t () inherits (p); alter table t no inherit p; alter table t drop constraint c",
    "create table p (a int); create table t (constraint c check (a > 0)) inherits (p); alter table p add constraint c check (a > 0); alter table t drop constraint c; alter table p drop constraint c; alter table t drop constraint c",
    "create type e as enum ('a', 'b'); create table t (x e default 'a', y e check (y <> 'b'), z e generated always as ('a'::e) stored); create index on t (x) where y = 'b'; alter type e rename value 'a' to 'c'; alter type e rename value 'b' to 'it''s'",
    "create materialized view m as select 1 as one; create index i on m (one); alter table if exists i rename b to c",
    "create type x as (a int); alter table if exists x drop constraint if exists k; alter view x rename column a to b; alter table x rename b to c; alter table x rename to y",
    "create table p (a int unique, b int) partition by hash (a); alter table p rename a to c; create table q partition of p for values with (modulus 4, remainder 0)",
    "create table t (a int primary key); alter table t add unique (a), add foreign key (a) references t (a); alter table t drop constraint t_a_key; alter table t drop constraint t_pkey",
    "create table p (a int constraint c check (a > 0)); create table t (a int, constraint c check (a > 1)) inherits (p); create table t (a int, constraint c check ((A > 0))) inherits (p)",
    "create type r as range (subtype = int8, multirange_type_name = m); drop function m; drop function if exists m; create function m() returns int language sql as 'select 1'; create function n() returns int language sql as 'select 1'; create type q as range (subtype = int8, multirange_type_name = n)",
    "create table p (a text default 'x'); create table t (a text default null) inherits (p); create table u (a text) inherits (p)",
    "create table t (a int); create statistics s on a, b from t; create statistics s on (a + 1), a from t",
    "create table t (a int, b int); alter table t add check (a between 1 and 10), drop a",
    "create function x(n int) returns int language sql as 'select n'; create aggregate x (int) (sfunc = int4pl, stype = int); create aggregate y (int) (sfunc = int4pl, stype = int); create function y(n int) returns int language sql as 'select n'; create function y(n bigint) returns int language sql as 'select 1'",
];

#[test]
fn both_hold_the_same_after_each_script() {
    let database = database();
    let mut client = client(database.url());
    let mut failures = Vec::new();
    for script in SCRIPTS {
        let statements: Vec<String> = script.split("; ").map(str::to_owned).collect();
        if let Err(divergence) = support::run(&mut client, &statements) {
            failures.push(format!("{script}\n{divergence}"));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n\n{}", failures.len(), failures.join("\n\n"));
}
