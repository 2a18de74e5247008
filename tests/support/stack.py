"""A private stack: PostgreSQL, Redis and Kehu's services in a folder and on ports of their own.

    stack = Stack(folder)
    stack.up()
    ...
    stack.down()         # asserts that no sanitizer complained

Driven through deploy/local, as a person would. KEHU_BIN names the folder of the programs; without
it those with sanitizers are taken when they are built. `restart_postgres()` and the like do harm.
"""
import contextlib
import fcntl
import gzip
import json
import os
import pathlib
import random
import re
import select
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import psycopg2

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT.parent / 'shared/data'
SPREAD = 50  # ports of one stack


def programs():
    """The folder of the programs under test."""
    if os.environ.get('KEHU_BIN'):
        return pathlib.Path(os.environ['KEHU_BIN'])
    sanitized = ROOT / 'build/san/bin'
    names = ('customers', 'complaints', 'kehuctl', 'kehu-supervise')
    complete = all((sanitized / name).exists() for name in names)
    return sanitized if complete else ROOT / 'bin'


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
    return True


def free_ports():
    """The first of SPREAD ports that nobody has. Test processes side by side choose among ports of
    their own: between a look at a port and its use another could take it."""
    worker = int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0')[2:])
    workers = int(os.environ.get('PYTEST_XDIST_WORKER_COUNT', '1'))
    # Below the ports that the kernel gives to outgoing connections, which begin at 32768.
    bases = range(12000, 32000, SPREAD)[worker::workers]
    for _ in range(200):
        base = random.choice(bases)
        if all(_is_free(base + n) for n in range(30)):
            return base
    raise RuntimeError('no free ports')


def _has_news(connection):
    """One that was asked nothing has nothing to say but that it is at an end."""
    poller = select.poll()
    poller.register(connection, select.POLLIN)
    return bool(poller.poll(0))


