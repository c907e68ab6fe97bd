-- What changed when and by whom: event triggers, rules, triggers on everything, and grants.
create schema audit;
comment on schema audit is 'Nobody writes here but triggers.';
create table audit.log (
    id bigint primary key generated always as identity,
    table_name text not null,
    action char(1) not null check (action in ('I', 'U', 'D', 'T')),
    row_before jsonb, row_after jsonb,
    who name not null default session_user,
    at timestamptz not null default clock_timestamp(),
    transaction bigint not null default txid_current()
);
create unlogged table audit.pending (like audit.log including defaults including identity including comments);
create table audit.ddl (tag text, object text, at timestamp default now()::timestamp);
create index log_by_day on audit.log using brin (at) with (pages_per_range = 32);

create function audit.changed() returns trigger language plpgsql security definer as $function$
begin
    insert into audit.log (table_name, action, row_before, row_after)
    values (tg_table_name, left(tg_op, 1), case when tg_op <> 'INSERT' then to_jsonb(old) end, case when tg_op <> 'DELETE' then to_jsonb(new) end);
    return coalesce(new, old);
end
$function$;
create function audit.note_ddl() returns event_trigger language plpgsql as $$ begin insert into audit.ddl (tag) values (tg_tag); end $$;
create event trigger note_ddl on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function audit.note_ddl();
alter event trigger note_ddl disable;
create event trigger gone on sql_drop execute function audit.note_ddl();
drop event trigger gone;

create table accounts (id int primary key, owner text not null, balance numeric(14,2) not null default 0, frozen bool not null default false);
create table transfers (id serial, from_account int references accounts, to_account int references accounts, amount numeric(14,2) check (amount > 0), primary key (id), check (from_account <> to_account));
create trigger audit after insert or update or delete on accounts for each row execute function audit.changed();
create trigger audit after insert or update or delete on transfers for each row execute function audit.changed();
create trigger audit_truncate after truncate on accounts for each statement execute function audit.changed();
create rule no_direct_delete as on delete to accounts where old.balance <> 0 do instead nothing;
create rule also_log as on insert to transfers do also insert into audit.ddl (tag, object) values ('transfer', new.id::text);
create rule doomed as on update to audit.ddl do instead nothing;
drop rule doomed on audit.ddl;
comment on rule no_direct_delete on accounts is 'Only empty accounts may go.';
comment on event trigger note_ddl is 'Off for now.';
comment on constraint transfers_check on transfers is 'Not to itself.';
comment on index audit.log_by_day is 'Small.';
comment on sequence transfers_id_seq is 'Numbers of transfers.';

create view history as
    select l.id, l.action, l.who, l.at, l.row_after -> 'balance' as balance, l.at - lag(l.at) over (partition by l.table_name order by l.id) as since_last
    from audit.log l where l.table_name = 'accounts';
create view balances with (security_barrier) as select id, owner, balance from accounts where not frozen with local check option;
revoke all on schema audit from public;
grant select on history to public;
grant update (balance) on accounts to public;
alter default privileges in schema audit revoke all on tables from public;
