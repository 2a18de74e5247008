"""The rows of the budget (docs/bench.md): each measures and says what came out against its bar.

Whatever is compared is measured in turns, A B A B, and the median of the rounds' ratios counts:
what else the machine does meanwhile hits both sides.
"""
import statistics
import threading
import time

from stack import resident_bytes

MIB = 1024 * 1024


class Row:
    """One line of the table. `load` are the answers of stack.publish that it rests on."""

    def __init__(self, name, measured, unit, bar, at_least, load=(), note=''):
        self.name, self.measured, self.unit, self.bar = name, measured, unit, bar
        self.at_least, self.note = at_least, note
        middle = {key: statistics.median(answer[key] for answer in load) for key in (
            'p50', 'p95', 'p99', 'service_us', 'backend_us', 'client_us', 'rate', 'per_commit')
        } if load else {}
        self.load = middle

    @property
    def met(self):
        if self.measured is None or self.bar is None:
            return None
        return self.measured >= self.bar if self.at_least else self.measured <= self.bar


def median(values):
    return statistics.median(values)


def orders_against_copy(stack, nats, size):
    rows = []
    for lines, orders in ((3, size.orders), (20, size.orders // 4)):
        kehu, copy, acknowledged, alone = [], [], [], []
        for _ in range(size.rounds):
            kehu.append(stack.publish(orders, lines, batch=100, in_flight=64))
            copy.append(stack.copy(stack.next_order - orders, orders, lines,
                                   max(1, round(kehu[-1]['per_commit']))))
            if lines == 3 and nats.process:
                acknowledged.append(nats.publish(orders, 1024, 4))
                alone.append(nats.publish(max(1000, orders // 8), 1, 1))
        pairs = list(zip(kehu, copy))
        note = (f"{median(k['rate'] for k in kehu):,.0f} orders/s, COPY "
                f"{median(c['rate'] for c in copy):,.0f}, "
                f"{median(k['per_commit'] for k in kehu):,.0f} orders per commit")
        rows.append(Row(f'orders of {lines} lines in batches / COPY',
                        median(k['rate'] / c['rate'] for k, c in pairs), '×', 0.5, True, kehu,
                        note))
        rows.append(Row('  backend CPU per order / COPY',
                        median(k['backend_us'] / c['backend_us'] for k, c in pairs), '×', 2.2,
                        False, (), f"COPY {median(c['backend_us'] for c in copy):.0f} µs"))
        if lines == 3:
            rows += against_nats(kehu, acknowledged, alone)
    return rows


def against_nats(kehu, acknowledged, alone):
    if not acknowledged:
        return [Row('  / NATS JetStream', None, '×', 1.3, True, (),
                    'nats-server is not installed')]
    rates = [k['rate'] for k in kehu]
    return [Row('  / NATS JetStream, one message in flight',
                median(k / n for k, n in zip(rates, alone)), '×', 1.3, True, (),
                f'{median(alone):,.0f} messages/s'),
            Row('  / NATS JetStream, 1,024 in flight',
                median(k / n for k, n in zip(rates, acknowledged)), '×', None, True, (),
                f'{median(acknowledged):,.0f} messages/s, none of them on disk')]


def single_commands(stack, slow, size):
    fast, one_each, alone = [], [], []
    for _ in range(size.rounds):
        fast.append(stack.publish(size.singles, 3, batch=1, in_flight=256))
        one_each.append(slow.publish(size.singles // 4, 3, batch=1, in_flight=256))
        alone.append(stack.publish(size.singles // 16, 3, batch=1, in_flight=1, connections=1))
    return [Row('single commands, 256 in flight / one unit per turn',
                median(f['rate'] / s['rate'] for f, s in zip(fast, one_each)), '×', 3.0, True,
                fast, f"{median(f['rate'] for f in fast):,.0f} commands/s, one unit per turn "
                      f"{median(s['rate'] for s in one_each):,.0f}"),
            Row('single commands, one in flight: median',
                median(a['p50'] for a in alone) * 1000, 'ms', 2.0, False, alone)]


class Watch:
    """The largest resident size of a process while something else happens."""

    def __init__(self, pid):
        self.pid, self.largest, self.over = pid, 0, threading.Event()

    def look(self):
        while not self.over.wait(0.02):
            self.largest = max(self.largest, resident_bytes(self.pid))

    def __enter__(self):
        self.thread = threading.Thread(target=self.look)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def memory_at_rest(stack):
    time.sleep(0.5)
    return Row('memory at rest', resident_bytes(stack.service) / MIB, 'MiB', 64, False)


def memory_under_load(stack, size):
    idle = stack.idle_connections(size.idle)
    try:
        with Watch(stack.service) as watch:
            load = [stack.publish(size.orders // 4, 20, batch=500, in_flight=256),
                    stack.publish(size.singles, 3, batch=1, in_flight=1024)]
    finally:
        idle.stdin.close()
        idle.wait()
    bar = 256 + 40_000 * (size.idle + 8) / MIB
    return Row(f'memory, {size.idle:,} idle connections and full load', watch.largest / MIB, 'MiB',
               bar, False, load[:1])


def fill(stack, lines):
    """Orders of 20 lines until so many lines are stored."""
    began = time.monotonic()
    orders = 0
    while True:
        stored = stack.sql('select coalesce(sum(lines), 0)::bigint from customers.orders')[0][0]
        if stored >= lines:
            return orders, time.monotonic() - began
        more = min(25_000, -(-(lines - stored) // 20))
        stack.publish(more, 20, batch=100, in_flight=64)
        orders += more


def growth(large, small, size):
    large_orders, seconds = fill(large, size.large_lines)
    fill(small, size.small_lines)
    for stack in (large, small):
        stack.publish(size.growth_orders, 3, batch=100, in_flight=64)
    pairs = [(large.publish(size.growth_orders, 3, batch=100, in_flight=64),
              small.publish(size.growth_orders, 3, batch=100, in_flight=64))
             for _ in range(size.rounds)]
    costs = [(a['service_us'] + a['backend_us']) / (b['service_us'] + b['backend_us'])
             for a, b in pairs]
    rates = [b['rate'] / a['rate'] for a, b in pairs]
    name = f'{size.large_lines:,} stored lines / {size.small_lines:,}: '
    rate = median(a['rate'] for a, _ in pairs)
    return [Row(name + 'CPU per order', median(costs), '×', 1.5, False, [a for a, _ in pairs],
                f'{large_orders:,} orders of 20 lines stored in {seconds:.0f} s'),
            Row('  time per order', median(rates), '×', 1.5, False, (), f'{rate:,.0f} orders/s')]
