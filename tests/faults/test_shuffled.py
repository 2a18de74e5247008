"""Shuffled and doubled delivery ends in the same state."""
import random

import pytest

from tests.faults import feed, state

SEEDS = (1, 2, 3, 4)


@pytest.fixture(scope='module')
def events(size):
    return feed.documents(size(300, 4000), customers=size(30, 300))


@pytest.fixture(scope='module')
def in_order(stack, events):
    """The source that told everything once and in order."""
    feed.publish_all(stack, feed.batches(feed.told_by('calm', events), 50), window=1)
    state.assert_sound(stack)
    return 'calm'


@pytest.mark.parametrize('seed', SEEDS)
def test_shuffled_and_doubled_in_batches_of_random_size(stack, events, in_order, seed, size):
    dice = random.Random(seed)
    source = f'storm{seed}'
    told = feed.told_by(source, events)
    told += dice.sample(told, len(told) // 2)
    dice.shuffle(told)
    batches = feed.batches(told, size(60, 400), dice)
    publisher = feed.publish_all(stack, batches, window=seed, seed=seed)
    state.assert_once(stack, publisher.outcomes)
    state.assert_same(stack, source, stack, in_order)
    state.assert_sound(stack)


def test_one_event_at_a_time_and_backwards(stack, events, in_order, size):
    few = feed.told_by('backwards', events)[::-1]
    publisher = feed.publish_all(stack, feed.batches(few, 1), window=32, patience=5)
    state.assert_once(stack, publisher.outcomes)
    state.assert_same(stack, 'backwards', stack, in_order)
    state.assert_sound(stack)
