//! What the resolver has proven never to be null, against data that is made to contradict it: each rule by which something follows, beside
//! what takes its ground away.

use elyos_schema::{Catalog, Source, parse::parse_query, resolve};
use elyos_tests::{client, database};

use super::support::nulls;

/// What every script begins with: columns that are null in some rows.
const BEFORE: &str = "
    create table t (id int not null, a int, b text, c bool, xs int[]);
    insert into t values (1, null, null, null, null), (2, 1, 'x', true, '{1,null}'), (3, 0, '', false, '{}');
    create table u (id int, k int not null);
    insert into u values (null, 1), (1, 2);
    create function lax(n int) returns int language sql immutable as 'select coalesce(n, 7)';
    create function lax_text(n int) returns text language sql immutable as 'select coalesce(n::text, ''none'')';
    create function lax_bool(n int) returns bool language sql immutable as 'select n is null or n > 0';
    create function strict(n int) returns int language sql immutable strict as 'select n';
    create function nothing(n int) returns int language sql immutable as 'select null::int';
    create type pair as (n int);
    create function to_pair(n int) returns pair language sql immutable as 'select row(coalesce(n, 7))::pair';
    create function of_pair(p pair) returns int language sql immutable as 'select coalesce((p).n, 7)';
    create function pair_is(p pair) returns bool language sql immutable as 'select p is null or (p).n > 0';
    create function of_pair_to_null(p pair) returns bigint language sql immutable as 'select null::bigint';
    create cast (pair as int) with function of_pair(pair) as implicit;
    create cast (pair as bool) with function pair_is(pair) as implicit;
    create cast (pair as bigint) with function of_pair_to_null(pair) as assignment;
    create table p (id int not null, q pair, r pair not null);
    insert into p values (1, null, row(1)), (2, row(3), row(null));
";

