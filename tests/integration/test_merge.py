"""Merging and its undo: what changes hands, what is read through the alias, and every refusal."""
import datetime
import uuid

import pytest

from tests.support import books, proto
from tests.support.client import Client, cancelled, placed
from tests.support.merges import (contact, fact, file_of, furnish, merge, ok, owned_by, owners,
                                  register, settled, staff, tables, two, undo)
from tests.support.stack import Stack, until


@pytest.fixture(scope='module')
def company(tmp_path_factory):
    """A stack of its own: its tables are compared as wholes."""
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


# --- figures ---

def test_figures_of_both_count_on_the_survivor_and_the_old_number_leads_to_him(client, pair,
                                                                               source):
    a, b = pair
    made = merge(client, a.number, b.number)
    assert (made.survivor, made.merged, made.reason) == (a.number, b.number, '同一家')
    for ref in (a.number, b.number, b.id, f'{source}:B'):
        found = client.customer(ref, recent_orders=10)
        assert found.id == a.id and books.net_of(client, ref) == 500
        assert [o.number for o in found.recent_orders] == ['A-1', 'B-1']
        assert found.merged_from == ('' if ref == a.number else b.number)
        assert found.first_order_at.seconds == found.recent_orders[1].ordered_at.seconds
    assert sorted(client.customer(a.number).refs) == [f'{source}:A', f'{source}:B']
    file = file_of(client, b.number)
    assert (file.number, file.merged_from) == (a.number, b.number)
    assert (file.purchases.orders_12_months, file.purchases.net_12_months) == (2, '500')
    card = ok(client, proto.GetCards(refs=[b.number, a.number])).cards
    assert [c.number for c in card] == [a.number, a.number]
    assert [c.merged_from for c in card] == [b.number, '']
    assert card[0].sales[0].net_micros == 500_000_000


def test_the_tombstone_stands_in_no_list_and_no_search(client, pair, source):
    a, b = pair
    merge(client, a.number, b.number)
    listed = ok(client, proto.ListCustomers(page_size=500, sort='-registered')).customers
    numbers = [c.number for c in listed]
    assert a.number in numbers and b.number not in numbers
    found = ok(client, proto.SearchCustomers(query='大观商贸', page_size=100)).customers
    assert b.number not in [c.number for c in found]
    by_ref = ok(client, proto.SearchCustomers(query=f'{source}:B')).customers
    assert [(c.number, c.merged_from) for c in by_ref] == [(a.number, b.number)]
    keys = {key for key, _ in books.report(client, 'customer')}
    assert f'{source}:A' in keys and f'{source}:B' not in keys
    assert books.report(client, 'customer')[f'{source}:A', 'CNY'][3] == 500
    undo(client, b.number)
    found = ok(client, proto.SearchCustomers(query='大观商贸', page_size=100)).customers
    assert b.number in [c.number for c in found]


def formerly(client, query, **more):
    return [(c.number, c.matched, c.former_name, c.merged_from)
            for c in ok(client, proto.SearchCustomers(query=query, **more)).customers]


def test_who_searches_for_the_old_name_finds_the_survivor(company, client, source):
    a, b, c = (register(client, name, *phone) for name, phone in (
        ('五华茶业', []), ('盘龙江食府', [fact('phone', '0871-65187788')]), ('盘龙江酒楼', [])))
    merge(client, a.number, b.number)
    was_b = (a.number, 'name, formerly', '盘龙江食府', b.number)
    assert formerly(client, '盘龙江食府') == [was_b]
    assert formerly(client, 'panlongjiangshifu') == [
        (a.number, 'pinyin, formerly', '盘龙江食府', b.number)]
    assert formerly(client, 'pljsf') == [
        (a.number, 'initials, formerly', '盘龙江食府', b.number)]
    assert formerly(client, '食府 7788') == [
        (a.number, 'name, phone, formerly', '盘龙江食府', b.number)]
    assert formerly(client, b.number) == [(a.number, 'number', '盘龙江食府', b.number)]
    # Who matches himself stands first, and nobody twice.
    assert formerly(client, '盘龙江') == [(c.number, 'name', '', ''), was_b]
    assert formerly(client, '盘') == [(c.number, 'name', '', ''), was_b]
    merge(client, a.number, c.number)
    assert [one[0] for one in formerly(client, '盘龙江')] == [a.number]
    # What the survivor is called does not matter: of a chain he who stands at its end.
    d = register(client, '盘龙江')
    merge(client, d.number, a.number)
    assert formerly(client, '盘龙江食府') == [(d.number,) + was_b[1:]]
    assert formerly(client, '盘龙江') == [(d.number, 'name', '', '')]
    for merged in (a, c, b):
        undo(client, merged.number)
    assert formerly(client, '盘龙江食府') == [(b.number, 'name', '', '')]
    assert company.value('select count(*) from customer_search_former'
                         ' where customer_id = any(%s::uuid[])',
                         [one.id for one in (a, b, c)]) == 0


