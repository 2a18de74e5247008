"""Too many, too slow, gone: what clients do to a service, and what it still promises the others."""
import threading
import time
import uuid

import zmq

from tests.support import books, proto
from tests.support.client import AGAIN, Client, Reply, placed
from tests.support.stack import until

KIBI = 1024


def big_order(number, source):
    return placed(number, source, lines=[('p', 1, 1)] * 200)


def test_a_client_that_never_reads_does_not_slow_the_others(stack, client, source):
    question = client.request(proto.GetStats())
    with Client(stack) as deaf:
        deaf.socket.rcvhwm = 1
        for _ in range(3000):
            deaf.send(question)
        took = []
        for n in range(50):
            began = time.monotonic()
            assert client.publish(placed(f'A{n}', source)).outcomes == ['accepted']
            took.append(time.monotonic() - began)
        assert sorted(took)[25] < 1
    assert books.net_of(client, f'{source}:C1') == 500


def test_clients_that_vanish_in_mid_request_harm_nothing(stack, client, source):
    for n in range(40):
        leaver = Client(stack, context=zmq.Context())
        leaver.socket.linger = 1000  # the request leaves, nobody waits for the answer
        leaver.send(leaver.request(proto.Publish(events=[big_order(f'A{n}', source)])))
        leaver.close()
    until(lambda: stack.value('select count(*) from order_key where source = %s', source) == 40)
    assert client.publish(placed('last', source)).outcomes == ['accepted']
    until(lambda: stack.metrics()['kehu_requests_in_flight'] == 0)  # jobs count as well


def test_a_poll_whose_client_left_is_forgotten(stack, client):
    # Our neighbour polls too, now and then: the most of some looks.
    before = max(stack.metrics()['kehu_requests_polls'] for _ in range(100))
    leaver = Client(stack)
    poll = proto.Fetch(after='end')
    poll.wait.seconds = 3
    leaver.send(leaver.request(poll))
    until(lambda: stack.metrics()['kehu_requests_polls'] > before)
    leaver.close()
    until(lambda: stack.metrics()['kehu_requests_polls'] <= before)


def test_a_thousand_idle_connections_cost_little_and_harm_nobody(stack, client):
    """DESIGN §12: at most 40 kB a connection; the sanitizers' own memory comes on top."""
    client.ask(proto.Ping())
    before = stack.memory()
    pair, context, sockets = stack.key(), zmq.Context(), []
    context.set(zmq.MAX_SOCKETS, 2000)
    body = client.request(proto.Ping())
    for _ in range(1000):
        sockets.append(Client(url=stack.url, pair=pair, context=context))
        sockets[-1].send(body)
    for one in sockets:
        assert one.receive(60).status == 'OK'
    each = (stack.memory() - before) / 1000
    began = time.monotonic()
    assert client.ask(proto.Ping()).status == 'OK'
    assert time.monotonic() - began < 1
    for one in sockets:
        one.close()
    context.term()
    margin = 3 if b'__asan_init' in (stack.bin / 'customers').read_bytes() else 1
    print(f'{each / KIBI:.1f} KiB a connection')
    assert each < margin * 45 * KIBI, f'{each / KIBI:.1f} KiB a connection'


def test_too_many_at_once_are_refused_with_a_delay_and_nothing_is_lost(new_stack):
    """Every request is sent again, unchanged, until it is accepted; each has one effect."""
    stack = new_stack(only='customers', KEHU_MAX_REQUESTS=4)
    with Client(stack) as client:
        waiting = {}
        for n in range(60):
            events = [placed(f'A{n}-{i}', 's', customer=f'C{n % 7}') for i in range(20)]
            identity = str(uuid.uuid4())
            waiting[identity] = client.request(proto.Publish(events=events), id=identity)
        refused, accepted = 0, 0
        for body in waiting.values():
            client.send(body)
        end = time.monotonic() + 60
        while waiting and time.monotonic() < end:
            reply = client.receive()
            if reply.status == 'RESOURCE_EXHAUSTED':
                refused += 1
                assert 0 < reply.retry_after <= 1 and 'at once' in reply.message
                time.sleep(0.005)
                client.send(waiting[reply.id])
                continue
            assert reply.status == 'OK', reply
            accepted += reply.payload.accepted
            del waiting[reply.id]
        assert not waiting and accepted == 1200
        assert refused > 0 and stack.metrics()['kehu_requests_refused_overload_total'] == refused
        assert books.report(client, 'total') == {('total', 'CNY'): (1200, 1200, 7, 12000)}


def test_a_key_over_its_own_limit_does_not_take_the_others_room(stack, client, source):
    stack.new_key(f'{source}-small', publish=source, max_in_flight=1)
    with Client(stack, key=f'{source}-small') as small:
        bodies = [small.request(proto.Publish(events=[big_order(f'A{n}', source)]))
                  for n in range(20)]
        for body in bodies:
            small.send(body)
        assert client.publish(placed('B', source + 'x')).outcomes == ['accepted']
        statuses = [small.receive().status for _ in bodies]
        assert set(statuses) <= {'OK', 'RESOURCE_EXHAUSTED'} and 'OK' in statuses
        assert 'RESOURCE_EXHAUSTED' in statuses
        for body in bodies:
            while True:
                small.send(body)
                reply = small.receive()
                if reply.status not in AGAIN:
                    break
                time.sleep(reply.retry_after)
            assert reply.payload.accepted == 1
    assert books.net_of(client, f'{source}:C1') == 20 * 200