def until(condition, seconds=60, every=0.02):
    """Waits for a truth and returns it; fails when it does not come. What must come within a time
    is asked for with the time; the usual one is for slow machines at work."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < end, f'not within {seconds} s'
        time.sleep(every)


class Clusters:
    """Database clusters as the first `up` leaves them, for later stacks to begin with: initdb and
    migrations take longer than all the rest of a start. One folder for all processes of a test run,
    named by KEHU_TEST_CLUSTERS; without it every stack makes its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def give(self, stack):
        """The stack's own copy; it must have none yet."""
        kind = stack.settings.get('KEHU_INSTALLATION', 'live')
        with open(self.folder / f'{kind}.lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.folder / kind).exists():
                self._make(kind)
        for name in ('postgres', 'secrets', 'keys'):
            subprocess.run(['cp', '-a', '--reflink=auto', self.folder / kind / name, stack.var],
                           check=True)

    def _make(self, kind):
        first = Stack(self.folder / f'first-{kind}', KEHU_INSTALLATION=kind)
        first.is_usual = False
        first.up()
        first.stop()
        for conninfo in first.var.glob('secrets/*.conninfo'):
            conninfo.unlink()
        made = self.folder / f'{kind}.new'
        made.mkdir()
        for name in ('postgres', 'secrets'):
            (first.var / name).rename(made / name)
        # The database may have remembered its ring by now.
        (made / 'keys').mkdir(mode=0o700)
        (first.var / 'keys/seal.keys').rename(made / 'keys/seal.keys')
        first.down()
        made.rename(self.folder / kind)


class Stack:
    """See the head of this file. `settings` are further KEHU_* variables for the services; `only`
    names the one service that runs, where a test has nothing to do with its neighbour."""

    def __init__(self, folder, timezone='Asia/Shanghai', currency='CNY', instances=1, bin=None,
                 only=None, **settings):
        self.folder = pathlib.Path(folder)
        self.var = self.folder / 'var'
        self.bin, self.only = pathlib.Path(bin or programs()), only
        self.base_port = free_ports()
        self.timezone, self.currency, self.instances = timezone, currency, instances
        self.settings = {name: str(value) for name, value in settings.items()}
        self.connections = threading.local()
        # Only of these are there enough to keep a cluster for them; other programs, other schemas.
        self.is_usual = bin is None and (timezone, currency) == ('Asia/Shanghai', 'CNY')

    # --- life ---

    def environment(self, **more):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(('KEHU_', 'PG'))}
        return {**clean, 'KEHU_BIN': str(self._programs()), 'KEHU_VAR': str(self.var),
                'KEHU_BASE_PORT': str(self.base_port), 'KEHU_TIMEZONE': self.timezone,
                'KEHU_CURRENCY': self.currency, 'KEHU_INSTANCES': str(self.instances),
                'KEHU_START_SECONDS': '60', 'KEHU_PASS': ' '.join(self.settings),
                **self.settings, **more}

    def _programs(self):
        """The folder of the programs that run; the scripts start the services they find there."""
        if not self.only:
            return self.bin
        folder = self.folder / 'bin'
        if not folder.exists():
            folder.mkdir(parents=True)
            for name in (self.only, 'kehuctl', 'kehu-supervise'):
                (folder / name).symlink_to(self.bin.resolve() / name)
        return folder

    def script(self, name, **more):
        """Runs deploy/local/NAME; its output is returned with the status."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return subprocess.run([ROOT / 'deploy/local' / name], env=self.environment(**more),
                              text=True, timeout=180, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def up(self):
        clusters = os.environ.get('KEHU_TEST_CLUSTERS')
        if clusters and self.is_usual and not self.var.exists():
            self.var.mkdir(parents=True)
            (self.var / '.kehu').touch()  # what up.sh marks its folders with
            Clusters(clusters).give(self)
        answer = self.script('up.sh')
        assert answer.returncode == 0, answer.stdout
        return self

    def stop(self):
        """Ends every process; the data stay for another up()."""
        if getattr(self.connections, 'kept', None):
            self.connections.kept.close()
        answer = self.script('down.sh')
        assert answer.returncode == 0, answer.stdout

    def down(self, keep=False):
        """Ends it, deletes it and says what sanitizers saw."""
        self.stop()
        complaints = self.sanitizer_reports()
        if not complaints and not keep:
            self.script('reset.sh')
            shutil.rmtree(self.folder, ignore_errors=True)
        assert not complaints, complaints

    def sanitizer_reports(self):
        """What sanitizers and assertions wrote to any log; empty when all is well."""
        found = []
        for path in (self.var / 'log').glob('*'):
            text = path.read_text(errors='replace')
            match = re.search(r'ERROR: \w+Sanitizer|runtime error:|Assertion .* failed', text)
            if match:
                found.append(f'{path}:\n{text[match.start():match.start() + 3000]}')
        return '\n'.join(found)

    # --- where things are ---

    @property
    def urls(self):
        return [f'tcp://127.0.0.1:{self.base_port + 10 + 2 * n}' for n in range(self.instances)]

    @property
    def url(self):
        return self.urls[0]

    def key_file(self, name='admin'):
        return self.var / 'keys/secret' / f'{name}.secret'

    def key(self, name='admin'):
        """{'name', 'public', 'secret', 'server'}, all Z85."""
        return json.loads(self.key_file(name).read_text())

    def new_key(self, name, **rights):
        """new_key('shop', publish='shop', call='customers.*', read_only=True, ...) → its file."""
        options = []
        for option, value in rights.items():
            option = '--' + option.replace('_', '-')
            options += [option] if value is True else [option, str(value)]
        answer = self.kehuctl('keys', 'new', name, *options)
        assert answer.returncode == 0, answer.stderr
        return self.key_file(name)

    def log(self, name='customers'):
        """What the process wrote so far."""
        return (self.var / 'log' / f'{name}.log').read_text(errors='replace')

    def pid(self, name='customers'):
        """The process itself (customers, customers-2, postgres, redis), not its supervisor."""
        return int((self.var / 'run' / f'{name}.pid').read_text())

    # --- talking to it ---

    def kehuctl(self, *arguments, input=None, timeout=120, **environment):
        """Runs kehuctl with the administrator's key, as text."""
        return subprocess.run([self.bin / 'kehuctl', *map(str, arguments)], text=True, input=input,
                              env=self.environment(**environment), timeout=timeout,
                              stdin=subprocess.DEVNULL if input is None else None,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kehuctl_json(self, *arguments, **options):
        """The last line that `kehuctl … --json` prints, decoded; the command must end with 0."""
        answer = self.kehuctl(*arguments, '--json', **options)
        assert answer.returncode == 0, f'{answer.returncode}: {answer.stdout}{answer.stderr}'
        return json.loads(answer.stdout.splitlines()[-1])

    def http(self, path, instance=0):
        """(status, text) of the service's HTTP side."""
        url = f'http://127.0.0.1:{self.base_port + 11 + 2 * instance}{path}'
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self, instance=0):
        """{'kehu_requests_begun_total': 3.0, 'kehu_answers_total{status="OK"}': 2.0, …}"""
        status, text = self.http('/metrics', instance)
        assert status == 200
        lines = [line.rsplit(' ', 1) for line in text.splitlines() if line and line[0] != '#']
        return {name: float(value) for name, value in lines}

    def is_ready(self, instance=0):
        try:
            return self.http('/readyz', instance)[0] == 200
        except OSError:
            return False

    def becomes_ready(self, seconds=30):
        until(lambda: all(self.is_ready(n) for n in range(self.instances)), seconds)

    # --- the database ---

    def conninfo(self, role='run'):
        """superuser, or run, owner of customers, or complaints_run …: a libpq connection string."""
        if role == 'superuser':
            password = (self.var / 'secrets/postgres.password').read_text().strip()
            return (f'host=127.0.0.1 port={self.base_port} dbname=kehu user=postgres '
                    f'password={password}')
        name = role if '_' in role else f'customers_{role}'
        text = (self.var / 'secrets' / f'{name}.conninfo').read_text().strip()
        return re.sub(r'host=\S+', 'host=127.0.0.1', text)

    @contextlib.contextmanager
    def database(self, role='superuser'):
        """A connection in autocommit, seeing the schema of the role's service, else customers."""
        connection = self._connect(role)
        try:
            yield connection
        finally:
            connection.close()

    def sql(self, query, *parameters, role='superuser'):
        """Rows of one statement in a transaction of its own; [] for one without rows."""
        with self._kept(role) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters or None)
            return cursor.fetchall() if cursor.description else []

    @contextlib.contextmanager
    def _kept(self, role):
        """The superuser's connection of this thread, for as long as it lives: tests ask often, and
        a new one costs PostgreSQL a process and both sides a password. Others are made anew, since
        those of the services' roles are what tests count and cut."""
        if role != 'superuser':
            with self.database(role) as connection:
                yield connection
            return
        kept = getattr(self.connections, 'kept', None)
        if kept is None or kept.closed or _has_news(kept):
            kept = self.connections.kept = self._connect(role)
        try:
            yield kept
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            kept.close()
            raise

    def _connect(self, role):
        connection = psycopg2.connect(self.conninfo(role))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'set search_path = {role.partition("_")[0]}' if '_' in role
                           else 'set search_path = customers')
        return connection

    def value(self, query, *parameters, role='superuser'):
        """The one value of a query."""
        return self.sql(query, *parameters, role=role)[0][0]

    def log_settles(self, seconds=20):
        """Waits until every transaction begun so far is over, of whichever service: until then it
        keeps what others committed from the readers of a log."""
        def bound(which):
            return self.value(f'select pg_snapshot_{which}(pg_current_snapshot())::text::bigint')

        begun = bound('xmax')
        until(lambda: bound('xmin') >= begun, seconds, 0.005)

    # --- harm ---

    def kill(self, name='customers', signal=signal.SIGKILL):
        """Signals the process; its supervisor starts it again. Returns the old pid."""
        pid = self.pid(name)
        os.kill(pid, signal)
        return pid

    def _supervisor(self, name):
        return int((self.var / 'run' / f'supervise-{name}.pid').read_text())

    def _unsupervise(self, name):
        os.kill(self._supervisor(name), signal.SIGTERM)
        until(lambda: not self._is_supervised(name), 30)

    def _is_supervised(self, name):
        path = self.var / 'run' / f'supervise-{name}.pid'
        return path.exists() and subprocess.run(['flock', '-n', '-s', path, 'true']).returncode != 0

    def stop_redis(self):
        self._unsupervise('redis')

    def start_redis(self):
        self.up()

    def flush_redis(self):
        password = (self.var / 'secrets/redis.password').read_text().strip()
        answer = subprocess.run(['redis-cli', '-h', '127.0.0.1', '-p', str(self.base_port + 1),
                                 'flushall'], env={**os.environ, 'REDISCLI_AUTH': password},
                                text=True, stdout=subprocess.PIPE)
        assert 'OK' in answer.stdout, answer.stdout

    def restart_postgres(self, how=signal.SIGINT, wait=True):
        """Stops it (SIGINT: fast, SIGQUIT: as in a crash); the supervisor starts it again."""
        before = self.kill('postgres', how)
        if wait:
            until(lambda: self._postgres_answers(before), 60)

    def _postgres_answers(self, before):
        try:
            return self.pid('postgres') != before and self.value('select 1') == 1
        except (OSError, ValueError, psycopg2.Error):
            return False

    def memory(self, name='customers'):
        """Resident bytes of the process."""
        text = pathlib.Path(f'/proc/{self.pid(name)}/status').read_text()
        return int(re.search(r'VmRSS:\s+(\d+)', text)[1]) * 1024


def data_file(name):
    """A file of real data beside the checkout, or None."""
    path = DATA / name
    return path if path.exists() else None


def open_gz(path):
    return gzip.open(path, 'rt', encoding='utf-8-sig', newline='')
