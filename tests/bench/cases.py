"""The rows at 1,000,000 cases: work lists, lists by filters, reports, who is calling, memory."""
import pathlib
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from million import ask, beside, connect, keys, latency  # noqa: E402
from rows import MIB, Watch, Row  # noqa: E402
from stack import resident_bytes  # noqa: E402
from tests.support import proto  # noqa: E402

HANDLERS, PRODUCTS, ISSUES, REGIONS = 200, 40, 300, 30

ID = "('01910000-0000-7000-{}-' || lpad(({})::text, 12, '0'))::uuid"
CASE, CUSTOMER, STAFF = (ID.format(part, '{}') for part in ('8000', '9000', 'a000'))

# One of five is open. A customer has five cases on the average, some have hundreds.
KNOWN_ROWS = f"""
insert into staff_seen (staff_id, code, roles, is_active)
    select {STAFF.format('n')}, 'bench.' || n, array['complaint_handler'], true
    from generate_series(1, {HANDLERS}) n;
insert into customer_seen (customer_id, number, grade, owner_id, last_order_on)
    select {CUSTOMER.format('n')}, 'KH' || lpad(n::text, 6, '0'),
        (array['A', 'B', 'C'])[1 + (n % 20 = 0)::int + (n % 3 > 0)::int],
        {STAFF.format(f'n % {HANDLERS} + 1')}, current_date - (n % 500)::int
    from generate_series(1, {{count}} / 5) n"""
CASE_ROWS = f"""
insert into cases (id, number, kind, state, channel, summary, content, is_anonymous, customer_id,
        severity, priority, handler_id, team, product, batch, issue, region, submitted_at, day,
        received_at, acknowledged_at, answered_at, closed_at, cause, fault, rating, invited_on,
        reopened, is_supervised, is_historic)
    select id, 'TS-' || to_char(at, 'YYYYMMDD') || '-' || lpad(n::text, 7, '0'),
        case when n % 10 = 0 then 4 else 1 end,
        case when is_open then 1 + n / 5 % 4 when n % 50 = 1 then 12 else 9 end,
        1 + n % 9, '客户反映第' || n || '号水壶漏水,要求更换', repeat('水壶漏水。', 40),
        n % 11 = 0, case when n % 11 > 0 then customer end, 1 + n % 4, 1 + (n / 5) % 4,
        case when not is_open or n % 3 > 0 then handler end, 'team ' || n % 12,
        'product ' || p, case when n % 7 = 0 then 'batch ' || n % 1000 else '' end,
        'issue ' || n * 7 % {ISSUES}, 'region ' || n % {REGIONS}, at, at::date, at,
        case when n % 5 > 0 then at + interval '40 minutes' end,
        case when not is_open then at + interval '3 days' end,
        case when not is_open then at + interval '5 days' end,
        case when not is_open then 'cause.' || n % 90 else '' end,
        case when is_open then 0 else 1 + n % 4 end,
        case when not is_open and n % 4 = 0 then 1 + n % 5 end,
        case when not is_open and n % 2 = 0 then (at + interval '6 days')::date end,
        (n % 40 = 0)::int, is_open and n % 100 = 0, n % 13 = 0
    from (select n, n % 5 = 0 as is_open, {CASE.format('n')} as id,
        {CUSTOMER.format('1 + (n::bigint * n % 999983) % ({count} / 5)')} as customer,
        {STAFF.format(f'1 + n * 31 % {HANDLERS}')} as handler, n * 11 % {PRODUCTS} as p,
        now() - make_interval(mins => (case when n % 5 = 0 then n % 40000
            else n::bigint * 7919 % 1500000 end)::int) as at
        from generate_series({{first}}, {{last}}) n) made"""
QUEUE_ROWS = """
insert into case_queue (case_id, handler_id, team, priority, due_at, due_kind, state)
    select c.id, c.handler_id, c.team, c.priority, c.received_at + interval '14 days',
        'resolution', c.state from cases c where c.state < 9"""
