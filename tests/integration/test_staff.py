"""The staff directory: entries, units, absences, and what is refused."""
import threading

import pytest

from tests.support import proto
from tests.support.stack import until
from tests.support.staff import People


@pytest.fixture
def people(stack, client, source):
    return People(stack, client, source)


def test_an_entry_is_saved_read_and_changed_as_a_whole(people, client, source):
    boss = people.add('boss', 'manager')
    unit = people.add_unit('south')
    first = people.save('li', 'salesperson', 'account_manager', unit=unit, manager=boss,
                        level='office_head', capacity=30, joined_on='2020-02-29').payload
    assert list(first.roles) == ['salesperson', 'account_manager'] and first.version == 1
    assert (first.unit, first.manager, first.level) == (unit, boss.code, 'office_head')
    assert (first.capacity, first.joined_on, first.state) == (30, '2020-02-29', 'active')
    # By code and by id.
    for who in (first.code, first.id):
        assert client.ask(proto.GetStaff(staff=who)).payload == first
    # What is not said is taken away; the first day stays.
    second = people.save('li', 'marketing', manager=boss.id).payload
    assert list(second.roles) == ['marketing'] and second.version == 2 and second.unit == ''
    assert second.manager == boss.code and second.joined_on == '2020-02-29'
    assert second.id == first.id


def test_the_version_expected_must_be_there(people):
    people.add('li', 'salesperson')
    assert people.save('li', 'marketing', expected_version=1).status == 'OK'
    late = people.save('li', 'salesperson', expected_version=1)
    assert late.status == 'FAILED_PRECONDITION' and 'version 2' in late.message
    assert people.save('new', 'salesperson', expected_version=3).status == 'FAILED_PRECONDITION'


def test_the_same_request_again_changes_nothing_more(people, client):
    body = client.request(proto.SaveStaff(code=people.code('li'), name='李娜'))
    for _ in range(2):
        client.send(body)
        assert client.answer_to(body).payload.version == 1


@pytest.mark.parametrize('entry, field', [
    ({'code': 'Li Na'}, 'code'), ({'code': ''}, 'code'), ({'code': 'x' * 41}, 'code'),
    ({'name': ''}, 'name'), ({'name': '名' * 61}, 'name'), ({'roles': ['king']}, 'roles[0]'),
    ({'level': 'king'}, 'level'), ({'unit': 'No Unit'}, 'unit'), ({'regions': ['?']}, 'regions[0]'),
    ({'regions': ['r'] * 51}, 'regions'), ({'manager': 'No One'}, 'manager'),
    ({'deputy': '!'}, 'deputy'), ({'capacity': 1000001}, 'capacity'),
    ({'joined_on': '2026-02-30'}, 'joined_on')])
def test_a_wrong_field_is_named(client, entry, field):
    reply = client.ask(proto.SaveStaff(**{'code': 'fine', 'name': '好', **entry}))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field], reply


@pytest.mark.parametrize('entry, field', [
    ({'unit': 'nowhere'}, 'unit'), ({'regions': ['nowhere']}, 'regions'),
    ({'manager': 'nobody'}, 'manager'), ({'deputy': 'nobody'}, 'deputy')])
def test_what_an_entry_refers_to_must_be_there(people, entry, field):
    reply = people.save('li', 'salesperson', **entry)
    assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == [field], reply


def test_nobody_is_his_own_manager_not_over_others_either(people):
    top = people.add('top', 'manager')
    middle = people.add('middle', 'manager', manager=top)
    for name, manager in (('top', middle), ('top', top)):
        reply = people.save(name, 'manager', manager=manager)
        assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['manager']
    reply = people.save('top', 'manager', deputy=top)
    assert reply.status == 'FAILED_PRECONDITION' and list(reply.fields) == ['deputy']


