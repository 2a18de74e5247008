#!/usr/bin/env python3
"""make bench: measures Kehu against baselines of the same run and prints the rows of the budget.

    make bench                                     everything, about ten minutes
    make bench BENCH=small                         about a minute, without growth
    make bench BENCH_ARGUMENTS='--json FILE'       the same figures for a program
    make bench BENCH_ARGUMENTS='--only orders'     one part; --help lists them

It starts private stacks of its own in a temporary folder and removes them. Needs `make build
bench-programs` first, which `make bench` does. docs/bench.md says how to read the table.
"""
import argparse
import json
import os
import platform
import signal
import sys
import time

import cases
import clock_rows
import million
import openings
import rows
from stack import Place

PARTS = ('orders', 'single', 'memory', 'growth', 'million', 'cases', 'openings', 'clocks')


class Full:
    rounds, customers, orders, singles, idle = 5, 10_000, 40_000, 8_000, 1_000
    large_lines, small_lines, growth_orders = 10_000_000, 100_000, 10_000
    million = 1_000_000


class Small:
    rounds, customers, orders, singles, idle = 2, 1_000, 8_000, 1_600, 200
    large_lines = 0
    million = 20_000


def say(text):
    print(f'bench: {text}', file=sys.stderr, flush=True)


def measure(size, parts):
    """All rows asked for, in the order of the table."""
    orders = set(parts) - {'million', 'cases', 'openings', 'clocks'}
    found = measure_orders(size, parts) if orders else []
    if 'openings' in parts:
        with Place(size.customers) as place:
            say('complaints being opened')
            found += openings.openings(place.stack('open'),
                                       place.stack('slow', KEHU_MAX_TURN_UNITS='1'), size)
    if 'million' in parts and size.million:
        # In a place of its own, when the other stacks are gone.
        with Place(size.million) as place:
            say(f'a stack with {size.million:,} customers')
            found += million.million(place.stack('million'), size.million, say)
    if 'cases' in parts and size.million:
        with Place(size.million) as place:
            say(f'a stack with {size.million:,} cases')
            found += cases.cases(place.stack('cases'), size.million, say)
    if 'clocks' in parts and size.million:
        with Place(size.million) as place:
            say(f'a stack with {size.million:,} armed clocks')
            found += clock_rows.clocks(place.stack('clocks', instances=2), size.million, say)
    return found


def measure_orders(size, parts):
    with Place(size.customers) as place:
        say('starting a stack')
        stack = place.stack('a')
        at_rest = rows.memory_at_rest(stack)
        stack.publish(size.customers, 3, batch=100, in_flight=16)  # every customer gets his file
        found = []
        if 'orders' in parts:
            say('orders in batches, COPY, NATS')
            stack.make_copy_tables()
            found += rows.orders_against_copy(stack, place.start_nats(), size)
        other = None
        if 'single' in parts or ('growth' in parts and size.large_lines):
            other = place.stack('b', KEHU_MAX_TURN_UNITS='1')
            other.publish(size.customers, 3, batch=100, in_flight=16)
        if 'single' in parts:
            say('single commands')
            found += rows.single_commands(stack, other, size)
        if 'memory' in parts:
            say('memory')
            found += [at_rest, rows.memory_under_load(stack, size)]
        if 'growth' in parts and size.large_lines:
            say(f'storing {size.large_lines:,} lines')
            other.restart()
            found += rows.growth(stack, other, size)
        return found


def number(value, unit):
    if value is None:
        return '–'
    return f'{value:.2f} {unit}' if unit != 'MiB' else f'{value:.0f} {unit}'


def cells(row):
    load = row.load
    bar = '' if row.bar is None else ('≥ ' if row.at_least else '≤ ') + number(row.bar, row.unit)
    met = {None: '', True: 'met', False: 'NOT MET'}[row.met]
    latency = '/'.join(f'{load[p] * 1000:.1f}' for p in ('p50', 'p95', 'p99')) if load else ''
    cpu = '/'.join(f'{load[c]:.0f}' for c in ('service_us', 'backend_us', 'client_us')) \
        if 'service_us' in load else ''
    return [row.name, number(row.measured, row.unit), bar, met, latency, cpu, row.note]


def print_table(found):
    head = ['', 'measured', 'bar', '', 'p50/p95/p99 ms', 'CPU µs per order¹', '']
    table = [head] + [cells(row) for row in found]
    widths = [max(len(line[i]) for line in table) for i in range(len(head))]
    for line in table:
        print('  '.join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
    print('¹ service / PostgreSQL backends / client')


def as_json(found, size, seconds):
    return {'size': size, 'seconds': round(seconds, 1), 'cores': os.cpu_count(),
            'machine': platform.machine(),
            'rows': [{'name': row.name.strip(), 'measured': row.measured, 'unit': row.unit,
                      'bar': row.bar, 'at_least': row.at_least, 'met': row.met,
                      'note': row.note, **row.load} for row in found]}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--size', choices=('full', 'small'),
                        default=os.environ.get('BENCH') or 'full')
    parser.add_argument('--only', choices=PARTS, action='append', help='may be repeated')
    parser.add_argument('--json', metavar='FILE', help='also write the figures there')
    parser.add_argument('--strict', action='store_true', help='status 1 when a bar is not met')
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(2))  # so that the stacks go
    began = time.monotonic()
    found = measure(Full if chosen.size == 'full' else Small, chosen.only or PARTS)
    seconds = time.monotonic() - began
    print_table(found)
    say(f'{seconds:.0f} s')
    if chosen.json:
        with open(chosen.json, 'w', encoding='utf-8') as file:
            json.dump(as_json(found, chosen.size, seconds), file, ensure_ascii=False, indent=1)
    sys.exit(1 if chosen.strict and any(row.met is False for row in found) else 0)


main()
