-- Functions and procedures of every form.
create table bins (code text primary key, capacity int not null default 10, filled int not null default 0 check (filled <= capacity));
create table moves (id bigserial primary key, bin text references bins, amount int not null, at timestamptz default now(), note text);
create type movement as (bin text, amount int);
create domain quantity as int check (value > 0);

create function free(b bins) returns int language sql immutable as $$ select b.capacity - b.filled $$;
create function total() returns bigint language sql stable parallel safe cost 10 return (select sum(filled) from bins);
create function swap(inout a text, inout b text) language plpgsql as $$ declare c text := a; begin a := b; b := c; end $$;
create function stats(prefix text default '', out bins int, out filled numeric) returns record language sql as $$ select count(*)::int, sum(b.filled)::numeric from bins b where b.code like prefix || '%' $$;
create function listed(at_least int = 0) returns table (code text, free int, share numeric(5,2)) language sql strict as 'select code, capacity - filled, 1.0 from bins where capacity - filled > at_least';
create function biggest(variadic numbers int[]) returns int language sql immutable called on null input as $$ select max(n) from unnest(numbers) n $$;
create function first_of(anyarray) returns anyelement language sql immutable leakproof as 'select $1[1]';
create function pair(a anycompatible, b anycompatible) returns anycompatiblearray language sql as 'select array[a, b]';
create function store(m movement, q quantity default 1) returns void language plpgsql security definer set search_path to public set work_mem = '1MB' as $fn$
begin
    insert into moves (bin, amount) values (m.bin, m.amount * q);
    -- "$$" inside is text; 'begin' too
    perform $$a;b$$;
end;
$fn$;
create function codes(pattern text, character varying(10), double precision, int[][]) returns setof text language sql rows 5 as $$ select code from bins where code ~ pattern; $$;
create function store(text, int) returns bigint language sql begin atomic insert into moves (bin, amount) values ($1, $2) returning id; end;
create function bins_of(moves) returns setof bins language sql stable as 'select * from bins where code = $1.bin';
create procedure refill(amount int, inout done boolean default false) language plpgsql as $$ begin update bins set filled = least(capacity, filled + amount); done := true; commit; end $$;
create procedure tidy() language sql begin atomic delete from moves where amount = 0; update bins set filled = 0 where filled < 0; end;
create or replace procedure tidy() language sql as 'delete from moves where amount = 0';
create function doomed(int) returns int language sql as 'select 1';
drop function if exists doomed(integer), nothing_here(text);
alter function total() rename to grand_total;
alter function grand_total() volatile security definer;
alter routine listed(int) strict cost 5;
alter procedure tidy() set search_path = public;

create function remember() returns trigger language plpgsql as $$ begin new.note := coalesce(new.note, tg_argv[0]); return new; end $$;
create function after_all() returns trigger language plpgsql as $$ begin return null; end $$;
create trigger a_before before insert or update of amount, note on moves for each row when (new.amount is not null) execute function remember('none', 1);
create trigger b_after after update on moves referencing old table as was new table as is_now for each statement execute function after_all();
create constraint trigger c_deferred after insert on moves deferrable initially deferred for each row execute procedure after_all();
create trigger d_truncate before truncate on bins execute function after_all();
create view full_bins as select code, filled from bins where filled = capacity;
create trigger e_instead instead of insert on full_bins for each row execute function remember();
create or replace trigger d_truncate after truncate on bins execute function after_all();
alter trigger a_before on moves rename to aa_before;
alter table moves disable trigger c_deferred;
drop trigger if exists b_after on moves;
create view used as
    select b.code, free(b) as free, l.share, s.bins, s.filled, biggest(1, b.filled, 3) as biggest, first_of(array[b.code]) as first,
           pair(1, 2.5) as pair, (swap(b.code, 'x')).b as swapped
    from bins b cross join listed(1) l cross join stats() s left join lateral codes('^a', null, 0, null) c on true;
comment on function free(bins) is 'What still fits.';
comment on procedure tidy() is 'Every night.';
comment on trigger d_truncate on bins is 'Rare.';
