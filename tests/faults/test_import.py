"""An import through everything that can be killed under it (issue 2, show 5)."""
import json
import os
import pathlib
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


def test_an_import_survives_every_kill_and_restart(new_stack, undisturbed, order_file):
    file, events = order_file
    stack = business(new_stack)
    small = events < EVENTS
    work = Import(stack, file, *(['--batch', 20, '--in-flight', 4] if small else []))
    harms = {
        2: lambda: stack.restart_postgres(signal.SIGQUIT, wait=False), 3: stack.flush_redis,
        4: lambda: stack.restart_postgres(signal.SIGINT, wait=False), 6: stack.stop_redis,
        8: lambda: stack.restart_postgres(signal.SIGQUIT, wait=False)}
    killed, tenths = 0, range(0, 10, 2 if small else 1)
    for tenth in tenths:
        until(lambda: work.process.poll() is not None
              or (kept(stack) or -1) >= events * tenth // 10, 300)
        if work.process.poll() is None or tenth == 0:
            until(lambda: pathlib.Path(f'{stack.var}/run/customers.pid').exists(), 30)
            stack.kill('customers')
            killed += 1
        if tenth in harms and work.process.poll() is None:
            harms[tenth]()
    answer = work.finish()
    assert killed == len(tenths)
    assert (answer['events'], answer['accepted'], answer['duplicates'], answer['rejected']) == \
        (events, events, 0, 0)
    stack.start_redis()
    again = imported(stack, file)
    assert (again['accepted'], again['duplicates'], again['rejected']) == (0, events, 0)
    assert_equal_to(undisturbed, stack, events)
    if not small:
        assert (answer['lines'], answer['historic']) == (LINES, EVENTS)
        assert reports(stack)['total'][0]['net'] == NET


def test_an_import_that_is_killed_goes_on_where_it_was(new_stack, undisturbed, order_file, size):
    file, events = order_file
    stack = business(new_stack)
    more = ['--batch', 10, '--rate', size(600, 6000)]
    for part in range(1, 4):
        work = Import(stack, file, *more)
        until(lambda: work.process.poll() is not None or kept(stack) >= events * part // 5, 120)
        work.process.kill()
        work.process.communicate()
        before = kept(stack)
    time.sleep(0.3)  # what was on the way when it was killed
    before = kept(stack)
    assert 0 < before < events
    answer = imported(stack, file)
    assert answer['accepted'] + answer['duplicates'] == events
    assert answer['duplicates'] == before
    assert_equal_to(undisturbed, stack, events)


def test_a_terminated_import_says_how_far_it_came(new_stack, order_file):
    file, events = order_file
    stack = business(new_stack)
    work = Import(stack, file, '--batch', 10, '--rate', 500)
    until(lambda: kept(stack) > 30, 60)
    work.process.send_signal(signal.SIGTERM)
    out, err = work.process.communicate(timeout=30)
    answer = json.loads(out.splitlines()[-1])
    assert work.process.returncode == 3, err
    assert answer['finished'] is False
    assert answer['accepted'] == kept(stack) < events


def test_a_service_that_is_told_to_stop_answers_what_it_has(new_stack, undisturbed, order_file,
                                                            size):
    file, events = order_file
    stack = business(new_stack)
    work = Import(stack, file, '--batch', 5, '--rate', size(100, 1500))
    stopped = 0
    while work.process.poll() is None:
        time.sleep(size(0.4, 4))
        if (work.process.poll() is None and stopped < size(2, 50)
                and (pathlib.Path(stack.var) / 'run/customers.pid').exists()):
            os.kill(stack.pid(), signal.SIGTERM)
            stopped += 1
    answer = work.finish()
    assert (answer['accepted'], answer['duplicates'], answer['rejected']) == (events, 0, 0)
    assert stopped > 0
    ends = re.findall(r'event=ended pid=\d+ (\w+)=(\d+)', stack.log())
    assert len(ends) >= stopped - 1 and set(ends) == {('exit', '0')}
    assert_equal_to(undisturbed, stack, events)