# Three that are judged of each that has ended; of the open ones one is, and one runs.
CLOCK_ROWS = """
insert into clock (case_id, id, kind, state, outcome, cause, priority, policy_version, minutes,
        working_days, is_wall, warn_first_percent, warn_percent, max_extensions, pause_limit_us,
        started_at, due_at, colour_at, warn_at, breached_at, stopped_at, next_at)
    select c.id, ('01920000-0000-700' || k || substr(c.id::text, 19))::uuid, k,
        case when runs then 1 else 3 end, case when runs then 0 when late then 2 else 1 end, 1,
        c.priority, 1, 0, 5, false, 50, 80, 2, 0, c.received_at, due, due - interval '3 days',
        due - interval '1 day', case when late and not runs then due end,
        case when not runs then due end, case when runs then due + interval '1 year' end
    from cases c cross join generate_series(2, 5) k cross join lateral (select
        c.state < 9 and k = 5 as runs, hashtext(c.id::text || k) % 10 = 0 as late,
        c.received_at + make_interval(days => (k - 1) * 3 + 2) as due) d
    where not c.is_historic and (c.state >= 9 and k < 5 or c.state < 9 and k in (2, 5))"""
INDEXES = """select i.indexname, i.indexdef from pg_indexes i where i.schemaname = 'complaints'
    and i.tablename in ('cases', 'case_queue', 'clock')
    and not exists (select 1 from pg_constraint c where c.conname = i.indexname)"""
PARTS = 2
STATEMENT_SECONDS = 30    # KEHU_STATEMENT_TIMEOUT


class Complaints:
    """The complaints service of a stack, as million.ask wants one."""

    def __init__(self, stack):
        self.stack, self.key, self.sql = stack, stack.key, stack.sql
        self.url = f'tcp://127.0.0.1:{stack.port + 20}'

    @property
    def service(self):
        return int((self.stack.var / 'run/complaints.pid').read_text())

    def cursor(self):
        cursor = connect(self.stack)
        cursor.execute('set search_path = complaints')
        return cursor


def run(service, text):
    cursor = service.cursor()
    for statement in text.split(';'):
        cursor.execute(statement)


def fill(service, count):
    """Customers, staff, cases, their clocks and the work lists, straight into the tables."""
    began = time.monotonic()
    cursor = service.cursor()
    cursor.execute(INDEXES)
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f'drop index {name}')
    run(service, KNOWN_ROWS.format(count=count))
    step = count // PARTS
    beside(*[lambda part=part: run(service, CASE_ROWS.format(
        count=count, first=part * step + 1, last=(part + 1) * step)) for part in range(PARTS)])
    beside(lambda: run(service, QUEUE_ROWS), lambda: run(service, CLOCK_ROWS))
    beside(*[lambda part=part: run(service, ';'.join(d for _, d in indexes[part::2]))
             for part in range(2)])
    cursor.execute('vacuum (analyze) cases, case_queue, clock, customer_seen, staff_seen')
    cursor.execute('checkpoint')
    return time.monotonic() - began


def turn_pages(service, question, pages):
    """The question stands at that page then, or at the last before."""
    from tests.support.client import Client
    with Client(url=service.url, pair=keys(service)) as client:
        for _ in range(1, pages):
            token = client.ask(question).payload.next_page_token
            if not token:
                break
            question.page_token = token
    return question


def queues(service):
    mine = [proto.GetQueue(handler=f'bench.{n}', page_size=50) for n in range(1, HANDLERS + 1)]
    teams = [proto.GetQueue(team=f'team {n % 12}', page_size=50) for n in range(200)]
    free = [proto.GetQueue(unassigned=True, page_size=50)] * 200
    deep = turn_pages(service, proto.GetQueue(unassigned=True, page_size=50), 100)
    rows = [latency('queue of a handler', ask(service, mine)),
            latency('queue of a team', ask(service, teams)),
            latency('  of a team, what nobody has', ask(service, [
                proto.GetQueue(team=f'team {n % 12}', unassigned=True, page_size=50)
                for n in range(200)])),
            latency('queue of what nobody has', ask(service, free)),
            latency('  page 100', ask(service, [deep] * 200)),
            latency('queue of everybody', ask(service, [proto.GetQueue(page_size=50)] * 200))]
    busy = ask(service, mine * 10, 16)
    rows.append(latency('queue of a handler, 16 in flight', busy,
                        f'{busy["rate"]:,.0f} questions/s', None))
    return rows


