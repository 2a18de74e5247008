"""A service among others: its pages, its settings, its start and its end."""
import os
import re
import signal
import subprocess
import time

import psycopg2
import pytest

from tests.support import proto
from tests.support.client import Client, placed
from tests.support.stack import until


def run(stack, *arguments, **settings):
    """The program with a clean environment, as the supervisor starts it."""
    secrets = stack.var / 'secrets'
    usual = {'KEHU_DATABASE_FILE': secrets / 'customers_run.conninfo',
             'KEHU_KEYS': stack.var / 'keys/allowed',
             'KEHU_SERVER_SECRET_FILE': stack.var / 'keys/server.secret',
             'KEHU_SEAL_KEYS_FILE': stack.var / 'keys/seal.keys',
             'KEHU_REDIS_PORT': stack.base_port + 1,
             'KEHU_REDIS_PASSWORD_FILE': secrets / 'redis.password'}
    usual.update(settings)
    environment = {'PATH': os.environ['PATH'],
                   **{k: str(v) for k, v in usual.items() if v is not None}}
    return subprocess.run([stack.bin / 'customers', *arguments], env=environment, text=True,
                          timeout=30, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def test_healthz_says_that_the_process_lives(stack):
    assert stack.http('/healthz') == (200, 'ok')


def test_readyz_names_each_part(stack, client):
    status, page = stack.http('/readyz')
    assert status == 200 and '"ready":true' in page
    for part in ('postgres', 'redis', 'keys', 'seal'):
        assert f'"name":"{part}","state":"healthy"' in page
    health = client.ask(proto.GetHealth()).payload
    assert health.ready
    assert {p.name for p in health.parts} >= {'postgres', 'redis', 'keys', 'seal'}


def test_an_unknown_page_is_404(stack):
    assert stack.http('/nonsense')[0] == 404


def test_metrics_are_in_the_prometheus_format(stack, client, source):
    before = stack.metrics()
    client.publish(placed('A', source), placed('B', source, currency=''))
    client.publish(placed('C', source, at=10 ** 7))
    status, text = stack.http('/metrics')
    assert status == 200
    for line in text.splitlines():
        assert re.fullmatch(r'# (HELP|TYPE) kehu_\w+ .+|kehu_\w+(\{\w+="[^"]*"\})? [-+.\deE]+',
                            line), line
    after = stack.metrics()

    def grew(name):
        return after[name] - before[name]
    assert grew('kehu_customers_events_accepted_total') == 2
    assert grew('kehu_customers_events_rejected_total') == 1
    assert grew('kehu_customers_events_historic_total') == 1
    assert grew('kehu_requests_ended_total') >= 2
    assert grew('kehu_answers_total{status="OK"}') >= 2


def test_stats_over_the_bus_are_the_metrics(stack, client):
    counters = {c.name: c.value for c in client.ask(proto.GetStats()).payload.counters}
    names = {name.split('{')[0] for name in stack.metrics()}
    assert {name.split('{')[0] for name in counters} == names
    assert all(c.help for c in client.ask(proto.GetStats()).payload.counters)


def test_every_request_ends_as_one_line_of_the_log(stack, client, source):
    identity = f'{source}-logged'
    client.publish(placed('A', source, name='Zhang Xiaoming'), id=identity)
    found = until(lambda: [line for line in stack.log().splitlines() if identity in line])
    assert len(found) == 1
    for part in (f'request={identity}', 'type=kehu.bus.v1.Publish', 'key=admin', 'status=OK'):
        assert part in found[0]
    assert 'Zhang' not in stack.log()


def test_secrets_stand_in_no_log(stack):
    secrets = [path.read_text().strip() for path in (stack.var / 'secrets').glob('*.password')]
    secrets.append(stack.key()['secret'])
    logs = ''.join(p.read_text(errors='replace') for p in (stack.var / 'log').iterdir())
    assert not [s for s in secrets if s in logs]


def test_help_names_every_setting(stack):
    answer = run(stack, '--help')
    assert answer.returncode == 0
    for name in ('KEHU_ENDPOINT', 'KEHU_DATABASE[_FILE]', 'KEHU_TIMEZONE', 'KEHU_MAX_REQUESTS'):
        assert name in answer.stdout
    assert run(stack, '--version').stdout.strip()


def test_check_prints_what_is_in_force_and_hides_secrets(stack):
    answer = run(stack, '--check', KEHU_TIMEZONE='Europe/London')
    assert answer.returncode == 0, answer.stderr
    assert 'Europe/London' in answer.stdout + answer.stderr
    secret = (stack.var / 'secrets/redis.password').read_text().strip()
    assert secret not in answer.stdout + answer.stderr


@pytest.mark.parametrize('settings, named', [
    ({'KEHU_TIMEZON': 'x'}, 'KEHU_TIMEZON'),
    ({'KEHU_TIMEZONE': 'Mars/Olympus'}, 'KEHU_TIMEZONE'),
    ({'KEHU_CURRENCY': 'RMB'}, 'KEHU_CURRENCY'),
    ({'KEHU_MAX_REQUESTS': '0'}, 'KEHU_MAX_REQUESTS'),
    ({'KEHU_MAX_REQUESTS': 'many'}, 'KEHU_MAX_REQUESTS'),
    ({'KEHU_DATABASE_FILE': None}, 'KEHU_DATABASE'),
    ({'KEHU_DATABASE_FILE': '/nonexistent'}, 'KEHU_DATABASE_FILE'),
    ({'KEHU_DATABASE': 'dbname=kehu'}, 'KEHU_DATABASE'),  # and the _FILE too: which one?
    ({'KEHU_REDIS_PORT': '70000'}, 'KEHU_REDIS_PORT')],
    ids=lambda value: '' if isinstance(value, str) else next(iter(value)))
def test_a_wrong_setting_is_refused_by_name(stack, settings, named):
    for arguments in (['--check'], []):
        answer = run(stack, *arguments, **settings)
        assert answer.returncode > 0 and named in answer.stderr, answer.stderr


def test_it_does_not_start_without_the_folder_of_keys(stack):
    answer = run(stack, KEHU_KEYS='/nonexistent/keys', KEHU_ENDPOINT='tcp://127.0.0.1:*',
                 KEHU_HTTP='127.0.0.1:0')
    assert answer.returncode > 0 and '/nonexistent/keys' in answer.stderr


def test_it_refuses_a_taken_address(stack):
    answer = run(stack, KEHU_ENDPOINT=stack.url, KEHU_HTTP='127.0.0.1:0')
    assert answer.returncode != 0 and str(stack.base_port + 10) in answer.stderr


def test_migrating_twice_changes_nothing(stack):
    owner = stack.var / 'secrets/customers_owner.conninfo'
    tables = 'select table_name from information_schema.tables where table_schema = %s order by 1'
    before = stack.sql(tables, 'customers')
    assert run(stack, '--migrate', KEHU_DATABASE_OWNER_FILE=owner).returncode == 0
    assert stack.sql(tables, 'customers') == before


def test_it_stops_on_request_with_everything_answered(new_stack):
    stack = new_stack()
    with Client(stack) as client:
        bodies = [client.request(proto.Publish(events=[placed(f'A{n}', 's')])) for n in range(50)]
        for body in bodies:
            client.send(body)
        first = client.receive()
        before = stack.kill('customers', signal.SIGTERM)
        answers = [first]
        while not client.hears_nothing(1):
            answers.append(client.receive())
        ok = sum(reply.status == 'OK' for reply in answers)
        until(lambda: not os.path.exists(f'/proc/{before}'))
        stack.becomes_ready()
        assert stack.value('select count(*) from order_key') >= ok > 0
        for body in bodies:
            fields = {f.name: v for f, v in proto.Request.FromString(body).ListFields()}
            assert client.insist(**fields).payload.accepted == 1


def test_the_clock_of_a_live_installation_cannot_be_moved(stack, client):
    with pytest.raises(psycopg2.errors.CheckViolation):
        stack.sql('update installation set clock_offset_us = 1', role='owner')
    assert abs(client.ask(proto.Ping()).payload.now.seconds - time.time()) < 5
