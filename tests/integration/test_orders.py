"""Orders and figures: exact to the last digit, in whatever order the facts arrive."""
import datetime
import itertools
import random
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.support import books, proto
from tests.support.client import (amended, cancelled, delivered, line, micros, paid, placed,
                                  returned)


def history(source):
    """Facts of four documents in the order in which they happened; ids say what they are."""
    day = '2026-11-{:02}T03:00:00Z'.format

    def at(n):
        return day(n)
    return [
        placed('A', source, id='A0', at=at(2), name='Li', lines=[('tea', 2, '10.005')]),
        amended('A', 1, source, id='A1', event_at=at(3), at=at(3), customer='C2', region='四川',
                lines=[('tea', 1, '10'), ('cup', 3, '0.333333')]),
        paid('A', '5', source, id='Ap1', at=at(4)),
        # The higher revision holds although its business time is before that of the first.
        amended('A', 2, source, id='A2', event_at=at(1), at=at(5), customer='C2', region='北京',
                currency='USD', name='Wang', lines=[('pot', 1, '99.999999')]),
        paid('A', '7.25', source, id='Ap2', at=at(6)),
        delivered('A', source, id='Ad1', at=at(7)),
        placed('B', source, id='B0', at=at(3), customer='C2', name='Wang Fang'),
        cancelled('B', source, id='Bc', at=at(4)),
        delivered('B', source, id='Bd', at=at(6)),
        returned('R', source, id='R0', order_number='A', at=at(8), customer='C2', region='北京',
                 lines=[('pot', -1, '99.999999')]),
        placed('J', source, id='J0', kind=2, at=at(9), customer=None, lines=[('Adjust', 1, '-77')]),
        amended('J', 3, source, id='J3', at=at(9), customer=None, region='',
                lines=[('Adjust', 1, '-70')]),
    ]


def test_every_order_of_arrival_gives_the_same_state_table_by_table(stack, client, source):
    reference = f'{source}ref'
    for one in history(reference):
        assert client.publish(one).outcomes == ['accepted']
    wanted = books.state(stack, reference)
    assert len(wanted['orders']) == 4 and len(wanted['order_line']) == 4 and wanted['sales_figure']
    random.seed(22)
    for n in range(12):
        mine = f'{source}.{n}'
        events = history(mine) * random.choice([1, 2])
        if n == 0:
            events.reverse()
        else:
            random.shuffle(events)
        while events:
            size = random.randint(1, 6)
            batch, events = events[:size], events[size:]
            assert client.publish(*batch).rejected == 0
        got = books.state(stack, mine)
        for table in wanted:
            assert got[table] == wanted[table], (n, table)
    assert books.stray_rows(stack) == []


def test_every_permutation_of_one_documents_facts_gives_the_same_state(stack, client, source):
    states = []
    for n, order in enumerate(itertools.permutations([0, 1, 3, 4])):
        mine = f'{source}.{n}'
        facts = history(mine)
        for i in order:
            client.publish(facts[i])
        states.append(books.state(stack, mine))
    assert all(state == states[0] for state in states)
    assert 'A2' in states[0]['orders'][0]  # the event whose content holds


def test_an_amendment_moves_the_figures_to_another_customer_region_currency_and_day(client, source):
    client.publish(placed('A', source, region=f'{source}-old', at='2026-10-05T03:00:00Z',
                          lines=[('tea', 2, '10')]))
    client.publish(amended('A', 1, source, customer='C9', region=f'{source}-new', currency='USD',
                           at='2026-11-06T03:00:00Z', lines=[('tea', 1, '3.5'), ('cup', 1, '1')]))
    regions = {k: v for k, v in books.report(client, 'region').items() if source in k[0]}
    assert regions == {(f'{source}-new', 'USD'): (1, 2, 1, Decimal('4.5'))}
    assert list(client.customer(f'{source}:C1').sales) == []
    assert books.net_of(client, f'{source}:C9', 'USD') == Decimal('4.5')
    assert client.customer(f'{source}:C9', 1).recent_orders[0].day == '2026-11-06'


def test_an_older_revision_that_comes_late_changes_nothing(client, source):
    client.publish(placed('A', source), amended('A', 2, source, lines=[('tea', 3, '10')]))
    client.publish(amended('A', 1, source, lines=[('tea', 100, '10')]))
    assert books.net_of(client, f'{source}:C1') == 30


def test_a_cancellation_before_the_order_holds(client, source):
    assert client.publish(cancelled('A', source)).outcomes == ['accepted']
    assert client.publish(placed('A', source)).outcomes == ['accepted']
    file = client.customer(f'{source}:C1', 5)
    assert file.recent_orders[0].cancelled and list(file.sales) == []


