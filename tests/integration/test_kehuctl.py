"""kehuctl as people and scripts use it: documents, exit codes, every message by name."""
import json
import re
import subprocess

import pytest

from tests.support import handlers, proto
from tests.support.client import day, paid, placed

CUSTOMER = ['id', 'number', 'name', 'incomplete', 'refs', 'registered_at', 'sales',
            'first_order_at', 'last_order_at', 'recent_orders', 'version', 'merged_from']
FILE = ['party_type', 'nature', 'parent_number', 'region', 'region_is_set', 'facts',
        'completeness', 'missing', 'review_due', 'purchases', 'grade', 'file_version',
        'major_changes', 'owner', 'privacy', 'cases']
ORDER = ['id', 'source', 'number', 'kind', 'ordered_at', 'day', 'region', 'currency', 'net',
         'lines', 'cancelled', 'paid', 'delivered_at']
# What the floor answers, beside the table of the service's own messages.
FLOOR = {'Ping', 'GetHealth', 'GetStats', 'Fetch', 'GetClock', 'AdvanceClock'}
# What not even the administrator's key may do as itself.
FOR_PERSONS = {'ReadAudit'}


def test_customer_show_prints_every_field_and_exact_decimals(stack, client, source):
    client.publish(placed('A', source, at='2026-11-01T03:04:05.123456Z', lines=[
        ('tea', '1.5', '2.25'), ('cup', 1, '-0.000001')]), paid('A', '1.10', source))
    file = stack.kehuctl_json('customer', 'show', f'{source}:C1')
    assert sorted(file) == sorted(CUSTOMER + FILE)
    assert file['name'] == '' and file['incomplete'] is True and file['version'] == 2
    assert file['refs'] == [f'{source}:C1']
    assert file['sales'] == [{'currency': 'CNY', 'orders': 1, 'lines': 2, 'net': '3.374999'}]
    order = file['recent_orders'][0]
    assert sorted(order) == sorted(ORDER)
    assert (order['paid'], order['cancelled'], order['delivered_at']) == ('1.1', False, '')
    assert order['ordered_at'] == '2026-11-01T03:04:05.123456Z' and order['lines'] == 2


def test_one_document_stands_on_one_line(stack, client, source):
    client.publish(placed('A', source, name='李娜\u3000x'))
    answer = stack.kehuctl('customer', 'show', f'{source}:C1', '--json')
    assert len(answer.stdout.splitlines()) == 1 and answer.stdout.endswith('\n')
    assert json.loads(answer.stdout)['name'] == '李娜\u3000x'


def test_a_report_is_a_plain_array_of_rows(stack, client, source):
    region = f'{source}-区'
    client.publish(placed('A', source, region=region, customer=None, lines=[('t', 1, '1.50')]))
    rows = stack.kehuctl_json('report', 'sales', '--by', 'region')
    assert isinstance(rows, list)
    row, = [r for r in rows if r['key'] == region]
    assert row == {'key': region, 'lines': 1, 'orders': 1, 'customers': 0, 'net': '1.5',
                   'currency': 'CNY'}


@pytest.mark.parametrize('by', ['total', 'region', 'month', 'customer'])
def test_every_report_has_rows_and_a_table(stack, client, source, by):
    client.publish(placed('A', source))
    assert stack.kehuctl_json('report', 'sales', '--by', by, '--top', 1)[0]['orders'] > 0
    table = stack.kehuctl('report', 'sales', '--by', by)
    assert table.returncode == 0 and 'net' in table.stdout


def test_a_report_of_nothing_is_an_empty_array(stack):
    assert stack.kehuctl_json('report', 'sales', '--by', 'total', '--from', '1990-01-01', '--to',
                              '1990-01-02') == []


