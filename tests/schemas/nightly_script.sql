-- How a database administrator writes: a psql script, run every night.
\set ON_ERROR_STOP on
\set who 'nightly; drop table nothing'
\timing off
\pset pager off
\echo Loading the register of companies
\c

drop schema if exists register cascade;
create schema register;
set search_path = register, public;

create table companies (
    tax_number char(11) primary key,
    name text not null,
    founded date,
    capital money,
    address inet,
    active boolean default 'yes'
);

create table if not exists owners (
    company char(11) references companies,
    person text,
    share numeric(5,2) default 100.00,
    primary key (company, person)
);

-- A second run leaves the table as it is.
create table if not exists owners (nothing int);


copy companies (tax_number, name, founded) from stdin;
12345678-01	Első Kft.	1991-04-01
\.

copy owners from stdin with (format csv, delimiter ';', quote '"');
12345678-01;"Kovács; ""János""";50.00
12345678-01;Nagy Éva;50.00
\.

\if :{?verbose}
\echo verbose
\endif

create or replace view majority as
    select company, person from owners where share > 50;
create or replace view majority as
    select company, person, share from owners where share > 50;

create temporary table work (a int, b text);
create temp view work_view as select a from work;
insert into work values (1, 'x') returning a \gset
drop table work cascade;

truncate owners;
analyze companies;
do $$
begin
    raise notice 'nothing here changes the catalog';
end
$$;
reset search_path;
select count(*) as companies from register.companies \g /dev/null
\qecho done
