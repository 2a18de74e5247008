"""The public pool: off by default; idle owners are warned, customers fall into it, are picked."""
import signal
import threading

import pytest

from tests.support import proto
from tests.support.client import Client, placed
from tests.support.stack import until
from tests.support.staff import People


@pytest.fixture
def scene(new_stack):
    """A test installation with three people and a way to move the clock."""
    stack = new_stack(only='customers', KEHU_INSTALLATION='test')
    with Client(stack, source='pool') as client:
        people = People(stack, client, 'pool')
        boss = people.add('boss', 'manager')
        staff = [people.add(n, 'salesperson', manager=boss) for n in ('li', 'wang')]

        def later(days):
            client.advance(days * 86400)

        yield stack, client, boss, *staff, later


def switch_on(client, **more):
    version = client.ask(proto.GetPolicy(kind='pool')).payload.version
    reply = client.ask(proto.ApplyPolicy(
        policy=proto.Policy(reason='test', pool=proto.PoolPolicy(enabled=True, **more)),
        expected_version=version))
    assert reply.status == 'OK', reply


def potential(client, owner, name):
    made = client.ask(proto.RegisterCustomer(facts=[proto.Fact(field='name', value=name)])).payload
    assert client.ask(proto.AssignOwner(ref=made.number, staff=owner.code)).status == 'OK'
    return made


def opened(event):
    message = proto.contract[event.type]()
    event.proto_data.Unpack(message)
    return message


def told(client, name):
    events = client.fetch_all('', types=[f'kehu.customers.v1.{name}'])[0]
    return [opened(e) for e in events]


def soon(stack, condition):
    """The job looks once a minute, and a few seconds after a start."""
    before = stack.kill('customers', signal.SIGTERM)
    until(lambda: stack.is_ready() and stack.pid() != before)
    until(condition, seconds=90, every=0.2)


def in_pool(person):
    return [c.number for c in person.ask(proto.ListPool()).payload.customers]


def test_the_pool_is_off_unless_somebody_switches_it_on(scene):
    stack, client, boss, li, wang, later = scene
    one = potential(client, li, '大理茶行')
    reply = li.ask(proto.ReleaseToPool(ref=one.number, reason='x'))
    assert reply.status == 'FAILED_PRECONDITION' and 'off' in reply.message
    assert in_pool(wang) == []


def test_released_picked_locked_and_limited(scene):
    stack, client, boss, li, wang, later = scene
    switch_on(client, picks_a_day=2)
    three = [potential(client, li, f'大理茶行{n}') for n in range(3)]
    client.publish(placed('O1', 'pool', customer='C1'))
    assert client.ask(proto.AssignOwner(ref='pool:C1', staff=li.code)).status == 'OK'
    bought = li.ask(proto.ReleaseToPool(ref='pool:C1', reason='x'))
    assert bought.status == 'FAILED_PRECONDITION' and 'bought' in bought.message
    assert wang.ask(proto.ReleaseToPool(ref=three[0].number, reason='x')
                    ).status == 'PERMISSION_DENIED'
    for one in three:
        assert li.ask(proto.ReleaseToPool(ref=one.number, reason='没有回应')).status == 'OK'
    assert sorted(in_pool(wang)) == [one.number for one in three]
    # Who lost him cannot take him back for 30 days; others may, twice a day here.
    locked = li.ask(proto.PickFromPool(ref=three[0].number))
    assert locked.status == 'FAILED_PRECONDITION' and 'before' in locked.message
    for left, one in ((1, three[0]), (0, three[1])):
        picked = wang.ask(proto.PickFromPool(ref=one.number))
        assert picked.status == 'OK' and picked.payload.picks_left == left, picked
    assert wang.ask(proto.PickFromPool(ref=three[2].number)).status == 'RESOURCE_EXHAUSTED'
    assert wang.ask(proto.PickFromPool(ref=three[0].number)).status == 'FAILED_PRECONDITION'
    # In the pool nobody is assigned by hand.
    assert client.ask(proto.AssignOwner(ref=three[2].number, staff=wang.code)
                      ).status == 'FAILED_PRECONDITION'
    later(31)
    assert li.ask(proto.PickFromPool(ref=three[2].number)).status == 'OK'
    history = client.ask(proto.GetOwners(ref=three[2].number, history=True)).payload.owners
    assert [(o.staff, o.reason) for o in history] == [(li.code, 'pool'), (li.code, 'manual')]


def test_who_hears_of_nobody_is_warned_and_then_loses_him(scene):
    stack, client, boss, li, wang, later = scene
    switch_on(client)
    one, kept = potential(client, li, '大理茶行'), potential(client, li, '丽江茶行')
    client.publish(placed('O1', 'pool', customer='C1'))
    client.ask(proto.AssignOwner(ref='pool:C1', staff=li.code))
    later(24)
    soon(stack, lambda: {w.customer_id for w in told(client, 'PoolWarned')} == {one.id, kept.id})
    assert {w.staff_id for w in told(client, 'PoolWarned')} == {li.id}
    # Somebody is heard of: his file says more.
    assert li.ask(proto.UpdateCustomer(ref=kept.number, facts=[
        proto.Fact(field='address', value='丽江市古城区')])).status == 'OK'
    later(8)
    soon(stack, lambda: in_pool(wang) == [one.number])
    assert client.ask(proto.GetOwners(ref=kept.number)).payload.owners[0].staff == li.code
    text = stack.kehuctl('pool', 'list').stdout
    assert one.number in text and li.code in text
    picked = stack.kehuctl('--as', wang.code, 'pool', 'pick', one.number)
    assert picked.returncode == 0 and wang.code in picked.stdout, picked.stderr


def test_picks_of_one_moment_are_counted_together(scene):
    stack, client, boss, li, wang, later = scene
    switch_on(client, picks_a_day=1)
    first, second = (potential(client, li, f'大理茶行{n}') for n in range(2))
    for one in (first, second):
        assert li.ask(proto.ReleaseToPool(ref=one.number, reason='没有回应')).status == 'OK'
    answers = []
    asking = threading.Thread(
        target=lambda: answers.append(wang.ask(proto.PickFromPool(ref=second.number))))
    with stack.database() as other, other.cursor() as cursor:
        # Another process is about to commit his pick of the first.
        cursor.execute('begin; select from staff where id = %s for share', (wang.id,))
        cursor.execute('update pool_entry set left_at = now(), taken_by = %s, taken_on ='
                       " (now() at time zone 'Asia/Shanghai')::date where customer_id = %s",
                       (wang.id, first.id))
        asking.start()
        until(lambda: stack.sql("select 1 from pg_stat_activity where usename = 'customers_run'"
                                " and wait_event_type = 'Lock'"))
        cursor.execute('commit')
    asking.join()
    assert answers[0].status == 'RESOURCE_EXHAUSTED', answers