@pytest.mark.parametrize('arguments, code', [
    (['customer', 'show', 'KH999999'], 1), (['customer', 'show', '???'], 1),
    (['report', 'sales', '--by', 'colour'], 2), (['report', 'sales', '--by', 'total', '--x'], 2),
    (['nonsense'], 2), (['customer', 'show'], 2), ([], 2),
    (['call', 'customers.GetCustomer', '{"reff": "x"}'], 2),
    (['call', 'customers.GetCustomer', '{'], 2),
    (['call', 'customers.GetCustomer', '{"ref": "nobody:1"}'], 1),
    (['ping', '--endpoint', 'tcp://127.0.0.1:1', '--timeout', '1'], 3),
    (['ping', '--key', '/nonexistent'], 3), (['--help'], 0), (['--version'], 0), (['ping'], 0)])
def test_exit_codes_mean_something_and_the_reason_goes_to_stderr(stack, arguments, code):
    answer = stack.kehuctl(*arguments)
    assert answer.returncode == code, answer.stderr
    if code:
        assert answer.stderr.startswith('kehuctl: ') or 'kehuctl' in answer.stderr


def test_every_command_explains_itself_with_an_example(stack):
    answer = stack.kehuctl('help')
    commands = [line[2:24].strip() for line in answer.stdout.splitlines()
                if line.startswith('  ') and line[2:3].isalpha()]
    assert {'import orders', 'simulate', 'report sales', 'customer show', 'call',
            'events tail', 'keys new'} <= set(commands)
    for command in set(commands) - {'keys server'}:  # for `make up` alone
        page = stack.kehuctl(*command.split(), '--help')
        example = rf'^  kehuctl (--as \S+ )?{command}\b'
        assert page.returncode == 0 and re.search(example, page.stdout, re.M), command


def test_call_knows_every_message_of_the_contract(stack):
    """What is a question of the service is answered; what is none is refused as such."""
    listed = [one for one in stack.kehuctl_json('call', '--list')
              if one['method'].startswith('customers.')]
    served = {handler.method.split('.')[1] for handler in handlers.served()} | FLOOR
    found = set()
    for one in listed:
        assert one['type'] in proto.contract and sorted(one) == ['method', 'shape', 'type']
        answer = stack.kehuctl('call', one['method'], '{}')
        if answer.returncode == 1 and 'UNIMPLEMENTED' in answer.stderr:
            continue
        name = one['method'].split('.')[1]
        found.add(name)
        if answer.returncode == 0:
            json.loads(answer.stdout)
            continue
        wanted = 'PERMISSION_DENIED' if name in FOR_PERSONS else 'INVALID_ARGUMENT|FAILED_PREC'
        assert answer.returncode == 1 and re.search(wanted, answer.stderr), (one, answer.stderr)
    assert found == served


def test_call_speaks_canonical_json_both_ways(stack, source):
    order = {'number': 'A', 'content': {
        'orderedAt': f'{day(-2)}T10:00:00Z', 'currency': 'CNY', 'customer': {'externalId': 'C9'},
        'lines': [{'product': 'tea', 'quantityMicros': '2000000', 'unitPriceMicros': '1250000'}]}}
    batch = {'events': [{'id': '1', 'source': source, 'specVersion': '1.0',
                         'type': 'kehu.customers.v1.OrderPlaced',
                         'protoData': {'@type': 'type.googleapis.com/kehu.customers.v1.OrderPlaced',
                                       **order}}]}
    answer = stack.kehuctl('call', 'customers.Publish', '-', input=json.dumps(batch))
    assert json.loads(answer.stdout) == {'items': [{'outcome': 'OUTCOME_ACCEPTED'}], 'accepted': 1}
    answer = stack.kehuctl('call', 'customers.GetCustomer', json.dumps({'ref': f'{source}:C9'}))
    assert json.loads(answer.stdout)['sales'] == [
        {'currency': 'CNY', 'orders': '1', 'lines': '1', 'netMicros': '2500000'}]


