"""Grades: runs against an independent calculation, lists, explanations, overrides, demotions."""
import csv
import datetime
import pathlib
import zoneinfo
from collections import defaultdict
from fractions import Fraction

import pytest

from tests.support import proto
from tests.support.client import Client
from tests.support.company import FINISHED, finished_run
from tests.support.stack import Stack, data_file, open_gz, until

ROOT = pathlib.Path(__file__).resolve().parents[2]

AS_OF, LONG_TERM_DAYS = datetime.date(2010, 12, 10), 180


# --- the real orders of 2010, against plain Python ---

def calculate(path, as_of, long_term_days):
    """{REF: (grade, region, numerator, denominator, long-term)} from the file alone."""
    window = as_of.replace(year=as_of.year - 1)
    bought = defaultdict(lambda: defaultdict(Fraction))
    last_day = defaultdict(dict)
    totals = defaultdict(Fraction)
    documents = defaultdict(Fraction)  # (customer, number, day) → net
    with open_gz(path) as file:
        for row in csv.DictReader(file):
            customer, region = row['Customer ID'].strip(), row['Country'].strip()
            day = datetime.datetime.fromisoformat(row['InvoiceDate']).date()
            amount = Fraction(row['Quantity']) * Fraction(row['Price'])
            if customer:
                customer = str(int(float(customer)))
                documents[customer, row['Invoice'], day] += amount
            if window <= day < as_of:
                totals[region] += amount
                if customer:
                    bought[customer][region] += amount
                    last_day[customer][region] = max(day, last_day[customer].get(region, day))
    first = {}
    for (customer, number, day), net in documents.items():
        if net > 0 and day < as_of and not number.startswith(('C', 'A')):
            first[customer] = min(day, first.get(customer, day))
    grades = {}
    for customer in {c for c, _, _ in documents}:
        region = max(bought[customer], default='',
                     key=lambda r: (bought[customer][r], last_day[customer][r]))
        net, total = bought[customer].get(region, 0), totals[region]
        is_long_term = customer in first and (as_of - first[customer]).days >= long_term_days
        share = net / total if total > 0 else 0
        is_a = share >= Fraction(1, 5) and is_long_term
        grade = 'A' if is_a else 'B' if share >= Fraction(1, 10) else 'C'
        grades[f'uci:{customer}'] = grade, region, net, total, is_long_term
    return grades


def as_calculated(element):
    return (element['grade'], element['region'], Fraction(element['numerator']),
            Fraction(element['denominator']), element['long_term'])


@pytest.fixture(scope='module')
def graded(tmp_path_factory):
    """A stack with the real orders, graded once: (stack, the run, the independent grades)."""
    path = data_file('orders_2010.csv.gz')
    if not path:
        pytest.skip('no real data beside the checkout')
    stack = Stack(tmp_path_factory.mktemp('graded'), timezone='Europe/London', currency='GBP')
    try:
        stack.up()
        answer = stack.kehuctl('import', 'orders', path, '--format', 'online-retail',
                               '--source', 'uci', '--currency', 'GBP', timeout=300)
        assert answer.returncode == 0, answer.stderr
        run = stack.kehuctl_json('grade', 'run', '--as-of', AS_OF,
                                 '--long-term-days', LONG_TERM_DAYS)
        yield stack, run, calculate(path, AS_OF, LONG_TERM_DAYS)
    finally:
        stack.down()


@pytest.mark.parametrize('grade', ['A', 'B', 'C'])
def test_the_grades_of_the_real_orders_equal_an_independent_calculation(graded, grade):
    stack, _, expected = graded
    listed = stack.kehuctl_json('grade', 'list', '--grade', grade, '--all')
    assert {e['ref']: as_calculated(e) for e in listed} == {
        ref: figures for ref, figures in expected.items() if figures[0] == grade}
    assert len({e['ref'] for e in listed}) == len(listed)


