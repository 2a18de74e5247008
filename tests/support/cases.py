"""Cases of the complaints service and the people who handle them, for tests.

    desk = Desk(stack, source)                 # a client of the complaints service
    li = desk.person('li', 'complaint_handler')
    case = desk.case(handler=li)               # a complaint that li investigates; .number, .id
    case.ok(proto.AnswerCase(text='…', spoken=True), by=li)      # ref is filled in
    case.refused(proto.CloseCase(), by=li)     # the refusal; .fields names what is open
"""
import datetime
import uuid

from google.protobuf import timestamp_pb2

from tests.support import proto
from tests.support.client import Client

OPEN = {'complaint': 1, 'suggestion': 2, 'feedback': 3, 'enquiry': 4, 'service_request': 5}
STATES = ('', 'received', 'acknowledged', 'investigating', 'proposed', 'agreed', 'answered',
          'confirmation_due', 'confirmed', 'closed', 'disputed', 'closed_unconfirmed', 'rejected',
          'withdrawn', 'duplicate', 'reopened')


def state_name(number):
    return STATES[number]


def propose(amount=0, kind='refund', **more):
    return proto.ProposeSolution(text='方案', remedy=proto.Remedy(
        kind=kind, amount_micros=amount * 1_000_000, **more))


def answered(desk, li, **case):
    """A complaint that `li` answered in a call: he is to be asked if he is satisfied."""
    one = desk.case(handler=li, **case)
    one.ok(propose(kind='apology'), by=li)
    one.ok(proto.AgreeSolution(), by=li)
    one.ok(proto.AnswerCase(text='明天换货', spoken=True), by=li)
    return one


class Colleague:
    def __init__(self, code, id):
        self.code, self.id = code, id


class Case:
    """One case; every message about it gets its number."""

    def __init__(self, desk, number, id):
        self.desk, self.number, self.id = desk, number, id

    def ask(self, message, by=None, **envelope):
        message.ref = self.number
        return self.desk.ask(message, by=by, **envelope)

    def ok(self, message, by=None, **envelope):
        reply = self.ask(message, by=by, **envelope)
        assert reply.status == 'OK', reply
        return reply.payload

    def refused(self, message, by=None, status='FAILED_PRECONDITION'):
        before = self.row('version')
        reply = self.ask(message, by=by)
        assert reply.status == status, reply
        assert self.row('version') == before
        return reply

    def row(self, column):
        return self.desk.stack.value(f'select {column} from complaints.cases where id = %s',
                                     self.id)

    @property
    def state(self):
        return state_name(self.row('state'))

    def set(self, **columns):
        """As rows, past every rule."""
        names = ', '.join(f'{name} = %s' for name in columns)
        self.desk.stack.sql(f'update complaints.cases set {names} where id = %s',
                            *columns.values(), self.id)

    def acts(self):
        """The history's acts, oldest first."""
        return [act for act, in self.desk.stack.sql(
            'select act from complaints.case_entry where case_id = %s order by id', self.id)]

    def told(self, kind):
        """The events of that kind, opened."""
        rows = self.desk.stack.sql(
            'select data from complaints.log where subject = %s and type = %s'
            ' order by version', self.id, f'kehu.complaints.v1.{kind}')
        return [proto.contract[f'kehu.complaints.v1.{kind}'].FromString(bytes(payload))
                for payload, in rows]

    def clock(self, kind):
        """(state, outcome) of the clocks of that number, oldest first."""
        return self.desk.stack.sql('select state, outcome from complaints.clock'
                                   ' where case_id = %s and kind = %s order by id', self.id, kind)

    def delivered(self):
        """The answer reached him, as the receipt of its delivery says."""
        self.desk.stack.sql("update complaints.case_message set delivery = 'delivered',"
                            ' delivery_at = now() where id = (select answer_id from'
                            ' complaints.cases where id = %s)', self.id)


class Desk:
    def __init__(self, stack, source):
        self.stack, self.source = stack, source
        self.client = Client(stack, source=source,
                             url=f'tcp://127.0.0.1:{stack.base_port + 20}')

    def close(self):
        self.client.close()

    def ask(self, message, by=None, **envelope):
        if by is not None:
            envelope['actor'] = by.code
        return self.client.ask(message, **envelope)

    def ok(self, message, by=None, **envelope):
        reply = self.ask(message, by=by, **envelope)
        assert reply.status == 'OK', reply
        return reply.payload

    cause = 'delivery.damage'  # of the built-in tree

    def day(self, days=0):
        """So many days after today in business time, YYYY-MM-DD."""
        return str(self.stack.value("select (now() at time zone 'Asia/Shanghai')::date")
                   + datetime.timedelta(days=days))

    def moment(self, **later):
        at = timestamp_pb2.Timestamp()
        at.FromDatetime(datetime.datetime.utcnow() + datetime.timedelta(**later))
        return at

    def person(self, name, *roles, unit='', manager=None, active=True):
        """Somebody of the staff directory, as this service knows him."""
        one = Colleague(f'{self.source}.{name}', str(uuid.uuid4()))
        self.stack.sql(
            'insert into complaints.staff_seen (staff_id, code, roles, unit, manager_id, is_active)'
            ' values (%s, %s, %s, %s, %s, %s)', one.id, one.code, list(roles), unit,
            manager and manager.id, active)
        return one

    def customer(self, grade=None):
        """A customer that this service has seen; his id."""
        id = str(uuid.uuid4())
        self.stack.sql('insert into complaints.customer_seen (customer_id, grade) values (%s, %s)',
                       id, grade)
        return id

    def case(self, kind='complaint', customer=None, anonymous=False, handler=None,
             state='investigating', content='茶饼受潮发霉', **columns):
        """A case opened by command; taken and investigated by `handler` where one is named."""
        ask = proto.OpenComplaint(kind=OPEN[kind], channel=1, content=content)
        if anonymous:
            ask.complainant.anonymous = True
        else:
            ask.complainant.customer_ref = customer or self.customer()
        reply = self.ask(ask)
        if reply.status == 'OK':
            one = Case(self, reply.payload.number, reply.payload.case_id)
        else:
            one = self._insert(kind, customer or self.customer(), anonymous, content)
        if columns:
            one.set(**columns)
        if handler:
            one.ok(proto.TakeCase(), by=handler)
            if state == 'investigating':
                one.ok(proto.StartInvestigation(), by=handler)
        return one

    def _insert(self, kind, customer, anonymous, content):
        id, n = str(uuid.uuid4()), self.stack.value('select count(*) from complaints.cases')
        number = f'{("", "TS", "JY", "FK", "ZX", "FW")[OPEN[kind]]}-20261122-{n + 1:04}'
        self.stack.sql(
            'insert into complaints.cases (id, number, kind, state, channel, summary, content,'
            ' is_anonymous, customer_id, severity, priority, submitted_at, day, received_at,'
            " is_historic) values (%s, %s, %s, 1, 1, %s, %s, %s, %s, 2, 2, now(),"
            " (now() at time zone 'Asia/Shanghai')::date, now(), false)",
            id, number, OPEN[kind], content, content, anonymous, None if anonymous else customer)
        return Case(self, number, id)
