"""PostgreSQL cut off, locked, slow, full: what was acknowledged is kept; it recovers by itself."""
import os
import random
import signal
import threading
import time

import psycopg2
import pytest

from tests.faults import feed, state
from tests.faults.reader import Reader
from tests.support import client, proto
from tests.support.stack import Stack, until


@pytest.fixture(scope='module')
def impatient(tmp_path_factory):
    """One stack for the tests of the time-out; it also has few places for requests."""
    it = Stack(tmp_path_factory.mktemp('impatient'), KEHU_STATEMENT_TIMEOUT=500,
               KEHU_MAX_REQUESTS=64).up()
    yield it
    it.down()


def cut(stack, which):
    """Ends the service's connections of that kind; true when there was one."""
    try:
        return bool(stack.sql("""select pg_terminate_backend(pid) from pg_stat_activity
            where usename = 'customers_run' and application_name like %s""", f'%{which}'))
    except psycopg2.Error:
        return False


@pytest.mark.parametrize('which', ('write', 'read', ''))
def test_a_connection_that_is_cut_loses_and_doubles_nothing(stack, harm, size, stopwatch, which):
    dice = random.Random(which)
    source = f'cut-{which or "both"}'
    told = feed.told_by(source, feed.documents(size(80, 4000), customers=20, seed=3))
    publishers = [feed.Publisher(stack, feed.batches(told[n::3], 5), window=16, seed=n)
                  for n in range(3)]

    def some_cuts():
        if len(cuts) < size(3, 1000):  # the pauses before it connects again grow with each
            cuts.append(cut(stack, which))

    cuts = []
    with harm(some_cuts, lambda: dice.uniform(0, size(0.4, 0.8))):
        outcomes = feed.together(publishers)
    assert any(cuts)
    print(f'{sum(cuts)} cuts, {sum(p.sendings for p in publishers)} requests for '
          f'{sum(p.answered for p in publishers)}, in {stopwatch():.1f} s')
    stack.becomes_ready()
    state.assert_once(stack, outcomes)
    assert len(outcomes) == len(told)
    state.assert_sound(stack)


@pytest.mark.parametrize('how', (signal.SIGINT, signal.SIGQUIT))
def test_the_server_restarts_under_load(stack, size, how):
    source = f'restart-{int(how)}'
    reader = Reader(stack, int(how))
    reader.start()
    for n in range(size(1, 5)):
        told = feed.told_by(f'{source}-{n}', feed.documents(size(150, 2000), customers=20, seed=n))
        publisher = feed.Publisher(stack, feed.batches(told, 4), window=16)
        publisher.start()
        until(lambda: publisher.answered > 20 or publisher.error)
        stack.restart_postgres(how)
        state.assert_once(stack, publisher.finish().outcomes)
    reader.finish()
    state.assert_sound(stack)


def test_no_event_is_hidden_from_a_reader_by_a_crash(stack):
    """A number that PostgreSQL gave to a transaction which came to nothing is given again after a
    crash; a reader must not have passed over it."""
    with client.Client(stack) as asker:
        asker.publish(*feed.told_by('before', feed.documents(5)))
        before, after = asker.fetch_all()
        with stack.database() as connection, connection.cursor() as cursor:
            connection.autocommit = False
            for _ in range(60):
                cursor.execute('select pg_current_xact_id()')
                connection.rollback()
        after = asker.fetch(after).next
        stack.restart_postgres(signal.SIGQUIT)
        asker.insist(proto.Publish(events=feed.told_by('after', feed.documents(5))))
        known = {event.id for event in before}
        new = {event.id for event in asker.fetch(after, wait=2).events}
        assert new and new == {row[0] for row in stack.sql('select id::text from log')} - known


class Lock:
    """Another session that holds a table for itself."""

    def __init__(self, stack, table):
        self.connection = psycopg2.connect(stack.conninfo('superuser'))
        with self.connection.cursor() as cursor:
            cursor.execute(f'lock table customers.{table} in access exclusive mode')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.rollback()
        self.connection.close()


