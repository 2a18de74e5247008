"""Cases as rows of the complaints service, for tests of what is read of them.

    rows = CaseRows(stack)
    case = rows.add(product='tea', priority=4, at='2026-11-20T03:00:00Z', due=+3600)
"""
import datetime
import itertools
import uuid
import zoneinfo

KINDS = {'complaint': (1, 'TS'), 'suggestion': (2, 'JY'), 'feedback': (3, 'FK'),
         'enquiry': (4, 'ZX'), 'service_request': (5, 'FW')}
STATES = {name: number for number, name in enumerate(
    'received acknowledged investigating proposed agreed answered confirmation_due confirmed closed'
    ' disputed closed_unconfirmed rejected withdrawn duplicate_of reopened'.split(), 1)}
CHANNELS = {name: number for number, name in enumerate(
    'hotline online store_box phone email visit wechat regulator other'.split(), 1)}
CLOCKS = {name: number for number, name in enumerate(
    'auto_acknowledge acknowledge first_response progress resolution confirmation regulatory'
    ' action'.split(), 1)}
ENDED = ('closed', 'closed_unconfirmed', 'rejected', 'withdrawn', 'duplicate_of')
SHANGHAI = zoneinfo.ZoneInfo('Asia/Shanghai')


def moment(value):
    """A datetime of one, of 'YYYY-MM-DDTHH:MM:SSZ' or of seconds from now."""
    if isinstance(value, str):
        return datetime.datetime.fromisoformat(value.replace('Z', '+00:00'))
    if isinstance(value, (int, float)):
        now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
        return now + datetime.timedelta(seconds=value)
    return value


def new_id():
    return str(uuid.uuid4())


class Case:
    """What was written: id, number and every column by name; clocks as they were given."""

    def __init__(self, columns, clocks):
        self.__dict__.update(columns)
        self.columns, self.clocks = columns, clocks


class CaseRows:
    """Adds rows straight into the tables, with numbers that nobody else gives."""

    _numbers = itertools.count(500001)

    def __init__(self, stack):
        self.stack, self.cases = stack, []

    def _insert(self, cursor, table, values):
        names = ', '.join(values)
        cursor.execute(f"insert into complaints.{table} ({names})"
                       f" values ({', '.join(['%s'] * len(values))})", list(values.values()))

    def make(self, kind='complaint', state='received', channel='phone', at=-3600, due=None,
             clocks=(), queued=None, **columns):
        """The values of a case, not yet written. `due`: the clock that runs; `clocks`: ended ones
        as (kind, outcome)."""
        received = moment(at)
        day = received.astimezone(SHANGHAI).date()
        number, prefix = KINDS[kind]
        values = dict(id=new_id(), number=f'{prefix}-{day:%Y%m%d}-{next(self._numbers):04}',
                      kind=number, state=STATES[state], channel=CHANNELS[channel], summary='',
                      content='something', is_anonymous=columns.get('customer_id') is None,
                      severity=2, priority=2, submitted_at=received, day=day,
                      received_at=received, is_historic=False)
        values.update(columns)
        case = Case(values, [(CLOCKS[name], outcome) for name, outcome in clocks])
        case.kind_name, case.state_name, case.channel_name = kind, state, channel
        case.due = None if due is None else moment(due)
        case.queued = queued or values['priority']
        return case

    def _add_clock(self, cursor, case, kind, state, outcome, due, breached=None):
        started = case.received_at
        self._insert(cursor, 'clock', dict(
            case_id=case.id, id=new_id(), kind=kind, state=state, outcome=outcome, cause=1,
            priority=case.priority, policy_version=1, minutes=120, working_days=0, is_wall=True,
            warn_first_percent=50, warn_percent=80, max_extensions=2, pause_limit_us=0,
            started_at=started, due_at=due, colour_at=started + (due - started) / 2,
            warn_at=started + (due - started) * 0.8, breached_at=breached,
            stopped_at=None if state < 3 else due))

    def write(self, *cases):
        with self.stack.database() as connection, connection.cursor() as cursor:
            for case in cases:
                self._write(cursor, case)
        self.cases += cases
        return cases[0] if len(cases) == 1 else cases

    def _write(self, cursor, case):
        self._insert(cursor, 'cases', case.columns)
        if case.due:
            self._add_clock(cursor, case, CLOCKS['resolution'], 1, 0, case.due)
        for kind, outcome in case.clocks:
            late = case.received_at + datetime.timedelta(hours=2)
            self._add_clock(cursor, case, kind, 3, outcome, late,
                            late if outcome == 2 else None)
        if case.state_name not in ENDED:
            self._insert(cursor, 'case_queue', dict(
                case_id=case.id, handler_id=case.columns.get('handler_id'),
                team=case.columns.get('team', ''), priority=case.queued,
                due_at=case.due or 'infinity', due_kind='resolution' if case.due else '',
                state=case.state, raised_on=case.columns.get('chased_on')
                if case.queued != case.priority else None))

    def add(self, **given):
        return self.write(self.make(**given))

    # --- what the projections know ---

    def customer(self, number=None, grade=None, owner_id=None, counts_as=None, last_order_on=None):
        made = new_id()
        self.stack.sql('insert into complaints.customer_seen (customer_id, number, grade, owner_id,'
                       ' survivor_id, counts_as, last_order_on)'
                       ' values (%s, %s, %s, %s, %s, %s, %s)',
                       made, number, grade, owner_id, counts_as, counts_as, last_order_on)
        return made

    def staff(self, code, *roles, manager_id=None):
        made = new_id()
        self.stack.sql('insert into complaints.staff_seen (staff_id, code, roles, manager_id,'
                       ' is_active) values (%s, %s, %s, %s, true)', made, code, list(roles),
                       manager_id)
        return made
