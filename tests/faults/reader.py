"""A strict reader of the log: from the beginning, through whatever happens, it must see the
versions of every subject as 1, 2, 3 … in the order of delivery, and never an event twice."""
import collections
import random
import threading
import time

from google.protobuf import duration_pb2

from tests.support import client, proto


class Reader(threading.Thread):
    def __init__(self, stack, seed=0, urls=None):
        super().__init__(daemon=True)
        self.stack, self.dice = stack, random.Random(seed)
        self.lines = [client.Client(stack, url=url) for url in urls or stack.urls]
        self.versions, self.seen, self.statuses = {}, set(), collections.Counter()
        self.after, self.error = '', None
        self.stopping = threading.Event()

    def run(self):
        try:
            while not (self._read() and self.stopping.is_set()):
                pass
        except BaseException as error:  # noqa: B902  shown by finish()
            self.error = error
        finally:
            for line in self.lines:
                line.close()

    def _read(self):
        """One page; True when it was empty."""
        line = self.dice.choice(self.lines)
        question = proto.Fetch(consumer='strict', after=self.after,
                               max=self.dice.choice((1, 7, 100, 1000)),
                               wait=duration_pb2.Duration(nanos=self.dice.choice((0, 200_000_000))))
        try:
            reply = line.ask(question, timeout=2)
        except client.Silence:
            self.statuses['SILENCE'] += 1
            return False
        self.statuses[reply.status] += 1
        if reply.status in client.AGAIN:
            time.sleep(0.05)
            return False
        assert reply.status == 'OK', reply
        for event in reply.payload.events:
            self._take(event)
        self.after = reply.payload.next
        return not reply.payload.events and not reply.payload.more

    def _take(self, event):
        subject = event.attributes['subject'].ce_string
        version = event.attributes['entityversion'].ce_integer
        assert version == self.versions.get(subject, 0) + 1, \
            f'{subject}: version {version} after {self.versions.get(subject, 0)}' \
            f' (position {self.after})'
        assert event.id not in self.seen, f'{event.id} came twice'
        self.versions[subject] = version
        self.seen.add(event.id)

    def finish(self, seconds=60):
        """Lets it read to the end and compares with the log itself."""
        self.stopping.set()
        self.join(seconds)
        if self.error:
            raise self.error
        assert not self.is_alive(), f'the reader does not come to the end: {self.statuses}'
        there = dict(self.stack.sql('select subject::text, max(version) from log group by 1'))
        assert self.versions == there
        return self