def test_too_many_parked_polls_are_refused_and_health_is_still_answered(new_stack):
    stack = new_stack(KEHU_MAX_POLLS=5)
    poll = proto.Fetch(after='end')
    poll.wait.seconds = 20
    with Client(stack) as client:
        for _ in range(8):
            client.send(client.request(poll))
        first = client.receive(15)
        assert first.status == 'RESOURCE_EXHAUSTED' and first.retry_after > 0
    assert stack.http('/healthz')[0] == 200


def test_a_deadline_that_comes_while_waiting_is_kept(stack, client, source):
    """The request stands behind a row lock that somebody else holds."""
    client.publish(placed('A', source))
    with stack.database() as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute('select 1 from order_key where source = %s for update', (source,))
        late = placed('A', source, lines=[('tea', 2, '10')], event_at=10)
        body = client.request(proto.Publish(events=[late]), deadline=None)
        request = proto.Request.FromString(body)
        request.deadline.FromNanoseconds(time.time_ns() + 700_000_000)
        began = time.monotonic()
        client.send(request.SerializeToString())
        reply = client.receive(10)
        assert reply.status == 'DEADLINE_EXCEEDED' and time.monotonic() - began < 3
        connection.rollback()
    # What became of it is unknown to the client; the same request again tells.
    request.ClearField('deadline')
    answer = client.ask(**{f.name: v for f, v in request.ListFields()})
    assert answer.status == 'OK' and answer.payload.accepted == 1
    assert client.customer(f'{source}:C1').sales[0].orders == 1


def test_four_publishers_at_once_give_the_same_figures(stack, client, source):
    def work(n):
        with Client(stack) as mine:
            for i in range(25):
                reply = mine.insist(proto.Publish(events=[
                    placed(f'{n}-{i}-{k}', source, customer=f'C{(i + k) % 5}') for k in range(8)]))
                done.append(reply.payload.accepted)
    done = []
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sum(done) == 800
    assert sum(books.net_of(client, f'{source}:C{n}') for n in range(5)) == 8000
    assert stack.value('select count(*) from customer_ref where source = %s', source) == 5


def test_requests_pipelined_on_one_connection_are_all_answered(client, source):
    bodies = {}
    for n in range(200):
        identity = f'{source}-{n}'
        events = [placed(f'A{n}', source, customer='one')]
        bodies[identity] = client.request(proto.Publish(events=events), id=identity)
        client.send(bodies[identity])
    answers = {}
    for _ in bodies:
        reply = client.receive()
        answers[reply.id] = reply.status
    assert answers == {identity: 'OK' for identity in bodies}
    assert books.net_of(client, f'{source}:one') == 2000


def test_without_redis_the_service_goes_on_and_says_so(new_stack):
    stack = new_stack()
    with Client(stack) as client:
        assert client.publish(placed('A', 's')).outcomes == ['accepted']
        stack.flush_redis()
        assert client.publish(placed('B', 's')).outcomes == ['accepted']
        stack.stop_redis()
        assert client.publish(placed('C', 's')).outcomes == ['accepted']
        until(lambda: '"redis","state":"degraded"' in stack.http('/readyz')[1])
        assert stack.http('/readyz')[0] == 200
        assert books.net_of(client, 's:C1') == 30
        stack.start_redis()
        until(lambda: '"degraded"' not in stack.http('/readyz')[1])


def test_without_postgres_it_is_not_ready_says_unavailable_and_recovers(new_stack):
    stack = new_stack()
    with Client(stack) as client:
        assert client.publish(placed('A', 's')).outcomes == ['accepted']
        stack._unsupervise('postgres')
        until(lambda: not stack.is_ready())
        status, page = stack.http('/readyz')
        assert status == 503 and '"postgres","state":"down"' in page
        assert stack.http('/healthz')[0] == 200
        body = client.request(proto.Publish(events=[placed('B', 's', id='B')]))
        client.send(body)
        reply = client.receive(35)
        assert reply.status == 'UNAVAILABLE' and reply.retry_after > 0
        stack.up()
        stack.becomes_ready()
        again = client.insist(**{f.name: v for f, v in proto.Request.FromString(body).ListFields()})
        assert again.payload.accepted == 1
        assert books.net_of(client, 's:C1') == 20


def test_a_killed_service_keeps_what_it_acknowledged_and_answers_the_same_again(new_stack):
    stack = new_stack()
    with Client(stack) as client:
        body = client.request(proto.Publish(events=[placed('A', 's'),
                                                    placed('B', 's', at=10**6)]))
        client.send(body)
        before = client.receive().raw
        stack.kill('customers')
        until(lambda: stack.is_ready())
    with Client(stack) as client:
        client.send(body)
        assert client.receive().raw == before
        assert Reply(before).payload.historic == 1
        assert books.net_of(client, 's:C1') == 20
