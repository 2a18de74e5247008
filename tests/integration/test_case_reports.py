"""ReportComplaints against plain Python over generated cases, and the cases behind each figure."""
import collections
import datetime
import functools
import random

import pytest

from tests.support import proto
from tests.support.case_rows import CLOCKS, ENDED, SHANGHAI, CaseRows
from tests.support.client import Client
from tests.support.stack import Stack

KEYS = 'product issue month channel state region cause owner grade total handler'.split()
FIGURES = ('complaints open closed serious reopened unconfirmed recurred recurred_of_customer'
           ' recurred_of_batch acknowledged answered ended ratings ratings_asked our_fault'
           ' not_counted historic').split()
COUNT, DAYS = 500, 90
NOW = datetime.datetime(2026, 11, 20, 2, tzinfo=datetime.timezone.utc)
UNCOUNTED = ('rejected', 'withdrawn', 'duplicate_of')
MORE_STATES = ('received', 'investigating', 'answered', 'disputed', 'closed', 'closed',
               'closed_unconfirmed') + UNCOUNTED


def key_number(name):
    return proto.enum_number('kehu.complaints.v1.ComplaintKey', f'COMPLAINT_KEY_{name.upper()}')


class World:
    """A company's cases, and what its reports must say of them."""

    def __init__(self, house):
        self.rows = CaseRows(house)
        self.draw = random.Random(7)
        self.people = {code: self.rows.staff(code, 'complaint_handler')
                       for code in ('hua', 'jun', 'mei')}
        self.customers = {}     # id → (grade, owner, counts as)
        for n in range(30):
            self._add_customer(n)
        self.rows.write(*[self._make(n) for n in range(COUNT)])
        self.cases = self.rows.cases

    def _add_customer(self, n):
        survivor = None
        if n % 10 == 9:
            survivor = next(iter(self.customers))
        grade = self.draw.choice(['A', 'B', 'C', None])
        owner = self.draw.choice(['hua', 'jun', None])
        ordered = self.draw.choice([None, datetime.date(2026, 11, 1), datetime.date(2026, 3, 1),
                                    datetime.date(2025, 11, 20), datetime.date(2025, 11, 19)])
        made = self.rows.customer(grade=grade, owner_id=self.people.get(owner),
                                  counts_as=survivor, last_order_on=ordered)
        self.customers[made] = (grade, owner, survivor, ordered)

    def _make(self, n):
        draw = self.draw
        at = NOW - datetime.timedelta(hours=draw.randrange(24 * 400), seconds=n)
        given = dict(
            kind=draw.choice(['complaint'] * 5 + ['suggestion', 'enquiry']),
            state=draw.choice(MORE_STATES), at=at,
            channel=draw.choice(['phone', 'wechat', 'email']),
            severity=draw.randint(1, 4), reopened=draw.choice([0, 0, 1, 2]),
            fault=draw.randint(0, 4), is_historic=draw.random() < 0.2,
            product=draw.choice(['tea', 'pot', '']), issue=draw.choice(['leaks', 'late', '']),
            region=draw.choice(['云南', '四川', '']), cause=draw.choice(['a.1', 'a.2', '', '']),
            batch=draw.choice(['B1', 'B2', '', '', '']),
            rating=draw.choice([None, None, 1, 3, 5]),
            invited_on=draw.choice([None, datetime.date(2026, 11, 1)]),
            customer_id=draw.choice([None] + list(self.customers)[:12]),
            handler_id=self.people.get(draw.choice(['hua', 'mei', None])))
        for column, hours in (('acknowledged_at', 5), ('answered_at', 80), ('closed_at', 200)):
            given[column] = draw.choice([None, at + datetime.timedelta(
                seconds=draw.randrange(hours * 3600))])
        given['clocks'] = [(kind, draw.choice([0, 1, 2])) for kind in draw.sample(
            sorted(CLOCKS), draw.randint(0, 3))]
        return self.rows.make(**given)

    # --- the figures, by plain words ---

    def key(self, case, by):
        if by == 'month':
            return f'{case.day:%Y-%m}'
        if by in ('channel', 'state'):
            return getattr(case, f'{by}_name')
        if by in ('owner', 'grade'):
            grade, owner, survivor, _ = self.customers.get(case.customer_id, (None,) * 4)
            if survivor:
                grade, owner = self.customers[survivor][:2]
            return (owner if by == 'owner' else grade) or ''
        if by == 'handler':
            return next((c for c, i in self.people.items() if i == case.handler_id), '')
        return 'total' if by == 'total' else getattr(case, by)

    def _repeats(self, case, same):
        return case.kind_name == 'complaint' and any(
            other.kind_name == 'complaint' and other.state_name not in UNCOUNTED
            and 0 <= (case.day - other.day).days <= DAYS
            and (other.submitted_at, other.id) < (case.submitted_at, case.id) and same(other)
            for other in self.cases)

    @functools.cache
    def of_customer(self, case):
        def same(other):
            if other.customer_id != case.customer_id:
                return False
            if other.cause and case.cause:
                return other.cause == case.cause
            return case.issue and other.issue == case.issue
        return case.customer_id is not None and self._repeats(case, same)

    @functools.cache
    def of_batch(self, case):
        return bool(case.batch and case.product) and self._repeats(
            case, lambda other: (other.batch, other.product) == (case.batch, case.product))

    def is_behind(self, case, figure, clock=None):
        if (case.state_name in UNCOUNTED) != (figure == 'not_counted'):
            return False
        assessed = not case.is_historic
        if figure in ('clocks_met', 'clocks_breached'):
            wanted = 1 if figure == 'clocks_met' else 2
            return assessed and any(outcome == wanted and clock in (None, kind)
                                    for kind, outcome in case.clocks)
        return {
            'complaints': True, 'not_counted': True,
            'open': case.state_name not in ENDED,
            'closed': case.state_name in ('closed', 'closed_unconfirmed'),
            'serious': case.severity >= 3, 'reopened': case.reopened > 0,
            'unconfirmed': case.state_name == 'closed_unconfirmed',
            'recurred': self.of_customer(case) or self.of_batch(case),
            'recurred_of_customer': self.of_customer(case),
            'recurred_of_batch': self.of_batch(case),
            'acknowledged': assessed and case.acknowledged_at,
            'answered': assessed and case.answered_at,
            'ended': assessed and case.closed_at
            and case.state_name in ('closed', 'closed_unconfirmed'),
            'ratings': case.rating, 'ratings_asked': case.rating or case.invited_on,
            'our_fault': case.fault == 1, 'historic': case.is_historic,
        }[figure]

    def chosen(self, kinds=('complaint',), first=None, last=None):
        return [case for case in self.cases if case.kind_name in kinds
                and (first is None or case.day >= first) and (last is None or case.day <= last)]

    def by_key(self, by, **period):
        groups = collections.defaultdict(list)
        for case in self.chosen(**period):
            groups[self.key(case, by)].append(case)
        return groups

    def active(self, end):
        begin = end.replace(year=end.year - 1)
        return len({survivor or customer for customer, (_, _, survivor, ordered)
                    in self.customers.items() if ordered and begin <= ordered < end})


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('reports')).up()
    yield stack
    stack.down()