@pytest.mark.parametrize('kind', ['staff', 'unit'])
def test_two_changes_at_once_make_no_circle(stack, people, client, kind):
    if kind == 'staff':
        a, b = (people.add(name, 'manager').code for name in ('a', 'b'))
        column, lock = '(select id from staff where code = %s)', 'kehu staff lines'
        change, ask = 'manager_id', lambda: people.save('a', 'manager', manager=b)
    else:
        a, b = (people.add_unit(name) for name in ('a', 'b'))
        column, lock = '%s', 'kehu staff units'
        change, ask = 'parent_code', lambda: client.ask(proto.SaveUnit(
            unit=proto.Unit(code=a, name='部门', parent=b)))
    answers = []
    asking = threading.Thread(target=lambda: answers.append(ask()))
    with stack.database() as other, other.cursor() as cursor:
        # Another process is about to commit the opposite.
        cursor.execute('begin; select pg_advisory_xact_lock(hashtextextended(%s, 0))', (lock,))
        cursor.execute(f'update {kind} set {change} = {column}, version = version + 1'
                       ' where code = %s', (a, b))
        asking.start()
        until(lambda: answers or stack.sql(
            "select 1 from pg_stat_activity where usename = 'customers_run'"
            " and wait_event_type = 'Lock'"))
        cursor.execute('commit')
    asking.join()
    assert answers[0].status == 'FAILED_PRECONDITION', answers


def test_units_are_a_tree_of_at_most_ten_levels(people, client):
    for level in range(10):
        people.add_unit(f'u{level}', f'u{level - 1}' if level else '')

    def refused(**unit):
        reply = client.ask(proto.SaveUnit(unit=proto.Unit(name='部门', **unit)))
        assert reply.status == 'FAILED_PRECONDITION', reply
        assert list(reply.fields) == ['unit.parent']
    refused(code=people.code('deep'), parent=people.code('u9'))
    refused(code=people.code('u0'), parent=people.code('u9'))
    refused(code=people.code('u0'), parent=people.code('u0'))
    refused(code=people.code('lost'), parent='nowhere')
    units = client.ask(proto.ListUnits(page_size=500)).payload.units
    assert {u.code: u.parent for u in units}[people.code('u9')] == people.code('u8')


def test_the_directory_is_listed_by_filters_page_by_page(people, client, source):
    boss = people.add('boss', 'manager', unit=people.add_unit('hq'))
    below = people.add_unit('below', 'hq')
    codes = [people.add(f'p{n}', 'salesperson', unit=below, manager=boss).code for n in range(5)]

    def listed(**ask):
        found, token = [], ''
        while True:
            page = client.ask(proto.ListStaff(page_size=2, page_token=token, **ask)).payload
            found += [one.code for one in page.staff]
            token = page.next_page_token
            if not token:
                return found
    assert listed(manager=boss.code) == codes == listed(manager=boss.id)
    assert listed(unit=people.code('hq')) == [boss.code] + codes
    assert listed(unit=below, role='salesperson') == codes
    assert listed(unit=below, role='auditor') == []
    assert listed(unit=below, state='left') == []
    for ask in ({'role': 'king'}, {'state': 'gone'}, {'page_size': 501}, {'page_token': '?'}):
        reply = client.ask(proto.ListStaff(**ask))
        assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == list(ask)


def test_who_is_away_has_somebody_who_stands_in(people, client):
    li, zhang = people.add('li', 'salesperson'), people.add('zhang', 'salesperson')

    def away(deputy='', who=li, first='2030-01-01', last='2030-01-08'):
        return client.ask(proto.SetAbsence(staff=who.code, to=last, deputy=deputy,
                                           **{'from': first}))
    assert list(away().fields) == ['deputy']                       # nobody would stand in
    assert list(away(li.code).fields) == ['deputy']                # he himself
    assert away('nobody').status == 'NOT_FOUND'
    for first, last, field in (('2030-01-02', '2030-01-01', 'to'), ('', '2030-01-01', 'from'),
                               ('2030-01-01', '', 'to'), ('2030-01-01', '2031-06-01', 'to'),
                               ('soon', '2030-01-01', 'from')):
        reply = away(zhang.code, first=first, last=last)
        assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field], reply
    gone = away(zhang.code).payload
    assert (gone.absent_from, gone.absent_to, gone.deputy) == ('2030-01-01', '2030-01-08',
                                                               zhang.code)
    # Who is away himself all the while cannot stand in for another.
    reply = away(li.code, who=zhang, first='2030-01-02', last='2030-01-03')
    assert list(reply.fields) == ['deputy']
    assert away(li.code, who=zhang, first='2030-01-08', last='2030-01-09').status == 'OK'
    # His entry keeps the absence, and not without a deputy.
    assert people.save('li', 'salesperson').status == 'FAILED_PRECONDITION'
    assert people.save('li', 'salesperson', deputy=zhang).payload.absent_from == '2030-01-01'
    back = away(first='', last='').payload
    assert (back.absent_from, back.absent_to, back.deputy) == ('', '', zhang.code)


