"""Timers, the virtual clock and commands of the floor, with a service whose timers leave rows
behind (tests/support/ticking.c)."""
import contextlib
import datetime
import shutil
import time

import pytest

from tests.support import client, proto
from tests.support.stack import Stack, programs, until

DAY = datetime.timedelta(days=1)


@pytest.fixture
def ticking(tmp_path):
    """ticking(instances=2): a test installation whose `customers` is the ticking service."""
    made = []

    def make(installation='test', **options):
        folder = tmp_path / f'bin{len(made)}'
        folder.mkdir()
        for name in ('kehuctl', 'kehu-supervise'):
            (folder / name).symlink_to(programs().resolve() / name)
        built = programs().resolve().parent
        objects = built if built.name == 'san' else built / 'build/rel'
        shutil.copy2(objects / 'tests/support/ticking', folder / 'customers')
        made.append(Stack(tmp_path / f'stack{len(made)}', bin=folder,
                          KEHU_INSTALLATION=installation, **options))
        return made[-1].up()

    yield make
    for stack in made:
        stack.down()


def seconds(count):
    return proto.duration_pb2.Duration(seconds=count)


def arm(stack, key, due, data=b''):
    """Arms timers as another process would; `due` is a time or a list of (key, time)."""
    rows = [(key, due)] if not isinstance(due, list) else due
    with stack.database() as connection, connection.cursor() as cursor:
        cursor.executemany("insert into timer (key, kind, due_at, armed_at, data)"
                           " values (%s, split_part(%s, ':', 1), %s, now(), %s)",
                           [(k, k, at, data) for k, at in rows])
        cursor.execute('notify customers_timer')


def ticks(stack):
    return stack.sql('select key, due_at, rang_at from tick order by n')


def service_now(asker):
    return asker.insist(proto.Ping()).payload.now.ToDatetime(tzinfo=datetime.timezone.utc)


def test_a_timer_rings_when_it_is_due_and_is_gone(ticking):
    stack = ticking()
    due = client.now() + datetime.timedelta(seconds=1.5)
    arm(stack, 'once:a', due)
    [(key, due_at, rang_at)] = until(lambda: ticks(stack))
    assert key == 'once:a' and abs(due_at - due) < datetime.timedelta(milliseconds=1)
    assert due <= rang_at < due + datetime.timedelta(seconds=1)
    assert stack.value('select count(*) from timer') == 0


def test_a_timer_that_became_due_while_nobody_was_there_rings_late_and_once(ticking):
    stack = ticking()
    stack._unsupervise('customers')
    arm(stack, 'once:late', client.now())
    time.sleep(1.2)
    stack.up()
    [(key, due_at, rang_at)] = until(lambda: ticks(stack))
    assert key == 'once:late' and rang_at - due_at > datetime.timedelta(seconds=1)


def test_each_timer_rings_once_however_often_the_service_is_killed(ticking):
    stack = ticking(instances=2)
    due = client.now() + datetime.timedelta(seconds=1)
    keys = [f'once:{n}' for n in range(3000)]
    arm(stack, None, [(key, due) for key in keys])
    for n in range(6):
        time.sleep(0.35)
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it is dead already
            stack.kill('customers' if n % 2 else 'customers-2')
    # A crashed process's leases run out after a minute; the test does not wait so long.
    until(lambda: stack.sql("update timer set leased_until = now() - interval '1 s'"
                            " where leased_until < now() + interval '59 s'") or
          stack.value('select count(*) from timer') == 0, 90, every=0.5)
    assert sorted(key for key, *_ in ticks(stack)) == sorted(keys)


def test_ten_thousand_timers_of_one_second_ring_in_seconds(ticking):
    stack = ticking(instances=2)
    due = client.now() + datetime.timedelta(seconds=2)
    arm(stack, None, [(f'once:{n}', due) for n in range(10000)])
    until(lambda: stack.value('select count(*) from tick') == 10000, 60)
    assert stack.value('select count(distinct key) from tick') == 10000


