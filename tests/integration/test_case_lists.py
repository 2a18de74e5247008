"""ListCases and GetQueue: every filter, order and page; what the asker may see; bands and the day
after a chase."""
import datetime
import itertools

import pytest

from tests.support import proto
from tests.support.case_rows import STATES, CaseRows
from tests.support.client import Client
from tests.support.desk import Desk
from tests.support.stack import Stack, until

_numbers = itertools.count(1)


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('lists')).up()
    yield stack
    stack.down()


@pytest.fixture
def rows(house):
    return CaseRows(house)


@pytest.fixture
def client(house):
    with Client(house, url=f'tcp://127.0.0.1:{house.base_port + 20}') as it:
        yield it


@pytest.fixture
def team():
    """A team that no other test uses: it holds a test's cases together."""
    return f'team {next(_numbers)}'


def pages(client, question, size=3):
    """Numbers of all pages, which are as full as they may be."""
    found, token = [], ''
    while True:
        question.page_size, question.page_token = size, token
        reply = client.ask(question)
        assert reply.status == 'OK', reply
        found += [case.number for case in reply.payload.cases]
        token = reply.payload.next_page_token
        if not token:
            return found
        assert len(reply.payload.cases) == size


def listed(client, size=500, actor='', **filters):
    reply = client.ask(proto.ListCases(page_size=size, **filters), actor=actor)
    assert reply.status == 'OK', reply
    return [case.number for case in reply.payload.cases]


def refusal(client, message):
    reply = client.ask(message)
    assert reply.status in ('INVALID_ARGUMENT', 'NOT_FOUND'), reply
    return reply.fields


def test_the_latest_come_first_page_by_page(client, rows, team):
    made = [rows.add(team=team, at=-60 * n).number for n in range(1, 8)]
    assert pages(client, proto.ListCases(team=team)) == made
    assert pages(client, proto.ListCases(team=team, sort='received')) == made[::-1]


def test_cases_of_one_moment_are_paged_without_loss(client, rows, team):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    made = [rows.add(team=team, at=at).number for _ in range(8)]
    for sort in ('-received', 'received', '-priority'):
        assert sorted(pages(client, proto.ListCases(team=team, sort=sort))) == sorted(made)


def test_by_due_come_the_open_ones_those_without_a_clock_last(client, rows, team):
    late = rows.add(team=team, due=-600).number
    soon = rows.add(team=team, due=600).number
    without = [rows.add(team=team).number for _ in range(3)]
    rows.add(team=team, state='closed')
    found = pages(client, proto.ListCases(team=team, sort='due'), 2)
    assert found[:2] == [late, soon]
    assert sorted(found[2:]) == sorted(without)


def test_by_priority_the_latest_of_the_highest_comes_first(client, rows, team):
    low = rows.add(team=team, priority=1, at=-10).number
    old = rows.add(team=team, priority=4, at=-900).number
    new = rows.add(team=team, priority=4, at=-100, state='closed').number
    high = rows.add(team=team, priority=3, at=-50).number
    assert pages(client, proto.ListCases(team=team, sort='-priority'), 2) == [new, old, high, low]


FILTERS = [
    (dict(product='Tee 7'), dict(product='Tee 7'), dict(product='Tee 8')),
    (dict(issue='leaks'), dict(issue='leaks'), dict(issue='leak')),
    (dict(cause='transport.cold'), dict(cause='transport.cold'), dict(cause='transport')),
    (dict(region='云南'), dict(region='云南'), dict(region='')),
    (dict(batch='B1'), dict(batch='B1', product='p'), dict(batch='B2', product='p')),
    (dict(order_number='shop:4711'), dict(order_number='shop:4711'), dict(order_number='4711')),
    (dict(states=[3, 10]), dict(state='disputed'), dict(state='received')),
    (dict(kinds=[2]), dict(kind='suggestion'), dict(kind='complaint')),
    (dict(channels=[7]), dict(channel='wechat'), dict(channel='email')),
    (dict(min_priority=3), dict(priority=3), dict(priority=2)),
    (dict(only_supervised=True), dict(is_supervised=True), dict()),
    (dict(only_breached=True), dict(clocks=[('progress', 2)]), dict(clocks=[('progress', 1)])),
    (dict(text='漏水'), dict(summary='店里的壶漏水'), dict(summary='店里的壶')),
    (dict(text='kettle'), dict(summary='A Kettle leaks'), dict(summary='A pot leaks')),
    (dict(**{'from': '2026-03-02'}), dict(at='2026-03-01T16:00:00Z'),
     dict(at='2026-03-01T15:59:59Z')),
    (dict(to='2026-03-01'), dict(at='2026-03-01T15:59:59Z'), dict(at='2026-03-01T16:00:00Z')),
]


