"""A small client of its own (pyzmq, CURVE, protobuf): the second reader of the contract.

    client = Client(stack)                                   # the administrator's key
    client = Client(stack, key='shop')                       # another key of the stack
    reply = client.ask(proto.GetCustomer(ref='shop:7'))      # .status, .message, .fields, .payload
    published = client.publish(placed('A-1', source='shop', lines=[('tea', 2, '128.50')]))
    events = client.fetch_all()

Amounts and quantities may be given as int, str or Decimal; they travel as millionths.
"""
import datetime
import decimal
import time
import uuid

import zmq
from google.protobuf import duration_pb2, timestamp_pb2

from tests.support import proto

AGAIN = ('UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'ABORTED', 'DEADLINE_EXCEEDED')


class Silence(AssertionError):
    """No answer in time."""


class Reply:
    """An answer, opened: status by name, violations as {field: description}, the payload."""

    def __init__(self, raw):
        self.raw = raw
        message = proto.Reply.FromString(raw)
        self.id, self.message = message.id, message.message
        self.status = proto.status_name(message.status)
        self.fields = {v.field: v.description for v in message.violations}
        self.retry_after = (message.retry_after.ToTimedelta().total_seconds()
                            if message.HasField('retry_after') else None)
        self.payload_type = message.payload_type
        self.payload = (proto.contract[message.payload_type].FromString(message.payload)
                        if message.payload_type else None)

    def __repr__(self):
        return f'<{self.status} {self.message!r} {self.fields} {self.payload}>'


class Client:
    """A DEALER with a key. One per thread."""

    def __init__(self, stack=None, key='admin', url=None, source=None, pair=None, context=None):
        self.stack = stack
        self.socket = (context or zmq.Context.instance()).socket(zmq.DEALER)
        self.socket.linger = 0
        pair = pair or (stack.key(key) if stack else None)
        self.source = source or (pair or {}).get('name', 'test')
        if pair:
            self.socket.curve_publickey = pair['public'].encode()
            self.socket.curve_secretkey = pair['secret'].encode()
            self.socket.curve_serverkey = pair['server'].encode()
        self.socket.connect(url or stack.url)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    # --- frames ---

    def send(self, *frames):
        self.socket.send_multipart(frames)

    def receive(self, timeout=30):
        """The next answer, opened."""
        if not self.socket.poll(int(timeout * 1000)):
            raise Silence(f'no answer within {timeout} s')
        return Reply(self.socket.recv())

    def hears_nothing(self, seconds=0.3):
        return not self.socket.poll(int(seconds * 1000))

    # --- requests ---

    def request(self, message=None, **envelope):
        """The bytes of a Request; every field of the envelope can be given."""
        if message is not None:
            envelope.setdefault('type', message.DESCRIPTOR.full_name)
            envelope.setdefault('payload', message.SerializeToString())
        envelope.setdefault('id', str(uuid.uuid4()))
        envelope.setdefault('source', self.source)
        if isinstance(envelope.get('deadline'), datetime.datetime):
            envelope['deadline'] = timestamp(envelope['deadline'])
        return proto.Request(**envelope).SerializeToString()

    def ask(self, message=None, timeout=30, **envelope):
        """Sends once, waits for the answer to just this."""
        body = self.request(message, **envelope)
        self.send(body)
        return self.answer_to(body, timeout)

    def answer_to(self, body, timeout=30):
        wanted = proto.Request.FromString(body).id
        while True:
            reply = self.receive(timeout)
            if reply.id == wanted:
                return reply

    def insist(self, message=None, seconds=60, **envelope):
        """Sends the same bytes until there is a final answer, as the contract asks of clients."""
        body = self.request(message, **envelope)
        end = time.monotonic() + seconds
        while True:
            self.send(body)
            try:
                reply = self.answer_to(body, timeout=2)
            except Silence:
                assert time.monotonic() < end, f'no answer within {seconds} s'
                continue
            if reply.status not in AGAIN:
                return reply
            assert time.monotonic() < end, reply
            time.sleep(max(0.02, reply.retry_after or 0))

    # --- what tests want most ---

    def advance(self, seconds=0, to=None, within=180):
        """Moves the virtual clock by so much or to a moment; asks until it has arrived there and
        nothing is at work."""
        moved = proto.AdvanceClock(to=timestamp(to)) if to is not None else \
            proto.AdvanceClock(by=duration_pb2.Duration(seconds=int(seconds)))
        body = self.request(moved)
        end = time.monotonic() + within
        while True:
            self.send(body)
            reply = self.answer_to(body, timeout=60)
            assert reply.status == 'OK', reply
            if reply.payload.arrived:
                return reply.payload
            assert time.monotonic() < end, reply

    def publish(self, *events, **envelope):
        """Publishes a batch; the request as a whole must succeed. → Published with .outcomes"""
        reply = self.ask(proto.Publish(events=events), **envelope)
        assert reply.status == 'OK', reply
        return Outcome(reply.payload)

    def customer(self, ref, recent_orders=0):
        reply = self.ask(proto.GetCustomer(ref=ref, recent_orders=recent_orders))
        assert reply.status == 'OK', reply
        return reply.payload

    def fetch(self, after='', max=1000, wait=0, types=(), consumer='test'):
        reply = self.ask(proto.Fetch(consumer=consumer, after=after, max=max, types=types,
                                     wait=duration_pb2.Duration(nanos=int(wait % 1 * 1e9),
                                                                seconds=int(wait))))
        assert reply.status == 'OK', reply
        return reply.payload

    def fetch_all(self, after='', max=1000, types=()):
        """Everything after a position that was committed by now, page by page.
        → [events], position"""
        if self.stack:
            self.stack.log_settles()
        events = []
        while True:
            page = self.fetch(after, max, types=types)
            events += page.events
            after = page.next
            if not page.more and not page.events:
                return events, after

    def end(self):
        """The position after everything so far."""
        return self.fetch_all()[1]


class Outcome:
    """What became of a batch, item by item."""

    def __init__(self, published):
        self.published = published
        self.outcomes = [proto.outcome_name(item.outcome) for item in published.items]
        self.historic = [item.historic for item in published.items]
        self.accepted, self.duplicates = published.accepted, published.duplicates
        self.rejected = published.rejected

    def refusal(self, index=0):
        """(field, why) of a rejected item."""
        assert self.outcomes[index] == 'rejected', self.published
        return self.published.items[index].field, self.published.items[index].why

    def __repr__(self):
        return repr(self.published)


# --- events ---

def micros(value):
    """Millionths of an exact number: 2, '0.125', Decimal('-3.1')."""
    scaled = decimal.Decimal(value) * 1_000_000
    assert scaled == int(scaled), value
    return int(scaled)


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def day(days):
    """The day so many days from now, as written."""
    return str((now() + datetime.timedelta(days=days)).date())


def timestamp(at):
    """A Timestamp of a datetime, 'YYYY-MM-DDTHH:MM:SSZ' or seconds ago (a number)."""
    if isinstance(at, timestamp_pb2.Timestamp):
        return at
    if isinstance(at, (int, float)):
        at = now() - datetime.timedelta(seconds=at)
    result = timestamp_pb2.Timestamp()
    if isinstance(at, str):
        result.FromJsonString(at)
    else:
        result.FromDatetime(at.astimezone(datetime.timezone.utc).replace(tzinfo=None))
    return result


def line(product='tea', quantity=1, price='10', description='', batch=''):
    return proto.OrderLine(product=product, description=description, batch=batch,
                           quantity_micros=micros(quantity), unit_price_micros=micros(price))


def content(lines=None, customer='C1', region='云南', currency='CNY', at=None, name=''):
    """lines: [(product, quantity, price), …]; customer: an external id, or None."""
    made = proto.OrderContent(region=region, currency=currency,
                              ordered_at=timestamp(at if at is not None else 60))
    if customer is not None:
        made.customer.external_id, made.customer.name = customer, name
    for given in lines if lines is not None else [('tea', 1, '10')]:
        made.lines.append(given if isinstance(given, proto.OrderLine) else line(*given))
    return made


def event(message, source, id=None, at=None, subject=None):
    """The CloudEvent of a message; without id a new one, which is another event each time."""
    made = proto.CloudEvent(source=source, spec_version='1.0', type=message.DESCRIPTOR.full_name)
    made.id = id or f'{message.DESCRIPTOR.name}-{message.number}-{uuid.uuid4().hex[:8]}'
    made.proto_data.Pack(message)
    if at is not None:
        made.attributes['time'].ce_timestamp.CopyFrom(timestamp(at))
    if subject:
        made.attributes['subject'].ce_string = subject
    return made


def placed(number, source, id=None, kind=0, event_at=None, **given):
    message = proto.OrderPlaced(number=number, kind=kind, content=content(**given))
    return event(message, source, id, event_at or message.content.ordered_at)


def amended(number, revision, source, id=None, event_at=None, **given):
    message = proto.OrderAmended(number=number, revision=revision, content=content(**given))
    return event(message, source, id, event_at or message.content.ordered_at)


def returned(number, source, order_number='', id=None, event_at=None, **given):
    message = proto.OrderReturned(number=number, order_number=order_number,
                                  content=content(**given))
    return event(message, source, id, event_at or message.content.ordered_at)


def cancelled(number, source, at=30, id=None):
    at = timestamp(at)
    return event(proto.OrderCancelled(number=number, cancelled_at=at), source, id, at)


def paid(number, amount, source, at=30, currency='CNY', id=None):
    at = timestamp(at)
    return event(proto.OrderPaid(number=number, paid_at=at, currency=currency,
                                 amount_micros=micros(amount)), source, id, at)


def delivered(number, source, at=30, id=None):
    at = timestamp(at)
    return event(proto.OrderDelivered(number=number, delivered_at=at), source, id, at)
