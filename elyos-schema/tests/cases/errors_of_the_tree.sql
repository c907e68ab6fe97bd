-- Errors that the parser crate finds in its walks of a finished tree, one a line; `\n` is a line's end.
create function f() returns int language sql begin atomic select 1 end
create aggregate a (out int) (sfunc = f, stype = int)
create aggregate a (int default 1) (sfunc = f, stype = int)
create aggregate a (variadic int[], int) (sfunc = f, stype = int)
create function f(variadic a int[], b int) returns int language sql as 'select 1'
create function f(out a int) returns table (b int) language sql as 'select 1'
create function f() returns int language sql language sql as 'select 1'
create function f() returns int language sql as 'select 1' return 1
create function f() returns int language sql as 'select from where'
create procedure p(variadic a int[], out b int) language sql as 'select 1'
create procedure p() language sql as 'select 1' as 'select 2'
create table t (a)
create table t (a int, b)
create table left (a int)
create table t (a numeric(1 + 1))
create table t (a numeric(f(1)))
create table t (a numeric(true))
create table t (a numeric(b => 1))
create table t (a int default left)
create table t (a int check (a = left))
create table t (a int check (any (b)))
create table t (a int check (a in b))
create table t (a int check (a in (1)::int))
create table t (a int check (a in ()))
create table t (a int check (a in row(1)))
create table t (a int check (a not in 1))
create table t (a int check (a overlaps b))
create table t (a int check ((1, 2, 3) overlaps (1, 2)))
create table t (a text default 'a' 'b')
create table t (a text default 'a' /* */ \n 'b')
create table t (a text default U&'\00')
create table t (U&"\00" int)
create table t (a int[] default [1])
create table t (a int[] default array(1))
create table t (a int check (default))
create table t (a int check (nullif(1)))
create table t (a int check (coalesce()))
create table t (a int check (between(1)))
create table t (a int check (select(1)))
create table t (a int check (a @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ b))
create table t (a int check (f(:b)))
create table p partition of t for values with (modulus 1)
create table p partition of t for values with (modulus 1, modulus 2, remainder 3)
alter table t alter a set storage sometimes
alter function f(int default 1) stable
alter function f() stable volatile
alter procedure f(int default 1) security definer
alter routine f(int default 1) stable
do language sql 'select 1'
do 'begin end' 'begin end'
select distinct from t
select distinct on () a from t
select 1 from t join u
select 1 from t cross join u using (a)
select 1 from t natural join u using (a)
select 1 from lateral t
select 1 from only f()
select 1 from (t)
from t
from t select a
select (select)
select 1 union select 1 into t
insert into t select 1 into u
update t set
update t set a[1] = default
select default
select json_array(1, select 1)
select json_object(a: 1, 2)
create rule r as on insert to t do also (select 1 select 2)
set a to
select * from t where a = array [1] and [2] = b
