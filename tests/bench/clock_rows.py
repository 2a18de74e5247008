"""The rows of clocks: a million armed, what falls due said in time while processes die, ten
thousand in one second, and the rate against the same rows written by SQL alone."""
import contextlib
import datetime
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import psycopg2  # noqa: E402

from rows import MIB, Row, median  # noqa: E402
from stack import resident_bytes  # noqa: E402
from tests.support import clocks as arming  # noqa: E402

SECOND = datetime.timedelta(seconds=1)
NAMES = ('complaints', 'complaints-2')
EACH = 4  # clocks of a case that wait
SET = 1000

# What the sweep writes of a set of breaches, by one statement that decides nothing: the clocks, the
# versions of the cases, the log, the history.
PLAIN = """
with due as (select case_id, id, next_at from clock where next_at <= now() order by next_at
        limit %s for update skip locked),
    rung as (update clock k set breached_at = d.next_at, outcome = 2, next_at = null,
        version = k.version + 1 from due d where k.case_id = d.case_id and k.id = d.id
        returning k.case_id, k.id, k.breached_at),
    bumped as (insert into subject_version as s (subject, version)
        select case_id, count(*) from rung group by case_id order by case_id
        on conflict (subject) do update set version = s.version + excluded.version
        returning subject, version),
    said as (insert into log (epoch, id, type, subject, version, at, correlation_id, causation_id,
        traceparent, data) select (select log_epoch from installation), gen_random_uuid(),
        'kehu.complaints.v1.ClockBreached', r.case_id, b.version, now(), 'bench', 'bench', '',
        decode(repeat('00', 150), 'hex') from rung r join bumped b on b.subject = r.case_id),
    noted as (insert into case_entry (case_id, id, at, act, from_state, to_state, by, detail)
        select case_id, gen_random_uuid(), breached_at, 'clock_breached', 2, 2, '', 'acknowledge'
        from rung)
select count(*) from rung"""


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Clocks:
    """The clocks of a stack's complaints service, straight in the tables."""

    def __init__(self, stack):
        self.stack = stack
        self.next = 1

    @contextlib.contextmanager
    def database(self):
        connection = psycopg2.connect(self.stack.conninfo)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def arm(self, count, due, **how):
        """`count` cases; whose ids follow the last."""
        arming.arm(self, count, due, first=self.next, **how)
        self.next += count

    def arm_soon(self, count, **how):
        """Armed well before they are due, so that only the ringing is measured; since when."""
        due = now() + max(3, count // 700) * SECOND
        self.arm(count, due, **how)
        if now() > due - SECOND / 2:
            raise RuntimeError(f'arming {count} clocks took longer than they were to wait')
        return due

    def vacuum(self):
        connection = psycopg2.connect(self.stack.conninfo)
        connection.autocommit = True
        connection.cursor().execute('vacuum (analyze) complaints.clock, complaints.cases')
        connection.cursor().execute('checkpoint')
        connection.close()

    def value(self, text):
        return self.stack.sql(text)[0][0]

    def waits_for(self, text, wanted, seconds):
        end = time.monotonic() + seconds
        while self.value(text) != wanted:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def pid(self, name):
        return int((self.stack.var / f'run/{name}.pid').read_text())

    def kill(self, name):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(self.pid(name), signal.SIGKILL)

    def late(self, since):
        """Seconds between due and said of the breaches due since then, ascending."""
        rows = self.stack.sql(
            'select extract(epoch from l.at - k.breached_at)::float from complaints.log l join'
            " complaints.clock k on k.case_id = l.subject where l.type like '%%ClockBreached'"
            f" and k.breached_at >= '{since.isoformat()}' order by 1")
        return [seconds for seconds, in rows]


def percentile(values, share):
    return values[min(len(values) - 1, int(len(values) * share))] if values else None


def late_row(name, values, expected, note=''):
    told = ', '.join(f'{label} {percentile(values, share):.2f}' for label, share in
                     (('p50', 0.5), ('p99', 0.99)) if values)
    complete = '' if len(values) == expected else f'; {len(values)} of {expected} said'
    return Row(name, values[-1] if values and len(values) == expected else None, 's', 2, False, (),
               f'{told}{complete}{note}')


def in_time(it, size):
    """Evenly over so many seconds, nobody dies."""
    seconds, rate = size
    due = it.arm_soon(seconds * rate, over=seconds)
    time.sleep(max(0, (due + seconds * SECOND - now()).total_seconds()))
    it.waits_for(f"select count(*) from complaints.clock where next_at < '{now().isoformat()}'", 0,
                 30)
    return late_row('clocks due over time, latest', it.late(due), seconds * rate,
                    f'; {rate}/s for {seconds} s')


def while_they_die(it, size):
    """Every five seconds one of the two is killed; its supervisor starts it again. More often it
    would wait before it does, and there would be moments without either."""
    seconds, rate = size
    due = it.arm_soon(seconds * rate, over=seconds)
    kills = max(1, seconds // 5)
    for n in range(kills):
        time.sleep(max(0, (due + (5 * n + 0.7) * SECOND - now()).total_seconds()))
        it.kill(NAMES[n % 2])
    time.sleep(max(0, (due + seconds * SECOND - now()).total_seconds()))
    it.waits_for(f"select count(*) from complaints.clock where next_at < '{now().isoformat()}'", 0,
                 30)
    twice = it.value('select count(*) from (select subject from complaints.log where type like'
                     " '%ClockBreached' group by subject having count(*) > 1) t")
    return late_row('  the same, processes killed', it.late(due), seconds * rate,
                    f'; {kills} kills, {twice} said twice')


def at_once(it, count):
    due = it.arm_soon(count)
    time.sleep(max(0, (due - now()).total_seconds()))
    it.waits_for(f"select count(*) from complaints.clock where next_at < '{now().isoformat()}'", 0,
                 60)
    return late_row(f'{count:,} clocks of one second, the last', it.late(due), count)


def by_sql(it, count):
    """Rows per second by SQL alone; the service is stopped."""
    it.arm(count, now() - SECOND, wake=False)
    connection = psycopg2.connect(it.stack.conninfo)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute('set search_path = complaints')
    began, done = time.monotonic(), 0
    while done < count:
        cursor.execute(PLAIN, (SET,))
        done += cursor.fetchone()[0]
    seconds = time.monotonic() - began
    connection.close()
    return count / seconds


def by_kehu(it, count):
    """Rows per second from the call to wake up to the last commit."""
    it.arm(count, now() - SECOND, wake=False)
    with it.database() as connection, connection.cursor() as cursor:
        began = time.monotonic()
        cursor.execute('notify complaints_timer')
    it.waits_for('select count(*) from complaints.clock where next_at <= now()', 0, 120)
    return count / (time.monotonic() - began)


def against_sql(it, count, rounds):
    kehu, plain = [], []
    for _ in range(rounds):
        kehu.append(by_kehu(it, count))
        for name in NAMES:
            os.kill(it.pid(name), signal.SIGSTOP)
        try:
            plain.append(by_sql(it, count))
        finally:
            for name in NAMES:
                os.kill(it.pid(name), signal.SIGCONT)
    return Row('clocks rung / the same rows by SQL', median(k / p for k, p in zip(kehu, plain)),
               '×', 0.5, True, (), f'{median(kehu):,.0f} clocks/s, SQL {median(plain):,.0f}')


def clocks(stack, million, say):
    """`million` clocks are armed for later before anything is measured."""
    it = Clocks(stack)
    is_full = million >= 100_000
    began = time.monotonic()
    it.arm(million // EACH, now() + 30 * 86400 * SECOND, over=300 * 86400, each=EACH, wake=False)
    it.vacuum()
    say(f'{million:,} clocks armed in {time.monotonic() - began:.0f} s')
    found = [in_time(it, (30, 500) if is_full else (4, 100)),
             while_they_die(it, (30, 500) if is_full else (6, 100)),
             at_once(it, 10_000 if is_full else 1_000),
             against_sql(it, 10_000 if is_full else 1_000, 3 if is_full else 1)]
    memory = max(resident_bytes(it.pid(name)) for name in NAMES)
    found.append(Row('  memory of a process', memory / MIB, 'MiB', 256, False, (),
                     f'{million:,} armed, two processes'))
    return found
