"""The customer file: register, update, read, list; from the wire and by kehuctl."""
import datetime
import uuid

import pytest

from tests.support import proto
from tests.support.client import Client, placed

ORGANISATION = ['name', 'address', 'phone', 'email', 'legal_representative']


def fact(field, value, **more):
    return proto.Fact(field=field, value=value, **more)


def register(client, name='昆明翠湖商贸有限公司', *facts, **more):
    reply = client.ask(proto.RegisterCustomer(facts=[fact('name', name), *facts], **more))
    assert reply.status == 'OK', reply
    return reply.payload


def update(client, ref, **change):
    reply = client.ask(proto.UpdateCustomer(ref=ref, **change))
    assert reply.status == 'OK', reply
    return reply.payload


def file_of(client, ref):
    reply = client.ask(proto.GetCustomerFile(ref=ref, unmask=True))
    assert reply.status == 'OK', reply
    return reply.payload


def listed(client, **filters):
    reply = client.ask(proto.ListCustomers(page_size=500, **filters))
    assert reply.status == 'OK', reply
    return [c.number for c in reply.payload.customers]


def local_day(days=0):
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return (now + datetime.timedelta(days=days)).date().isoformat()


# --- register ---

def test_a_registered_customer_has_a_number_and_says_what_is_missing(client, source):
    made = register(client, refs=[f'{source}:7'])
    assert made.number.startswith('KH') and made.file_version == 1
    assert list(made.missing) == ORGANISATION[1:]
    file = file_of(client, f'{source}:7')
    assert (file.id, file.number, file.name) == (made.id, made.number, '昆明翠湖商贸有限公司')
    assert file.incomplete and list(file.refs) == [f'{source}:7']
    assert client.customer(f'{source}:7').name == '昆明翠湖商贸有限公司'


def test_facts_are_kept_in_one_form_with_their_provenance(client):
    made = register(client, '翠湖', fact('credit_code', '91350100m000100y43'),
                    fact('phone', '138 0000 0001', source=1, collector='李娜', status=2))
    facts = {f.field: f for f in file_of(client, made.number).facts}
    phone = facts['phone']
    assert (phone.value, phone.collector, phone.source) == ('+8613800000001', '李娜', 1)
    assert phone.verified_on in (local_day(), local_day(-1)) and phone.changed_at.seconds > 0
    assert facts['credit_code'].value == '91350100M000100Y43'
    assert facts['credit_code'].collector and facts['credit_code'].verified_on == ''


def test_every_wrong_field_is_named_at_once(client):
    reply = client.ask(proto.RegisterCustomer(parent_ref='?', refs=['nocolon'], facts=[
        fact('phone', '12800000001'), fact('credit_code', '91350211M000100Y43'), fact('email', 'x'),
        fact('staff_count', '-3'), fact('id_card', '530102198001010011'), fact('gender', 'male'),
        fact('phone', '13800000001'), fact('industry', '茶', verified_on='2026-02-30')]))
    assert reply.status == 'INVALID_ARGUMENT'
    assert set(reply.fields) == {
        'parent_ref', 'refs[0]', 'facts', 'facts[0].value', 'facts[1].value', 'facts[2].value',
        'facts[3].value', 'facts[4].field', 'facts[5].field', 'facts[6].field',
        'facts[7].verified_on'}
    assert '13800000001' in reply.fields['facts[0].value']
    assert 'check' in reply.fields['facts[1].value']
    assert '10000000' in reply.fields['facts[3].value']


def test_more_than_twenty_faults_name_twenty(client):
    reply = client.ask(proto.RegisterCustomer(facts=[fact(f'f{n}', 'x') for n in range(50)]))
    assert reply.status == 'INVALID_ARGUMENT' and len(reply.fields) == 20


def test_the_same_request_again_gets_the_same_answer_and_no_second_file(client, stack):
    ask, request = proto.RegisterCustomer(facts=[fact('name', '重复')]), str(uuid.uuid4())
    first, second = (client.ask(ask, id=request) for _ in range(2))
    assert first.status == 'OK' and first.payload == second.payload
    assert stack.value("select count(*) from customer where name = '重复'") == 1
    other = client.ask(proto.RegisterCustomer(facts=[fact('name', '别的')]), id=request)
    assert other.status == 'FAILED_PRECONDITION'