def test_the_report_of_the_real_orders(graded):
    _, run, expected = graded
    report = run['report']
    of = defaultdict(list)
    for ref, (grade, _, net, _, _) in expected.items():
        of[grade].append((-net, ref))
    active = {region for _, region, net, _, _ in expected.values() if net}
    with_a = {region for grade, region, *_ in expected.values() if grade == 'A'}
    assert (report['a'], report['b'], report['c']) == tuple(len(of[g]) for g in 'ABC')
    assert report['regions_without_a'] == sorted(active - with_a)
    assert 'United Kingdom' in report['regions_without_a']
    assert [e['ref'] for e in report['largest_c']] == [ref for _, ref in sorted(of['C'])[:20]]
    assert report['largest_c'][0]['ref'] == 'uci:18102'
    assert run['customers'] == len(expected)
    assert (run['window_from'], run['policy_version'], run['method']) == ('2009-12-10', 1, 'share')


def test_17_of_the_20_largest_customers_are_graded_c(graded):
    stack, _, _ = graded
    everybody = stack.kehuctl_json('grade', 'list', '--all')
    largest = sorted(everybody, key=lambda e: -Fraction(e['numerator']))[:20]
    assert sum(e['grade'] == 'C' for e in largest) == 17


def test_an_explanation_tells_share_figures_thresholds_window_and_policy(graded):
    stack, run, expected = graded
    what = stack.kehuctl_json('grade', 'explain', 'uci:14646')
    assert as_calculated(what['now']) == expected['uci:14646']
    assert what['now']['share'] == '0.924275'
    assert (what['policy']['a_share'], what['policy']['b_share']) == ('0.2', '0.1')
    assert (what['window_from'], what['as_of']) == ('2009-12-10', '2010-12-10')
    assert what['policy_version'] == 1
    assert what['run_id'] == run['run_id']
    for word in '92.43%', '20%', 'v1', 'A级', 'Netherlands':
        assert word in what['sentence']
    english = stack.kehuctl('grade', 'explain', 'uci:14646', '--lang', 'en').stdout
    for word in ('238,037.86', '257,539.96', '92.43%', '20%', '2009-12-10', '2010-12-10',
                 'version 1'):
        assert word in english


def test_a_second_run_changes_nothing_even_when_the_service_is_killed(graded):
    stack, _, _ = graded
    before = stack.kehuctl_json('grade', 'list', '--all')
    events = stack.value("select count(*) from log where type like '%%.GradeChanged'")
    with Client(stack) as client:
        run = client.ask(proto.RunGrades(as_of=str(AS_OF), long_term_days=LONG_TERM_DAYS)).payload
        stack.kill()
        finished = until(lambda: finished_run(client, run.run_id), 60)
    assert finished.report.changed == 0
    after = stack.kehuctl_json('grade', 'list', '--all')
    assert {e.pop('run_id') for e in after} == {run.run_id}
    for element in before:
        del element['run_id']
    assert after == before
    assert stack.value("select count(*) from log where type like '%%.GradeChanged'") == events
    assert stack.value('select max(n) from (select count(*) as n from grade_history'
                       ' group by customer_id) h') == 1


# --- how grades move: a company of its own, whose clock can be moved ---

def working_day_after(day, count):
    notices = ROOT / 'common' / 'pure' / 'data' / 'holidays_cn.csv'
    with open(notices, encoding='utf-8') as file:
        special = {row['date']: row['kind'] == 'work' for row in csv.DictReader(file)}
    while count:
        day += datetime.timedelta(days=1)
        count -= special.get(str(day), day.isoweekday() <= 5)
    return day