def test_call_repeats_a_request_when_told_its_id(stack, source):
    text = json.dumps({'events': [{
        'id': '1', 'source': source, 'specVersion': '1.0',
        'type': 'kehu.customers.v1.OrderDelivered', 'protoData': {
            '@type': 'type.googleapis.com/kehu.customers.v1.OrderDelivered', 'number': 'A',
            'deliveredAt': f'{day(-2)}T10:00:00Z'}}]})
    once = stack.kehuctl('call', 'customers.Publish', text, '--id', f'{source}-1')
    again = stack.kehuctl('call', 'customers.Publish', text, '--id', f'{source}-1')
    other = stack.kehuctl('call', 'customers.Publish', text)
    assert once.stdout == again.stdout and 'ACCEPTED' in once.stdout
    assert 'DUPLICATE' in other.stdout


def test_a_refusal_of_call_names_status_reason_and_field(stack):
    answer = stack.kehuctl('call', 'customers.GetCustomer', '{"ref": ""}')
    assert answer.returncode == 1 and answer.stdout == ''
    assert 'INVALID_ARGUMENT' in answer.stderr and 'ref:' in answer.stderr


def test_events_tail_prints_one_document_per_event(stack, client, source):
    after = client.end()
    client.publish(placed('A', source), placed('B', source, customer='C2'))
    stack.log_settles()
    answer = stack.kehuctl('events', 'tail', 'customers', '--after', after, '--json')
    assert answer.returncode == 0
    events = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [e['type'].rsplit('.')[-1] for e in events].count('CustomerRegistered') == 2
    assert len(events) == 4
    for one in events:
        assert {'id', 'source', 'type', 'subject', 'time', 'entityversion', 'data'} <= set(one)
        assert isinstance(one['entityversion'], int)
    recorded = [e for e in events if e['type'].endswith('OrderRecorded')]
    assert recorded[0]['data']['net'] == '10' and recorded[0]['data']['cancelled'] is False


def test_events_tail_takes_types_and_a_maximum(stack, client, source):
    after = client.end()
    client.publish(*[placed(f'A{n}', source, customer=f'C{n}') for n in range(6)])
    stack.log_settles()
    tail = ['events', 'tail', 'customers', '--after', after, '--json', '--type']
    assert len(stack.kehuctl(*tail, 'OrderRecorded').stdout.splitlines()) == 6
    assert len(stack.kehuctl(*tail, 'OrderRecorded', '--max', 4).stdout.splitlines()) == 4


def test_events_tail_follows(stack, client, source):
    with subprocess.Popen([stack.bin / 'kehuctl', 'events', 'tail', 'customers', '--after', 'end',
                           '--follow', '--max', '2', '--json'], env=stack.environment(), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as tail:
        for n in range(600):  # it takes a moment until it listens
            client.publish(placed(f'A{n}', source))
            try:
                tail.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                continue
        assert len(tail.stdout.read().splitlines()) == 2
        assert tail.returncode == 0


def test_keys_are_made_listed_revoked_and_allowed(stack, source):
    made = stack.kehuctl_json('keys', 'new', source, '--publish', source)
    assert made['name'] == source
    assert stack.kehuctl('keys', 'new', source).returncode == 1  # never replaced

    def entry():
        return next(k for k in stack.kehuctl_json('keys', 'list') if k['name'] == source)
    assert entry()['state'] == 'allowed' and entry()['publish'] == [source]
    assert stack.kehuctl('keys', 'revoke', source).returncode == 0
    assert entry()['state'] == 'revoked'
    assert stack.kehuctl('keys', 'allow', source).returncode == 0
    assert entry()['state'] == 'allowed'
    assert stack.kehuctl('keys', 'revoke', 'nobody-such').returncode != 0


def test_a_simulated_company_is_the_same_for_the_same_seed(new_stack):
    stack = new_stack()
    simulate = ['simulate', '--customers', 20, '--orders', 120, '--seed', 7, '--from', '2026-01-01',
                '--to', '2026-06-30']
    first = stack.kehuctl_json(*simulate)
    assert first['accepted'] == first['events'] >= 120 and first['rejected'] == 0
    second = stack.kehuctl_json(*simulate)
    assert second['accepted'] == 0 and second['duplicates'] == first['events']
    rows = stack.kehuctl_json('report', 'sales', '--by', 'customer')
    assert 1 < len([r for r in rows if r['key']]) <= 20
