"""What the run role may do in PostgreSQL: work on its own rows, append to the audit."""
import psycopg2
import pytest

from psycopg2.errors import InsufficientPrivilege


# The run role of each service, a table of its own, and one of another.
SERVICES = [('customers_run', 'customer', 'complaints.cases'),
            ('complaints_run', 'cases', 'customers.customer')]
ROLES = [role for role, _, _ in SERVICES]


def refused(stack, statement, role='run'):
    with pytest.raises(InsufficientPrivilege):
        stack.sql(statement, role=role)


@pytest.mark.parametrize('role, _, foreign', SERVICES)
def test_no_role_reads_or_writes_another_schema(stack, role, _, foreign):
    for which in (role, role.replace('run', 'owner')):
        refused(stack, f'select * from {foreign}', role=which)
        refused(stack, f'insert into {foreign} default values', role=which)
        refused(stack, f'delete from {foreign}', role=which)


@pytest.mark.parametrize('statement', [
    'create table t (a int)', 'create table public.t (a int)', 'create schema mine',
    'create temporary table t (a int)', 'alter table {own} add column x int',
    'drop table {own}', 'create function f() returns int language sql as $$select 1$$',
    "create role r", 'create database d', 'set role customers_owner', 'set role complaints_owner',
    'set role postgres'])
@pytest.mark.parametrize('role, own, _', SERVICES)
def test_the_run_role_creates_and_becomes_nothing(stack, statement, role, own, _):
    refused(stack, statement.format(own=own), role=role)


@pytest.mark.parametrize('statement', [
    "update audit set actor = 'x'", 'delete from audit', 'truncate audit', 'select * from audit'])
@pytest.mark.parametrize('role', ROLES)
def test_the_run_role_can_only_append_to_the_audit(stack, statement, role):
    refused(stack, statement, role=role)
    stack.sql("insert into audit values (now(), 'test', '', 'act', '', '')", role=role)


@pytest.mark.parametrize('statement', [
    "update log set data = ''", 'delete from log', 'truncate log', 'delete from log_0',
    "update log_0 set data = ''"])
@pytest.mark.parametrize('role', ROLES)
def test_the_run_role_cannot_change_the_event_log(stack, statement, role):
    refused(stack, statement, role=role)


@pytest.mark.parametrize('statement', ['delete from installation', 'truncate installation',
                                       'insert into installation default values'])
@pytest.mark.parametrize('role', ROLES)
def test_the_run_role_cannot_make_another_installation(stack, statement, role):
    refused(stack, statement, role=role)


@pytest.mark.parametrize('role, own, _', SERVICES)
def test_the_run_role_cannot_empty_a_table(stack, role, own, _):
    for table in (own, 'receipt', 'policy'):
        refused(stack, f'truncate {table} cascade', role=role)


def test_the_public_may_not_even_connect(stack):
    stack.sql("create role stranger login password 'x'")
    try:
        info = f'host=127.0.0.1 port={stack.base_port} dbname=kehu user=stranger password=x'
        with pytest.raises(psycopg2.OperationalError, match='permission denied'):
            psycopg2.connect(info)
    finally:
        stack.sql('drop role stranger')
