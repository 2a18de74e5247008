"""Rows of sweeps that PostgreSQL refuses: each is set aside by itself, and stops no other."""
import datetime

import pytest
from google.protobuf import duration_pb2

from tests.support import clocks, proto
from tests.support.client import Client, now
from tests.support.stack import Stack, until

SECOND = datetime.timedelta(seconds=1)


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('sweeps'), KEHU_INSTALLATION='test').up()
    yield stack
    stack.down()


@pytest.fixture
def client(house):
    url = f'tcp://127.0.0.1:{house.base_port + 20}'
    with Client(house, url=url) as it:
        yield it


def health(client):
    reply = client.insist(proto.GetHealth())
    return {part.name: (part.state, part.detail) for part in reply.payload.parts}['sweeps']


def metric(client, name):
    reply = client.insist(proto.GetStats())
    return {c.name: c.value for c in reply.payload.counters}[f'kehu_sweeps_{name}']


def poison(house, table, column, rows):
    """Every update of these rows fails; call the result to mend it."""
    house.sql(f'''
        create or replace function complaints.poison() returns trigger language plpgsql as $$ begin
            raise 'this row cannot be written'; end $$;
        create trigger poison before update on complaints.{table} for each row
            when (old.{column} = any (array[{', '.join(f"'{row}'::uuid" for row in rows)}]))
            execute function complaints.poison()''')
    return lambda: house.sql(f'drop trigger poison on complaints.{table}')


def aside(house):
    return house.sql('select sweep, id::text, tries, why from complaints.sweep_aside order by id')


def case(n):
    return f'{n:08x}-0000-7000-8000-000000000000'


def clock(n, kind=2):
    return case(n)[:-1] + str(kind)


def test_a_clock_that_can_never_be_written_stops_no_other(house, client):
    before = len(clocks.told(house))
    mend = poison(house, 'clock', 'id', [clock(300), clock(900)])
    clocks.arm(house, 1500, now() - 2 * SECOND, over=1, each=2)
    until(lambda: len(clocks.told(house)) - before == 3000 - 2, 30)
    until(lambda: len(aside(house)) == 2)
    assert {subject for subject, *_ in clocks.told(house)} >= {case(n) for n in (1, 300, 900, 1500)}
    for (sweep, row, tries, why), expected in zip(aside(house), (clock(300), clock(900))):
        assert (sweep, row) == ('clocks', expected) and tries >= 1
        assert 'case_clock_save' in why and 'this row cannot be written' in why
    until(lambda: health(client)[0] == 2)  # degraded, and it goes on
    assert health(client)[1].startswith('clocks: 2 rows ')
    assert metric(client, 'aside') == 2 and metric(client, 'set_aside_total') >= 2
    assert clock(300) in house.log('complaints')
    # Others that fall due meanwhile are told as ever, and the clock can be moved on.
    clocks.arm(house, 10, now(), first=2000)
    until(lambda: len(clocks.told(house)) - before == 3010 - 2)
    ahead = proto.AdvanceClock(by=duration_pb2.Duration(seconds=3600))
    assert client.insist(ahead).payload.arrived
    # Tried again and again, each time later, until somebody has mended it.
    until(lambda: all(tries >= 3 for _, _, tries, _ in aside(house)))
    mend()
    house.sql('update complaints.sweep_aside set try_at = now()')
    until(lambda: not aside(house) and len(clocks.told(house)) - before == 3010, 40)
    until(lambda: health(client) == (1, '') and metric(client, 'aside') == 0, 40)
    assert house.value('select count(*) from complaints.clock'
                       ' where next_at is not null or breached_at <> due_at') == 0


def belong(house, customer, number, first, count):
    """A customer of grade A, as complaints hears that these cases are his."""
    house.sql('insert into complaints.customer_seen (customer_id, number, grade)'
              " values (%s, %s, 'A')", customer, number)
    house.sql('set session_replication_role = replica; update complaints.cases'
              ' set customer_id = %s where id between %s and %s',
              customer, case(first), case(first + count - 1))
    house.sql('insert into complaints.case_weigh_mark (case_id) select id from complaints.cases'
              ' where customer_id = %s', customer)
    house.sql('notify complaints_timer')


def test_a_case_that_can_never_be_weighed_stops_no_other(house, client):
    """Their customer has become a file of grade A: all are of higher priority now."""
    first, count = 5000, 250
    clocks.arm(house, count, now() + datetime.timedelta(days=30), first=first)
    customer = '00000000-0000-7000-8000-00000000c001'
    mend = poison(house, 'cases', 'id', [case(first + 100)])
    belong(house, customer, 'KH900001', first, count)

    def weighed():
        return house.value('select count(*) from complaints.cases where customer_id = %s'
                           ' and priority = 3', customer)

    until(lambda: weighed() == count - 1, 40)
    until(lambda: [row[:2] for row in aside(house)] == [('priorities', case(first + 100))])
    until(lambda: health(client)[1].startswith('priorities: 1 rows '))
    mend()
    house.sql('update complaints.sweep_aside set try_at = now()')
    until(lambda: weighed() == count and not aside(house), 40)
    assert house.value('select count(*) from complaints.case_weigh_mark') == 0


def test_a_clock_that_ends_for_another_has_its_successor_however_many_the_case_has(house):
    """More than commands can make; all of them rows that run."""
    one, resolution = 7000, 5
    clocks.arm(house, 1, now() + datetime.timedelta(days=30), first=one, each=4)
    house.sql("""
        create temporary table many on commit drop as select c.* from complaints.clock c,
            generate_series(1, 400) where c.id = %s;
        update many set id = gen_random_uuid(), kind = 8;
        insert into complaints.clock select * from many""", clock(one, resolution))
    belong(house, '00000000-0000-7000-8000-00000000c002', 'KH900002', one, 1)
    until(lambda: house.sql('select 1 from complaints.cases where id = %s and priority = 3',
                            case(one)))
    # Superseded, and running anew from the change on.
    assert house.sql('select state from complaints.clock where case_id = %s and kind = %s'
                     ' order by state', case(one), resolution) == [(1,), (4,)]


def test_however_many_are_set_aside_the_others_go_on(house):
    """The look was planned while none was: it must not read all of them anew for each."""
    count, first, other = 20_000, 100_000, 200_000
    house.sql('alter table complaints.sweep_aside set (autovacuum_enabled = false)')
    clocks.arm(house, count, now() + datetime.timedelta(days=30), first=first)
    house.sql('vacuum (analyze) complaints.sweep_aside, complaints.clock')
    before = len(clocks.told(house))
    clocks.arm(house, 10, now(), first=other)
    until(lambda: len(clocks.told(house)) - before == 10, 30)
    house.sql("""with moved as (update complaints.clock set next_at = due_at - interval '60 days'
            where case_id between %s and %s returning id)
        insert into complaints.sweep_aside (sweep, id, why, try_at)
            select 'clocks', id, 'a test', now() + interval '1 day' from moved""",
              case(first), case(first + count))
    clocks.arm(house, 10, now(), first=other + 10)
    until(lambda: len(clocks.told(house)) - before == 20, 30)
    house.sql('delete from complaints.clock where case_id between %s and %s',
              case(first), case(first + count))
    house.sql('delete from complaints.sweep_aside')
