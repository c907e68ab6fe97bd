-- Maps without an extension: PostgreSQL's own geometric and network types.
create table layers (id smallint primary key, title text not null, visible bool default true, style xml, outline polygon);
create table features (
    id bigserial primary key,
    layer smallint not null references layers (id) match simple on delete no action on update set default,
    at point,
    way path,
    edge lseg,
    straight line,
    bounds box not null default '((0,0),(1,1))',
    area polygon,
    reach circle default circle '((0,0),1)',
    corners point[] default '{}',
    check (area(bounds) > 0),
    constraint reach_is_small check (radius(reach) < 1000)
);
create index features_at on features using gist (at);
create index features_area on features using spgist (area);
create index features_bounds on features using gist (box(at, at));
alter table features add exclude using gist (reach with &&);

create table devices (
    mac macaddr primary key,
    mac8 macaddr8 unique,
    ip inet not null,
    net cidr,
    seen pg_lsn,
    flags bit(8) default b'00000000',
    mask varbit(32),
    one_char "char",
    small oid,
    table_name regclass,
    price money default 0::money,
    tags bit varying
);
create index devices_ip on devices using gist (ip inet_ops);

create function distance(a features, b features) returns float8 immutable language sql as 'select a.at <-> b.at';
create view near as
    select a.id, b.id as other, a.at <-> b.at as distance, a.bounds && b.bounds as overlap, center(a.reach) as center, a.edge # b.edge as crossing
    from features a, features b where a.id < b.id and a.at <-> b.at < 10;
alter view near rename column crossing to meets;
drop view near;
create view near as
    select a.id, b.id as other, a.at <-> b.at as distance, a.bounds && b.bounds as overlap, center(a.reach) as center
    from features a join features b on a.id < b.id where (a.at <-> b.at) < 10::float8;
create view hosts as select host(ip) as host, masklen(ip) as bits, family(ip) as family, ip << net as inside, ip + 1 as next, flags & b'00001111' as low from devices;