def test_a_reference_belongs_to_one_customer(client, source):
    made = register(client, refs=[f'{source}:1'])
    reply = client.ask(proto.RegisterCustomer(facts=[fact('name', 'x')], refs=[f'{source}:1']))
    assert reply.status == 'ALREADY_EXISTS' and made.number in reply.fields['refs']
    other = register(client, '另一家')
    reply = client.ask(proto.UpdateCustomer(ref=other.number, add_refs=[f'{source}:1']))
    assert reply.status == 'ALREADY_EXISTS' and made.number in reply.fields['add_refs']
    update(client, made.number, add_refs=[f'{source}:1', f'{source}:2'])
    assert list(file_of(client, made.number).refs) == [f'{source}:1', f'{source}:2']


def test_two_that_race_for_a_reference_get_one_file(stack, source):
    clients = [Client(stack, source=source) for _ in range(8)]
    asks = [(c, c.request(proto.RegisterCustomer(facts=[fact('name', 'x')],
                                                 refs=[f'{source}:r']))) for c in clients]
    for client, body in asks:
        client.send(body)
    statuses = sorted(client.answer_to(body).status for client, body in asks)
    assert statuses == ['ALREADY_EXISTS'] * 7 + ['OK']
    for client in clients:
        client.close()


def test_a_person_has_other_fields_than_an_organisation(client):
    made = register(client, '王伟', fact('age', '46'), fact('gender', 'male'), nature=2)
    assert list(made.missing) == ['address', 'phone', 'occupation']
    reply = client.ask(proto.UpdateCustomer(ref=made.number, nature=1))
    assert reply.status == 'INVALID_ARGUMENT' and 'nature' in reply.fields
    update(client, made.number, nature=1, facts=[fact('age', ''), fact('gender', '')])
    assert file_of(client, made.number).nature == 1


def test_an_unknown_region_is_refused(client):
    reply = client.ask(proto.RegisterCustomer(facts=[fact('name', 'x')], region='nowhere'))
    assert reply.status == 'INVALID_ARGUMENT' and 'region' in reply.fields


# --- organisations ---

def test_organisations_hang_below_each_other_in_no_circle(client):
    top = register(client, '集团').number
    middle = register(client, '子公司', parent_ref=top).number
    shop = register(client, '门店', parent_ref=middle).number
    assert file_of(client, shop).parent_number == middle
    for child, parent in ((top, shop), (top, top)):
        reply = client.ask(proto.UpdateCustomer(ref=child, parent_ref=parent))
        assert reply.status == 'INVALID_ARGUMENT' and 'parent_ref' in reply.fields
    assert listed(client, parent_ref=top) == sorted([middle, shop])
    update(client, middle, parent_ref='')
    assert listed(client, parent_ref=top) == [] and listed(client, parent_ref=middle) == [shop]


def test_ten_levels_are_enough(client):
    chain = [register(client, '一').number]
    for _ in range(9):
        chain.append(register(client, '下一', parent_ref=chain[-1]).number)
    reply = client.ask(proto.RegisterCustomer(facts=[fact('name', 'x')], parent_ref=chain[-1]))
    assert reply.status == 'INVALID_ARGUMENT' and '10' in reply.fields['parent_ref']
    above = register(client, '更上').number
    reply = client.ask(proto.UpdateCustomer(ref=chain[0], parent_ref=above))
    assert reply.status == 'INVALID_ARGUMENT'


def test_two_that_hang_each_below_the_other_make_no_circle(stack, client):
    for _ in range(5):
        one, other = register(client, '甲').number, register(client, '乙').number
        with Client(stack) as a, Client(stack) as b:
            first = a.request(proto.UpdateCustomer(ref=one, parent_ref=other))
            second = b.request(proto.UpdateCustomer(ref=other, parent_ref=one))
            a.send(first)
            b.send(second)
            statuses = sorted([a.answer_to(first).status, b.answer_to(second).status])
        assert statuses == ['INVALID_ARGUMENT', 'OK']


# --- update ---

