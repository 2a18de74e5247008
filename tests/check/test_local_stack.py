"""The scripts of deploy/local: from whatever state, `up` brings a stack up and `down` ends it."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pytest

from tests.support.stack import free_ports, until

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = os.environ.get('KEHU_BIN', str(ROOT / 'bin'))


class Stack:
    def __init__(self, var):
        self.var = var
        self.port = free_ports()

    def script(self, name, *arguments, **settings):
        environment = {'PATH': os.environ['PATH'], 'KEHU_BIN': BIN, 'KEHU_VAR': str(self.var),
                       'KEHU_BASE_PORT': str(self.port), 'KEHU_START_SECONDS': '30', **settings}
        return subprocess.run([ROOT / 'deploy/local' / name, *arguments], env=environment,
                              text=True, timeout=120, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def up(self, **settings):
        answer = self.script('up.sh', **settings)
        assert answer.returncode == 0, answer.stdout
        return answer.stdout

    def is_healthy(self):
        return self.script('status.sh').returncode == 0

    def pid(self, name):
        return int((self.var / 'run' / f'{name}.pid').read_text())

    def pids(self):
        return {p.stem: int(p.read_text()) for p in (self.var / 'run').glob('*.pid')}

    def becomes_healthy(self, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.is_healthy():
                return True
            time.sleep(0.2)
        return False


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    # A space in the name, and folders above that nobody but us may enter: both happen.
    it = Stack(tmp_path_factory.mktemp('stack') / 'my var')
    it.up()
    yield it
    it.script('reset.sh')


def is_running(pid):
    try:
        return ') Z ' not in pathlib.Path(f'/proc/{pid}/stat').read_text()
    except OSError:
        return False


def test_up_twice_changes_nothing(stack):
    stack.up()
    before = stack.pids()
    stack.up()
    assert stack.pids() == before
    assert stack.is_healthy()


@pytest.mark.parametrize('name', ['customers', 'redis', 'postgres'])
def test_a_killed_process_comes_back_by_itself(stack, name):
    stack.up()
    before = stack.pid(name)
    os.kill(before, signal.SIGKILL)
    until(lambda: stack.pids().get(name, before) != before)
    assert stack.becomes_healthy()


def test_up_repairs_a_stack_whose_every_process_was_killed(stack):
    stack.up()
    for pid in stack.pids().values():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    stack.up()
    assert stack.is_healthy()


def test_a_pid_file_that_names_a_foreign_process_harms_neither(stack):
    stack.script('down.sh')
    with subprocess.Popen(['sleep', '100']) as foreign:
        for name in ('customers', 'redis', 'postgres', 'supervise-customers', 'supervise-redis'):
            (stack.var / 'run' / f'{name}.pid').write_text(f'{foreign.pid}\n')
        (stack.var / 'postgres/postmaster.pid').write_text(f'{foreign.pid}\n')
        stack.script('down.sh')
        stack.up()
        stack.script('down.sh')
        assert foreign.poll() is None
        foreign.kill()


def test_down_ends_every_process_and_keeps_the_data(stack):
    stack.up()
    pids = stack.pids()
    answer = stack.script('down.sh')
    assert answer.returncode == 0, answer.stdout
    # A supervisor that has given up its lock is on its last instructions.
    until(lambda: not [name for name, pid in pids.items() if is_running(pid)])
    assert (stack.var / 'postgres/PG_VERSION').exists()
    assert stack.script('status.sh').returncode == 1


def test_one_part_alone_is_stopped_and_stays_so_until_the_next_up(stack):
    stack.up()
    assert stack.script('down.sh', 'redis').returncode == 0
    time.sleep(0.5)
    assert 'redis' not in stack.pids()
    assert is_running(stack.pid('customers'))
    stack.up()
    assert stack.is_healthy()


def test_two_ups_at_once_wait_for_each_other(stack):
    stack.script('down.sh')
    environment = {'PATH': os.environ['PATH'], 'KEHU_BIN': BIN, 'KEHU_VAR': str(stack.var),
                   'KEHU_BASE_PORT': str(stack.port)}
    ups = [subprocess.Popen([ROOT / 'deploy/local/up.sh'], env=environment,
                            stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [up.wait(timeout=120) for up in ups] == [0, 0]
    assert stack.is_healthy()


def test_instances_are_added_and_taken_away(stack):
    stack.up(KEHU_INSTANCES='2')
    assert is_running(stack.pid('customers-2'))
    settings = (stack.var / 'run/settings').read_text()
    assert f'tcp://127.0.0.1:{stack.port + 10},tcp://127.0.0.1:{stack.port + 12}' in settings
    stack.up(KEHU_INSTANCES='1')
    assert 'customers-2' not in stack.pids()
    assert stack.is_healthy()


def test_another_time_zone_on_existing_data_is_refused(stack):
    answer = stack.script('up.sh', KEHU_TIMEZONE='Europe/London')
    assert answer.returncode == 1
    assert 'KEHU_TIMEZONE=Asia/Shanghai' in answer.stdout


def test_a_port_that_is_taken_is_named(stack):
    stack.script('down.sh')
    with socket.create_server(('127.0.0.1', stack.port + 1)):
        answer = stack.script('up.sh')
    assert answer.returncode == 1
    assert f'port {stack.port + 1} (for Redis) is taken' in answer.stdout
    stack.up()


def test_a_half_made_cluster_is_made_again(tmp_path):
    it = Stack(tmp_path / 'var')
    (it.var / 'postgres.new').mkdir(parents=True)
    (it.var / 'postgres.new/PG_VERSION').write_text('15\n')
    (it.var / '.kehu').write_text('')
    it.up()
    assert it.is_healthy()
    assert it.script('reset.sh').returncode == 0
    assert not list(it.var.iterdir())


def test_a_folder_that_is_no_stack_is_left_alone(tmp_path):
    it = Stack(tmp_path)
    (tmp_path / 'letter.txt').write_text('dear')
    assert it.script('up.sh').returncode == 1
    assert it.script('reset.sh').returncode == 1
    assert (tmp_path / 'letter.txt').read_text() == 'dear'


def test_the_run_role_creates_nothing_and_sees_no_other_schema(stack):
    stack.up()
    psycopg2 = pytest.importorskip('psycopg2')
    conninfo = (stack.var / 'secrets/customers_run.conninfo').read_text().strip()
    for statement in ('create table customers.mine (a int)', 'create table public.mine (a int)',
                      'create schema mine', 'select * from pg_authid'):
        connection = psycopg2.connect(conninfo)
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            connection.cursor().execute(statement)
        connection.close()


def test_secrets_are_readable_by_us_alone(stack):
    for path in [*(stack.var / 'secrets').iterdir(), *(stack.var / 'keys/secret').iterdir(),
                 stack.var / 'keys/server.secret', stack.var / 'keys/seal.keys']:
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.skipif(os.getuid() != 0, reason='only root can become another user')
def test_an_ordinary_user_has_a_stack_of_his_own(tmp_path):
    home = pathlib.Path('/tmp') / f'kehu-test-{os.getpid()}'
    home.mkdir(mode=0o700)
    shutil.chown(home, 'nobody')
    it = Stack(home / 'var')
    become = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups']
    environment = {'PATH': os.environ['PATH'], 'KEHU_BIN': BIN, 'KEHU_VAR': str(it.var),
                   'KEHU_BASE_PORT': str(it.port)}
    if subprocess.run([*become, 'test', '-x', f'{BIN}/kehuctl']).returncode != 0:
        home.rmdir()
        pytest.skip('the checkout is closed to other users')
    try:
        for name in ('up.sh', 'status.sh', 'reset.sh'):
            done = subprocess.run([*become, ROOT / 'deploy/local' / name], env=environment, cwd='/',
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            assert done.returncode == 0, done.stdout
    finally:
        shutil.rmtree(home)
