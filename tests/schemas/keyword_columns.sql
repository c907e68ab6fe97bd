-- Words that PostgreSQL reserves nowhere or only in places, as names of tables, columns and types.
create table exclude_list (id int primary key, include boolean, excluded boolean);
create table "user" (id serial primary key, name text);
create table share (key text, value text, public boolean, unlogged boolean, temp int, trigger text, function text, returns int, begin timestamp, commit timestamp, abort int, schema text, database text, domain text,
    sequence int, rule text, policy text, cascade boolean, restrict boolean, match text, partial text, inherit boolean, storage text, compression text, statistics text, options text, format text, header text, delimiter text,
    escape text, quote text, encoding text, label text, large int, oids int, objects int, new int, old int, each int, statement text, procedure text, routine text, cursor text, fetch_first int, next int, prior int, first int, last int,
    absolute int, relative int, forward int, backward int, hold int, insensitive int, scroll int, move int, lock int, nowait int, wait int, exclusive int, access int, mode int, isolation int, work int, write int, read int,
    minute int, second int, hour int, zone int, at int, attach int, detach int, before int, after int, instead int, update int, delete int, insert int, set int, reset int, show int, replace int, rename int, alter int, drop int, truncate int,
    by int, cache int, cycle int, increment int, minvalue int, maxvalue int, start int, restart int, generated int, identity int, always int, stored int, virtual_ int, depends int, extension int, language int, leakproof int, cost int,
    support int, transform int, security int, definer int, invoker int, called int, immutable int, stable int, volatile int, strict int, enum int, "values" int, range int, groups int, preceding int, following int, unbounded int, ties int,
    others int, no int, over int, filter int, within int, ordinality int, without int, xml int, yes int, content int, document int, whitespace int, strip int, name int, nulls int, respect int, ignore int);
create table value (between_ int, bigint bigint, bit bit(3), boolean boolean, char char(2), character text, coalesce int, dec dec, decimal decimal(5), exists boolean, extract int, float float(30), greatest int, grouping int, inout int, int int,
    integer integer, interval interval, least int, national int, nchar nchar(3), none int, normalize int, nullif int, numeric numeric, out int, overlay int, position int, precision int, real real, row int, setof int, smallint smallint,
    substring int, time time, timestamp timestamp, treat int, trim int, varchar varchar, "values" int);
create view words as select s.key, s.value, s.match as format, s.zone as zone, t.position, t.row as "row", t.exists from share s, value t where s.first > t.least and s.over = 1;
create type day as enum ('mon');
create type month as (year int, day day);
create function replace(action text, text text) returns text language sql as 'select $1';
