"""The rows at 1,000,000 customers: search, lists, a grade run and cards; and the fill before."""
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import psycopg2  # noqa: E402

from rows import Row, median  # noqa: E402
from stack import PROGRAMS, cpu_seconds  # noqa: E402
from tests.support import proto  # noqa: E402

REGIONS = 30

# The ids of names.c are decimal digits; regions and orders have their own.
CUSTOMER = "('01900000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid"
REGION = "('01900000-0000-7000-9000-' || lpad(({})::text, 12, '0'))::uuid"
ORDER = "('01900000-0000-7000-a000-' || lpad((n * 10 + k)::text, 12, '0'))::uuid"
# The first order of two thirds is more than a year old: they are long-term.
DAY = "(current_date - (case when k = 0 then n % 540 else n % 330 end)::int - 1)"
NET = "((n::bigint * 7919 % 9000 + 100)::bigint * (1 + (n % 97 = 0)::int * 50) * 1000000)"

REGION_ROWS = f"""
insert into region (code, name, is_grading) select 'r' || n, '区' || n, true
    from generate_series(1, {REGIONS}) n;
insert into customer (id, number, party_type, is_incomplete, registered_at, is_historic)
    select {REGION.format('n')}, 9000000 + n, 'anonymous', false, now(), false
    from generate_series(1, {REGIONS}) n;
insert into order_region (source, name, id, region_code)
    select 'bench', '区' || n, {REGION.format('n')}, 'r' || n
    from generate_series(1, {REGIONS}) n"""

CUSTOMER_ROWS = """
insert into customer (id, number, party_type, nature, is_incomplete, registered_at, is_historic,
        name, name_known_at, completeness, missing, reviewed_on, review_due)
    select id, number, case when number % 50 = 0 then 'supplier' else 'customer' end, nature, true,
        now() - make_interval(mins => (2000000 - number)::int), false, name, 'infinity', 187500,
        case when number % 3 = 0 then array['email']
            else array['address', 'email', 'legal_representative'] end,
        current_date - (number % 300)::int, current_date - (number % 300)::int + 365
    from bench_name order by number;
select setval('customer_number', {count})"""
SEARCH_ROWS = """
insert into customer_search (customer_id, name_key, pinyin, initials, phones, grams)
    select id, name_key, pinyin, initials, phones, grams from bench_name order by number"""
REFERENCE_ROWS = f"""
insert into customer_ref (source, external_id, customer_id, added_at)
    select 'bench', 'C' || n, {CUSTOMER}, now() from generate_series(1, {{count}}) n;
insert into subject_version (subject, version)
    select {CUSTOMER}, 3 from generate_series(1, {{count}}) n"""
ORDER_ROWS = f"""
create unlogged table bench_order as select n, k, {CUSTOMER} as customer_id, {ORDER} as id,
    'N' || n || '-' || k as number, {DAY} as day,
    {REGION.format(f'n % {REGIONS} + 1')} as region_id, {NET} as net
    from generate_series(1, {{count}}) n, generate_series(0, 1) k where k <= n % 2;
insert into order_key (source, number, order_id, version, kind, has_content)
    select 'bench', number, id, 1, 1, true from bench_order;
insert into orders (customer_id, id, source, number, order_number, revision, content_at,
        content_event, ordered_at, day, region_id, currency, lines, net_micros, is_historic)
    select customer_id, id, 'bench', number, '', 0, now(), number, day + time '04:00', day,
        region_id, 'CNY', 3, net, false from bench_order;
insert into sales_figure (customer_id, region_id, day, currency, orders, lines, net_micros)
    select customer_id, region_id, day, 'CNY', count(*), sum(3), sum(net) from bench_order
    group by 1, 2, 3"""
FILLED = ('region, order_region, customer, customer_ref, customer_search, subject_version,'
          ' order_key, orders, sales_figure')
INDEXES = """select i.indexname, i.indexdef from pg_indexes i where i.schemaname = 'customers'
    and i.tablename in ('customer', 'customer_search', 'orders', 'sales_figure')
    and not exists (select 1 from pg_constraint c where c.conname = i.indexname)"""


def connect(stack):
    connection = psycopg2.connect(stack.conninfo)
    connection.autocommit = True
    cursor = connection.cursor()
    # Rows as the service writes them, without checking each reference again.
    cursor.execute("set search_path = customers; set session_replication_role = replica;"
                   " set synchronous_commit = off; set maintenance_work_mem = '1GB';"
                   " set work_mem = '256MB'")
    return cursor


def beside(*works):
    """Does them at the same time, each in a thread; raises what one raises."""
    failures = []

    def run(work):
        try:
            work()
        except Exception as failure:  # pylint: disable=broad-except
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def load_names(stack, count):
    with subprocess.Popen([PROGRAMS / 'names', '--customers', str(count)],
                          stdout=subprocess.PIPE) as names:
        connect(stack).copy_expert('copy bench_name from stdin', names.stdout)