def test_pages_of_those_found_by_an_old_name_follow_each_other(client, source):
    survivors = [register(client, f'普渡河{i}号') for i in range(5)]
    for i, survivor in enumerate(survivors):
        merge(client, survivor.number, register(client, f'螳螂川{i}号').number)
    register(client, '螳螂川总店')
    for query in ('螳螂川', '螳'):  # by grams, and by beginnings
        numbers, token = [], ''
        while True:
            page = ok(client, proto.SearchCustomers(query=query, page_size=2, page_token=token))
            numbers += [c.number for c in page.customers]
            token = page.next_page_token
            if not token:
                break
        assert len(numbers) == 6 and set(numbers[1:]) == {one.number for one in survivors}


def test_who_was_merged_before_old_names_were_kept_is_found_by_his(company, client):
    a, b = register(client, '白鱼口客栈'), register(client, '观音山客栈')
    merge(client, a.number, b.number)
    company.sql('with gone as (delete from customer_search_former where customer_id = %s'
                ' returning 1) insert into customer_search_waiting select %s::uuid from gone',
                b.id, b.id)
    until(lambda: formerly(client, 'guanyinshan'))
    assert formerly(client, '观音山') == [(a.number, 'name, formerly', '观音山客栈', b.number)]
    assert company.value('select count(*) from customer_search_waiting') == 0


def test_an_order_event_for_the_old_id_lands_on_the_survivor_and_returns_with_the_undo(
        company, client, pair, source):
    a, b = pair
    merge(client, a.number, b.number)
    ok(client, proto.GetCards(refs=[a.number]))  # cached
    end = client.end()
    client.publish(placed('B-2', source, customer='B', lines=[('tea', 5, 100)]),
                   cancelled('B-1', source))
    events = [e for e in client.fetch_all(end)[0] if e.type.endswith('OrderRecorded')]
    told = [proto.OrderRecorded.FromString(e.proto_data.value) for e in events]
    assert {t.customer_id for t in told} == {a.id} and {t.recorded_on for t in told} == {b.id}
    assert {e.attributes['subject'].ce_string for e in events} == {a.id}
    assert books.net_of(client, a.number) == 800
    assert ok(client, proto.GetCards(refs=[a.number])).cards[0].sales[0].net_micros == 800_000_000
    assert company.value('select count(*) from orders where customer_id = %s', b.id) == 2
    undo(client, b.number)
    assert (books.net_of(client, a.number), books.net_of(client, b.number)) == (300, 500)
    cards = ok(client, proto.GetCards(refs=[a.number, b.number])).cards
    assert [c.sales[0].net_micros for c in cards] == [300_000_000, 500_000_000]
    assert not books.stray_rows(company)


def test_reports_count_one_customer(client, source):
    two(client, source)
    before = books.report(client, 'total')['total', 'CNY']
    merge(client, f'{source}:A', f'{source}:B')
    after = books.report(client, 'total')['total', 'CNY']
    assert after[2] == before[2] - 1 and after[3] == before[3]
    top = ok(client, proto.ReportSales(by=books.BY['customer'], top=1000)).rows
    assert {r.key: r.net_micros for r in top}[f'{source}:A'] == 500_000_000


