"""Cases for the tests: messages of kehu.complaints.v1 and who speaks to that service.

    desk = Desk(stack, source)                      # with the administrator's key
    case = desk.open('灯坏了', customer_ref='shop:7', product='lamp')
    reply = desk.ask('TakeCase', ref=case.number)
    desk.publish(submitted('shop', '灯坏了', anonymous=True, id='e-1'))
"""
import uuid

from tests.support import proto
from tests.support.client import Client, timestamp


def message(name, /, **fields):
    """A message of the complaints service by its short name: two services share some."""
    return proto.contract[f'kehu.complaints.v1.{name}'](**fields)


def enum(name):
    """'CASE_KIND_COMPLAINT' → its number."""
    for file in proto._set.file:
        if file.package == 'kehu.complaints.v1':
            for kind in file.enum_type:
                for value in kind.value:
                    if value.name == name:
                        return value.number
    raise KeyError(name)


def opening(content='灯坏了', *, customer_ref=None, phone=None, anonymous=None, contact_id='',
            reply_to='', at=None, kind='COMPLAINT', channel='PHONE', order='', product='', batch='',
            **more):
    """An OpenComplaint; `at` as timestamp() takes it."""
    made = message('OpenComplaint', content=content, kind=enum(f'CASE_KIND_{kind}'),
                   channel=enum(f'CHANNEL_{channel}'), **more)
    if customer_ref is not None:
        made.complainant.customer_ref = customer_ref
    elif phone is not None:
        made.complainant.phone = phone
    elif anonymous is not False:
        made.complainant.anonymous = True
    made.complainant.contact_id, made.complainant.reply_to = contact_id, reply_to
    made.links.order_number, made.links.product, made.links.batch = order, product, batch
    if at is not None:
        made.submitted_at.CopyFrom(timestamp(at))
    return made


def event(data, source, id=None, at=None):
    made = proto.CloudEvent(source=source, spec_version='1.0', type=data.DESCRIPTOR.full_name,
                            id=id or uuid.uuid4().hex)
    made.proto_data.Pack(data)
    if at is not None:
        made.attributes['time'].ce_timestamp.CopyFrom(timestamp(at))
    return made


def submitted(source, content='灯坏了', *, id=None, event_at=None, recorded=None, **given):
    """A ComplaintSubmitted; `recorded` as a dictionary of RecordedOutcome."""
    data = message('ComplaintSubmitted', complaint=opening(content, **given))
    if recorded is not None:
        data.recorded.CopyFrom(message('RecordedOutcome', **recorded))
    return event(data, source, id, event_at)


class Desk(Client):
    """Speaks to the complaints service of a stack."""

    def __init__(self, stack, source=None, key='admin', actor=''):
        super().__init__(stack, key=key, source=source,
                         url=f'tcp://127.0.0.1:{stack.base_port + 20}')
        self.stack, self.actor = stack, actor

    def say(self, name, /, envelope=None, **fields):
        """Asks by short name; the Reply, whatever it says."""
        return self.ask(message(name, **fields), actor=self.actor, **(envelope or {}))

    def ok(self, name, /, **fields):
        reply = self.say(name, **fields)
        assert reply.status == 'OK', reply
        return reply.payload

    def open(self, content='灯坏了', **given):
        """The CaseReply of a case that was opened."""
        reply = self.ask(opening(content, **given), actor=self.actor)
        assert reply.status == 'OK', reply
        return reply.payload

    def row(self, ref, *columns):
        """Columns of a case by number or id."""
        found = self.stack.sql(f'select {", ".join(columns)} from complaints.cases'
                               ' where number = %s or id::text = %s', ref, ref)
        return found[0] if len(columns) > 1 else found[0][0]

    def clocks(self, ref):
        """{kind: (state, outcome)} of a case, by domain/clock_policy.h."""
        return {kind: (state, outcome) for kind, state, outcome in self.stack.sql(
            'select k.kind, k.state, k.outcome from complaints.clock k join complaints.cases c'
            ' on c.id = k.case_id where c.number = %s', ref)}

    def told(self, case_id, name):
        """Events of a type about a case."""
        rows = self.stack.sql('select data from complaints.log where subject = %s and type = %s'
                              ' order by version', case_id, f'kehu.complaints.v1.{name}')
        return [proto.contract[f'kehu.complaints.v1.{name}'].FromString(bytes(row[0]))
                for row in rows]
