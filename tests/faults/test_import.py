"""An import through everything that can be killed under it (issue 2, show 5)."""
import json
import re
import signal
import subprocess
import time

import pytest

from tests.faults import state
from tests.support.stack import data_file, open_gz, until

FULL_FILE = 'orders_2010.csv.gz'
EVENTS, LINES, NET = 28816, 525461, '9539484.634'


@pytest.fixture(scope='module')
def order_file(tmp_path_factory, size):
    """(file, events): all of the real data, or its beginning."""
    whole = data_file(FULL_FILE)
    if not whole:
        pytest.skip('../shared/data/orders_2010.csv.gz is not there')
    lines = size(6000, None)
    if not lines:
        return whole, EVENTS
    head = tmp_path_factory.mktemp('data') / 'head.csv'
    with open_gz(whole) as source:
        text = [source.readline() for _ in range(lines)]
    head.write_text(''.join(text), encoding='utf-8')
    return head, len({line.split(',')[0] for line in text[1:]})


def options(file, *more):
    return ['import', 'orders', str(file), '--format', 'online-retail', '--source', 'uci',
            '--currency', 'GBP', '--json', *map(str, more)]


def imported(stack, file, *more):
    answer = stack.kehuctl(*options(file, *more), timeout=900)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


class Import:
    """kehuctl at work."""

    def __init__(self, stack, file, *more):
        self.process = subprocess.Popen([stack.bin / 'kehuctl', *options(file, *more)], text=True,
                                        env=stack.environment(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, seconds=900):
        out, err = self.process.communicate(timeout=seconds)
        assert self.process.returncode == 0, f'{self.process.returncode}: {err}'
        return json.loads(out.splitlines()[-1])


def kept(stack):
    """How many events are on disk; None while nobody can say."""
    try:
        return stack.value('select count(*) from receipt')
    except Exception:  # noqa: B902  the server is being restarted
        return None


def reports(stack):
    return {by: stack.kehuctl_json('report', 'sales', '--by', by)
            for by in ('total', 'region', 'month', 'customer')}


def business(new_stack):
    return new_stack(timezone='Europe/London', currency='GBP')


@pytest.fixture(scope='module')
def undisturbed(tmp_path_factory, order_file):
    """A stack that has imported the same file in peace."""
    from tests.support.stack import Stack
    stack = Stack(tmp_path_factory.mktemp('calm'), timezone='Europe/London', currency='GBP').up()
    try:
        answer = imported(stack, order_file[0])
        counts = answer['accepted'], answer['duplicates'], answer['rejected']
        assert counts == (order_file[1], 0, 0)
        yield stack
    finally:
        stack.down()


def assert_equal_to(undisturbed, stack, events):
    assert kept(stack) == events
    state.assert_sound(stack)
    state.assert_same(stack, 'uci', undisturbed, 'uci')
    assert reports(stack) == reports(undisturbed)


def harms(stack, small):
    """[(share of the events on disk, what is done then)]: a kill at once and after each tenth, and
    between them three restarts of PostgreSQL, Redis emptied and stopped; all of it thinner when
    small. Redis stays away until the end."""
    def restart(how):
        return lambda: stack.restart_postgres(how, wait=False)

    between = [(0.15, restart(signal.SIGQUIT)), (0.35, stack.flush_redis),
               (0.45, restart(signal.SIGINT)), (0.65, stack.stop_redis),
               (0.85, restart(signal.SIGQUIT))][:4 if small else 5]
    kills = (0, 0.5, 0.8) if small else [n / 10 for n in range(11)]
    return sorted(between + [(share, lambda: kill_running(stack)) for share in kills],
                  key=lambda harm: harm[0])


def kill_running(stack, how=signal.SIGKILL):
    until(lambda: (stack.var / 'run/customers.pid').exists())
    stack.kill('customers', how)


def test_an_import_survives_every_kill_and_restart(new_stack, undisturbed, order_file):
    file, events = order_file
    stack = business(new_stack)
    small = events < EVENTS
    work = Import(stack, file, *(['--batch', 5, '--in-flight', 4, '--rate', 75] if small else []))
    begun = time.monotonic()
    for share, harm in harms(stack, small):
        until(lambda: (kept(stack) or 0) >= int(events * share), 300)
        assert share == 1 or work.process.poll() is None, f'the import ended before {share}'
        harm()
    answer = work.finish()
    seconds = time.monotonic() - begun
    assert (answer['events'], answer['accepted'], answer['duplicates'], answer['rejected']) == \
        (events, events, 0, 0)
    kills = 3 if small else 11
    until(lambda: len(re.findall(r'event=ended pid=\d+ signal=9', stack.log())) == kills)
    assert stack.log('postgres').count('event=started') == (3 if small else 4)
    stack.start_redis()
    again = imported(stack, file)
    assert (again['accepted'], again['duplicates'], again['rejected']) == (0, events, 0)
    assert_equal_to(undisturbed, stack, events)
    if not small:
        assert (answer['lines'], answer['historic']) == (LINES, EVENTS)
        assert reports(stack)['total'][0]['net'] == NET
    print(f'{kills} kills, {seconds:.1f} s: {answer}; again: {again}')


def test_an_import_that_was_ended_goes_on_where_it_was(new_stack, undisturbed, order_file, size):
    """First told to end (it says how far it came), then killed."""
    file, events = order_file
    stack = business(new_stack)
    for part, how in enumerate((signal.SIGTERM, signal.SIGKILL, signal.SIGKILL), 1):
        work = Import(stack, file, '--batch', 10, '--rate', size(100, 6000))
        until(lambda: kept(stack) >= events * part // 5, 120)
        work.process.send_signal(how)
        out, err = work.process.communicate(timeout=30)
        if how == signal.SIGTERM:
            answer = json.loads(out.splitlines()[-1])
            assert work.process.returncode == 3, err
            assert answer['finished'] is False
            assert answer['accepted'] == kept(stack) < events
            print(f'terminated: {answer}')
    time.sleep(0.3)  # what was on the way when it was killed
    before = kept(stack)
    assert 0 < before < events
    answer = imported(stack, file)
    print(f'at last: {answer}')
    assert (answer['accepted'], answer['duplicates']) == (events - before, before)
    assert_equal_to(undisturbed, stack, events)


def test_a_service_that_is_told_to_stop_answers_what_it_has(
        new_stack, undisturbed, order_file, size):
    file, events = order_file
    stack = business(new_stack)
    work = Import(stack, file, '--batch', 5, '--rate', size(150, 3000))
    stops = size(2, 8)
    for part in range(1, stops + 1):
        until(lambda: kept(stack) >= events * part // (stops + 1), 120)
        assert work.process.poll() is None
        kill_running(stack, signal.SIGTERM)
    answer = work.finish()
    print(f'{stops} stops: {answer}')
    assert (answer['accepted'], answer['duplicates'], answer['rejected']) == (events, 0, 0)
    ends = re.findall(r'event=ended pid=\d+ (\w+=\d+)', stack.log())
    assert ends == ['exit=0'] * stops
    assert_equal_to(undisturbed, stack, events)