def test_demotions_wait_for_a_second_run_and_of_an_a_for_the_manager(company):
    company.has_no_monthly_runs()
    company.buys('C1', '300', '2018-01-10')
    company.buys('C2', '700', '2018-01-10')
    asked = dict(long_term_days=10, hold_demotions=True)
    company.run('2018-02-01', **asked)
    assert company.grades() == {'C1': 'A', 'C2': 'A'}

    company.buys('C3', '3000', '2018-02-10')
    assert company.run('2018-03-01', **asked).report.changed == 1
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'A'}, 'once below is not enough'
    company.run('2018-03-01', **asked)
    assert company.held() == {}, 'the same run again does not count'

    assert company.run('2018-05-01', **asked).report.held_demotions == 2
    decide_by = str(working_day_after(company.today(), 10))
    assert company.held() == {'C1': ('A', 'C', decide_by), 'C2': ('A', 'B', decide_by)}
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'A'}
    assert company.flags('C1') == {'demotion_held'}
    assert decide_by in company.why('C1').sentence

    answer = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C1')))
    assert (answer.status, answer.payload.grade) == ('OK', 'C')
    no_reason = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C2'), keep=True))
    assert (no_reason.status, list(no_reason.fields)) == ('INVALID_ARGUMENT', ['reason'])
    kept = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C2'), keep=True, reason='坏季度'))
    assert (kept.status, kept.payload.grade) == ('OK', 'A')
    again = company.client.ask(proto.ConfirmDemotion(ref=company.ref('C1')))
    assert again.status == 'FAILED_PRECONDITION'
    assert company.held() == {}
    assert company.grades() == {'C1': 'C', 'C2': 'A', 'C3': 'A'}

    company.run('2018-06-01', **asked)
    assert list(company.held()) == ['C2'], 'kept only until the next run'
    company.advance(20)
    assert company.held() == {}
    assert company.grades() == {'C1': 'C', 'C2': 'B', 'C3': 'A'}, 'nobody decided in time'
    assert company.reasons('C1') == [('C', 'confirmed'), ('A', 'run')]
    assert company.reasons('C2') == [('B', 'not_confirmed_in_time'), ('A', 'kept_by_manager'),
                                     ('A', 'run')]

    company.buys('C1', '9000', '2018-06-10')
    company.run('2018-07-02', **asked)
    assert company.grades()['C1'] == 'A', 'promotion is at once'
    assert company.changes() == [('', 'A', 'run')] * 3 + [
        ('A', 'C', 'confirmed'), ('A', 'B', 'not_confirmed_in_time'), ('C', 'A', 'run')]


