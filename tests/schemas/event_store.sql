-- An append-only store of events: partitioned by time, one stream also by hash.
create schema events;
set search_path to events;

create table streams (
    id uuid primary key default gen_random_uuid(),
    kind text not null,
    version bigint not null default 0,
    opened timestamptz not null default clock_timestamp()
);

create table events (
    stream_id  uuid not null references streams,
    position   bigint generated always as identity,
    recorded   timestamptz not null default now(),
    type       varchar(100) not null,
    payload    jsonb not null,
    metadata   jsonb,
    primary key (recorded, stream_id, position),
    constraint payload_is_an_object check (jsonb_typeof(payload) = 'object')
) partition by range (recorded);

create table events_2024 partition of events for values from ('2024-01-01') to ('2025-01-01');
create table events_2025 partition of events (type default 'unknown', constraint short_type check (length(type) < 50))
    for values from ('2025-01-01') to ('2026-01-01') partition by hash (stream_id);
create table events_2025_0 partition of events_2025 for values with (modulus 2, remainder 0);
create table events_2025_1 partition of events_2025 for values with (modulus 2, remainder 1);
create table events_rest partition of events default;

create index on events (stream_id, recorded);
create index events_type on events using btree (type text_pattern_ops);
create index events_payload on events_2024 using gin (payload jsonb_path_ops);
create unique index on events (recorded, position, stream_id);

create table snapshots (
    kind char(1),
    stream_id uuid not null,
    state bytea,
    taken timestamp,
    unique (kind, stream_id)
) partition by list (kind);
create table snapshots_a partition of snapshots for values in ('a', 'b');
create table snapshots_null (kind char(1), stream_id uuid not null, state bytea, taken timestamp);
alter table snapshots attach partition snapshots_null for values in (null);
create table snapshots_z partition of snapshots for values in ('z');
alter table snapshots detach partition snapshots_z;
alter table snapshots add column size integer not null default 0;
alter table snapshots add check (size >= 0);
alter table snapshots add constraint of_a_stream foreign key (stream_id) references streams on delete cascade;
alter table snapshots_a alter column size set default 1;
alter table snapshots rename column state to body;

create table counters (day date, name text, value bigint not null, primary key (day, name)) partition by range (day, name);
create table counters_old partition of counters for values from (minvalue, minvalue) to ('2024-01-01', 'm');
create table counters_new partition of counters for values from ('2024-01-01', 'm') to (maxvalue, maxvalue);
create table archive partition of counters default;
drop table archive;

create function note_version() returns trigger language plpgsql as $body$
begin
    update events.streams set version = version + 1 where id = new.stream_id;
    return null;
end
$body$;
create trigger note_version after insert on events for each row execute function note_version();

create view latest as
    select distinct on (e.stream_id) e.stream_id, s.kind, e.position, e.type, e.payload ->> 'name' as name
    from events e join streams s on s.id = e.stream_id
    order by e.stream_id, e.position desc;
create view per_hour as
    select date_trunc('hour', recorded) as hour, type, count(*) as events, count(*) filter (where metadata is null) as bare
    from events group by 1, 2;
