"""The rows of complaints being opened: each becomes a case with its clocks armed."""
from rows import Row, median
from stack import cpu_seconds, run_program


class Intake:
    """The complaints service of a stack, loaded with complaints that nobody has seen before."""

    def __init__(self, stack):
        self.stack, self.next = stack, 0

    @property
    def service(self):
        return int((self.stack.var / 'run/complaints.pid').read_text())

    def backends(self):
        return [row[0] for row in self.stack.sql("select pid from pg_stat_activity"
                                                 " where usename = 'complaints_run'")]

    def publish(self, count, batch, in_flight, connections=4):
        first, self.next = self.next, self.next + count
        service, backends = self.service, self.backends()
        before = cpu_seconds(service), sum(map(cpu_seconds, backends))
        answer = run_program('load', url=f'tcp://127.0.0.1:{self.stack.port + 20}',
                             key=self.stack.key, source='bench', first=first, orders=count,
                             batch=batch, lines=0, connections=connections, in_flight=in_flight,
                             customers=100_000, base=1)
        if answer['accepted'] != count:
            raise RuntimeError(f'of {count} complaints {answer["accepted"]} were accepted: '
                               + answer['failure'])
        answer['rate'] = count / answer['seconds']
        answer['service_us'] = (cpu_seconds(service) - before[0]) / count * 1e6
        answer['backend_us'] = (sum(map(cpu_seconds, backends)) - before[1]) / count * 1e6
        answer['client_us'], answer['per_commit'] = answer['cpu'] / count * 1e6, 0
        return answer

    def clocks_per_case(self):
        return self.stack.sql('select (select count(*) from complaints.clock)::float'
                              ' / greatest(1, (select count(*) from complaints.cases))')[0][0]


def openings(stack, slow, size):
    stack, slow = Intake(stack), Intake(slow)
    fast, one_each, batches = [], [], []
    for _ in range(size.rounds):
        fast.append(stack.publish(size.singles, batch=1, in_flight=256))
        one_each.append(slow.publish(size.singles // 4, batch=1, in_flight=256))
        batches.append(stack.publish(size.singles, batch=100, in_flight=8))
    clocks = stack.clocks_per_case()
    return [Row('complaints opened, 256 in flight / one unit per turn',
                median(f['rate'] / s['rate'] for f, s in zip(fast, one_each)), '×', 2.0, True,
                fast, f"{median(f['rate'] for f in fast):,.0f} cases/s with {clocks:.1f} clocks"
                      f" each, one unit per turn {median(s['rate'] for s in one_each):,.0f}"),
            Row('complaints opened in batches of 100',
                median(b['rate'] for b in batches), 'cases/s', None, True, batches)]
