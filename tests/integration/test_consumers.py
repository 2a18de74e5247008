"""The complaints service reads the customers' log: what it knows, and what happens when either is
away."""
import datetime

import pytest
from google.protobuf import duration_pb2

from tests.support import proto
from tests.support.client import Client, cancelled, placed
from tests.support.consumed import Trace, catches_up
from tests.support.stack import Stack, until
from tests.support.staff import People


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    """Two services; the clock can be moved."""
    stack = Stack(tmp_path_factory.mktemp('house'), KEHU_INSTALLATION='test').up()
    trace = Trace(stack)
    yield stack
    catches_up(stack)
    trace.check()
    stack.down()


@pytest.fixture
def client(house, source):
    with Client(house, source=source) as it:
        yield it


def complaints_url(stack):
    return f'tcp://127.0.0.1:{stack.base_port + 20}'


def seen(stack, customer_id):
    """(number, grade, owner, survivor, restricted, last order) as complaints knows it."""
    rows = stack.sql('select number, grade, owner_id::text, survivor_id::text, exists (select 1'
                     ' from complaints.person_restricted where person_id = c.customer_id),'
                     ' last_order_on from complaints.customer_seen c where customer_id = %s',
                     customer_id)
    return rows[0] if rows else None


def reference(stack, source, external_id):
    rows = stack.sql('select customer_id::text from complaints.customer_reference'
                     ' where source = %s and external_id = %s', source, external_id)
    return rows[0][0] if rows else None


def orders(stack, customer_id):
    return stack.sql('select day, net_micros, currency from complaints.customer_order'
                     ' where customer_id = %s order by day', customer_id)


def ok(client, message, **more):
    reply = client.ask(message, **more)
    assert reply.status == 'OK', reply
    return reply.payload


def register(client, name, *refs):
    return ok(client, proto.RegisterCustomer(
        facts=[proto.Fact(field='name', value=name)],
        refs=[f'{client.source}:{ref}' for ref in refs]))


def test_who_orders_is_known_by_reference_number_and_orders(house, client, source):
    client.publish(placed('A', source, lines=[('tea', 2, '10.5')], at='2026-11-20T03:00:00Z'),
                   placed('B', source, lines=[('tea', 1, '10')], at='2026-11-18T03:00:00Z'))
    file = client.customer(f'{source}:C1')
    catches_up(house)
    assert reference(house, source, 'C1') == file.id
    assert seen(house, file.id)[0] == file.number
    assert seen(house, file.id)[5] == datetime.date(2026, 11, 20)
    assert orders(house, file.id) == [(datetime.date(2026, 11, 18), 10_000_000, 'CNY'),
                                      (datetime.date(2026, 11, 20), 21_000_000, 'CNY')]


def test_a_cancelled_order_is_none(house, client, source):
    client.publish(placed('A', source, lines=[('tea', 2, '10.5')], at='2026-11-20T03:00:00Z'),
                   placed('B', source, lines=[('tea', 1, '10')], at='2026-11-18T03:00:00Z'))
    client.publish(cancelled('A', source))
    file = client.customer(f'{source}:C1')
    catches_up(house)
    assert orders(house, file.id) == [(datetime.date(2026, 11, 18), 10_000_000, 'CNY')]
    assert seen(house, file.id)[5] == datetime.date(2026, 11, 18)


def test_the_references_of_a_file_are_known(house, client, source):
    file = register(client, '云南茶叶有限公司', 'K1', 'K2')
    catches_up(house)
    assert reference(house, source, 'K1') == reference(house, source, 'K2') == file.id


def test_who_is_merged_points_to_who_survives_until_it_is_undone(house, client, source):
    first, second = register(client, '甲公司', 'M1'), register(client, '乙公司', 'M2')
    ok(client, proto.MergeCustomers(survivor=first.number, merged=second.number,
                                    reason='the same company'))
    catches_up(house)
    assert seen(house, second.id)[3] == first.id
    assert seen(house, first.id)[3] is None
    ok(client, proto.UndoMerge(merged=second.number, reason='they are two'))
    catches_up(house)
    assert seen(house, second.id)[3] is None


def test_staff_and_owners_are_known(house, client, source):
    people = People(house, client, source)
    li = people.add('li', 'salesperson')
    file = register(client, '丙公司', 'O1')
    ok(client, proto.AssignOwner(ref=file.number, staff=li.code))
    catches_up(house)
    assert seen(house, file.id)[2] == li.id
    assert house.sql('select code, roles, is_active from complaints.staff_seen'
                     ' where staff_id = %s', li.id) == [(li.code, ['salesperson'], True)]


def test_the_key_of_the_service_reads_the_log_and_nothing_else(house):
    with Client(house, key='complaints') as it:
        assert it.ask(proto.Fetch(max=1)).status == 'OK'
        assert it.ask(proto.GetCustomer(ref='KH000001')).status == 'PERMISSION_DENIED'
        assert it.ask(proto.AdvanceClock(by=duration_pb2.Duration(seconds=1))).status == \
            'PERMISSION_DENIED'


def health(stack):
    with Client(stack, url=complaints_url(stack)) as it:
        return {p.name: (p.state, p.detail) for p in ok(it, proto.GetHealth()).parts}


def advance(stack, url, seconds):
    with Client(stack, url=url) as it:
        it.advance(seconds)


def test_an_hour_without_the_customers_service_loses_nothing(house, client, source):
    client.publish(placed('A', source, lines=[('tea', 1, '10')]))
    house._unsupervise('customers')
    advance(house, complaints_url(house), 3600)
    until(lambda: 'customers' in health(house)['consumers'][1])
    assert health(house)['consumers'][0] == 2  # degraded, and it goes on
    house.up()
    house.becomes_ready()
    client.insist(proto.Publish(events=[placed('B', source, lines=[('tea', 2, '10')])]))
    catches_up(house)
    file = client.customer(f'{source}:C1')
    assert sorted(net for _, net, _ in orders(house, file.id)) == [10_000_000, 20_000_000]
    until(lambda: health(house)['consumers'] == (1, ''))


def test_an_hour_without_the_complaints_service_loses_nothing(house, client, source):
    house._unsupervise('complaints')
    client.publish(*(placed(f'A{n}', source, customer=f'C{n % 3}', lines=[('tea', 1, n + 1)])
                     for n in range(30)))
    advance(house, house.url, 3600)
    client.publish(*(placed(f'B{n}', source, customer=f'C{n % 3}', lines=[('tea', 1, n + 1)])
                     for n in range(30)))
    house.up()
    catches_up(house)
    ids = [client.customer(f'{source}:C{n}').id for n in range(3)]
    assert sum(net for one in ids for _, net, _ in orders(house, one)) == 2 * 465 * 1_000_000


def test_what_cannot_be_applied_waits_and_comes_by_itself(house, client, source):
    """A table that is away stands for any reason why it cannot be now."""
    house.sql('alter table complaints.customer_order rename to order_away')
    client.publish(placed('A', source, lines=[('tea', 1, '10')]))
    file = client.customer(f'{source}:C1')
    until(lambda: house.sql('select 1 from complaints.consumer_parked'))
    assert 'customer_order' in house.sql('select why from complaints.consumer_parked'
                                         ' order by version')[0][0]
    register(client, '丁公司', 'P1')  # others go on
    until(lambda: reference(house, source, 'P1'))
    house.sql('alter table complaints.order_away rename to customer_order')
    catches_up(house)
    assert len(orders(house, file.id)) == 1
