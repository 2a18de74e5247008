"""Questions: one customer's file, and reports of sales."""
from decimal import Decimal

import pytest

from tests.support import books, proto
from tests.support.client import Client, amended, cancelled, placed, returned


def test_a_customer_is_found_by_number_id_and_reference(client, source):
    client.publish(placed('A', source, name='李娜'))
    file = client.customer(f'{source}:C1')
    assert file.number.startswith('KH') and len(file.number) == 8
    for ref in (file.number, file.number.lower(), file.id, file.id.upper(), f'{source}:C1'):
        assert client.customer(ref).id == file.id
    assert file.name == '李娜' and file.incomplete and list(file.refs) == [f'{source}:C1']


def test_an_external_id_may_hold_colons(client, source):
    client.publish(placed('A', source, customer='a:b:c'))
    assert list(client.customer(f'{source}:a:b:c').refs) == [f'{source}:a:b:c']


def test_references_are_case_sensitive(client, source):
    client.publish(placed('A', source, customer='Abc'))
    assert client.ask(proto.GetCustomer(ref=f'{source}:abc')).status == 'NOT_FOUND'


@pytest.mark.parametrize('ref', ['KH999999', '01890000-0000-7000-8000-000000000000', 'nobody:1'])
def test_a_reference_that_leads_nowhere_is_not_found(client, ref):
    reply = client.ask(proto.GetCustomer(ref=ref))
    assert reply.status == 'NOT_FOUND' and reply.message


def test_the_latest_documents_come_first_and_as_many_as_wanted(client, source):
    client.publish(*[placed(f'A{n}', source, at=f'2026-10-{n + 1:02}T02:00:00Z')
                     for n in range(20)])
    file = client.customer(f'{source}:C1', 3)
    assert [o.number for o in file.recent_orders] == ['A19', 'A18', 'A17']
    assert len(client.customer(f'{source}:C1', 100).recent_orders) == 20
    assert len(client.customer(f'{source}:C1', 0).recent_orders) == 0
    assert file.first_order_at.ToJsonString() == '2026-10-01T02:00:00Z'
    assert file.last_order_at.ToJsonString() == '2026-10-20T02:00:00Z'


def test_the_file_has_figures_per_currency(client, source):
    client.publish(placed('A', source, currency='CNY'), placed('B', source, currency='USD'),
                   placed('C', source, currency='USD', lines=[('t', 1, '2'), ('t', 1, '0.25')]))
    sales = {s.currency: (s.orders, s.lines, s.net_micros)
             for s in client.customer(f'{source}:C1').sales}
    assert sales == {'CNY': (1, 1, 10_000_000), 'USD': (2, 3, 12_250_000)}


@pytest.fixture(scope='module')
def company(tmp_path_factory):
    """A stack whose every order is known."""
    from tests.support.stack import Stack
    stack = Stack(tmp_path_factory.mktemp('company'), only='customers').up()
    with Client(stack) as client:
        client.publish(
            placed('1', 'web', customer='a', region='北京', at='2026-09-30T15:59:59Z',
                   lines=[('t', 1, '100'), ('u', 2, '0.5')]),
            placed('2', 'web', customer='a', region='北京', at='2026-09-30T16:00:00Z'),
            placed('3', 'web', customer='b', region='', at='2026-10-15T00:00:00Z',
                   lines=[('t', 3, '7')]),
            placed('4', 'web', customer=None, region='上海', at='2026-10-15T00:00:00Z',
                   lines=[('t', 1, '-3.5')]),
            returned('5', 'web', customer='a', region='上海', at='2026-10-16T00:00:00Z',
                     lines=[('t', -1, '10')]),
            placed('6', 'web', customer='b', region='北京', currency='USD',
                   at='2026-10-17T00:00:00Z', lines=[('t', 1, '1')]),
            # Cancelled and moved away: these customers have no sales.
            placed('7', 'web', customer='gone', region='北京', at='2026-10-18T00:00:00Z'),
            placed('8', 'web', customer='moved', region='广东', at='2026-10-18T00:00:00Z'))
        client.publish(cancelled('7', 'web'),
                       amended('8', 1, 'web', customer='b', region='北京',
                               at='2026-10-19T00:00:00Z', lines=[('t', 1, '4')]))
        yield client
    stack.down()


def test_the_total_counts_documents_lines_and_named_customers(company):
    assert books.report(company, 'total') == {
        ('total', 'CNY'): (6, 7, 2, Decimal('122.5')), ('total', 'USD'): (1, 1, 1, 1)}


def test_regions_are_as_the_source_wrote_them(company):
    assert books.report(company, 'region') == {
        ('北京', 'CNY'): (3, 4, 2, 115), ('北京', 'USD'): (1, 1, 1, 1),
        ('', 'CNY'): (1, 1, 1, 21), ('上海', 'CNY'): (2, 2, 1, Decimal('-13.5'))}


def test_months_are_those_of_business_time(company):
    assert books.report(company, 'month') == {
        ('2026-09', 'CNY'): (1, 2, 1, 101), ('2026-10', 'CNY'): (5, 5, 2, Decimal('21.5')),
        ('2026-10', 'USD'): (1, 1, 1, 1)}


def test_customers_are_named_by_their_reference_and_the_others_stand_together(company):
    assert books.report(company, 'customer') == {
        ('web:a', 'CNY'): (3, 4, 1, 101), ('web:b', 'CNY'): (2, 2, 1, 25),
        ('web:b', 'USD'): (1, 1, 1, 1), ('', 'CNY'): (1, 1, 0, Decimal('-3.5'))}


@pytest.mark.parametrize('days, orders', [
    ({'from': '2026-10-01'}, 5), ({'to': '2026-09-30'}, 1),
    ({'from': '2026-10-15', 'to': '2026-10-15'}, 2), ({'from': '2027-01-01'}, None)])
def test_from_and_to_are_included_days(company, days, orders):
    found = books.report(company, 'total', **days).get(('total', 'CNY'))
    assert (found and found[0]) == orders


def test_top_gives_the_largest_by_net_first(company):
    reply = company.ask(proto.ReportSales(by=books.BY['customer'], top=3))
    assert [(r.key, r.currency) for r in reply.payload.rows] \
        == [('web:a', 'CNY'), ('web:b', 'CNY'), ('web:b', 'USD')]
    assert reply.payload.next_page_token == ''


@pytest.mark.parametrize('size', [1, 2, 3])
@pytest.mark.parametrize('by', ['total', 'region', 'month', 'customer'])
def test_pages_give_the_same_rows_in_the_order_of_the_key(company, by, size):
    whole = books.report(company, by)
    paged = books.report(company, by, page_size=size)
    assert paged == whole
    # The order of customers is of no meaning: that of their ids, which one request gives at random.
    assert by == 'customer' or list(paged) == sorted(paged)


def test_what_was_not_asked_is_the_total(company):
    reply = company.ask(proto.ReportSales())
    assert {r.key for r in reply.payload.rows} == {'total'}
