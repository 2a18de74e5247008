"""42,384 real complaints, imported as a person would, against plain counting.

Only csv is used to compute what must come out. The file is kept beside the checkout.
"""
import collections
import csv
import gzip

import pytest

from tests.support.stack import Stack, data_file, open_gz

FILE = data_file('complaints_sample.csv.gz')
pytestmark = pytest.mark.skipif(FILE is None,
                                reason='no ../shared/data/complaints_sample.csv.gz here')
ROWS = 42384


@pytest.fixture(scope='module')
def rows():
    with open_gz(FILE) as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('complaints'))
    try:
        yield stack.up()
    finally:
        stack.down()


def imported(stack, file=FILE, source='cfpb', **more):
    return stack.kehuctl_json('import', 'complaints', str(file), '--format', 'cfpb', '--source',
                              source, timeout=500, **more)


@pytest.fixture(scope='module')
def first_import(house):
    """Of one whose service was killed again and again meanwhile."""
    return imported(house)


def test_every_row_is_accepted_once(first_import):
    assert first_import['accepted'] == ROWS and first_import['historic'] == ROWS
    assert (first_import['duplicates'], first_import['rejected'], first_import['bad_lines']) == \
        (0, 0, 0)
    assert first_import['finished'] is True


def test_again_it_is_all_known(house, first_import):
    again = imported(house)
    assert (again['accepted'], again['duplicates'], again['rejected']) == (0, ROWS, 0)


def test_each_case_says_what_its_row_says(house, first_import, rows):
    kept = {row[0]: row[1:] for row in house.sql(
        'select external_id, content, issue, product, region, day::text, state,'
        ' recorded_response, is_recorded_timely, is_recorded_disputed,'
        ' is_anonymous, is_historic, customer_id from complaints.cases'
        " where external_source = 'cfpb'")}
    assert len(kept) == ROWS
    for row in rows:
        content = ' › '.join(filter(None, (row['Issue'], row['Sub-issue'])))
        response = row['Company response to consumer']
        assert kept[row['Complaint ID']] == (
            content, row['Issue'], row['Product'], row['State'], row['Date submitted'],
            9 if response.startswith('Closed') else 3, response,
            row['Timely response?'] == 'Yes', row.get('Consumer disputed?') == 'Yes',
            True, True, None), row


def test_the_channel_follows_from_how_it_was_submitted(house, first_import, rows):
    channels = {'Web': 2, 'Phone': 4, 'Email': 5, 'Referral': 8, 'Web Referral': 8}
    wanted = collections.Counter(channels.get(row['Submitted via'], 9) for row in rows)
    assert dict(house.sql('select channel, count(*) from complaints.cases group by 1')) == wanted


def test_numbers_are_of_the_day_without_gap_or_repeat(house, first_import, rows):
    days = collections.Counter(row['Date submitted'].replace('-', '') for row in rows)
    kept = dict(house.sql('select substr(number, 4, 8), count(distinct number)'
                          ' from complaints.cases group by 1'))
    assert kept == days


def test_nothing_stirred(house, first_import):
    assert house.value('select count(*) from complaints.clock') == 0
    assert house.value('select count(*) from complaints.case_message') == 0
    assert {name.rsplit('.', 1)[1] for name, in
            house.sql('select distinct type from complaints.log')} == {'ComplaintOpened',
                                                                       'CaseMoved'}
    assert house.value('select count(*) from customers.customer') == 0


@pytest.mark.parametrize('key', ('product', 'issue', 'month', 'region', 'state'))
def test_reports_are_plain_counts(house, first_import, rows, key):
    columns = {'product': 'Product', 'issue': 'Issue', 'region': 'State'}
    values = {'month': lambda row: row['Date submitted'][:7],
              'state': lambda row: 'closed'
              if row['Company response to consumer'].startswith('Closed') else 'investigating'}
    value = values.get(key, lambda row: row[columns[key]])
    report = house.kehuctl_json('report', 'complaints', '--by', key)
    assert {line['key']: int(line['complaints']) for line in report} == \
        collections.Counter(map(value, rows))


# --- what is broken, and what is killed ---

HEAD = 'Complaint ID,Submitted via,Date submitted,State,Product,Issue,Sub-issue,' \
       'Company response to consumer\n'


def written(tmp_path, *lines, head=HEAD):
    path = tmp_path / 'some.csv.gz'
    path.write_bytes(gzip.compress((head + '\n'.join(lines) + '\n').encode()))
    return path


def test_what_is_not_closed_stays_open(house, tmp_path):
    path = written(tmp_path, '1,Web,2020-01-02,CA,Mortgage,Fees,,In progress',
                   '2,Fax,2020-01-02,CA,Mortgage,Fees,Late,', '3,Web,2020-01-03,CA,Loan,Fees,,Huh?',
                   '4,Web,2020-01-03,,Loan,Fees,,Closed with explanation')
    assert imported(house, path, source='some')['accepted'] == 4
    states = dict(house.sql('select external_id, state from complaints.cases'
                            " where external_id in ('1', '2', '3', '4')"))
    assert states == {'1': 3, '2': 3, '3': 3, '4': 9}


def test_broken_lines_are_told_and_the_good_ones_imported(house, tmp_path):
    path = written(tmp_path, '11,Web,2020-01-02,CA,Mortgage,Fees,,Closed',
                   '12,Web,02/01/2020,CA,Mortgage,Fees,,Closed',
                   ',Web,2020-01-02,CA,Mortgage,Fees,,Closed',
                   '14,Web,2020-01-02,CA,Mortgage,,,Closed', '15,Web,"2020-01-02,CA')
    answer = house.kehuctl('--json', 'import', 'complaints', str(path), '--format', 'cfpb',
                           '--source', 'broken')
    assert answer.returncode == 1
    assert '"accepted":1' in answer.stdout.replace(' ', '')
    for line in ('line 3', 'line 4', 'line 5', 'line 6'):
        assert line in answer.stderr


def test_a_missing_column_and_a_wrong_format_are_named(house, tmp_path):
    path = written(tmp_path, '1,2', head='Complaint ID,Nothing\n')
    answer = house.kehuctl('import', 'complaints', str(path), '--format', 'cfpb', '--source', 'x')
    assert answer.returncode == 3 and 'Date submitted' in answer.stderr
    answer = house.kehuctl('import', 'complaints', str(path), '--format', 'csv', '--source', 'x')
    assert answer.returncode == 2 and 'cfpb' in answer.stderr
    answer = house.kehuctl('import', 'complaints', '/nowhere', '--format', 'cfpb', '--source', 'x')
    assert answer.returncode == 2


def test_a_case_elsewhere_is_one_case_whoever_tells_it(house, first_import, rows, tmp_path):
    row = rows[0]
    path = written(tmp_path, f"{row['Complaint ID']},Web,2020-01-02,CA,Mortgage,Fees,,Closed")
    answer = house.kehuctl('import', 'complaints', str(path), '--format', 'cfpb', '--source',
                           'another')
    assert answer.returncode == 1 and 'TS-' in answer.stderr
