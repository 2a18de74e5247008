"""The event log: what Fetch gives, to a reader who believes nothing."""
import threading
import time

import psycopg2
import pytest

from tests.support import proto
from tests.support.client import Client, amended, cancelled, placed
from tests.support.consumed import catches_up

REGISTERED = 'kehu.customers.v1.CustomerRegistered'
RECORDED = 'kehu.customers.v1.OrderRecorded'


def opened(events):
    return [proto.contract[e.type].FromString(e.proto_data.value) for e in events]


class StrictReader:
    """Reads on from a position and insists that each subject's versions come 1, 2, 3 …

    Subjects must be new after the position.
    """

    def __init__(self, stack, after=''):
        self.stack, self.after, self.last, self.events = stack, after, {}, []

    def take(self, page):
        for one in page.events:
            subject = one.attributes['subject'].ce_string
            version = one.attributes['entityversion'].ce_integer
            wanted = self.last.get(subject, 0) + 1
            assert version == wanted, f'{subject}: version {version}, expected {wanted}'
            self.last[subject] = version
            self.events.append(one)
        self.after = page.next

    def run(self, stop, max=200):
        with Client(self.stack) as client:
            while True:
                was_over = stop.is_set()
                if was_over:
                    self.stack.log_settles()
                page = client.fetch(self.after, max, wait=0 if was_over else 0.2)
                self.take(page)
                if was_over and not page.more and not page.events:
                    return


def publish_from_four_threads(stack, source, rounds):
    def work(n):
        with Client(stack) as mine:
            for i in range(rounds):
                reply = mine.insist(proto.Publish(events=[
                    placed(f'{n}-{i}-{k}', source, customer=f'C{(n + i + k) % 6}')
                    for k in range(4)]))
                failures.extend([] if reply.payload.accepted == 4 else [reply])
    failures = []
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failures == []


def test_a_new_customer_and_his_order_stand_in_the_log(client, source):
    after = client.end()
    client.publish(placed('A', source, lines=[('tea', 2, '10.5')], at='2026-11-20T03:00:00Z'))
    events, _ = client.fetch_all(after)
    assert [e.type for e in events] == [REGISTERED, RECORDED]
    registered, recorded = opened(events)
    file = client.customer(f'{source}:C1')
    assert (registered.customer_id, registered.number) == (file.id, file.number)
    assert recorded.customer_id == file.id and recorded.net_micros == 21_000_000
    assert recorded.day == '2026-11-20' and recorded.lines == 1 and not recorded.cancelled
    assert [e.attributes['entityversion'].ce_integer for e in events] == [1, 2]
    assert {e.attributes['subject'].ce_string for e in events} == {file.id}
    assert file.version == 2
    assert all(e.source == 'customers' and e.spec_version == '1.0' and e.id for e in events)


def test_a_duplicate_adds_nothing_to_the_log(client, source):
    once = placed('A', source)
    client.publish(once)
    after = client.end()
    client.publish(once)
    assert client.fetch_all(after)[0] == []