def fill(stack, count):
    """Customers with names, references and one or two orders each, straight into the tables."""
    began = time.monotonic()
    cursor = connect(stack)
    cursor.execute("create unlogged table bench_name (id uuid, number bigint, nature text,"
                   " name text, name_key text, pinyin text, initials text, phones text,"
                   " grams text[]);"
                   + REGION_ROWS)
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'drop index {name}')

    def build(part):
        own = connect(stack)
        for _, definition in sorted(indexes, key=lambda i: 'grams' not in i[0])[part::2]:
            own.execute(definition)

    def orders():
        own = connect(stack)
        for statement in (REFERENCE_ROWS + ';' + ORDER_ROWS).format(count=count).split(';'):
            own.execute(statement)

    def names():
        own = connect(stack)
        load_names(stack, count)
        for statement in (CUSTOMER_ROWS.format(count=count) + ';' + SEARCH_ROWS).split(';'):
            own.execute(statement)

    beside(names, orders)
    beside(lambda: build(0), lambda: build(1))
    cursor.execute('drop table bench_name, bench_order')
    # Not the empty ones: PostgreSQL would take them for empty until it looks again.
    cursor.execute(f'vacuum (analyze) {FILLED}')
    cursor.execute('checkpoint')
    return time.monotonic() - began


