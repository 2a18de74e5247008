"""Commands, links, policies and weighings change the same cases from two processes at once, each
in an order of its own: nobody ever waits for another in a circle."""
import contextlib
import random
import threading
import time

import pytest

from tests.support import client
from tests.support.cases import Desk
from tests.support.desk import enum, message, submitted
from tests.support.stack import Stack, until

CASES = 60


@pytest.fixture
def house(tmp_path):
    stack = Stack(tmp_path / 'house', instances=2).up()
    yield stack
    stack.down()


def desk_of(house, n):
    return client.Client(house, source=f'desk{n}',
                         url=f'tcp://127.0.0.1:{house.base_port + 20 + 2 * (n % 2)}')


def chase(house, n, numbers, going, done):
    """All cases in one burst, shuffled: those of one turn of the process are one transaction."""
    dice = random.Random(n)
    with contextlib.closing(desk_of(house, n)) as desk:
        while going.is_set():
            for number in dice.sample(numbers, len(numbers)):
                desk.send(desk.request(message('ChaseCase', ref=number, text='再催',
                                               channel=enum('CHANNEL_PHONE'))))
            for _ in numbers:
                done[desk.receive(60).status == 'OK'] += 1


def apply_policies(house, n, going, done):
    """Open clocks get another time again and again."""
    with contextlib.closing(desk_of(house, n)) as desk:
        days = 4
        while going.is_set():
            listed = desk.ask(message('ListPolicies', kind='targets')).payload
            policy = message('Policy', reason='别的时限')
            for priority in ('NORMAL', 'HIGH', 'URGENT'):
                policy.targets.targets.add(clock='resolution', working_days=days,
                                           priority=enum(f'PRIORITY_{priority}'))
            reply = desk.ask(message('ApplyPolicy', policy=policy,
                                     expected_version=listed.policies[0].version))
            done[reply.status == 'OK'] += 1
            assert reply.status in ('OK', 'ABORTED', 'FAILED_PRECONDITION'), reply
            days = 9 - days


def grade(house, going, done):
    """Every open case is to be weighed again, by another grade each time."""
    grades = 'AC'
    while going.is_set():
        house.sql('update complaints.customer_seen set grade = %s', grades[0])
        house.sql('insert into complaints.case_weigh_mark (case_id) select id from'
                  ' complaints.cases order by random()')
        done[True] += 1
        grades = grades[::-1]
        time.sleep(0.1)


def appear(house, source, going, done):
    """Customers become known of whom there are cases already: one set of links after another."""
    with contextlib.closing(desk_of(house, 8)) as desk, \
            client.Client(house, source=source) as shop:
        while going.is_set():
            n = done[True]
            names = [f'N{n}-{k}' for k in range(8)]
            desk.publish(*[submitted(desk.source, '灯坏了', id=name, customer_ref=f'{source}:{name}')
                           for name in names])
            shop.publish(*[client.placed(f'D{name}', source, customer=name) for name in names])
            done[True] += 1
            time.sleep(0.1)


def deadlocks(house):
    time.sleep(1.5)  # what a session did is told to the statistics once a second
    return house.value("select deadlocks from pg_stat_database where datname = 'kehu'")


def test_two_processes_that_change_the_same_cases_never_wait_in_a_circle(house, size):
    source = 'locks'
    with contextlib.closing(Desk(house, 'setup')) as setup:
        numbers = [setup.case().number for _ in range(CASES)]
    going, counts, errors = threading.Event(), [], []
    going.set()

    def run(act, *arguments):
        counts.append({True: 0, False: 0})

        def work(done=counts[-1]):
            try:
                act(house, *arguments, going, done)
            except BaseException as error:  # noqa: B902  shown at the end
                errors.append(error)
        return threading.Thread(target=work, daemon=True)

    threads = [run(chase, n, numbers) for n in range(6)]
    threads += [run(apply_policies, n) for n in range(2)]
    threads += [run(grade), run(appear, source)]
    for thread in threads:
        thread.start()
    time.sleep(size(12, 60))
    going.clear()
    for thread in threads:
        thread.join(90)
    assert not errors, errors
    assert deadlocks(house) == 0, counts
    assert all(count[True] > 0 for count in counts[:6] + counts[8:]), counts
    assert counts[6][True] + counts[7][True] > 0, counts  # where both apply one, one comes too late
    until(lambda: house.value(
        "select count(*) from complaints.cases where customer_id is null"
        " and customer_source = %s", source) == 0, 60)
