"""The timeline, the list of merges, and who hears of them."""
import datetime

import pytest

from tests.support import proto
from tests.support.client import Client, cancelled, delivered, paid, placed
from tests.support.merges import furnish, merge, ok, two, undo
from tests.support.stack import Stack


@pytest.fixture(scope='module')
def company(tmp_path_factory):
    """A stack of its own: what it tells is counted."""
    stack = Stack(tmp_path_factory.mktemp('merge'), only='customers', KEHU_INSTALLATION='test')
    try:
        yield stack.up()
    finally:
        stack.down()


@pytest.fixture
def client(company, source):
    with Client(company, source=source) as it:
        yield it


@pytest.fixture
def pair(client, source):
    return two(client, source)


def test_both_hear_of_a_merge_and_of_its_undo(client, pair):
    a, b = pair
    end = client.end()
    made = merge(client, a.number, b.number)
    undo(client, b.number)
    events = client.fetch_all(end)[0]
    assert [(e.type.rsplit('.', 1)[1], e.attributes['subject'].ce_string) for e in events] == [
        ('CustomersMerged', a.id), ('CustomersMerged', b.id),
        ('MergeUndone', a.id), ('MergeUndone', b.id)]
    told = proto.CustomersMerged.FromString(events[0].proto_data.value)
    assert (told.survivor_id, told.merged_id, told.merge_id) == (a.id, b.id, made.merge_id)


def test_merges_are_listed_latest_first_page_by_page(client, source):
    client.publish(*[placed(f'{c}-1', source, customer=c) for c in 'ABCD'])
    for c in 'BCD':
        merge(client, f'{source}:A', f'{source}:{c}')
    undo(client, f'{source}:C')
    number = {c: client.customer(f'{source}:{c}') for c in 'AC'}
    pages, token = [], ''
    while True:
        page = ok(client, proto.ListMerges(ref=f'{source}:A', page_size=2, page_token=token))
        pages.append([m.merged for m in page.merges])
        token = page.next_page_token
        if not token:
            break
    assert [len(p) for p in pages] == [2, 1] and pages[0][1] == number['C'].number
    standing = ok(client, proto.ListMerges(ref=f'{source}:A', only_standing=True)).merges
    assert len(standing) == 2 and {m.survivor for m in standing} == {number['A'].number}
    bad = client.ask(proto.ListMerges(page_token='x', page_size=501))
    assert bad.status == 'INVALID_ARGUMENT'


def timeline(client, ref, **more):
    return ok(client, proto.GetTimeline(ref=ref, **more))


def test_the_timeline_has_everything_once_latest_first(company, client, source):
    a, b, _, _ = furnish(company, client, source)
    client.publish(paid('A-1', '300', source, at=50), delivered('A-1', source, at=40),
                   cancelled('B-1', source, at=30))
    merge(client, a.number, b.number)
    got = timeline(client, b.number, page_size=200)
    assert (got.number, got.merged_from) == (a.number, b.number)
    times = [(e.at.seconds, e.at.nanos) for e in got.entries]
    assert times == sorted(times, reverse=True)
    kinds = {}
    for entry in got.entries:
        kinds.setdefault(entry.kind, []).append(entry)
    assert {k: len(v) for k, v in kinds.items()} == {
        'registered': 2, 'order': 2, 'paid': 1, 'delivered': 1, 'cancelled': 1, 'fact': 4,
        'major_change': 1, 'contact': 3, 'owner': 4, 'owner_ended': 2, 'need': 1,
        'entitlement': 1, 'entitlement_use': 1, 'merged': 1}
    orders = {e.ref: e for e in kinds['order']}
    assert orders[f'{source}:B-1'].what == 'cancelled'
    assert orders[f'{source}:B-1'].recorded_on == b.number
    assert orders[f'{source}:A-1'].recorded_on == ''
    assert kinds['merged'][0].ref == b.number and kinds['merged'][0].text == '同一家'
    assert kinds['entitlement_use'][0].net_micros == 2_000_000


def test_the_timeline_pages_without_gap_or_repeat_and_filters(company, client, source):
    client.publish(*[placed(f'T-{n}', source, customer='A', at=86400 * (n // 3))
                     for n in range(1, 40)])
    company.sql("""insert into timeline_entry (customer_id, id, at, kind, what, ref)
                   select %s, gen_random_uuid(), now(), 'case_opened', '', 'TS-20260930-0001'""",
                client.customer(f'{source}:A').id)
    whole = timeline(client, f'{source}:A', page_size=200).entries
    assert len(whole) == 41 and 'case_opened' in {e.kind for e in whole}
    paged, token = [], ''
    while True:
        page = timeline(client, f'{source}:A', page_size=7, page_token=token)
        paged += page.entries
        token = page.next_page_token
        if not token:
            break
    assert paged == list(whole)
    day = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    three, two_ago = day - datetime.timedelta(days=3), day - datetime.timedelta(days=2)
    some = timeline(client, f'{source}:A', kinds=['order'], **{
        'from': three.isoformat(), 'to': two_ago.isoformat()}).entries
    assert len(some) == 6 and {e.kind for e in some} == {'order'}
    assert [e.kind for e in timeline(client, f'{source}:A', kinds=['registered']).entries] == [
        'registered']
    for bad, field in ((dict(kinds=['Order!']), 'kinds[0]'), (dict(page_size=201), 'page_size'),
                       (dict(page_token='x'), 'page_token'), ({'to': '2026-13-01'}, 'to'),
                       ({'from': '2026-02-02', 'to': '2026-02-01'}, 'to'),
                       (dict(kinds=['x'] * 31), 'kinds')):
        reply = client.ask(proto.GetTimeline(ref=f'{source}:A', **bad))
        assert reply.status == 'INVALID_ARGUMENT' and field in reply.fields, (bad, reply)


def test_whom_somebody_unlinked_the_timeline_remembers(client, pair):
    a, b = pair
    made = ok(client, proto.SaveContact(
        name='李总', links=[proto.ContactLink(customer_ref=c.number, role='owner') for c in pair]))
    ok(client, proto.UnlinkContact(contact_id=made.contact_id, customer_ref=a.number))
    got = timeline(client, a.number, kinds=['contact', 'contact_unlinked']).entries
    assert [(e.kind, e.ref) for e in got] == [('contact_unlinked', made.contact_id)]
    assert [e.kind for e in timeline(client, b.number, kinds=['contact']).entries] == ['contact']
