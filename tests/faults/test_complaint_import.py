"""A complaint import through kills of the service, of PostgreSQL and of itself: once each."""
import collections
import csv
import json
import signal
import subprocess

import pytest

from tests.support.stack import data_file, open_gz, until

FULL_FILE = 'complaints_sample.csv.gz'


@pytest.fixture(scope='module')
def complaint_file(tmp_path_factory, size):
    """(file, rows): all of the real data, or its beginning."""
    whole = data_file(FULL_FILE)
    if not whole:
        pytest.skip(f'../shared/data/{FULL_FILE} is not there')
    with open_gz(whole) as source:
        text = source.readlines()
    text = text[:size(3001, None)]
    head = tmp_path_factory.mktemp('data') / 'head.csv'
    head.write_text(''.join(text), encoding='utf-8')
    return head, list(csv.DictReader(text))


def begin(stack, file, *more):
    return subprocess.Popen(
        [stack.bin / 'kehuctl', 'import', 'complaints', str(file), '--format', 'cfpb', '--source',
         'cfpb', '--json', *map(str, more)], text=True, env=stack.environment(),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(work, status=0, seconds=900):
    out, err = work.communicate(timeout=seconds)
    assert work.returncode == status, f'{work.returncode}: {err}'
    return json.loads(out.splitlines()[-1])


def kept(stack):
    """How many cases there are; None while nobody can say."""
    try:
        return stack.value('select count(*) from complaints.cases')
    except Exception:  # noqa: B902  the server is being restarted
        return None


def assert_once(stack, rows):
    """Each row is a case, with one receipt, one number of its day and one line of history."""
    assert kept(stack) == len(rows)
    days = collections.Counter(row['Date submitted'].replace('-', '') for row in rows)
    assert dict(stack.sql('select substr(number, 4, 8), count(distinct number)'
                          ' from complaints.cases group by 1')) == days
    assert stack.value("select count(*) from complaints.receipt where source = 'cfpb'") == len(rows)
    assert stack.value('select count(*) from complaints.case_entry') == len(rows)
    assert stack.value('select count(*) from complaints.clock') == 0
    assert stack.value("select count(*) from complaints.log"
                       " where type = 'kehu.complaints.v1.ComplaintOpened'") == len(rows)
    assert stack.value('select count(*) from (select subject, count(*), max(version) as last'
                       ' from complaints.log group by 1) l where count <> last') == 0


def test_an_import_survives_every_kill_and_restart(new_stack, complaint_file, full):
    file, rows = complaint_file
    stack = new_stack()
    work = begin(stack, file, *([] if full else ['--batch', 10, '--in-flight', 4, '--rate', 300]))
    for share in (0, 0.3, 0.6, 0.8):
        until(lambda: (kept(stack) or 0) >= int(len(rows) * share), 300)
        assert work.poll() is None, f'the import ended before {share}'
        if share == 0.6:
            stack.restart_postgres(signal.SIGQUIT, wait=False)
        else:
            until(lambda: (stack.var / 'run/complaints.pid').exists())
            stack.kill('complaints')
    answer = finish(work)
    assert (answer['accepted'], answer['duplicates'], answer['rejected']) == (len(rows), 0, 0)
    assert_once(stack, rows)
    again = finish(begin(stack, file))
    assert (again['accepted'], again['duplicates']) == (0, len(rows))
    assert_once(stack, rows)


def test_an_import_that_was_killed_goes_on_where_it_was(new_stack, complaint_file, size):
    file, rows = complaint_file
    stack = new_stack()
    work = begin(stack, file, '--batch', 10, '--rate', size(300, 3000))
    until(lambda: kept(stack) >= len(rows) // 3, 300)
    work.kill()
    work.communicate()
    assert 0 < kept(stack) < len(rows)
    answer = finish(begin(stack, file))
    assert answer['accepted'] + answer['duplicates'] == len(rows) and answer['duplicates'] > 0
    assert_once(stack, rows)