@pytest.fixture(scope='module')
def world(house):
    return World(house)


@pytest.fixture(scope='module')
def client(house):
    with Client(house, url=f'tcp://127.0.0.1:{house.base_port + 20}') as it:
        yield it


def report(client, by, **question):
    reply = client.ask(proto.ReportComplaints(by=key_number(by), **question))
    assert reply.status == 'OK', reply
    return reply.payload


def hours(cases, column):
    took = [(getattr(case, column) - case.received_at).total_seconds() for case in cases]
    return sum(took) / len(took) / 3600 if took else 0


@pytest.mark.parametrize('by', KEYS)
def test_every_figure_by_every_key_equals_plain_counting(world, client, by):
    rows = {row.key: row for row in report(client, by).rows}
    groups = world.by_key(by)
    assert sorted(rows) == sorted(groups)
    for key, cases in groups.items():
        row = rows[key]
        for figure in FIGURES:
            assert getattr(row, figure) == sum(bool(world.is_behind(case, figure))
                                               for case in cases), (key, figure)
        counted = [case for case in cases if case.state_name not in UNCOUNTED]
        for name, figure, column in (('hours_to_acknowledge', 'acknowledged', 'acknowledged_at'),
                                     ('hours_to_answer', 'answered', 'answered_at'),
                                     ('hours_to_close', 'ended', 'closed_at')):
            behind = [case for case in counted if world.is_behind(case, figure)]
            assert abs(getattr(row, name) - hours(behind, column)) < 0.0101, (key, name)
        rated = [case.rating for case in counted if case.rating]
        assert abs(row.rating - (sum(rated) / len(rated) if rated else 0)) < 0.0101
        assert row.complaints == row.open + row.closed


@pytest.mark.parametrize('by', ['product', 'total'])
def test_clocks_are_judged_by_kind(world, client, by):
    for row in report(client, by).rows:
        judged = collections.Counter(
            (kind, outcome) for case in world.by_key(by)[row.key]
            if not case.is_historic and case.state_name not in UNCOUNTED
            for kind, outcome in case.clocks if outcome)
        assert {(clock.kind, 1): clock.met for clock in row.clocks if clock.met} | {
            (clock.kind, 2): clock.breached for clock in row.clocks if clock.breached} == {
                (next(n for n, v in CLOCKS.items() if v == kind), outcome): count
                for (kind, outcome), count in judged.items()}
        assert row.clocks_met == sum(clock.met for clock in row.clocks)
        assert row.clocks_breached == sum(clock.breached for clock in row.clocks)