def list_questions(service):
    numbers = [number for number, in service.sql(
        'select number from complaints.customer_seen where number is not null limit 100')]
    return (('latest', [{}]), ('by due', [dict(sort='due')]),
            ('by priority', [dict(sort='-priority')]),
            ('of a customer', [dict(customer_ref=number) for number in numbers]),
            ('of a handler', [dict(handler=f'bench.{n}') for n in range(1, 61)]),
            ('a product', [dict(product=f'product {n % PRODUCTS}') for n in range(60)]),
            ('an issue and a region', [dict(issue=f'issue {n % ISSUES}',
                                            region=f'region {n % REGIONS}') for n in range(60)]),
            ('a cause, by priority', [dict(cause=f'cause.{n % 90}', sort='-priority')
                                      for n in range(60)]),
            ('once late', [dict(only_breached=True)]), ('supervised', [dict(only_supervised=True)]),
            ('received, urgent', [dict(states=[1], min_priority=4)]),
            ('rejected of a channel', [dict(states=[12], channels=[2])]),
            ('of a month', [{'from': '2025-06-01', 'to': '2025-06-30'}]))


def lists(service):
    rows = []
    for name, filters in list_questions(service):
        questions = [proto.ListCases(page_size=50, **chosen) for chosen in filters]
        times = max(1, 60 // len(questions))
        rows.append(latency(f'cases, {name}', ask(service, questions * times)))
        first = questions[0]
        if len(filters) == 1:
            turn_pages(service, first, 40)
            rows.append(latency('  page 40', ask(service, [first] * 30)))
    for name, chosen, bar in (
            ('words nobody wrote', dict(text='没有人写过'), 500),
            ('words many wrote', dict(text='漏水'), 50),
            ('behind breached clocks of a product', dict(behind=proto.CaseFigure(
                by=1, key='product 7', figure='clocks_breached')), 1000)):
        rows.append(latency(f'cases, {name}', ask(
            service, [proto.ListCases(page_size=50, **chosen)] * 5), 'a long question', bar))
    return rows


def report(service, name, question, bar=3):
    """One that takes longer than a statement may counts as that long."""
    try:
        seconds, note = ask(service, [proto.ReportComplaints(**question)])['seconds'], ''
    except RuntimeError as failure:
        seconds, note = STATEMENT_SECONDS, str(failure)[-60:]
    return Row(f'report of complaints {name}', seconds, 's', bar, False, (), note)


def reports(service):
    """Each once; the work lists are asked for meanwhile."""
    rows, meanwhile, over = [], [], threading.Event()

    def others():
        while not over.is_set():
            meanwhile.append(ask(service, [proto.GetQueue(handler=f'bench.{n}', page_size=50)
                                           for n in range(1, 51)]))

    thread = threading.Thread(target=others)
    thread.start()
    try:
        for name, question in (('by product', dict(by=1)), ('by issue', dict(by=2)),
                               ('by month', dict(by=3)), ('by owner', dict(by=8)),
                               ('by handler', dict(by=11)), ('total', dict(by=10))):
            rows.append(report(service, name, question))
        month = {'by': 1, 'from': '2026-10-01', 'to': '2026-10-31'}
        rows.append(report(service, 'by product, a month', month, 0.5))
    finally:
        over.set()
        thread.join()
    worst = max(meanwhile, key=lambda answer: answer['p99'])
    return rows + [latency('  queue of a handler meanwhile', worst)]


def callers(service):
    numbers = [number for number, in service.sql(
        'select number from complaints.customer_seen where number is not null limit 300')]
    questions = [proto.FindCaller(customer_ref=number) for number in numbers]
    return [latency('who is calling', ask(service, questions))]


def cases(stack, count, say):
    service = Complaints(stack)
    seconds = fill(service, count)
    say(f'{count:,} cases filled in {seconds:.0f} s; work lists')
    found = [Row(f'{count:,} cases: fill', seconds, 's', None, False)]
    with Watch(service.service) as watch:
        found += queues(service)
        say('lists of cases')
        found += lists(service)
        say('reports of complaints')
        found += reports(service)
        found += callers(service)
    return found + [Row('  memory of the complaints service meanwhile', watch.largest / MIB, 'MiB',
                        256, False, (), f'then {resident_bytes(service.service) / MIB:.0f}')]
