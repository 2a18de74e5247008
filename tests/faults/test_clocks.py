"""Clocks that fall due while processes are killed (issue 5, show 5): each warning and each breach
is said once, in the order of its case, and in time as soon as somebody is there."""
import collections
import contextlib
import datetime
import os
import random
import signal
import time
import urllib.request

import pytest

from tests.support import clocks
from tests.support.client import now
from tests.support.stack import until

NAMES = ('complaints', 'complaints-2')
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def stack(new_stack):
    return new_stack(instances=2)


def heard(stack):
    """{case: [type, …]} in the order of the log; the versions of each case are 1, 2, 3 …"""
    told = collections.defaultdict(list)
    for subject, version, kind in stack.sql(
            "select subject::text, version, split_part(type, '.', 4) from complaints.log"
            " where type like '%%.Clock%%' order by epoch, xid, position"):
        told[subject].append(kind)
        assert version == len(told[subject]), (subject, version)
    return told


def is_done(stack):
    return stack.value('select count(*) from complaints.clock where next_at is not null') == 0


def is_there(stack, name):
    """The process of that name has done its start and would take over."""
    port = stack.base_port + 21 + 2 * NAMES.index(name)
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{port}/readyz', timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def kill(stack, name):
    """Perhaps it is dead already: the supervisor lets one that dies often wait."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        stack.kill(name)


def check_all_once(stack, count, each):
    told = heard(stack)
    assert len(told) == count
    wanted = {'ClockWarned': each, 'ClockBreached': each}
    wrong = {case: kinds for case, kinds in told.items() if collections.Counter(kinds) != wanted}
    assert not wrong, list(wrong.items())[:3]
    assert stack.sql('select act, count(*) from complaints.case_entry group by act order by act') \
        == [('clock_breached', count * each), ('clock_warned', count * each)]
    # Each as of its own moment, whenever it was said.
    assert stack.value('select count(*) from complaints.clock where breached_at <> due_at'
                       ' or warned_at <> warn_at or outcome <> 2') == 0


@pytest.mark.parametrize('seed', (1, 2))
def test_each_breach_is_said_once_however_the_processes_die(stack, size, seed):
    dice = random.Random(seed)
    count, seconds = size(1500, 20000), size(6, 60)
    clocks.arm(stack, count, now() + SECOND, over=seconds, each=2, warns=True)
    end = time.monotonic() + seconds + 1
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.1, 0.8))
        for name in dice.choice((NAMES[:1], NAMES[1:], NAMES)):
            kill(stack, name)
    until(lambda: is_done(stack), 60, every=0.2)
    check_all_once(stack, count, each=2)


class Calm:
    """How many clocks rang while nobody died, and how late a death may make others."""

    def __init__(self, count, late):
        self.count, self.bound = count, 2 + late


@pytest.fixture
def calm(stack, full):
    """A death may cost two seconds. At full size nothing else runs, and that is the bound; inside
    `make test` others keep the machine busy, and what that costs without any death comes on top."""
    if full:
        return Calm(0, 0)
    clocks.arm(stack, 200, now() + SECOND, over=1, first=1_000_000)
    until(lambda: is_done(stack), every=0.2)
    return Calm(200, clocks.lateness(stack)[-1])


def test_what_is_due_after_the_last_death_is_said_within_two_seconds(stack, size, calm):
    """One process dies while it sweeps; the other takes over before two seconds are over."""
    count = size(2000, 20000)
    due = now() + size(3, 8) * SECOND  # arming so many takes a while
    clocks.arm(stack, count, due, over=4)
    for n in range(4):
        time.sleep(max(0.0, (due + (n + 0.5) * SECOND - now()).total_seconds()))
        until(lambda: is_there(stack, NAMES[(n + 1) % 2]))  # somebody is left
        stack.kill(NAMES[n % 2])
    until(lambda: is_done(stack), 60, every=0.2)
    late = clocks.lateness(stack)
    assert len(late) == len(heard(stack)) == count + calm.count
    assert late[0] >= 0 and late[-1] <= calm.bound, (calm.bound, late[-5:])


def test_clocks_that_fell_due_while_nobody_was_there_are_said_late_once_in_order(stack, size):
    count = size(500, 5000)
    for name in NAMES:
        stack._unsupervise(name)
    clocks.arm(stack, count, now() - SECOND, over=1, each=2, warns=True)
    stack.up()
    until(lambda: is_done(stack), 60, every=0.2)
    check_all_once(stack, count, each=2)
    for kinds in heard(stack).values():  # both warned before the first of them broke
        assert kinds[0] == 'ClockWarned' and kinds[-1] == 'ClockBreached'


def test_a_stopped_process_holds_nobody_up(stack, size, calm):
    """One that hangs keeps its lease for a second and no longer; what it wakes to is stale."""
    count = size(1000, 10000)
    due = now() + size(2, 6) * SECOND
    clocks.arm(stack, count, due, over=4)
    time.sleep(max(0.0, (due + 0.5 * SECOND - now()).total_seconds()))
    pid = stack.pid(NAMES[0])
    os.kill(pid, signal.SIGSTOP)
    try:
        until(lambda: is_done(stack), 60, every=0.2)
    finally:
        os.kill(pid, signal.SIGCONT)
    time.sleep(1)
    assert len(heard(stack)) == count + calm.count
    late = clocks.lateness(stack)
    assert late[-1] <= calm.bound, (calm.bound, late[-5:])
