-- A statement of every kind of the grammar, with what it does to a catalog. A line each.
Applied | alter domain d set not null
Applied | alter extension e set schema s
Applied | alter foreign table t add column a int
Applied | alter function f() strict
Applied | alter index i rename to j
Applied | alter materialized view v rename to w
Applied | alter policy p on t rename to q
Applied | alter procedure p() security definer
Applied | alter routine r() rename to s
Applied | alter schema s rename to t
Applied | alter sequence s increment 2
Applied | alter table t add column a int
Applied | alter trigger a on t rename to b
Applied | alter type t add value 'x'
Applied | alter view v rename to w
Applied | comment on table t is 'x'
Applied | create domain d as int
Applied | create extension e
Applied | create foreign table t (a int) server s
Applied | create function f() returns int language sql as 'select 1'
Applied | create index on t (a)
Applied | create materialized view v as select 1
Applied | create policy p on t
Applied | create procedure p() language sql as 'select 1'
Applied | create schema s
Applied | create sequence s
Applied | create table t (a int)
Applied | create table t as select 1
Applied | create trigger a before insert on t for each row execute function f()
Applied | create type t as enum ('a')
Applied | create view v as select 1
Applied | do 'begin null; end'
Applied | drop domain d
Applied | drop extension e
Applied | drop foreign table t
Applied | drop function f()
Applied | drop index i
Applied | drop materialized view v
Applied | drop policy p on t
Applied | drop procedure p()
Applied | drop routine r()
Applied | drop schema s
Applied | drop sequence s
Applied | drop table t
Applied | drop trigger a on t
Applied | drop type t
Applied | drop view v
Applied | reset search_path
Applied | select set_config('search_path', '', false)
Applied | select 1 into t
Applied | set search_path = s
Carried | alter aggregate a(int) rename to b
Carried | alter collation c refresh version
Carried | alter conversion c rename to d
Carried | alter default privileges grant select on tables to r
Carried | alter event trigger e disable
Carried | alter foreign data wrapper w rename to x
Carried | alter language l rename to m
Carried | alter operator + (int, int) set schema s
Carried | alter operator class c using btree rename to d
Carried | alter operator family f using btree rename to g
Carried | alter publication p add table t
Carried | alter rule r on t rename to s
Carried | alter server s version '2'
Carried | alter statistics s rename to t
Carried | alter subscription s disable
Carried | alter text search configuration c rename to d
Carried | alter text search dictionary d rename to e
Carried | alter text search parser p rename to q
Carried | alter text search template t rename to u
Carried | alter user mapping for u server s options (set a 'b')
Carried | create access method m type index handler h
Carried | create aggregate a(int) (sfunc = int4pl, stype = int)
Carried | create cast (a as b) with function f(a)
Carried | create collation c (locale = 'C')
Carried | create conversion c for 'UTF8' to 'LATIN1' from f
Carried | create event trigger e on ddl_command_start execute function f()
Carried | create foreign data wrapper w
Carried | create language l
Carried | create operator + (leftarg = a, rightarg = a, function = f)
Carried | create operator class c for type t using btree as operator 1 <
Carried | create operator family f using btree
Carried | create publication p for all tables
Carried | create rule r as on insert to t do nothing
Carried | create server s foreign data wrapper w
Carried | create statistics s on a, b from t
Carried | create subscription s connection 'x' publication p
Carried | create text search configuration c (parser = p)
Carried | create text search dictionary d (template = t)
Carried | create text search parser p (start = a, gettoken = b, end = c, lextypes = d)
Carried | create text search template t (lexize = f)
Carried | create transform for t language l (from sql with function f(internal))
Carried | create user mapping for u server s
Carried | drop access method m
Carried | drop aggregate a(int)
Carried | drop cast (a as b)
Carried | drop collation c
Carried | drop conversion c
Carried | drop event trigger e
Carried | drop foreign data wrapper w
Carried | drop language l
Carried | drop operator + (a, a)
Carried | drop operator class c using btree
Carried | drop operator family f using btree
Carried | drop publication p
Carried | drop rule r on t
Carried | drop server s
Carried | drop statistics s
Carried | drop subscription s
Carried | drop text search configuration c
Carried | drop text search dictionary d
Carried | drop text search parser p
Carried | drop text search template t
Carried | drop transform for t language l
Carried | drop user mapping for u server s
Carried | grant select on t to r
Carried | revoke select on t from r
PassedOver | alter database d set work_mem = '1MB'
PassedOver | alter group g add user u
PassedOver | alter large object 1 owner to r
PassedOver | alter role r set search_path = s
PassedOver | alter system set work_mem = '1MB'
PassedOver | alter tablespace t rename to u
PassedOver | alter user u password 'x'
PassedOver | analyze t
PassedOver | begin
Applied | call p()
PassedOver | checkpoint
PassedOver | close c
PassedOver | cluster t
PassedOver | select 1 union select 2
PassedOver | copy t from stdin
PassedOver | create database d
PassedOver | create group g
PassedOver | create role r
PassedOver | create tablespace t location '/x'
PassedOver | create user u
PassedOver | deallocate all
PassedOver | declare c cursor for select 1
PassedOver | delete from t
PassedOver | discard all
PassedOver | drop database d
PassedOver | drop group g
PassedOver | drop role r
PassedOver | drop tablespace t
PassedOver | drop user u
PassedOver | ;
PassedOver | execute p
PassedOver | explain select 1
PassedOver | fetch c
PassedOver | insert into t values (1)
PassedOver | listen c
PassedOver | load 'x'
PassedOver | lock table t
PassedOver | merge into t using s on t.a = s.a when matched then delete
PassedOver | move c
PassedOver | notify c
PassedOver | (select 1)
PassedOver | prepare p as select 1
PassedOver | prepare transaction 'x'
PassedOver | reassign owned by a to b
PassedOver | refresh materialized view v
PassedOver | reindex table t
PassedOver | release savepoint s
PassedOver | repack t
PassedOver | reset role
PassedOver | reset session authorization
PassedOver | savepoint s
PassedOver | security label on table t is 'x'
PassedOver | set constraints all deferred
PassedOver | set role r
PassedOver | set session authorization r
PassedOver | set transaction read only
PassedOver | show search_path
PassedOver | table t
PassedOver | truncate t
PassedOver | unlisten c
PassedOver | update t set a = 1
PassedOver | vacuum t
PassedOver | values (1)
PassedOver | commit
Refused | alter property graph g rename to h
Refused | create property graph g
Refused | drop owned by r
Refused | drop property graph g
Refused | import foreign schema a from server s into b
Refused | rollback
