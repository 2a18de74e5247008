"""What goes in: events of order systems, and publishers that insist on an answer whatever happens.

A feed is a list of CloudEvents without a source, so the same feed can be told by several sources
and what became of them compared.
"""
import collections
import random
import threading
import time

import zmq

from tests.support import client, proto

# Seconds since 1970; long past, so every event is historic at any receipt.
FIRST_DAY = 1_700_000_000


def at(seconds):
    utc = client.datetime.timezone.utc
    return client.timestamp(client.datetime.datetime.fromtimestamp(seconds, utc))


def _content(dice, customers, seconds):
    customer = f'C{int(customers * dice.random() ** 2)}' if dice.random() < 0.85 else None
    lines = [(f'P{dice.randrange(40)}', f'{dice.randrange(-20, 200)}.{dice.randrange(10)}',
              f'{dice.randrange(0, 90)}.{dice.randrange(1000):03}')
             for _ in range(dice.choice((1, 2, 3, 3, 8)))]
    return client.content(lines, customer, dice.choice(('云南', '四川', '北京', '')), 'CNY', at(seconds),
                          f'名 {dice.randrange(9)}' if customer and dice.random() < 0.3 else '')


def documents(count, customers=40, seed=1, prefix='D'):
    """Documents with all that happens to them later, in the order of the business."""
    dice, events = random.Random(seed), []
    for n in range(count):
        number, seconds = f'{prefix}{n}', FIRST_DAY + 3600 * n
        told = [proto.OrderPlaced(number=number, content=_content(dice, customers, seconds))]
        if dice.random() < 0.15:
            told = [proto.OrderReturned(number=number, order_number=f'{prefix}{n // 2}',
                                        content=_content(dice, customers, seconds))]
        else:
            for revision in range(1, dice.choice((0, 0, 1, 3)) + 1):
                told.append(proto.OrderAmended(number=number, revision=revision,
                                               content=_content(dice, customers, seconds)))
            for part in range(dice.choice((0, 1, 1, 2))):
                told.append(proto.OrderPaid(number=number, paid_at=at(seconds + 60 * part),
                                            currency='CNY',
                                            amount_micros=dice.randrange(10 ** 9)))
            if dice.random() < 0.5:
                told.append(proto.OrderDelivered(number=number, delivered_at=at(seconds + 9000)))
            if dice.random() < 0.1:
                told.append(proto.OrderCancelled(number=number, cancelled_at=at(seconds + 9500)))
        for k, message in enumerate(told):
            events.append(client.event(message, '', f'{number}-{k}', at(seconds + k)))
    return events


def told_by(source, events):
    told = []
    for event in events:
        copy = proto.CloudEvent()
        copy.CopyFrom(event)
        copy.source = source
        told.append(copy)
    return told


def batches(events, most, dice=None):
    """Cut into batches: all of `most`, or of random sizes with a seeded dice."""
    cut, rest = [], list(events)
    while rest:
        size = dice.randint(1, most) if dice else most
        cut.append(rest[:size])
        rest = rest[size:]
    return cut


class Publisher(threading.Thread):
    """Sends batches, `window` of them at a time, each again and again with the same bytes until the
    answer is final. What became of every event is in `outcomes`: {(source, id): ['accepted', …]}.
    """

    def __init__(self, stack, work, seed=0, window=4, patience=0.7, urls=None, seconds=120):
        super().__init__(daemon=True)
        self.work, self.window, self.patience, self.seconds = list(work), window, patience, seconds
        self.dice = random.Random(seed)
        self.lines = [client.Client(stack, url=url) for url in urls or stack.urls]
        self.outcomes, self.sendings, self.error = collections.defaultdict(list), 0, None
        self.statuses = collections.Counter()
        self.answered = 0  # batches

    def run(self):
        try:
            self._publish()
        except BaseException as error:  # noqa: B902  shown by finish()
            self.error = error
        finally:
            for line in self.lines:
                line.close()

    def _publish(self):
        waiting, poller = {}, zmq.Poller()
        for line in self.lines:
            poller.register(line.socket, zmq.POLLIN)
        end = time.monotonic() + self.seconds
        work = collections.deque(self.work)
        while work or waiting:
            assert time.monotonic() < end, \
                f'{len(waiting)} batches without an answer: {self.statuses}'
            while work and len(waiting) < self.window:
                events = work.popleft()
                body = self.lines[0].request(proto.Publish(events=events))
                waiting[proto.Request.FromString(body).id] = [body, events, 0]
            for entry in waiting.values():
                if entry[2] <= time.monotonic():
                    self.dice.choice(self.lines).send(entry[0])
                    self.sendings += 1
                    entry[2] = time.monotonic() + self.patience
            for socket, _ in poller.poll(20):
                self._take(client.Reply(socket.recv()), waiting)

    def _take(self, reply, waiting):
        entry = waiting.get(reply.id)
        if not entry:
            return  # the answer to a repeat
        self.statuses[reply.status] += 1
        if reply.status in client.AGAIN:
            entry[2] = time.monotonic() + (reply.retry_after or 0.02)
            return
        assert reply.status == 'OK', reply
        assert len(reply.payload.items) == len(entry[1])
        for event, item in zip(entry[1], reply.payload.items):
            self.outcomes[event.source, event.id].append(proto.outcome_name(item.outcome))
        del waiting[reply.id]
        self.answered += 1

    def finish(self):
        self.join(self.seconds + 30)
        if self.error:
            raise self.error
        assert not self.is_alive()
        return self


def publish_all(stack, work, **options):
    publisher = Publisher(stack, work, **options)
    publisher.start()
    return publisher.finish()


def together(publishers):
    """Runs them to their end. → {(source, id): all outcomes by whomever}"""
    for publisher in publishers:
        publisher.start()
    return outcomes_of(publisher.finish() for publisher in publishers)


def outcomes_of(publishers):
    outcomes = collections.defaultdict(list)
    for publisher in publishers:
        for event, said in publisher.outcomes.items():
            outcomes[event] += said
    return outcomes