def test_who_caused_an_event_is_said_in_it(client, source):
    after = client.end()
    client.publish(placed('A', source), id=f'{source}-cause', correlation_id='corr-7',
                   traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
    events, _ = client.fetch_all(after)
    assert events
    for one in events:
        assert one.attributes['causationid'].ce_string == f'{source}-cause'
        assert one.attributes['correlationid'].ce_string == 'corr-7'
        assert one.attributes['traceparent'].ce_string.startswith('00-0af7')


def test_pages_follow_each_other_without_gap_or_repeat(client, source):
    after = client.end()
    client.publish(*[placed(f'A{n}', source, customer=f'C{n}') for n in range(25)])
    whole, _ = client.fetch_all(after)
    assert len(whole) == 50
    for size in (1, 7, 50, 1000):
        paged, position = client.fetch_all(after, max=size)
        assert [e.id for e in paged] == [e.id for e in whole]
        assert len(client.fetch(position).events) == 0


def test_a_page_holds_at_most_max_and_says_that_there_is_more(client, source):
    after = client.end()
    client.publish(*[placed(f'A{n}', source) for n in range(9)])
    client.stack.log_settles()
    page = client.fetch(after, max=4)
    assert len(page.events) == 4 and page.more
    rest, end = client.fetch_all(page.next)
    assert len(rest) == 6 and not client.fetch(end).more


def test_only_the_wanted_types_come(client, source):
    after = client.end()
    client.publish(*[placed(f'A{n}', source, customer=f'C{n}') for n in range(5)])
    only, end = client.fetch_all(after, types=[REGISTERED])
    assert [e.type for e in only] == [REGISTERED] * 5
    assert len(client.fetch_all(after, max=2, types=[RECORDED])[0]) == 5
    assert client.fetch_all(end)[0] == []


def test_the_same_position_gives_the_same_events_again(client, source):
    after = client.end()
    client.publish(placed('A', source))
    first, _ = client.fetch_all(after)
    client.publish(placed('B', source))
    second, _ = client.fetch_all(after)
    assert [e.id for e in second[:len(first)]] == [e.id for e in first]
    assert first[0].SerializeToString(deterministic=True) \
        == second[0].SerializeToString(deterministic=True)


def test_a_long_poll_is_woken_by_a_publish(stack, client, source):
    poll = proto.Fetch(after=client.end(), max=10)
    poll.wait.seconds = 20
    with Client(stack) as reader:
        reader.send(reader.request(poll))
        time.sleep(0.3)
        began = time.monotonic()
        client.publish(placed('A', source))
        reply = reader.receive(10)
        assert time.monotonic() - began < 2
        assert [e.type for e in reply.payload.events][0] == REGISTERED


def test_a_long_poll_without_news_ends_empty_at_its_time(client):
    began = time.monotonic()
    page = client.fetch('end', wait=0.5)
    assert len(page.events) == 0 and 0.4 < time.monotonic() - began < 3


def test_end_gives_only_what_comes_from_now_on(client, source):
    client.publish(placed('A', source))
    client.stack.log_settles()
    start = client.fetch('end').next
    assert len(client.fetch(start).events) == 0
    client.publish(placed('B', source))
    assert [o.net_micros for o in opened(client.fetch_all(start)[0])] == [10_000_000]


@pytest.mark.parametrize('given, field', [
    (dict(after='nonsense'), 'after'), (dict(after='1.2'), 'after'),
    (dict(after='-1.1.1.1'), 'after'),
    (dict(max=1001), 'max'), (dict(consumer='c' * 65), 'consumer'),
    (dict(types=['x'] * 33), 'types')])
def test_a_bad_question_is_refused_by_field(client, given, field):
    reply = client.ask(proto.Fetch(**given))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field]


def test_a_wait_of_over_thirty_seconds_is_refused(client):
    poll = proto.Fetch()
    poll.wait.seconds = 31
    assert client.ask(poll).fields.keys() == {'wait'}


def test_versions_are_strict_under_four_publishers(stack, client, source):
    reader, stop = StrictReader(stack, client.end()), threading.Event()
    thread = threading.Thread(target=run_and_keep, args=(reader, stop, errors := []))
    thread.start()
    publish_from_four_threads(stack, source, rounds=15)
    stop.set()
    thread.join(60)
    assert errors == []
    recorded = [e for e in reader.events if e.type == RECORDED]
    assert len(recorded) == 4 * 15 * 4


def run_and_keep(reader, stop, errors):
    try:
        reader.run(stop)
    except AssertionError as error:
        errors.append(error)


def row_23_a_slow_transaction_skips_nothing_in_the_event_log(stack, client, source):
    """BEHAVIOUR §6 row 23. Another's write transaction takes its xid first and commits last: a
    reader that went by position or by commit would pass over what lies between."""
    start = client.end()
    reader, stop, errors = StrictReader(stack, start), threading.Event(), []
    thread = threading.Thread(target=run_and_keep, args=(reader, stop, errors))
    client.publish(placed('first', source))
    subject = client.customer(f'{source}:C1').id
    with stack.database('owner') as slow, slow.cursor() as cursor:
        slow.autocommit = False
        # A writer of the log itself that is in no hurry: it has its xid and its position now.
        cursor.execute("""with one as (insert into subject_version
                              values (gen_random_uuid(), 1) returning subject, version)
                          insert into log (epoch, id, type, subject, version, at, correlation_id,
                              causation_id, traceparent, data)
                          select log_epoch, gen_random_uuid(), 'test.Slow', subject, version,
                              now(), '', '', '', '' from installation, one returning position""")
        position = cursor.fetchone()[0]
        thread.start()
        publish_from_four_threads(stack, source, rounds=5)
        time.sleep(0.3)
        assert stack.value('select max(position) from log') > position  # overtaken …
        assert not any(e.type == RECORDED and e.attributes['entityversion'].ce_integer > 2
                       for e in reader.events)                          # … and not yet shown
        slow.commit()
    stop.set()
    thread.join(60)
    assert errors == []
    assert len([e for e in reader.events if e.type == 'test.Slow']) == 1
    wanted = stack.sql("""select id::text from log where subject in
        (select customer_id from customer_ref where source = %s)""", source)
    got = [e.id for e in reader.events if e.type != 'test.Slow']
    assert len(got) == len(set(got)) and {i for i, in wanted} <= set(got)
    assert subject in reader.last
    catches_up(stack)   # and so is the neighbour, who reads it too


