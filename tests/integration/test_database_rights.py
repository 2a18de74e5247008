"""What the run role may do in PostgreSQL: work on its own rows, append to the audit."""
import psycopg2
import pytest

from psycopg2.errors import InsufficientPrivilege


def refused(stack, statement, role='run'):
    with pytest.raises(InsufficientPrivilege):
        stack.sql(statement, role=role)


def test_the_run_role_cannot_read_another_schema(stack):
    refused(stack, 'select * from complaints.cases')
    refused(stack, 'insert into complaints.cases default values')


def test_the_owner_role_cannot_read_another_schema_either(stack):
    refused(stack, 'select * from complaints.cases', role='owner')


@pytest.mark.parametrize('statement', [
    'create table t (a int)', 'create table public.t (a int)', 'create schema mine',
    'create temporary table t (a int)', 'alter table customer add column x int',
    'drop table customer', 'create function f() returns int language sql as $$select 1$$',
    "create role r", 'create database d', 'set role customers_owner', 'set role postgres'])
def test_the_run_role_creates_and_becomes_nothing(stack, statement):
    refused(stack, statement)


@pytest.mark.parametrize('statement', [
    "update audit set actor = 'x'", 'delete from audit', 'truncate audit', 'select * from audit'])
def test_the_run_role_can_only_append_to_the_audit(stack, statement):
    refused(stack, statement)
    stack.sql("insert into audit values (now(), 'test', '', 'act', '', '')", role='run')


@pytest.mark.parametrize('statement', [
    "update log set data = ''", 'delete from log', 'truncate log', 'delete from log_0',
    "update log_0 set data = ''"])
def test_the_run_role_cannot_change_the_event_log(stack, statement):
    refused(stack, statement)


@pytest.mark.parametrize('statement', ['delete from installation', 'truncate installation',
                                       'insert into installation default values'])
def test_the_run_role_cannot_make_another_installation(stack, statement):
    refused(stack, statement)


@pytest.mark.parametrize('statement', ['truncate customer', 'truncate orders', 'truncate receipt'])
def test_the_run_role_cannot_empty_a_table(stack, statement):
    refused(stack, statement)


def test_the_public_may_not_even_connect(stack):
    stack.sql("create role stranger login password 'x'")
    try:
        info = f'host=127.0.0.1 port={stack.base_port} dbname=kehu user=stranger password=x'
        with pytest.raises(psycopg2.OperationalError, match='permission denied'):
            psycopg2.connect(info)
    finally:
        stack.sql('drop role stranger')