def test_a_year_of_the_virtual_clock_rings_monthly_timers_in_order(ticking):
    stack = ticking(instances=2)
    with client.Client(stack) as asker:
        begun = service_now(asker)
        arm(stack, None, [(f'monthly:{n}', begun + (n + 1) * DAY) for n in range(3)])
        arm(stack, 'once:window', begun + 90 * DAY)
        body = asker.request(proto.AdvanceClock(by=seconds(365 * 86400)))
        answers = []
        while not answers or not answers[-1].arrived:
            asker.send(body)
            reply = asker.answer_to(body, timeout=60)
            assert reply.status == 'OK', reply
            answers.append(reply.payload)
        now = service_now(asker)
        assert 365 * DAY <= now - begun < 366 * DAY
        seen = ticks(stack)
        # Each on its day, in the order of time, and the clock stood at that moment.
        assert [due for _, due, _ in seen] == sorted(due for _, due, _ in seen)
        assert all(due <= rang < due + datetime.timedelta(minutes=2) for _, due, rang in seen)
        for n in range(3):
            days = [round((due - begun) / DAY) for key, due, _ in seen if key == f'monthly:{n}']
            assert days == list(range(n + 1, 366, 30))
        assert [round((due - begun) / DAY) for key, due, _ in seen if key == 'once:window'] == [90]
        # Asked once more, the same request moves nothing.
        asker.send(body)
        assert asker.answer_to(body).payload.stops == 0
        assert service_now(asker) - now < DAY
    # All processes have the same clock, also after a crash.
    before = stack.kill('customers-2')
    until(lambda: stack.is_ready(1) and stack.pid('customers-2') != before)
    with client.Client(stack, url=stack.urls[1]) as asker:
        until(lambda: service_now(asker) - now >= datetime.timedelta(0))


def test_the_clock_waits_for_a_timer_that_is_not_done(ticking):
    stack = ticking()
    with client.Client(stack) as asker:
        now = service_now(asker)
        arm(stack, 'broken:x', now + DAY)
        reply = asker.ask(proto.AdvanceClock(by=seconds(10 * 86400)),
                          deadline=client.now() + datetime.timedelta(seconds=3))
        assert reply.status == 'OK' and not reply.payload.arrived
        assert reply.payload.waits_for == 'broken:x'
        assert DAY <= service_now(asker) - now < 2 * DAY


def test_clocks_do_not_go_back_and_those_of_live_installations_not_forward(ticking):
    stack = ticking()
    with client.Client(stack) as asker:
        past = client.timestamp(client.now() - DAY)
        assert asker.ask(proto.AdvanceClock(to=past)).status == 'FAILED_PRECONDITION'
        assert asker.ask(proto.AdvanceClock(by=seconds(-5))).status == 'INVALID_ARGUMENT'
        assert asker.ask(proto.AdvanceClock()).status == 'INVALID_ARGUMENT'
        both = proto.AdvanceClock(by=seconds(5), to=past)
        assert asker.ask(both).status == 'INVALID_ARGUMENT'
        clock = asker.ask(proto.GetClock()).payload
        assert clock.installation == 'test' and not clock.HasField('next_timer')
    stack.new_key('reader', call='customers.*')
    with client.Client(stack, key='reader') as asker:
        assert asker.ask(proto.AdvanceClock(by=seconds(5))).status == 'PERMISSION_DENIED'
    live = ticking(installation='live')
    with client.Client(live) as asker:
        assert asker.ask(proto.AdvanceClock(by=seconds(5))).status == 'FAILED_PRECONDITION'


def test_kehuctl_shows_and_advances_the_clock(ticking):
    stack = ticking()
    arm(stack, 'once:a', client.now() + DAY)
    answer = stack.kehuctl('clock', 'show')
    assert answer.returncode == 0 and 'a test installation' in answer.stdout, answer
    moved = stack.kehuctl_json('clock', 'advance', '--by', '30d')
    assert moved['arrived'] and moved['stops'] == 1
    assert [key for key, *_ in ticks(stack)] == ['once:a']
    year = (client.now() + 400 * DAY).year
    assert stack.kehuctl('clock', 'advance', '--to', f'{year}-12-01').returncode == 0
    assert f'{year}-' in stack.kehuctl('clock', 'show').stdout
    assert stack.kehuctl('clock', 'advance', '--to', '2010-12-01').returncode == 1
    assert stack.kehuctl('clock', 'advance', '--by', 'soon').returncode == 2
    assert stack.kehuctl('clock', 'advance').returncode == 2


def test_a_command_repeated_gets_its_answer_again_and_has_one_effect(ticking):
    stack = ticking()
    with client.Client(stack) as asker:
        body = asker.request(type='kehu.customers.v1.GetCustomer', id='same', payload=b'abc')
        for _ in range(20):
            asker.send(body)
        answers = [asker.receive() for _ in range(20)]
        assert {a.status for a in answers} == {'OK'}
        assert {a.payload.service for a in answers} == {'same'}
        assert len({a.raw for a in answers}) == 1
        until(lambda: ticks(stack))
        time.sleep(0.2)
        assert [key for key, *_ in ticks(stack)] == ['once:same']
        other = asker.ask(type='kehu.customers.v1.GetCustomer', id='same', payload=b'abd')
        assert other.status == 'FAILED_PRECONDITION' and 'id' in other.fields
        # An id is unique within its source only.
        other = asker.ask(type='kehu.customers.v1.GetCustomer', id='same', source='till')
        assert other.status == 'OK'