def test_a_slow_transaction_of_another_database_delays_but_skips_nothing(stack, client, source):
    start = client.end()
    other = psycopg2.connect(stack.conninfo('superuser').replace('dbname=kehu', 'dbname=postgres'))
    with other.cursor() as cursor:
        cursor.execute('create temporary table t (a int)')
        client.publish(placed('A', source))
        time.sleep(0.1)
        other.rollback()
    other.close()
    poll = client.fetch(start, wait=5)
    assert [e.type for e in poll.events] == [REGISTERED, RECORDED]


def test_a_raised_epoch_goes_on_after_the_old_one(new_stack):
    """As after a restore: the transaction numbers of the cluster may have gone back."""
    stack = new_stack()
    with Client(stack) as client:
        client.publish(placed('A', 's'))
        position = client.end()
        client.publish(placed('B', 's'))
        stack.sql('update installation set log_epoch = log_epoch + 1', role='owner')
        stack.kill('customers')
        stack.becomes_ready()
    with Client(stack) as client:
        client.publish(placed('C', 's'))
        events, end = client.fetch_all(position)
        assert [e.attributes['entityversion'].ce_integer for e in events] == [3, 4]
        whole, _ = client.fetch_all('')
        assert [e.attributes['entityversion'].ce_integer for e in whole] == [1, 2, 3, 4]
        client.publish(placed('D', 's'))
        assert len(client.fetch_all(end)[0]) == 1


def test_events_carry_ids_and_figures_only(stack, client, source):
    external, name = f'EXT-{source}-13085', f'Zhang Xiaoming {source}'
    region, product = f'Region-{source}', f'Product-{source}'
    after = client.end()
    client.publish(placed(f'NUM-{source}', source, customer=external, name=name, region=region,
                          lines=[(product, 1, '5')]),
                   amended(f'NUM-{source}', 1, source, customer=external, name=name + ' II'),
                   cancelled(f'NUM-{source}', source))
    assert client.fetch_all(after)[0]
    data = b''.join(bytes(row[0]) for row in stack.sql('select data from log'))
    # The other system's id of the customer is one of the ids: by it a service links what comes.
    for text in (name, region, product, f'NUM-{source}', '云南', 'tea'):
        assert text.encode() not in data, text


def test_two_services_on_one_database_keep_the_versions_strict(new_stack):
    """Issue, shows 6: two customers services, four publishers, one strict reader from the start."""
    stack = new_stack(instances=2)
    reader, stop, errors = StrictReader(stack), threading.Event(), []
    thread = threading.Thread(target=run_and_keep, args=(reader, stop, errors))
    thread.start()

    def work(n):
        with Client(stack, url=stack.urls[n % 2]) as mine:
            for i in range(15):
                reply = mine.insist(proto.Publish(events=[
                    placed(f'{n}-{i}-{k}', 's', customer=f'C{(n + i + k) % 5}')
                    for k in range(4)]))
                answers.append(reply.status)
    answers = []
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    stop.set()
    thread.join(60)
    assert set(answers) == {'OK'} and len(answers) == 60
    assert errors == []
    assert len([e for e in reader.events if e.type == RECORDED]) == 240
    assert len([e for e in reader.events if e.type == REGISTERED]) == 5
    with Client(stack) as client:
        assert sum(s.net_micros for n in range(5) for s in client.customer(f's:C{n}').sales) \
            == 2400 * 1_000_000
