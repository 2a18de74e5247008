"""Who is let in, and what he may do."""
import json
import os
import time

import pytest
import zmq

from tests.support import proto
from tests.support.client import Client, Silence, event, placed
from tests.support.staff import People
from tests.support.stack import until


@pytest.fixture
def key(stack, source):
    """key('name', publish=…): a client with a new key."""
    made = []

    def make(name, **rights):
        name = f'{source}-{name}'
        stack.new_key(name, **rights)
        made.append(Client(stack, key=name, source=name))
        made[-1].name = name
        return made[-1]
    yield make
    for client in made:
        client.close()


def test_without_a_key_nobody_connects(stack):
    with Client(url=stack.url) as stranger:
        stranger.send(stranger.request(proto.Ping()))
        assert stranger.hears_nothing(0.5)


def test_an_unknown_key_does_not_connect_and_is_counted(stack):
    before = stack.metrics()['kehu_bus_refused_handshakes_total']
    public, secret = (k.decode() for k in zmq.curve_keypair())
    pair = {'public': public, 'secret': secret, 'server': stack.key()['server']}
    with Client(url=stack.url, pair=pair) as stranger:
        stranger.send(stranger.request(proto.Ping()))
        until(lambda: stack.metrics()['kehu_bus_refused_handshakes_total'] > before)
        assert stranger.hears_nothing(0.5)


def test_a_known_key_with_another_secret_does_not_connect(stack):
    _, secret = (k.decode() for k in zmq.curve_keypair())
    with Client(url=stack.url, pair={**stack.key(), 'secret': secret}) as forger:
        forger.send(forger.request(proto.Ping()))
        assert forger.hears_nothing(0.5)


def test_a_key_without_rights_may_only_ask_whether_the_service_is_there(key):
    client = key('nobody')
    assert client.ask(proto.Ping()).status == 'OK'
    assert client.ask(proto.GetHealth()).status == 'OK'
    for message in (proto.GetCustomer(ref='a:b'), proto.ReportSales(), proto.Fetch(),
                    proto.GetStats(), proto.Publish(events=[placed('A', client.name)])):
        reply = client.ask(message)
        assert reply.status == 'PERMISSION_DENIED', message
        assert reply.payload is None


def test_a_key_limited_to_a_source_publishing_as_another_is_denied(client, source, key):
    shop = key('shop', publish=f'{source}shop')
    assert shop.publish(placed('A', f'{source}shop')).outcomes == ['accepted']
    reply = shop.ask(proto.Publish(events=[placed('B', f'{source}shop'), placed('C', 'other')]))
    assert reply.status == 'PERMISSION_DENIED' and list(reply.fields) == ['events[1].source']
    # The whole request is refused: nothing of it happened.
    file = client.customer(f'{source}shop:C1', 10)
    assert [o.number for o in file.recent_orders] == ['A']


def test_a_key_limited_to_event_types_publishes_no_other(key, source):
    shop = key('paid', publish=source, types='kehu.customers.v1.OrderDelivered')
    message = proto.OrderDelivered(number='A')
    message.delivered_at.GetCurrentTime()
    assert shop.publish(event(message, source)).outcomes == ['accepted']
    assert shop.ask(proto.Publish(events=[placed('A', source)])).status == 'PERMISSION_DENIED'


def test_a_key_may_call_what_its_rights_name_and_nothing_else(key):
    client = key('report', call='customers.ReportSales')
    assert client.ask(proto.ReportSales()).status == 'OK'
    assert client.ask(proto.GetCustomer(ref='a:b')).status == 'PERMISSION_DENIED'


def test_a_read_only_key_asks_and_changes_nothing(key, source):
    client = key('reader', call='customers.*', publish=source, read_only=True)
    assert client.ask(proto.ReportSales()).status == 'OK'
    assert client.ask(proto.Publish(events=[placed('A', source)])).status == 'PERMISSION_DENIED'


def test_only_a_key_with_act_for_may_name_an_actor(stack, client, source, key):
    plain = key('plain', call='customers.*')
    people = People(stack, client, source)
    boss = people.add('boss', 'manager')
    reply = plain.ask(proto.ReportSales(), actor=boss.code)
    assert reply.status == 'PERMISSION_DENIED' and 'actor' in reply.message
    gateway = key('gateway', call='customers.*', act_for=True)
    assert gateway.ask(proto.ReportSales(), actor=boss.code).status == 'OK'
    assert gateway.ask(proto.ReportSales(), actor='staff-7').status == 'PERMISSION_DENIED'