def test_a_change_is_guarded_by_the_version_that_was_read(client):
    made = register(client)
    assert update(client, made.number, expected_version=1,
                  facts=[fact('email', 'A@Example.COM')]).file_version == 2
    reply = client.ask(proto.UpdateCustomer(ref=made.number, expected_version=1,
                                            facts=[fact('email', 'b@example.com')]))
    assert reply.status == 'FAILED_PRECONDITION' and 'version 2' in reply.message
    assert [f.value for f in file_of(client, made.number).facts if f.field == 'email'] == [
        'A@example.com']


def test_of_many_at_once_each_counts_and_one_wins_its_version(stack, client):
    number = register(client).number
    clients = [Client(stack) for _ in range(6)]
    asks = [(c, c.request(proto.UpdateCustomer(ref=number, expected_version=1, facts=[
        fact('staff_count', str(n))]))) for n, c in enumerate(clients)]
    for one, body in asks:
        one.send(body)
    statuses = sorted(one.answer_to(body).status for one, body in asks)
    assert statuses == ['FAILED_PRECONDITION'] * 5 + ['OK']
    assert file_of(client, number).file_version == 2
    for one in clients:
        one.close()


def test_a_change_that_changes_nothing_leaves_the_version(client):
    made = register(client)
    assert update(client, made.number, facts=[fact('name', '昆明翠湖商贸有限公司')]).file_version == 1
    assert update(client, made.number).file_version == 1


def test_an_empty_value_removes_a_fact_but_not_the_name(client):
    made = register(client, '翠湖', fact('email', 'a@b.cn'))
    update(client, made.number, facts=[fact('email', '')])
    assert [f.field for f in file_of(client, made.number).facts] == ['name']
    reply = client.ask(proto.UpdateCustomer(ref=made.number, facts=[fact('name', ' ')]))
    assert reply.status == 'INVALID_ARGUMENT' and 'facts[0].value' in reply.fields


def test_a_change_is_told_by_the_names_of_its_fields_only(client):
    end, made = client.end(), register(client)
    update(client, made.number, party_type=2, facts=[fact('phone', '13800000001')],
           major_changes=[proto.MajorChange(kind='relocation', description='迁至高新区'),
                          proto.MajorChange(kind='expansion', happened_on='2020-01-01')])
    events, _ = client.fetch_all(end)
    mine = [e for e in events if e.attributes['subject'].ce_string == made.id]
    kinds = [e.type.rsplit('.', 1)[1] for e in mine]
    assert kinds == ['CustomerRegistered', 'CustomerChanged'] + ['CustomerMajorChange'] * 2
    changed, moved, grown = proto.CustomerChanged(), *(proto.CustomerMajorChange()
                                                       for _ in range(2))
    for event, message in zip(mine[1:], (changed, moved, grown)):
        assert event.proto_data.Unpack(message)
    assert list(changed.fields) == ['party_type', 'phone'] and changed.file_version == 2
    assert (moved.kind, moved.historic, grown.historic) == ('relocation', False, True)
    assert all('13800000001'.encode() not in e.SerializeToString() and
               '高新区'.encode() not in e.SerializeToString() for e in mine)
    assert [m.kind for m in file_of(client, made.number).major_changes] == [
        'relocation', 'expansion']


def test_a_major_change_has_a_kind_a_day_and_a_text_of_some_length(client):
    number = register(client).number
    reply = client.ask(proto.UpdateCustomer(ref=number, major_changes=[
        proto.MajorChange(kind='party'), proto.MajorChange(kind='other', description='字' * 501),
        proto.MajorChange(kind='other', happened_on='2999-01-01')]))
    assert reply.status == 'INVALID_ARGUMENT'
    assert set(reply.fields) == {'major_changes[0].kind', 'major_changes[1].description',
                                 'major_changes[2].happened_on'}


def test_a_name_set_on_the_file_wins_over_those_of_orders(client, source):
    client.publish(placed('A', source, name='李娜'))
    ref = f'{source}:C1'
    file = file_of(client, ref)
    assert (file.name, file.file_version) == ('李娜', 1) and 'name' not in file.missing
    assert list(file.missing) == ORGANISATION[1:] and file.completeness == 0.0625
    update(client, ref, facts=[fact('name', '李娜商行')])
    client.publish(placed('B', source, name='别的名字', at=0))
    assert client.customer(ref).name == '李娜商行'


