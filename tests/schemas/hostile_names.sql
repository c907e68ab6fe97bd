-- Names that nobody should give, and somebody has given.
create schema "Sch. ema";
create schema "select";
create schema "ÁRVÍZTŰRŐ";
set search_path = "Sch. ema", public;

create type "Type;" as enum ('', ' ', 'it''s', '"', E'tab\there', 'Ünï');
create domain "do""main" as text default 'x''y' check (value <> '--' and value <> '/* */' and value <> '$$');

create table "table" (
    "select" integer primary key,
    "from" text default ';',
    "Mixed Case" "do""main",
    "a.b" "Type;"[] default '{}',
    " leading" int, "trailing " int,
    "per%cent" int check ("per%cent" between 0 and 100),
    "$dollar" int, "back\slash" text default E'\\', "quote'" int,
    "日本語" text, "UPPER" int unique, upper int unique, "emoji 😀" boolean,
    "end" timestamp with time zone, "limit" bigint, "user" name, "order" smallint, "default" text default 'default'
);
create table "Table" (id serial, "Ref" int references "table" ("select"), "Ref 2" int references "table" on delete set null, constraint "Table_Ref_check" check ("Ref" > 0), check ("Ref" < 100));
create table TABLE_FOLDED (Id INT, "id " int, ID2 Integer Not Null, Constraint Check_Me Check (ID2 > 0));
create table "select"."Sch. ema" ("Sch. ema" "Sch. ema"."Type;" primary key, U&"d\0061ta" int, u&"\+01F600" text);
create table "ÁRVÍZTŰRŐ"."tükörfúrógép" (ékezet text, "ÉKEZET" text unique, unique (ékezet, "ÉKEZET"));
create table non_reserved (name text, type text, value int, key text, "values" int, date date, time time, timestamp timestamp, "interval" interval, year int, month int, day int,
    level int, role text, owner text, password text, language text, action text, data text, index int, view text, sequence int, position int, "position of" int, path text, location text, comment text,
    status text, start int, stop int, zone text, version text, state text, text text, int int, char char, "boolean" boolean, numeric numeric, bit bit, row int, rows int, range int, share int, class text, system text);

create index "index" on "table" ("from", lower("Mixed Case"), ("select" + "order"));
create index "Index;" on "table" using hash ("日本語") where "user" = 'x;y';
create sequence "Sequence 1" start 5;
alter table "Table" alter column "Ref 2" set default nextval('"Sequence 1"');
create function "f()"("Arg 1" int, "arg 2" "Type;" default '"') returns table ("out 1" int, "Out" text) language sql as $_$ select 1, $$x$$::text $_$;
create view "view" as select "select" as "Select", "from" || '"' as "x""y", "Mixed Case", "end" - interval '1 day' as "yester day", "UPPER" + upper as both, "ÁRVÍZTŰRŐ"."tükörfúrógép".* from "table" cross join "ÁRVÍZTŰRŐ"."tükörfúrógép";
create view "select"."from" ("where", "group") as select v."Select", f."Out" from "Sch. ema"."view" as v, "f()"(v."Select") as f;
create view quoting as select 'it''s' as a, E'it\'s' as b, $x$it's$x$ as c, U&'\00e1' as d, 'a'
    'b' as e, b'101' as g, x'1F' as h, 'x' as "I", 1e3 as j, .5 as k, 1. as l;
create policy "pol icy" on "table" using ("from" is distinct from ';');
comment on table "table" is 'It''s "a" ; -- table';
comment on column "table"."Mixed Case" is E'line one\nline two \\';
comment on column non_reserved.comment is null;
create trigger "trig ger" before update on "table" for each row execute function suppress_redundant_updates_trigger();
alter table "table" rename "per%cent" to "PER CENT";
alter table "Table" rename to "table 2";
alter table "table 2" rename constraint "Table_Ref_check" to "ck 1";
/* a /* nested */ comment; create table not_me (a int); */
-- create table nor_me (a int);