/// Statements and, behind the last `;`, a query.
const SCRIPTS: &[&str] = &[
    // A cast's function may make something of nothing.
    "select q from p where q::int > 0",
    "select q from p where q::int = 7",
    "select q from p where (q::int) in (7, 8)",
    "select q from p where q in (7, 8)",
    "select q from p where q not in (8, 9)",
    "select q from p where q between 1 and 9",
    "select q from p where q = any (array[7, 8])",
    "select q from p where q in (select 7)",
    "select q from p where q is not distinct from 7",
    "select q from p where 7 is not distinct from q",
    "select q from p where q",
    "select q from p where not not q",
    "select q from p where q is true",
    "select q from p where q::bool is not null",
    "select q from p where (q, id) = (7, 1)",
    "select q from p where nullif(q::int, 1) is not null",
    "select q from p where strict(q) = 7",
    "select q from p where coalesce(q::int) = 7",
    "select q from p join u on u.k + 6 = p.q",
    "select p.q from p left join u on true where p.q::int > u.k",
    "select r::bigint, q::int from p",
    "select q::int from p union select 1",
    "select q from p where array[q]::int[] = array[7]",
    "select q from p where (array[q]::int[])[1] = 7",
    "select case q when 7 then q end from p",
    // Gathered into an array, a null is a value.
    "create function any_of(variadic ns int[]) returns bool language sql immutable strict as 'select true'; select a from t where any_of(1, a)",
    "create function any_of(variadic ns int[]) returns bool language sql immutable strict as 'select true'; select a from t where any_of(a)",
    "create function any_of(n int, variadic ns int[]) returns bool language sql immutable strict as 'select true'; select a, id from t where any_of(id, a)",
    "create function any_of(variadic ns int[]) returns bool language sql immutable strict as 'select true'; select xs from t where any_of(variadic xs)",
    "select b from t where json_extract_path('{\"x\": 1}', b) is not null",
    "select b from t where num_nulls(b, 'x') = 1",
    // Operators are as strict as their functions.
    "create function ignores(l text, r text) returns bool language sql as 'select true'; create operator === (leftarg = text, rightarg = text, function = ignores); select b from t where b === 'x'",
    "create function same(l text, r text) returns bool language sql strict as 'select true'; create operator === (leftarg = text, rightarg = text, function = same); create view v as select b from t where b === 'x'; create or replace function same(l text, r text) returns bool language sql as 'select true'; select b from v",
    "create schema s; create function s.same(l text, r text) returns bool language sql as 'select true'; create schema a; create function a.same(l text, r text) returns bool language sql strict as 'select true'; set search_path = s, public, a; create operator public.=== (leftarg = text, rightarg = text, function = same); select b from public.t where b operator(public.===) 'x'",
    // A function that views rest on may become lax.
    "create view v as select a from t where strict(a) > 0; create or replace function strict(n int) returns int language sql immutable as 'select 7'; select a from v",
    "create view v as select a from t where strict(a) > 0; create or replace function strict(n int) returns int language sql immutable called on null input as 'select 7'; select a from v",
    "create view v as select a from t where strict(a) = 1; alter function strict(int) called on null input; create or replace function strict(n int) returns int language sql immutable as 'select 1'; select a from v",
    "create view v as select a from t where strict(a) = 1; create view w as select a + 1 as b from v; alter routine strict called on null input; create or replace function strict(n int) returns int language sql immutable as 'select 1'; select b from w",
    "create view v as select a from t where strict(a) = 1; do $$ begin create or replace function strict(n int) returns int language sql immutable as 'select 1'; end $$; select a from v",
    // What makes rows makes none.
    "select (select 1 order by generate_series(1, 0))",
    "select (select distinct on (generate_series(1, 0)) 1)",
    "select (select 1 window w as (order by generate_series(1, 0)))",
    "select (select count(*) over (partition by generate_series(1, 0)))",
    "select (select count(*) from t order by generate_series(1, 0))",
    "select (select generate_series(1, 0))",
    "select (select (array[1])[generate_series(1, 0)] is null)",
    "select (select 1 limit 0), (select 1 offset 1), (select 1 fetch first 0 rows only), (select count(*) from t having false), (select 1 where false)",
    "select (select count(*) from t group by a having a > 5), (select count(*) from t group by ()), (select count(*) from t group by grouping sets ((), ()) limit 1)",
    "select (values (1)), (select * from (values (1)) v limit 0), (select 1 union select 1 limit 0)",
    "select (select 1 except select 1), (select 1 intersect select 2), (with x as (select 1 where false) select * from x)",
    "select (select count(t.a) from u where u.k > 5) from t",
    "select generate_series(1, 2), generate_series(1, 3), 1",
    "select generate_series(1, id) + 0, unnest(xs), id from t",
    // Joins.
    "select t.id, u.k, u.id from t left join u on u.k = t.a",
    "select t.id, u.k from t left join u on u.k = t.a where u.k > 0 or t.id = 1",
    "select t.id, t.a, u.k from t right join u on u.k = t.id",
    "select id, t.a, u.k from t full join u using (id)",
    "select id from t full join u using (id)",
    "select id from u full join t using (id)",
    "select id from u left join t using (id)",
    "select id from u right join t using (id)",
    "select id from (select id from t) x left join (select k as id from u) y using (id) full join (select 9 as id) z using (id)",
    "select j.id from (t full join u using (id) as j)",
    "select x.id from (select 1 as id) x full join (select 2 as id) y on false",
    "select t.id, x.k from t left join lateral (select u.k from u where u.k = t.id) x on true",
    "select t.id, x.n from t left join lateral (select count(*) as n from u where u.k = t.id having count(*) > 0) x on true",
    "select t.id, x.o, x.g from t left join lateral generate_series(2, t.id) with ordinality as x(g, o) on true",
    "select x.* from rows from (generate_series(1, 2), generate_series(1, 4)) with ordinality as x(g, h, o)",
    "select x.* from unnest(array[1, 2], array['a']) as x(g, h)",
    "select x.n from t left join (values (1)) as x(n) on x.n = t.a",
    "select a.id, b.k, c.id as d from t a left join (u b join t c on c.id = b.k) on b.k = a.a",
    "select a.id, b.k, c.id as d from t a left join u b on b.k = a.a left join t c on c.id = b.k where c.id is not null or a.id = 1",
    "select a.id, b.k, c.id as d from (t a left join u b on b.k = a.a) right join t c on c.id = b.k",
    "select s.y from (u b cross join lateral (select b.k as y) s) right join t on t.a = s.y",
    "select a.a, b.a as c from t a join t b on a.a is not distinct from b.a",
    "select a.a from t a join t b on a.a = b.a or a.id = b.id",
    "select a.a from t a natural join t b",
    "select a.a, b.a as c from t a left join t b on a.a = b.a",
    // Groups and windows.
    "select id, a, sum(id), count(*) from t group by rollup (id, a)",
    "select id, (select t.id), coalesce(t.id, null), (select x from (values (t.id)) v(x)) from t group by cube (id)",
    "select grouping(id), id, max(id) from t group by grouping sets ((id), ())",
    "select sum(id), max(id), array_agg(a), string_agg('x', ','), bool_and(true) from t where false",
    "select sum(id), max(id), array_agg(a) from t where false group by a",
    "select sum(a), max(a), min(b), string_agg(b, ','), sum(id) filter (where false), array_agg(id) filter (where false) from t group by id",
    "select sum(id) over (order by id rows between 2 preceding and 1 preceding), sum(id) over (order by id rows between current row and current row exclude current row), last_value(id) over (order by id desc), lag(id) over (order by id), nth_value(id, 2) over (order by id), first_value(id) over w from t window w as (order by id rows between 1 following and 2 following)",
    "select sum(id) over w, count(a) over w, sum(id) filter (where false) over () from t window w as (order by id groups between 1 following and 2 following)",
    "select percentile_cont(0.5) within group (order by id), mode() within group (order by a) from t where false",
    "select stddev(id), var_samp(id), corr(id, id), covar_samp(id, id), regr_count(a, id) from t group by id",
    "select range_agg(int4range(1, 2)), xmlagg('<a/>'::xml), json_object_agg(id, a), jsonb_agg(a), range_intersect_agg(int4range(1, 2)) from t group by id",
    // Set operations, VALUES, recursion.
    "select id from t union all select id from u",
    "select id from t union select null",
    "select a from t intersect select id from u",
    "select id from u intersect select a from t",
    "select id from t except select 1",
    "select id from u except select 1",
    "values (1, null), (2, 'x')",
    "select * from (values (1), (null)) v",
    "with recursive r(n, m) as (select 1, 1 union all select n + 1, nullif(n, 2) from r where n < 3) select n, m from r",
    "with recursive r(n, m, o) as (select 1, 1, 1 union all select n + 1, o, nullif(n, 1) from r where n < 5) select n, m, o from r",
    "with recursive r(n, m) as (select 1, 1 union all select r.n + 1, u.id from r left join u on false where r.n < 3) select n, m from r",
    "with x as (select id, a from t where a = 1), y as (select id, a from t) select x.a, y.a as b from x full join y using (id)",
    "with x as (delete from u where k = 1 returning id, k) select * from x",
    "with x as (update t set a = null where a = 1 returning id, a) select * from x",
    "with x as (update t set a = u.id from u where u.k = 1 and t.a = 1 returning t.a, u.id, u.k) select * from x",
    "with x as (insert into t (id) values (9) returning *) select * from x",
    // Conditions.
    "select a from t where a in (1, null) or b is null",
    "select a from t where a not in (select k from u where false)",
    "select a from t where a <> all (select k from u where false)",
    "select a from t where a <> all ('{}')",
    "select a from t where (a, b) = (1, 'x') or c is null",
    "select a, b from t where (a, b) <> (1, 'x')",
    "select a, b from t where (a, b) < (1, 'x')",
    "select a, b from t where not (a, b) = (5, 'x')",
    "select a, b from t where (a, b) is not null",
    "select a, b from t where not (a, b) is null",
    "select a, b from t where (a, b) is distinct from (1, 'x')",
    "select a, b from t where (a, b) is not distinct from (null, null)",
    "select a, b from t where (a, b) in ((1, 'x'), (2, 'y'))",
    "select a, b from t where (id, a) not in ((7, 8))",
    "select a, b from t where (id, a) in (select 1, null::int)",
    "select a from t where a is distinct from 1",
    "select a from t where a is not distinct from null",
    "select a from t where c is not false",
    "select a, c from t where (a > 0) is not true",
    "select a, c from t where (a > 0) is unknown",
    "select a from t where not (a > 0 and c)",
    "select a from t where not (a > 0 or c is null) or a is null",
    "select a from t where a between 1 and 2 or a is null",
    "select a from t where a not between 2 and null",
    "select a from t where a between symmetric 2 and 1",
    "select a, id from t where id not between 5 and a or a is null",
    "select id from u where id not between 5 and 6 is not true",
    "select a from t where case when a is null then true else a > 0 end",
    "select a from t where case a when null then false else true end",
    "select a from t where coalesce(a, 1) = 1",
    "select a from t where greatest(a, 1) = 1",
    "select a, nullif(id, 1), greatest(a, null), least(id, a), coalesce(a, b::int) from t",
    "select xs[1], xs[1:1], xs, (array[id])[2], array[a] from t where xs[1] = 1 or xs is null",
    "select a from t where array[a] = array[1] or array[a] is not null",
    "select a from t where row(a) is not null or row(a) is null",
    "select b from t where b like 'x' is not true",
    "select b, concat(b, 'x'), b || 'x', format('%s', b), concat_ws(b, 'x', 'y'), quote_nullable(b) from t",
    "select '{\"a\": null}'::jsonb -> 'b', '{\"a\": null}'::jsonb ->> 'a', '[1]'::jsonb -> 3, '{}'::jsonb #> '{a}', '{}'::jsonb @? '$.a.b', '{}'::jsonb @@ '$.a', jsonb_path_query_first('{}', '$.a'), ('{}'::jsonb)['a'], jsonb_typeof('null'::jsonb), '{}'::jsonb || 'null'",
    "select date_part('day', 'infinity'::timestamp), lower('(,1)'::int4range), upper('empty'::int4range), array_length('{}'::int[], 1), array_position(array[1], 2), nullif('a', 'a'), substring('a' from 'b'), regexp_match('a', 'b'), to_regclass('nowhere')",
    "select nothing(id), lax(a), strict(id), strict(a) from t",
    "select t.b, t.*, (t).a from t where t is not null or t.id = 1",
    "select x.q, (x.q).n from p x where (x.q).n is null or x.q is null",
    "select r, (r).n from p where r is not null or (r).n is null",
    "select q from p where not (q is null)",
    "select exists (select 1 where false), not exists (select a from t), (1 = any (select k from u)), 1 = any (select id from u), 5 > all (select id from u), 1 in (select id from u where id is null)",
    "select 1 = any (array[null]::int[]), 1 = any (xs), 1 = all (xs), 1 in (2, a), 1 not in (id, a) from t",
    "select current_schema, current_date, current_user, session_user, inet_client_addr(), pg_typeof(null), txid_current_if_assigned()",
    "select t.ctid, t.tableoid, t.xmin from t left join u on false",
    "select u.ctid, u.tableoid, u.* from t left join u on false",
    // What a table promises, and what takes it back.
    "create view v as select k from u; alter table u alter k drop not null; insert into u values (3, null); select k from v",
    "create table w (k int) inherits (u); create view v as select k from u; alter table w alter k drop not null; insert into w values (3, null); select k from v",
    "create table parent (a int); create table child () inherits (parent); alter table only parent alter a set not null; insert into child values (null); create view v as select a from parent; create view w as select a from only parent; select v.a, w.a as b from v full join w on false",
    "create table parent (a int); create table child () inherits (parent); create table grandchild () inherits (child); alter table parent alter a set not null; alter table grandchild alter a drop not null; insert into grandchild values (null); select a from parent",
    "create table parent (a int not null); create view v as select a from parent; create table child (a int not null); alter table child inherit parent; alter table child alter a drop not null; insert into child values (null); select a from v",
    "create table parent (a int) partition by list (a); create table part partition of parent for values in (null, 1); alter table part alter a set not null; create view v as select a from part; alter table part alter a drop not null; insert into parent values (null); select a from v",
    "create table k (a int primary key); create view v as select a from k; alter table k drop constraint k_pkey; alter table k alter a drop not null; insert into k values (null); select a from v",
    "create table k (a int generated always as identity); create view v as select a from k; alter table k alter a drop identity; alter table k alter a drop not null; insert into k values (null); select a from v",
    "create domain d as int not null; create table k (a d); create view v as select x.a from t left join k x on false; select a from v",
    "create domain d as int not null; create table k (a d); create view v as select a from k; alter domain d drop not null; insert into k values (null); select a from v",
    "create domain d as int check (value > 0); create table k (a d, b d not null); insert into k values (null, 1); select a, b, a::int, b::d from k where a is null or a > 0",
    "create view v as select id, k from u where id > 0; create view w as select id from v; create or replace view v as select id, k from u; select id from w",
    "create view v as select coalesce(id, 0) as id from u; create view w as select id from v; create view x as select id from w; create or replace view v as select id from u; select id from x",
    "create materialized view m as select k from u; alter table u alter k drop not null; insert into u values (3, null); refresh materialized view m; select k from m",
    "create view v as select k from u; alter view v rename k to l; create or replace view v as select k as l, id from u; select l, id from v",
    "create table k (a int, b int not null); insert into k values (null, 1); create view v as select * from k; alter table k rename a to c; alter table k rename b to a; select a, b from v",
    // Rules give what they say.
    "create rule r as on insert to u do instead insert into t (id) values (9) returning null::int, null::int; with x as (insert into u values (1, 2) returning id, k) select * from x",
    "create rule r as on delete to u do instead update t set a = null returning a, a; with x as (delete from u where k = 1 returning id, k) select * from x",
    // Which function is meant hangs on the path.
    "create function public.upper(x text) returns text language sql as 'select null::text'; set search_path = public, pg_catalog; select upper('x'), lower('X')",
    "create function public.never(x text, y text) returns bool language sql as 'select null::bool'; create operator public.= (leftarg = text, rightarg = text, function = public.never); set search_path = public, pg_catalog; select 'a'::text = 'b'::text",
    "create function public.always(x int, y int) returns bool language sql as 'select true'; create operator public.= (leftarg = int, rightarg = int, function = public.always); set search_path = public, pg_catalog; select a from t where a = 1",
    "create function public.length(x text) returns int language sql as 'select null::int'; select length('a'), length('a'::varchar), public.length('a') from t",
    "create function count(x int) returns bigint language sql as 'select null::bigint'; select public.count(id), count(id) from t group by rollup (id)",
];