def test_a_key_may_not_speak_as_another_source(key):
    client = key('me', call='customers.*')
    assert client.ask(proto.ReportSales(), source='admin').status == 'PERMISSION_DENIED'
    assert client.ask(proto.ReportSales(), source='').status == 'OK'


def test_a_revoked_keys_open_connection_is_refused_at_its_next_message(stack, key, source):
    before = stack.metrics()['kehu_bus_refused_revoked_total']
    shop = key('gone', publish=source)
    assert shop.publish(placed('A', source)).outcomes == ['accepted']
    assert stack.kehuctl('keys', 'revoke', shop.name).returncode == 0
    reply = shop.ask(proto.Publish(events=[placed('B', source)]))
    assert reply.status in ('PERMISSION_DENIED', 'UNAUTHENTICATED') and 'revoked' in reply.message
    assert shop.ask(proto.Ping()).status != 'OK'
    assert stack.metrics()['kehu_bus_refused_revoked_total'] == before + 2
    assert stack.sql('select number from order_key where source = %s', source) == [('A',)]
    with Client(stack, key=shop.name) as again:  # and it cannot connect anew
        again.send(again.request(proto.Ping()))
        assert again.hears_nothing(0.5)


def test_a_key_that_is_allowed_again_works(stack, key, source):
    shop = key('back', publish=source)
    assert shop.ask(proto.Ping()).status == 'OK'
    stack.kehuctl('keys', 'revoke', shop.name)
    assert shop.ask(proto.Ping()).status != 'OK'
    assert stack.kehuctl('keys', 'allow', shop.name).returncode == 0
    with Client(stack, key=shop.name) as again:
        assert again.publish(placed('A', source)).outcomes == ['accepted']


def test_rights_that_change_hold_for_the_next_messages(stack, key):
    client = key('more')
    assert client.ask(proto.ReportSales()).status == 'PERMISSION_DENIED'
    path = stack.var / 'keys/allowed' / f'{client.name}.json'
    rights = json.loads(path.read_text())
    rights['call'] = ['customers.*']
    fresh = path.with_suffix('.new')
    fresh.write_text(json.dumps(rights))
    fresh.replace(path)
    until(lambda: client.ask(proto.ReportSales()).status == 'OK', 3)


def test_a_broken_key_file_lets_nobody_in_and_harms_no_other_key(stack, client):
    path = stack.var / 'keys/allowed/broken.json'
    path.write_text('{"name": "broken", "publ')
    try:
        until(lambda: '"degraded"' in stack.http('/readyz')[1], 5)
        assert stack.is_ready()
        assert client.ask(proto.Ping()).status == 'OK'
    finally:
        path.unlink()
    until(lambda: '"degraded"' not in stack.http('/readyz')[1], 5)


def test_secrets_are_readable_by_their_owner_alone(stack):
    for path in [*(stack.var / 'keys/secret').iterdir(), stack.var / 'keys/server.secret',
                 *(stack.var / 'secrets').iterdir()]:
        assert os.stat(path).st_mode & 0o077 == 0, path


def test_a_client_that_sets_its_own_identity_is_not_served(stack):
    thief = Client(stack)
    thief.close()
    thief.socket = zmq.Context.instance().socket(zmq.DEALER)
    thief.socket.linger = 0
    thief.socket.routing_id = b'victim'
    pair = stack.key()
    thief.socket.curve_publickey = pair['public'].encode()
    thief.socket.curve_secretkey = pair['secret'].encode()
    thief.socket.curve_serverkey = pair['server'].encode()
    thief.socket.connect(stack.url)
    thief.send(thief.request(proto.Ping()))
    with pytest.raises(Silence):
        thief.receive(0.5)
    thief.close()


def test_reading_a_name_is_audited(stack, client, source):
    client.publish(placed('A', source, name='李娜'))
    before = time.time() - 5
    file = client.customer(f'{source}:C1')
    assert file.name == '李娜'
    rows = stack.sql('select key_name, act, extract(epoch from at) from audit where subject = %s',
                     file.id)
    assert [(k, a) for k, a, _ in rows] == [('admin', 'read customer')] and rows[0][2] > before
