"""What customers and complaints know of each other: counts and the flag on the file, cases in the
timeline, who sees a customer because of an open case, who is calling; and merges between them."""
import pytest

from tests.support import contacts, proto
from tests.support.client import Client, placed
from tests.support.consumed import Trace, both_level, catches_up
from tests.support.desk import Desk, enum
from tests.support.merges import merge, undo
from tests.support.stack import Stack, until
from tests.support.staff import People


@pytest.fixture(scope='module')
def house(tmp_path_factory):
    stack = Stack(tmp_path_factory.mktemp('neighbours'), KEHU_INSTALLATION='test').up()
    there, back = Trace(stack), Trace(stack, reader='customers', log='complaints')
    yield stack
    both_level(stack)
    there.check()
    back.check()
    stack.down()


@pytest.fixture
def client(house, source):
    with Client(house, source=source) as it:
        yield it


@pytest.fixture
def desk(house, source):
    with Desk(house, source) as it:
        yield it


@pytest.fixture
def people(house, client, source):
    return People(house, client, source)


def customer(client, name='C1'):
    """A customer of both services: his id."""
    client.publish(placed(f'{name}-order', client.source, customer=name))
    return client.customer(f'{client.source}:{name}').id


def file_of(client, ref):
    reply = client.ask(proto.GetCustomerFile(ref=ref))
    assert reply.status == 'OK', reply
    return reply.payload


def timeline(client, ref, *kinds):
    reply = client.ask(proto.GetTimeline(ref=ref, kinds=kinds))
    assert reply.status == 'OK', reply
    return [(entry.kind, entry.what, entry.ref) for entry in reply.payload.entries]


def told(stack, subject, name):
    rows = stack.sql('select data from customers.log where subject = %s and type = %s'
                     ' order by version', subject, f'kehu.customers.v1.{name}')
    return [proto.contract[f'kehu.customers.v1.{name}'].FromString(bytes(row[0])) for row in rows]


def test_counts_and_cases_reach_the_file_the_card_and_the_timeline(house, client, desk):
    him = customer(client)
    assert not file_of(client, him).HasField('cases')
    catches_up(house)
    case = desk.open('灯坏了', customer_ref=him, product='lamp')
    both_level(house)
    cases = file_of(client, him).cases
    assert (cases.open, cases.complaints_90_days, cases.total) == (1, 1, 1)
    assert not cases.repeat_complainant and cases.HasField('last_at')
    card, = client.ask(proto.GetCards(refs=[him])).payload.cards
    assert card.cases == cases
    shown = house.kehuctl('customer', 'show', him).stdout
    assert 'cases        1 in all, 1 open\n' in shown, shown
    assert 'complaints   1 in 90 days, 1 in 12 months, 0 of these our fault\n' in shown, shown
    assert timeline(client, him, 'case_opened') == [('case_opened', 'complaint', case.number)]

    desk.ok('WithdrawCase', ref=case.number, reason='客户撤回')
    both_level(house)
    cases = file_of(client, him).cases
    assert (cases.open, cases.complaints_90_days, cases.total) == (0, 0, 1)
    assert timeline(client, him, 'case_moved')[0] == ('case_moved', 'withdrawn', case.number)


def test_a_repeat_complainant_is_flagged_with_the_share_of_our_fault(house, client, desk, people):
    him, wang = customer(client), people.add('wang', 'complaint_handler')
    catches_up(house)
    opened = [desk.open(f'灯坏了 {n}', customer_ref=him, order=f'o-{n}') for n in range(3)]
    desk.ok('TakeCase', ref=opened[0].number, handler=wang.code)
    desk.ok('SetCause', ref=opened[0].number,
            handling={'fault': 1, 'unit': 'factory'})
    both_level(house)
    cases = file_of(client, him).cases
    assert cases.repeat_complainant and cases.complaints_90_days == 3
    assert cases.our_fault_12_months == 1
    shown = house.kehuctl('customer', 'show', him).stdout
    assert '3 in 12 months, 1 of these our fault; complains repeatedly\n' in shown, shown
    flagged, = told(house, him, 'CustomerFlagged')
    assert (flagged.flag, flagged.on, flagged.complaints_90_days) == ('repeat_complainant', True, 3)
    assert timeline(client, him, 'flag') == [('flag', 'repeat_complainant', '')]
    listed = client.ask(proto.ListCustomers(only_repeat_complainants=True)).payload.customers
    assert him in [row.id for row in listed]
    assert all(row.repeat_complainant for row in listed)

    desk.ok('WithdrawCase', ref=opened[1].number, reason='客户撤回')
    both_level(house)
    assert not file_of(client, him).cases.repeat_complainant
    assert [event.on for event in told(house, him, 'CustomerFlagged')] == [True, False]
    assert timeline(client, him, 'flag_ended') == [('flag_ended', 'repeat_complainant', '')]
    listed = client.ask(proto.ListCustomers(only_repeat_complainants=True)).payload.customers
    assert him not in [row.id for row in listed]


