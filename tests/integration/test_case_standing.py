"""How the cases of a customer stand is counted when they change, and on the day on which one leaves
a window; told once, whichever instances run and whatever ends them (row 27)."""
import datetime
import os
import signal
import time
import uuid

import pytest

from tests.support import proto
from tests.support.case_rows import CaseRows
from tests.support.client import Client
from tests.support.stack import Stack, until

DAY = datetime.timedelta(days=1)


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    """Two instances; the clock can be moved."""
    stack = Stack(tmp_path_factory.mktemp('standing'), instances=2,
                  KEHU_INSTALLATION='test').up()
    yield stack
    stack.down()


@pytest.fixture(scope='module')
def client(house):
    with Client(house, url=f'tcp://127.0.0.1:{house.base_port + 20}') as it:
        yield it


@pytest.fixture
def rows(house):
    return CaseRows(house)


def mark(house, *customers):
    with house.database() as connection, connection.cursor() as cursor:
        for customer in customers:
            cursor.execute('insert into complaints.customer_standing_mark values (%s, %s)',
                           (str(uuid.uuid4()), customer))


def told(house, customer):
    """Every CustomerCasesChanged of the customer, in order."""
    found = house.sql("select data from complaints.log where subject = %s and type ="
                      " 'kehu.complaints.v1.CustomerCasesChanged' order by version", customer)
    return [proto.CustomerCasesChanged.FromString(bytes(data)) for data, in found]


def is_settled(house):
    return house.value('select count(*) from complaints.customer_standing_mark') == 0


def counted(house, *customers):
    """The last that was told of the customer, after everything marked was counted."""
    mark(house, *customers)
    until(lambda: is_settled(house))
    return told(house, customers[0])[-1]


def test_counts_follow_the_cases(house, rows):
    li, wang = rows.staff('st.li', 'complaint_handler'), rows.staff('st.wang', 'complaint_handler')
    him = rows.customer()
    rows.add(customer_id=him, handler_id=li, at=-86400 * 10, fault=1)
    rows.add(customer_id=him, handler_id=li, at=-86400 * 20, severity=3)
    rows.add(customer_id=him, handler_id=wang, at=-86400 * 100, state='closed', fault=1)
    rows.add(customer_id=him, at=-86400 * 400, state='closed')
    rows.add(customer_id=him, kind='enquiry', state='closed', at=-60)
    rows.add(customer_id=him, state='withdrawn')
    now = counted(house, him)
    assert (now.total, now.open, now.complaints_90_days, now.complaints_12_months,
            now.our_fault_12_months) == (6, 2, 2, 3, 2)
    assert now.serious_open and not now.repeat_complainant
    assert list(now.open_handler_ids) == [li]
    assert now.last_at.ToDatetime() == max(
        case.submitted_at for case in rows.cases).replace(tzinfo=None)


def test_the_same_standing_is_not_told_again(house, rows):
    him = rows.customer()
    rows.add(customer_id=him)
    counted(house, him)
    counted(house, him)
    assert len(told(house, him)) == 1


def test_who_has_no_case_is_not_told(house, rows):
    him, other = rows.customer(), rows.customer()
    rows.add(customer_id=other)
    counted(house, other, him)
    assert told(house, him) == []


def test_three_in_90_days_are_a_repeat_complainant(house, rows):
    him = rows.customer()
    for n in range(2):
        rows.add(customer_id=him, at=-3600 * n - 60)
    assert not counted(house, him).repeat_complainant
    rows.add(customer_id=him, at=-30)
    assert counted(house, him).repeat_complainant


def test_the_cases_of_a_merged_customer_count_on_the_survivor_until_it_is_undone(house, rows):
    survivor, merged = rows.customer(), rows.customer()
    rows.add(customer_id=survivor)
    rows.add(customer_id=merged)
    rows.add(customer_id=merged)
    assert counted(house, merged, survivor).total == 2
    house.sql('update complaints.customer_seen set survivor_id = %s, counts_as = %s'
              ' where customer_id = %s', survivor, survivor, merged)
    assert counted(house, merged).total == 0
    assert told(house, survivor)[-1].total == 3
    house.sql('update complaints.customer_seen set survivor_id = null, counts_as = null'
              ' where customer_id = %s', merged)
    assert counted(house, merged, survivor).total == 2
    assert told(house, survivor)[-1].total == 1


def test_a_case_that_is_opened_marks_its_customer(house, rows, client):
    him = rows.customer(number='KH888001')
    reply = client.ask(proto.OpenComplaint(
        channel=4, content='The tea was mouldy.',
        complainant=proto.Complainant(customer_ref='KH888001')))
    assert reply.status == 'OK', reply
    until(lambda: told(house, him))
    assert told(house, him)[-1].open == 1


def kills(house, name):
    """False: it is not there, since it was killed a moment ago."""
    try:
        os.kill(house.pid(name), signal.SIGKILL)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def test_many_customers_are_counted_once_each_though_processes_are_killed(house, rows):
    customers = [rows.customer() for _ in range(300)]
    rows.write(*[rows.make(customer_id=customer) for customer in customers for _ in range(2)])
    mark(house, *customers, *customers)
    for n in range(4):
        until(lambda: kills(house, 'complaints' if n % 2 else 'complaints-2'))
        mark(house, *customers[n::7])
    until(lambda: is_settled(house), 60)
    for customer in customers:
        assert [event.total for event in told(house, customer)] == [2]


def test_row_27_the_last_event_leaves_a_90_day_window_and_is_told_on_that_day(
        house, rows, client):
    """Submitted 88 days ago: it is of the last 90 days today and tomorrow, and then no more."""
    him = rows.customer()
    local = datetime.timezone(datetime.timedelta(hours=8))
    today = datetime.datetime.now(local).date()
    noon = datetime.datetime.combine(today, datetime.time(12), local)
    rows.add(customer_id=him, at=noon - 88 * DAY, state='closed')
    rows.add(customer_id=him, at=noon - 300 * DAY, state='closed')
    assert counted(house, him).complaints_90_days == 1
    assert house.value('select next_on from complaints.customer_standing where customer_id = %s',
                       him) == today + 2 * DAY
    midnight = datetime.datetime.combine(today + DAY, datetime.time(), local)
    client.advance((midnight - datetime.datetime.now(local)).total_seconds() + 20 * 3600)
    time.sleep(2.5)
    assert len(told(house, him)) == 1, 'it was told before its day'
    client.advance(4 * 3600 + 5)
    until(lambda: len(told(house, him)) == 2)
    now = told(house, him)[-1]
    assert (now.complaints_90_days, now.complaints_12_months, now.total) == (0, 2, 2)
    # The year of the older one is over on its own day.
    client.advance(60 * 86400)
    assert len(told(house, him)) == 2
    client.advance(6 * 86400)
    until(lambda: len(told(house, him)) == 3)
    assert told(house, him)[-1].complaints_12_months == 1
