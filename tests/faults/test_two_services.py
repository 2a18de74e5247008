"""Two customers services on one database (issue 2, show 6)."""
import collections
import random
import time

import pytest

from tests.faults import feed, state
from tests.faults.reader import Reader


@pytest.fixture(scope='module')
def pair(tmp_path_factory):
    from tests.support.stack import Stack
    it = Stack(tmp_path_factory.mktemp('pair'), instances=2).up()
    yield it
    it.down()


@pytest.fixture(scope='module')
def events(size):
    return feed.documents(size(300, 3000), customers=size(12, 60))


@pytest.fixture(scope='module')
def in_order(pair, events):
    feed.publish_all(pair, feed.batches(feed.told_by('calm', events), 50), window=1,
                     urls=pair.urls[:1])
    return 'calm'


def parts(told, dice):
    """Four publishers' work: a quarter each, half of it all in common, each in its own order."""
    common = dice.sample(told, len(told) // 2)
    for n in range(4):
        mine = told[n::4] + common
        dice.shuffle(mine)
        yield feed.batches(mine, 30, dice)


def hold_horizon(stack, dice):
    """A transaction that keeps what others commit above the readers' horizon for a while, then
    comes to nothing."""
    with stack.database() as connection, connection.cursor() as cursor:
        connection.autocommit = False
        cursor.execute('select pg_current_xact_id()')
        time.sleep(dice.uniform(0, 0.2))
        connection.rollback()


def figures(publishers, reader, seconds):
    """What a person wants to know of a run, in one line."""
    return (f'{sum(p.answered for p in publishers)} requests sent '
            f'{sum(p.sendings for p in publishers)} times, {seconds:.1f} s; the reader saw '
            f'{len(reader.seen)} events of {len(reader.versions)} subjects: '
            f'{dict(sum((p.statuses for p in publishers), collections.Counter()))}')


@pytest.mark.parametrize('seed', (1, 2))
def test_four_publishers_with_common_parts(pair, events, in_order, harm, stopwatch, seed):
    source, dice = f'four{seed}', random.Random(seed)
    reader = Reader(pair, seed)
    reader.start()
    publishers = [feed.Publisher(pair, work, seed=n, urls=[pair.urls[n % 2]] if seed == 1 else None)
                  for n, work in enumerate(parts(feed.told_by(source, events), dice))]
    with harm(lambda: hold_horizon(pair, dice), 0.02):
        outcomes = feed.together(publishers)
        seconds = stopwatch()
    reader.finish()
    print(figures(publishers, reader, seconds))
    state.assert_once(pair, outcomes)
    state.assert_same(pair, source, pair, in_order)
    state.assert_sound(pair)


def test_one_of_the_two_is_killed_again_and_again(
        pair, events, in_order, harm, stopwatch, size):
    source, dice = 'killed', random.Random(7)
    reader = Reader(pair, 7)
    reader.start()
    publishers = [feed.Publisher(pair, work, seed=n, window=2, seconds=size(60, 400))
                  for n, work in enumerate(parts(feed.told_by(source, events), dice))]
    victims = random.Random(8)

    def kill():
        if done.times >= size(3, 20):
            return  # the supervisor's pauses grow with every death; the feed must come to its end
        try:
            pair.kill(victims.choice(('customers', 'customers-2')))
        except (OSError, ValueError):
            pass  # it is just being started again

    with harm(kill, lambda: victims.uniform(0.1, size(0.6, 6))) as done:
        outcomes = feed.together(publishers)
        seconds = stopwatch()
    assert done.times > 0
    pair.becomes_ready()
    reader.finish()
    deaths = sum(pair.log(name).count('signal=9') for name in ('customers', 'customers-2'))
    print(f'{deaths} kills;', figures(publishers, reader, seconds))
    state.assert_once(pair, outcomes)
    state.assert_same(pair, source, pair, in_order)
    state.assert_sound(pair)


def test_the_same_event_at_both_services_at_once_has_one_effect(pair, size):
    """Requests of one turn of which some hit a unique violation: each gets the answer that is right
    for it."""
    pair.becomes_ready()
    before = [pair.metrics(n) for n in range(2)]
    for attempt in range(size(3, 15)):
        documents = feed.documents(size(60, 300), customers=6, seed=attempt)
        told = feed.told_by(f'same{attempt}', documents)
        dice, publishers = random.Random(attempt), []
        for url in pair.urls:
            mine = list(told)
            dice.shuffle(mine)
            publishers.append(feed.Publisher(pair, feed.batches(mine, 1), urls=[url], window=64,
                                             patience=10))
        state.assert_once(pair, feed.together(publishers))
    state.assert_sound(pair)

    def moved(name):
        return sum(pair.metrics(n)[name] - before[n][name] for n in range(2))

    assert moved('kehu_pg_stale_total') > 0
    assert moved('kehu_pg_bisections_total') > 0
    assert moved('kehu_requests_again_total') > 0
