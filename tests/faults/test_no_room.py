"""No room: the disk of PostgreSQL and of the logs is full, Redis takes nothing more. What was
acknowledged is kept, what changes something is refused with a delay, health says why, and when
there is room again everything goes on by itself."""
import contextlib
import datetime
import json
import os
import subprocess
import time

import psycopg2

from tests.faults import feed, state
from tests.support import clocks, consumed, proto
from tests.support.cases import Desk
from tests.support.client import now
from tests.support.stack import Stack, until


def fill(folder):
    """Takes what room there is; the file that holds it."""
    ballast = folder / 'ballast'
    with open(ballast, 'wb', buffering=0) as file:
        for piece in (1 << 20, 1 << 12):
            try:
                while file.write(bytes(piece)) == piece:
                    pass
            except OSError:
                pass
    return ballast


def opening(n):
    return proto.OpenComplaint(kind=1, channel=1, content=f'茶饼受潮 {n}', external_ref=f'room:{n}',
                               complainant=proto.Complainant(anonymous=True))


class Counter:
    """Cases that are opened one after the other, each until it is acknowledged."""

    def __init__(self, desk):
        self.desk, self.opened, self.bodies, self.refusals = desk, {}, {}, []

    def open(self, n):
        """Once; the status of the answer."""
        body = self.bodies.setdefault(n, self.desk.client.request(opening(n)))
        self.desk.client.send(body)
        reply = self.desk.client.answer_to(body, 40)
        if reply.status == 'OK':
            self.opened[n] = reply.payload.number
        else:
            self.refusals.append(reply)
        return reply.status

    def insist(self, n, seconds=60):
        end = time.monotonic() + seconds
        while self.open(n) != 'OK':
            assert time.monotonic() < end, self.refusals[-1]
            time.sleep(self.refusals[-1].retry_after or 0.1)


def page(stack):
    """(status, {part: (state, detail)}) of the health of complaints."""
    status, text = stack.http('/readyz', instance=5)
    return status, {part['name']: (part['state'], part['detail'])
                    for part in json.loads(text)['parts']}


def says_why(stack):
    _, parts = page(stack)
    return parts['postgres'] if parts['postgres'][0] != 'healthy' else None


def opened_once(stack):
    """{n: number}; each case is there once."""
    rows = stack.sql('select external_id::int, number from complaints.cases'
                     " where external_source = 'room'")
    assert len(dict(rows)) == len(rows)
    return dict(rows)


def rings(stack):
    return stack.sql("select split_part(type, '.', 4), count(*) from complaints.log"
                     " where type like '%%.Clock%%' group by 1 order by 1")


def use_up_the_log(stack):
    """What PostgreSQL has in reserve of its own log goes too: it ends itself, and cannot begin."""
    with contextlib.suppress(psycopg2.Error):
        for _ in range(20):
            stack.value('select pg_switch_wal()')
            stack.sql('create table public.more as select generate_series(1, 1000)')
            stack.sql('drop table public.more')


def test_a_full_disk_refuses_cases_and_events_and_recovers(small_disk, size):
    stack = Stack(small_disk).up()
    try:
        fill_and_recover(stack, small_disk, size)
    finally:
        stack.down()


def test_a_server_that_ended_itself_for_want_of_room_is_waited_for(only_full, small_disk, size):
    stack = Stack(small_disk).up()
    try:
        fill_and_recover(stack, small_disk, size, use_up_the_log)
    finally:
        stack.down()


def fill_and_recover(stack, small_disk, size, harm=None):
    desk = Desk(stack, 'room')
    counter = Counter(desk)
    for n in range(20):
        counter.insist(n)
    due = now() + datetime.timedelta(seconds=4)
    clocks.arm(stack, 40, due, over=2, each=2, warns=True)
    ballast = fill(small_disk)
    told = feed.told_by('room', feed.documents(size(600, 6000), customers=100, seed=9))
    publisher = feed.Publisher(stack, feed.batches(told, 100), window=4, patience=5)
    publisher.start()
    if harm:
        harm(stack)
    n = 20
    while len(counter.refusals) < 5:
        counter.open(n)
        n += 1
        assert n < 20000, 'the disk does not fill'
    assert {reply.status for reply in counter.refusals} == {'UNAVAILABLE'}, counter.refusals
    assert all(reply.retry_after for reply in counter.refusals)
    why = until(lambda: says_why(stack), 30)
    print(f'{n - 20} cases tried; {why}; {counter.refusals[-1].message}')
    assert desk.ask(proto.Ping(), timeout=5).status == 'OK'
    until(lambda: publisher.statuses['UNAVAILABLE'] > 0 or not publisher.is_alive())
    until(lambda: now() > due + datetime.timedelta(seconds=3))
    ballast.unlink()
    for m in range(n + 5):
        if m not in counter.opened:
            counter.insist(m)
    publisher.finish()
    until(lambda: says_why(stack) is None, 30)
    assert opened_once(stack) == counter.opened
    state.assert_once(stack, publisher.outcomes)
    state.assert_sound(stack)
    until(lambda: stack.value('select count(*) from complaints.clock where next_at < now()') == 0)
    assert rings(stack) == [('ClockBreached', 80), ('ClockWarned', 80)]
    consumed.catches_up(stack)
    # Logs are on that disk too: lines are lost, and then there are lines again.
    desk.ok(proto.ListCases(), id='after-all')
    until(lambda: 'request=after-all' in stack.log('complaints'))
    desk.close()


def redis(stack, *command):
    password = (stack.var / 'secrets/redis.password').read_text().strip()
    answer = subprocess.run(['redis-cli', '-h', '127.0.0.1', '-p', str(stack.base_port + 1),
                             *command], env={**os.environ, 'REDISCLI_AUTH': password}, text=True,
                            stdout=subprocess.PIPE)
    return answer.stdout.strip()


def test_a_redis_that_takes_nothing_more_is_not_missed(new_stack):
    """Its memory is full and it may forget nothing: writes are refused, and nobody notices."""
    stack = new_stack()
    redis(stack, 'config', 'set', 'maxmemory-policy', 'noeviction')
    redis(stack, 'config', 'set', 'maxmemory', '1')
    assert redis(stack, 'set', 'a', 'b').startswith('OOM')
    desk = Desk(stack, 'room')
    counter = Counter(desk)
    for n in range(20):
        counter.insist(n)
    outcomes = feed.publish_all(stack, feed.batches(feed.told_by('room', feed.documents(40)), 10))
    state.assert_once(stack, outcomes.outcomes)
    assert not counter.refusals and set(outcomes.statuses) == {'OK'}
    assert opened_once(stack) == counter.opened
    consumed.catches_up(stack)
    assert desk.ask(proto.ListCases()).status == 'OK'
    desk.close()