def test_a_cancelled_document_leaves_the_figures_and_stays_in_the_file(client, source):
    client.publish(placed('A', source), placed('B', source, lines=[('tea', 1, '7')]))
    client.publish(cancelled('A', source), amended('A', 5, source, lines=[('tea', 9, '10')]))
    file = client.customer(f'{source}:C1', 5)
    assert {o.number: o.cancelled for o in file.recent_orders} == {'A': True, 'B': False}
    assert [(s.orders, s.lines, s.net_micros) for s in file.sales] == [(1, 1, 7_000_000)]


def test_returns_and_adjustments_count_as_documents(client, source):
    region = f'{source}-r'
    client.publish(placed('A', source, region=region, lines=[('tea', 5, '10')]),
                   returned('R', source, order_number='A', region=region,
                            lines=[('tea', -2, '10')]),
                   placed('J', source, kind=2, region=region,
                          lines=[('Adjust bad debt', 1, '-11062.06')]))
    assert books.report(client, 'region')[region, 'CNY'] == (3, 3, 1, Decimal('-11032.06'))


def test_orders_without_customer_count_in_their_region_and_for_nobody(client, source):
    region = f'{source}-r'
    client.publish(placed('A', source, region=region, customer=None),
                   placed('B', source, region=region, customer=''),
                   placed('C', source, region=region, customer='C1'))
    assert books.report(client, 'region')[region, 'CNY'] == (3, 3, 1, 30)
    assert client.ask(proto.GetCustomer(ref=f'{source}:')).status != 'OK'


def test_negative_zero_and_fractional_figures_are_exact(client, source):
    client.publish(placed('A', source, lines=[
        ('free', 1, '0'), ('none', 0, '5'), ('minus', -3, '0.07'), ('minus-minus', -2, '-1.5'),
        ('half', '0.5', '0.01'), ('third', '0.333333', '3')]))
    wanted = Decimal('0') + 0 + Decimal('-0.21') + 3 + Decimal('0.005') + Decimal('0.999999')
    assert books.net_of(client, f'{source}:C1') == wanted


@pytest.mark.parametrize('quantity, price, amount', [
    ('0.5', '0.000001', '0.000001'),      # half away from zero
    ('-0.5', '0.000001', '-0.000001'),
    ('0.499999', '0.000001', '0'),
    ('1.5', '0.000001', '0.000002'),
    ('0.000001', '0.000001', '0'),
    ('1000', '999999.999999', '999999999.999'),
    ('123456.789012', '1.234567', '152415.67764'),
])
def test_a_lines_amount_is_rounded_once_half_away_from_zero(client, source, quantity, price,
                                                            amount):
    exact = (Decimal(quantity) * Decimal(price)).quantize(Decimal('0.000001'), ROUND_HALF_UP)
    assert exact == Decimal(amount)
    client.publish(placed('A', source, lines=[('tea', quantity, price)]))
    assert books.net_of(client, f'{source}:C1') == exact


def test_each_line_is_rounded_by_itself(client, source):
    client.publish(placed('A', source, lines=[('tea', '0.5', '0.000001')] * 4))
    assert books.net_of(client, f'{source}:C1') == Decimal('0.000004')


def test_an_order_of_twenty_thousand_lines_is_exact(stack, client, source):
    random.seed(7)
    lines = [line(f'p{n}', random.randint(-9, 99), Decimal(random.randint(-99, 99999)) / 1000)
             for n in range(20_000)]
    wanted = sum(Decimal(one.quantity_micros) * one.unit_price_micros for one in lines) / 10 ** 12
    assert client.publish(placed('A', source, lines=lines)).outcomes == ['accepted']
    assert books.net_of(client, f'{source}:C1') == wanted
    assert stack.value('select count(*) from order_line l join orders o on o.id = l.order_id'
                       ' where o.source = %s', source) == 20_000


@pytest.mark.parametrize('count', [20_001, 100_000])
def test_an_order_of_too_many_lines_is_rejected_and_its_batch_goes_on(client, source, count):
    huge = placed('A', source, lines=[line('p', 1, 1)] * count)
    got = client.publish(huge, placed('B', source))
    assert got.outcomes == ['rejected', 'accepted']
    field, why = got.refusal()
    assert field == 'data.content.lines' and '20,000' in why and str(count) in why
    assert books.net_of(client, f'{source}:C1') == 10


def test_the_latest_name_by_business_time_is_kept(client, source):
    client.publish(placed('B', source, name='李娜', at='2026-11-10T01:00:00Z'))
    client.publish(placed('A', source, name='older', at='2026-11-01T01:00:00Z'))
    assert client.customer(f'{source}:C1').name == '李娜'
    client.publish(placed('C', source, name='', at='2026-11-11T01:00:00Z'))  # says no name
    assert client.customer(f'{source}:C1').name == '李娜'
    client.publish(placed('D', source, name='李娜娜', at='2026-11-12T01:00:00Z'))
    assert client.customer(f'{source}:C1').name == '李娜娜'


