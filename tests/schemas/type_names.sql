-- Every spelling of PostgreSQL's own types.
create table spelled (
    a1 int, a2 int4, a3 integer, a4 pg_catalog.int4, a5 int2, a6 smallint, a7 int8, a8 bigint, a9 "int4",
    b1 float, b2 float(1), b3 float(24), b4 float(25), b5 real, b6 float4, b7 double precision, b8 float8,
    c1 decimal, c2 decimal(5), c3 dec(5,2), c4 numeric(1000), c5 numeric(3,-2),
    d1 char, d2 character, d3 char(5), d4 character varying, d5 character varying(7), d6 varchar, d7 varchar(9), d8 national character varying(3), d9 nchar(2), d10 bpchar, d11 "char", d12 text, d13 name, d14 national char(4), d15 char varying(6),
    e1 bool, e2 boolean, e3 bit, e4 bit(1), e5 bit(10), e6 bit varying, e7 bit varying(4), e8 varbit, e9 varbit(3),
    f1 time, f2 time(3), f3 time without time zone, f4 time with time zone, f5 timetz, f6 timetz(2), f7 time(1) with time zone,
    g1 timestamp, g2 timestamp(0), g3 timestamp with time zone, g4 timestamptz, g5 timestamptz(6), g6 timestamp(2) without time zone, g7 date,
    h1 interval, h2 interval year, h3 interval month, h4 interval day, h5 interval hour, h6 interval minute, h7 interval second, h8 interval year to month, h9 interval day to hour,
    h10 interval day to minute, h11 interval day to second, h12 interval hour to minute, h13 interval hour to second, h14 interval minute to second, h15 interval(3), h16 interval second(2), h17 interval day to second(4),
    i1 int[], i2 int array, i3 int[3], i4 int array[4], i5 text[][], i6 numeric(5,2)[], i7 _int4, i8 _text, i9 timestamp(3)[], i10 varchar(3) array, i11 pg_catalog.varchar(4)[],
    j1 json, j2 jsonb, j3 jsonpath, j4 xml, j5 uuid, j6 bytea, j7 money, j8 oid, j9 regclass, j10 regtype, j11 regproc, j12 inet, j13 cidr, j14 macaddr, j15 macaddr8, j16 tsvector, j17 tsquery, j18 pg_lsn, j19 xid, j20 tid, j21 txid_snapshot, j22 pg_snapshot, j23 xid8, j24 cid, j25 refcursor, j26 int2vector, j27 oidvector, j28 aclitem,
    k1 int4range, k2 int8range, k3 numrange, k4 tsrange, k5 tstzrange, k6 daterange, k7 int4multirange, k8 nummultirange, k9 tstzmultirange, k10 datemultirange,
    l1 point, l2 line, l3 lseg, l4 box, l5 path, l6 polygon, l7 circle, m1 smallserial, m2 serial2, m3 serial4, m4 serial8, m5 bigserial not null, m6 regnamespace, m7 regrole, m8 regconfig, m9 regdictionary, m10 regoper, m11 regoperator, m12 regprocedure, m13 regcollation
);
create function takes(a char(5), b varchar, c timestamp(3), d decimal(5,2), e int array, f spelled.c1%type) returns bit language sql as 'select null::bit';
create function catalog_rows() returns setof pg_roles language sql as 'select * from pg_roles';
create view casts as
    select a1::text as t, cast(a1 as varchar(3)) as v, a1::char as c, a1::"char" as q, '1'::int as i, int '5' as j, date '2025-01-01' as d, interval '1' year as y, timestamp(0) '2025-01-01' as s, b1::numeric(5,1) as n,
           a5 + a7 as sum, c2 / 2 as half, b5 * 2 as twice, b5 * b7 as product, g7 + h1 as later, g3 - g1 as gap, g7 - g7 as days, f1 + h1 as clock, d3 || d5 as text, i1 || 5 as list, i1[1:2] as part, i5[1][2] as item,
           j2 -> 'a' as ja, j2 ->> 'a' as jt, j1 #> '{a}' as jp, k1 * k1 as both, j7 / 2 as money, e5 & e5 as bits, -a5 as minus, @ a7 as abs, |/ b7 as root, a1 % 3 as rest, 2 ^ a1 as power, 7 / 2 as whole, 7 / 2.0 as exact
    from spelled;

-- Domains with a collation: of its own, of the one below, another one than that; and columns of them.
CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE DOMAIN collated_c AS text DEFAULT 'x' COLLATE "C" NOT NULL;
CREATE DOMAIN collated_below AS collated_c;
CREATE DOMAIN collated_same AS collated_c COLLATE "C";
CREATE DOMAIN collated_other AS collated_c COLLATE any_case;
CREATE TABLE collated_columns (a collated_c, b collated_below, c collated_other, d collated_c COLLATE "C", e collated_c COLLATE "POSIX");
