"""Grades: runs against an independent calculation, lists, explanations, overrides, held demotions."""
import csv
import datetime
from collections import defaultdict
from fractions import Fraction

import pytest

from tests.support.stack import data_file, open_gz

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
        grade = 'A' if share >= Fraction(1, 5) and is_long_term else 'B' if share >= Fraction(1, 10) else 'C'
        grades[f'uci:{customer}'] = grade, region, net, total, is_long_term
    return grades


def as_calculated(element):
    return (element['grade'], element['region'], Fraction(element['numerator']),
            Fraction(element['denominator']), element['long_term'])


@pytest.fixture(scope='module')
def graded(tmp_path_factory):
    """A stack with the real orders, graded once: (stack, the run, the independent grades)."""
    from tests.support.stack import Stack
    path = data_file('orders_2010.csv.gz')
    if not path:
        pytest.skip('no real data beside the checkout')
    stack = Stack(tmp_path_factory.mktemp('graded'), timezone='Europe/London', currency='GBP')
    try:
        stack.up()
        answer = stack.kehuctl('import', 'orders', path, '--format', 'online-retail', '--source', 'uci',
                               '--currency', 'GBP', timeout=300)
        assert answer.returncode == 0, answer.stderr
        run = stack.kehuctl_json('grade', 'run', '--as-of', AS_OF, '--long-term-days', LONG_TERM_DAYS)
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
    assert (what['window_from'], what['as_of'], what['policy_version']) == ('2009-12-10', '2010-12-10', 1)
    assert what['run_id'] == run['run_id']
    for word in '92.43%', '20%', 'v1', 'A级', 'Netherlands':
        assert word in what['sentence']
    english = stack.kehuctl('grade', 'explain', 'uci:14646', '--lang', 'en').stdout
    for word in '238,037.86', '257,539.96', '92.43%', '20%', '2009-12-10', '2010-12-10', 'version 1':
        assert word in english
