-- Enums, domains over domains, composites within composites, ranges, and arrays of them all.
create schema units;
create type units.unit as enum ('kg', 'm', 's');
alter type units.unit add value 'A' after 's';
alter type units.unit add value if not exists 'kg';
alter type units.unit add value 'cd' before 'kg';
alter type units.unit rename value 'A' to 'ampere';
create type empty_enum as enum ();
create domain positive as numeric check (value > 0);
create domain price as positive default 1 not null;
create domain small_price as price constraint below_ten check (value < 10) constraint not_seven check (value <> 7);
create domain code as varchar(8) collate "C" check (value ~ '^[A-Z]+$');
create domain codes as code[] check (array_length(value, 1) < 5);
create domain maybe as int null;
create type amount as (value numeric(10,3), unit units.unit);
create type line_item as (what text collate "C", amount amount, notes text[], price price);
create type basket as (lines line_item[], total small_price);
create type text_span as range (subtype = text, collation = "C");
create type amount_span as range (subtype = numeric);

alter type amount add attribute precision_digits int, drop attribute if exists nothing;
alter type amount rename attribute precision_digits to digits;
alter type line_item alter attribute what type varchar(100);
alter type basket rename to trolley;
alter type trolley set schema units;
alter domain price drop default;
alter domain price set default 2.5;
alter domain maybe add constraint not_zero check (value <> 0) not valid;
alter domain maybe validate constraint not_zero;
alter domain maybe set not null;
alter domain maybe drop not null;
alter domain small_price drop constraint not_seven;
alter domain small_price rename constraint below_ten to below;
alter domain codes rename to code_list;
alter type empty_enum rename to nothing_at_all;
comment on type amount is 'A number and its unit.';
comment on domain price is 'Above zero.';

create table goods (
    id serial primary key,
    code code not null,
    codes code_list,
    amount amount default row(1, 'kg', null)::amount,
    amounts amount[],
    price price,
    small small_price default 3,
    basket units.trolley,
    unit units.unit not null default 'm',
    units units.unit[] default '{kg,m}'::units.unit[],
    names text_span,
    limits amount_span default '[1,10)',
    maybe maybe,
    check ((amount).value > 0),
    check (unit <> 'cd' or small is null)
);
create table typed of amount (value not null, primary key (value));
create table typed_twice of amount (unit with options default 's', check (digits > 0));
create view parts as
    select id, (amount).value, (amount).unit as in_unit, ((basket).lines[1]).what as first, (((basket).lines[1]).amount).value as first_value, price * 2 as double,
           code || 'x' as longer, lower(limits) as least, units[1] as one, unit > 'kg' as bigger, enum_range(unit) as all_units, amounts[1] as first_amount, g as whole
    from goods g;
drop type nothing_at_all;
drop domain if exists missing;
