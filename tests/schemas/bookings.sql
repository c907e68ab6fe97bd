-- Rooms that are booked for spans of time: ranges, and constraints that exclude what overlaps.
create extension if not exists btree_gist;

create type float_range as range (subtype = float8, subtype_diff = float8mi);
create type inet_span as range (subtype = inet, multirange_type_name = inet_spans);
create domain stay as daterange check (not isempty(value) and lower_inc(value));

create table rooms (
    number smallint primary key,
    beds smallint not null default 2,
    size float_range,
    open int4multirange default '{[1,53)}',
    rate numrange not null default numrange(0, null)
);

create table guests (
    id int generated always as identity primary key,
    name text not null,
    known_since tstzrange default tstzrange(now(), null, '[)')
);

create table bookings (
    room smallint not null references rooms,
    guest int references guests on delete set null,
    during tsrange not null,
    nights stay,
    price numeric(9,2),
    cancelled boolean not null default false,
    exclude using gist (room with =, during with &&) where (not cancelled),
    constraint guest_is_in_one_place exclude using gist (guest with =, during with &&) deferrable initially deferred,
    constraint has_an_end check (not upper_inf(during))
);

create table closed (
    from_day date,
    to_day date,
    room smallint references rooms on delete cascade,
    exclude using gist (room with =, daterange(from_day, to_day, '[]') with &&),
    check (from_day <= to_day)
);

create table blocks (net cidr, owner text, exclude using gist (net inet_ops with &&));
create table addresses (span inet_span, spans inet_spans);

create index bookings_during on bookings using spgist (during);
create index bookings_length on bookings ((upper(during) - lower(during)));

create view occupancy as
    select r.number, b.during, upper(b.during) - lower(b.during) as length, b.price / nullif(r.beds, 0) as per_bed,
           b.during * tsrange('2025-01-01', '2026-01-01') as this_year, b.nights, lower(b.nights) as first_night
    from rooms r left join bookings b on b.room = r.number and not b.cancelled;
create view free_rooms as
    select number from rooms where number not in (select room from bookings where during @> localtimestamp and not cancelled)
    except
    select room from closed where current_date between from_day and to_day;
create view known as select g.name, range_agg(b.during) as stays, lower(g.known_since) as since from guests g join bookings b on b.guest = g.id group by g.id;
