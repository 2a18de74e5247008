"""The Python example: what another system's programmer copies first."""
import os
import subprocess

from tests.support.stack import ROOT

EXAMPLE = ROOT / 'clients/python/publish_order.py'


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


def test_the_python_example_fits_on_a_page():
    assert len(EXAMPLE.read_text().splitlines()) < 86
