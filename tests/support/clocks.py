"""Cases and clocks by the thousand, as rows, for tests and measurements of what rings."""

# Cases of one day; their clocks are armed at `due`, or spread evenly over `over` seconds from then
# on. `warns` arms the warning before: then two things happen with each, `ahead` seconds apart.
_CASES = """
insert into complaints.cases (id, number, kind, state, channel, summary, content, is_anonymous,
    severity, priority, submitted_at, day, received_at, is_historic, handler_id)
select (lpad(to_hex(%(first)s + n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
    'TS-20260101-' || lpad((%(first)s + n)::text, 7, '0'), 1, 2, 1, 's', 'c', false, 2, 2,
    %(due)s - interval '1 day', '2026-01-01', %(due)s - interval '1 day', false,
    '00000000-0000-7000-9000-000000000001'
from generate_series(0, %(count)s - 1) n"""
_CLOCKS = """
insert into complaints.clock (case_id, id, kind, state, cause, priority, policy_version, minutes,
    working_days, is_wall, warn_first_percent, warn_percent, max_extensions, pause_limit_us,
    started_at, due_at, colour_at, warn_at, warned_at, next_at)
select (lpad(to_hex(%(first)s + n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
    (lpad(to_hex(%(first)s + n), 8, '0') || '-0000-7000-8000-00000000000' || k)::uuid, k, 1, 1, 2,
    1, 0, 5, false, 50, 80, 2, 135000000000, %(due)s - interval '1 day', d.due,
    d.due - make_interval(secs => %(ahead)s), d.due - make_interval(secs => %(ahead)s),
    case when %(warns)s then null else d.due - make_interval(secs => %(ahead)s) end,
    case when %(warns)s then d.due - make_interval(secs => %(ahead)s) else d.due end
from generate_series(0, %(count)s - 1) n cross join generate_series(2, 1 + %(each)s) k
cross join lateral (select %(due)s
    + make_interval(secs => %(over)s * (n * %(each)s + k - 2) / (%(count)s * %(each)s)) as due) d"""
_QUEUE = """
insert into complaints.case_queue (case_id, handler_id, priority, due_at, due_kind, state)
select id, handler_id, priority, %(due)s, 'acknowledge', state from complaints.cases
on conflict do nothing"""


def arm(stack, count, due, over=0.0, each=1, first=1, warns=False, ahead=1.0, wake=True):
    """`count` cases with `each` clocks; the ids begin at `first`."""
    values = {'count': count, 'due': due, 'over': float(over), 'each': each, 'first': first,
              'warns': warns, 'ahead': ahead}
    with stack.database() as connection, connection.cursor() as cursor:
        cursor.execute(_CASES, values)
        cursor.execute(_CLOCKS, values)
        cursor.execute(_QUEUE, values)
        if wake:
            cursor.execute('notify complaints_timer')


def told(stack, kind='ClockBreached'):
    """(case, version, at) of what the log says, in its order."""
    return stack.sql('select subject::text, version, at from complaints.log where type = %s'
                     ' order by epoch, xid, position', f'kehu.complaints.v1.{kind}')


def lateness(stack):
    """Seconds between due and said, of every breach, ascending."""
    rows = stack.sql("select extract(epoch from l.at - k.breached_at)::float from complaints.log l"
                     " join complaints.clock k on k.case_id = l.subject"
                     " where l.type = 'kehu.complaints.v1.ClockBreached' order by 1")
    return [late for late, in rows]