@pytest.mark.parametrize('filters,inside,outside', FILTERS, ids=lambda v: '-'.join(map(str, v)))
def test_a_filter_leaves_what_it_says(client, rows, team, filters, inside, outside):
    wanted = rows.add(team=team, **inside).number
    rows.add(team=team, **outside)
    assert listed(client, team=team, **filters) == [wanted]


def test_a_number_is_found_by_a_piece_of_it(client, rows, team):
    case = rows.add(team=team)
    assert listed(client, team=team, text=case.number[3:].lower()) == [case.number]


def test_a_customer_has_the_cases_of_those_merged_into_him_and_those_that_wait(client, rows, house):
    him = rows.customer(number='KH777001')
    merged = rows.customer(counts_as=him)
    house.sql("insert into complaints.customer_reference values ('shop', 'L-1', %s)", merged)
    own = rows.add(customer_id=him, at=-10).number
    other = rows.add(customer_id=merged, at=-20).number
    rows.add(customer_id=rows.customer())
    for ref in ('KH777001', him, merged, 'shop:L-1'):
        assert listed(client, customer_ref=ref) == [own, other]
    waiting = rows.add(customer_source='shop', customer_external_id='L-2').number
    assert listed(client, customer_ref='shop:L-2') == [waiting]
    assert 'customer_ref' in refusal(client, proto.ListCases(customer_ref='KH777999'))


def test_a_handler_is_named_by_his_code(client, rows):
    code = f'list.{next(_numbers)}'
    handler = rows.staff(code, 'complaint_handler')
    mine = rows.add(handler_id=handler).number
    reply = client.ask(proto.ListCases(handler=code)).payload
    assert [(case.number, case.handler) for case in reply.cases] == [(mine, code)]
    assert 'handler' in refusal(client, proto.ListCases(handler='nobody.here'))


def test_an_owner_sees_the_cases_of_his_customers_and_no_others(client, rows, team):
    code = f'owner.{next(_numbers)}'
    owner = rows.staff(code, 'salesperson')
    seen = rows.add(team=team, customer_id=rows.customer(owner_id=owner)).number
    rows.add(team=team, customer_id=rows.customer())
    assert listed(client, team=team, actor=code) == [seen]
    assert len(listed(client, team=team)) == 2


def test_who_is_recused_from_the_complainant_sees_neither_him_nor_what_he_wrote(
        client, rows, house, team):
    code = f'recused.{next(_numbers)}'
    staff = rows.staff(code, 'complaint_handler')
    customer = rows.customer()
    case = rows.add(team=team, customer_id=customer, summary='about 李 herself')
    house.sql('insert into complaints.case_recusal values (%s, %s, true, now())', case.id, staff)
    reply = client.ask(proto.ListCases(team=team), actor=code).payload.cases[0]
    assert (reply.number, reply.customer_id, reply.summary) == (case.number, '', '')
    assert listed(client, team=team, text='about', actor=code) == []
    assert listed(client, customer_ref=customer, actor=code) == []
    assert listed(client, customer_ref=customer) == [case.number]


@pytest.mark.parametrize('question,field', [
    (dict(page_size=501), 'page_size'), (dict(page_token='x'), 'page_token'),
    (dict(sort='number'), 'sort'), (dict(**{'from': '2026-02-30'}), 'from'),
    (dict(**{'from': '2026-03-02', 'to': '2026-03-01'}), 'to'),
    (dict(customer_ref='no such form'), 'customer_ref'), (dict(states=[99]), 'states[0]'),
    (dict(text='x' * 201), 'text'), (dict(min_priority=9), 'min_priority'),
    (dict(behind=proto.CaseFigure(by=1, figure='weight')), 'behind.figure'),
    (dict(behind=proto.CaseFigure(figure='open')), 'behind.by'),
], ids=lambda v: str(v)[:30])
def test_a_wrong_field_is_named(client, question, field):
    assert field in refusal(client, proto.ListCases(**question))


# --- the queue ---

def queue(client, size=500, actor='', **question):
    reply = client.ask(proto.GetQueue(page_size=size, **question), actor=actor)
    assert reply.status == 'OK', reply
    return [case.number for case in reply.payload.cases]


def test_the_queue_is_by_priority_then_by_what_is_due_first(client, rows, team):
    normal = rows.add(team=team, due=60).number
    urgent = rows.add(team=team, priority=4, due=7200).number
    late = rows.add(team=team, due=-60).number
    idle = [rows.add(team=team).number for _ in range(2)]
    rows.add(team=team, state='closed')
    found = pages(client, proto.GetQueue(team=team), 2)
    assert found[:3] == [urgent, late, normal]
    assert sorted(found[3:]) == sorted(idle)