@pytest.mark.parametrize('table', ('receipt', 'order_line', 'sales_figure', 'log'))
def test_a_locked_table_delays_and_loses_nothing(stack, size, table):
    told = feed.told_by(f'lock-{table}', feed.documents(size(60, 600), customers=9, seed=5))
    with client.Client(stack) as asker, Lock(stack, table):
        publisher = feed.Publisher(stack, feed.batches(told, 5), window=8)
        publisher.start()
        late = client.now() + client.datetime.timedelta(seconds=0.4)
        body = proto.Publish(events=feed.told_by(f'late-{table}', feed.documents(1)))
        reply = asker.ask(body, deadline=late)
        assert reply.status == 'DEADLINE_EXCEEDED', reply
        assert asker.ask(proto.Ping(), timeout=2).status == 'OK'
        time.sleep(size(0.2, 5))
        assert publisher.answered == 0
    state.assert_once(stack, publisher.finish().outcomes)
    state.assert_sound(stack)


def test_a_statement_that_takes_too_long_is_given_up_and_repeated(impatient, size):
    stack = impatient
    for table in ('sales_figure', 'receipt', 'log')[:size(2, 3)]:
        told = feed.told_by(f'slow-{table}',
                            feed.documents(size(50, 500), customers=9, seed=6))
        publisher = feed.Publisher(stack, feed.batches(told, 5), window=8, patience=5)
        with Lock(stack, table):
            publisher.start()
            until(lambda: publisher.statuses.total() > 0 or publisher.error)
            time.sleep(size(0.2, 1.2))
        outcomes = publisher.finish().outcomes
        assert publisher.statuses['UNAVAILABLE'] + publisher.statuses['DEADLINE_EXCEEDED'] > 0
        state.assert_once(stack, outcomes)
        assert len(outcomes) == len(told)
    state.assert_sound(stack)


def test_questions_given_up_do_not_fill_the_memory_of_a_locked_service(impatient, size):
    """What nobody waits for any more is neither asked nor kept: the limits of the service hold."""
    stack = impatient
    stack.becomes_ready()
    with client.Client(stack) as asker:
        big = feed.documents(size(30, 200), customers=50, seed=4)
        with Lock(stack, 'receipt'):
            for wave in range(size(8, 40)):
                late = client.now() + client.datetime.timedelta(seconds=0.15)
                for n in range(32):
                    events = feed.told_by(f'w{wave}-{n}', big)
                    asker.send(asker.request(proto.Publish(events=events), deadline=late))
                time.sleep(0.2)
            waiting = stack.metrics()['kehu_pg_waiting_asks']
        begun = time.monotonic()
        question = proto.GetCustomer(ref='KH000001')
        assert asker.insist(question).status in ('OK', 'NOT_FOUND')
        recovered = time.monotonic() - begun
    print(f'{waiting} questions wait; an answer after {recovered:.2f} s')
    assert waiting < 400, f'{waiting} questions wait in PostgreSQL for nobody'
    assert recovered < 5


def test_reports_of_clients_that_were_killed_hold_up_the_next_one_until_their_deadline(stack):
    """Each would wait for the lock for two seconds, one after the other."""
    report = proto.ReportSales(by=1, **{'from': '2020-01-01', 'to': '2030-01-01'})
    with Lock(stack, 'sales_figure'), client.Client(stack) as asker:
        deadline = client.now() + client.datetime.timedelta(seconds=0.5)
        with client.Client(stack) as killed:
            for _ in range(10):
                killed.send(killed.request(report, deadline=deadline))
            time.sleep(0.1)
        begun = time.monotonic()
        assert asker.ask(proto.ListDuplicates()).status == 'OK'
        assert time.monotonic() - begun < 10


class Frozen:
    """The server's processes neither answer nor go away (a hung disk, a stopped host)."""

    def __init__(self, stack):
        self.pids = [row[0] for row in stack.sql(
            "select pid from pg_stat_activity where usename = 'customers_run'")]
        assert self.pids

    def __enter__(self):
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)

    def __exit__(self, *_):
        for pid in self.pids:
            os.kill(pid, signal.SIGCONT)