def test_an_unknown_complainants_case_ends_in_the_customers_never_his_in_it(house, client, desk):
    him, ref = customer(client), f'{client.source}:C9'
    catches_up(house)
    opened = [desk.open('灯坏了', customer_ref=him, order=f'm-{n}') for n in range(3)]
    mine = opened[0]
    unknown, nameless = desk.open('灯坏了', customer_ref=ref), desk.open('灯坏了')
    both_level(house)
    assert file_of(client, him).cases.repeat_complainant
    for into, why in ((unknown, 'no customer as far as known'), (nameless, 'is anonymous')):
        reply = desk.say('MergeCases', ref=mine.number, into=into.number, reason='同一件事')
        assert reply.status == 'FAILED_PRECONDITION' and why in reply.fields['into'], reply
    both_level(house)
    assert file_of(client, him).cases.repeat_complainant
    for one in (unknown, nameless):
        desk.ok('MergeCases', ref=one.number, into=mine.number, reason='同一件事')
    both_level(house)
    cases = file_of(client, him).cases
    assert (cases.open, cases.complaints_90_days, cases.total) == (3, 3, 3)

    # His own two are one, and he is no repeat complainant any more.
    desk.ok('MergeCases', ref=opened[1].number, into=mine.number, reason='同一件事')
    both_level(house)
    cases = file_of(client, him).cases
    assert (cases.open, cases.complaints_90_days, cases.total) == (2, 2, 3)
    assert not cases.repeat_complainant
    # Who was unknown appears: what was merged is his, and counts no more.
    other = customer(client, 'C9')
    both_level(house)
    until(lambda: file_of(client, other).cases.total == 1)
    cases = file_of(client, other).cases
    assert (cases.open, cases.complaints_90_days) == (0, 0)


def test_a_handler_sees_a_customer_while_a_case_of_his_is_open(house, client, desk, people):
    him, other = customer(client), customer(client, 'C2')
    wang = people.add('wang', 'complaint_handler')
    catches_up(house)
    assert wang.ask(proto.GetCustomerFile(ref=him)).status == 'PERMISSION_DENIED'
    case = desk.open(customer_ref=him)
    desk.ok('TakeCase', ref=case.number, handler=wang.code)
    both_level(house)
    assert wang.ask(proto.GetCustomerFile(ref=him)).status == 'OK'
    assert wang.ask(proto.GetCustomerFile(ref=other)).status == 'PERMISSION_DENIED'
    assert [row.id for row in wang.ask(proto.ListCustomers()).payload.customers] == [him]

    desk.ok('WithdrawCase', ref=case.number, reason='客户撤回')
    both_level(house)
    assert wang.ask(proto.GetCustomerFile(ref=him)).status == 'PERMISSION_DENIED'
    assert not wang.ask(proto.ListCustomers()).payload.customers


def test_who_stands_in_for_a_handler_sees_his_customers_too(house, client, desk, people):
    him = customer(client)
    wang, chen = people.add('wang', 'complaint_handler'), people.add('chen', 'complaint_handler')
    catches_up(house)
    case = desk.open(customer_ref=him)
    desk.ok('TakeCase', ref=case.number, handler=wang.code)
    both_level(house)
    assert chen.ask(proto.GetCustomerFile(ref=him)).status == 'PERMISSION_DENIED'
    people.away(wang, chen)
    assert chen.ask(proto.GetCustomerFile(ref=him)).status == 'OK'


def test_cases_of_a_merged_customer_count_with_the_survivor_until_the_undo(house, client, desk):
    ones = [contacts.done(client, proto.RegisterCustomer(
        facts=[proto.Fact(field='name', value=f'昆明灯具厂{n}')])) for n in range(2)]
    catches_up(house)
    for one in ones:
        desk.open(customer_ref=one.number)
    both_level(house)
    merge(client, ones[0].number, ones[1].number)
    both_level(house)
    assert file_of(client, ones[0].number).cases.complaints_90_days == 2
    assert len(timeline(client, ones[0].number, 'case_opened')) == 2
    listed = desk.ok('ListCases', customer_ref=ones[0].number).cases
    assert len(listed) == 2

    undo(client, ones[1].number)
    both_level(house)
    for one in ones:
        assert file_of(client, one.number).cases.complaints_90_days == 1
        assert len(timeline(client, one.number, 'case_opened')) == 1
        assert len(desk.ok('ListCases', customer_ref=one.number).cases) == 1