def test_the_deadline_shown_is_the_one_a_work_list_goes_by(house, client, rows, team):
    late = rows.add(team=team, due=-600).number
    customer = rows.customer(number=f'KH{next(_numbers):06}')
    with Desk(house) as desk:
        online = desk.open('页面打不开', customer_ref=customer, channel='ONLINE').number
    assert house.value('select count(*) from complaints.clock k join complaints.cases c'
                       ' on c.id = k.case_id where c.number = %s and k.kind = 1'
                       ' and k.state = 1', online) == 1, 'its automatic receipt is owed'
    house.sql('update complaints.cases set team = %s where number = %s', team, online)
    house.sql('update complaints.case_queue set team = %s where case_id = (select id from'
              ' complaints.cases where number = %s)', team, online)
    for question in (proto.GetQueue(team=team), proto.ListCases(team=team, sort='due')):
        shown = client.ask(question).payload.cases
        assert [(case.number, case.due_kind) for case in shown] == [
            (late, 'resolution'), (online, 'acknowledge')]


def test_the_queue_of_a_handler_of_a_team_and_of_nobody(client, rows, team):
    code = f'queue.{next(_numbers)}'
    handler = rows.staff(code, 'complaint_handler')
    mine = rows.add(team=team, handler_id=handler, due=60).number
    free = rows.add(team=team, due=90).number
    assert queue(client, handler=code) == [mine]
    assert queue(client, team=team) == [mine, free]
    assert queue(client, team=team, unassigned=True) == [free]
    assert free in queue(client, unassigned=True) and mine not in queue(client, unassigned=True)
    assert queue(client, actor=code) == [mine]
    assert 'handler' in refusal(client, proto.GetQueue(handler=code, team=team))
    assert 'handler' in refusal(client, proto.GetQueue(handler='nobody.here'))
    assert 'page_token' in refusal(client, proto.GetQueue(page_token='7'))


def test_a_page_token_of_one_list_is_refused_by_another(client, rows, team):
    code = f'tokens.{next(_numbers)}'
    handler = rows.staff(code, 'complaint_handler')
    for due in (60, 90):
        rows.add(team=team, handler_id=handler, due=due)
    lists = [proto.ListCases(team=team, sort=sort)
             for sort in ('-received', 'received', 'due', '-priority')]
    lists.append(proto.GetQueue(team=team))
    tokens = []
    for question in lists:
        question.page_size = 1
        tokens.append(client.ask(question).payload.next_page_token)
    assert all(tokens)
    others = [proto.ListTasks(), proto.ListImprovements(), proto.SearchLessons(),
              proto.ReportComplaints(by=1)]
    for i, question in enumerate(lists + others):
        for k, token in enumerate(tokens):
            question.page_token = token
            if i == k:
                assert len(client.ask(question).payload.cases) == 1
            else:
                assert 'page_token' in refusal(client, question), (question, token)


BANDS = [(-100, 400, 'green', '正常'), (-300, 100, 'yellow', '临近'), (-7200, -60, 'red', '逾期'),
         (-300000, -170000, 'black', '严重逾期')]


@pytest.mark.parametrize('at,due,band,zh', BANDS)
def test_bands_are_told_in_words_too(client, rows, team, at, due, band, zh):
    rows.add(team=team, at=at, due=due)
    case = client.ask(proto.GetQueue(team=team)).payload.cases[0]
    assert (case.band, case.band_zh, case.due_kind) == (band, zh, 'resolution')
    assert case.band_en


def test_what_a_chase_raised_for_a_day_falls_back_when_it_is_over(client, rows, team):
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    ordinary = rows.add(team=team, due=60).number
    chased = rows.add(team=team, due=900, queued=3, chased_on=today, chases=1).number
    before = rows.add(team=team, due=1200, queued=3, chases=1,
                      chased_on=today - datetime.timedelta(days=1)).number
    until(lambda: queue(client, team=team) == [chased, ordinary, before])
    first = client.ask(proto.GetQueue(team=team)).payload.cases[0]
    assert (first.priority, first.queued, first.chases) == (2, 3, 1)


def test_states_have_the_numbers_of_the_contract():
    for name, number in STATES.items():
        word = 'DUPLICATE' if name == 'duplicate_of' else name.upper()
        assert proto.enum_number('kehu.complaints.v1.CaseState', f'CASE_STATE_{word}') == number
