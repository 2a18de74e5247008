"""The virtual clock of the complaints service, and clocks of cases as tests read them."""
import datetime

from google.protobuf import timestamp_pb2

from tests.support import proto

ACKNOWLEDGE, FIRST_RESPONSE, PROGRESS, RESOLUTION, CONFIRMATION, REGULATORY = range(2, 8)
RUNNING, PAUSED, STOPPED, SUPERSEDED = range(1, 5)
MET, BREACHED = 1, 2
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ('minutes', 'hours', 'days'))
FIRST_MONDAY = datetime.datetime(2030, 3, 4, tzinfo=SHANGHAI)
AGREED = ('started_at', 'due_at', 'state', 'outcome', 'cause', 'priority')
CAUSES = {name: n for n, name in enumerate(
    ('', 'start', 'dispute', 'reopening', 'raised', 'lowered', 'group', 'policy', 'calendar',
     'extension'))}


class Wall:
    """The virtual clock of the complaints service."""

    def __init__(self, desk):
        self.client = desk.client

    def now(self):
        at = self.client.insist(proto.Ping()).payload.now
        return at.ToDatetime(tzinfo=datetime.timezone.utc).astimezone(SHANGHAI)

    def to(self, at):
        """Waits at each moment at which something is due until it is done."""
        self.client.advance(to=at)
        return at

    def to_monday(self):
        """09:50 of the next Monday; its first moment."""
        now = self.now()
        day = max(FIRST_MONDAY, now.replace(hour=0, minute=0, second=0, microsecond=0) + DAY)
        day += DAY * (-day.weekday() % 7)
        self.to(day + 9 * HOUR + 50 * MINUTE)
        return day


def rows(case, kind, *columns):
    """The clocks of that kind, oldest first; times are in Shanghai."""
    named = columns or AGREED
    found = case.desk.stack.sql(f'select {", ".join(named)} from complaints.clock'
                                ' where case_id = %s and kind = %s order by id', case.id, kind)
    return [tuple(v.astimezone(SHANGHAI) if isinstance(v, datetime.datetime) else v for v in row)
            for row in found]


def due(case, kind):
    """Of the one that runs or stands still, to the second."""
    [(at,)] = [row[:1] for row in rows(case, kind, 'due_at', 'state') if row[1] in (1, 2)]
    return at.replace(microsecond=0)


def rang(case, kind, clock):
    """When ClockWarned or ClockBreached says it did, to the second."""
    return [e.at.ToDatetime(tzinfo=datetime.timezone.utc).astimezone(SHANGHAI)
            .replace(microsecond=0) for e in case.told(kind) if e.kind == clock]


def stamp(at):
    moment = timestamp_pb2.Timestamp()
    moment.FromDatetime(at.astimezone(datetime.timezone.utc))
    return moment


def near(at, wanted, seconds=120):
    """The clock runs on while a test speaks: what it starts is a little later."""
    return abs(at - wanted) < datetime.timedelta(seconds=seconds)