def test_a_review_is_due_anew_when_the_file_was_looked_through(client, stack):
    made = register(client)
    due = file_of(client, made.number).review_due
    assert due[:4] == str(int(local_day()[:4]) + 1)
    stack.sql("update customer set reviewed_on = '2020-01-01', review_due = '2021-01-01'"
              ' where id = %s', made.id)
    assert made.number in listed(client, review_due_by='2021-01-01')
    update(client, made.number, reviewed=True)
    assert file_of(client, made.number).review_due == due
    assert made.number not in listed(client, review_due_by='2021-01-01')


# --- purchases and reading ---

def test_purchases_tell_days_intervals_and_the_next(client, source):
    def at(days):
        return f'{local_day(-days)}T04:00:00Z'
    client.publish(placed('A', source, at=at(60)), placed('B', source, at=at(60)),
                   placed('C', source, at=at(40)), placed('D', source, at=at(20)),
                   placed('E', source, at=at(800)), placed('F', source, at=at(10), lines=[
                       ('tea', -1, '10')]), placed('G', source, at=at(5), currency='USD'))
    bought = file_of(client, f'{source}:C1').purchases
    assert (bought.first_order_on, bought.last_order_on) == (local_day(-800), local_day(-5))
    assert bought.orders_12_months == 5 and bought.net_12_months == '30'
    assert bought.mean_interval_days == pytest.approx((800 - 5) / 4)
    assert bought.expected_next_on == local_day(-5 + 199)
    assert file_of(client, f'{source}:C1').region == '云南'


def test_a_region_follows_the_larger_purchases_until_it_is_set(client, source, stack):
    code = f'{source}-yn'
    stack.sql('insert into region (code, name) values (%s, %s)', code, '云南')
    client.publish(placed('A', source, region=f'{source}东', lines=[('t', 1, '10')]),
                   placed('B', source, region=f'{source}西', lines=[('t', 1, '11')]))
    file = file_of(client, f'{source}:C1')
    assert (file.region, file.region_is_set) == (f'{source}西', False)
    assert listed(client, region=f'{source}西') == [file.number]
    assert listed(client, region=f'{source}东') == []
    stack.sql('update order_region set region_code = %s where source = %s and name = %s', code,
              source, f'{source}西')
    assert listed(client, region=code) == [file.number]
    update(client, file.number, region=code)
    assert file_of(client, file.number).region_is_set
    update(client, file.number, region='')
    assert not file_of(client, file.number).region_is_set


def test_readings_are_audited_without_what_was_read(client, stack):
    made = register(client)
    file_of(client, made.number)
    rows = stack.sql('select act, detail from audit where subject = %s order by at', made.id)
    assert ('read customer', 'file, unmasked') in rows and ('register customer', 'file') in rows


# --- lists ---

def test_a_list_pages_through_everything_once_in_every_order(new_stack):
    stack = new_stack(only='customers')
    with Client(stack) as client:
        for n in range(23):
            register(client, f'{"乙甲丁丙"[n % 4]}公司', party_type=1 + n % 3)
        client.publish(*[placed(f'A{n}', 's', customer=f'c{n}') for n in range(5)],
                       placed('X', 's', customer=None))
        everyone = [c.number for c in client.ask(proto.ListCustomers()).payload.customers]
        assert len(everyone) == 28
        for sort in ('', 'number', 'name', 'registered', '-registered'):
            seen, token = [], ''
            while True:
                page = client.ask(proto.ListCustomers(sort=sort, page_size=4, page_token=token))
                assert page.status == 'OK', page
                seen += page.payload.customers
                token = page.payload.next_page_token
                if not token:
                    break
            assert sorted(c.number for c in seen) == sorted(everyone)
            if sort == 'name':
                assert [c.name for c in seen] == sorted(c.name for c in seen)
            if sort == '-registered':
                assert seen[0].number == max(everyone)
        suppliers = client.ask(proto.ListCustomers(party_types=[3], sort='name')).payload.customers
        assert len(suppliers) == 7 and all(c.party_type == 3 for c in suppliers)
        assert len(listed(client, missing_field='name')) == 5
        assert len(listed(client, missing_field='phone', party_types=[1, 2])) == 21
        assert len(listed(client, grade='none')) == 28 and listed(client, grade='A') == []
        assert {c.ref for c in client.ask(proto.ListCustomers(missing_field='name')).payload
                .customers} == {f's:c{n}' for n in range(5)}


