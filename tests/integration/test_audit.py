"""The audit: what stands in it, who may read it, and that reading it stands in it too."""
import psycopg2
import pytest

from tests.support import proto
from tests.support.client import placed, timestamp
from tests.support.staff import People


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


@pytest.fixture
def auditor(people):
    return people.add('auditor', 'auditor')


@pytest.fixture
def customer(client, source):
    client.publish(placed('A', source, customer='C1', name='李娜'))
    return client.customer(f'{source}:C1')


def read(person, **ask):
    """All entries, page by page."""
    found, token = [], ''
    while True:
        reply = person.ask(proto.ReadAudit(page_token=token, **ask))
        assert reply.status == 'OK', reply
        found += reply.payload.entries
        token = reply.payload.next_page_token
        if not token:
            return found


def test_who_read_a_customer_is_found_by_number_id_and_reference(auditor, people, customer, client,
                                                                 source):
    boss = people.add('boss', 'privacy_officer')
    boss.ask(proto.GetCustomerFile(ref=customer.number, unmask=True))
    for subject in (customer.number, customer.id, f'{source}:C1'):
        found = read(auditor, subject=subject, act='read customer')
        assert [(e.actor, e.key, e.detail) for e in found] == [
            (boss.code, 'admin', 'file, unmasked'), ('', 'admin', 'name')]
        assert all(e.subject == customer.id for e in found)


def test_the_audit_is_filtered_by_person_act_and_time(stack, auditor, people, customer):
    boss = people.add('boss', 'privacy_officer')
    for _ in range(3):
        boss.ask(proto.GetCustomerFile(ref=customer.number))
        boss.ask(proto.GetCustomer(ref=customer.number))
    assert len(read(auditor, actor=boss.code)) == 6
    assert len(read(auditor, actor=boss.code, act='read*')) == 6
    assert read(auditor, actor=boss.code, act='read') == []
    assert read(auditor, actor=boss.code, act='save*') == []
    # Latest first, page by page, each once.
    found = read(auditor, actor=boss.code, page_size=2)
    assert [e.at.ToMicroseconds() for e in found] == sorted(
        (e.at.ToMicroseconds() for e in found), reverse=True) and len(found) == 6
    middle = found[3].at
    early = read(auditor, actor=boss.code, to=middle)
    late = read(auditor, actor=boss.code, **{'from': middle})
    assert early + late and len(early) + len(late) == 6 and found[3] in late
    # A key as itself is found by its name.
    assert {(e.key, e.actor) for e in read(auditor, actor='admin', subject=customer.id)} == {
        ('admin', '')}


def test_reading_the_audit_stands_in_it_before_it_is_answered(stack, auditor, customer):
    first = auditor.ask(proto.ReadAudit(subject=customer.id, page_size=1)).payload
    mine = read(auditor, actor=auditor.code, act='read audit', subject=customer.id)
    # The reading itself is the latest that it shows.
    assert [e.act for e in first.entries] == ['read audit'] and len(mine) == 2
    assert read(auditor, actor=auditor.code)[0].act == 'read audit'
    assert stack.value('select count(*) from audit where actor = %s', auditor.code) == 3
    stack.sql("update staff set state = 'left' where id = %s", auditor.id)
    assert auditor.ask(proto.ReadAudit()).status == 'PERMISSION_DENIED'


@pytest.mark.parametrize('ask, field', [
    ({'page_size': 501}, 'page_size'), ({'page_token': 'x'}, 'page_token'),
    ({'actor': 'x' * 201}, 'actor'), ({'act': 'x' * 201}, 'act'),
    ({'from': timestamp('2026-01-02T00:00:00Z'), 'to': timestamp('2026-01-01T00:00:00Z')}, 'to')])
def test_a_question_that_is_wrong_names_the_field(auditor, ask, field):
    reply = auditor.ask(proto.ReadAudit(**ask))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field]


def test_postgresql_shows_the_audit_to_auditors_only_and_not_without_trace(stack, auditor, people):
    boss = people.add('boss', 'manager')
    auditor.ask(proto.ReadAudit(page_size=1))
    at = stack.value("select max(at) from audit where actor = %s and act = 'read audit'",
                     auditor.code)
    call = ('select count(*) from audit_read(%s, %s, %s, null, null, null, null, null, null, null,'
            ' 5)')
    assert stack.value(call, at, 'admin', auditor.code, role='run') == 5
    for moment, reader in (('2020-01-01', auditor.code), (at, boss.code), (at, 'nobody'), (at, '')):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            stack.sql(call, moment, 'admin', reader, role='run')
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        stack.sql('select 1 from audit', role='run')


def test_kehuctl_shows_the_audit_to_an_auditor(stack, auditor, people, customer):
    shown = stack.kehuctl('audit', '--as', auditor.code, '--subject', customer.number).stdout
    assert 'read customer' in shown and customer.id in shown
    rows = stack.kehuctl_json('audit', '--as', auditor.code, '--subject', customer.number,
                              '--act', 'read cust*', '--from', '2020-01-01', '--top', '1')
    assert len(rows) == 1 and rows[0]['act'] == 'read customer'
    refused = stack.kehuctl('audit')
    assert refused.returncode == 1 and 'auditor' in refused.stderr
    assert stack.kehuctl('audit', '--as', auditor.code, '--to', 'gestern').returncode == 2