def test_a_grade_run_gives_the_survivor_the_sum_and_the_earliest_first_purchase(client, source):
    old, recent = 86400 * 500, 86400 * 20
    region = f'区{source}'
    client.publish(placed('1', source, customer='A', region=region, at=recent,
                          lines=[('tea', 30, 10)]),
                   placed('2', source, customer='B', region=region, at=recent,
                          lines=[('tea', 20, 10)]),
                   placed('3', source, customer='B', region=region, at=old, lines=[('tea', 1, 1)]),
                   placed('4', source, customer='C', region=region, at=recent,
                          lines=[('tea', 50, 10)]))
    b = client.customer(f'{source}:B')
    merge(client, f'{source}:A', f'{source}:B')
    today = datetime.date.today() + datetime.timedelta(days=1)
    run = ok(client, proto.RunGrades(as_of=today.isoformat()))
    until(lambda: ok(client, proto.GetGradeRun(run_id=run.run_id)).state == 2, 60)
    why = ok(client, proto.ExplainGrade(ref=f'{source}:B'))
    assert why.now.numerator_micros == 500_000_000
    assert why.now.denominator_micros == 1_000_000_000
    assert why.now.grade == 'A' and why.now.long_term
    listed = ok(client, proto.ListGrades(region=region)).customers
    assert b.number not in [c.number for c in listed] and len(listed) == 2


# --- what changes hands ---

def test_merge_undo_and_merge_again_leave_the_tables_as_they_were(company, client, source):
    a, b, _, _ = furnish(company, client, source)
    before = tables(company)
    for _ in range(2):
        merge(client, a.number, b.number)
        assert tables(company) != before
        undo(client, b.number)
        after = tables(company)
        assert set(after) == set(before)
        for name in before:
            assert after[name] == before[name], name
    merge(client, a.number, b.number)


def test_what_hangs_on_the_merged_one_hangs_on_the_survivor(company, client, source):
    a, b, both, only = furnish(company, client, source)
    merge(client, a.number, b.number)
    assert [code.split('.')[0] for code, _ in owners(company, a.id)] == ['wang', 'zhao']
    assert owners(company, b.id) == []
    assert company.value('select owner_state from customer where id = %s', a.id) == 'owned'
    file = file_of(client, a.number)
    facts = {f.field: f.value for f in file.facts}
    assert (facts['phone'], facts['industry']) == ('+8613900000001', '贸易')
    assert 'phone' not in file.missing and [c.kind for c in file.major_changes] == ['relocation']
    stored = company.sql('select missing, completeness from customer where id = %s', a.id)[0]
    assert stored[0] == list(file.missing) and abs(stored[1] / 1e6 - file.completeness) < 1e-6
    for table in ('customer_need', 'entitlement', 'entitlement_use'):
        assert company.value(f'select count(*) from {table} where customer_id = %s', a.id) == 1
    children = ok(client, proto.ListCustomers(parent_ref=a.number)).customers
    assert [c.name for c in children] == ['门店']
    moves = {m.what: m.rows for m in ok(client, proto.GetMerge(merged=b.number)).moves}
    assert moves['contact_link'] == 1 and moves['ownership'] == 4 and moves['customer_need'] == 1


def test_row_4_two_that_share_nothing_but_the_person_keep_all_links(company, client, source):
    """Merge two customers that share nothing but the person: all links kept; undo restores."""
    a = register(client, '云南茶叶有限公司')
    b = register(client, '玉溪酒店用品有限公司')
    person = contact(company, '张三', a.id, b.id)
    others = [contact(company, f'人{n}', customer) for n, customer in enumerate((a.id, b.id, b.id))]
    before = tables(company)
    merge(client, a.number, b.number)
    links = company.sql("""select contact_id::text, role from contact_link where customer_id in
                           (select customer_and_merged(%s))""", a.id)
    assert sorted(links) == sorted([(person, 'purchasing')] * 2
                                   + [(other, 'purchasing') for other in others])
    at_survivor = company.sql('select contact_id::text from contact_link where customer_id = %s',
                              a.id)
    assert sorted(c for c, in at_survivor) == sorted([person, *others])
    undo(client, b.number)
    assert tables(company) == before


def test_who_has_an_owner_keeps_him_and_past_contacts_keep_their_authors(company, client, pair,
                                                                         source):
    a, b = pair
    settled(company)
    owned_by(company, a.id, staff(company, f'a.{source}'))
    owned_by(company, b.id, staff(company, f'b.{source}'))
    contact(company, '李总', b.id)
    merge(client, a.number, b.number)
    assert owners(company, a.id) == [(f'a.{source}', 'owner')]
    past = company.sql('select made_by, end_reason from ownership where customer_id = %s', b.id)
    assert past == [('test', 'merge')]
    linked = company.value('select linked_by from contact_link where customer_id = %s', a.id)
    assert linked == 'test'
    undo(client, b.number)
    assert owners(company, b.id) == [(f'b.{source}', 'owner')]


