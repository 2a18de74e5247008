"""Events flow both ways, orders one way and cases the other, while both services are killed at
random: every version of every subject is consumed once and in order in either direction, and what
each knows is what the other said (issue 5, show 6)."""
import random

import pytest

from tests.faults import feed, state
from tests.support.consumed import Trace, both_level
from tests.support.desk import submitted
from tests.support.stack import Stack

VICTIMS = ('customers', 'customers-2', 'complaints', 'complaints-2')


@pytest.fixture
def house(tmp_path):
    stack = Stack(tmp_path / 'house', instances=2).up()
    yield stack
    stack.down()


def submissions(source, count, customers, dice):
    """Cases of customers of whom some are not known yet."""
    return [submitted(source, f'第{n}件投诉', id=f'case-{n}', customer_ref=f'{source}:C{who}',
                      order=f'{source}:order-{n}')
            for n, who in ((n, dice.randrange(customers)) for n in range(count))]


def counted(stack):
    """{customer: (open, all)} by the cases themselves."""
    return {customer: (now, total) for customer, now, total in stack.sql(
        'select customer_id::text, count(*) filter (where state not in (9, 11, 12, 13, 14)),'
        ' count(*) from complaints.cases where customer_id is not null group by 1')}


def known(stack):
    """The same as the customers service knows it."""
    return {customer: (now, total) for customer, now, total in stack.sql(
        'select customer_id::text, open, total from customers.customer_cases')}


def test_no_gap_and_no_repeat_in_either_direction_while_both_are_killed(house, harm, size):
    there, back = Trace(house), Trace(house, reader='customers', log='complaints')
    dice, victims = random.Random(15), random.Random(16)
    customers = size(12, 60)
    orders = feed.documents(size(120, 2000), customers=customers)
    cases = submissions('both', size(150, 2000), customers + 3, dice)
    desks = [f'tcp://127.0.0.1:{house.base_port + 20 + 2 * n}' for n in range(2)]
    publishers = [
        feed.Publisher(house, feed.batches(feed.told_by('both', orders), 15, dice), seed=1,
                       window=2, seconds=size(120, 400)),
        feed.Publisher(house, feed.batches(cases, 8, dice), seed=2, window=2, urls=desks,
                       seconds=size(120, 400))]

    def kill():
        if done.times >= size(8, 60):
            return  # the supervisor's pauses grow with every death; the feed must come to its end
        try:
            house.kill(victims.choice(VICTIMS))
        except (OSError, ValueError):
            pass  # it is just being started again

    with harm(kill, lambda: victims.uniform(0.1, size(1, 6))) as done:
        outcomes = feed.together(publishers)
    house.becomes_ready()
    state.assert_once(house, {event: said for event, said in outcomes.items()
                              if not event[1].startswith('case-')})
    assert all(said == ['accepted'] for event, said in outcomes.items()
               if event[1].startswith('case-')), outcomes
    both_level(house, seconds=180)
    versions = sum(there.check().values()), sum(back.check().values())
    assert house.value('select count(*) from complaints.cases') == len(cases)
    assert known(house) == counted(house)
    deaths = sum(house.log(name).count('signal=9') for name in VICTIMS)
    print(f'{deaths} kills; {versions[0]} versions there, {versions[1]} back')
    assert deaths > 0