def test_a_frozen_server_is_noticed_and_comes_back(impatient, size):
    stack = impatient
    stack.becomes_ready()
    told = feed.told_by('frozen', feed.documents(size(100, 1000), customers=9, seed=8))
    publisher = feed.Publisher(stack, feed.batches(told, 5), window=8, patience=5)
    with Frozen(stack):
        publisher.start()
        with client.Client(stack) as asker:
            late = client.now() + client.datetime.timedelta(seconds=0.5)
            reply = asker.ask(proto.GetCustomer(ref='KH000001'), deadline=late)
            assert reply.status == 'DEADLINE_EXCEEDED', reply
            assert asker.ask(proto.Ping(), timeout=2).status == 'OK'
        time.sleep(size(0.1, 1))
    state.assert_once(stack, publisher.finish().outcomes)
    state.assert_sound(stack)


def test_a_server_that_stays_frozen_is_given_up_for_another_connection(only_full, impatient):
    """Every wait ends: past its own statement time-out a server that says nothing is taken for
    hung."""
    stack = impatient
    stack.becomes_ready()
    told = feed.told_by('hung', feed.documents(30, customers=9, seed=8))
    publisher = feed.Publisher(stack, feed.batches(told, 5), window=8, patience=2)
    with Frozen(stack):
        publisher.start()
        until(lambda: publisher.answered == len(publisher.work), 20)
    state.assert_once(stack, publisher.finish().outcomes)
    state.assert_sound(stack)


def test_a_full_disk_refuses_and_recovers(small_disk, size):
    stack = Stack(small_disk).up()
    try:
        feed.publish_all(stack, feed.batches(feed.told_by('before', feed.documents(50)), 10))
        ballast = small_disk / 'ballast'
        with open(ballast, 'wb') as file:
            try:
                while file.write(bytes(1 << 20)):
                    file.flush()
            except OSError:
                pass
        told = feed.told_by('full', feed.documents(size(4000, 8000), customers=500, seed=9))
        publisher = feed.Publisher(stack, feed.batches(told, 100), window=4, patience=5)
        publisher.start()
        until(lambda: publisher.statuses['UNAVAILABLE'] > 3 or not publisher.is_alive(), 60)
        assert publisher.statuses['UNAVAILABLE'] > 0, publisher.statuses
        with client.Client(stack) as asker:
            assert asker.ask(proto.Ping(), timeout=5).status == 'OK'
        ballast.unlink()
        state.assert_once(stack, publisher.finish().outcomes)
        state.assert_sound(stack)
    finally:
        stack.down()


def test_a_stop_while_the_database_hangs_ends_in_time(stack):
    told = feed.told_by('stop', feed.documents(40, customers=9, seed=5))
    with Lock(stack, 'sales_figure'):
        publisher = feed.Publisher(stack, feed.batches(told, 5), window=8)
        publisher.start()
        time.sleep(0.5)
        before = stack.kill('customers', signal.SIGTERM)
        until(lambda: f'event=ended pid={before}' in stack.log(), 20)
        assert f'event=ended pid={before} exit=0' in stack.log()
    state.assert_once(stack, publisher.finish().outcomes)
    state.assert_sound(stack)


def test_many_threads_of_harm_at_once(new_stack, harm, size):
    """Everything together: cut connections, locks, kills, an emptied Redis."""
    stack = new_stack()
    told = feed.told_by('all', feed.documents(size(250, 6000), customers=25, seed=11))
    publishers = [feed.Publisher(stack, feed.batches(told[n::4], 7), window=8, seed=n)
                  for n in range(4)]
    dice, guard = random.Random(12), threading.Lock()

    def hurt():
        if done.times >= size(8, 1000):
            return  # the pauses before it starts and connects again grow with each
        with guard:
            kind = dice.choice(('cut', 'kill', 'lock', 'redis'))
        try:
            if kind == 'cut':
                cut(stack, dice.choice(('read', 'write', '')))
            elif kind == 'kill':
                stack.kill('customers')
            elif kind == 'redis':
                stack.flush_redis()
            else:
                with Lock(stack, dice.choice(('receipt', 'customer', 'orders', 'log'))):
                    time.sleep(dice.uniform(0, 0.4))
        except (OSError, ValueError, psycopg2.Error):
            pass

    reader = Reader(stack, 13)
    reader.start()
    with harm(hurt, lambda: dice.uniform(0, size(0.2, 0.6))) as done:
        outcomes = feed.together(publishers)
    assert done.times > 0
    stack.becomes_ready()
    reader.finish()
    state.assert_once(stack, outcomes)
    assert len(outcomes) == len(told)
    state.assert_sound(stack)