def ask(stack, questions, in_flight=1):
    """The answer of `ask`: each question once."""
    packed = [question.SerializeToString() for question in questions]
    with tempfile.TemporaryFile() as file:
        for one in packed:
            file.write(len(one).to_bytes(4, 'little') + one)
        file.seek(0)
        done = subprocess.run(
            [PROGRAMS / 'ask', '--url', stack.url, '--key', stack.key, '--type',
             questions[0].DESCRIPTOR.full_name, '--in-flight', str(in_flight)],
            stdin=file, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    answer = json.loads(done.stdout)
    if answer['failed']:
        raise RuntimeError(f'{answer["failed"]} questions were refused: {answer["failure"]}')
    answer['rate'] = answer['answered'] / answer['seconds']
    return answer


def latency(name, answer, note='', bar=50):
    """The 99th percentile counts."""
    row = Row(name, answer['p99'] * 1000, 'ms', bar, False, (), note)
    row.load = {p: answer[p] for p in ('p50', 'p95', 'p99')}
    return row


def ask_search(stack, queries):
    return ask(stack, [proto.SearchCustomers(query=query) for query in queries])


def searched(stack, count):
    """Keys of some 300 organisations all over the file."""
    return stack.sql('select s.name_key, s.pinyin, s.initials, s.phones'
                     ' from customers.customer_search s where s.customer_id in (select id'
                     f' from customers.customer where number % {max(count // 360, 1)} = 7'
                     ' and nature = \'organisation\')')


def brands(stack, count):
    """Two characters of each."""
    return [key[2:4] for key, *_ in searched(stack, count)]


def search(stack, count):
    """What people type: parts of names, spellings, telephones."""
    names = searched(stack, count)
    return [latency(f'search, {what}', ask_search(stack, queries))
            for what, queries in (
                ('two Chinese characters', [key[2:4] for key, *_ in names]),
                ('a place, thousands match', [key[:2] for key, *_ in names]),
                ('a whole name', [key for key, *_ in names]),
                ('place and two characters', [key[:4] for key, *_ in names]),
                ('pinyin of two syllables', ['wangwei', 'cuihu', 'lina'] * 100),
                ('pinyin, 14 letters', [pinyin.split()[0][:14] for _, pinyin, *_ in names]),
                ('pinyin, 7 letters', [pinyin.split()[0][:7] for _, pinyin, *_ in names]),
                ('initials', [initials.split()[0][:5] for _, _, initials, _ in names]),
                ('last four digits', [phones.strip(' #') for *_, phones in names]))]


def turn_pages(stack, question, pages):
    """Turns so many pages, or to the last; which page the question is at then."""
    from tests.support.client import Client
    with Client(url=stack.url, pair=keys(stack)) as client:
        for page in range(1, pages):
            token = client.ask(question).payload.next_page_token
            if not token:
                return page
            question.page_token = token
    return pages


def keys(stack):
    return json.loads(stack.key.read_text())


def list_questions():
    in_70_days = time.strftime('%Y-%m-%d', time.localtime(time.time() + 70 * 86400))
    return (('by number', {}),
            ('by name', dict(sort='name')),
            ('latest, missing an address', dict(missing_field='address', sort='-registered')),
            ('missing a name', dict(missing_field='name')),
            ('by name, grade A', dict(grade='A', sort='name')),
            ('latest, grade B', dict(grade='B', sort='-registered')),
            ('by name, one region, grade C', dict(region='r7', grade='C', sort='name')),
            ('suppliers by name', dict(party_types=[3], sort='name')),
            ('review due, by name', dict(review_due_by=in_70_days, sort='name')))


def lists(stack):
    rows = []
    for name, filters in list_questions():
        question = proto.ListCustomers(page_size=50, **filters)
        rows.append(latency(f'list {name}', ask(stack, [question] * 60)))
        page = turn_pages(stack, question, 100)
        if page > 1:
            rows.append(latency(f'  page {page}', ask(stack, [question] * 60)))
    return rows


class LongestWrite:
    """The longest write transaction of the service, seen every 5 ms."""

    def __init__(self, stack):
        self.cursor, self.longest, self.over = connect(stack), 0, threading.Event()

    def look(self):
        while not self.over.wait(0.005):
            self.cursor.execute(
                "select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)"
                "::float8 from pg_stat_activity where usename = 'customers_run'"
                " and backend_xid is not null")
            self.longest = max(self.longest, self.cursor.fetchone()[0])

    def __enter__(self):
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def grade_run(stack, count, as_of):
    """A run over everybody; others ask for customers meanwhile, one at a time."""
    from tests.support.client import Client
    # Others than those whose cards are measured.
    refs = [f'bench:C{(count * 19 // 20 + n) * 7919 % count + 1}' for n in range(300)]
    # The first reads only; of the others the audit commits, behind the chunk of its time.
    kinds = {'card without names': [proto.GetCards(refs=[r], without_names=True) for r in refs],
             'search': [proto.SearchCustomers(query=q) for q in brands(stack, count)],
             'list': [proto.ListCustomers(page_size=50, sort='name')] * 100,
             'get customer': [proto.GetCustomer(ref=r) for r in refs]}
    at_rest = {kind: ask(stack, questions) for kind, questions in kinds.items()}
    meanwhile = {kind: [] for kind in kinds}
    over = threading.Event()

    def others():
        while not over.is_set():
            for kind, questions in kinds.items():
                meanwhile[kind].append(ask(stack, questions[:50]))
            over.wait(2)  # now and then: how long they wait is asked, not how much they take

    thread = threading.Thread(target=others)
    began, service = time.monotonic(), cpu_seconds(stack.service)
    with LongestWrite(stack) as longest, Client(url=stack.url, pair=keys(stack)) as client:
        run = client.ask(proto.RunGrades(as_of=as_of, method=2)).payload
        thread.start()
        try:
            while run.state == 1:
                time.sleep(0.2)
                run = client.ask(proto.GetGradeRun(run_id=run.run_id)).payload
        finally:
            over.set()
            thread.join()
    seconds = time.monotonic() - began
    cpu = cpu_seconds(stack.service) - service
    report = run.report
    return [
        Row('grade run of all', seconds, 's', None, False, (),
            f'A {report.a:,}, B {report.b:,}, C {report.c:,}; {report.changed:,} changed;'
            f' {count / seconds:,.0f} customers/s, service {cpu:.0f} s CPU'),
        Row('  longest write transaction', longest.longest * 1000, 'ms', 200, False),
    ] + [
        latency(f'  {kind} meanwhile',
                {p: median(m[p] for m in meanwhile[kind]) for p in ('p50', 'p95', 'p99')},
                f'at rest {at_rest[kind]["p50"] * 1000:.1f}/{at_rest[kind]["p95"] * 1000:.1f}/'
                f'{at_rest[kind]["p99"] * 1000:.1f}', bar)
        for kind, bar in zip(kinds, (50, 200, 200, 200))]


def cards(stack, count):
    """100 cards a question: of customers in turn, then the same again; and 10 with names."""
    turns = 3
    turn_size = min(30_000, count * 9 // 10 // turns // 100 * 100)

    def questions(first, size, **more):
        return [proto.GetCards(refs=[f'bench:C{(first + q * size + i) * 7919 % count + 1}'
                                     for i in range(size)], **more)
                for q in range(turn_size // 100)]

    hits, misses, alone = [], [], []
    for turn in range(turns):
        some = questions(turn * turn_size, 100, without_names=True)
        before = stack.counter('customers_card_misses_total')
        misses.append(ask(stack, some, 4))
        between = stack.counter('customers_card_misses_total')
        hits.append(ask(stack, some, 4))
        if between - before != 100 * len(some) or \
                stack.counter('customers_card_misses_total') != between:
            raise RuntimeError('the cards came from elsewhere than measured')
        alone.append(ask(stack, questions(turn * turn_size, 10)))
    rate, slow = (median(a['rate'] for a in answers) * 100 for answers in (hits, misses))
    made = Row('cards from Redis / calculated', median(h['rate'] / m['rate']
                                                       for h, m in zip(hits, misses)),
               '×', 1.0, True, (), f'{rate:,.0f} cards/s, calculated {slow:,.0f}')
    made.load = {p: median(h[p] for h in hits) for p in ('p50', 'p95', 'p99')}
    return [made, latency('  10 cards with names, one question in flight',
                          {p: median(a[p] for a in alone) for p in ('p50', 'p95', 'p99')},
                          'with the commit of the audit')]


def million(stack, count, say):
    """Fills first; what changes the files comes before what asks for them."""
    seconds = fill(stack, count)
    say(f'{count:,} customers filled in {seconds:.0f} s; grade run')
    filled = Row(f'{count:,} customers: fill', seconds, 's', None, False)
    found = grade_run(stack, count, time.strftime('%Y-%m-%d'))
    say('search')
    found += search(stack, count)
    say('lists')
    found += lists(stack)
    say('cards')
    return [filled, *found, *cards(stack, count)]