def test_a_period_counts_its_days_in(world, client):
    first, last = datetime.date(2026, 3, 10), datetime.date(2026, 6, 9)
    answer = report(client, 'month', to=str(last), **{'from': str(first)})
    groups = world.by_key('month', first=first, last=last)
    assert {row.key: row.complaints for row in answer.rows} == {
        key: sum(bool(world.is_behind(case, 'complaints')) for case in cases)
        for key, cases in groups.items()}


def test_other_kinds_are_asked_for_by_name(world, client):
    answer = report(client, 'total', kinds=[2, 4])
    assert answer.rows[0].complaints == sum(
        bool(world.is_behind(case, 'complaints'))
        for case in world.chosen(('suggestion', 'enquiry')))


@pytest.mark.parametrize('last', ['2026-11-19', '2026-06-30'])
def test_the_rate_is_complaints_over_those_who_bought_in_the_year_before_its_end(
        world, client, last):
    last = datetime.date.fromisoformat(last)
    answer = report(client, 'total', to=str(last))
    complaints = sum(bool(world.is_behind(case, 'complaints')) for case in world.chosen(last=last))
    active = world.active(last + datetime.timedelta(days=1))
    assert (answer.rate_complaints, answer.active_customers) == (complaints, active)
    assert active > 0 and abs(answer.complaint_rate - complaints / active) < 0.000002


def test_the_largest_come_first_and_pages_hold_all_keys_once(world, client):
    largest = report(client, 'issue', top=2).rows
    all_rows = report(client, 'issue').rows
    assert [row.complaints for row in largest] == sorted(
        (row.complaints for row in all_rows), reverse=True)[:2]
    keys, token = [], ''
    while True:
        page = report(client, 'month', page_size=4, page_token=token)
        keys += [row.key for row in page.rows]
        token = page.next_page_token
        if not token:
            break
    assert keys == sorted(world.by_key('month'))


def test_a_page_token_of_one_report_is_refused_in_another(world, client):
    asked = {'page_size': 2, 'to': '2026-10-31', 'kinds': [1, 2], 'from': '2025-01-01'}
    token = report(client, 'month', **asked).next_page_token
    assert token and report(client, 'month', **{**asked, 'kinds': [2, 1]}, page_token=token).rows
    for by, change in (('issue', {}), ('month', {'to': ''}), ('month', {'from': '2025-01-02'}),
                       ('month', {'kinds': []}), ('month', {'kinds': [1]})):
        reply = client.ask(proto.ReportComplaints(
            by=key_number(by), **{**asked, **change, 'page_token': token}))
        assert reply.status == 'INVALID_ARGUMENT', (by, change, reply)
        assert 'none of this report' in reply.fields['page_token']
    # Nor has a token of a list a meaning here, or this one there.
    listed = client.ask(proto.ListCases(page_size=1)).payload.next_page_token
    assert client.ask(proto.ReportComplaints(by=3, page_token=listed)).fields['page_token']
    assert client.ask(proto.ListCases(page_token=token)).fields['page_token']


@pytest.mark.parametrize('by', KEYS)
def test_every_figure_has_the_cases_behind_it(world, client, by):
    draw = random.Random(by)
    groups = world.by_key(by)
    for figure in FIGURES + ['clocks_met', 'clocks_breached', 'hours_to_answer']:
        key = draw.choice(sorted(groups))
        behind = proto.CaseFigure(by=key_number(by), key=key, figure=figure)
        answer = client.ask(proto.ListCases(behind=behind, page_size=500))
        assert answer.status == 'OK', answer
        counted = 'answered' if figure == 'hours_to_answer' else figure
        assert sorted(case.number for case in answer.payload.cases) == sorted(
            case.number for case in groups[key] if world.is_behind(case, counted)), (key, figure)


def test_the_cases_behind_a_kind_of_clock_in_a_period_meet_other_filters(world, client):
    first, last = datetime.date(2026, 1, 1), datetime.date(2026, 10, 31)
    behind = proto.CaseFigure(by=key_number('product'), key='tea', figure='clocks_breached',
                              clock='progress', to=str(last), **{'from': str(first)})
    answer = client.ask(proto.ListCases(behind=behind, channels=[4], page_size=500))
    wanted = [case.number for case in world.by_key('product', first=first, last=last)['tea']
              if world.is_behind(case, 'clocks_breached', CLOCKS['progress'])
              and case.channel_name == 'phone']
    assert sorted(case.number for case in answer.payload.cases) == sorted(wanted)


def test_days_are_those_of_the_business(world):
    assert all(case.submitted_at.astimezone(SHANGHAI).date() == case.day for case in world.cases)


@pytest.mark.parametrize('question,field', [
    (dict(by=0), 'by'), (dict(by=1, page_size=501), 'page_size'), (dict(by=1, top=501), 'top'),
    (dict(by=1, page_token='tea'), 'page_token'), (dict(by=1, to='2026-13-01'), 'to'),
    (dict(by=1, to='2026-01-01', **{'from': '2026-01-02'}), 'to'),
], ids=str)
def test_a_wrong_field_is_named(client, question, field):
    reply = client.ask(proto.ReportComplaints(**question))
    assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields, reply