#[test]
fn no_data_contradicts_what_is_proven() {
    let mut wrong = Vec::new();
    let (mut columns, mut proven) = (0, 0);
    let database = database();
    let mut client = client(database.url());
    client.batch_execute(BEFORE).expect("the tables are made");
    for script in SCRIPTS {
        let (statements, query) = split(script);
        let text = format!("{BEFORE}{statements};");
        let catalog = match Catalog::load(&[Source::new("before.sql", text)]) {
            Ok(catalog) => catalog,
            Err(errors) => {
                wrong.push(format!("{script}\n  is not read: {errors}"));
                continue;
            }
        };
        let source = Source::new("query.sql", query);
        let told = parse_query(&source).and_then(|parsed| resolve::columns_of(&catalog, &source, &parsed));
        client.batch_execute(&format!("begin; {statements}")).unwrap_or_else(|error| panic!("{script}\n{:?}", error.as_db_error()));
        let told = match told {
            Ok(told) => told,
            Err(errors) => {
                wrong.push(format!("{script}\n  is not resolved: {errors}"));
                client.batch_execute("rollback; reset search_path").expect("it is undone");
                continue;
            }
        };
        columns += told.len();
        proven += told.iter().filter(|column| column.proven_not_null).count();
        let written =
            query.starts_with("with x as (insert") || query.starts_with("with x as (update") || query.starts_with("with x as (delete");
        let found = if written { nulls_of_rows(&mut client, query, told.len()) } else { nulls(&mut client, query, told.len()) };
        match found {
            None => wrong.push(format!("{script}\n  does not run")),
            Some((_, nulls)) => {
                for (column, _) in told.iter().zip(nulls).filter(|(column, nulls)| column.proven_not_null && *nulls > 0) {
                    wrong.push(format!("{script}\n  column `{}` is null", column.name));
                }
            }
        }
        client.batch_execute("rollback; reset search_path").expect("it is undone");
    }
    println!("{} scripts, {columns} columns, {proven} of them proven", SCRIPTS.len());
    assert!(wrong.is_empty(), "{} wrong:\n\n{}", wrong.len(), wrong.join("\n\n"));
}

/// The statements of a script, and its query: what begins behind the last `; `.
fn split(script: &str) -> (&str, &str) {
    script.rsplit_once("; ").unwrap_or(("", script))
}

/// [`nulls`] of a query that writes, which stands in no other.
fn nulls_of_rows(client: &mut postgres::Client, query: &str, columns: usize) -> Option<(i64, Vec<i64>)> {
    let mut counts = vec![0; columns];
    let mut rows = 0;
    for message in client.simple_query(query).ok()? {
        if let postgres::SimpleQueryMessage::Row(row) = message {
            rows += 1;
            for (index, count) in counts.iter_mut().enumerate() {
                *count += i64::from(row.get(index).is_none());
            }
        }
    }
    Some((rows, counts))
}
