"""The Python examples: what another system's programmer copies first."""
import os
import subprocess

from tests.support.stack import ROOT

EXAMPLE = ROOT / 'clients/python/publish_order.py'
COMPLAINT = ROOT / 'clients/python/publish_complaint.py'


def test_the_python_example_publishes_an_order_that_customer_show_then_shows(stack, source):
    key = stack.new_key(source, publish=source)
    answer = subprocess.run(['/usr/bin/python3', EXAMPLE, key, stack.url], text=True, timeout=60,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith('OK') and 'accepted: 1' in answer.stdout
    file = stack.kehuctl_json('customer', 'show', f'{source}:C-1001')
    assert file['name'] == '昆明春城商贸有限公司'
    assert file['sales'] == [{'currency': 'CNY', 'orders': 1, 'lines': 2, 'net': '377'}]
    table = stack.kehuctl('customer', 'show', f'{source}:C-1001')
    assert '昆明春城商贸有限公司' in table.stdout and '377' in table.stdout


def test_the_python_example_finds_the_kehu_of_its_base_port_and_gives_up_by_itself(stack, source):
    key = stack.new_key(source, publish=source)

    def publish(**environment):
        return subprocess.run(['/usr/bin/python3', EXAMPLE, key], text=True, timeout=60,
                              env={**os.environ, **environment},
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    answer = publish(KEHU_BASE_PORT=str(stack.base_port))
    assert answer.returncode == 0 and answer.stdout.startswith('OK'), answer.stderr
    silent = publish(KEHU_BASE_PORT=str(stack.base_port + 30))
    assert silent.returncode == 1 and 'did not answer' in silent.stderr


def publish_complaint(stack, *arguments, **environment):
    return subprocess.run(['/usr/bin/python3', COMPLAINT, *arguments], text=True, timeout=60,
                          env={**os.environ, **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_example_of_complaints_publishes_one_that_complaint_show_then_shows(stack, source):
    key = stack.new_key(source, publish=source, types='kehu.complaints.v1.*')
    answer = publish_complaint(stack, key, KEHU_BASE_PORT=str(stack.base_port))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.startswith('OK') and 'accepted: 1' in answer.stdout
    ref = answer.stdout.split('the case: ')[1].strip()
    assert ref.startswith(f'{source}:T-')
    case = stack.kehuctl_json('complaint', 'show', ref)
    assert (case['channel'], case['kind'], case['issue']) == ('online', 'complaint', '异味')
    assert (case['links']['product'], case['links']['batch']) == ('TEA-01', '2026-08')
    assert case['customer_ref'] == 'shop:C-1001' and not case['historic']
    assert any(clock['kind'] == 'resolution' for clock in case['clocks'])


def test_the_example_of_complaints_ends_with_1_when_it_is_refused(stack, source):
    key = stack.new_key(source, publish=f'{source}-other')
    answer = publish_complaint(stack, key, f'tcp://127.0.0.1:{stack.base_port + 20}')
    assert answer.returncode == 1 and 'may not publish' in answer.stdout
    assert 'the case' not in answer.stdout


def test_the_python_examples_fit_on_a_page():
    assert len(EXAMPLE.read_text().splitlines()) < 86
    assert len(COMPLAINT.read_text().splitlines()) < 60
