-- Types and operators of the extensions that come with PostgreSQL.
create schema ext;
create extension citext with schema ext;
create extension hstore;
create extension ltree with schema ext version '1.2' cascade;
create extension pg_trgm with schema ext;
create extension intarray;
create extension cube schema ext;
create extension if not exists "uuid-ossp" with schema ext;
create extension isn;
create extension if not exists plpgsql;
create extension seg;
drop extension seg;
alter extension isn set schema ext;
comment on extension ltree is 'Trees of labels.';

create table nodes (
    path ext.ltree primary key,
    name ext.citext not null unique,
    attributes hstore default 'a=>1'::hstore,
    numbers int[],
    corner ext.cube,
    book ext.isbn13,
    id uuid default ext.uuid_generate_v4(),
    names ext.citext[] not null default '{}'
);
create index nodes_path on nodes using gist (path);
create index nodes_attributes on nodes using gin (attributes);
create index nodes_name on nodes using gin ((name::text) ext.gin_trgm_ops);
create index nodes_numbers on nodes using gin (numbers gin__int_ops);
set search_path to public, ext;
create table leaves (node ltree not null references nodes on delete cascade, mail citext check (mail <> ''), note text, query lquery, tags hstore[]);
create domain mail as citext check (value ~ '@');
create table people (mail mail primary key, other citext collate "C");
create function parent(ltree) returns ltree language sql immutable as 'select subpath($1, 0, -1)';
create view names as select n.path, n.name, n.names, l.mail, l.note from nodes n left join leaves l on l.note is null;
