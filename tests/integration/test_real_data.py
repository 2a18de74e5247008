"""A year of a real wholesaler, imported as a person would, against plain arithmetic.

Only csv, decimal and fractions are used to compute what must come out. The file is kept beside the
checkout.
"""
import collections
import csv
import datetime
import functools
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support import books, proto
from tests.support.client import Client
from tests.support.company import finished_run
from tests.support.stack import Stack, data_file, open_gz, until

FILE = data_file('orders_2010.csv.gz')
pytestmark = pytest.mark.skipif(FILE is None, reason='no ../shared/data/orders_2010.csv.gz here')


class Sum:
    def __init__(self):
        self.lines, self.orders, self.customers, self.net = 0, set(), set(), Decimal(0)

    def add(self, row, net):
        self.lines += 1
        self.orders.add(row['Invoice'])
        if row['Customer ID']:
            self.customers.add(row['Customer ID'])
        self.net += net

    def row(self):
        return len(self.orders), self.lines, len(self.customers), self.net


@pytest.fixture(scope='module')
def wanted():
    """{by: {key: (orders, lines, customers, net)}}"""
    first = {}
    with open_gz(FILE) as file:
        rows = list(csv.DictReader(file))
    for row in rows:  # an invoice counts in the month of its first line
        moment = first.get(row['Invoice'])
        first[row['Invoice']] = min(moment or row['InvoiceDate'], row['InvoiceDate'])
    sums = collections.defaultdict(lambda: collections.defaultdict(Sum))
    for row in rows:
        net = int(row['Quantity']) * Decimal(row['Price'])
        customer = f"uci:{row['Customer ID']}" if row['Customer ID'] else ''
        for by, key in (('total', 'total'), ('region', row['Country']), ('customer', customer),
                        ('month', first[row['Invoice']][:7])):
            sums[by][key].add(row, net)
    return {by: {key: one.row() for key, one in keys.items()} for by, keys in sums.items()}


@pytest.fixture(scope='module')
def london(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('london'), only='customers', timezone='Europe/London',
                  currency='GBP')
    try:
        yield stack.up()
    finally:
        stack.down()


def imported(stack):
    return stack.kehuctl_json('import', 'orders', FILE, '--format', 'online-retail', '--source',
                              'uci', '--currency', 'GBP', timeout=170)


@pytest.fixture(scope='module')
def first_import(london):
    return imported(london)


def test_the_import_says_what_the_readme_of_the_data_says(first_import):
    assert {k: first_import[k] for k in ('events', 'accepted', 'duplicates', 'rejected', 'lines',
                                         'historic')} == {
        'events': 28816, 'accepted': 28816, 'duplicates': 0, 'rejected': 0, 'lines': 525461,
        'historic': 28816}


@pytest.mark.parametrize('by', ['total', 'region', 'month', 'customer'])
def test_the_figures_equal_an_independent_calculation_to_the_last_digit(
        london, first_import, wanted, by):
    with Client(london) as client:
        found = books.report(client, by)
    assert {key: row for (key, _), row in found.items()} == wanted[by]
    assert {currency for _, currency in found} == {'GBP'}


def test_kehuctl_prints_them_exactly(london, first_import, wanted):
    assert london.kehuctl_json('report', 'sales', '--by', 'total') == [
        {'key': 'total', 'currency': 'GBP', 'lines': 525461, 'orders': 28816, 'customers': 4383,
         'net': '9539484.634'}]
    for by in ('region', 'month', 'customer'):
        rows = london.kehuctl_json('report', 'sales', '--by', by)
        assert {r['key']: (r['orders'], r['lines'], r['customers'], Decimal(r['net']))
                for r in rows} == wanted[by]
        assert len(rows) == len(wanted[by])
        assert not [r for r in rows if '.' in r['net'] and r['net'].endswith('0')]


def test_the_best_customer_and_the_kinds_of_documents(london, first_import):
    top, = london.kehuctl_json('report', 'sales', '--by', 'customer', '--top', 1)
    assert (top['key'], top['net'], top['orders'], top['lines']) \
        == ('', '1191276.06', top['orders'], 107927)
    kinds = dict(london.sql('select kind, count(*) from order_key group by 1'))
    assert kinds == {1: 24221, 2: 3, 3: 4592}
    assert books.stray_rows(london) == []


def test_a_second_import_is_all_duplicates_and_changes_nothing(london, first_import, wanted):
    again = imported(london)
    assert (again['accepted'], again['duplicates'], again['rejected']) == (0, 28816, 0)
    with Client(london) as client:
        assert books.report(client, 'total') == {('total', 'GBP'): wanted['total']['total']}


# --- their grades ---

AS_OF, LONG_TERM_DAYS = datetime.date(2010, 12, 10), 180


MILLION = 10 ** 6


@functools.cache
def millionths(text):
    exact = Decimal(text) * MILLION
    assert exact == int(exact), text
    return int(exact)


@functools.cache
def day_of(text):
    return datetime.date.fromisoformat(text)


def calculate(path, as_of, long_term_days):
    """{REF: (grade, region, numerator, denominator, long-term)} from the file alone."""
    window = as_of.replace(year=as_of.year - 1)
    # Sums in millionths.
    bought = collections.defaultdict(lambda: collections.defaultdict(int))
    last_day = collections.defaultdict(dict)
    totals = collections.defaultdict(int)
    documents = collections.defaultdict(int)  # (customer, number, day) → net
    with open_gz(path) as file:
        for row in csv.DictReader(file):
            customer, region = row['Customer ID'].strip(), row['Country'].strip()
            day = day_of(row['InvoiceDate'][:10])
            amount = int(row['Quantity']) * millionths(row['Price'])
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
        share = Fraction(net, total) if total > 0 else 0
        is_a = share >= Fraction(1, 5) and is_long_term
        grade = 'A' if is_a else 'B' if share >= Fraction(1, 10) else 'C'
        grades[f'uci:{customer}'] = (grade, region, Fraction(net, MILLION),
                                     Fraction(total, MILLION), is_long_term)
    return grades


def as_calculated(element):
    return (element['grade'], element['region'], Fraction(element['numerator']),
            Fraction(element['denominator']), element['long_term'])


@pytest.fixture(scope='module')
def graded(london, first_import):
    """The stack with the real orders, graded once: (stack, the run, the independent grades)."""
    run = london.kehuctl_json('grade', 'run', '--as-of', AS_OF, '--long-term-days', LONG_TERM_DAYS)
    return london, run, calculate(FILE, AS_OF, LONG_TERM_DAYS)


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
    of = collections.defaultdict(list)
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