def test_who_has_left_stays_as_he_was(stack, people, client):
    li = people.add('li', 'salesperson')
    boss = people.add('boss', 'manager')
    stack.sql("update staff set state = 'left', left_on = '2026-01-01' where id = %s", li.id)
    assert list(people.save('li', 'manager').fields) == ['code']
    assert list(people.save('boss', 'manager', deputy=li).fields) == ['deputy']
    assert list(people.save('boss', 'manager', manager=li).fields) == ['manager']
    reply = client.ask(proto.SetAbsence(staff=boss.code, to='2030-01-01', deputy=li.code,
                                        **{'from': '2030-01-01'}))
    assert list(reply.fields) == ['deputy']
    reply = li.ask(proto.GetStaff(staff=li.code))
    assert reply.status == 'PERMISSION_DENIED' and 'left' in reply.message


def test_every_change_is_told_without_names(people, client):
    end = client.end()
    boss = people.add('boss', 'manager')
    li = people.add('li', 'salesperson', manager=boss, unit=people.add_unit('south'))
    people.away(li, boss)
    events, _ = client.fetch_all(end, types=['kehu.customers.v1.StaffChanged'])
    mine = [proto.StaffChanged.FromString(e.proto_data.value) for e in events
            if e.attributes['subject'].ce_string == li.id]
    assert [(c.version, c.manager_id, c.state) for c in mine] == [(1, boss.id, 'active'),
                                                                  (2, boss.id, 'active')]
    assert mine[0].unit_code == people.code('south') and list(mine[0].roles) == ['salesperson']
    assert mine[1].deputy_id == boss.id and mine[1].absent_from and not mine[0].absent_from
    assert all('员工'.encode() not in e.proto_data.value for e in events)


def test_kehuctl_keeps_the_directory(stack, people, source):
    code = people.code
    stack.kehuctl_json('unit', 'save', code('hq'), '--name', '总部')
    stack.kehuctl_json('unit', 'save', code('south'), '--name', '南区', '--parent', code('hq'))
    assert '  南区' in stack.kehuctl('unit', 'list').stdout
    stack.kehuctl_json('staff', 'save', code('zhang'), '--name', '张伟', '--roles', 'manager')
    saved = stack.kehuctl_json('staff', 'save', code('li'), '--name', '李娜', '--roles',
                               'salesperson,marketing', '--unit', code('south'), '--manager',
                               code('zhang'))
    assert saved['roles'] == ['salesperson', 'marketing'] and saved['manager'] == code('zhang')
    stack.kehuctl_json('staff', 'absence', code('li'), '--from', '2030-10-01', '--to', '2030-10-08',
                       '--deputy', code('zhang'))
    shown = stack.kehuctl('staff', 'show', code('li')).stdout
    assert '2030-10-01 to 2030-10-08' in shown and '李娜' in shown
    listed = stack.kehuctl_json('staff', 'list', '--unit', code('hq'))
    assert [one['code'] for one in listed] == [code('li')]
    assert stack.kehuctl_json('staff', 'absence', code('li'), '--back')['absent_from'] == ''
    assert stack.kehuctl('staff', 'absence', code('li')).returncode == 2
    refused = stack.kehuctl('staff', 'save', code('x'), '--name', '某', '--roles', 'king')
    assert refused.returncode == 1 and 'roles[0]' in refused.stderr
    # --as names for whom it asks.
    assert stack.kehuctl('staff', 'list', '--as', code('li')).returncode == 0
    denied = stack.kehuctl('staff', 'save', code('x'), '--name', '某', '--as', code('li'))
    assert denied.returncode == 1 and 'PERMISSION_DENIED' in denied.stderr
    denied = stack.kehuctl('region', 'save', code('x'), '--name', '某', KEHU_ACTOR=code('li'))
    assert denied.returncode == 1 and 'may not set policies' in denied.stderr
