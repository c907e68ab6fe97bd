-- Functions and procedures of every shape that a caller can have.
CREATE SCHEMA calls;
CREATE SCHEMA "Other Calls";

CREATE TYPE calls.mood AS ENUM ('sad', 'happy');
CREATE DOMAIN calls.short AS varchar(5);
CREATE TYPE calls.pair AS (a integer, b text);
CREATE TABLE calls.log (id serial PRIMARY KEY, line text);

CREATE FUNCTION calls.answer() RETURNS integer LANGUAGE sql AS 'SELECT 42';
COMMENT ON FUNCTION calls.answer() IS 'The answer.';
CREATE FUNCTION calls.nothing() RETURNS void LANGUAGE sql AS $$ INSERT INTO calls.log (line) VALUES ('nothing') $$;
CREATE FUNCTION calls.twice(n bigint, "Text" text) RETURNS text LANGUAGE sql AS $$ SELECT "Text" || n * 2 $$;
CREATE FUNCTION calls.unnamed(integer, integer) RETURNS integer LANGUAGE sql AS 'SELECT $1 - $2';
CREATE FUNCTION calls.numbers(up_to integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT generate_series(1, up_to)';
CREATE FUNCTION calls.spread(VARIADIC parts text[]) RETURNS text LANGUAGE sql AS $$ SELECT array_to_string(parts, '+') $$;
CREATE FUNCTION calls.with_defaults(a integer, b integer DEFAULT 10, c text DEFAULT 'c') RETURNS text LANGUAGE sql AS $$ SELECT a || ' ' || coalesce(b::text, '-') || ' ' || coalesce(c, '-') $$;
CREATE FUNCTION calls.all_defaults(a integer DEFAULT 1, b integer DEFAULT 2) RETURNS integer LANGUAGE sql AS 'SELECT a - b';
CREATE FUNCTION calls.both(INOUT a integer, OUT b text) LANGUAGE sql AS $$ SELECT a + 1, 'b' || a $$;
CREATE FUNCTION calls.only_out(OUT a integer) LANGUAGE sql AS 'SELECT 7';
CREATE FUNCTION calls.rows(wanted integer[]) RETURNS TABLE (n integer, "order" text) LANGUAGE sql AS $$ SELECT w, 'row ' || w FROM unnest(wanted) w $$;
CREATE FUNCTION calls.lines() RETURNS SETOF calls.log LANGUAGE sql AS 'SELECT * FROM calls.log ORDER BY id';
CREATE FUNCTION calls.make_pair(b text) RETURNS calls.pair LANGUAGE sql AS 'SELECT 1, b';
CREATE FUNCTION calls.other_mood(m calls.mood) RETURNS calls.mood LANGUAGE sql AS $$ SELECT CASE m WHEN 'sad' THEN 'happy'::calls.mood ELSE 'sad' END $$;
CREATE FUNCTION calls.moods(m calls.mood[], other calls.mood DEFAULT 'sad') RETURNS SETOF calls.mood LANGUAGE sql AS 'SELECT unnest(m || other)';
CREATE FUNCTION calls.mood_of(p calls.pair, OUT m calls.mood, OUT all_moods calls.mood[], OUT p2 calls.pair) LANGUAGE sql AS $$ SELECT 'happy'::calls.mood, ARRAY['sad'::calls.mood], p $$;
CREATE FUNCTION calls.end_of_day() RETURNS time LANGUAGE sql AS $$ SELECT '24:00'::time $$;
CREATE FUNCTION calls.many_digits(n integer) RETURNS SETOF numeric LANGUAGE sql AS $$ SELECT '1.5'::numeric FROM generate_series(1, n) UNION ALL SELECT '12345678901234567890.12345678901'::numeric WHERE n = 0 $$;
CREATE FUNCTION calls.network() RETURNS inet LANGUAGE sql AS $$ SELECT '10.0.0.1/8'::inet $$;
CREATE FUNCTION calls.forever(OUT since timestamptz) LANGUAGE sql AS $$ SELECT '-infinity'::timestamptz $$;
CREATE FUNCTION calls.cut(t calls.short) RETURNS calls.short LANGUAGE sql AS 'SELECT t';
CREATE FUNCTION calls.over(a integer) RETURNS text LANGUAGE sql AS $$ SELECT 'integer' $$;
CREATE FUNCTION calls.over(a text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;
CREATE FUNCTION calls.touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION calls.same(a anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION "Other Calls"."Type"("SELECT" integer) RETURNS integer LANGUAGE sql AS 'SELECT "SELECT"';

CREATE PROCEDURE calls.note(line text) LANGUAGE sql AS $$ INSERT INTO calls.log (line) VALUES (line) $$;
CREATE PROCEDURE calls.count_up(INOUT n integer, OUT was integer) LANGUAGE plpgsql AS 'BEGIN was := n; n := n + 1; END';

-- What only comes out stands first.
CREATE PROCEDURE calls.measure(OUT total integer, IN n integer, OUT half text, IN times integer DEFAULT 10) LANGUAGE plpgsql
    AS 'BEGIN total := n * times; half := (n / 2)::text; END';
-- A CALL gives the enum as it is.
CREATE PROCEDURE calls.mood_out(IN n integer, OUT m calls.mood) LANGUAGE plpgsql AS $$ BEGIN m := 'sad'; END $$;
-- Called alike: one by its types, one by its name; and columns that are.
CREATE FUNCTION calls.alike(n integer) RETURNS text LANGUAGE sql AS $$ SELECT 'integer' $$;
CREATE FUNCTION calls.alike(t text) RETURNS text LANGUAGE sql AS $$ SELECT 'text' $$;
CREATE FUNCTION calls.alike_text(n integer) RETURNS text LANGUAGE sql AS $$ SELECT 'by name' $$;
CREATE FUNCTION calls.twins() RETURNS TABLE ("oneTwin" integer, one_twin integer) LANGUAGE sql AS 'SELECT 1, 2';
CREATE FUNCTION calls.anything(a anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT a';