def test_a_run_asked_for_by_hand_demotes_at_once(company):
    company.buys('C1', '300', '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    company.buys('C2', '3000', '2018-02-10')
    company.run('2018-03-01', long_term_days=10)
    assert company.grades() == {'C1': 'C', 'C2': 'A'}
    assert company.held() == {}


def test_a_grade_set_by_hand_holds_until_its_day(company):
    company.has_no_monthly_runs()
    company.buys('C1', '5', '2018-01-10')
    company.buys('C2', '995', '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    today = company.today()
    until_day = today + datetime.timedelta(days=30)

    def override(ref='C1', grade='A', reason='战略客户', last=until_day):
        return company.client.ask(proto.OverrideGrade(
            ref=company.ref(ref), grade=grade, reason=reason, until=str(last)))

    assert list(override(grade='D').fields) == ['grade']
    assert list(override(reason='').fields) == ['reason']
    assert list(override(last=today + datetime.timedelta(days=400)).fields) == ['until']
    assert list(override(last=today - datetime.timedelta(days=1)).fields) == ['until']
    assert override('nobody').status == 'NOT_FOUND'
    answer = override()
    assert (answer.status, answer.payload.grade) == ('OK', 'A')
    assert list(answer.payload.flags) == ['overridden']
    company.run('2018-03-01', long_term_days=10)
    assert company.grades() == {'C1': 'A', 'C2': 'A'}, 'runs change nothing meanwhile'
    sentence = company.why('C1', 'zh').sentence
    assert '战略客户' in sentence

    company.advance(30)
    assert company.grades()['C1'] == 'A', 'its last day is included'
    company.advance(1)
    assert company.grades()['C1'] == 'C'
    assert company.reasons('C1') == [('C', 'override_expired'), ('A', 'override'), ('C', 'run')]
    assert company.flags('C1') == set()

    override('C2', 'B', last=company.today())
    removed = company.client.ask(proto.RemoveGradeOverride(ref=company.ref('C2'), reason='误操作'))
    assert (removed.status, removed.payload.grade) == ('OK', 'A')
    assert company.reasons('C2')[:2] == [('A', 'override_removed'), ('B', 'override')]
    again = company.client.ask(proto.RemoveGradeOverride(ref=company.ref('C2'), reason='误操作'))
    assert again.status == 'FAILED_PRECONDITION'


def test_everybody_is_graded_by_itself_on_the_1st_of_each_month(company):
    until(lambda: company.stack.sql("select 1 from timer where key = 'grade_run:monthly'"))
    company.buys('C1', '10', 3600)
    today = company.today()
    firsts = []
    while len(firsts) < 3:
        today += datetime.timedelta(days=1)
        firsts += [today] * (today.day == 1)
    company.advance((firsts[-1] - company.today()).days + 1)
    runs = company.client.ask(proto.ListGradeRuns()).payload.runs
    assert [run.as_of for run in runs] == [str(day) for day in reversed(firsts)]
    assert {run.state for run in runs} == {FINISHED}
    two_o_clock = [run.started_at.ToDatetime(tzinfo=datetime.timezone.utc)
                   .astimezone(zoneinfo.ZoneInfo('Asia/Shanghai')) for run in runs]
    assert [at.date() for at in two_o_clock] == list(reversed(firsts))
    assert {at.hour for at in two_o_clock} == {2}
    assert company.grades() == {'C1': 'B'}, 'all of its region, and not for long'
    assert company.flags('C1') == {'not_long_term'}


def test_a_supplier_with_orders_appears_in_no_grade_list(company):
    supplier = proto.RegisterCustomer(party_type='PARTY_TYPE_SUPPLIER', refs=['shop:S1'],
                                      facts=[proto.Fact(field='name', value='大理包装厂')])
    answer = company.client.ask(supplier)
    assert answer.status == 'OK', answer
    company.buys('S1', '600', '2018-01-10')
    company.buys('C1', '400', '2018-01-10')
    run = company.run('2018-02-01', long_term_days=10)
    assert company.grades() == {'C1': 'A'}
    assert (run.report.a, run.report.b, run.report.c) == (1, 0, 0)
    denominator = company.why('C1').now.denominator_micros
    assert denominator == 1000_000000, 'its sales are sales of the region'
    assert company.client.ask(proto.ExplainGrade(ref='shop:S1')).status == 'NOT_FOUND'

    became = company.client.ask(
        proto.UpdateCustomer(ref='shop:C1', party_type='PARTY_TYPE_PARTNER'))
    assert became.status == 'OK', became
    assert company.grades() == {}, 'who is no customer any more has no grade'


def test_a_policy_shows_who_would_move_before_it_is_applied(company, tmp_path):
    for customer, net in ('C1', '600'), ('C2', '250'), ('C3', '150'):
        company.buys(customer, net, '2018-01-10')
    company.run('2018-02-01', long_term_days=10)
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'B'}
    document = tmp_path / 'grade.json'
    document.write_text('{"aShareMicros": 300000, "bShareMicros": 200000, "longTermDays": 10}')
    tried = company.stack.kehuctl_json('policy', 'try', document, '--as-of', '2018-02-01')
    moves = [(m['ref'], m['from'], m['to'], m['net']) for m in tried['moves']]
    assert moves == [('shop:C2', 'A', 'B', '250'), ('shop:C3', 'B', 'C', '150')]
    assert (tried['run']['dry_run'], tried['run']['report']['changed']) == (True, 2)
    assert company.grades() == {'C1': 'A', 'C2': 'A', 'C3': 'B'}, 'a trial changes nothing'

    answer = company.stack.kehuctl('policy', 'apply', 'grade', document, '--reason', '更严')
    assert answer.returncode == 0, answer.stderr
    assert company.run('2018-02-01').report.changed == 2
    assert company.grades() == {'C1': 'A', 'C2': 'B', 'C3': 'C'}
    assert company.why('C2').policy_version == 2


def test_pages_of_a_list_hold_everybody_once(company):
    for n in range(7):
        company.buys(f'C{n}', '10', '2018-01-10')
    company.run('2018-02-01')
    seen, token = [], ''
    while True:
        page = company.client.ask(
            proto.ListGrades(grade='B', page_size=3, page_token=token)).payload
        seen += [e.ref for e in page.customers]
        token = page.next_page_token
        if not token:
            break
    assert sorted(seen) == [f'shop:C{n}' for n in range(7)]
    wrong = company.client.ask(proto.ListGrades(page_token='B.1'))
    assert (wrong.status, list(wrong.fields)) == ('INVALID_ARGUMENT', ['page_token'])


def test_a_run_needs_a_day_and_tries_policies_only_dry(company):
    assert list(company.run('', expect='INVALID_ARGUMENT').fields) == ['as_of']
    refused = company.run('2018-02-01', expect='INVALID_ARGUMENT', policy=proto.GradePolicy())
    assert list(refused.fields) == ['policy']
    assert company.client.ask(proto.GetGradeRun(run_id='x')).status == 'INVALID_ARGUMENT'
    unknown = proto.GetGradeRun(run_id='01a2000b-9908-757c-8128-632a0d4bd14a')
    assert company.client.ask(unknown).status == 'NOT_FOUND'
