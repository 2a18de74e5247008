"""kehuctl import orders: other people's files, with their marks, line ends and mistakes."""
import gzip
import json
import re

import pytest


HEAD = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country'
GOOD = ['489434,85048,"GLASS BALL, 20 LIGHTS",12,2009-12-01 07:45:00,6.95,13085,United Kingdom',
        '489435,22350,CAT BOWL,2,2009-12-01 07:46:00,2.55,13085,United Kingdom',
        '489434,79323P,PINK LIGHTS,12,2009-12-01 07:45:00,6.75,13085,United Kingdom',
        'C489449,22087,PAPER BUNTING,-12,2009-12-01 10:33:00,2.95,16321,Australia',
        'A506401,B,Adjust bad debt,1,2010-04-29 13:36:00,-53594.36,,United Kingdom']


@pytest.fixture
def imports(stack, source, tmp_path):
    """imports(bytes or lines, …) → (exit code, last line, messages)"""
    def run(what, *options, name='orders.csv'):
        path = tmp_path / name
        path.write_bytes(what if isinstance(what, bytes) else '\n'.join([HEAD, *what, '']).encode())
        answer = stack.kehuctl('import', 'orders', path, '--format', 'online-retail', '--source',
                               source, '--currency', 'GBP', '--json', *options)
        last = json.loads(answer.stdout.splitlines()[-1]) if answer.stdout.strip() else None
        return answer.returncode, last, answer.stderr
    return run


def test_an_invoice_is_one_event_with_its_lines_together(stack, client, source, imports):
    code, last, _ = imports(GOOD)
    assert code == 0
    assert {k: last[k] for k in ('events', 'accepted', 'duplicates', 'rejected', 'lines',
                                 'historic')} \
        == {'events': 4, 'accepted': 4, 'duplicates': 0, 'rejected': 0, 'lines': 5, 'historic': 4}
    orders = {o.number: o for o in client.customer(f'{source}:13085', 9).recent_orders}
    assert orders['489434'].lines == 2
    assert orders['489434'].net_micros == 164_400_000  # 12 × 6.95 + 12 × 6.75
    kinds = dict(stack.sql('select number, kind from order_key where source = %s', source))
    assert kinds == {'489434': 1, '489435': 1, 'C489449': 3, 'A506401': 2}


def test_the_same_file_again_is_all_duplicates(imports):
    assert imports(GOOD)[1]['accepted'] == 4
    code, last, _ = imports(GOOD)
    assert code == 0 and (last['accepted'], last['duplicates']) == (0, 4)


def test_times_are_those_of_the_business_zone(client, source, imports):
    imports(GOOD)
    order = client.customer(f'{source}:16321', 1).recent_orders[0]
    assert order.ordered_at.ToJsonString() == '2009-12-01T02:33:00Z'  # 10:33 in Shanghai
    assert order.day == '2009-12-01'


def lines(*given):
    return '\n'.join([HEAD, *given, ''])


@pytest.mark.parametrize('name, content', [
    ('bom', b'\xef\xbb\xbf' + lines(*GOOD).encode()),
    ('crlf', lines(*GOOD).replace('\n', '\r\n').encode()),
    ('bom and crlf', b'\xef\xbb\xbf' + lines(*GOOD).replace('\n', '\r\n').encode()),
    ('no end of line', lines(*GOOD).rstrip('\n').encode()),
    ('gzip', gzip.compress(lines(*GOOD).encode())),
    ('old names', lines(*GOOD).replace('Invoice,', 'InvoiceNo,').replace(',Price,', ',UnitPrice,')
     .replace('Customer ID', 'CustomerID').encode()),
    ('other order of columns', '\n'.join(','.join(row.split(',')[::-1]) for row in
                                         [HEAD, *GOOD[1:]]).encode()),
], ids=['bom', 'crlf', 'bom and crlf', 'no end of line', 'gzip', 'old names', 'order'])
def test_marks_line_ends_compression_and_old_names_do_not_matter(imports, name, content):
    code, last, errors = imports(content, name='o.csv.gz' if name == 'gzip' else 'o.csv')
    assert code == 0, errors
    assert last['accepted'] == 4 and last['rejected'] == 0 and last['bad_lines'] == 0


def test_gb18030_is_read_as_chinese(stack, client, source, imports):
    row = '1001,茶-01,普洱茶饼（三年陈）,2,2026-11-01 09:00:00,128.50,昆明春城,云南'
    code, last, _ = imports(lines(row).encode('gb18030'))
    assert code == 0 and last['accepted'] == 1
    assert client.customer(f'{source}:昆明春城', 1).recent_orders[0].region == '云南'
    assert stack.sql("""select l.product, l.description from order_line l join orders o
                        on o.id = l.order_id where o.source = %s""", source) \
        == [('茶-01', '普洱茶饼（三年陈）')]


