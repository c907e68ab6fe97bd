-- Tables that inherit, as object-oriented people once wrote them.
create table things (
    id serial primary key,
    label text not null check (label <> ''),
    made date default current_date,
    constraint made_after_the_wheel check (made > '0001-01-01'),
    constraint only_here check (id > 0) no inherit
);
create table priced (price numeric(10,2) not null default 0, currency char(3) default 'EUR' check (currency = upper(currency)));
create table vehicles (wheels smallint not null default 4, weight real) inherits (things);
create table cars (doors smallint default 5, weight real not null, check (doors between 2 and 6)) inherits (vehicles, priced);
create table bicycles (primary key (id), wheels smallint default 2) inherits (vehicles);
create table trailers (like vehicles including defaults including constraints, towed_by int);
alter table trailers inherit vehicles;

alter table things add column retired boolean not null default false;
alter table only cars add column not_below int;
alter table vehicles add constraint some_weight check (weight > 0);
alter table things alter column label set default 'unnamed';
alter table things rename column made to built;
alter table vehicles alter column weight type double precision;
alter table cars no inherit priced;
alter table cars add unique (label);
alter table vehicles drop column wheels;
alter table vehicles add column length real, add column height real;
create index on vehicles (weight);
alter table things alter column retired drop default;

create view all_things as select t.tableoid::regclass as kind, t.* from things t;
create view only_cars as select c.id, c.label, c.weight / nullif(c.length, 0) as density, c.price * 1.27 as gross from only cars c;
create rule no_delete as on delete to things do instead nothing;
