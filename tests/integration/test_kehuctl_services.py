"""How kehuctl speaks to two services: which one a command asks, what keys may ask of each."""
import json
import re

from tests.support import proto
from tests.support.stack import ROOT

FLOOR = {'Ping', 'GetHealth', 'GetStats', 'Fetch', 'GetClock', 'AdvanceClock'}


def test_what_every_service_answers_is_asked_of_the_one_named_or_of_all(stack):
    there = [json.loads(line) for line in stack.kehuctl('ping', '--json').stdout.splitlines()]
    assert [one['service'] for one in there] == ['customers', 'complaints']
    assert stack.kehuctl_json('ping', 'complaints')['service'] == 'complaints'
    assert stack.kehuctl_json('ping', '--service', 'complaints')['service'] == 'complaints'
    health = stack.kehuctl('health')
    assert health.returncode == 0
    assert 'customers: ready' in health.stdout and 'complaints: ready' in health.stdout
    assert 'complaints: ' in stack.kehuctl('clock', 'show').stdout
    assert stack.kehuctl_json('stats', 'complaints')['service'] == 'complaints'
    answer = stack.kehuctl('ping', 'nobody')
    assert answer.returncode == 2 and 'customers, complaints' in answer.stderr
    assert stack.kehuctl('ping', 'complaints', '--service', 'customers').returncode == 2


def test_an_endpoint_is_that_of_the_service_a_command_speaks_to(stack):
    there = f'tcp://127.0.0.1:{stack.base_port + 20}'
    assert stack.kehuctl_json('call', 'complaints.Ping', '--endpoint', there)['service'] == (
        'complaints')
    nowhere = {'KEHU_COMPLAINTS_URL': 'tcp://127.0.0.1:1'}
    assert stack.kehuctl('call', 'customers.Ping', **nowhere).returncode == 0
    answer = stack.kehuctl('complaint', 'list', '--timeout', '1', **nowhere)
    assert answer.returncode == 3 and 'complaints at tcp://127.0.0.1:1' in answer.stderr
    assert stack.kehuctl('ping', '--timeout', '1', **nowhere).returncode == 3


def test_call_knows_every_message_of_complaints(stack):
    """What is a question of the service is answered; what is none is refused as such."""
    table = (ROOT / 'services/complaints/handler_table.c').read_text()
    served = set(re.findall(r'\.type = "kehu\.\w+\.v1\.(\w+)"', table)) | FLOOR
    found = set()
    for one in stack.kehuctl_json('call', '--list'):
        service, name = one['method'].split('.')
        if service != 'complaints':
            continue
        assert one['type'] in proto.contract
        answer = stack.kehuctl('call', one['method'], '{}')
        if answer.returncode == 1 and 'UNIMPLEMENTED' in answer.stderr:
            continue
        found.add(name)
        if answer.returncode:
            assert re.search('INVALID_ARGUMENT|FAILED_PREC|NOT_FOUND', answer.stderr), (
                one, answer.stderr)
    assert found == served


def test_a_case_is_opened_by_call_and_heard_of_in_the_log(stack, source):
    text = json.dumps({'content': '灯坏了', 'complainant': {'customerRef': f'{source}:nobody'}})
    answer = json.loads(stack.kehuctl('call', 'complaints.OpenComplaint', text).stdout)
    assert answer['number'].startswith('TS-') and answer['state'] == 'CASE_STATE_RECEIVED'
    stack.log_settles()
    heard = stack.kehuctl('events', 'tail', '--service', 'complaints', '--type', 'ComplaintOpened',
                          '--json')
    told = [json.loads(line)['data'] for line in heard.stdout.splitlines()]
    assert answer['number'] in [one['number'] for one in told]
    assert all('灯坏了' not in line for line in heard.stdout.splitlines())


def test_keys_may_be_for_complaints_alone(stack, source):
    stack.new_key(f'{source}-desk', call='complaints.*')
    desk = {'KEHU_KEY': str(stack.key_file(f'{source}-desk'))}
    assert stack.kehuctl('complaint', 'list', **desk).returncode == 0
    answer = stack.kehuctl('customer', 'list', **desk)
    assert answer.returncode == 1 and 'PERMISSION_DENIED' in answer.stderr
    stack.new_key(f'{source}-hot', publish=source, types='kehu.complaints.v1.*')
    rights = json.loads((stack.var / 'keys/allowed' / f'{source}-hot.json').read_text())
    assert rights['call'] == ['complaints.Publish']
    stack.new_key(f'{source}-shop', publish=source)
    rights = json.loads((stack.var / 'keys/allowed' / f'{source}-shop.json').read_text())
    assert rights['call'] == ['customers.Publish', 'complaints.Publish']
