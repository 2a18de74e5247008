"""What is measured: private stacks in a temporary folder, and the programs that load them."""
import json
import os
import pathlib
import random
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request

import psycopg2

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / 'build/rel/bench'
BASE = int(time.time()) // 86400 * 86400  # the orders' times count back from today's midnight
TICK = os.sysconf('SC_CLK_TCK')


def cpu_seconds(pid):
    """User and system time of a process with all its threads, as the kernel has counted it."""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def resident_bytes(pid):
    for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1]) * 1024
    return 0


def run_program(name, **options):
    """One of tests/bench/*.c; its answer is its last line, JSON."""
    command = [str(PROGRAMS / name)]
    for option, value in options.items():
        command += ['--' + option.replace('_', '-'), str(value)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f'{name} ended with {done.returncode}')
    return json.loads(done.stdout.splitlines()[-1])


class Stack:
    """A stack of its own with one customers service. `settings` are of the service."""

    def __init__(self, var, port, customers, instances=1, **settings):
        self.var, self.port, self.customers = pathlib.Path(var), port, customers
        self.instances = instances
        self.settings = settings
        self.next_order = 0
        self.up()

    def script(self, name):
        environment = {**os.environ, 'KEHU_VAR': str(self.var), 'KEHU_BASE_PORT': str(self.port),
                       'KEHU_BIN': str(ROOT / 'bin'), 'KEHU_INSTANCES': str(self.instances),
                       'KEHU_PASS': ' '.join(self.settings), **self.settings}
        done = subprocess.run([ROOT / 'deploy/local' / name], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise RuntimeError(done.stdout)

    def up(self):
        self.script('up.sh')

    def restart(self, **settings):
        self.script('down.sh')
        self.settings = settings
        self.up()

    def remove(self):
        self.script('reset.sh')

    # --- asking ---

    @property
    def url(self):
        return f'tcp://127.0.0.1:{self.port + 10}'

    @property
    def key(self):
        return self.var / 'keys/secret/admin.secret'

    @property
    def conninfo(self):
        password = (self.var / 'secrets/postgres.password').read_text().strip()
        return f'host=127.0.0.1 port={self.port} dbname=kehu user=postgres password={password}'

    def sql(self, text):
        with psycopg2.connect(self.conninfo) as connection, connection.cursor() as cursor:
            cursor.execute(text)
            return cursor.fetchall() if cursor.description else []

    @property
    def service(self):
        return int((self.var / 'run/customers.pid').read_text())

    def backends(self):
        return [row[0] for row in self.sql("select pid from pg_stat_activity"
                                           " where usename = 'customers_run'")]

    def counter(self, name):
        url = f'http://127.0.0.1:{self.port + 11}/metrics'
        with urllib.request.urlopen(url, timeout=10) as page:
            for line in page.read().decode().splitlines():
                if line.startswith(f'kehu_{name} '):
                    return float(line.split()[1])
        raise RuntimeError(f'the service has no counter {name}')

    # --- loading ---

    def publish(self, orders, lines, batch, in_flight, connections=4):
        """Publishes the next orders; the answer of `load`, with rates and CPU per order."""
        first, self.next_order = self.next_order, self.next_order + orders
        service, backends = self.service, self.backends()
        before = cpu_seconds(service), sum(map(cpu_seconds, backends)), self.counter(
            'pg_commits_total')
        answer = run_program('load', url=self.url, key=self.key, source='bench', first=first,
                             orders=orders, batch=batch, lines=lines, connections=connections,
                             in_flight=in_flight, customers=self.customers, base=BASE)
        if answer['accepted'] != orders:
            raise RuntimeError(f'of {orders} orders {answer["accepted"]} were accepted: '
                               + answer['failure'])
        answer['rate'] = orders / answer['seconds']
        answer['per_commit'] = orders / max(1, self.counter('pg_commits_total') - before[2])
        answer['service_us'] = (cpu_seconds(service) - before[0]) / orders * 1e6
        answer['backend_us'] = (sum(map(cpu_seconds, backends)) - before[1]) / orders * 1e6
        answer['client_us'] = answer['cpu'] / orders * 1e6
        return answer

    def make_copy_tables(self):
        """The same tables, partitions and indexes once more, in a schema of their own, empty."""
        files = sorted((ROOT / 'common/schema').glob('*.sql')) + sorted(
            (ROOT / 'services/customers/schema').glob('*.sql'))
        self.sql('create role bench_copy_run nologin; create schema bench_copy')
        self.sql('set search_path = bench_copy; ' + '\n'.join(f.read_text() for f in files))

    def copy(self, first, orders, lines, per_commit):
        answer = run_program('copy', conninfo=self.conninfo, schema='bench_copy', first=first,
                             orders=orders, per_commit=per_commit, lines=lines,
                             customers=self.customers, base=BASE)
        answer['rate'] = orders / answer['seconds']
        answer['backend_us'] = answer['backend_cpu'] / orders * 1e6
        return answer

    def idle_connections(self, count):
        """Holds so many connections until the process's input is closed."""
        idle = subprocess.Popen([PROGRAMS / 'idle', '--url', self.url, '--key', self.key,
                                 '--connections', str(count)], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, text=True)
        if idle.stdout.readline() != 'ready\n':
            raise RuntimeError(f'the service did not take {count} connections')
        return idle


class Nats:
    """A JetStream server with its standard settings, file storage in the temporary folder."""

    def __init__(self, folder, port):
        self.port, self.process = port, None
        program = shutil.which('nats-server', path=os.environ['PATH'] + ':/usr/sbin')
        if not program:
            return
        config = pathlib.Path(folder) / 'nats.conf'
        config.write_text(f'host: 127.0.0.1\nport: {port}\n'
                          f'jetstream {{ store_dir: "{folder}/nats" }}\n')
        self.process = subprocess.Popen([program, '-c', str(config), '-l', f'{folder}/nats.log'])
        time.sleep(1)

    def publish(self, messages, in_flight, connections):
        answer = run_program('nats', port=self.port, messages=messages, bytes=300,
                             connections=connections, in_flight=in_flight)
        return answer['messages'] / answer['seconds']

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()


class Place:
    """Stacks in one temporary folder; all end and go when the `with` is left."""

    def __init__(self, customers):
        self.customers, self.stacks, self.nats = customers, [], None

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='kehu-bench.')
        os.chmod(self.folder, 0o755)
        self.port = random.randrange(20000, 30000, 100)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
        return self

    def stack(self, name, **settings):
        stack = Stack(f'{self.folder}/{name}', self.port + 40 * len(self.stacks), self.customers,
                      **settings)
        self.stacks.append(stack)
        return stack

    def start_nats(self):
        self.nats = Nats(self.folder, self.port + 90)
        return self.nats

    def __exit__(self, *_):
        if self.nats:
            self.nats.stop()
        for stack in self.stacks:
            stack.remove()
        shutil.rmtree(self.folder, ignore_errors=True)
