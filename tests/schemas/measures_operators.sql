-- Operators, aggregates, casts, collations, and types of our own: what a mathematician's schema has.
create type complex as (re double precision, im double precision);
create type colour;
create function colour_in(cstring) returns colour language internal immutable strict as 'textin';
create function colour_out(colour) returns cstring language internal immutable strict as 'textout';
create type colour (input = colour_in, output = colour_out, like = text, category = 'S');

create function complex_add(complex, complex) returns complex language sql immutable as 'select row($1.re + $2.re, $1.im + $2.im)::complex';
create function complex_abs(complex) returns double precision language sql immutable as 'select sqrt($1.re ^ 2 + $1.im ^ 2)';
create function complex_less(complex, complex) returns boolean language sql immutable as 'select complex_abs($1) < complex_abs($2)';
create function complex_of(double precision) returns complex language sql immutable as 'select row($1, 0)::complex';
create operator + (leftarg = complex, rightarg = complex, function = complex_add, commutator = +);
create operator |/ (rightarg = complex, function = complex_abs);
create operator <<< (leftarg = complex, rightarg = complex, procedure = complex_less, restrict = scalarltsel, join = scalarltjoinsel);
create cast (double precision as complex) with function complex_of(double precision) as assignment;
create cast (complex as text) with inout;

create function spread_step(double precision[], double precision) returns double precision[] language sql immutable as 'select array[least($1[1], $2), greatest($1[2], $2)]';
create function spread_end(double precision[]) returns double precision language sql immutable as 'select $1[2] - $1[1]';
create aggregate spread (double precision) (sfunc = spread_step, stype = double precision[], finalfunc = spread_end, parallel = safe);
create aggregate complex_sum (complex) (sfunc = complex_add, stype = complex, initcond = '(0,0)');
create function join_step(text, text) returns text language sql immutable as $$ select coalesce($1 || '/' || $2, $2) $$;
create aggregate joined (basetype = text, sfunc = join_step, stype = text);
create function last_step(anyelement, anyelement) returns anyelement language sql immutable as 'select coalesce($2, $1)';
create aggregate last_of (anyelement) (sfunc = last_step, stype = anyelement);
create collation by_number (locale = 'C');
create collation if not exists posix from "C";
create function complex_compare(complex, complex) returns int language sql immutable as 'select sign(complex_abs($1) - complex_abs($2))::int';
create operator class complex_ops for type complex using btree as operator 1 <<<, function 1 complex_compare(complex, complex);

create table measurements (
    id serial primary key,
    value complex,
    label text collate posix,
    name text collate by_number not null,
    reading double precision,
    paint colour
);
create index on measurements (label collate "C" desc nulls first, name text_pattern_ops);
create view sizes as select id, complex_abs(value) as size, label || '!' as label, (value).re as real_part from measurements;

create operator family wide using hash;
create text search dictionary plain (template = simple, accept = false);