@pytest.mark.parametrize('field, filters', [
    ('sort', {'sort': 'size'}), ('grade', {'grade': 'D'}), ('page_size', {'page_size': 501}),
    ('page_token', {'page_token': 'x'}), ('missing_field', {'missing_field': 'x'}),
    ('review_due_by', {'review_due_by': '2026-02-30'}), ('parent_ref', {'parent_ref': '?'})])
def test_a_wrong_filter_is_named(client, field, filters):
    reply = client.ask(proto.ListCustomers(**filters))
    assert reply.status == 'INVALID_ARGUMENT' and list(reply.fields) == [field]


def test_the_dictionary_has_no_sensitive_field(client):
    fields = {f.field: f for f in client.ask(proto.DescribeFields()).payload.fields}
    assert len(fields) == 25 and not any('card' in name or 'famil' in name for name in fields)
    required = [f.field for f in fields.values() if f.required_for_organisations]
    assert required == ORGANISATION
    assert fields['phone'].personal and fields['gender'].choices == ['male', 'female']
    assert fields['credit_code'].chinese == '统一社会信用代码' and fields['email'].rule


# --- kehuctl ---

def test_kehuctl_registers_shows_changes_and_lists(stack, source):
    made = stack.kehuctl_json('customer', 'register', '--name', '昆明翠湖商贸有限公司', '--phone',
                              '0871-65180001', '--fact', 'staff_count=120', '--ref',
                              f'{source}:1', '--type', 'channel', '--source', 'visit')
    assert sorted(made) == ['file_version', 'id', 'missing', 'number']
    file = stack.kehuctl_json('customer', 'show', made['number'], '--unmask')
    assert {'sales', 'recent_orders', 'facts', 'missing', 'purchases', 'review_due', 'grade',
            'file_version', 'region'} <= set(file)
    assert file['party_type'] == 'channel' and file['facts'][1]['value'] == '+8687165180001'
    assert file['facts'][1]['source'] == 'visit'
    changed = stack.kehuctl_json('customer', 'update', f'{source}:1', '--expect', 1, '--fact',
                                 'email=a@b.cn', '--fact', 'staff_count=', '--major', 'expansion')
    assert changed['file_version'] == 2
    refused = stack.kehuctl('customer', 'update', f'{source}:1', '--expect', 1, '--name', 'x')
    assert refused.returncode == 1 and 'version 2' in refused.stderr
    rows = stack.kehuctl_json('customer', 'list', '--type', 'channel', '--all')
    assert made['number'] in [row['number'] for row in rows] and isinstance(rows, list)
    shown = stack.kehuctl('customer', 'show', made['number'], '--unmask')
    assert shown.returncode == 0 and '昆明翠湖' in shown.stdout and 'a@b.cn' in shown.stdout
    assert 'expansion' in shown.stdout
    table = stack.kehuctl('customer', 'list', '--sort', '-registered', '--top', 1)
    assert table.returncode == 0 and len(table.stdout.splitlines()) >= 2
    assert len(stack.kehuctl_json('customer', 'fields')) == 25
    assert '统一社会信用代码' in stack.kehuctl('customer', 'fields').stdout


@pytest.mark.parametrize('arguments', [
    ('register',), ('register', '--name', 'x', '--fact', 'x'), ('list', '--type', 'shop'),
    ('register', '--name', 'x', '--nature', 'cat'), ('list', '--all', '--top', '3'), ('update',)])
def test_kehuctl_says_what_a_command_line_lacks(stack, arguments):
    answer = stack.kehuctl('customer', *arguments)
    assert answer.returncode == 2 and answer.stderr.count('\n') == 1