def test_a_case_is_in_the_timeline_of_whom_it_is_linked_to_later(house, client, desk, source):
    case = desk.open(customer_ref=f'{source}:C9')
    both_level(house)
    him = customer(client, 'C9')
    both_level(house)
    assert desk.row(case.number, 'customer_id::text') == him
    linked, = desk.told(case.case_id, 'CaseLinked')
    assert (linked.customer_id, linked.number) == (him, case.number)
    assert timeline(client, him, 'case_opened') == [('case_opened', 'complaint', case.number)]
    assert file_of(client, him).cases.total == 1


# --- numbers ---

def holder(stack, customer_id):
    return stack.sql('select contact_id::text from complaints.phone_holder'
                     ' where customer_id = %s', customer_id)


def test_who_alone_holds_a_number_is_known_by_its_hash_only(house, client, desk):
    him, other = customer(client), customer(client, 'C2')
    mine = contacts.save(client, him, channels=[contacts.channel('mobile', '13811112222')])
    until(lambda: holder(house, him) == [(mine.contact.id if hasattr(mine, 'contact')
                                          else mine.contact_id,)])
    for table, column in (('complaints.log', 'data'), ('customers.log', 'data')):
        assert house.value(f"select count(*) from {table} where position('13811112222'::bytea"
                           f' in {column}) > 0') == 0
    contacts.save(client, other, name='张三',
                  channels=[contacts.channel('phone', '138 1111 2222')])
    until(lambda: holder(house, him) == [])     # several hold it: nobody does
    assert holder(house, other) == []


def test_a_number_of_a_merged_customer_is_the_survivors(house, client):
    ones = [contacts.done(client, proto.RegisterCustomer(
        facts=[proto.Fact(field='name', value=f'昆明电缆厂{n}')])) for n in range(2)]
    for one in ones:
        contacts.save(client, one.id, channels=[contacts.channel('mobile', '13811113333')])
    until(lambda: house.value('select count(*) from customers.number_mark') == 0)
    catches_up(house)
    assert [holder(house, one.id) for one in ones] == [[], []]
    merge(client, ones[0].number, ones[1].number)
    until(lambda: holder(house, ones[0].id) == [(None,)])
    undo(client, ones[1].number)
    until(lambda: holder(house, ones[0].id) == [])


def test_a_call_of_an_unknown_number_is_his_when_he_alone_has_it(house, client, desk):
    him = customer(client)
    case = desk.open(phone='138 1111 4444')
    both_level(house)
    assert desk.row(case.number, 'customer_id') is None
    contacts.save(client, him, channels=[contacts.channel('mobile', '13811114444')])
    until(lambda: desk.row(case.number, 'customer_id::text') == him)
    assert desk.row(case.number, 'phone_hash') is None
    both_level(house)
    assert file_of(client, him).cases.total == 1


def test_what_was_opened_while_the_reference_was_being_learned_is_linked_too(
        house, client, desk, source):
    him = customer(client)
    catches_up(house)
    case = desk.open(customer_ref=f'{source}:between')
    house.sql("update complaints.customer_seen set grade = 'A' where customer_id = %s", him)
    house.sql('insert into complaints.customer_reference values (%s, %s, %s)', source, 'between',
              him)
    # A job of each minute, which looks a few seconds after a start as well.
    house.kill('complaints')
    until(lambda: desk.row(case.number, 'customer_id::text') == him, 90)
    until(lambda: desk.row(case.number, 'priority') == enum('PRIORITY_HIGH'))


# --- when the other is away ---

def test_what_happened_while_customers_were_away_arrives_once(house, client, desk):
    him = customer(client)
    catches_up(house)
    opened = [desk.open(f'灯坏了 {n}', customer_ref=him, order=f'x-{n}') for n in range(2)]
    house.kill('customers')
    opened += [desk.open(f'灯坏了 {n}', customer_ref=him, order=f'y-{n}') for n in range(2)]
    desk.ok('WithdrawCase', ref=opened[0].number, reason='客户撤回')
    both_level(house)
    cases = file_of(client, him).cases
    assert (cases.open, cases.complaints_90_days, cases.total) == (3, 3, 4)
    assert len(timeline(client, him, 'case_opened')) == 4
