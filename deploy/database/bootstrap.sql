-- The database, one service's schema, and its two roles; run by the superuser with psql, as often as one likes.
-- From the environment: KEHU_BOOTSTRAP_SERVICE, KEHU_BOOTSTRAP_OWNER_PASSWORD, KEHU_BOOTSTRAP_RUN_PASSWORD.
--
--   <service>_owner  owns the schema; used by migrations only
--   <service>_run    the service itself: reads and writes rows of its own schema, creates nothing, sees no other
--
-- What a run role may not even do to its own tables (change an audit row) is taken from it by the migrations.
\set ON_ERROR_STOP on
\getenv service KEHU_BOOTSTRAP_SERVICE
\getenv owner_password KEHU_BOOTSTRAP_OWNER_PASSWORD
\getenv run_password KEHU_BOOTSTRAP_RUN_PASSWORD
\set owner :service '_owner'
\set run :service '_run'

select 'create database kehu' where not exists (select from pg_database where datname = 'kehu') \gexec
\connect kehu
set client_min_messages = warning;

select format('create role %I login', role)
from (values (:'owner'), (:'run')) as wanted (role)
where not exists (select from pg_roles where rolname = role) \gexec

alter role :"owner" login nosuperuser nocreatedb nocreaterole noreplication password :'owner_password';
alter role :"run" login nosuperuser nocreatedb nocreaterole noreplication password :'run_password';
alter role :"owner" set search_path = :"service";
alter role :"run" set search_path = :"service";

revoke all on database kehu from public;
revoke all on schema public from public;
grant connect on database kehu to :"owner", :"run";

create schema if not exists :"service";
alter schema :"service" owner to :"owner";
revoke all on schema :"service" from public, :"run";
grant usage on schema :"service" to :"run";

alter default privileges for role :"owner" in schema :"service"
    grant select, insert, update, delete on tables to :"run";
alter default privileges for role :"owner" in schema :"service" grant usage on sequences to :"run";
alter default privileges for role :"owner" in schema :"service" grant execute on functions to :"run";
alter default privileges for role :"owner" revoke execute on functions from public;