def test_names_within_one_batch_go_by_business_time_too(client, source):
    client.publish(placed('B', source, name='new', at='2026-11-10T01:00:00Z'),
                   placed('A', source, name='old', at='2026-11-01T01:00:00Z'))
    assert client.customer(f'{source}:C1').name == 'new'


def test_the_local_day_is_that_of_the_business_zone(client, source):
    client.publish(placed('A', source, at='2026-10-31T15:59:59.999999Z'),  # 23:59:59 in Shanghai
                   placed('B', source, at='2026-10-31T16:00:00Z'))         # midnight
    days = {o.number: o.day for o in client.customer(f'{source}:C1', 5).recent_orders}
    assert days == {'A': '2026-10-31', 'B': '2026-11-01'}


def test_payments_add_up_and_the_last_delivery_counts(client, source):
    client.publish(placed('A', source), paid('A', '1.10', source), paid('A', '2.20', source),
                   paid('A', '-0.30', source), delivered('A', source, at='2026-11-05T00:00:00Z'),
                   delivered('A', source, at='2026-11-03T00:00:00Z'))
    order = client.customer(f'{source}:C1', 1).recent_orders[0]
    assert books.units(order.paid_micros) == 3
    assert order.delivered_at.ToJsonString() == '2026-11-05T00:00:00Z'


def test_figures_per_customer_region_day_and_currency_equal_plain_arithmetic(stack, client, source):
    random.seed(2010)
    figures, events = {}, []
    for n in range(300):
        customer = random.choice([None, 'C1', 'C2', 'C3'])
        region = f'{source}-{random.choice("abc")}'
        currency = random.choice(['CNY', 'USD'])
        day = datetime.date(2026, random.randint(1, 10), random.randint(1, 28))
        lines = [(f'p{i}', Decimal(random.randint(-50, 500)) / random.choice([1, 2, 8]),
                  Decimal(random.randint(-100, 100_000)) / 1000)
                 for i in range(random.randint(1, 8))]
        net = sum((Decimal(q) * p).quantize(Decimal('0.000001'), ROUND_HALF_UP)
                  for _, q, p in lines)
        key = customer or '', region, day, currency
        had = figures.get(key, (0, 0, 0))
        figures[key] = had[0] + 1, had[1] + len(lines), had[2] + micros(net)
        events.append(placed(f'A{n}', source, customer=customer, region=region, currency=currency,
                             at=f'{day}T04:00:00Z', lines=lines))
    random.shuffle(events)
    for i in range(0, 300, 37):
        assert client.publish(*events[i:i + 37]).rejected == 0
    stored = {(c, r, d, y): (o, n, m) for c, r, d, y, o, n, m
              in books.state(stack, source)['sales_figure']}
    assert stored == figures
    by_region = {k: v for k, v in books.report(client, 'region', page_size=2).items()
                 if k[0].startswith(source)}
    for (region, currency), (orders, lines, customers, net) in by_region.items():
        mine = {k: v for k, v in figures.items() if k[1] == region and k[3] == currency}
        assert orders == sum(v[0] for v in mine.values())
        assert lines == sum(v[1] for v in mine.values())
        assert net == Decimal(sum(v[2] for v in mine.values())) / 1_000_000
        assert customers == len({k[0] for k in mine if k[0]})


def test_names_of_the_same_moment_give_one_name_in_either_order(client, source):
    names = []
    for n in range(2):
        mine = f'{source}.{n}'
        events = [placed(x, mine, id=x, name=x, at='2026-11-10T01:00:00Z') for x in 'xy']
        for one in events[::-1] if n else events:
            client.publish(one)
        names.append(client.customer(f'{mine}:C1').name)
    assert names[0] == names[1]


def test_a_number_used_for_an_order_and_a_return_gives_one_state_in_either_order(
        stack, client, source):
    states = []
    for n in range(2):
        mine = f'{source}.{n}'
        events = [placed('A', mine, id='A', at='2026-11-10T01:00:00Z'),
                  returned('A', mine, id='R', order_number='Z', at='2026-11-09T01:00:00Z')]
        for one in events[::-1] if n else events:
            client.publish(one)
        states.append(books.state(stack, mine))
    assert states[0] == states[1]


def test_payments_in_another_currency_are_kept_and_not_added_up(stack, client, source):
    client.publish(placed('A', source), paid('A', '1', source),
                   paid('A', '2', source, currency='USD'))
    assert client.customer(f'{source}:C1', 1).recent_orders[0].paid_micros == 1_000_000
    assert stack.sql('select currency, amount_micros from order_payment where source = %s'
                     ' order by 1', source) == [('CNY', 1_000_000), ('USD', 2_000_000)]
