"""A year of a real wholesaler, imported as a person would, against plain arithmetic.

Only csv and decimal are used to compute what must come out. The file is kept beside the checkout.
"""
import collections
import csv
from decimal import Decimal

import pytest

from tests.support import books
from tests.support.client import Client
from tests.support.stack import Stack, data_file, open_gz

FILE = data_file('orders_2010.csv.gz')
pytestmark = pytest.mark.skipif(FILE is None, reason='no ../shared/data/orders_2010.csv.gz here')


class Sum:
    def __init__(self):
        self.lines, self.orders, self.customers, self.net = 0, set(), set(), Decimal(0)

    def add(self, row):
        self.lines += 1
        self.orders.add(row['Invoice'])
        if row['Customer ID']:
            self.customers.add(row['Customer ID'])
        self.net += int(row['Quantity']) * Decimal(row['Price'])

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
        sums['total']['total'].add(row)
        sums['region'][row['Country']].add(row)
        sums['month'][first[row['Invoice']][:7]].add(row)
        sums['customer'][f"uci:{row['Customer ID']}" if row['Customer ID'] else ''].add(row)
    return {by: {key: one.row() for key, one in keys.items()} for by, keys in sums.items()}


@pytest.fixture(scope='module')
def london(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('london'), timezone='Europe/London', currency='GBP')
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
