-- Each tenant has a schema of the same tables; what all share is in "common".
create schema common;
create schema tenant_one;
create schema tenant_two;

set search_path = common;
create type plan as enum ('free', 'paid');
create table tenants (id serial primary key, name text not null unique, plan plan not null default 'free');
create function tenant() returns int stable language sql as $$ select current_setting('app.tenant', true)::int $$;

set search_path to tenant_one, common;
create table users (id serial primary key, tenant int not null default tenant() references tenants, plan plan);
create type status as enum ('on', 'off');
create table tasks (id int primary key, owner int references users, status status default 'on', unique (owner, status));
create index on tasks (status);
create view open_tasks as select t.id, u.plan from tasks t join users u on u.id = t.owner where status = 'on';

set search_path to tenant_two, common;
create table users (id serial primary key, tenant int not null default common.tenant() references common.tenants, plan plan);
create type status as enum ('open', 'closed', 'off');
create table tasks (id int primary key, owner int references users, status status default 'open', unique (owner, status));
create index on tasks (status);
create view open_tasks as select t.id, u.plan, t.status from tasks t join users u on u.id = t.owner where status <> 'closed';

begin;
set local search_path to tenant_one;
create table notes (id serial, body text, at common.plan);
commit;
create table notes (body text);

select pg_catalog.set_config('search_path', 'tenant_one', false);
alter table tasks add column due date;
alter table users rename to people;
alter sequence users_id_seq rename to people_numbers;

reset search_path;
create schema if not exists tenant_one;
create schema shared
    create table rates (at date primary key, rate numeric)
    create view latest as select max(at) as at from rates
    create index on rates (rate);
alter table tenant_two.notes set schema shared;
alter type tenant_two.status rename to task_status;
alter schema tenant_two rename to tenant_2;
create table public.users (name text);
set search_path to "$user", public;
create table local_only (a int default 1);