def test_an_owner_who_left_meanwhile_is_not_given_back(company, client, pair, source):
    a, b = pair
    settled(company)
    person = staff(company, f'left.{source}')
    owned_by(company, b.id, person)
    owned_by(company, a.id, staff(company, f'stays.{source}'))
    merge(client, a.number, b.number)
    company.sql("update staff set state = 'left' where id = %s", person)
    undo(client, b.number)
    assert owners(company, b.id) == []
    assert company.value('select owner_state from customer where id = %s', b.id) in (
        'waiting', 'unassigned')


def test_what_was_changed_since_stays_with_the_survivor(company, client, source):
    a, b, _, only = furnish(company, client, source)
    merge(client, a.number, b.number)
    company.sql('delete from contact_link where customer_id = %s and contact_id = %s', a.id, only)
    ok(client, proto.UpdateCustomer(ref=b.number, facts=[fact('staff_count', '12')]))
    undo(client, b.number)
    mine = {f.field for f in file_of(client, a.number).facts}
    hers = {f.field for f in file_of(client, b.number).facts}
    assert 'staff_count' in mine and 'phone' not in mine
    assert {'phone', 'address'} <= hers and 'staff_count' not in hers
    stored = company.sql('select missing, completeness from customer where id = %s', a.id)[0]
    file = file_of(client, a.number)
    assert stored[0] == list(file.missing) and abs(stored[1] / 1e6 - file.completeness) < 1e-6
    shown = ok(client, proto.GetMerge(merged=b.number))
    moves = {m.what: (m.rows, m.returned) for m in shown.moves}
    assert moves['contact_link'] == (1, 0) and moves['customer_need'] == (1, 1)


def test_a_survivor_without_a_name_takes_the_name_and_gives_it_back(company, client, source):
    client.publish(placed('A-1', source, customer='A'),
                   placed('B-1', source, customer='B', name='滇池船务'))
    before = tables(company)
    merge(client, f'{source}:A', f'{source}:B')
    assert client.customer(f'{source}:A').name == '滇池船务'
    found = ok(client, proto.SearchCustomers(query='滇池船务')).customers
    assert [c.ref for c in found] == [f'{source}:A']
    undo(client, f'{source}:B')
    assert client.customer(f'{source}:A').name == ''
    assert tables(company) == before


# --- chains ---

def test_chains_are_followed_and_undone_from_their_end(company, client, source):
    client.publish(*[placed(f'{c}-1', source, customer=c, name=f'{c}商贸', lines=[('tea', n, 100)])
                     for n, c in enumerate('ABC', 1)])
    before = tables(company)
    merge(client, f'{source}:A', f'{source}:B')
    between = tables(company)
    merge(client, f'{source}:C', f'{source}:A')
    for c in 'ABC':
        assert books.net_of(client, f'{source}:{c}') == 600
    refused = client.ask(proto.UndoMerge(merged=f'{source}:B'))
    assert refused.status == 'FAILED_PRECONDITION'
    assert client.customer(f'{source}:C').number in refused.message
    undo(client, f'{source}:A')
    assert tables(company) == between
    assert [books.net_of(client, f'{source}:{c}') for c in 'ABC'] == [300, 300, 300]
    undo(client, f'{source}:B')
    assert tables(company) == before
    assert [books.net_of(client, f'{source}:{c}') for c in 'ABC'] == [100, 200, 300]


def test_of_two_merged_into_one_either_can_be_undone_first(company, client, source):
    client.publish(*[placed(f'{c}-1', source, customer=c, name=f'{c}商贸', lines=[('tea', n, 100)])
                     for n, c in enumerate('ABC', 1)])
    before = tables(company)
    merge(client, f'{source}:A', f'{source}:B')
    merge(client, f'{source}:A', f'{source}:C')
    undo(client, f'{source}:B')
    assert [books.net_of(client, f'{source}:{c}') for c in 'ABC'] == [400, 200, 400]
    undo(client, f'{source}:C')
    assert tables(company) == before


# --- refusals ---

def refusal(client, survivor, merged, reason='x'):
    reply = client.ask(proto.MergeCustomers(survivor=survivor, merged=merged, reason=reason))
    return reply.status, reply.fields or reply.message