def test_missing_columns_are_named_and_nothing_is_imported(stack, source, imports):
    code, last, errors = imports(b'Invoice,StockCode,Quantity\n1,2,3\n')
    assert code == 3 and last is None
    for column in ('Description', 'InvoiceDate', 'Price', 'Customer ID', 'Country'):
        assert column in errors
    assert 'line 1' in errors
    assert stack.sql('select 1 from order_key where source = %s', source) == []


@pytest.mark.parametrize('bad, place', [
    ('5,X,"broken,1,2026-01-05 10:00:00,1,7,UK', 'line 3, column 3'),
    ('5,X,a"b"c,1,2026-01-05 10:00:00,1,7,UK', 'line 3, column 3'),
    ('5,X,D,1,2026-01-05 10:00:00,1,7', 'line 3'),
    ('5,X,D,1,2026-01-05 10:00:00,1,7,UK,more', 'line 3'),
    ('5,X,D,many,2026-01-05 10:00:00,1,7,UK', 'line 3, column 4'),
    ('5,X,D,1,05/01/2026 10:00,1,7,UK', 'line 3, column 5'),
    ('5,X,D,1,2026-02-30 10:00:00,1,7,UK', 'line 3, column 5'),
    ('5,X,D,1,2026-01-05 10:00:00,1.0000001,7,UK', 'line 3, column 6'),
    ('5,X,D,1,2026-01-05 10:00:00,99999999999999999999,7,UK', 'line 3, column 6'),
    (',X,D,1,2026-01-05 10:00:00,1,7,UK', 'line 3, column 1'),
    ('5,,D,1,2026-01-05 10:00:00,1,7,UK', 'line 3, column 2'),
], ids=['open quote', 'stray quote', 'too few', 'too many', 'quantity', 'date', 'day', 'price',
        'large price', 'no invoice', 'no code'])
def test_a_broken_line_is_reported_by_place_and_the_good_ones_are_imported(
        client, source, imports, bad, place):
    code, last, errors = imports([GOOD[0], bad, GOOD[1]])
    assert code == 1
    assert re.search(place + r'\b', errors), errors
    assert (last['accepted'], last['bad_lines']) == (2, 1)
    assert client.customer(f'{source}:13085').sales[0].orders == 2


def test_a_quoted_field_may_hold_commas_quotes_and_line_ends(stack, source, imports):
    code, _, errors = imports(['1,X,"a, ""b""\nc",1,2026-01-05 10:00:00,1,7,UK', GOOD[1]])
    assert code == 0, errors
    rows = stack.sql("""select l.description from order_line l join orders o on o.id = l.order_id
                        where o.source = %s and o.number = '1'""", source)
    assert rows == [('a, "b" c',)]


def test_bytes_that_are_no_text_are_reported(imports):
    bad = b'5,X,\xff\xff\x00,1,2026-01-05 10:00:00,1,7,UK\n'
    code, last, errors = imports(lines(GOOD[0]).encode() + bad + (GOOD[1] + '\n').encode(),
                                 '--encoding', 'utf-8')
    assert code == 1 and 'line 3' in errors
    assert last['accepted'] == 2


@pytest.mark.parametrize('options, code', [
    (['--currency', 'RMB'], 2), (['--format', 'other'], 2), (['--batch', '0'], 2),
    (['--nonsense'], 2)])
def test_wrong_use_ends_with_two(stack, source, tmp_path, options, code):
    path = tmp_path / 'o.csv'
    path.write_text(lines(*GOOD))
    base = {'--format': 'online-retail', '--source': source, '--currency': 'GBP'}
    base = {k: v for k, v in base.items() if k not in options}
    answer = stack.kehuctl('import', 'orders', path, *[x for kv in base.items() for x in kv],
                           *options)
    assert answer.returncode == code


def test_an_absent_file_and_an_absent_service_are_told_apart(stack, source, tmp_path):
    path = tmp_path / 'o.csv'
    rest = ['--format', 'online-retail', '--source', source, '--currency', 'GBP']
    assert stack.kehuctl('import', 'orders', path, *rest).returncode == 2
    stack.new_key(f'{source}-no')
    path.write_text(lines(*GOOD))
    denied = stack.kehuctl('import', 'orders', path, *rest, '--key',
                           stack.key_file(f'{source}-no'))
    assert denied.returncode in (1, 3) and 'PERMISSION_DENIED' in denied.stderr


def test_a_conflict_with_what_was_imported_before_ends_with_one(imports):
    imports(GOOD)
    code, last, errors = imports([GOOD[0].replace('6.95', '7.95'), *GOOD[1:]])
    assert code == 1 and (last['rejected'], last['duplicates']) == (1, 3)
    assert '489434' in errors and 'another payload' in errors
