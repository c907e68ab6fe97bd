-- Whatever dates and times can stand in: for the packages whose rows hold those of `time` and of `jiff`.

CREATE SCHEMA diary;

CREATE TYPE diary.shift AS RANGE (subtype = time);
CREATE DOMAIN diary.moment AS timestamptz;
CREATE TYPE diary.slot AS (
    day date,
    at time,
    somewhere time with time zone,
    until timestamp,
    since timestamptz,
    days daterange,
    moments timestamptz[],
    shift diary.shift
);

CREATE TABLE diary.entries (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    c_date date,
    c_time time,
    c_timetz time with time zone,
    c_timestamp timestamp,
    c_timestamptz timestamptz,
    c_moment diary.moment,
    c_daterange daterange,
    c_tsrange tsrange,
    c_tstzrange tstzrange,
    c_shift diary.shift,
    c_datemultirange datemultirange,
    c_tsmultirange tsmultirange,
    c_tstzmultirange tstzmultirange,
    a_date date[],
    a_time time[],
    a_timetz time with time zone[],
    a_timestamp timestamp[],
    a_timestamptz timestamptz[],
    a_tstzrange tstzrange[],
    g_date date[][],
    g_timestamptz timestamptz[][],
    c_slot diary.slot,
    a_slot diary.slot[]
);

CREATE TABLE diary.visits (
    day date,
    at timestamptz,
    noted_at timestamp NOT NULL DEFAULT '2024-01-01 00:00:00',
    PRIMARY KEY (day, at),
    UNIQUE (noted_at)
);

CREATE FUNCTION diary.later(at timestamptz, by interval DEFAULT '1 hour') RETURNS timestamptz
    LANGUAGE sql IMMUTABLE AS 'SELECT at + by';
CREATE FUNCTION diary.clock(at time) RETURNS time LANGUAGE sql IMMUTABLE AS 'SELECT at';
CREATE FUNCTION diary.end_of_day() RETURNS time LANGUAGE sql IMMUTABLE AS $$ SELECT '24:00'::time $$;
CREATE FUNCTION diary.days(VARIADIC days date[]) RETURNS SETOF date LANGUAGE sql IMMUTABLE AS 'SELECT unnest(days)';
CREATE FUNCTION diary.around(at timestamp) RETURNS TABLE (before timestamp, after timestamp, day date, somewhere timetz)
    LANGUAGE sql IMMUTABLE AS $$ SELECT at - interval '1 day', at + interval '1 day', at::date, '01:02:03+04'::timetz $$;
