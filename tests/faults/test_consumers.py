"""Two services, two processes each, killed at random: every version of every subject is consumed
once and in order, and what is known is what was said (issue 5, show 6)."""
import random

import pytest

from tests.faults import feed
from tests.support import proto
from tests.support.client import Client
from tests.support.consumed import Trace, catches_up
from tests.support.stack import Stack

VICTIMS = ('customers', 'customers-2', 'complaints', 'complaints-2')


@pytest.fixture
def house(tmp_path):
    stack = Stack(tmp_path / 'house', instances=2).up()
    yield stack
    stack.down()


def said_orders(stack):
    """Which orders count for whom, after all that the log says."""
    there = {}
    with Client(stack) as client:
        events, _ = client.fetch_all('')
    for one in events:
        told = proto.contract[one.type].FromString(one.proto_data.value)
        if one.type.endswith('.OrderRecorded'):
            there[told.order_id, told.customer_id] = (
                None if told.cancelled else (told.day, told.net_micros))
        elif one.type.endswith('.OrderMoved'):
            there[told.order_id, told.customer_id] = None
    return {key: value for key, value in there.items() if value}


def known_orders(stack):
    return {(order, customer): (str(day), net) for order, customer, day, net in stack.sql(
        'select order_id::text, customer_id::text, day, net_micros from complaints.customer_order')}


def test_nothing_is_lost_or_doubled_while_both_services_are_killed(house, harm, size):
    trace, dice, victims = Trace(house), random.Random(5), random.Random(6)
    events = feed.documents(size(300, 3000), customers=size(20, 80))
    publishers = [feed.Publisher(house, feed.batches(feed.told_by(f'kill{n}', events), 20, dice),
                                 seed=n, window=2, seconds=size(90, 400)) for n in range(2)]

    def kill():
        if done.times >= size(8, 60):
            return  # the supervisor's pauses grow with every death; the feed must come to its end
        try:
            house.kill(victims.choice(VICTIMS))
        except (OSError, ValueError):
            pass  # it is just being started again

    with harm(kill, lambda: victims.uniform(0.1, size(1, 6))) as done:
        feed.together(publishers)
    house.becomes_ready()
    catches_up(house, seconds=90)
    stands = trace.check()
    assert known_orders(house) == said_orders(house)
    deaths = sum(house.log(name).count('signal=9') for name in VICTIMS)
    print(f'{deaths} kills; {sum(stands.values())} versions of {len(stands)} subjects')
    assert deaths > 0