def test_every_merge_that_may_not_be_is_refused_with_its_field(company, client, pair, source):
    a, b = pair
    third, person = register(client, '第三'), register(client, '王五', nature=2)
    anonymous = company.value(
        "select id::text from customer where party_type = 'anonymous' limit 1")
    assert refusal(client, a.number, f'{source}:A')[0] == 'FAILED_PRECONDITION'
    assert 'survivor himself' in refusal(client, a.number, f'{source}:A')[1]['merged']
    assert 'nature' in refusal(client, a.number, person.number)[1]['merged']
    assert 'without a customer' in refusal(client, a.number, anonymous)[1]['merged']
    assert 'without a customer' in refusal(client, anonymous, a.number)[1]['survivor']
    assert refusal(client, a.number, 'KH999999')[0] == 'NOT_FOUND'
    assert set(refusal(client, '?', a.number)[1]) == {'survivor'}
    assert set(refusal(client, a.number, third.number, '')[1]) == {'reason'}
    assert set(refusal(client, a.number, third.number, 'x' * 501)[1]) == {'reason'}
    merge(client, a.number, b.number)
    assert a.number in refusal(client, a.number, b.number)[1]['merged']
    assert a.number in refusal(client, b.number, third.number)[1]['survivor']
    company.sql("update customer set privacy = 'erased' where id = %s", third.id)
    assert 'erased' in refusal(client, a.number, third.number)[1]['merged']
    assert 'erased' in refusal(client, third.number, a.number)[1]['survivor']


def test_organisations_never_stand_in_a_circle(client):
    top = register(client, '集团')
    middle = register(client, '子公司', parent_ref=top.number)
    low = register(client, '门店一', parent_ref=middle.number)
    assert 'circle' in refusal(client, low.number, top.number)[1]['merged']
    merge(client, middle.number, top.number)
    assert file_of(client, middle.number).parent_number == ''
    undo(client, top.number)
    assert file_of(client, middle.number).parent_number == top.number
    merge(client, top.number, middle.number)
    assert file_of(client, low.number).parent_number == top.number


def test_an_undo_is_refused_where_there_is_nothing_to_undo(client, pair):
    a, b = pair
    assert client.ask(proto.UndoMerge(merged=a.number)).status == 'NOT_FOUND'
    assert client.ask(proto.UndoMerge(merge_id=str(uuid.uuid4()))).status == 'NOT_FOUND'
    made = merge(client, a.number, b.number)
    both = client.ask(proto.UndoMerge(merge_id=made.merge_id, merged=b.number))
    assert both.status == 'INVALID_ARGUMENT' and set(both.fields) == {'merged'}
    ok(client, proto.UndoMerge(merge_id=made.merge_id))
    again = client.ask(proto.UndoMerge(merged=b.number))
    assert again.status == 'FAILED_PRECONDITION' and 'undone' in again.message


def test_a_running_grade_run_keeps_merges_waiting(company, client, pair):
    a, b = pair
    company.sql("""insert into grade_run (id, as_of, window_from, policy_version, policy, method,
        long_term_days, is_dry, holds_demotions, state, asked_by, started_at, total, phase, step)
        values (gen_random_uuid(), '2026-01-01', '2025-01-01', 1, 'broken', 1, 0, true, false,
                'running', 'test', now(), 1, 1, -1)""")
    try:
        status, why = refusal(client, a.number, b.number)
        assert status == 'FAILED_PRECONDITION' and 'grade run' in str(why)
    finally:
        company.sql("delete from grade_run where asked_by = 'test'")
    merge(client, a.number, b.number)


def test_the_same_request_again_merges_once(client, pair, company):
    a, b = pair
    ask, request = proto.MergeCustomers(survivor=a.number, merged=b.number, reason='x'), 'm-1'
    first, second = (client.ask(ask, id=request) for _ in range(2))
    assert first.status == 'OK' and first.payload.merge_id == second.payload.merge_id
    assert company.value('select count(*) from merge where merged_id = %s', b.id) == 1


def test_nothing_is_added_to_a_tombstone_behind_its_back(company, client, pair):
    a, b = pair
    merge(client, a.number, b.number)
    with pytest.raises(Exception, match='stale'):
        contact(company, '晚到', b.id)
