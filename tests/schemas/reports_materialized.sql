-- A warehouse of reports: materialised views on views on tables, with windows, grouping sets, recursion and lateral joins.
create table regions (id int primary key, parent int references regions, name text not null unique);
create table shops (id int primary key, region int not null references regions, name text not null, opened date not null, closed date);
create table items (sku text primary key, title text not null, cost numeric(10,2) not null, kind text check (kind in ('food', 'other')));
create table sales (
    id bigint generated always as identity primary key,
    shop int not null references shops,
    sku text not null references items,
    sold_at timestamptz not null,
    pieces int not null check (pieces > 0),
    price numeric(10,2) not null,
    card boolean
);

create recursive view region_tree (id, name, depth, path) as
    select id, name, 1, array[name] from regions where parent is null
    union all
    select r.id, r.name, t.depth + 1, t.path || r.name from regions r join region_tree t on t.id = r.parent;

create view daily as
    select shop, sku, sold_at::date as day, sum(pieces) as pieces, sum(pieces * price) as turnover, bool_or(card) as any_card, count(*) filter (where card) as by_card
    from sales group by shop, sku, 3;
create materialized view monthly as
    select d.shop, s.name as shop_name, date_trunc('month', d.day)::date as month, sum(d.turnover) as turnover, sum(d.pieces)::int as pieces
    from daily d join shops s on s.id = d.shop group by 1, 2, 3
with no data;
create unique index monthly_key on monthly (shop, month);
create index on monthly (lower(shop_name), turnover desc) where pieces > 10;
create materialized view if not exists monthly as select 1 as never;
comment on materialized view monthly is 'Refreshed at night.';

create view ranking as
    select m.*, rank() over w as place, dense_rank() over w as dense, turnover - lag(turnover, 1, 0::numeric) over (partition by shop order by month) as growth,
           first_value(shop_name) over w as best, ntile(4) over w as quarter, sum(pieces) over (order by month rows between 2 preceding and current row) as running,
           percent_rank() over w as share, row_number() over () as n
    from monthly m window w as (partition by month order by turnover desc nulls last);
create view cube_of_sales as
    select coalesce(r.name, 'all') as region, i.kind, grouping(r.name, i.kind) as level, sum(s.pieces) as pieces, avg(s.price)::numeric(10,2) as price, max(s.sold_at) as last,
           string_agg(distinct i.title, ', ' order by i.title) as titles, array_agg(s.id order by s.id) as ids, percentile_cont(0.5) within group (order by s.price) as median, mode() within group (order by i.kind) as usual
    from sales s join shops p on p.id = s.shop join regions r on r.id = p.region join items i using (sku)
    group by grouping sets ((r.name, i.kind), rollup (r.name), ());
create view latest_per_shop as
    select s.id, s.name, l.sold_at, l.title, extract(epoch from now() - l.sold_at) as seconds_ago
    from shops s left join lateral (select a.sold_at, i.title from sales a natural join items i where a.shop = s.id order by a.sold_at desc limit 1) l on true;
create view calendar as
    select d::date as day, extract(isodow from d)::int as weekday, to_char(d, 'YYYY-"W"IW') as week, s.n
    from generate_series(timestamp '2025-01-01', timestamp '2025-12-31', interval '1 day') with ordinality as g(d, nr)
    cross join (values (1, 'one'), (2, null)) as s(n, word);
create view everything as
    with open_shops as materialized (select id, name from shops where closed is null),
         sums as (select shop, sum(pieces) from sales group by shop)
    select o.name, sums.sum as pieces, 'open' as state, null as note from open_shops o full join sums on sums.shop = o.id
    union all
    select s.name, 0, 'closed', to_char(closed, 'YYYY') from shops s where closed is not null
    order by 1;
create view with_all as
    with whole as (select s.* from sales s)
    select w.*, i.kind, null as remark from whole w join items i on i.sku = w.sku
    union all
    select w.*, null, 'no item' from whole w;
create view flags as
    select id, case when closed is null then 'open' when closed > current_date then 'closing' end as state, nullif(name, '') as name, greatest(opened, closed) as last_day,
           exists (select 1 from sales where shop = shops.id) as sells, (select max(price) from sales where shop = shops.id) as dearest, array(select sku from sales where shop = shops.id) as skus,
           region in (1, 2, 3) as central, opened between '2000-01-01' and now() as modern, closed is distinct from opened as lasted, name like 'A%' as a_shop, not closed is null as gone
    from shops where id = any (array[1, 2, 3]) or id > all (select region from sales join shops s on s.id = shop);
create table snapshot as select * from daily where pieces > 0 with no data;
create table copied (a, b) as values (1, 'x'), (2, 'y');
select sku, title into table cheap from items where cost < 10;
alter materialized view monthly rename column pieces to sold;
alter materialized view monthly set schema public;
refresh materialized view monthly;
create or replace view daily as
    select shop, sku, sold_at::date as day, sum(pieces) as pieces, sum(pieces * price) as turnover, bool_or(card) as any_card, count(*) filter (where card) as by_card, min(sold_at) as first
    from sales group by shop, sku, 3;
